"""What the tags of `{% load roots %}` write."""

import json
import re

import django
import pytest
from django import forms
from django.forms import Media
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from roots.django.elements import Script, Stylesheet
from roots.django.modules import asset, importmap
from tests.static.project import collect, make

MODULES = {
    "css/app.css": "a { color: red }",
    "js/main.js": "import { a } from './a.js'; import 'lit'; import('./lazy.js')",
    "js/a.js": "import './deep/b.js'; export const a = 1",
    "js/deep/b.js": "import '../main.js'",
    "js/lazy.js": "export default 1",
    "js/other.js": "export default 2",
    "js/plain.js": "var x = 1",
    "vendor/lit/index.js": "export const lit = 1",
}
BARE = {"lit": "vendor/lit/index.js"}


@pytest.fixture
def release(tmp_path, settings):
    """The manifest of the collected MODULES."""
    settings.ROOTS = {"IMPORT_MAP": BARE}
    project = make(tmp_path, settings)
    project.write(MODULES)
    collect(verbosity=0)
    return project.manifest()


@pytest.fixture
def url(release):
    return lambda name: "/static/" + release.paths[name]


def render(source: str, **context: object) -> str:
    return Template("{% load roots %}" + source).render(Context(context))


def importmap_in(html: str) -> dict[str, dict[str, str]]:
    text = re.fullmatch(r'<script type="importmap"(?: nonce="\w+")?>(.*)</script>', html)
    assert text, html
    return json.loads(text[1])


def imports(html: str) -> dict[str, str]:
    return importmap_in(html)["imports"]


def test_the_import_map_leads_logical_and_bare_names_to_stored_ones(url):
    found = imports(render("{% importmap %}"))
    modules = ("main", "a", "deep/b", "lazy", "other")
    expected = {f"/static/js/{name}.js": url(f"js/{name}.js") for name in modules}
    lit = url("vendor/lit/index.js")
    assert found == expected | {"/static/vendor/lit/index.js": lit, "lit": lit}


def test_with_entries_it_holds_only_what_they_import_however_deep(url):
    found = imports(render('{% importmap "js/main.js" %}'))
    assert "/static/js/other.js" not in found
    assert found["lit"] == url("vendor/lit/index.js")
    assert {name for name in found if name.startswith("/static/js/")} == {
        f"/static/js/{name}.js" for name in ("main", "a", "deep/b", "lazy")
    }
    assert imports(render('{% importmap "js/lazy.js" "js/other.js" %}')).keys() == {
        "/static/js/lazy.js",
        "/static/js/other.js",
    }


def test_integrity_is_given_where_asked(release, url):
    found = importmap_in(render('{% importmap "js/lazy.js" integrity=True %}'))
    record = release.files[release.paths["js/lazy.js"]]
    assert found["integrity"] == {url("js/lazy.js"): record.integrity}
    assert record.integrity.startswith("sha384-")


def test_with_debug_bare_names_lead_to_logical_urls(release, settings):
    settings.DEBUG = True
    settings.ROOTS = {"IMPORT_MAP": BARE | {"x/": "js/deep/", "y": "https://cdn.example.com/y.js"}}
    assert imports(render('{% importmap "js/main.js" %}')) == {
        "lit": "/static/vendor/lit/index.js",
        "x/": "/static/js/deep/",
        "y": "https://cdn.example.com/y.js",
    }


def test_where_nothing_is_to_be_mapped_there_is_no_element(release, settings):
    settings.DEBUG, settings.ROOTS = True, {}
    assert render("{% importmap %}") == ""


def test_a_missing_entry_is_treated_as_the_setting_says(release, settings, caplog):
    assert render('{% importmap "js/mian.js" %}') == ""
    assert "Did you mean 'js/main.js'?" in caplog.text
    settings.ROOTS = {"MISSING_ENTRIES": "error"}
    with pytest.raises(ValueError, match="Did you mean"):
        render('{% modulepreload "js/mian.js" %}')


def test_preloads_are_the_entry_and_its_static_imports(release, url):
    html = render('{% modulepreload "js/main.js" %}')
    found = re.findall(r'href="(\S+)" crossorigin="anonymous" integrity="(\S+)"', html)
    names = ["js/main.js", "js/a.js", "vendor/lit/index.js", "js/deep/b.js"]
    assert [address for address, _ in found] == [url(name) for name in names]
    assert [digest for _, digest in found] == [
        release.files[release.paths[name]].integrity for name in names
    ]


def test_with_debug_only_the_entry_is_preloaded(release, settings):
    settings.DEBUG = True
    expected = '<link rel="modulepreload" href="/static/js/main.js">'
    assert render('{% modulepreload "js/main.js" %}') == expected


