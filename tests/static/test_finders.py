import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError

from tests.static.project import collect


@pytest.fixture
def packages(project, settings, tmp_path):
    """A `node_modules` with one package, and a finder that looks into it."""
    for name in ("dist/htmx.min.js", "dist/ext/ws.js", "dist/ext/sse.js", "README.md"):
        path = tmp_path / "node_modules" / "htmx.org" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    settings.BASE_DIR = tmp_path
    settings.STATICFILES_FINDERS = ["roots.static.finders.NodePackagesFinder"]
    return project


def collected(project, settings, patterns):
    settings.ROOTS = {"NODE_PACKAGES": {"htmx.org": patterns}}
    collect()
    return sorted(name.removeprefix("htmx.org/") for name in project.manifest().paths)


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["dist/htmx.min.js"], ["dist/htmx.min.js"]),
        (["dist/ext"], ["dist/ext/sse.js", "dist/ext/ws.js"]),
        (["dist/*.js", "dist/htmx.min.js"], ["dist/htmx.min.js"]),
    ],
)
def test_files_directories_and_globs_are_collected_below_the_package(
    packages, settings, patterns, names
):
    assert collected(packages, settings, patterns) == names


def test_a_listed_file_is_found_by_its_logical_name(packages, settings, tmp_path):
    settings.ROOTS = {"NODE_PACKAGES": {"htmx.org": ["dist/htmx.min.js"]}}
    path = str(tmp_path / "node_modules" / "htmx.org" / "dist" / "htmx.min.js")
    assert finders.find("htmx.org/dist/htmx.min.js") == path
    assert finders.find("htmx.org/README.md") is None


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ({"lit": ["index.js"]}, "Run `npm install lit`"),
        ({"htmx.org": ["dist/gone.js"]}, "has no such file"),
        ({"htmx.org": ["../lit/index.js"]}, "leads out of its package"),
        ({"htmx.org": ["/etc/passwd"]}, "leads out of its package"),
    ],
)
def test_what_is_not_there_is_told(packages, settings, listed, message):
    settings.ROOTS = {"NODE_PACKAGES": listed}
    with pytest.raises(CommandError, match=message):
        collect()
