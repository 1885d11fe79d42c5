"""Which policy decides about a file while it still arrives, and what becomes of one it refuses.

A form refuses a file when all of it is there. To refuse it earlier, the name of the form's field
has to tell the policy: see `accepts`.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from roots.errors import UploadRejected
from roots.media.admission import Refused, project_policy
from roots.media.policy import Choice, Policy
from roots.media.validation import validation_error

_View = TypeVar("_View", bound=Callable[..., Any])
_ATTRIBUTE = "upload_policies"


def accepts(**policies: Policy | Choice) -> Callable[[_View], _View]:
    """Let uploads to a view be refused while they arrive, by the name of their form field.

        @accepts(photo=Images(), papers=Documents())
        def apply(request): ...

    Views made from classes need it only where neither their form nor their model tells; what forms,
    Django's admin and REST framework take is known.
    """

    def mark(view: _View) -> _View:
        setattr(view, _ATTRIBUTE, policies)
        return view

    return mark


def policy_for(request: HttpRequest | None, field_name: str | None) -> Policy | Choice:
    """The policy for a file that begins to arrive in the form field `field_name`."""
    view = getattr(getattr(request, "resolver_match", None), "func", None)
    declared: Mapping[str, Any] = getattr(view, _ATTRIBUTE, None) or _fields(view)
    found = declared.get(field_name or "")
    found = getattr(found, "policy", found)
    return found if isinstance(found, Policy | Choice) else project_policy()


def _fields(view: Any) -> Mapping[str, Any]:
    """The fields of a class-based view's form, by name, or else those of the model that it fills:
    their policies are asked in the end, whatever form there is between."""
    made_from = getattr(view, "view_class", None) or getattr(view, "cls", None)  # cls: of an API
    form = getattr(made_from, "form_class", None)
    if form is not None:
        fields: Mapping[str, Any] = form.base_fields
        return fields
    model = _model(getattr(view, "model_admin", None) or made_from)
    return {field.name: field for field in model._meta.get_fields()} if model else {}


def _model(view: Any) -> Any:
    """The model of an admin, of Django's generic views or of REST framework's; None for others."""
    meta = getattr(getattr(view, "serializer_class", None), "Meta", None)
    for told in (view, meta, getattr(view, "queryset", None)):
        model = getattr(told, "model", None)
        if isinstance(model, type):
            return model
    return None


class RefusedInForm(Refused, ValidationError):  # type: ignore[misc]  # each has a `code`
    """A refusal that a form shows as its own, and a view that has none answers with 400."""

    def __init__(self, rejected: UploadRejected) -> None:
        details = {"code": rejected.code, "status": rejected.status, "found": rejected.found}
        Refused.__init__(self, rejected.template, **details)  # type: ignore[arg-type]
        told = validation_error(rejected)
        ValidationError.__init__(self, told.message, told.code, told.params)


class RejectedUpload(UploadedFile):  # type: ignore[type-arg]
    """Stands in `request.FILES` for a file that was refused while it arrived: a name, a size, the
    refusal, and no bytes."""

    def __init__(self, rejected: UploadRejected, *, size: int, **described: Any) -> None:
        super().__init__(ContentFile(b""), size=size, **described)
        self.rejected = rejected

    def read(self, *_: object) -> bytes:
        """Raises RefusedInForm: nobody takes it for an empty file, and a field that opens pictures
        before it asks its validators says what is wrong."""
        raise RefusedInForm(self.rejected)
