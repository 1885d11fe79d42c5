"""ROOTS["MEDIA_ORIGIN"]: users' files are answered on a host of their own, and nothing else is."""

import asyncio

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages

from roots.errors import ConfigError
from roots.media.storage import MediaStorage
from roots.serve import asgi
from roots.serve.assembly import assemble
from tests.serve.handover.private_site import IN_FRONT

MEDIA, SITE = "media.example.org", "www.example.org"


@pytest.fixture(autouse=True)
def origin(settings):
    settings.ROOTS = {"MEDIA_ORIGIN": f"https://{MEDIA}"}
    settings.ROOT_URLCONF = "tests.project.urls"


@pytest.fixture(params=IN_FRONT, ids=lambda way: way.__name__)
def get(request):
    return request.param


@pytest.fixture
def paths(site):
    """What is for the media host, and what is for the site's."""
    return (
        [site.fill("/media/{jpg}"), "/media/legacy.txt"],
        ["/page/", site.fill("/static/{css}"), "/static/by-hand.txt", site.fill("/private/{jpg}")],
    )


def test_users_files_are_on_their_own_host_and_nowhere_else(get, paths):
    for path in paths[0]:
        assert get(path, Host=MEDIA).status == 200
        assert get(path, Host=SITE).status == 404


def test_nothing_else_is_on_that_host(get, paths):
    for path in paths[1]:
        refused = get(path, Host=MEDIA)
        assert (refused.status, refused.header("X-Django")) == (404, None)
        assert refused.header("Cache-Control") == "no-store"
        assert get(path, Host=SITE).status == 200


@pytest.mark.parametrize(
    "host", ["MEDIA.Example.ORG", f"{MEDIA}:443", f"{MEDIA}.", f"{MEDIA}.:443"]
)
def test_a_host_is_known_however_it_is_spelled(get, paths, host):
    assert get(paths[0][0], Host=host).status == 200
    assert get("/page/", Host=host).status == 404


@pytest.mark.parametrize(
    "host", ["", f"{MEDIA}:8000", f"x.{MEDIA}", f"{MEDIA}.evil.org", f"{MEDIA},{MEDIA}", "[::1]"]
)
def test_another_host_is_another_host(get, paths, host):
    assert get(paths[0][0], Host=host).status == 404


def test_without_a_host_it_is_the_site(get, paths):
    assert get(paths[0][0]).status == 404
    assert get(paths[1][1]).status == 200


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_proxy_is_believed_where_django_believes_it(get, paths, settings, is_trusted):
    settings.USE_X_FORWARDED_HOST = is_trusted
    forwarded = {"Host": "10.0.0.7", "X_Forwarded_Host": MEDIA}
    assert get(paths[0][0], **forwarded).status == (200 if is_trusted else 404)
    assert get(paths[1][1], **forwarded).status == (404 if is_trusted else 200)


def test_with_a_port_of_its_own(get, paths, settings):
    settings.ROOTS = {"MEDIA_ORIGIN": "http://media.localhost:8000"}
    assert get(paths[0][0], Host="media.localhost:8000").status == 200
    assert get(paths[0][0], Host="media.localhost").status == 404


@pytest.mark.django_db
def test_signed_links_are_on_that_host_too(get, settings, tmp_path):
    options = {"access": "signed", "location": tmp_path / "c", "base_url": "/contracts/"}
    backend = {"BACKEND": "roots.media.storage.MediaStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "contracts": backend}
    name = storages["contracts"].save("a.txt", ContentFile(b"signed"))
    url = storages["contracts"].url(name)
    path = url.removeprefix(f"https://{MEDIA}")
    assert path.startswith("/contracts/")
    assert get(path, Host=MEDIA).body == b"signed"
    assert get(path, Host=SITE).status == 404


def test_urls_lead_there(settings):
    assert default_storage.url("a b.jpg") == f"https://{MEDIA}/media/a%20b.jpg"
    settings.ROOTS = {}
    assert default_storage.url("a.jpg") == "/media/a.jpg"


def test_what_a_view_decides_about_stays_where_its_cookies_are(tmp_path):
    storage = MediaStorage(tmp_path, "/papers/", access="view", authorize="a.b")
    assert storage.url("a.jpg") == "/papers/a.jpg"


@pytest.mark.parametrize("url", ["https://cdn.example.net/media/", "//cdn.example.net/media/"])
def test_a_cdn_in_front_of_it_keeps_its_name(url, settings):
    settings.MEDIA_URL = url
    assert default_storage.url("a.jpg") == f"{url}a.jpg"


def test_a_storage_that_links_elsewhere_is_refused(settings):
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    assert FileSystemStorage().url("a.jpg") == "/media/a.jpg"
    with pytest.raises(ConfigError, match="would link to where its files are not"):
        assemble()
    settings.MEDIA_URL = f"https://{MEDIA}/media/"
    assemble()


def test_no_socket_is_opened_on_that_host(paths):
    sent = []

    async def project(scope, receive, send):
        await send({"type": "websocket.accept"})

    async def send(message):
        sent.append(message["type"])

    for host in (MEDIA, SITE):
        headers = [(b"host", host.encode())]
        scope = {"type": "websocket", "path": "/chat/", "headers": headers}
        asyncio.run(asgi.put_roots_before(project)(scope, None, send))
    assert sent == ["websocket.close", "websocket.accept"]


def test_what_has_no_host_is_handed_on():
    seen = []

    async def project(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(asgi.put_roots_before(project)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]


@pytest.mark.parametrize(
    "wrong",
    ["media.example.org", "https://media.example.org/", "https://a@b.org", "ftp://a.org", 1, ""],
)
def test_an_origin_that_is_none_is_refused(settings, wrong):
    settings.ROOTS = {"MEDIA_ORIGIN": wrong}
    with pytest.raises(ConfigError, match="must be an origin, as "):
        assemble()


@pytest.mark.parametrize("origin", ["http://localhost:8000", "https://[::1]:8000", "https://A.org"])
def test_an_origin_may_have_a_port(settings, origin):
    settings.ROOTS = {"MEDIA_ORIGIN": origin}
    assemble()
