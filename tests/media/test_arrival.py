import io

import pytest
from django import forms as django_forms
from django.apps.registry import Apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import models
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch
from django.views.generic import CreateView, FormView
from rest_framework import generics, serializers

from roots.errors import UploadRejected
from roots.media import forms, uploads
from roots.media.admission import Refused
from roots.media.arrival import accepts, policy_for
from roots.media.fields import FileField
from roots.media.presets import Anything, Documents, Images
from roots.media.stock import validate
from roots.media.uploads import StagingUploadHandler
from tests.media import samples
from tests.project.models import Document


class Form(django_forms.Form):
    photo = forms.ImageField(policy=Images(max_bytes=100_000))


class Contact(FormView):
    form_class = Form
    template_name = "none.html"

    def form_invalid(self, form):
        return HttpResponse(form.errors["photo"][0], status=422)

    def form_valid(self, form):
        return HttpResponse(form.cleaned_data["photo"].name)


@accepts(photo=Images(max_bytes=100_000))
def contact(request):
    return Contact.as_view()(request)


class Counting(io.BytesIO):
    """A body that knows how much of it was read."""

    def read(self, *size):
        chunk = super().read(*size)
        self.count = getattr(self, "count", 0) + len(chunk)
        return chunk


def post(name, data, view=contact):
    """A request with one file, as it arrives at `view`."""
    file = io.BytesIO(data)
    file.name = name
    request = RequestFactory().post("/", {"photo": file})
    request.resolver_match = ResolverMatch(view, (), {})
    body = Counting(request.environ["wsgi.input"].read())
    request = type(request)({**request.environ, "wsgi.input": body})
    request.resolver_match = ResolverMatch(view, (), {})
    request.upload_handlers = [StagingUploadHandler(request)]
    return request, body


@pytest.fixture(autouse=True)
def somewhere(media_root):
    return media_root


@pytest.mark.parametrize("view", [contact, Contact.as_view()], ids=["marked", "class"])
@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.jpg", samples.named("a.html") + bytes(300_000), "a.jpg is a web page."),
        ("a.jpg", samples.picture("JPEG", (900, 900)), "a.jpg is larger than 97.7 KiB"),
        ("a.png", samples.named("a.jpg") + bytes(60_000), "Its name must end with one of: .jpg"),
    ],
)
def test_a_file_is_refused_while_it_arrives_and_the_form_says_why(
    view, name, data, sentence, media_root, stored_files
):
    request, _ = post(name, data, view)
    assert stored_files(media_root) == []
    assert request.FILES["photo"].rejected
    response = view(request)
    assert (response.status_code, sentence in response.content.decode()) == (422, True)
    assert stored_files(media_root) == []
    request.close()


def test_a_file_that_is_allowed_arrives(media_root, stored_files):
    request, _ = post("a.jpg", samples.named("a.jpg"))
    assert contact(request).content == b"a.jpg"
    request.close()
    assert stored_files(media_root) == []


def test_of_a_long_body_the_rest_is_not_read(monkeypatch, media_root, stored_files):
    monkeypatch.setattr(uploads, "_READ_ON_BYTES", 1 << 20)
    request, body = post("a.jpg", samples.named("a.html") + bytes(8 << 20))
    with pytest.raises(Refused) as caught:
        request.POST  # noqa: B018
    assert (caught.value.code, caught.value.status) == ("type", 415)
    assert body.count < 1 << 20
    assert stored_files(media_root) == []


def test_the_project_s_policy_decides_where_nothing_else_does(settings):
    assert policy_for(None, "photo") == Anything()
    settings.ROOTS = {"UPLOAD_POLICY": Documents()}
    assert policy_for(None, "photo") == Documents()
    request, _ = post("a.png", samples.picture("PNG", (300, 300)), view=lambda request: None)
    assert request.FILES["photo"].rejected.code == "type"
    request.close()


def test_a_view_tells_by_the_name_of_the_field():
    request, _ = post("a.jpg", b"")
    assert policy_for(request, "photo") == Images(max_bytes=100_000)
    assert policy_for(request, "other") == Anything()


