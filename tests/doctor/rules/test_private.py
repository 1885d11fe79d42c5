"""Mistakes about files that not everybody may read."""

import pytest


def keep_private(project, location: str, **options: str) -> None:
    """A private storage in `location`, below the project's directory."""
    given = {"access": "signed", "base_url": "/contracts/", **options}
    project.settings(
        'STORAGES["contracts"] = {"BACKEND": "roots.media.storage.MediaStorage", "OPTIONS": '
        f'{{"location": BASE_DIR / "{location}", **{given!r}}}}}'
    )


def test_private_files_in_a_place_of_their_own_are_in_order(project):
    keep_private(project, "contracts")
    assert not {slug for slug in project.slugs() if slug.startswith("private-")}


@pytest.mark.parametrize(
    ("location", "options", "said"),
    [
        ("media/contracts", {}, "MEDIA_ROOT is "),
        ("contracts", {"base_url": "/media/contracts/"}, "must be two prefixes"),
    ],
)
def test_private_files_among_those_of_others(project, location, options, said):
    keep_private(project, location, **options)
    (finding,) = [e for e in project.findings() if e["slug"] == "private-files-shared"]
    assert 'STORAGES["contracts"]' in finding["what"]
    assert said in finding["what"]


def test_private_files_that_collectstatic_would_publish(project):
    keep_private(project, "shop/static/contracts")
    finding = project.only("private-files-in-staticfiles-dirs")
    assert "keeps private files in" in finding["what"]
    refused = project.manage("collectstatic", "--no-input")
    assert refused.code != 0
    assert "collectstatic would publish what only some may read" in refused.err


def test_a_view_that_no_url_leads_to(project):
    keep_private(project, "contracts", access="view", authorize="os.path.exists")
    finding = project.only("private-view-without-url")
    assert "no URL below /contracts/ leads to its files" in finding["what"]
    project.write(
        {
            "config/urls.py": "from django.urls import include, path\n"
            'urlpatterns = [path("", include("roots.urls"))]\n'
        }
    )
    assert "private-view-without-url" not in project.slugs()


def add_storage(project, options: str) -> None:
    project.settings(
        'STORAGES["contracts"] = {"BACKEND": "django.core.files.storage.FileSystemStorage", '
        f'"OPTIONS": {{{options}}}}}'
    )


@pytest.mark.parametrize("setting", ["PRIVATE_STORAGE_ROOT", "SENDFILE_ROOT"])
@pytest.mark.parametrize("place", ['MEDIA_ROOT / "private"', "str(MEDIA_ROOT)"])
def test_private_files_among_public_ones(project, setting, place):
    project.settings(f"{setting} = {place}")
    finding = project.only("private-media-world-readable")
    assert finding["severity"] == "error"
    assert finding["where"].endswith("config/settings.py:20")


def test_a_storage_within_media_root_whose_urls_lead_elsewhere(project):
    add_storage(project, '"location": MEDIA_ROOT / "contracts"')
    finding = project.only("private-media-world-readable")
    assert finding["severity"] == "warning"
    assert 'STORAGES["contracts"]' in finding["what"]


@pytest.mark.parametrize(
    "options",
    ['"location": BASE_DIR / "contracts"', '"location": MEDIA_ROOT / "c", "base_url": "/media/c/"'],
)
def test_private_files_beside_them_and_public_ones_below(project, options):
    add_storage(project, options)
    assert "private-media-world-readable" not in project.slugs()
