import io
from functools import cache

import pytest
from django import forms as django_forms
from django.apps.registry import Apps
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.utils.datastructures import MultiValueDict
from PIL import Image
from rest_framework import serializers

from roots.errors import ConfigError, UploadRejected
from roots.media import forms
from roots.media.fields import FileField, ImageField
from roots.media.presets import Documents, Images
from roots.media.validation import PolicyValidator
from tests.media import samples

APART = Apps()
"""Not Django's registry: other tests know nothing of these models."""


class Member(models.Model):
    photo = ImageField(
        policy=Images(max_bytes=50_000), upload_to="members", width_field="width", blank=True
    )
    width = models.PositiveIntegerField(null=True, editable=False)
    letter = FileField(policy=Documents() | Images(clean=False), upload_to="letters", blank=True)

    class Meta:
        apps = APART
        app_label = "project"

    def __str__(self):
        return str(self.photo)


class MemberForm(django_forms.ModelForm):
    class Meta:
        model = Member
        fields = ("photo", "letter")


def upload(name, data):
    return SimpleUploadedFile(name, data)


@cache
def turned_photo():
    """As a phone makes it: lying, with a note that says so."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretMaker"
    return samples.picture("JPEG", (60, 40), exif=exif)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.pdf", samples.named("a.pdf"), "a.pdf is a PDF document. Allowed are: .jpg, .png"),
        ("a.jpg", samples.named("a.html"), "a.jpg is a web page. Allowed are"),
        ("a.png", samples.named("a.jpg"), "Its name must end with one of: .jpg"),
        ("a.jpg", samples.picture("JPEG", (900, 900)), "larger than 48.8 KiB"),
        ("a.jpg", samples.named("a.jpg")[:300], "a.jpg is damaged: it breaks off."),
    ],
)
def test_a_form_says_what_was_found_and_what_is_allowed(name, data, sentence):
    form = MemberForm({}, {"photo": upload(name, data)})
    assert not form.is_valid()
    (error,) = form.errors["photo"]
    assert sentence in error
    assert sentence.split("Allowed")[0] in str(form)


def test_a_form_takes_what_is_allowed():
    form = MemberForm(
        {},
        {
            "photo": upload("a.jpg", turned_photo()),
            "letter": upload("a.docx", samples.named("a.docx")),
        },
    )
    assert form.is_valid(), form.errors


def test_every_field_has_its_own_policy():
    photo, letter = (
        upload("a.docx", samples.named("a.docx")),
        upload("a.zip", samples.named("a.zip")),
    )
    assert set(MemberForm({}, {"photo": photo, "letter": letter}).errors) == {"photo", "letter"}


def test_a_browser_is_told_what_to_offer():
    html = MemberForm().as_p()
    assert 'accept=".jpg,.jpeg,.jpe,.jfif,.png,.apng,.gif,.webp,.avif,.avifs"' in html


def test_names_are_escaped_where_they_are_shown():
    """CVE-2011-0697: the name of a file is the client's."""
    form = MemberForm({}, {"photo": upload("<img onerror=alert(1)>.png", samples.named("a.pdf"))})
    assert "<img onerror" not in str(form.errors)
    assert "&lt;img onerror" in str(form.errors)


def test_models_validate_without_a_form():
    member = Member(photo=upload("a.jpg", samples.named("a.pdf")))
    with pytest.raises(ValidationError) as caught:
        member.full_clean()
    assert caught.value.error_dict["photo"][0].code == "type"


class MemberSerializer(serializers.ModelSerializer):
    drawing = serializers.FileField(
        required=False, validators=[PolicyValidator(Images(formats=("image/svg+xml",)))]
    )

    class Meta:
        model = Member
        fields = ("photo", "letter", "drawing")


def test_rest_framework_says_what_was_found_and_what_is_allowed():
    wrong = {"letter": upload("a.zip", samples.named("a.zip")), "drawing": upload("a.txt", b"hi")}
    serializer = MemberSerializer(data=wrong)
    assert not serializer.is_valid()
    assert "a.zip is a ZIP archive. Allowed are: .pdf" in serializer.errors["letter"][0]
    assert serializer.errors["drawing"] == ["a.txt is plain text. Allowed are: .svg."]


def test_rest_framework_takes_what_is_allowed():
    right = {
        "photo": upload("a.jpg", turned_photo()),
        "letter": upload("a.docx", samples.named("a.docx")),
        "drawing": upload("a.svg", samples.named("a.svg")),
    }
    serializer = MemberSerializer(data=right)
    assert serializer.is_valid(), serializer.errors


