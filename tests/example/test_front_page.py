import re
import time

import pytest

from .pages import enormous, links, log_in, picture, upload

pytestmark = pytest.mark.xdist_group("example")


def test_the_page_shows_its_forms_and_both_roots(client, shop):
    page = client.get("/")
    assert page.status_code == 200
    for kind in ("avatar", "product", "document", "invoice", "note"):
        assert f'action="/upload/{kind}/"' in page.text
    for fact in ("STATIC_ROOT", "MEDIA_ROOT", str(shop.directory / "staticfiles"), str(shop.media)):
        assert fact in page.text


def test_every_static_address_on_the_page_is_hashed_and_there(client):
    addresses = links(client.get("/").text, "/static/")
    assert len(addresses) >= 5
    for address in addresses:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), address
        assert client.get(address).status_code == 200, address


def test_nothing_on_the_page_comes_from_another_host(client):
    assert not links(client.get("/").text, "http") + links(client.get("/").text, "//")


def test_no_style_is_inline_and_no_script_but_the_import_map(client):
    reply = client.get("/")
    assert not re.search(r"<style|\sstyle=|\son\w+=", reply.text)
    (inline,) = re.findall(r"<script(?![^>]*\ssrc=)([^>]*)>", reply.text)
    assert 'type="importmap"' in inline
    policy = reply.headers.get("Content-Security-Policy")  # Django sends one from 6.0 on
    nonce = re.search(r' nonce="(.+?)"', inline)
    assert policy is None or f"'nonce-{nonce[1]}'" in policy


def test_a_success_is_told_once(client):
    assert upload(client, "product", "aloe.png", picture("teal", "PNG"), "Aloe").status_code == 302
    assert "“Aloe” is stored" in client.get("/").text
    assert "“Aloe” is stored" not in client.get("/").text


def test_without_a_name_the_files_own_is_shown(client):
    upload(client, "document", "Watering plan.txt", b"Monday")
    assert "Watering plan" in client.get("/").text


@pytest.mark.parametrize(
    ("kind", "name", "data", "message"),
    [
        ("avatar", "me.jpg", b"not a picture", "me.jpg is plain text. Allowed are: .jpg, .png"),
        ("avatar", "me.jpg", picture("red")[:300], "me.jpg is damaged: it breaks off."),
        ("avatar", "me.png", picture("red"), "me.png is a JPEG picture. Its name must end with"),
        ("avatar", "me.png", enormous(), "is 30000 by 30000 pixels large; at most 30 megapixels"),
        ("avatar", "me.jpg", picture("red") + bytes(6 << 20), "me.jpg is larger than 5 MiB"),
        ("product", "plant.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG drawing"),
        ("product", "plant.bmp", picture("red", "BMP"), "plant.bmp is a BMP picture. Allowed are"),
        ("product", "page.jpg", b"<script>alert(1)</script>", "page.jpg is a web page. Allowed"),
        ("product", "plant.png", b"", "empty"),
        ("document", "notes.txt", b"", "empty"),
    ],
)
def test_a_wrong_file_gives_the_page_again_with_a_reason(client, kind, name, data, message):
    reply = upload(client, kind, name, data, title="What I typed")
    assert reply.status_code == 422
    assert message in reply.text
    assert 'role="alert"' in reply.text
    assert 'value="What I typed"' in reply.text


def test_a_form_without_a_file_says_so(client):
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/").text)
    reply = client.post("/upload/avatar/", data={"csrfmiddlewaretoken": token[1]})
    assert reply.status_code == 422
    assert "Choose a picture first." in reply.text


def test_a_refused_file_leaves_nothing_on_the_disk(client, shop):
    def left():
        found = {path for path in shop.media.rglob("*") if path.is_file()}
        staged = {path for path in found if ".roots" in path.parts and path.name != "lock"}
        return staged | {path for path in found if path.name.startswith("me.")}

    upload(client, "avatar", "me.jpg", b"not a picture")
    # What is refused goes when the request is closed, which may be after its reply was read.
    deadline = time.monotonic() + 60
    while left() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left()


def test_a_post_from_elsewhere_is_refused(client):
    assert client.post("/upload/avatar/", files={"file": ("a.txt", b"a")}).status_code == 403


def test_an_unknown_kind_is_not_found(client):
    assert client.get("/upload/anything/").status_code == 404


def test_opening_an_upload_address_leads_to_the_front_page(client):
    assert client.get("/upload/avatar/").headers["Location"] == "/"


def test_the_admin_lists_what_was_uploaded(client):
    upload(client, "product", "cactus.png", picture("olive", "PNG"), "Cactus")
    log_in(client)
    listing = client.get("/admin/shop/product/")
    assert "Cactus" in listing.text
    for address in links(listing.text, "/static/"):
        assert client.get(address).status_code == 200, address