@pytest.mark.django_db
def test_what_was_refused_cannot_be_stored(storage, media_root, stored_files):
    request, _ = post("a.jpg", samples.named("a.html") + bytes(300_000))
    with pytest.raises(UploadRejected, match=r"a\.jpg is a web page"):
        storage.save("a.jpg", request.FILES["photo"])
    assert stored_files(media_root) == []


def test_django_s_own_handlers_still_work():
    request, _ = post("a.jpg", samples.named("a.html"))
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    assert contact(request).status_code == 422


class Plain(django_forms.Form):
    """A form of Django's own fields."""

    file = django_forms.FileField(required=False)
    image = django_forms.ImageField(required=False)


@pytest.fixture
def pictures_only(settings):
    settings.ROOTS = {"UPLOAD_POLICY": Images()}


def test_djangos_own_form_fields_say_what_the_project_does_not_accept(pictures_only):
    files = {
        name: SimpleUploadedFile("a.pdf", samples.named("a.pdf")) for name in Plain.base_fields
    }
    form = Plain({}, files)
    assert form.errors["file"] == [
        "a.pdf is a PDF document. Allowed are: .jpg, .png, .gif, .webp, .avif."
    ]
    assert Plain({}, {"file": SimpleUploadedFile("a.jpg", samples.named("a.jpg"))}).is_valid()


def test_djangos_own_model_fields_do_too(pictures_only):
    document = Document(file=SimpleUploadedFile("a.pdf", samples.named("a.pdf")))
    with pytest.raises(ValidationError, match="is a PDF document"):
        document.full_clean()


def test_a_field_with_a_policy_asks_only_that(pictures_only):
    class Papers(django_forms.Form):
        file = forms.FileField(policy=Documents())

    assert Papers({}, {"file": SimpleUploadedFile("a.pdf", samples.named("a.pdf"))}).is_valid()
    assert validate not in FileField(policy=Documents()).validators


@pytest.mark.parametrize("field", ["file", "image"])
def test_djangos_own_fields_say_what_was_refused_while_it_arrived(media_root, field):
    @accepts(photo=Images())
    def view(request):
        form = Plain({}, {field: request.FILES["photo"]})
        assert not form.is_valid()
        return HttpResponse(form.errors[field][0])

    request, _ = post("a.pdf", samples.named("a.pdf") + bytes(8192), view)
    assert b"a.pdf is a PDF document. Allowed are" in view(request).content


def test_what_was_refused_cannot_be_read_as_if_it_were_empty(media_root, tmp_path):
    request, _ = post("a.pdf", samples.named("a.pdf") + bytes(8192), contact)
    with pytest.raises(SuspiciousFileOperation, match="is a PDF document"):
        request.FILES["photo"].read()
    with pytest.raises(SuspiciousFileOperation):
        FileSystemStorage(tmp_path / "elsewhere").save("a.pdf", request.FILES["photo"])


class Letter(models.Model):
    """Not in Django's registry: other tests know nothing of it."""

    file = FileField(policy=Documents(), upload_to="letters")
    note = models.CharField(max_length=10)

    class Meta:
        apps = Apps()
        app_label = "project"

    def __str__(self):
        return self.note


class Create(CreateView):
    model = Letter
    fields = ("file",)


class LetterSerializer(serializers.ModelSerializer):
    class Meta:
        model = Letter
        fields = ("file",)


class LetterAPI(generics.CreateAPIView):
    serializer_class = LetterSerializer


class ListedAPI(generics.ListCreateAPIView):
    queryset = Letter.objects.all()


VIEWS = {
    "a generic view": Create.as_view(),
    "the admin": ModelAdmin(Letter, AdminSite()).get_urls()[1].callback,
    "an API with a serializer": LetterAPI.as_view(),
    "an API with a queryset": ListedAPI.as_view(),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_that_fills_a_model_is_known_by_the_models_field(view):
    request = RequestFactory().post("/")
    request.resolver_match = ResolverMatch(view, (), {})
    assert policy_for(request, "file") == Documents()
    for other in ("note", "file_2", None):
        assert policy_for(request, other) == Anything()
