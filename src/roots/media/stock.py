"""What Django's own fields have to do with policies: forms say what `ROOTS["UPLOAD_POLICY"]`
refuses, as they do for fields with a policy of their own."""

from typing import Any

from django import forms
from django.db import models

from roots.conf import configuration
from roots.media import screening
from roots.media.admission import project_policy
from roots.media.validation import PolicyValidator


def install() -> None:
    """Let Django's fields for files ask the project's policy; to be called when the app is ready.
    Fields with a policy of their own ask only that."""
    for field in (models.FileField, forms.FileField, forms.ImageField):
        if validate not in field.default_validators:
            field.default_validators = [*field.default_validators, validate]


def validate(upload: Any) -> None:
    """Raises ValidationError where the project's policy, its scanner or a quota refuses `upload`,
    or where it was refused while it arrived."""
    configured = configuration()
    is_asked = configured.upload_policy is not None or configured.quotas or screening.is_wanted()
    if is_asked or hasattr(upload, "rejected"):
        PolicyValidator(project_policy())(upload)
