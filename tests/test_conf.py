import pytest

from roots.conf import Configuration, read, table
from roots.errors import ConfigError


def test_every_setting_has_a_default():
    assert read({}) == Configuration()


def test_settings_are_read_by_their_upper_case_names():
    assert read({"ENCODINGS": ["br"], "SERVE_MEDIA": False}) == Configuration(
        encodings=("br",), serve_media=False
    )


@pytest.mark.parametrize(
    ("roots", "message"),
    [
        ({"ENCODING": []}, "ROOTS has no setting 'ENCODING'. Did you mean 'ENCODINGS'?"),
        ({"serve_media": True}, "ROOTS has no setting 'serve_media'. Did you mean 'SERVE_MEDIA'?"),
        ({7: 1}, "ROOTS has no setting 7. It takes SERVE_STATIC, "),
        ({"SERVE_MEDIA": 1}, "ROOTS['SERVE_MEDIA'] must be True or False, but is 1."),
        ({"ENCODINGS": "br"}, "must be a list of any of 'gzip', 'br', 'zstd', but is 'br'."),
        ({"ENCODINGS": ["br", "br"]}, "but is ['br', 'br']."),
        ({"SERVED_BY": {"media": "ngnix"}}, "a dict of 'static' or 'media' to one of 'roots', "),
        ({"ENCODINGS": [["br"]]}, "but is [['br']]."),
        ({"MISSING_ENTRIES": []}, "must be one of 'error', 'warn', 'ignore', but is []."),
        ({"LOGICAL_MAX_AGE_S": -1}, "must be a whole number of at least 0, but is -1."),
        ({"LOGICAL_MAX_AGE_S": True}, "must be a whole number of at least 0, but is True."),
        (["ENCODINGS"], "ROOTS must be a dict of settings, but is ['ENCODINGS']."),
    ],
)
def test_a_wrong_setting_names_the_key_what_was_wanted_and_what_was_found(roots, message):
    with pytest.raises(ConfigError) as caught:
        read(roots)
    assert message in str(caught.value)


def test_every_wrong_setting_is_named_at_once():
    with pytest.raises(ConfigError) as caught:
        read({"ENCODING": [], "SERVE_MEDIA": "yes"})
    assert len(str(caught.value).splitlines()) == 2


def test_the_documented_settings_are_the_settings():
    from pathlib import Path

    assert table() in Path("docs/settings.md").read_text()
