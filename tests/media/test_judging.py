"""An upload is judged by its form, its model and its storage, and that costs one look at it."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from roots.errors import UploadRejected
from roots.media.admission import admitted
from roots.media.inspection import Inspection
from roots.media.presets import Documents, Images
from roots.media.uploads import StagingUploadHandler
from roots.media.validation import PolicyValidator
from tests.media import samples

PICTURES = Images(clean=False)
JPEG, PAGE = samples.named("a.jpg"), samples.named("a.html")


@pytest.fixture
def uploaded(media_root):
    """A picture that arrived in a request."""
    handler = StagingUploadHandler(HttpRequest())
    handler.new_file("file", "a.jpg", "image/jpeg", None, None, {})
    handler.receive_data_chunk(JPEG, 0)
    with handler.file_complete(len(JPEG)) as uploaded:
        yield uploaded


@pytest.fixture
def looks(monkeypatch):
    """What was looked at, again and again."""
    names, finish = [], Inspection.finish

    def counted(self, file):
        names.append(self.name)
        return finish(self, file)

    monkeypatch.setattr(Inspection, "finish", counted)
    return names


def validate_and_admit(uploaded, policy=PICTURES):
    """As a form does, then its model, then the field that stores the file."""
    for validator in (PolicyValidator(policy), PolicyValidator(policy)):
        validator(uploaded)
    with admitted(uploaded.name, uploaded, policy) as (name, file):
        return name, file.read()


def test_an_upload_is_looked_at_once(uploaded, looks):
    assert validate_and_admit(uploaded) == ("a.jpg", JPEG)
    assert looks == ["a.jpg"]


def test_every_policy_and_every_name_has_its_own_look(uploaded, looks):
    PolicyValidator(PICTURES)(uploaded)
    with pytest.raises(ValidationError):
        PolicyValidator(Documents())(uploaded)
    uploaded.name = "a.png"
    with pytest.raises(ValidationError):
        PolicyValidator(PICTURES)(uploaded)
    assert looks == ["a.jpg", "a.jpg", "a.png"]


def in_place(path):
    path.write_bytes(PAGE)


def in_place_with_the_old_time(path):
    """As `exiftool -P` does it."""
    before = path.stat()
    path.write_bytes(PAGE)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def by_another_file(path):
    other = path.with_name("other")
    other.write_bytes(PAGE)
    other.rename(path)


@pytest.mark.parametrize("change", [in_place, in_place_with_the_old_time, by_another_file])
def test_what_was_changed_by_its_path_is_judged_again(uploaded, change):
    PolicyValidator(PICTURES)(uploaded)
    change(Path(uploaded.temporary_file_path()))
    with pytest.raises(ValidationError, match="is a web page"):
        PolicyValidator(PICTURES)(uploaded)
    with pytest.raises(UploadRejected, match="is a web page"):
        admitted(uploaded.name, uploaded, PICTURES).__enter__()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [in_place, by_another_file])
def test_what_was_changed_by_its_path_is_what_is_stored(uploaded, storage, change):
    change(Path(uploaded.temporary_file_path()))
    name = storage.save("a.html", uploaded)
    assert Path(storage.path(name)).read_bytes() == PAGE
