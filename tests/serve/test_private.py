"""Private roots are kept apart from everything that others may read."""

import pytest
from django.db.models import FileField

from roots.errors import ConfigError
from roots.media import storages as project
from roots.media.storage import MediaStorage
from roots.serve.assembly import assemble

SIGNED = {"BACKEND": "roots.media.storage.MediaStorage"}


@pytest.fixture
def roots(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "staticfiles"
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings


def keep(settings, alias: str, location, base_url: str, **options) -> None:
    """Put a private storage into STORAGES."""
    options = {"access": "signed", "location": location, "base_url": base_url, **options}
    settings.STORAGES = {**settings.STORAGES, alias: {**SIGNED, "OPTIONS": options}}


def test_signed_storages_are_roots_behind_a_gate(roots, tmp_path):
    keep(roots, "contracts", tmp_path / "contracts", "/con%20tracts/")
    *public, contracts = assemble()
    assert [root.gate for root in public] == [None, None]
    assert (contracts.prefix, contracts.directory) == ("/con tracts/", f"{tmp_path}/contracts")
    assert contracts.gate is not None


def test_those_that_ask_a_view_are_django_s(roots, tmp_path):
    keep(roots, "contracts", tmp_path / "c", "/c/", access="view", authorize="a.b")
    assert [root.prefix for root in assemble()] == ["/static/", "/media/"]


@pytest.mark.parametrize("kind", [{}, {"access": "view", "authorize": "a.b"}])
@pytest.mark.parametrize(
    ("directory", "other"),
    [
        ("media/private", "MEDIA_ROOT"),
        ("media", "MEDIA_ROOT"),
        (".", "STATIC_ROOT"),
        ("staticfiles/x", "STATIC_ROOT"),
        ("link", "MEDIA_ROOT"),
    ],
)
def test_a_directory_that_others_may_read_is_refused(roots, tmp_path, kind, directory, other):
    (tmp_path / "media").mkdir()
    (tmp_path / "link").symlink_to("media")
    keep(roots, "contracts", tmp_path / directory, "/contracts/", **kind)
    with pytest.raises(ConfigError) as refused:
        assemble()
    assert str(refused.value).startswith('STORAGES["contracts"] keeps private files in ')
    assert f"and {other} is {tmp_path}" in str(refused.value)


def test_two_private_storages_share_no_directory(roots, tmp_path):
    keep(roots, "contracts", tmp_path / "private", "/contracts/")
    keep(roots, "invoices", tmp_path / "private" / "invoices", "/invoices/")
    with pytest.raises(ConfigError, match=r'and STORAGES\["contracts"\] is /.*must be two direct'):
        assemble()


def test_one_directory_has_one_kind_of_access(roots, tmp_path):
    keep(roots, "links", tmp_path / "private", "/links/")
    keep(roots, "views", tmp_path / "private", "/views/", access="view", authorize="a.b")
    with pytest.raises(ConfigError, match="must be two directories"):
        assemble()


def test_two_aliases_of_one_storage_are_one_root(roots, tmp_path):
    keep(roots, "contracts", tmp_path / "private", "/contracts/")
    keep(roots, "invoices", tmp_path / "private", "/contracts/")
    assert [root.prefix for root in assemble()] == ["/static/", "/media/", "/contracts/"]


@pytest.mark.parametrize("kind", [{}, {"access": "view", "authorize": "a.b"}])
@pytest.mark.parametrize("url", ["/media/", "/media/private/", "/static/x/"])
def test_a_prefix_inside_another_is_refused(roots, tmp_path, url, kind):
    keep(roots, "contracts", tmp_path / "contracts", url, **kind)
    with pytest.raises(ConfigError) as refused:
        assemble()
    assert f'base_url of STORAGES["contracts"] ({url}) must be two prefixes' in str(refused.value)


@pytest.mark.parametrize("url", ["/", "private/", "/../x/", "https://files.example.org/"])
def test_a_prefix_that_is_none_is_refused(roots, tmp_path, url):
    keep(roots, "contracts", tmp_path / "contracts", url)
    with pytest.raises(
        ConfigError, match=r'base_url of STORAGES\["contracts"\] must be a URL whose'
    ):
        assemble()


def test_a_storage_that_only_a_field_has_is_found_too(roots, tmp_path, monkeypatch):
    storage = MediaStorage(tmp_path / "contracts", "/contracts/", access="signed")
    monkeypatch.setattr(project, "of_fields", lambda: iter([FileField(storage=storage).storage]))
    assert [root.prefix for root in assemble()] == ["/static/", "/media/", "/contracts/"]


def test_fields_bring_their_storages_along(roots):
    assert list(project.of_fields()) == []
