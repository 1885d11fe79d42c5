"""Uploads that attack a browser, a web server, a disk or the memory: names, types, bombs."""

import gzip
import io
import struct
import tarfile
import zlib
from collections.abc import Iterator
from functools import cache

from PIL import Image

from tests.media import samples
from tests.media.samples import Sample

_PHP = b"<?php system($_GET['c']); ?>"
_PAGE = b"<!DOCTYPE html><script>alert(document.cookie)</script>"
_SERVER_NAMES = [
    "x.php", "x.PHP", "x.pHp5", "x.phtml", "x.phar", "x.pht", "x.phps", "x.inc", "x.asp", "x.aspx",
    "x.ashx", "x.asa", "x.cer", "x.jsp", "x.jspx", "x.cfm", "x.cgi", "x.pl", "x.py", "x.rb", "x.sh",
    "x.shtml", "x.stm", "x.php.jpg", "x.php.png.jpg", "x.jpg.php", "x.php.", "x.php ", "x.php\u202egpj",
    "x.php;.jpg", "x.php::$DATA", "x.php%00.jpg", ".htaccess", "web.config", ".user.ini",
    "..htaccess", "php.ini", "crossdomain.xml", "robots.txt", "con.jpg", "-rf.jpg", "~root.jpg",
]  # fmt: skip
_FALSE_NAMES = ["x.jpg", "x.png", "x.gif", "x.txt", "x.mp4", "x"]
_BAD_NAMES = [
    "../x.jpg", "a/../../x.jpg", "/etc/passwd", "..\\x.jpg", "C:\\x.jpg", "c:x.jpg", "a\0.jpg", "..",
    "\\\\host\\share\\x.jpg", "a/..", "....//x.jpg", "x" * 300 + ".jpg", "🙂.jpg", "...", "\u200b.jpg",
    "a\r\nSet-Cookie: x.jpg", "<img src=x onerror=alert(1)>.jpg", '"><script>.jpg', "%2e%2e%2fx.jpg",
]  # fmt: skip


@cache
def uploads() -> tuple[Sample, ...]:
    """Each with the name a client gives it; `content_type` is what it really is, "" where that is
    of no interest."""
    return (*_active(), *samples.polyglots(), *_server_side(), *_names(), *_bombs(), *_broken())


def _active() -> Iterator[Sample]:
    """What a browser would run, under names of what it would show."""
    active = [each for each in samples.benign() if each.content_type in _RUN]
    for sample in active:
        for name in _FALSE_NAMES:
            yield Sample(name, sample.content_type, sample.data)


_RUN = ("text/html", "image/svg+xml", "application/xhtml+xml", "application/xml",
        "multipart/related", "application/x-shockwave-flash", "application/wasm")  # fmt: skip


def _server_side() -> Iterator[Sample]:
    """What a web server would run, or take for its configuration."""
    picture = samples.named("a.gif")
    for name in _SERVER_NAMES:
        yield Sample(name, "application/x-httpd-php", _PHP)
    for name in _SERVER_NAMES[:6]:
        yield Sample(name, "image/gif", picture + _PHP)


def _names() -> Iterator[Sample]:
    for name in _BAD_NAMES:
        yield Sample(name, "text/html", _PAGE)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = _chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data + _chunk(b"IEND", b"")


def _bombs() -> Iterator[Sample]:
    """Small uploads that become large."""
    zeros = bytes(32 << 20)
    text = _chunk(b"zTXt", b"a\0\0" + zlib.compress(zeros))
    yield Sample("bomb.png", "image/png", _png(30_000, 30_000))
    yield Sample("text.png", "image/png", _png(10, 10, text, text))
    yield Sample(
        "frames.png", "image/png", _png(900, 900, _chunk(b"acTL", struct.pack(">II", 1 << 30, 0)))
    )
    gif = samples.picture("GIF", (20, 20), "P")
    wide = struct.pack("<HH", 60_000, 60_000)
    yield Sample("bomb.gif", "image/gif", gif[:6] + wide + gif[10:])
    at = gif.index(b",\0\0\0\0\x14\0\x14\0")
    yield Sample("frame.gif", "image/gif", gif[: at + 5] + wide + gif[at + 9 :])
    image = gif[at:-1]
    yield Sample("frames.gif", "image/gif", gif[:at] + image * 1200 + b";")
    jpeg = samples.named("a.jpg")
    frame = jpeg.index(b"\xff\xc0")
    yield Sample(
        "bomb.jpg", "image/jpeg", jpeg[: frame + 5] + b"\xff\xff\xff\xff" + jpeg[frame + 9 :]
    )
    webp = samples.named("lossless.webp")
    yield Sample("bomb.webp", "image/webp", webp[:21] + b"\xff\xff\xff\x0f" + webp[25:])
    document = (("[Content_Types].xml", b"<a/>"), ("word/document.xml", zeros))
    yield Sample("bomb.docx", "", samples.zipped(*document))
    yield Sample("bomb.zip", "application/zip", samples.zipped(("zeros", zeros)))
    yield Sample("bomb.tar.gz", "application/gzip", samples.tarred(("zeros", zeros), mode="w:gz"))
    yield Sample("bomb.gz", "application/gzip", gzip.compress(zeros, mtime=0))
    yield Sample("slip.zip", "application/zip", samples.zipped(("../../etc/cron.d/x", b"x")))
    yield Sample("sibling.zip", "application/zip", samples.zipped(("../media-evil/x.txt", b"x")))
    yield Sample("nested.zip", "application/zip", samples.zipped(("a.zip", samples.named("a.zip"))))
    yield Sample("link.tar", "application/x-tar", _linking("/etc/passwd"))
    lying = samples.zipped(("zeros", bytes(1 << 20)))
    yield Sample(
        "lying.zip", "application/zip", lying.replace(struct.pack("<I", 1 << 20), bytes(4))
    )
    many = samples.zipped(*((str(n), b"") for n in range(10_001)))
    yield Sample("many.zip", "application/zip", many)


def _linking(target: str) -> bytes:
    """A tar archive with a link, and a file that is written through it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        link = tarfile.TarInfo("door")
        link.type, link.linkname = tarfile.SYMTYPE, target
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo("door/inside"))
    return stream.getvalue()


def _broken() -> Iterator[Sample]:
    for name in ("a.jpg", "a.png", "a.gif", "a.webp", "a.avif"):
        data = samples.named(name)
        yield Sample(f"half-{name}", "", data[: len(data) // 2])
        yield Sample(f"tail-{name}", "", data[:-3])
    yield Sample("empty.jpg", "", b"")
    yield Sample("huge.jpg", "", samples.named("a.jpg") + bytes(21 << 20))
    yield Sample(
        "nothing.svg", "image/svg+xml", gzip.compress(b"<svg " + b"a" * (1 << 20), mtime=0)
    )
    image = Image.new("RGB", (10, 10))
    yield Sample("trailer.jpg", "image/jpeg", samples.saved(image, "JPEG") + _PAGE * 100)
