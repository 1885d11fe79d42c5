"""One upload, looked at while it arrives: refused as early as its bytes allow."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from roots.errors import UploadRejected
from roots.media.content import archives, formats
from roots.media.content.formats import Format
from roots.media.content.pictures.measuring import CLEANED, MEASURED, dimensions, measure
from roots.media.content.pictures.picture import BrokenPicture, Picture
from roots.media.content.sniff import HEAD_BYTES, possible, sniff, sniff_file, with_extension
from roots.media.extensions import agrees, extension_of, follow
from roots.media.refusals import refuse, spoken_size

if TYPE_CHECKING:
    from roots.media.policy import Policy

_WATCHED_BYTES = 1 << 18
"""How much of a beginning is kept in the hope of finding a picture's size behind EXIF data."""


class Verdict(NamedTuple):
    """What an accepted upload is: its format; the name to store it under, whose extension follows
    the content; its size; what its headers say of a picture (None: no picture, or none that can be
    measured); and the policy that accepted it."""

    format: Format
    name: str
    size: int
    picture: Picture | None
    policy: "Policy"

    @property
    def is_to_be_cleaned(self) -> bool:
        """Whether its metadata has to go, and can (`pictures.measuring.cleaned`)."""
        return self.policy.clean and self.format.content_type in CLEANED


class Inspection:
    """Feed it every chunk as it arrives, then `finish`. Both raise UploadRejected (the client's
    fault); what arrives after that need not be read."""

    def __init__(
        self, policies: "Sequence[Policy]", name: str, declared_bytes: int | None = None
    ) -> None:
        self.name = name
        self.size = 0
        self._extension = extension_of(name)
        self._head = bytearray()
        self._is_watching = True
        self._found: Format | None = None
        self._policies = [
            each for each in policies if not each.name or re.fullmatch(each.name, name, re.DOTALL)
        ]
        if not self._policies:
            raise refuse("name", name=name)
        self._check_length(declared_bytes or 0)

    def feed(self, chunk: bytes) -> None:
        """The next bytes. Raises UploadRejected."""
        self.size += len(chunk)
        if self._is_watching:
            self._head += chunk[: _WATCHED_BYTES - len(self._head)]
            self._watch()
        self._check_length(self.size)

    def finish(self, file: BinaryIO) -> Verdict:
        """All of it is here, in `file` (seekable). Raises UploadRejected."""
        self.size = file.seek(0, 2)
        if not self.size and any(each.min_bytes for each in self._policies):
            raise refuse("empty_file", name=self.name)
        found = with_extension(sniff_file(file), self._extension)
        policy = self._decide(found)
        return Verdict(
            format=found,
            name=follow(self.name, found),
            size=self.size,
            picture=self._measured(found, policy, file),
            policy=policy,
        )

    def _check_length(self, size: int) -> None:
        most = _most_bytes(self._policies)
        if most is not None and size > most:
            raise refuse("too_large", name=self.name, most=spoken_size(most))

    def _watch(self) -> None:
        """Look at the beginning, as much of it as there is."""
        if self._found is None and len(self._head) >= HEAD_BYTES:
            self._found = sniff(bytes(self._head[:HEAD_BYTES]))
            self._recognise(self._found)
        if self._found is not None and self._measure_early(self._found):
            self._is_watching = False
            self._head.clear()

    def _recognise(self, found: Format) -> None:
        """Keep only the policies that the beginning leaves possible."""
        kinds = possible(found, self._extension)
        left = [each for each in self._policies if any(map(each.accepts, kinds))]
        if not left:
            raise self._wrong_type(with_extension(found, self._extension))
        self._policies = left
        if len(kinds) == 1:
            self._check_extension(formats.of_type(next(iter(kinds))), left[0])

    def _measure_early(self, found: Format) -> bool:
        """Whether there is nothing more to learn before the end."""
        try:
            size = dimensions(found.content_type, io.BytesIO(self._head))
        except BrokenPicture:  # or not there yet
            return len(self._head) >= _WATCHED_BYTES
        if size:
            self._policies[0].picture_bounds.check_size(self.name, *size)
        return True

    def _decide(self, found: Format) -> "Policy":
        """The policy for the format `found`."""
        for policy in self._policies:
            if policy.accepts(found.content_type):
                break
        else:
            raise self._wrong_type(found)
        self._check_extension(found, policy)
        self._policies = [policy]
        self._check_length(self.size)
        if self.size < policy.min_bytes:
            least = spoken_size(policy.min_bytes)
            raise refuse("too_small", name=self.name, size=spoken_size(self.size), least=least)
        return policy

    def _check_extension(self, found: Format, policy: "Policy") -> None:
        if policy.strict and not agrees(self._extension, found):
            allowed = ", ".join(found.extensions)
            raise refuse("extension", name=self.name, found=found.label, allowed=allowed)

    def _measured(self, found: Format, policy: "Policy", file: BinaryIO) -> Picture | None:
        """What the headers of a picture say, within bounds; archives are looked into."""
        if found.content_type in archives.LOOKED_INTO and policy.archive_bounds:
            archives.look_into(file, found.content_type, self.name, policy.archive_bounds)
        if found.content_type not in MEASURED:
            return None
        try:
            picture = measure(found.content_type, file)
        except BrokenPicture as broken:
            if policy.formats is None:
                return None
            raise refuse("broken", name=self.name, why=str(broken)) from broken
        policy.picture_bounds.check(self.name, picture)
        return picture

    def _wrong_type(self, found: Format) -> UploadRejected:
        kinds = [kind for each in self._policies for kind in each.formats or ()]
        allowed = ", ".join(dict.fromkeys(formats.of_type(kind).extension for kind in kinds))
        return refuse("type", name=self.name, found=found.label, allowed=allowed)


def _most_bytes(policies: "Sequence[Policy]") -> int | None:
    """The most bytes that any of them takes, None for no limit."""
    if len(policies) == 1:
        return policies[0].max_bytes
    limits = [each.max_bytes for each in policies]
    return None if None in limits else max(limit for limit in limits if limit is not None)
