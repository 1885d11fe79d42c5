"""Real files of every kind people upload, and some that are two kinds at once."""

import bz2
import gzip
import io
import lzma
import shutil
import sqlite3
import struct
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image

RECORDED = Path(__file__).parent / "recorded"


class Sample(NamedTuple):
    """A file: the name it has, what it is, and its bytes."""

    name: str
    content_type: str
    data: bytes


@cache
def benign() -> tuple[Sample, ...]:
    """Files as honest people send them; each name's extension agrees with its content."""
    return (
        *_pictures(),
        *_recorded(),
        *_documents(),
        *_archives(),
        *_texts(),
        *_active(),
        *_rest(),
    )


def named(name: str) -> bytes:
    """The bytes of the benign sample called `name`."""
    return next(sample.data for sample in benign() if sample.name == name)


def picture(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options) -> bytes:
    """A picture as Pillow writes it."""
    image = Image.effect_noise(size, 60).convert(mode)
    return saved(image, kind, **options)


def has_program(name: str) -> bool:
    """Whether a tool that some tests need is installed."""
    return shutil.which(name) is not None


def saved(image: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of (name, bytes), in that order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members:
            stored = name == "mimetype"
            archive.writestr(name, data, zipfile.ZIP_STORED if stored else compression)
    return stream.getvalue()


def tarred(*members: tuple[str, bytes], mode: str = "w", **options) -> bytes:
    """A tar archive of (name, bytes)."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode, **options) as archive:
        for name, data in members:
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return stream.getvalue()


def compound(*streams: str) -> bytes:
    """An OLE compound file (MS-CFB) with empty streams of these names."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *[free] * 108)
    table = struct.pack("<128I", fat, end, *[free] * 126)
    entries = [_entry("Root Entry", 5), *(_entry(name, 2) for name in streams)]
    return header + table + b"".join(entries).ljust(512, b"\0")


def _entry(name: str, kind: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16xI16xIQ", encoded, len(encoded), kind, 1,
                       0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF, 0, 0, 0)  # fmt: skip


def _pictures():
    frames = [Image.new("RGB", (32, 24), shade) for shade in ("red", "green", "blue")]
    yield Sample("a.jpg", "image/jpeg", picture("JPEG"))
    yield Sample("progressive.jpeg", "image/jpeg", picture("JPEG", progressive=True))
    yield Sample("a.png", "image/png", picture("PNG"))
    yield Sample(
        "a.apng", "image/png",
        saved(frames[0], "PNG", save_all=True, append_images=frames[1:]),
    )  # fmt: skip
    yield Sample("a.gif", "image/gif", picture("GIF", mode="P"))
    yield Sample(
        "moving.gif", "image/gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    )
    yield Sample("a.webp", "image/webp", picture("WEBP"))
    yield Sample("lossless.webp", "image/webp", picture("WEBP", mode="RGBA", lossless=True))
    yield Sample("a.avif", "image/avif", picture("AVIF"))
    yield Sample("a.bmp", "image/bmp", picture("BMP"))
    yield Sample("a.tif", "image/tiff", picture("TIFF"))
    yield Sample("a.ico", "image/x-icon", picture("ICO", size=(32, 32)))
    yield Sample("a.jp2", "image/jp2", picture("JPEG2000"))
    yield Sample("a.psd", "image/vnd.adobe.photoshop", _photoshop())


def _photoshop() -> bytes:
    header = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 2, 2, 8, 3)
    return header + bytes(12) + struct.pack(">H", 0) + bytes(12)


_RECORDED_TYPES = {
    "bag.7z": "application/x-7z-compressed",
    "bare.mp3": "audio/mpeg",
    "clip.3gp": "video/3gpp",
    "clip.avi": "video/x-msvideo",
    "clip.flv": "video/x-flv",
    "clip.m4v": "video/mp4",
    "clip.mkv": "video/x-matroska",
    "clip.mov": "video/quicktime",
    "clip.mp4": "video/mp4",
    "clip.mpg": "video/mpeg",
    "clip.ogv": "video/ogg",
    "clip.swf": "application/x-shockwave-flash",
    "clip.ts": "video/mp2t",
    "clip.webm": "video/webm",
    "clip.wmv": "video/x-ms-wmv",
    "photo.heic": "image/heic",
    "sheet.xls": "application/vnd.ms-excel",
    "square.otf": "font/otf",
    "square.ttf": "font/ttf",
    "square.woff": "font/woff",
    "square.woff2": "font/woff2",
    "tone.aac": "audio/aac",
    "tone.aiff": "audio/aiff",
    "tone.au": "audio/basic",
    "tone.caf": "audio/x-caf",
    "tone.flac": "audio/flac",
    "tone.m4a": "audio/mp4",
    "tone.mka": "audio/x-matroska",
    "tone.mp3": "audio/mpeg",
    "tone.ogg": "audio/ogg",
    "tone.opus": "audio/ogg",
    "tone.wav": "audio/wav",
    "tone.weba": "audio/webm",
    "tone.wma": "audio/x-ms-wma",
}


def _recorded():
    for name, content_type in _RECORDED_TYPES.items():
        yield Sample(name, content_type, (RECORDED / name).read_bytes())


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_TYPES_PART = ("[Content_Types].xml", b'<?xml version="1.0"?><Types/>')
_RELS_PART = ("_rels/.rels", b'<?xml version="1.0"?><Relationships/>')


def _documents():
    yield Sample("a.pdf", "application/pdf", picture("PDF"))
    parts = {"docx": ("word/document.xml", "wordprocessingml.document"),
             "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
             "pptx": ("ppt/presentation.xml", "presentationml.presentation")}  # fmt: skip
    for extension, (part, kind) in parts.items():
        main = (part, b'<?xml version="1.0"?><a/>')
        yield Sample(f"a.{extension}", _OPEN_XML + kind, zipped(_TYPES_PART, _RELS_PART, main))
        yield Sample(
            f"other-order.{extension}", _OPEN_XML + kind, zipped(main, _RELS_PART, _TYPES_PART)
        )
    for extension, kind in (("odt", "text"), ("ods", "spreadsheet"), ("odp", "presentation")):
        content_type = (_OPEN_DOCUMENT + kind).encode()
        members = (("mimetype", content_type), ("content.xml", b"<a/>"))
        yield Sample(f"a.{extension}", _OPEN_DOCUMENT + kind, zipped(*members))
    yield Sample(
        "a.epub", "application/epub+zip",
        zipped(("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"<a/>")),
    )  # fmt: skip
    yield Sample("a.doc", "application/msword", compound("WordDocument", "1Table"))
    yield Sample(
        "a.ppt", "application/vnd.ms-powerpoint", compound("Current User", "PowerPoint Document")
    )
    yield Sample("a.rtf", "application/rtf", rb"{\rtf1\ansi\deff0 {\fonttbl {\f0 Times;}} hello}")


def _archives():
    member = ("notes/a.txt", b"hello " * 200)
    yield Sample("a.zip", "application/zip", zipped(member))
    yield Sample("empty.zip", "application/zip", zipped())
    yield Sample("a.tar", "application/x-tar", tarred(member))
    yield Sample("a.tar.gz", "application/gzip", tarred(member, mode="w:gz"))
    yield Sample("a.txt.gz", "application/gzip", gzip.compress(b"hello " * 200, mtime=0))
    yield Sample("a.txt.bz2", "application/x-bzip2", bz2.compress(b"hello " * 200))
    yield Sample("a.txt.xz", "application/x-xz", lzma.compress(b"hello " * 200))
    yield Sample("a.rar", "application/vnd.rar", b"Rar!\x1a\x07\x01\x00" + bytes(64))
    yield Sample(
        "a.jar", "application/java-archive",
        zipped(("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0"), ("A.class", b"\xca\xfe")),
    )  # fmt: skip


def _texts():
    yield Sample("a.txt", "text/plain", b"hello\n")
    yield Sample("umlaut.txt", "text/plain", "Grüße aus Köln 👍\n".encode())
    yield Sample("latin1.txt", "text/plain", "Grüße aus Köln\n".encode("latin-1"))
    yield Sample("utf16.txt", "text/plain", "Grüße\r\n".encode("utf-16"))
    yield Sample("a.csv", "text/csv", b"a;b\n1;2\n")
    yield Sample("a.md", "text/markdown", b"# Title\n\nText with <b>tags</b>.\n")
    yield Sample("a.json", "application/json", b'{"a": [1, 2]}')
    yield Sample("a.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
    yield Sample("a.vcf", "text/vcard", b"BEGIN:VCARD\r\nVERSION:4.0\r\nEND:VCARD\r\n")
    yield Sample("a.vtt", "text/vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nhi\n")


_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'


def _active():
    yield Sample("a.html", "text/html", b"<!DOCTYPE html><title>x</title><script>alert(1)</script>")
    yield Sample("a.svg", "image/svg+xml", b'<?xml version="1.0"?>\n' + _SVG)
    yield Sample("bare.svg", "image/svg+xml", _SVG)
    yield Sample("a.svgz", "image/svg+xml", gzip.compress(_SVG, mtime=0))
    yield Sample("a.xml", "application/xml", b'<?xml version="1.0"?><data/>')
    yield Sample(
        "a.xhtml", "application/xhtml+xml",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head/></html>',
    )  # fmt: skip
    yield Sample(
        "a.mht", "multipart/related",
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n",
    )  # fmt: skip
    yield Sample("a.js", "text/javascript", b"alert(document.cookie)\n")
    yield Sample("a.css", "text/css", b"body { color: red }\n")
    yield Sample("a.wasm", "application/wasm", b"\0asm\x01\0\0\0")


def _rest():
    yield Sample("a.sqlite3", "application/vnd.sqlite3", _database())
    yield Sample("a.exe", "application/vnd.microsoft.portable-executable", _windows_program())
    yield Sample("a.elf", "application/x-elf", b"\x7fELF\x02\x01\x01" + bytes(57))
    yield Sample("a.class", "application/java-vm", b"\xca\xfe\xba\xbe\0\0\0\x34\0\x1d" + bytes(40))
    yield Sample("a.bin", "application/octet-stream", bytes(range(256)) * 4)
    yield Sample("zeros.bin", "application/octet-stream", bytes(1024))


def _database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE a (b)")
    data = connection.serialize()
    connection.close()
    return data


def _windows_program() -> bytes:
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0\x4c\x01" + bytes(64)


_SCRIPT = b"<script>alert(1)</script>"


@cache
def polyglots() -> tuple[Sample, ...]:
    """Files that try to be two things: the name they hide behind, what must be said, the bytes.

    What is said is what a browser, told nothing, would take them for (WHATWG MIME Sniffing).
    """
    png, gif, jpeg = picture("PNG"), picture("GIF", mode="P"), picture("JPEG")
    page = b"<!DOCTYPE html><html><body>" + _SCRIPT
    return (
        Sample("trailer.png", "image/png", png + _SCRIPT),
        Sample("gifar.gif", "image/gif", gif + named("a.jar")),
        Sample("trailer.jpg", "image/jpeg", jpeg + named("a.zip")),
        Sample("comment.gif", "image/gif", b"GIF89a" + b"/*" + gif[8:] + b"*/=1;alert(1)"),
        Sample("page.jpg", "text/html", page),
        Sample("spaces.jpg", "text/html", b" \t\r\n\x0c" * 40 + page),
        Sample("zeros.txt", "text/html", page + bytes(2000)),
        Sample("bom.txt", "text/html", b"\xef\xbb\xbf" + page),
        Sample("utf16le.txt", "text/html", b"\xff\xfe" + page.decode().encode("utf-16-le")),
        Sample("utf16be.txt", "text/html", b"\xfe\xff" + page.decode().encode("utf-16-be")),
        Sample("no-bom.txt", "text/html", page.decode().encode("utf-16-le")),
        Sample("script.txt", "text/html", _SCRIPT),
        Sample("upper.txt", "text/html", b"<SCRIPT src=//evil>"),
        Sample("note.txt", "text/html", b"<!-- GIF89a -->" + _SCRIPT),
        Sample("frame.txt", "text/html", b"<iframe src=javascript:alert(1)>"),
        Sample("after-comment.png", "image/svg+xml", b"<!-- by x -->\n<!-- y -->" + _SVG),
        Sample(
            "doctype.png", "image/svg+xml",
            b'<!DOCTYPE svg [<!ENTITY a "<script>">\n<!ENTITY b ">">]>' + _SVG,
        ),
        Sample("utf16.png", "image/svg+xml", ('<?xml version="1.0"?>' + _SVG.decode()).encode("utf-16")),
        Sample("prefixed.png", "image/svg+xml", b'<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>'),
        Sample("packed.png", "image/svg+xml", gzip.compress(b" " * 900 + _SVG, mtime=0)),
        Sample("sheet.txt", "application/xml", b'<?xml version="1.0"?><?xml-stylesheet href="#a"?><xsl:a/>'),
        Sample("late.pdf", "application/octet-stream", b"\0junk\n" + named("a.pdf")),
        Sample("pdf.png", "application/pdf", b"%PDF-1.7\n" + png),
        Sample("zip.png", "application/zip", named("a.zip") + png),
        Sample("php.gif", "image/gif", gif + b"<?php system($_GET['c']); ?>"),
        Sample("php.txt", "application/x-httpd-php", b"<?php system($_GET['c']); ?>"),
        Sample("shell.jpg", "text/x-shellscript", b"#!/bin/sh\nrm -rf /\n"),
        Sample("mht.jpg", "multipart/related", named("a.mht")),
        Sample("bmp.txt", "text/plain", b"BM, said the doctor, and left.\n"),
        Sample("mz.txt", "text/plain", b"MZ is how programs begin.\n"),
        Sample("riff.webp", "application/octet-stream", b"RIFF\x10\0\0\0\x00\x01\x02\x03" + bytes(32)),
        Sample("short.png", "text/plain", b"\x89PN"),
    )  # fmt: skip
