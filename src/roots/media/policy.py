"""What a field accepts."""

import re
from dataclasses import dataclass, fields
from typing import Any, BinaryIO, Self

from roots.errors import ConfigError
from roots.media.content import formats
from roots.media.content.archives import LOOKED_INTO, ArchiveBounds
from roots.media.content.pictures.bounds import PictureBounds
from roots.media.content.pictures.measuring import CLEANED, MEASURED
from roots.media.inspection import Inspection, Verdict

_SVG = "image/svg+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a field accepts, and what is done to it. None means no limit. Raises ConfigError (the
    developer's fault) for rules that contradict each other.

    - `formats`: content types, told by content; None for all.
    - `min_bytes`, `max_bytes`: of the file as it arrives.
    - `name`: a regular expression that the whole name must match; "" for any.
    - `strict`: a name whose extension contradicts the content is refused; otherwise it is stored
      under another extension.
    - `clean`: metadata is removed from pictures before they are stored.
    - `max_pixels`: of a picture, and `max_frames` and `max_moving_pixels` of all its frames.
    - `max_text_bytes`: comments and the like within a picture, unpacked.
    - `max_members`, `max_unpacked_bytes`, `max_ratio`: of an archive, and of documents that are
      archives inside. Where one of them is set, archives are looked into, and refused where
      a member would land outside its folder, is a link or cannot be looked into.
    - `nested`: whether an archive may hold archives.
    """

    formats: tuple[str, ...] | None = None
    min_bytes: int = 0
    max_bytes: int | None = None
    name: str = ""
    strict: bool = True
    clean: bool = False
    max_pixels: int | None = None
    max_frames: int | None = None
    max_moving_pixels: int | None = None
    max_text_bytes: int | None = None
    max_members: int | None = None
    max_unpacked_bytes: int | None = None
    max_ratio: int | None = None
    nested: bool = False

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise ConfigError(f"{type(self).__name__}(…): {problem}")

    @property
    def alternatives(self) -> tuple["Policy", ...]:
        """The policies of which one must accept a file."""
        return (self,)

    @property
    def picture_bounds(self) -> PictureBounds:
        """What bounds pictures."""
        return PictureBounds(
            self.max_pixels, self.max_frames, self.max_moving_pixels, self.max_text_bytes
        )

    @property
    def archive_bounds(self) -> ArchiveBounds | None:
        """What bounds archives; None where they are not looked into."""
        limits = (self.max_members, self.max_unpacked_bytes, self.max_ratio)
        if all(limit is None for limit in limits):
            return None
        return ArchiveBounds(*limits, self.nested)

    def accepts(self, content_type: str) -> bool:
        """Whether it accepts files of this type at all."""
        return self.formats is None or content_type in self.formats

    def begin(self, name: str, declared_bytes: int | None = None) -> Inspection:
        """Start to inspect an upload called `name`, of which the client says how long it is (None:
        it does not). Raises UploadRejected where that is enough to refuse it."""
        return Inspection(self.alternatives, name, declared_bytes)

    def judge(self, name: str, file: BinaryIO) -> Verdict:
        """Inspect a seekable file that is there already. Raises UploadRejected."""
        return self.begin(name, file.seek(0, 2)).finish(file)

    def deconstruct(self) -> tuple[str, tuple[object, ...], dict[str, object]]:
        """How to write it down in a migration: its class, and what differs from its defaults."""
        kwargs = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }
        return f"{type(self).__module__}.{type(self).__qualname__}", (), kwargs

    def __or__(self, other: "Policy | Choice") -> "Choice":
        """A policy that accepts what either does, each by its own rules."""
        return Choice(*self.alternatives, *other.alternatives)


class Choice:
    """Several policies, of which the first that accepts a file's type decides about it."""

    def __init__(self, *alternatives: Policy) -> None:
        self.alternatives = alternatives

    def begin(self, name: str, declared_bytes: int | None = None) -> Inspection:
        """See `Policy.begin`."""
        return Inspection(self.alternatives, name, declared_bytes)

    def judge(self, name: str, file: BinaryIO) -> Verdict:
        """See `Policy.judge`."""
        return self.begin(name, file.seek(0, 2)).finish(file)

    def deconstruct(self) -> tuple[str, tuple[object, ...], dict[str, object]]:
        """See `Policy.deconstruct`."""
        return f"{type(self).__module__}.{type(self).__qualname__}", self.alternatives, {}

    def __or__(self, other: "Policy | Choice") -> Self:
        return type(self)(*self.alternatives, *other.alternatives)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choice) and self.alternatives == other.alternatives

    def __hash__(self) -> int:
        return hash(self.alternatives)

    def __repr__(self) -> str:
        return " | ".join(map(repr, self.alternatives))


def _problems(policy: Policy) -> Any:
    """What is wrong with it, in sentences."""
    for field in fields(policy):
        value = getattr(policy, field.name)
        if field.type in (int, int | None, "int", "int | None") and value is not None and value < 0:
            yield f"{field.name} must not be negative, but is {value}."
    try:
        re.compile(policy.name)
    except re.error as error:
        yield f"name must be a regular expression, but {policy.name!r} is none: {error}."
    for content_type in policy.formats or ():
        yield from _format_problems(policy, content_type)


def _format_problems(policy: Policy, content_type: str) -> Any:
    known = {each.content_type: each.family for each in formats.FORMATS}
    if content_type not in known:
        yield (
            f"formats has {content_type!r}, which is not told by content. Known are: "
            f"{', '.join(sorted(known))}."
        )
    elif content_type == _SVG and policy.clean and content_type not in CLEANED:
        yield f"{_SVG} can be cleaned only where the extra is installed: django-roots[svg]."
    elif known[content_type] == "picture" and policy.clean and content_type not in CLEANED:
        yield f"{content_type} cannot be cleaned; leave it out, or say clean=False."
    elif known[content_type] == "picture" and policy.max_pixels and content_type not in MEASURED:
        yield f"{content_type} cannot be measured; leave it out, or say max_pixels=None."
    elif (
        known[content_type] == "archive"
        and policy.archive_bounds
        and content_type not in LOOKED_INTO
    ):
        yield (
            f"{content_type} cannot be looked into; leave it out, or give it a policy of its own: "
            f"... | Policy(formats=({content_type!r},))."
        )
