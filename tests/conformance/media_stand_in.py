"""`MediaStorage` with the names that Django's tests expect: as they came, without a digest.

So what still fails behaves differently in more than its names.
"""

from typing import Any

from roots import fingerprint
from roots.media import accept
from roots.media.names import compose
from roots.media.storage import MediaStorage


class StandIn(MediaStorage):
    """A taken name gets seven digits of the digest, where Django's gets seven at random.

    `allow_overwrite` is taken without a word, so that what else those tests say is seen.
    """

    def __init__(self, *arguments: Any, allow_overwrite: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)


def _compose(name: str, digest: str, length: int = 12, max_chars: int | None = None) -> str:
    stem, extension = fingerprint.split_extension(name)
    more = "" if length == fingerprint.LENGTH else f"_{digest[length - 12 : length - 5]}"
    room = None if max_chars is None else max_chars - len(more + extension)
    if room is not None and room < 1:
        return compose(name, digest, length, max_chars)  # which says that it does not fit
    return stem[:room] + more + extension


accept.compose = _compose
