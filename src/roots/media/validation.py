"""Policies as validators: for forms, models, and whatever else takes Django's validators."""

import os
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, default_storage
from django.db.models.fields.files import FieldFile
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy

from roots import conf
from roots.errors import UploadRejected
from roots.media import screening
from roots.media.admission import judged
from roots.media.origin import label
from roots.media.policy import Choice, Policy
from roots.media.quotas import require_quota
from roots.media.signals import tell_rejected

_TRANSLATED = ("found", "why")
"""What of a refusal is said in words, and not a name or a number."""


@deconstructible
class PolicyValidator:
    """A validator that asks a policy: `validators=[PolicyValidator(Images())]`.

    Takes a file of a request, or the value of a model field; what is stored already passes.
    """

    def __init__(self, policy: Policy | Choice) -> None:
        self.policy = policy

    def __call__(self, upload: Any) -> None:
        """Raises ValidationError, in the visitor's language, where the policy refuses."""
        if getattr(upload, "_committed", False):
            return
        file = upload.file if hasattr(upload, "_committed") else upload
        if rejected := getattr(file, "rejected", None):  # while it arrived
            raise validation_error(rejected)
        try:
            name = judged(os.path.basename(file.name or ""), file, self.policy).name
            if screening.is_wanted():
                screening.examine(file, name)
            if conf.configuration().quotas:
                storage, field = _destination(upload)
                require_quota(storage, file, field)
        except UploadRejected as rejected:
            raise validation_error(rejected) from rejected
        finally:
            file.seek(0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PolicyValidator) and self.policy == other.policy

    def __hash__(self) -> int:
        return hash(self.policy)


def _destination(upload: Any) -> tuple[Storage, str]:
    """The storage that a file goes to, as far as is known, and the label of its field."""
    if isinstance(upload, FieldFile):
        return upload.storage, label(upload.field)
    return default_storage, ""


def validation_error(rejected: UploadRejected) -> ValidationError:
    """A refusal, as a form shows it: translated first, filled in then."""
    tell_rejected(rejected)
    found = {
        key: gettext_lazy(str(value)) if key in _TRANSLATED else value
        for key, value in (rejected.found or {}).items()
    }
    return ValidationError(gettext_lazy(rejected.template), code=rejected.code, params=found)
