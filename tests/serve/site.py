"""A small site with both roots filled the way users fill them, and with traps beside them."""

import os
import time
from dataclasses import dataclass
from email.utils import formatdate
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from django.core.files.storage import storages
from django.core.management import call_command

from roots import fingerprint
from tests.serve.cases import Case

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SOURCES = {
    "css/app.css": b"".join(b".rule-%d { color: #%03d }\n" % (n, n) for n in range(100, 400)),
    "img/dot.png": PIXEL,
    "empty.txt": b"",
    "größe/ü.txt": "größer".encode(),
}
UPLOADS = {
    "jpg": ("holiday.jpg", b"\xff\xd8\xff" + bytes(range(256)) * 1171 + b"x" * 221),
    "html": ("page.html", b"<script>alert(1)</script>"),
    "svg": ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "js": ("widget.js", b"alert(document.cookie)"),
    "style": ("theme.css", b"input[value^=a] { background: url(//elsewhere/a) }"),
    "wasm": ("game.wasm", b"\0asm\x01\0\0\0"),
    "wav": ("ping.wav", b"RIFF....WAVE"),
    "blob": ("data.qqq", b"\0\1\2"),
    "spaces": ("größe 1.png", PIXEL + b"!"),
}


@dataclass(frozen=True)
class Site:
    """`facts` fills the braces in cases; `bodies` are the files' bytes by the same short names."""

    facts: dict[str, str]
    bodies: dict[str, bytes]

    def fill(self, text: str) -> str:
        """`text` with each `{fact}` replaced."""
        for fact, value in self.facts.items():
            text = text.replace(f"{{{fact}}}", value)
        return text

    def expected_body(self, case: Case) -> bytes | None:
        """The bytes `case` must get after decoding; None where it does not say."""
        return None if case.body is None else self.bodies[case.body][case.part]


def build(folder: Path) -> Site:
    """Collect and upload for the current STATICFILES_DIRS, STATIC_ROOT and MEDIA_ROOT.

    `folder` holds `source`, `static` and `media`, which those settings name.
    """
    _write(folder / "source", SOURCES)
    call_command("collectstatic", interactive=False, verbosity=0)
    static, media = folder / "static", folder / "media"
    bodies = {
        "css": SOURCES["css/app.css"],
        "png": PIXEL,
        "empty": b"",
        "umlaut": "größer".encode(),
    }
    names = {short: _stored(name) for short, name in _LOGICAL.items()}
    facts = {}
    for short, (name, content) in UPLOADS.items():
        names[short] = storages["default"].save(name, BytesIO(content))
        bodies[short] = content
        facts |= _facts(short, media / names[short])
    facts |= {short: quote(name) for short, name in names.items()}
    facts |= _static_facts(static, names["css"])
    _plain_files(static, media)
    facts |= _facts("legacy", media / "legacy.txt")
    bodies |= {"legacy": b"from before", "by-hand": b"put there by hand"}
    _traps(folder, static, media)
    return Site(facts, bodies)


_LOGICAL = {
    "css": "css/app.css",
    "png": "img/dot.png",
    "empty": "empty.txt",
    "umlaut": "größe/ü.txt",
}


def _stored(logical: str) -> str:
    return storages["staticfiles"].stored_name(logical)


def _facts(short: str, path: Path) -> dict[str, str]:
    # An hour old: a date is believed if it was a minute ago (RFC 9110 section 8.8.2.2), and whether
    # a test comes that early depends on the machine.
    hour_ago_s = int(time.time()) - 3600
    os.utime(path, (hour_ago_s, hour_ago_s))
    status = path.stat()
    named = fingerprint.parse(path.name)
    tag = named.digest if named else f"{status.st_size:x}-{status.st_mtime_ns:x}"
    return {
        f"{short}.size": str(status.st_size),
        f"{short}.tag": tag,
        f"{short}.date": formatdate(int(status.st_mtime), usegmt=True),
    }


def _static_facts(static: Path, css: str) -> dict[str, str]:
    from roots import digests

    return {
        "css.tag": digests.of_file(static / css)[:32],
        "css.size": str((static / css).stat().st_size),
        "css.br.size": str((static / f"{css}.br").stat().st_size),
    }


HIDDEN = (".roots/staging/half", ".roots/quarantine/waits.txt", ".htaccess")
"""What is in the media root and never leaves it."""


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _plain_files(static: Path, media: Path) -> None:
    (static / "by-hand.txt").write_bytes(b"put there by hand")
    (media / "legacy.txt").write_bytes(b"from before")
    (media / "inside.txt").symlink_to("legacy.txt")


def _traps(folder: Path, static: Path, media: Path) -> None:
    _write(
        folder,
        dict.fromkeys(
            ("secret.txt", "static-secret/secret.txt", "media-secret/secret.txt"), b"secret"
        ),
    )
    _write(static, {".git/config": b"secret", ".roots/lock": b"secret"})
    _write(media, dict.fromkeys(HIDDEN, b"secret"))
    for root in (static, media):
        (root / "outside.txt").symlink_to(folder / "secret.txt")
        (root / "outside").symlink_to(folder)
    (static / "dangling.txt").symlink_to("nowhere")
    (static / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(media / "fifo")
    (media / "null").symlink_to(os.devnull)
