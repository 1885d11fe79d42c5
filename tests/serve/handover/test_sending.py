"""`send`: what views hand over, sent by whoever stands in front, or by Django where nobody does."""

import gc
import io
import logging
import os
from dataclasses import replace
from urllib.parse import quote

import pytest
from django.core.files.storage import Storage
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.test import RequestFactory

from roots.errors import ConfigError
from roots.serve import send
from tests.serve.cases import CONDITIONS, JPG, METHODS, RANGES, SANDBOX
from tests.serve.handover.private_site import (
    IN_FRONT,
    NOTHING_IN_FRONT,
    Got,
    keeping_connections,
    private_directory,
)
from tests.serve.site import Site
from tests.serve.test_cases import check

EVERY_WAY = [*IN_FRONT, *NOTHING_IN_FRONT]
SAME_AS_MEDIA = [
    case
    for case in (*METHODS, *CONDITIONS, *RANGES)
    if case.path == JPG and case.method in ("GET", "HEAD")
]


@pytest.fixture(autouse=True)
def views(settings):
    settings.ROOT_URLCONF = "tests.serve.handover.private_urls"


@pytest.fixture(params=EVERY_WAY, ids=lambda way: way.__name__)
def get(request):
    return request.param


@pytest.fixture(params=IN_FRONT, ids=lambda way: way.__name__)
def get_through_layer(request):
    return request.param


@pytest.fixture
def private(folder, settings):
    """The directory of STORAGES["private"], beside MEDIA_ROOT."""
    return private_directory(folder, settings)


def name_of(site: Site, short: str) -> str:
    return site.facts[short]


@pytest.mark.parametrize("view", ["private", "async"])
@pytest.mark.parametrize("case", SAME_AS_MEDIA, ids=[case.id for case in SAME_AS_MEDIA])
def test_conditions_and_ranges_are_answered_as_for_public_media(get, view, case, site):
    headers = {name.replace("-", "_"): site.fill(value) for name, value in case.headers.items()}
    got: Got = get(f"/{view}/{name_of(site, 'jpg')}", case.method, **headers)
    wanted = case.replies.get("Cache-Control")
    private = "private, no-cache" if wanted and wanted != "no-store" else wanted
    expected = replace(
        case, replies={**case.replies, **({"Cache-Control": private} if wanted else {})}
    )
    check(expected, site, got.status, dict(got.headers), got.body)


def test_a_picture_is_shown_and_stays_private(get, site):
    got = get(f"/private/{name_of(site, 'jpg')}")
    assert (got.status, got.body) == (200, site.bodies["jpg"])
    assert got.header("Cache-Control") == "private, no-cache"
    assert got.header("Content-Disposition") == 'inline; filename="holiday.jpg"'
    assert got.header("Content-Security-Policy") == SANDBOX
    assert got.header("X-Content-Type-Options") == "nosniff"
    assert got.header("Content-Type") == "image/jpeg"


@pytest.mark.parametrize("short", ["html", "svg", "blob"])
def test_what_could_run_is_a_download(get, site, short):
    got = get(f"/private/{name_of(site, short)}")
    assert got.header("Content-Disposition").startswith("attachment; ")
    assert got.header("Content-Security-Policy") == SANDBOX
    assert got.body == site.bodies[short]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("plan.jpg", 'attachment; filename="plan.jpg"'),
        (
            "größe 1.jpg",
            "attachment; filename=\"gr__e 1.jpg\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%201.jpg",
        ),
        (
            'a"b\r\nSet-Cookie: x.jpg',
            (
                'attachment; filename="a_b__Set-Cookie: x.jpg"; '
                "filename*=UTF-8''a%22b%0D%0ASet-Cookie%3A%20x.jpg"
            ),
        ),
    ],
)
def test_a_download_has_the_name_it_is_given(get, site, wanted, said):
    got = get(f"/private/{name_of(site, 'jpg')}?as={quote(wanted)}")
    assert got.header("Content-Disposition") == said
    assert got.header("Set-Cookie") is None


def test_a_post_gets_the_whole_file(get, site):
    name = name_of(site, "wav")
    got = get(f"/private/{name}", "POST", Range="bytes=0-1", If_None_Match="*")
    assert (got.status, got.body) == (200, site.bodies["wav"])


def test_a_storage_beside_media_root_works(get, private):
    (private / "one & 100%.txt").write_bytes(b"for you only")
    got = get("/closed/" + quote("one & 100%.txt"))
    assert (got.status, got.body) == (200, b"for you only")


def test_digits_in_a_name_promise_nothing_where_the_storage_may_overwrite(get, private):
    path = private / "report.0123456789ab.txt"
    path.write_bytes(b"first")
    tag = get(f"/closed/{path.name}").header("ETag")
    path.write_bytes(b"second")
    again = get(f"/closed/{path.name}", If_None_Match=tag)
    assert (again.status, again.body) == (200, b"second")
    assert again.header("Content-Disposition") == f'inline; filename="{path.name}"'


@pytest.mark.parametrize(
    "name",
    [
        "nothing.txt",
        "..%2fsecret.txt",
        "%2fetc%2fpasswd",
        ".hidden",
        "a%00b",
        "pipe",
        "leads-out",
        "folder",
        "x" * 300,
    ],
)
def test_what_is_no_file_of_the_storage_is_not_there(get, private, folder, name):
    (folder / "secret.txt").write_bytes(b"secret")
    (private / ".hidden").write_bytes(b"secret")
    (private / "folder").mkdir(exist_ok=True)
    if not (private / "pipe").exists():
        os.mkfifo(private / "pipe")
        (private / "leads-out").symlink_to(folder / "secret.txt")
    got = get(f"/closed/{name}")
    assert got.status == 404
    assert b"secret" not in got.body


