"""access="view": a function of the project's is asked for each request, and the layer sends."""

from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import include, path

from roots.django.models import StoredFile
from roots.errors import ConfigError
from roots.media import quarantine
from roots.media.locking import exclusive
from roots.media.storage import MediaStorage
from roots.serve.handover import authorised
from tests.serve.handover.private_site import IN_FRONT, through_client

pytestmark = pytest.mark.usefixtures("sqlite_database")
PLAN = b"%PDF-1.7 the plan"
asked: list[StoredFile] = []


def may_read(request, file):
    """Says what the visitor's header wants, and remembers what it was asked about."""
    asked.append(file)
    return VERDICTS[request.headers.get("X-Verdict", "yes")]()


async def may_read_async(request, file):
    return may_read(request, file)


class MayRead:
    """An async function that nobody can tell from a plain one; `never` is what nobody awaits."""

    def __call__(self, request, file):
        self.never = may_read_async(request, file)
        return self.never


VERDICTS = {
    "yes": lambda: True,
    "no": lambda: False,
    "nothing": lambda: None,
    "truth": lambda: ["something"],
    "login": lambda: HttpResponseRedirect("/login/"),
    "page": lambda: HttpResponse("Ask for it at the desk."),
}


@pytest.fixture(autouse=True)
def nothing_asked():
    asked.clear()


@pytest.fixture(params=[*IN_FRONT, through_client], ids=lambda way: way.__name__)
def get(request):
    return request.param


@pytest.fixture(params=IN_FRONT, ids=lambda way: way.__name__)
def get_through_layer(request):
    return request.param


@pytest.fixture(params=[f"{__name__}.may_read", f"{__name__}.may_read_async"])
def authorize(request):
    return request.param


@pytest.fixture
def papers(settings, folder, tmp_path, authorize):
    return placed(settings, tmp_path / "papers", authorize)


