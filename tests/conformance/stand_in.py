"""`StaticStorage` as Django's tests of `ManifestStaticFilesStorage` look at it from inside.

Those tests read attributes of the storage and expect names made with MD5. Both are given here, so
that what still fails is what behaves differently.
"""

import hashlib

from roots import digests
from roots.static import live
from roots.static.manifest import EMPTY
from roots.static.storage import StaticStorage


class StandIn(StaticStorage):
    """Digests are MD5's, padded to the length of BLAKE3's."""

    manifest_name = "staticfiles.json"
    manifest_version = "1.1"
    manifest_strict = True

    @property
    def hashed_files(self) -> dict[str, str]:
        live.releases(self.root).look_again()
        return dict((live.releases(self.root).current or EMPTY).paths)

    @property
    def manifest_hash(self) -> str:
        return self.load_manifest()[1]

    @staticmethod
    def clean_name(name: str) -> str:
        return name

    def save_manifest(self) -> None:
        """Nothing: only collecting makes a release."""

    def read_manifest(self) -> str | None:
        try:
            with self.open(self.manifest_name) as opened:
                return str(opened.read().decode())
        except FileNotFoundError:
            return None

    def load_manifest(self) -> tuple[dict[str, str], str]:
        import json

        content = json.loads(self.read_manifest() or "{}")
        return content.get("paths", {}), content.get("hash", "")


class _Hasher:
    """In the place of `blake3`."""

    def __init__(self, data: bytes = b"") -> None:
        self._hasher = hashlib.md5(data)

    def update(self, data: bytes) -> None:
        self._hasher.update(data)

    def hexdigest(self) -> str:
        return self._hasher.hexdigest().ljust(64, "0")


def install() -> None:
    """Make every digest one of MD5's."""
    from roots.static import writer

    digests.blake3 = writer.blake3 = _Hasher


install()