def test_what_is_stored_already_is_left_alone():
    Member(letter="letters/from-before.bmp").full_clean()


def test_a_form_without_a_model_has_policies_too():
    class Form(django_forms.Form):
        file = forms.FileField(policy=Documents())
        photo = forms.ImageField(required=False)
        other = django_forms.FileField(required=False, validators=[PolicyValidator(Images())])

    files = {name: upload("a.txt", b"hello") for name in ("file", "photo", "other")}
    assert set(Form({}, files).errors) == {"photo", "other"}


def test_every_file_of_many_is_looked_at():
    """CVE-2023-31047."""

    class Form(django_forms.Form):
        photos = forms.MultipleFileField(policy=Images())

    good, bad = upload("a.png", samples.named("a.png")), upload("b.png", samples.named("a.html"))
    for files, valid in (([good, good], True), ([good, bad, good], False), ([bad, good], False)):
        form = Form({}, MultiValueDict({"photos": files}))
        assert form.is_valid() is valid
        assert valid is (len(form.cleaned_data.get("photos", [])) == len(files))
    assert not Form({}, MultiValueDict()).is_valid()


def test_migrations_know_nothing_of_policies():
    text = MigrationWriter.serialize(Member._meta.get_field("photo"))[0]
    assert text == ("models.ImageField(blank=True, upload_to='members', width_field='width')")


def test_changing_a_policy_makes_no_migration():
    before, after = ProjectState(), ProjectState()
    before.add_model(ModelState("project", "Member", [("photo", models.ImageField(upload_to="x"))]))
    after.add_model(
        ModelState("project", "Member", [("photo", ImageField(policy=Images(), upload_to="x"))])
    )
    assert MigrationAutodetector(before, after)._detect_changes() == {}


def test_a_copy_of_a_field_keeps_the_policy():
    assert Member._meta.get_field("photo").clone().policy == Images(max_bytes=50_000)


def test_something_else_than_a_policy_is_told_to_the_developer():
    with pytest.raises(ConfigError, match="takes a policy such as"):
        FileField(policy="images")


@pytest.fixture
def member(media_root):
    return Member()


@pytest.mark.django_db
def test_what_is_saved_by_code_is_looked_at_and_cleaned(member, media_root):
    member.photo.save("holiday.jpg", ContentFile(turned_photo()), save=False)
    stored = (media_root / member.photo.name).read_bytes()
    assert b"SecretMaker" not in stored
    assert member.photo.name.startswith("members/holiday.")
    assert (member.photo.width, member.photo.height) == (40, 60)
    assert member.width == 40


@pytest.mark.django_db
def test_what_is_saved_by_code_is_refused_with_a_code_and_a_status(
    member, media_root, stored_files
):
    with pytest.raises(UploadRejected) as caught:
        member.photo.save("a.jpg", ContentFile(samples.named("a.html")), save=False)
    assert (caught.value.code, caught.value.status) == ("type", 415)
    assert isinstance(caught.value, SuspiciousFileOperation)
    assert stored_files(media_root) == []


@pytest.mark.django_db
def test_one_field_keeps_metadata_that_another_removes(member, media_root):
    member.letter.save("holiday.jpg", ContentFile(turned_photo()), save=False)
    assert (media_root / member.letter.name).read_bytes() == turned_photo()


def test_another_storage_gets_the_same(tmp_path):
    storage = FileSystemStorage(tmp_path)

    class Elsewhere(models.Model):
        photo = ImageField(storage=storage, upload_to="x")

        class Meta:
            apps = Apps()
            app_label = "project"

        def __str__(self):
            return str(self.photo)

    row = Elsewhere()
    row.photo.save("holiday", ContentFile(turned_photo()), save=False)
    assert row.photo.name == "x/holiday.jpg"
    assert b"SecretMaker" not in (tmp_path / row.photo.name).read_bytes()
    assert (row.photo.width, row.photo.height) == (40, 60)
    with pytest.raises(UploadRejected):
        row.photo.save("a.jpg", ContentFile(samples.named("a.html")), save=False)
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["holiday.jpg"]


def test_dimensions_are_those_that_are_shown():
    member = Member(photo=upload("a.jpg", turned_photo()))
    assert (member.photo.width, member.photo.height) == (40, 60)
    assert Image.open(io.BytesIO(turned_photo())).size == (60, 40)
