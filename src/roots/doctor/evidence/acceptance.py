"""What a file field accepts, as far as its policy and its validators tell."""

from collections.abc import Iterable
from typing import Any

from django.core.validators import FileExtensionValidator
from django.db import models

from roots.conf import Configuration
from roots.doctor.evidence.storages import FileColumn, is_ours
from roots.media.content import formats
from roots.media.policy import Choice, Policy
from roots.media.presets import Anything

SVG = "image/svg+xml"
ACTIVE = frozenset({"text/html", "application/xhtml+xml", "application/xml", SVG})
"""What a browser that is led to such a file runs scripts of."""
_EXTENSIONS = {
    extension[1:]: kind for kind in ACTIVE for extension in formats.of_type(kind).extensions
}


def is_open(column: FileColumn, configuration: Configuration) -> bool:
    """Whether nothing says what the field accepts: no policy, no validator."""
    if _policy(column, configuration) is not None:
        return False
    is_plain = not isinstance(column.field, models.ImageField)  # which looks at extensions
    return is_plain and not [each for each in column.field.validators if not _is_default(each)]


def active(column: FileColumn, configuration: Configuration) -> frozenset[str]:
    """The types of `ACTIVE` that the field accepts. None, where only a validator that is not
    known here could tell."""
    if is_open(column, configuration):
        return ACTIVE
    policy = _policy(column, configuration)
    if policy is not None:
        return frozenset(kind for kind in ACTIVE if _lets_in(policy, kind))
    validators = [each for each in column.field.validators if not _is_default(each)]
    extensions = [each for each in validators if isinstance(each, FileExtensionValidator)]
    if len(extensions) != 1 or len(validators) != 1 or not extensions[0].allowed_extensions:
        return frozenset()
    return _of_extensions(extensions[0].allowed_extensions)


def most_bytes(column: FileColumn, configuration: Configuration) -> int | None:
    """The size of the largest file that the field accepts; None where no policy says one."""
    policy = _policy(column, configuration)
    sizes = [each.max_bytes for each in policy.alternatives] if policy else [None]
    return None if None in sizes else max(each for each in sizes if each is not None)


def _policy(column: FileColumn, configuration: Configuration) -> Policy | Choice | None:
    """The field's own, or one of its validators', or the project's; None for none, which is also
    what a field of ours has by default."""
    own = getattr(column.field, "policy", None)
    default = getattr(column.field, "default_policy", None)
    if own is not None and (own is not default or isinstance(column.field, models.ImageField)):
        return _known(own)
    for validator in column.field.validators:
        found = getattr(validator, "policy", None)
        if found is not None and found is not default:
            return _known(found)
    is_asked = is_ours(column.kind) or any(map(_asks_project, column.field.validators))
    return _known(configuration.upload_policy) if is_asked else None


def _known(policy: Any) -> Policy | Choice | None:
    return policy if isinstance(policy, Policy | Choice) else None


def _lets_in(policy: Policy | Choice, kind: str) -> bool:
    """Whether files of this type come in as they are, and are not made harmless."""
    first = next((each for each in policy.alternatives if each.accepts(kind)), None)
    return first is not None and not (kind == SVG and first.clean)


def _of_extensions(extensions: Iterable[str]) -> frozenset[str]:
    found = (_EXTENSIONS.get(each.lower()) for each in extensions)
    return frozenset(filter(None, found))


def _is_default(validator: Any) -> bool:
    """What a field has by default: ours this policy, Django's own the project's, if it has one."""
    return _asks_project(validator) or getattr(validator, "policy", None) == Anything()


def _asks_project(validator: Any) -> bool:
    return getattr(validator, "__module__", "") == "roots.media.stock"
