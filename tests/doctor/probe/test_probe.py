"""doctor --probe, on real sites."""

import json
import re

import pytest

from tests.doctor.probe.sites import answering, configured, nginx, self_signed, served, silent
from tests.doctor.projects import TinyProject
from tests.doctor.stock import StockProject

pytestmark = pytest.mark.xdist_group("probe")  # one site for all

CSS = "".join(f".rule-{number} {{ color: #{number:03} }}\n" for number in range(100, 400))
ALL = "location / {{ proxy_set_header Host shop.example; proxy_pass http://127.0.0.1:{port}; }}"


@pytest.fixture(scope="module")
def project(tmp_path_factory, forks):
    """A project with a release and a database."""
    found = TinyProject(tmp_path_factory.mktemp("shop") / "shop", forks)
    found.write({"shop/static/shop/app.css": CSS})
    found.collect()
    assert found.manage("migrate", "--verbosity", "0").code == 0
    return found


@pytest.fixture(scope="module")
def site(project):
    with served(project) as server:
        yield server


def probed(project, url, *arguments):
    result = project.manage("doctor", "--json", "--probe", url, *arguments)
    assert result.out, result.err
    return {each["slug"]: each for each in json.loads(result.out)}


@pytest.fixture
def behind(project, site, request):
    """What is found behind nginx with these lines."""

    def behind(lines, *arguments):
        directory = str(project.directory)
        lines = lines.replace("DIRECTORY", directory).replace("ALL", ALL.format(port=site.port))
        with nginx(project, lines, request.node.name) as server:
            return probed(project, f"http://127.0.0.1:{server.port}", *arguments)

    return behind


def test_a_site_in_order_is_only_told_about(project, site):
    found = probed(project, f"http://127.0.0.1:{site.port}", "--write-probe")
    assert list(found) == ["probe-answers"]
    assert found["probe-answers"]["severity"] == "info"
    assert re.search(r"200 /static/shop/app\.\w+\.css  (br|zstd|gzip); .*immutable", str(found))
    assert re.search(r"200 /media/roots-probe-\w+\.\w+\.html", str(found))
    assert re.search(r"404 /static/staticfiles\.json", str(found))


def test_nothing_is_left_of_the_upload(project, site):
    probed(project, f"http://127.0.0.1:{site.port}", "--write-probe")
    left = [path for path in (project.directory / "media").rglob("*") if path.is_file()]
    assert [path for path in left if "probe" in path.name] == []
    out = project.manage("media", "audit").out
    assert "probe" not in out


def test_people_read_the_same(project, site):
    result = project.manage("doctor", "--probe", f"http://127.0.0.1:{site.port}")
    assert result.code == 0
    assert "NOTE    probe-answers  roots.I115" in result.out


def test_a_proxy_that_passes_all_on(behind):
    assert list(behind("ALL", "--write-probe")) == ["probe-answers"]


def test_a_proxy_with_what_proxyconf_prints(project, site):
    with configured(project, site.port) as server:
        found = probed(project, f"http://127.0.0.1:{server.port}", "--write-probe")
    assert {each["severity"] for each in found.values()} == {"info"}
    assert {*found} <= {"probe-headers-changed", "probe-answers"}, found  # ETags are nginx's own


def test_a_proxy_that_drops_and_adds(behind):
    lines = (
        "proxy_hide_header Cache-Control; proxy_hide_header X-Content-Type-Options;"
        "proxy_hide_header Content-Security-Policy; proxy_hide_header Content-Disposition;"
        "add_header X-Powered-By magic; ALL"
    )
    found = behind(lines, "--write-probe")
    assert found["probe-not-cached"]["what"].endswith("is missing.")
    assert "probe-without-nosniff" in found
    assert found["probe-upload-active"]["severity"] == "error"
    assert found["probe-headers-changed"]["severity"] == "warning"
    assert "- cache-control: " in found["probe-headers-changed"]["what"]
    assert "+ x-powered-by: magic" in found["probe-headers-changed"]["what"]


def test_a_proxy_that_only_adds_is_a_note(behind):
    found = behind("add_header X-Powered-By magic; ALL")
    assert found["probe-headers-changed"]["severity"] == "info"


def test_a_proxy_that_climbs_out_of_the_root(behind):
    found = behind("location /static { alias DIRECTORY/staticfiles/; } ALL")
    assert found["probe-traversal"]["severity"] == "error"
    assert "/static../manage.py is answered with" in found["probe-traversal"]["what"]
    assert "probe-manifest-served" in found
    assert "probe-hidden-served" in found
    assert "probe-not-compressed" in found
    assert "probe-not-cached" in found


def test_a_proxy_with_wrong_types(behind):
    found = behind(
        "location /static/ { types { } default_type text/plain; alias DIRECTORY/staticfiles/; } ALL"
    )
    assert "is said to be text/plain, and is text/css" in found["probe-wrong-type"]["what"]


def test_files_that_are_not_there(behind):
    found = behind(
        "location /static/ { return 404; } location /media/ { return 403; } ALL", "--write-probe"
    )
    assert "is answered 404" in found["probe-static-missing"]["what"]
    assert "is answered 403" in found["probe-upload-missing"]["what"]


