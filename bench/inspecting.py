"""What it costs to look at an upload and to clean it, beside its peers, in one interleaved run.

    python -m bench.inspecting              milliseconds, the least of many rounds, and peak memory
    python -m bench.inspecting --json FILE  keeps the numbers

Needs the extra `test`. The picture is a photograph's worth of noise, 4 MB as JPEG, with EXIF data.
"""

import argparse
import io
import json
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import django
from blake3 import blake3
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from roots.errors import UploadRejected
from roots.media.content.pictures.measuring import cleaned
from roots.media.presets import Images

ROUNDS = 30
CHUNK_BYTES = 1 << 16
PHOTO_BYTES = 4_000_000


class Cost(NamedTuple):
    """Milliseconds, and the most megabytes that Python held meanwhile."""

    ms: float
    peak_mb: float


def photo() -> bytes:
    """A JPEG of about 4 MB."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    image = Image.effect_noise((2400, 1850), 80).convert("RGB")
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=93, exif=exif)
    return stream.getvalue()


def bomb() -> bytes:
    """A PNG that says it has 30,000 by 30,000 pixels."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(64 << 20), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def policy(data: bytes, name: str) -> None:
    """Everything `Images()` looks at, as the bytes arrive."""
    inspection = Images().begin(name, len(data))
    for at in range(0, len(data), CHUNK_BYTES):
        inspection.feed(data[at : at + CHUNK_BYTES])
    inspection.finish(io.BytesIO(data))


def policy_and_cleaning(data: bytes, name: str) -> None:
    """The same, then cleaned and digested."""
    policy(data, name)
    digest = blake3()
    for piece in cleaned("image/jpeg", io.BytesIO(data)):
        digest.update(piece)
    digest.hexdigest()


def django_image_field(data: bytes, name: str) -> None:
    """What Django's own form field does: Pillow opens and verifies."""
    from django.forms import ImageField

    ImageField().clean(SimpleUploadedFile(name, data))


def pillow_again(data: bytes, name: str) -> None:  # noqa: ARG001
    """The usual way to lose EXIF data: decode and encode again, at quality 85."""
    stream = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.save(stream, "JPEG", quality=85)
    blake3(stream.getvalue()).hexdigest()


def refused(look: Callable[[bytes, str], None]) -> Callable[[bytes, str], None]:
    """`look` at something that it has to refuse."""

    def run(data: bytes, name: str) -> None:
        from django.core.exceptions import ValidationError

        try:
            look(data, name)
        except (UploadRejected, ValidationError):
            return
        raise SystemExit(f"{look.__name__} let {name} in")

    return run


def costs(
    looks: dict[str, Callable[[bytes, str], None]], data: bytes, name: str
) -> dict[str, Cost]:
    """The least of interleaved rounds, and the memory of one more."""
    best = dict.fromkeys(looks, float("inf"))
    for _ in range(ROUNDS):
        for label, look in looks.items():
            started = time.perf_counter()
            look(data, name)
            best[label] = min(best[label], time.perf_counter() - started)
    return {
        label: Cost(best[label] * 1000, _peak_mb(look, data, name)) for label, look in looks.items()
    }


def _peak_mb(look: Callable[[bytes, str], None], data: bytes, name: str) -> float:
    tracemalloc.start()
    look(data, name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    """Print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", type=Path)
    keep = parser.parse_args().json
    settings.configure()
    django.setup()
    jpeg, png = photo(), bomb()
    tables = {
        f"a JPEG of {len(jpeg) / 1e6:.1f} MB": costs(
            {
                "policy": policy,
                "policy, cleaning, digest": policy_and_cleaning,
                "Django's forms.ImageField": django_image_field,
                "Pillow, encoded again": pillow_again,
            },
            jpeg,
            "a.jpg",
        ),
        "a bomb, 30,000 by 30,000, refused": costs(
            {"policy": refused(policy), "Django's forms.ImageField": refused(django_image_field)},
            png,
            "bomb.png",
        ),
    }
    for title, table in tables.items():
        print(f"\n| {title} | ms | peak MB |\n| --- | --- | --- |")
        for label, cost in table.items():
            print(f"| {label} | {cost.ms:.2f} | {cost.peak_mb:.2f} |")
    if keep:
        keep.write_text(json.dumps(tables, indent=1))


if __name__ == "__main__":
    main()
