"""Policies as validators: for forms, models, and whatever else takes Django's validators."""

import os
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext

from roots.errors import UploadRejected
from roots.media.policy import Choice, Policy

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
            self.policy.judge(os.path.basename(file.name or ""), cast(BinaryIO, file))
        except UploadRejected as rejected:
            raise validation_error(rejected) from rejected
        finally:
            file.seek(0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PolicyValidator) and self.policy == other.policy

    def __hash__(self) -> int:
        return hash(self.policy)


def validation_error(rejected: UploadRejected) -> ValidationError:
    """A refusal, as a form shows it: translated first, filled in then."""
    found = {
        key: gettext(str(value)) if key in _TRANSLATED else value
        for key, value in (rejected.found or {}).items()
    }
    return ValidationError(gettext(rejected.template), code=rejected.code, params=found)
