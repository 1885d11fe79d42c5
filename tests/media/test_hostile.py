"""One table of hostile uploads through every door: nothing of it runs, escapes or crashes."""

import io
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import pytest
from django import forms as django_forms
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from roots.errors import UploadRejected
from roots.media import forms
from roots.media.catalog import MediaCatalog
from roots.media.content import formats
from roots.media.content.sniff import sniff_file
from roots.media.extensions import extension_of
from roots.media.presets import Archives, Documents, Images
from roots.mediatypes import guess, is_inert
from roots.serve.core import Root
from roots.serve.headers import media_policy
from roots.serve.wsgi import RootsWSGI
from tests.media import hostile, samples

RUN_BY_BROWSERS = formats.family("page")
RUN_BY_SERVERS = {
    extension
    for kind in ("application/x-httpd-php", "application/x-server-script", "text/x-shellscript")
    for extension in formats.of_type(kind).extensions
} | {".stm", ".php5", ".htaccess"}
HOSTILE = [
    pytest.param(sample, id=f"{number}-{sample.name[:30]!a}")
    for number, sample in enumerate(hostile.uploads())
]
BENIGN = [pytest.param(sample, id=sample.name) for sample in samples.benign()]


class Form(django_forms.Form):
    file = forms.FileField(policy=Images() | Documents() | Archives(), max_length=300)


def is_safe_to_show(name, data):
    """Whether a browser, told what the name says and not to sniff, runs nothing of it."""
    shown = guess(name)
    if not is_inert(shown):
        return True
    found = sniff_file(io.BytesIO(data)).content_type
    if shown.startswith("text/"):
        return found not in RUN_BY_BROWSERS
    return _player(found) == _player(shown)


def _player(content_type):
    """What of a browser shows it; one plays sound and film."""
    return content_type.partition("/")[0].replace("audio", "video")


def uploaded(sample):
    try:
        return SimpleUploadedFile(sample.name, sample.data)
    except SuspiciousFileOperation:
        return None  # Django itself refuses to make such a file


@pytest.mark.parametrize("sample", HOSTILE)
def test_a_form_refuses_it_in_words_or_it_is_harmless(sample):
    form = Form({}, {"file": uploaded(sample)})
    if form.is_valid():
        assert is_safe_to_show(form.cleaned_data["file"].name, sample.data)
    else:
        (sentence,) = form.errors["file"]
        assert sentence.endswith(".")
        assert "<script" not in str(form.errors)


def test_the_table_is_as_long_as_it_should_be():
    assert len(HOSTILE) >= 120
    assert len(BENIGN) >= 40
    judged = [Form({}, {"file": uploaded(each)}) for each in hostile.uploads()]
    assert sum(not form.is_valid() for form in judged) >= 120


def _django(environ, start_response):
    start_response("404 Not Found", [])
    return []


@pytest.fixture
def browser(media_root):
    """Asks for a stored file; the status, the headers and the body."""
    media_root.mkdir(exist_ok=True)
    root = Root("/media/", str(media_root), MediaCatalog(), media_policy())

    def get(name):
        environ = {"PATH_INFO": f"/media/{name}".encode().decode("latin-1")}
        setup_testing_defaults(environ)
        answer = []
        application = RootsWSGI(_django, [root])
        result = application(environ, lambda *given: answer.extend(given[:2]))
        body = b"".join(result)
        getattr(result, "close", lambda: None)()
        return answer[0], dict(answer[1]), body

    return get


@pytest.mark.django_db
@pytest.mark.parametrize("sample", HOSTILE)
def test_stored_by_code_it_is_inert(sample, storage, media_root, browser, stored_files):
    try:
        name = storage.save(sample.name, ContentFile(sample.data))
    except (SuspiciousFileOperation, UploadRejected):
        assert stored_files(media_root) == []
        return
    assert [name] == [each for each in stored_files(media_root) if not each.startswith(".roots/")]
    assert not any(part.startswith(".") for part in name.split("/"))
    extensions = {f".{part}" for part in name.lower().split("/")[-1].split(".")[1:]}
    assert not extensions & RUN_BY_SERVERS
    status, headers, body = browser(name)
    assert (status, body) == ("200 OK", sample.data)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    if headers["Content-Disposition"].startswith("inline"):
        assert is_safe_to_show(name, sample.data)
    else:
        assert headers["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
@pytest.mark.parametrize("sample", BENIGN)
def test_what_honest_people_send_comes_back_byte_for_byte(sample, storage, browser):
    name = storage.save(sample.name, ContentFile(sample.data))
    assert extension_of(name) == extension_of(sample.name)
    status, headers, body = browser(name)
    assert (status, body) == ("200 OK", sample.data), quote(name)
    assert headers["Content-Disposition"].endswith(f'filename="{sample.name}"')
