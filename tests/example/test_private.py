import pytest

from .pages import log_in, uploaded

pytestmark = pytest.mark.xdist_group("example")


def test_an_invoice_is_for_whoever_has_its_link(client):
    link = uploaded(client, "invoice", "May.txt", b"12 ferns", "/invoices/")
    reply = client.get(link)
    assert (reply.status_code, reply.content) == (200, b"12 ferns")
    assert reply.headers["Cache-Control"].startswith("private, max-age=")
    address = link.partition("?")[0]
    assert client.get(address).status_code == 404
    assert client.get(link[:-4] + "AAAA").status_code == 403


def test_a_staff_note_is_for_the_staff(client):
    address = uploaded(client, "note", "Keys.txt", b"under the pot", "/notes/")
    refused = client.get(address)
    assert refused.status_code == 302
    assert refused.headers["Location"] == f"/admin/login/?next={address}"
    log_in(client)
    reply = client.get(address)
    assert (reply.status_code, reply.content) == (200, b"under the pot")
    assert reply.headers["Cache-Control"] == "private, no-cache"
