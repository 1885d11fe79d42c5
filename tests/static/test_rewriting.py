"""`ROOTS["REWRITE_JAVASCRIPT"]`: imports say stored names."""

import re

import pytest
from django.core.management.base import CommandError

from tests.static.project import collect

SCRIPTS = {
    "js/main.js": (
        "import { a } from './lib/a.js' // './lib/a.js'\nimport 'lit'\nimport('./lazy.js')"
    ),
    "js/lib/a.js": "import './b.js'\nexport const a = new URL('../w.js?x=1', import.meta.url)",
    "js/lib/b.js": "import '/static/js/lib/a.js'",
    "js/lazy.js": "export default `import './lazy.js'`",
    "js/w.js": "",
}


@pytest.fixture
def paths(project, settings):
    settings.ROOTS = {"REWRITE_JAVASCRIPT": True}
    project.write(SCRIPTS)
    collect(verbosity=0)
    return project.manifest().paths


def test_only_the_specifiers_change(project, paths):
    names = {name: stored.rpartition("/")[2] for name, stored in paths.items()}
    assert project.stored("js/main.js").decode() == (
        f"import {{ a }} from './lib/{names['js/lib/a.js']}' // './lib/a.js'\n"
        f"import 'lit'\nimport('./{names['js/lazy.js']}')"
    )
    assert f"new URL('../{names['js/w.js']}?x=1'" in project.stored("js/lib/a.js").decode()
    assert project.stored("js/lazy.js").decode() == SCRIPTS["js/lazy.js"]


def test_modules_that_import_each_other_are_renamed_together(project, paths):
    before = dict(paths)
    project.write({"js/lib/b.js": "import '/static/js/lib/a.js' // changed"})
    collect(verbosity=0)
    after = project.manifest().paths
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"js/main.js", "js/lib/a.js", "js/lib/b.js"}
    assert re.search(
        r"'/static/js/lib/a\.[0-9a-f]{12}\.js'", project.stored("js/lib/b.js").decode()
    )


def test_switching_it_off_gives_the_authors_bytes_again(project, paths, settings):
    settings.ROOTS = {}
    collect(verbosity=0)
    for name, content in SCRIPTS.items():
        assert project.stored(name).decode() == content


def test_an_import_of_nothing_is_an_error(project, paths):
    project.write({"js/main.js": "import './lib/c.js'"})
    with pytest.raises(CommandError, match=r"main\.js:1: '\./lib/c\.js' names no collected file"):
        collect(verbosity=0)


def test_preloads_follow_rewritten_imports(project, paths):
    from roots.django.modules import preloads

    found = [asset.url for asset in preloads("js/main.js")]
    assert found == ["/static/" + paths[f"js/{n}.js"] for n in ("main", "lib/a", "lib/b")]
