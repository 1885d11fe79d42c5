import pytest

from roots.static.manifest import Manifest, Module, Record
from roots.static.modules import Modules


def modules(tree: dict[str, Module | None], bare: dict[str, str] | None = None) -> Modules:
    """A release of scripts with the given imports; `a/b.js` is stored as `a/b.1.js`."""
    stored = {name: name.replace(".js", ".1.js") for name in tree}
    files = {stored[name]: Record("", 0, (), f"sha384-{name}", tree[name]) for name in tree}
    return Modules(Manifest(stored, files), "/static/", bare or {})


LEAF = Module()


def test_specifiers_are_resolved_as_urls_are():
    found = modules(
        {
            "a/main.js": Module(("./b.js", "../c.js", "/static/d%20d.js"), ("./sub/../e.js",)),
            **dict.fromkeys(["a/b.js", "c.js", "d d.js", "a/e.js", "alone.js"], LEAF),
        }
    )
    names = ("a/main", "a/b", "c", "d%20d", "a/e")
    assert found.importmap(("a/main.js",)).imports == {
        f"/static/{name}.js": f"/static/{name}.1.js" for name in names
    }


@pytest.mark.parametrize(
    "specifier",
    ["b.js", "lit", "./gone.js", "../../b.js", "/b.js", "https://example.com/static/b.js",
     "./b.js?v=2", "./b.js#x", "//example.com/b.js", "", "./"],
)  # fmt: skip
def test_what_leads_to_no_file_of_the_release_is_left_alone(specifier):
    found = modules({"a.js": Module((specifier,)), "b.js": LEAF})
    assert found.importmap(("a.js",)).imports == {"/static/a.js": "/static/a.1.js"}


def test_circles_end():
    found = modules({"a.js": Module(("./b.js",)), "b.js": Module(("./a.js", "./b.js"))})
    assert [asset.url for asset in found.preloads(("a.js",))] == [
        "/static/a.1.js",
        "/static/b.1.js",
    ]


def test_bare_names_lead_to_files_and_urls():
    bare = {"lit": "v/lit.js", "cdn": "https://cdn.example.com/x.js", "own": "/static/v/lit.js"}
    found = modules(
        {"a.js": Module(tuple(bare)), "v/lit.js": Module(("./b.js",)), "v/b.js": LEAF}, bare
    )
    assert found.importmap(("a.js",)).imports == {
        "/static/a.js": "/static/a.1.js",
        "/static/v/lit.js": "/static/v/lit.1.js",
        "/static/v/b.js": "/static/v/b.1.js",
        "lit": "/static/v/lit.1.js",
        "cdn": "https://cdn.example.com/x.js",
        "own": "/static/v/lit.1.js",
    }
    assert len(found.preloads(("a.js",))) == 3


def test_a_prefix_is_spelled_out_for_each_module_below_it():
    tree = {
        "a.js": Module(("kit/x/y.js",)),
        "v/kit/x/y.js": LEAF,
        "v/kit/z.js": LEAF,
        "v/kit/u.js": None,
    }
    found = modules(tree, {"kit/": "v/kit/"})
    assert found.importmap(("a.js",)).imports["kit/x/y.js"] == "/static/v/kit/x/y.1.js"
    assert "kit/z.js" not in found.importmap(("a.js",)).imports
    bare = {k: v for k, v in found.importmap().imports.items() if k.startswith("kit/")}
    assert bare == {
        "kit/": "/static/v/kit/",
        "kit/x/y.js": "/static/v/kit/x/y.1.js",
        "kit/z.js": "/static/v/kit/z.1.js",
    }


def test_the_longest_prefix_wins():
    tree = {"a.js": Module(("kit/x/y.js",)), "v/y.js": LEAF, "w/x/y.js": LEAF}
    found = modules(tree, {"kit/": "w/", "kit/x/": "v/"})
    assert found.importmap(("a.js",)).imports["kit/x/y.js"] == "/static/v/y.1.js"


def test_names_are_spelled_as_django_and_as_browsers_do():
    found = modules({"@hot/a.js": LEAF})
    assert found.importmap().imports == {
        "/static/@hot/a.js": "/static/%40hot/a.1.js",
        "/static/%40hot/a.js": "/static/%40hot/a.1.js",
    }


def test_only_modules_and_what_they_import_are_in_the_whole_map():
    tree = {"a.js": Module(("./data.js",)), "data.js": None, "jquery.js": None}
    assert set(modules(tree).importmap().imports) == {"/static/a.js", "/static/data.js"}


def test_integrity_is_by_url():
    found = modules({"a.js": Module(("./b.js",)), "b.js": LEAF})
    assert found.importmap(is_integral=True).integrity == {
        "/static/a.1.js": "sha384-a.js",
        "/static/b.1.js": "sha384-b.js",
    }


def test_a_map_is_made_once():
    found = modules({"a.js": LEAF})
    assert found.importmap(("a.js",)) is found.importmap(("a.js",))
