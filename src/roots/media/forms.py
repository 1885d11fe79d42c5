"""Form fields with a policy, for forms without a model, and for several files at once."""

from typing import Any

from django import forms

from roots.media.content import formats
from roots.media.policy import Choice, Policy
from roots.media.presets import Anything, Images
from roots.media.validation import PolicyValidator


class FileField(forms.FileField):
    """Django's FileField with a policy; without one it accepts anything."""

    default_policy: Policy = Anything()
    default_validators: Any = ()  # not the project's policy, see roots.media.stock

    def __init__(self, *, policy: Policy | Choice | None = None, **kwargs: Any) -> None:
        self.policy = policy or self.default_policy
        super().__init__(**kwargs)
        self.validators = [*self.validators, PolicyValidator(self.policy)]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What a browser offers to choose from."""
        attrs = super().widget_attrs(widget)
        accept = accepted_extensions(self.policy)
        if isinstance(widget, forms.FileInput) and accept and "accept" not in widget.attrs:
            attrs["accept"] = accept
        return attrs


class ImageField(FileField):
    """A FileField for pictures, `Images()` by default. Pillow is not needed."""

    default_policy = Images()


class MultipleFileInput(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class MultipleFileField(FileField):
    """Several files, each of which the policy must accept (CVE-2023-31047); cleans to a list."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files. Raises ValidationError for the first that is wrong."""
        if not isinstance(data, list | tuple):
            data = [data]
        return [super(MultipleFileField, self).clean(each, initial) for each in data or [None]]


def accepted_extensions(policy: Policy | Choice) -> str:
    """The extensions a policy accepts, as the attribute `accept` wants them; "" for any.

    >>> accepted_extensions(Images(formats=("image/png", "image/webp")))
    '.png,.apng,.webp'
    """
    if any(each.formats is None for each in policy.alternatives):
        return ""
    kinds = (kind for each in policy.alternatives for kind in each.formats or ())
    extensions = (ext for kind in kinds for ext in formats.of_type(kind).extensions)
    return ",".join(dict.fromkeys(extensions))
