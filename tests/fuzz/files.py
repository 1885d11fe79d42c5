"""An upload made from any bytes: it is refused in a sentence, or is what its name then says."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from hypothesis import strategies as st

from roots.errors import UploadRejected
from roots.media import names
from roots.media.content import formats
from roots.media.content.pictures.measuring import cleaned, measure
from roots.media.content.pictures.picture import BrokenPicture
from roots.media.content.sniff import sniff, sniff_file
from roots.media.inspection import Verdict
from roots.media.policy import Policy
from roots.media.presets import Anything, Archives, Audio, Documents, Images, Video
from roots.mediatypes import guess, is_inert
from tests.media import samples

PICTURES = Images(formats=(*Images().formats, "image/heic"), strict=False)
POLICIES = (PICTURES, Documents(max_unpacked_bytes=1 << 20, strict=False), Video() | Audio(),
            Archives(max_unpacked_bytes=1 << 20, strict=False), Anything())  # fmt: skip
PAGES = frozenset(formats.family("page"))
CLEANED = ("a.jpg", "a.png", "a.apng", "a.gif", "moving.gif", "a.webp", "lossless.webp", "a.avif",
           "photo.heic")  # fmt: skip
NAMES = ("a", "x.txt", "x.html", "x.php.jpg", "..", "größe.svg", *CLEANED)
EXAMPLES = tuple(bytes([len(NAMES) - 1]) + samples.named(name) for name in CLEANED)


class FileTarget:
    """The sniffer, the policies and the cleaners."""

    def check(self, data: bytes) -> None:
        """Look at what `data` says: a byte for the name, then the content. Raises AssertionError,
        or whatever is wrong."""
        name, content = NAMES[data[0] % len(NAMES)] if data else "a", data[1:]
        assert sniff(content[:4096]) in formats.FORMATS
        for policy in POLICIES:
            verdict = decided(policy, name, content)
            assert (verdict is None) == (in_pieces(policy, name, content) is None)
            if verdict is not None:
                require_true(verdict, content)


def decided(policy: Policy, name: str, content: bytes) -> Verdict | None:
    """What `policy` finds; None where it refuses, in a sentence."""
    try:
        return policy.judge(name, io.BytesIO(content))
    except UploadRejected as rejected:
        assert str(rejected).endswith(".")
        return None


def in_pieces(policy: Policy, name: str, content: bytes) -> Verdict | None:
    """The same, as it arrives."""
    try:
        inspection = policy.begin(name)
        for at in range(0, len(content), 1000):
            inspection.feed(content[at : at + 1000])
        return inspection.finish(io.BytesIO(content))
    except UploadRejected:
        return None


def require_true(verdict: Verdict, content: bytes) -> None:
    """The name says nothing that a browser would run of something else, and what was cleaned is
    the same picture without what was not needed."""
    try:
        stored = names.clean(verdict.name)
    except UploadRejected:
        return
    if is_inert(guess(stored)):
        assert verdict.format.content_type not in PAGES
    if verdict.is_to_be_cleaned:
        require_clean(verdict.format.content_type, content)


def require_clean(content_type: str, content: bytes) -> None:
    """Nothing is left to be cleaned, and the picture has the format and the size it had."""
    try:
        once = b"".join(cleaned(content_type, io.BytesIO(content)))
    except BrokenPicture:
        return
    assert len(once) <= len(content) + 64
    assert sniff_file(io.BytesIO(once)).content_type == content_type
    assert b"".join(cleaned(content_type, io.BytesIO(once))) == once
    before = measure(content_type, io.BytesIO(content))
    assert measure(content_type, io.BytesIO(once)).shown == before.shown


@contextmanager
def target() -> Iterator[FileTarget]:
    """There is nothing to prepare."""
    yield FileTarget()


@cache
def _contents() -> st.SearchStrategy[bytes]:
    """Files as people send them, half of them pictures."""
    known = (*samples.benign(), *samples.polyglots())
    files = [sample.data for sample in known if len(sample.data) < 20_000]
    return st.sampled_from(files) | st.sampled_from([samples.named(name) for name in CLEANED])


def _edited(content: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """`content` with pieces of it replaced: where (as a share), how much, by what."""
    for share, length, piece in edits:
        at = int(share * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


EDITS = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from([0, 1, 1, 2, 4, 4, 100, 1 << 20]), st.binary(max_size=12)
    ),
    max_size=4,
)
CONTENTS = st.deferred(lambda: st.builds(_edited, _contents(), EDITS))
FILES = st.tuples(
    st.integers(0, len(NAMES) - 1).map(lambda number: bytes([number])), CONTENTS | st.binary()
).map(b"".join)
