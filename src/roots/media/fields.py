"""Model fields with a policy: what they accept, wherever the file comes from.

    class Member(models.Model):
        photo = ImageField(policy=Images(max_bytes=5 << 20), upload_to="members")

Forms, the admin and Django REST framework say what is wrong in the visitor's language; saving a
file by code raises `UploadRejected`. In migrations they are Django's own fields, so that changing a
policy makes none, and a project can leave again.
"""

from functools import cached_property
from typing import Any, Self, cast

from django.core.files import File
from django.db import models
from django.db.models.fields.files import FieldFile, ImageFieldFile

from roots.errors import ConfigError
from roots.media import forms
from roots.media.admission import admitted
from roots.media.content.pictures.measuring import shown_size
from roots.media.content.sniff import sniff_file
from roots.media.policy import Choice, Policy
from roots.media.presets import Anything, Images
from roots.media.validation import PolicyValidator


class _GovernedFile(FieldFile):
    """A field's value whose `save` goes through the field's policy."""

    def save(self, name: str, content: "File[Any]", save: bool = True) -> None:
        """As Django's. Raises UploadRejected where the policy refuses `content`."""
        policy = cast(_Governed, self.field).policy
        with admitted(name, content, policy) as (admitted_name, file):
            super().save(admitted_name, file, save=False)
        if save:  # only now: the instance may have fields with other policies
            self.instance.save()

    save.alters_data = True  # type: ignore[attr-defined]


class _GovernedImage(_GovernedFile, ImageFieldFile):
    """The same for pictures; `width` and `height` are those that a browser shows."""

    def _set_instance_attribute(self, name: str, content: "File[Any]") -> None:
        content.name = content.name or name  # without one Django takes it for no file
        super()._set_instance_attribute(name, content)  # type: ignore[misc]

    def _get_image_dimensions(self) -> tuple[int, int] | tuple[None, None]:
        if not hasattr(self, "_dimensions_cache"):
            was_closed = self.closed
            self._dimensions_cache = _shown(self)
            if was_closed:
                self.close()
        return self._dimensions_cache


class _Governed(models.FileField):
    """What both fields share."""

    attr_class: type[FieldFile] = _GovernedFile
    django_path = "django.db.models.FileField"
    form_class: type = forms.FileField
    default_policy: Policy = Anything()
    default_validators: Any = ()  # not the project's policy, see roots.media.stock

    def __init__(self, *args: Any, policy: Policy | Choice | None = None, **kwargs: Any) -> None:
        if not isinstance(policy, Policy | Choice | None):
            raise ConfigError(
                f"{type(self).__name__}(policy=…) takes a policy such as Images() or "
                f"Documents(), but got {policy!r}."
            )
        self.policy = policy or self.default_policy
        super().__init__(*args, **kwargs)

    @cached_property
    def validators(self) -> list[Any]:
        """Django's and the project's, and the policy."""
        return [*super().validators, PolicyValidator(self.policy)]

    def clone(self) -> Self:
        """A copy; its policy is not among what `deconstruct` tells."""
        copy = super().clone()
        copy.policy = self.policy
        return copy

    def deconstruct(self) -> Any:
        """As the Django field it is for the database."""
        name, _, args, kwargs = super().deconstruct()
        return name, self.django_path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """A form field that tells browsers what to offer; validation is the model's."""
        return super().formfield(**{"form_class": self.form_class, "policy": self.policy, **kwargs})


class FileField(_Governed):
    """Django's FileField with a policy; without one it accepts anything."""


class ImageField(_Governed, models.ImageField):
    """Django's ImageField with a policy, `Images()` by default."""

    attr_class = _GovernedImage
    django_path = "django.db.models.ImageField"
    form_class = forms.ImageField
    default_policy = Images()


def _shown(file: Any) -> tuple[int, int] | tuple[None, None]:
    """Width and height of a picture, as shown; Nones for what cannot be measured."""
    file.open()
    try:
        return shown_size(sniff_file(file).content_type, file)
    finally:
        file.seek(0)
