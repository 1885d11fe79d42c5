import pytest

from .pages import picture, uploaded

pytestmark = pytest.mark.xdist_group("example")


def test_a_photo_comes_back_byte_for_byte(client):
    photo = picture("orange")
    address = uploaded(client, "avatar", "Größe 1.jpg", photo)
    reply = client.get(address)
    assert reply.status_code == 200
    assert reply.content == photo
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert reply.headers["ETag"]
    assert "immutable" in reply.headers["Cache-Control"]


def test_a_part_of_a_photo_can_be_asked_for(client):
    photo = picture("purple")
    address = uploaded(client, "product", "plum.jpg", photo)
    reply = client.get(address, headers={"Range": "bytes=10-19"})
    assert reply.status_code == 206
    assert reply.content == photo[10:20]
    assert reply.headers["Content-Range"] == f"bytes 10-19/{len(photo)}"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    ],
)
def test_what_could_run_scripts_is_only_ever_downloaded(client, name, data):
    reply = client.get(uploaded(client, "document", name, data))
    assert reply.content == data
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert name in reply.headers["Content-Disposition"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]


def test_the_same_photo_twice_is_one_file(client, shop):
    for _ in range(2):
        uploaded(client, "product", "twin.jpg", picture("gold"))
    assert len(list(shop.media.rglob("twin.*.jpg"))) == 1
