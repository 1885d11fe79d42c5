"""MediaStorage(access=…): what goes together, and where its files are found."""

import pytest
from django.core.files.base import ContentFile
from django.db.migrations.writer import MigrationWriter

from roots.errors import ConfigError
from roots.media.storage import MediaStorage


def may_read(request, file):
    return True


@pytest.fixture
def place(tmp_path):
    return {"location": tmp_path / "private", "base_url": "/private/"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"access": "secret"}, "access must be one of 'public', 'signed', 'view', but is 'secret'"),
        ({"access": "signed", "max_age_s": 0}, "max_age_s must be a whole number of at least 1"),
        ({"access": "signed", "max_age_s": 0.5}, "but is 0.5"),
        ({"access": "view"}, "needs authorize='shop.access.may_read'"),
        ({"access": "signed", "authorize": "a.b"}, "which nothing would call"),
        ({"authorize": "a.b"}, "which nothing would call"),
    ],
)
def test_options_that_do_not_go_together_are_refused(place, options, said):
    with pytest.raises(ConfigError) as refused:
        MediaStorage(**place, **options)
    assert said in str(refused.value)


@pytest.mark.parametrize("options", [{"access": "signed"}, {"access": "view", "authorize": "a.b"}])
@pytest.mark.parametrize("missing", ["location", "base_url"])
def test_what_is_private_has_a_place_of_its_own(place, options, missing):
    del place[missing]
    with pytest.raises(ConfigError, match="needs a directory and a URL prefix of its own"):
        MediaStorage(**place, **options)


def test_the_url_of_a_view_is_plain(place):
    storage = MediaStorage(**place, access="view", authorize=may_read)
    assert storage.url("a b.pdf") == "/private/a%20b.pdf"


@pytest.mark.parametrize("options", [{}, {"access": "view", "authorize": may_read}])
def test_only_signed_storages_sign(place, options):
    with pytest.raises(ConfigError, match="needs no signature"):
        MediaStorage(**place, **options).signed_url("a.pdf")


def test_a_link_has_the_prefix_of_its_storage_without_two_slashes(place):
    url = "https://files.example.org/pri%20vate"
    storage = MediaStorage(place["location"], url, access="signed")
    assert storage.url("/a.pdf").startswith("https://files.example.org/pri%20vate/a.pdf?expires=")


def test_migrations_can_say_it(place):
    options = {"access": "view", "authorize": "shop.access.may_read"}
    written, imports = MigrationWriter.serialize(MediaStorage("/srv/private", "/p/", **options))
    assert "access='view'" in written
    assert imports == {"import roots.media.storage"}


@pytest.mark.django_db
def test_a_field_with_such_a_storage_links_to_its_files(place):
    from django.db.models import FileField
    from django.db.models.fields.files import FieldFile

    storage = MediaStorage(**place, access="signed")
    name = storage.save("a.txt", ContentFile(b"for some"))
    file = FieldFile(None, FileField(storage=storage), name)
    assert file.url.startswith(f"/private/{name}?expires=")
    with file:
        assert file.read() == b"for some"
