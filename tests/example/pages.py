"""What a visitor does on the example's front page, in terms of HTTP."""

import io
import re
import struct
import zlib
from html.parser import HTMLParser
from urllib.parse import unquote

import httpx
from PIL import Image


class Links(HTMLParser):
    """Collects what a page links to, embeds and is styled by."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def links(html: str, prefix: str) -> list[str]:
    """The addresses in `html` that start with `prefix`, in order."""
    parser = Links()
    parser.feed(html)
    return [link for link in parser.found if link.startswith(prefix)]


def upload(
    client: httpx.Client, kind: str, name: str, data: bytes, title: str = ""
) -> httpx.Response:
    """Send the front page's form for `kind`; the redirect is not followed."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/").text)
    assert token
    return client.post(
        f"/upload/{kind}/",
        data={"csrfmiddlewaretoken": token[1], "name": title},
        files={"file": (name, data)},
    )


def uploaded(
    client: httpx.Client, kind: str, name: str, data: bytes, prefix: str = "/media/"
) -> str:
    """Upload and return the address below `prefix` that the file is listed under."""
    reply = upload(client, kind, name, data)
    assert reply.status_code == 302, reply.text
    stem = name.rpartition(".")[0]
    listed = links(client.get("/").text, prefix)
    return next(address for address in listed if f"/{stem}." in unquote(address))


def log_in(client: httpx.Client) -> None:
    """As the demo's user."""
    page = client.get("/admin/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "username": "admin", "password": "admin"}
    assert client.post("/admin/login/?next=/admin/", data=form).status_code == 302


def picture(colour: str, format: str = "JPEG") -> bytes:  # noqa: A002  # Pillow's word
    """A small picture, of its own content for each colour."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, format)
    return stream.getvalue()


def enormous() -> bytes:
    """A PNG of two hundred bytes that says it has 30,000 by 30,000 pixels."""
    small = picture("red", "PNG")
    header = b"IHDR" + struct.pack(">II", 30_000, 30_000) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]