def test_static_tag_writes_a_whole_stylesheet_element(release, url):
    integrity = release.files[release.paths["css/app.css"]].integrity
    assert render('{% static_tag "css/app.css" media="print" %}') == (
        f'<link href="{url("css/app.css")}" crossorigin="anonymous" integrity="{integrity}" '
        'media="print" rel="stylesheet">'
    )


def test_static_tag_writes_a_whole_script_element(release, url):
    integrity = release.files[release.paths["js/main.js"]].integrity
    risky = mark_safe('"1"')  # between tags it would be
    html = render("{% static_tag name module defer data-x=x %}", name="js/main.js", x=risky)
    assert html == (
        f'<script src="{url("js/main.js")}" crossorigin="anonymous" data-x="&quot;1&quot;" '
        f'integrity="{integrity}" type="module" defer></script>'
    )


def test_url_and_integrity_are_of_one_file_where_names_are_alike(tmp_path, settings):
    project = make(tmp_path, settings)
    project.write({"a b.js": "var spaced", "a%20b.js": "var percent"})
    collect(verbosity=0)
    release = project.manifest()
    found = asset("a%20b.js?v=1")
    stored = release.paths["a%20b.js"]
    assert found.url.startswith("/static/" + stored.replace("%", "%25"))
    assert found.integrity == release.files[stored].integrity != ""


def test_with_debug_it_has_no_integrity(release, settings):
    settings.DEBUG = True
    expected = '<script src="/static/js/plain.js" defer></script>'
    assert render('{% static_tag "js/plain.js" defer %}') == expected


def test_a_missing_file_has_its_logical_url_and_no_integrity(release, caplog):
    assert render('{% static_tag "js/no.js" %}') == '<script src="/static/js/no.js"></script>'
    assert "No static file 'js/no.js' was collected." in caplog.text


def test_what_is_no_stylesheet_and_no_script_has_no_element(release):
    with pytest.raises(ValueError, match=r"neither a stylesheet .* Use \{% static %\}"):
        render('{% static_tag "img/logo.png" %}')


@pytest.mark.parametrize("arguments", ["", '"a.css" "b.css"', '"a.css" 1'])
def test_static_tag_tells_what_it_takes(arguments):
    with pytest.raises(TemplateSyntaxError, match=r"static_tag (needs|takes)"):
        render("{% static_tag " + arguments + " %}")


@pytest.mark.parametrize(
    "source",
    ["{% importmap %}", '{% modulepreload "js/lazy.js" %}', '{% static_tag "js/plain.js" %}'],
)
def test_the_nonce_of_the_page_is_used(release, source):
    assert ' nonce="abc"' in render(source, csp_nonce="abc")
    request = RequestFactory().get("/")
    assert " nonce" not in render(source, request=request)
    request.csp_nonce = "abc"
    assert ' nonce="abc"' in render(source, request=request)


def test_the_media_of_a_form_may_hold_them(release, url):
    media = Media(
        css={"all": [Stylesheet("css/app.css")]}, js=[Script("js/main.js", module=True)]
    ) + Media(js=[Script("js/main.js", module=True)])
    html = media.render()
    assert html.count("<script") == 1
    assert f'<link href="{url("css/app.css")}" crossorigin="anonymous" integrity="sha384-' in html
    assert f'<script src="{url("js/main.js")}" crossorigin="anonymous" integrity="sha384-' in html
    assert ' type="module"' in html


def test_djangos_own_scripts_in_media_have_stored_names(release, url):
    html = Media(js=["js/plain.js", forms.Script("js/main.js", type="module")]).render()
    assert f'<script src="{url("js/plain.js")}"></script>' in html
    assert f'<script src="{url("js/main.js")}" type="module"></script>' in html


@pytest.mark.skipif(django.VERSION < (6, 1), reason="The media of a form has no nonce yet.")
def test_the_media_of_a_form_takes_a_nonce(release):
    media = Media(css={"all": [Stylesheet("css/app.css")]}, js=[Script("js/main.js")])
    assert media.render(attrs={"nonce": "abc"}).count(' nonce="abc"') == 2


def test_the_hash_of_a_map_allows_it_where_there_is_no_nonce(release):
    found = importmap("js/main.js")
    assert found.text in render('{% importmap "js/main.js" %}')
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", found.csp_hash)


def test_a_new_release_has_a_new_map(release, tmp_path):
    before = imports(render("{% importmap %}"))
    (tmp_path / "static/js/lazy.js").write_text("export default 3")
    collect(verbosity=0)
    after = imports(render("{% importmap %}"))
    assert [name for name in before if before[name] != after[name]] == ["/static/js/lazy.js"]