def test_a_page_for_every_path_is_no_upload(behind):
    lines = "location /media/ { default_type text/html; return 200 '<h1>Shop</h1>'; } ALL"
    found = behind(lines, "--write-probe")
    assert "with something else than" in found["probe-upload-missing"]["what"]


def test_a_page_instead_of_a_file(behind):
    found = behind("types { } location / { default_type text/html; return 200 '<h1>Shop</h1>'; }")
    assert "with a page instead of the file" in found["probe-static-missing"]["what"]


@pytest.mark.parametrize(
    "reply",
    [
        (302, {"Location": "/accounts/login/?next=/"}, b""),
        (302, {"Location": "https://sso.example/start"}, b""),
        (401, {"WWW-Authenticate": "Basic"}, b""),
        (200, {"Content-Type": "text/html"}, b'<form><input name="p" type="password"></form>'),
    ],
)
def test_a_login_in_front(project, reply):
    with answering(reply) as url:
        found = probed(project, url)
    assert found["probe-login"]["severity"] == "warning"
    assert "probe-static-missing" not in found


def test_other_bytes(project):
    css = (200, {"Content-Type": "text/css", "X-Content-Type-Options": "nosniff"}, b"a {}")
    with answering(css) as url:
        found = probed(project, url)
    assert "has 4 bytes" in found["probe-static-differs"]["what"]


def test_a_site_that_cannot_be_asked_is_one_error(project, tmp_path):
    with silent() as url:
        found = probed(project, url, "--timeout", "0.2")
    assert list(found) == ["probe-unreachable"]
    with self_signed(tmp_path) as (url, _):
        found = probed(project, url)
    assert "self-signed certificate" in found["probe-unreachable"]["what"]
    assert found["probe-unreachable"]["where"] == url


@pytest.mark.parametrize(
    "url", ["", "http://[", "shop.example", "https://shop.example/a", "ftp://a", "http://a:b"]
)
def test_what_is_no_address_of_a_site(project, url):
    result = project.manage("doctor", "--probe", url)
    assert result.code == 1
    assert "--probe takes the address of a site" in result.err


def test_only_what_was_asked_for(project):
    with answering((404, {}, b"")) as url:
        assert probed(project, url, "--only", "probe-login") == {}
        assert "probe-static-missing" in probed(project, url, "--skip", "probe-answers")


SIGNED = """
STORAGES["contracts"] = {
    "BACKEND": "roots.media.storage.MediaStorage",
    "OPTIONS": {"location": BASE_DIR / "private", "base_url": "/contracts/", "access": "signed"},
}
"""


@pytest.mark.parametrize("lines", ["", "location /contracts/ { alias DIRECTORY/private/; }"])
def test_an_upload_that_needs_a_link(tmp_path, forks, lines):
    """nginx serves the directory without asking for one, or hands all on."""
    shop = TinyProject(tmp_path / "shop", forks)
    shop.settings(SIGNED)
    shop.collect()
    assert shop.manage("migrate", "--verbosity", "0").code == 0
    with served(shop) as upstream:
        lines = lines.replace("DIRECTORY", str(shop.directory)) + ALL.format(port=upstream.port)
        with nginx(shop, lines, "nginx") as server:
            found = probed(shop, f"http://127.0.0.1:{server.port}", "--write-probe")
    assert "probe-upload-missing" not in found
    assert ("probe-hidden-served" in found) == ("alias" in lines)
    told = found["probe-answers"]["what"]
    assert "signature=…" in told  # nobody who reads a log has the link
    assert re.findall(r"signature=\w", told) == []


def test_a_project_that_uses_nothing_of_this_package(tmp_path, forks):
    shop = StockProject(tmp_path / "shop", forks)
    shop.collect()
    lines = "location /{0}/ {{ alias {1}/{2}/; }}"
    roots = (("static", "staticfiles"), ("media", "media"))
    both = " ".join(lines.format(url, shop.directory, root) for url, root in roots)
    with nginx(shop, both, "nginx") as server:
        found = probed(shop, f"http://127.0.0.1:{server.port}", "--write-probe")
    assert {*found} == {"probe-without-nosniff", "probe-upload-active", "probe-answers"}
    assert [*(shop.directory / "media").iterdir()] == []


def test_a_cdn_that_is_down_does_not_hide_the_rest(tmp_path, forks):
    shop = TinyProject(tmp_path / "shop", forks)
    shop.collect()
    with answering((404, {}, b"")) as url, silent() as cdn:
        shop.settings(f'STATIC_URL = "{cdn}/static/"\nMEDIA_URL = "{url}/media/"')
        found = probed(shop, url, "--timeout", "0.5")
    assert found["probe-unreachable"]["where"] == cdn


def test_an_upload_needs_a_site_to_ask(tmp_path, forks):
    shop = StockProject(tmp_path / "shop", forks)
    result = shop.manage("doctor", "--write-probe")
    assert "--write-probe needs a site to ask" in result.err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_time_in_which_nobody_can_answer(project, seconds):
    result = project.manage("doctor", "--probe", "http://127.0.0.1:1", f"--timeout={seconds}")
    assert result.code == 1
    assert "--timeout takes seconds" in result.err
