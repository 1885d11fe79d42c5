"""Every refusal is said in every language there is a catalogue for."""

import ast
import gettext
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

import roots
from roots.media.content.formats import FORMATS
from roots.media.presets import Images
from roots.media.refusals import REFUSALS
from roots.media.validation import PolicyValidator
from tests.media import samples

PACKAGE = Path(roots.__file__).parent
CATALOGUES = sorted((PACKAGE / "django" / "locale").glob("*/LC_MESSAGES/django.mo"))
PLACES = re.compile(r"%\(\w+\)s")


def reasons():
    """What is said after "it is damaged: it": the texts of all exceptions called Broken…"""
    for path in (PACKAGE / "media").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[reason, *_]) if name[:6] == "Broken":
                    yield ast.literal_eval(reason)


def sentences():
    yield from (refusal.sentence for refusal in REFUSALS.values())
    yield from (each.label for each in FORMATS)
    yield from reasons()


def read(path):
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def test_there_is_german():
    assert [path.parts[-3] for path in CATALOGUES] == ["de"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_has_every_sentence_and_no_other(path):
    catalogue = read(path)
    assert set(sentences()) == set(catalogue) - {""}
    for sentence, told in catalogue.items():
        assert sorted(PLACES.findall(told)) == sorted(PLACES.findall(sentence))


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="msgfmt (gettext) is not installed")
@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_what_is_shipped_is_what_was_written(path, tmp_path):
    made = tmp_path / "made.mo"
    subprocess.run(["msgfmt", "--check", "-o", made, path.with_suffix(".po")], check=True)
    assert read(made) == read(path)


def test_a_visitor_reads_a_refusal_in_the_language_of_the_page():
    upload = SimpleUploadedFile("lebenslauf.jpg", samples.named("a.pdf"))
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        PolicyValidator(Images())(upload)
    with translation.override("de"):
        assert caught.value.messages == [
            "lebenslauf.jpg ist ein PDF-Dokument. Erlaubt sind: .jpg, .png, .gif, .webp, .avif."
        ]
