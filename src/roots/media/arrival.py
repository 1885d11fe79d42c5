"""Which policy decides about a file while it still arrives, and what becomes of one it refuses.

A form refuses a file when all of it is there. To refuse it earlier, the name of the form's field
has to tell the policy: see `accepts`.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from roots.errors import UploadRejected
from roots.media.admission import project_policy
from roots.media.policy import Choice, Policy

_View = TypeVar("_View", bound=Callable[..., Any])
_ATTRIBUTE = "upload_policies"


def accepts(**policies: Policy | Choice) -> Callable[[_View], _View]:
    """Let uploads to a view be refused while they arrive, by the name of their form field.

        @accepts(photo=Images(), papers=Documents())
        def apply(request): ...

    Views made from classes need it only where their `form_class` does not tell.
    """

    def mark(view: _View) -> _View:
        setattr(view, _ATTRIBUTE, policies)
        return view

    return mark


def policy_for(request: HttpRequest | None, field_name: str | None) -> Policy | Choice:
    """The policy for a file that begins to arrive in the form field `field_name`."""
    view = getattr(getattr(request, "resolver_match", None), "func", None)
    declared: Mapping[str, Any] = getattr(view, _ATTRIBUTE, None) or _of_form(view)
    found = declared.get(field_name or "")
    found = getattr(found, "policy", found)
    return found if isinstance(found, Policy | Choice) else project_policy()


def _of_form(view: Any) -> Mapping[str, Any]:
    """The fields of a class-based view's form, by name."""
    form = getattr(getattr(view, "view_class", None), "form_class", None)
    fields: Mapping[str, Any] = getattr(form, "base_fields", {})
    return fields


class RejectedUpload(UploadedFile):  # type: ignore[type-arg]
    """Stands in `request.FILES` for a file that was refused while it arrived: a name, a size, the
    refusal, and no bytes."""

    def __init__(self, rejected: UploadRejected, *, size: int, **described: Any) -> None:
        super().__init__(ContentFile(b""), size=size, **described)
        self.rejected = rejected
