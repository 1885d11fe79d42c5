"""Django's own `ManifestStaticFilesStorage` on a release of ours: going back is changing a line."""

from urllib.parse import unquote

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command

from roots.static.storage import StaticStorage
from tests.static.project import SMALL_TREE, collect, make

ODD_NAMES = [
    "a b.css",
    "zażółć/gęślą.js",
    "100% sure.txt",
    "dots.in.name.tar.gz",
    "no-suffix",
    "assets/greet-HRnAnZit.js",
    "it's (1) & more+.svg",
]


class Theirs(ManifestStaticFilesStorage):
    """As a project would point it at another place."""


@pytest.fixture
def storages(tmp_path, settings):
    """Django's storage, and ours, of one STATIC_ROOT."""
    settings.ROOTS = {"ENCODINGS": []}
    settings.STATICFILES_FINDERS = [
        "django.contrib.staticfiles.finders.FileSystemFinder",
        "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    ]
    project = make(tmp_path, settings)
    project.write({**SMALL_TREE, **dict.fromkeys(ODD_NAMES, "text")})
    settings.STATICFILES_DIRS = [project.sources, admin()]
    collect(verbosity=0)
    return Theirs(location=project.root), StaticStorage(location=project.root)


def admin() -> str:
    import django.contrib.admin

    return django.contrib.admin.__path__[0] + "/static"


def test_every_name_has_the_same_url(storages):
    theirs, ours = storages
    assert theirs.manifest_hash
    assert len(theirs.hashed_files) > 100
    for name in theirs.hashed_files:
        assert theirs.stored_name(name) == ours.stored_name(name)
        # theirs is not percent-encoded, so that browsers guess what `100% sure.txt` may be
        assert theirs.url(name) == unquote(ours.url(name)), name
        assert theirs.exists(theirs.stored_name(name))


def test_so_has_every_name_with_a_query_or_fragment(storages):
    theirs, ours = storages
    for name in SMALL_TREE:
        for suffix in ("?v=1", "#x", "?#iefix", "?a=b#c"):
            assert theirs.url(name + suffix) == ours.url(name + suffix)


def test_collecting_with_it_again_makes_its_own_names(storages, settings, monkeypatch):
    theirs, ours = storages
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            "OPTIONS": {"location": str(ours.root)},
        }
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    back = Theirs(location=ours.root)
    assert back.hashed_files.keys() == theirs.hashed_files.keys()
    assert all(map(back.exists, back.hashed_files.values()))
