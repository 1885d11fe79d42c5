"""The one thing in EXIF that a picture needs: how it is turned (EXIF 2.32, TIFF 6.0)."""

from typing import Literal

_TAG = 0x0112
_SHORT = 3
_ENTRY_BYTES = 12
PREFIX = b"Exif\0\0"


def orientation(exif: bytes) -> int:
    r"""1 to 8, from EXIF data with or without the prefix that JPEG has; 1 where it says nothing.

    >>> orientation(only(6)), orientation(b"nonsense")
    (6, 1)
    """
    tiff = exif.removeprefix(PREFIX)
    order = _byte_order(tiff)
    if order is None:
        return 1
    start = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[start : start + 2], order)
    for at in range(start + 2, min(start + 2 + count * _ENTRY_BYTES, len(tiff)), _ENTRY_BYTES):
        if int.from_bytes(tiff[at : at + 2], order) == _TAG:
            found = int.from_bytes(tiff[at + 8 : at + 10], order)
            return found if 1 <= found <= 8 else 1
    return 1


def only(orientation: int) -> bytes:
    """EXIF data, without a prefix, that says this orientation and nothing else."""
    entry = _TAG.to_bytes(2, "big") + _SHORT.to_bytes(2, "big") + (1).to_bytes(4, "big")
    return b"MM\0*\0\0\0\x08\0\x01" + entry + orientation.to_bytes(2, "big") + bytes(6)


def _byte_order(tiff: bytes) -> Literal["little", "big"] | None:
    if tiff[:4] == b"II*\0":
        return "little"
    return "big" if tiff[:4] == b"MM\0*" else None