@pytest.mark.parametrize("name", [".roots/staging/half", ".roots/quarantine/waits.txt"])
def test_what_is_staged_or_waits_in_quarantine_is_not_there(get, site, name):
    assert get(f"/private/{name}").status == 404
    assert get(f"/private/{name.rpartition('/')[2]}").status == 404


def test_a_file_that_is_missing_is_named_in_the_log(get, site, caplog):
    get("/private/gone.0123456789ab.txt")
    assert "A view sent 'gone.0123456789ab.txt', but" in caplog.text


def test_an_empty_field_is_not_there():
    with pytest.raises(Http404, match="There is no file"):
        send(RequestFactory().get("/"), FieldFile(None, FileField(), None))


def test_a_storage_elsewhere_is_the_developers_to_mend():
    file = FieldFile(None, FileField(storage=Storage()), "far.txt")
    with pytest.raises(ConfigError, match="send\\(\\) needs a file on a disk, but Storage keeps"):
        send(RequestFactory().get("/"), file)


def test_what_the_view_said_is_kept_except_about_the_body(get_through_layer, site):
    got = get_through_layer(f"/decorated/{name_of(site, 'jpg')}")
    assert got.header("Content-Language") == "de"
    assert got.header("Set-Cookie") == "seen=yes; Path=/"
    assert got.header("X-Django") == "yes"
    assert got.header("Vary") == "Cookie"
    assert got.header("ETag") == site.fill('"{jpg.tag}"')
    assert got.header("Content-Length") == site.facts["jpg.size"]
    assert got.header("Content-Type") == "image/jpeg"


def test_not_modified_says_what_the_view_said_too(get_through_layer, site):
    got = get_through_layer(f"/decorated/{name_of(site, 'jpg')}", If_None_Match="*")
    assert (got.status, got.body) == (304, b"")
    assert got.header("Set-Cookie") == "seen=yes; Path=/"
    assert got.header("Content-Type") is None
    assert got.header("Content-Length") is None


def test_the_view_has_the_last_word_on_caching(get, site):
    got = get(f"/brief/{name_of(site, 'jpg')}")
    assert got.header("Cache-Control") == "private, no-store"


def test_the_view_has_no_word_on_caching_what_is_not_there(get_through_layer, site):
    got = get_through_layer("/brief/gone.txt")
    assert (got.status, got.header("Cache-Control")) == (404, "no-store")


def test_a_response_in_its_place_wins(get, site):
    got = get(f"/thoughts/{name_of(site, 'jpg')}")
    assert (got.status, got.body) == (200, b"no")


def test_another_status_wins(get_through_layer, site):
    got = get_through_layer(f"/refused/{name_of(site, 'jpg')}")
    assert (got.status, got.body) == (403, b"")
    assert not [name for name, _ in got.headers if "handover" in name.lower()]


def test_an_error_after_it_wins(get_through_layer, site, settings):
    got = get_through_layer(f"/failing/{name_of(site, 'jpg')}")
    assert got.status == 500
    assert site.bodies["jpg"] not in got.body


def test_no_header_shows_or_makes_it(get, site):
    got = get(f"/private/{name_of(site, 'jpg')}")
    token = "x" * 16
    assert not [name for name, _ in got.headers if "handover" in name.lower()]
    forged = get("/thoughts/x", X_Roots_Handover=token, Roots_Handover=token)
    assert forged.body == b"no"


def test_django_s_gzip_leaves_it_alone(get_through_layer, site):
    got = get_through_layer(f"/gzipped/{name_of(site, 'jpg')}", Accept_Encoding="gzip")
    assert (got.header("Content-Encoding"), got.body) == (None, site.bodies["jpg"])


def test_django_s_cache_never_keeps_it(get_through_layer, site):
    for _ in range(2):
        got = get_through_layer(f"/cached/{name_of(site, 'jpg')}")
        assert got.body == site.bodies["jpg"]
        assert got.header("Cache-Control") == "private, no-cache"


def test_caching_it_for_all_is_an_error_and_not_an_empty_page(get_through_layer, site, caplog):
    caplog.set_level(logging.ERROR)
    assert get_through_layer(f"/published/{name_of(site, 'jpg')}").status == 500
    assert "A response of send() cannot be kept in Django's cache" in caplog.text


def test_a_view_s_own_condition_is_asked_first(get_through_layer, site):
    path = f"/known/{name_of(site, 'jpg')}"
    assert get_through_layer(path, If_None_Match='"theirs"').status == 304
    assert get_through_layer(path).header("ETag") == site.fill('"{jpg.tag}"')


def test_no_descriptor_stays_open(get, site):
    get(f"/private/{name_of(site, 'jpg')}")
    before = open_descriptors()
    for headers in ({}, {"Range": "bytes=0-9"}, {"If_None_Match": "*"}):
        get(f"/private/{name_of(site, 'jpg')}", **headers)
    assert open_descriptors() == before


def open_descriptors() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def test_an_application_that_starts_late_gets_the_bytes_from_django(site):
    """A generator in between calls Django when the server iterates, after the layer looked."""
    from django.core.handlers.wsgi import WSGIHandler

    from roots.serve.wsgi import put_roots_before

    def late(environ, start_response):
        yield from WSGIHandler()(environ, start_response)

    started = []
    environ = RequestFactory()._base_environ(PATH_INFO=f"/private/{name_of(site, 'wav')}")
    environ["wsgi.input"] = io.BytesIO()
    with keeping_connections():
        result = put_roots_before(late)(environ, lambda *start: started.append(start))
        assert b"".join(result) == site.bodies["wav"]
    assert not [name for name, _ in started[0][1] if "handover" in name.lower()]
