"""Settings that a fix changes are shown as a patch."""

import pytest

from roots.doctor.patch import patch

SETTINGS = """\
DEBUG = True
MEDIA_ROOT = (
    BASE_DIR / "static"
)
STATIC_URL = "static/\"
"""
LONG = 'Take another one:\n    MEDIA_ROOT = BASE_DIR / "media"\nand restart.'


@pytest.fixture
def settings(tmp_path):
    file = tmp_path / "settings.py"
    file.write_text(SETTINGS)
    return file


def lines(text):
    return [each for each in text.splitlines() if each[:1] in "+-"][2:]


def test_the_whole_assignment_is_replaced(settings):
    assert lines(patch(f"{settings}:2", LONG)) == [
        "-MEDIA_ROOT = (",
        '-    BASE_DIR / "static"',
        "-)",
        '+MEDIA_ROOT = BASE_DIR / "media"',
    ]
    assert settings.read_text() == SETTINGS


def test_what_is_not_there_goes_to_the_end(settings):
    fix = 'Say where:\n    STATIC_ROOT = "/srv/static"\n    FILE_UPLOAD_PERMISSIONS = 0o644'
    assert lines(patch(f"{settings}:1", fix)) == [
        '+STATIC_ROOT = "/srv/static"',
        "+FILE_UPLOAD_PERMISSIONS = 0o644",
    ]


@pytest.mark.parametrize(
    "fix",
    [
        "Nothing to type.",
        'Something to fill in:\n    INSTALLED_APPS = ["roots", ...]',
        "One of two:\n    DEBUG = False\nor:\n    DEBUG = 0",
        "For nginx:\n    client_max_body_size 50m;",
        "No setting:\n    import mimetypes",
    ],
)
def test_no_patch_is_better_than_a_wrong_one(settings, fix):
    assert patch(f"{settings}:1", fix) == ""


def test_only_python_is_patched(tmp_path):
    assert patch(f"{tmp_path}/nginx.conf:3", LONG) == ""
    assert patch("", LONG) == ""


def test_lines_beside_it_which_may_be_secrets_are_not_shown(settings):
    settings.write_text('SECRET_KEY = "tell-nobody"\nDEBUG = True\nAPI_KEY = "tell-nobody"\n')
    shown = patch(f"{settings}:2", "Turn it off:\n    DEBUG = False")
    assert lines(shown) == ["-DEBUG = True", "+DEBUG = False"]
    assert "tell-nobody" not in shown


@pytest.mark.parametrize(
    "said", ['{"default": {"OPTIONS": {"secret_key": "tell-nobody"}}}', '["a", "b"]', '("a", "b")']
)
def test_what_holds_more_than_one_thing_is_not_replaced(settings, said):
    settings.write_text(f"THINGS = {said}\n")
    assert patch(f"{settings}:1", 'One of them:\n    THINGS = ["a"]') == ""