def placed(settings, location, authorize) -> MediaStorage:
    """STORAGES["papers"], and the URLs of a project that has included ours."""
    options = {"access": "view", "authorize": authorize}
    options |= {"location": location, "base_url": "/papers/"}
    backend = {"BACKEND": "roots.media.storage.MediaStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "papers": backend}
    settings.ROOT_URLCONF = (path("", include([*authorised.patterns()])),)
    return storages["papers"]


@pytest.fixture
def plan(papers):
    return papers.save("2026/größe 1.pdf", ContentFile(PLAN))


def test_who_may_read_it_gets_the_file(get, papers, plan):
    got = get(papers.url(plan))
    assert (got.status, got.body) == (200, PLAN)
    assert got.header("Cache-Control") == "private, no-cache"
    assert got.header("Content-Disposition").startswith("attachment; ")
    assert got.header("X-Content-Type-Options") == "nosniff"


def test_parts_and_conditions_are_answered(get, papers, plan):
    part = get(papers.url(plan), Range="bytes=1-3")
    assert (part.status, part.body) == (206, PLAN[1:4])
    assert get(papers.url(plan), If_None_Match=part.header("ETag")).status == 304
    assert get(papers.url(plan), "HEAD").header("Content-Length") == str(len(PLAN))


def test_it_is_asked_about_the_record_of_the_file(get, papers, plan):
    StoredFile.objects.filter(name=plan).update(owner="7")
    get(papers.url(plan))
    (file,) = asked
    assert (file.storage, file.name, file.owner) == ("papers", plan, "7")
    assert (file.size, file.original_name) == (len(PLAN), "größe 1.pdf")


def test_a_file_without_a_record_is_asked_about_by_its_name(get, papers, plan):
    StoredFile.objects.all().delete()
    assert get(papers.url(plan)).status == 200
    (file,) = asked
    assert (file.pk, file.storage, file.name) == (None, "papers", plan)


def test_who_may_not_read_it_is_told_so_whether_it_is_there_or_not(get, papers, plan):
    there = get(papers.url(plan), X_Verdict="no")
    nowhere = get(papers.url("2026/no.pdf"), X_Verdict="no")
    assert there == nowhere
    assert there.status == 403
    assert PLAN not in there.body


def test_who_may_read_what_is_gone_is_told_so(get, papers, plan):
    assert get(papers.url("2026/no.pdf")).status == 404


def test_what_is_in_quarantine_is_not_there(get, papers, plan):
    with exclusive(papers.terms.root, papers.terms.modes):
        assert quarantine.put(plan, papers.terms)
    assert get(papers.url(plan)).status == 404
    assert get(papers.url(quarantine.place(plan))).status == 404


def test_it_may_answer_for_itself_and_no_cache_keeps_that_for_others(get, papers, plan):
    login = get(papers.url(plan), X_Verdict="login")
    assert (login.status, login.header("Location")) == (302, "/login/")
    page = get(papers.url(plan), X_Verdict="page")
    assert (page.status, page.body) == (200, b"Ask for it at the desk.")
    assert page.header("Cache-Control") == "private, no-cache"


@pytest.mark.parametrize("verdict", ["nothing", "truth"])
def test_what_is_no_answer_lets_nobody_in(get_through_layer, papers, plan, verdict, caplog):
    got = get_through_layer(papers.url(plan), X_Verdict=verdict)
    assert got.status == 500
    assert PLAN not in got.body
    assert "must return True, False or a response, but returned" in caplog.text


@pytest.mark.parametrize("authorize", [MayRead()])
def test_an_answer_nobody_waited_for_lets_nobody_in(
    get_through_layer, papers, plan, authorize, caplog
):
    assert get_through_layer(papers.url(plan)).status == 500
    authorize.never.close()
    assert "Is it async, behind something that is not?" in caplog.text


def test_it_is_for_reading_only(get, papers, plan):
    got = get(papers.url(plan), "POST")
    assert (got.status, got.header("Allow")) == (405, "GET, HEAD")
    assert asked == []


@pytest.mark.parametrize("name", [".roots/lock", ".hidden", "a/../b.txt", "x" * 300, "a%00b"])
def test_names_that_no_file_may_have_are_not_there(get, papers, plan, name):
    assert get(f"/papers/{name}").status == 404
    assert asked == []  # PostgreSQL, for one, raises for a NUL


def test_its_files_are_not_below_the_public_prefix(get_through_layer, papers, plan):
    assert get_through_layer(f"/media/{quote(plan)}").status == 404


CACHED = [
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]


@pytest.mark.parametrize("verdict", ["yes", "page"])
def test_django_s_cache_keeps_nothing_of_it(get, papers, plan, settings, verdict):
    settings.MIDDLEWARE = CACHED
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for _ in range(2):
        assert get(papers.url(plan), X_Verdict=verdict).status == 200
    assert len(asked) == 2
    assert get(papers.url(plan), X_Verdict="no").status == 403


def test_a_proxy_sends_it_where_one_does(get, papers, plan, settings):
    settings.ROOTS = {"OFFLOAD": "apache"}
    assert get(papers.url(plan)).header("X-Sendfile").endswith(".pdf")
    assert get(papers.url(plan), X_Verdict="no").header("X-Sendfile") is None


@pytest.mark.parametrize("prefix", ["/papers/", "/app/papers/"])
def test_a_forced_script_name_may_be_cut_off_or_not(
    get_through_layer, papers, plan, settings, prefix
):
    settings.FORCE_SCRIPT_NAME = "/app"
    settings.ROOT_URLCONF = tuple(authorised.patterns())
    assert get_through_layer(prefix + quote(plan)).body == PLAN


@pytest.mark.parametrize(
    ("authorize", "said"),
    [
        ("nowhere.at.all", "cannot be imported"),
        (f"{__name__}.PLAN", "must be a function that is called"),
        (f"{__name__}.gone", "cannot be imported"),
    ],
)
def test_a_function_that_is_none_is_refused(settings, tmp_path, authorize, said):
    with pytest.raises(ConfigError, match=said) as refused:
        placed(settings, tmp_path / "papers", authorize)
    assert 'of STORAGES["papers"]' in str(refused.value)


def test_urls_that_lead_there_are_in_order(papers):
    authorised.require_urls()


def view(request):
    return HttpResponse()


@pytest.mark.parametrize(
    "urls",
    [
        lambda: (),
        lambda: (path("private/", include([*authorised.patterns()])),),
        lambda: (path("papers/<path:rest>", view), *authorised.patterns()),
    ],
)
def test_urls_that_lead_elsewhere_are_told_of(papers, settings, urls):
    settings.ROOT_URLCONF = urls()
    with pytest.raises(ConfigError, match="no URL below /papers/ leads to its files"):
        authorised.require_urls()
