"""access="signed": links that the layer checks by itself, without Django, database or session."""

import os
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from roots.media import quarantine, trash
from roots.media.locking import exclusive
from roots.serve.handover.offload import location
from tests.serve.cases import SANDBOX
from tests.serve.handover.private_site import IN_FRONT

pytestmark = pytest.mark.django_db
PLAN = b"%PDF-1.7 the plan"
STORAGE = {
    "BACKEND": "roots.media.storage.MediaStorage",
    "OPTIONS": {"access": "signed", "base_url": "/contracts/"},
}


@pytest.fixture(params=IN_FRONT, ids=lambda way: way.__name__)
def get(request, django_assert_num_queries):
    def asked(*args, **headers):
        with django_assert_num_queries(0):
            return request.param(*args, **headers)

    return asked


def place(settings, alias: str, location, **options) -> None:
    """Put a signed storage into STORAGES, in a directory of its own."""
    options = {**STORAGE["OPTIONS"], "location": location, **options}
    settings.STORAGES = {**settings.STORAGES, alias: {**STORAGE, "OPTIONS": options}}


@pytest.fixture
def contracts(settings, folder, tmp_path):
    place(settings, "contracts", tmp_path / "contracts")
    return storages["contracts"]


@pytest.fixture
def plan(contracts):
    return contracts.save("2026/größe 1.pdf", ContentFile(PLAN))


def test_whoever_has_the_link_gets_the_file(get, contracts, plan):
    got = get(contracts.url(plan))
    assert (got.status, got.body) == (200, PLAN)
    assert got.header("Content-Type") == "application/pdf"
    assert got.header("Content-Security-Policy") == SANDBOX
    assert got.header("X-Content-Type-Options") == "nosniff"
    assert got.header("X-Django") is None
    assert got.header("Set-Cookie") is None


@pytest.mark.parametrize(
    "name",
    [
        "with space.txt",
        "100%.txt",
        "%2e%2e%2fplain.txt",
        "what?.txt",
        "a#b.txt",
        "quo\"te's.txt",
        "semi;co,mma.txt",
        "new\nline.txt",
        "plus+amp&eq=.txt",
        "@dollar$1 {braces} `tick`.txt",
        "sub folder/[ü](1)!*.txt",
        "e\u0301.txt",
    ],
)
def test_every_name_arrives(get, contracts, name):
    path = Path(contracts.location, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(name.encode())
    assert get(contracts.url(name)).body == name.encode()


def test_it_stays_with_the_one_who_asked_and_no_longer_than_the_link(get, contracts, plan):
    kind, age = get(contracts.url(plan)).header("Cache-Control").split(", ")
    assert kind == "private"
    assert 3000 <= int(age.removeprefix("max-age=")) <= 5400


def test_the_link_is_not_told_to_where_the_file_leads(get, contracts, plan):
    assert get(contracts.url(plan)).header("Referrer-Policy") == "no-referrer"


def test_parts_and_conditions_are_answered_as_for_public_media(get, contracts, plan):
    url = contracts.url(plan)
    part = get(url, Range="bytes=1-3")
    assert (part.status, part.body) == (206, PLAN[1:4])
    known = get(url, If_None_Match=part.header("ETag"))
    assert (known.status, known.body) == (304, b"")
    assert known.header("Cache-Control").startswith("private, max-age=")
    assert get(url, "HEAD").header("Content-Length") == str(len(PLAN))


def test_a_file_from_before_is_asked_for_again_each_time(get, contracts, tmp_path):
    contracts.save("any.txt", ContentFile(b"makes the directory"))
    (tmp_path / "contracts" / "old.txt").write_bytes(b"from before")
    got = get(contracts.url("old.txt"))
    assert (got.status, got.header("Cache-Control")) == (200, "private, no-cache")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query", ["", "?expires=99999999999", "?x=1"])
def test_without_a_signature_nothing_is_there(get, contracts, plan, method, query):
    there, nowhere = (get(f"/contracts/{quote(n)}{query}", method) for n in (plan, "no.pdf"))
    assert there == nowhere
    assert (there.status, there.header("Cache-Control")) == (404, "no-store")


def wrong_links(contracts, name: str) -> list[str]:
    url = contracts.url(name)
    return [
        url[:-1],
        url + "A",
        url.replace("expires=", "expires=9"),
        url.replace("/contracts/", "/contracts/x"),
        f"/contracts/{quote(name)}?expires=99999999999&signature={'A' * 22}",
    ]


def test_a_wrong_link_says_nothing_about_what_is_there(get, contracts, plan):
    for there, nowhere in zip(
        wrong_links(contracts, plan), wrong_links(contracts, "no.pdf"), strict=True
    ):
        assert get(there) == get(nowhere)
        assert get(there).status == HTTPStatus.FORBIDDEN
        assert get(there).header("Cache-Control") == "no-store"


def test_a_link_to_what_is_gone_is_404(get, contracts, plan):
    url = contracts.url(plan)
    os.unlink(contracts.path(plan))
    assert get(url).status == 404


def test_a_link_to_what_is_in_quarantine_or_in_the_trash_is_404(get, contracts, plan):
    url, other = contracts.url(plan), contracts.save("other.txt", ContentFile(b"other"))
    with exclusive(contracts.terms.root, contracts.terms.modes):
        assert quarantine.put(plan, contracts.terms)
        assert trash.put(other, contracts.terms)
    assert get(url).status == 404
    assert get(contracts.url(other)).status == 404
    assert get(contracts.url(quarantine.place(plan))).status == 404
    with exclusive(contracts.terms.root, contracts.terms.modes):
        assert quarantine.clear(plan, contracts.terms)
    assert get(url).body == PLAN


@pytest.mark.parametrize(
    "name", [".roots/lock", ".hidden", "../media/legacy.txt", "a/../b.txt", "C:x", "folder/", ""]
)
def test_a_signature_opens_no_name_that_no_file_may_have(get, contracts, plan, name):
    query = contracts.url(name).partition("?")[2]
    assert get(f"/contracts/{quote(name)}?{query}").status == 404


def test_a_symlink_out_of_it_is_not_there(get, contracts, plan, folder, site):
    os.symlink(folder / "secret.txt", os.path.join(contracts.location, "link.txt"))
    assert get(contracts.url("link.txt")).status == 404


def test_its_files_are_not_below_the_public_prefix(get, contracts, plan):
    assert get(f"/media/{quote(plan)}").status == 404
    assert get(f"/media/../contracts/{quote(plan)}").status == 404


def test_a_link_opens_no_other_storage(get, contracts, plan, settings, tmp_path):
    place(settings, "invoices", tmp_path / "invoices", base_url="/invoices/")
    invoices = storages["invoices"]
    assert invoices.save("2026/größe 1.pdf", ContentFile(PLAN)) == plan
    assert get(invoices.url(plan)).status == 200
    assert get(contracts.url(plan).replace("/contracts/", "/invoices/")).status == 403


def test_a_download_has_the_name_it_is_given(get, contracts, plan):
    url = contracts.signed_url(plan, download_name='a"b größe.pdf')
    said = get(url).header("Content-Disposition")
    assert said.startswith('attachment; filename="a_b gr__e.pdf"; filename*=UTF-8')
    assert get(url.replace("a%22b", "evil")).status == 403


def test_secrets_are_rotated_and_withdrawn(get, contracts, plan, settings):
    url, before = contracts.url(plan), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [before]
    assert get(url).status == 200
    assert get(contracts.url(plan)).status == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert get(url).status == 403


def test_methods_are_those_of_files(get, contracts, plan):
    url = contracts.url(plan)
    assert get(url, "OPTIONS").status == 204
    assert get(url, "POST").status == 405


def test_headers_of_the_project_s_own_are_those_of_private_files(get, contracts, plan, settings):
    rule = {"*.pdf": {"Cross-Origin-Resource-Policy": "same-origin"}}
    settings.ROOTS = {"HEADERS": {"private": rule}}
    assert get(contracts.url(plan)).header("Cross-Origin-Resource-Policy") == "same-origin"


@pytest.mark.parametrize("prefix", ["/contracts/", "/app/contracts/"])
def test_a_forced_script_name_may_be_cut_off_by_the_proxy_or_not(
    get, contracts, plan, settings, prefix
):
    settings.FORCE_SCRIPT_NAME = "/app"
    assert get(contracts.url(plan).replace("/contracts/", prefix)).body == PLAN


def test_it_is_served_even_where_media_is_left_to_a_proxy(get, contracts, plan, settings):
    settings.ROOTS = {"SERVE_MEDIA": False, "SERVE_STATIC": False}
    assert get(contracts.url(plan)).status == 200
    assert get(f"/contracts/{quote(plan)}").status == 404


def test_in_development_it_is_as_private(get, contracts, plan, settings):
    settings.DEBUG = True
    assert get(contracts.url(plan)).header("Cache-Control").startswith("private, ")
    assert get(f"/contracts/{quote(plan)}").status == 404


def test_a_proxy_is_told_where_one_sends_files(get, contracts, plan, settings):
    settings.ROOTS = {"OFFLOAD": "nginx"}
    got = get(contracts.url(plan))
    assert (got.status, got.body) == (200, b"")
    assert got.header("X-Accel-Redirect") == location(contracts.location) + quote(plan)
    assert got.header("Cache-Control").startswith("private, max-age=")
    assert got.header("Content-Disposition").startswith("attachment; ")
    assert got.header("Referrer-Policy") == "no-referrer"
    assert get(f"/contracts/{quote(plan)}").header("X-Accel-Redirect") is None
