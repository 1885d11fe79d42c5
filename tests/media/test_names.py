import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roots import fingerprint
from roots.errors import UploadRejected
from roots.media.names import clean, compose
from roots.paths import is_servable

DIGEST = "3f2a91c0d4e7" + "b" * 52


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../x", "traversal"),
        ("..", "traversal"),
        ("a/../../x", "traversal"),
        ("a/..", "traversal"),
        ("..\\x", "traversal"),
        ("a\\..\\x", "traversal"),
        ("a/..\\..\\x", "traversal"),
        ("/abs", "absolute"),
        ("//host/share", "absolute"),
        ("\\\\host\\share", "absolute"),
        ("\\abs", "absolute"),
        ("C:x", "absolute"),
        ("c:\\windows\\win.ini", "absolute"),
        ("a\0.png", "nul"),
        ("\0", "nul"),
        ("", "empty"),
        (".", "empty"),
        ("a/", "empty"),
        ("a/.", "empty"),
        ("a\\", "empty"),
        ("/".join(["a" * 200] * 21), "too_long"),
    ],
)
def test_a_name_no_file_may_have_is_rejected(name, code):
    with pytest.raises(UploadRejected) as caught:
        clean(name)
    assert (caught.value.code, caught.value.status) == (code, 400)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("holiday.jpg", "holiday.jpg"),
        ("Größe ä.png", "Größe ä.png"),
        ("u\u0308ber.txt", "über.txt"),
        ("日本語.PDF", "日本語.pdf"),
        ("👍.png", "👍.png"),
        ("a//b/./c.txt", "a/b/c.txt"),
        ("a\\b.txt", "a_b.txt"),
        ("line\r\nbreak\u2028.txt", "linebreak.txt"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\u200b\u200d\ufeffb.txt", "ab.txt"),
        ("\ud800.txt", "txt"),
        ('<img src=x onerror="x">.png', "_img src=x onerror=_x__.png"),
        ("what?*|.txt", "what___.txt"),
        ("a.txt::$DATA", "a.txt__$DATA"),
        ("much \t\u3000 space .txt", "much space .txt"),
        (".htaccess", "htaccess"),
        ("docs/.git/config", "docs/git/config"),
        ("...", "unnamed"),
        ("\u202e", "unnamed"),
        (" . hidden.txt", "hidden.txt"),
        ("photo.jpg. . ", "photo.jpg"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.txt", "console.txt"),
        ("aux/x.txt", "_aux/x.txt"),
        ("a.php.jpg", "a_php.jpg"),
        ("a.pHtml.png", "a_pHtml.png"),
        ("a.php5.asp.jpg", "a_php5_asp.jpg"),
        ("a.php", "a.php"),
        ("shell.jsp.notes", "shell_jsp.notes"),
        ("a.phpinfo.jpg", "a.phpinfo.jpg"),
        ("archive.tar.GZ", "archive.tar.gz"),
        ("Letter to Mr. Smith", "Letter to Mr. Smith"),
        ("app.3f2a91c0d4e7.css", "app.3f2a91c0d4e7.css"),
    ],
)
def test_a_name_is_made_safe_and_stays_recognisable(name, cleaned):
    assert clean(name) == cleaned


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("holiday.jpg", "holiday.3f2a91c0d4e7.jpg"),
        ("a b/Été.pdf", "a b/Été.3f2a91c0d4e7.pdf"),
        ("LICENSE", "LICENSE.3f2a91c0d4e7"),
        ("app.91c04be2a7f3.css", "app.91c04be2a7f3.3f2a91c0d4e7.css"),
        ("Mr. Smith & Sons, a letter", "Mr.3f2a91c0d4e7. Smith & Sons, a letter"),
    ],
)
def test_the_original_name_comes_back_from_the_stored_one(name, stored):
    assert compose(name, DIGEST) == stored
    assert fingerprint.parse(stored) == (name, DIGEST[:12])


def test_a_long_name_is_trimmed_in_bytes_and_keeps_its_extension():
    stored = compose(clean("ä" * 300 + ".jpeg"), DIGEST)
    assert len(stored.encode()) in (254, 255)
    assert stored.endswith("ä.3f2a91c0d4e7.jpeg")


def test_trimming_never_parts_a_letter_from_its_accents():
    stored = compose("xy" + "q\u0307\u0323" + ".txt", DIGEST, max_chars=4 + 17)
    assert stored == "xy.3f2a91c0d4e7.txt"


def test_trimming_does_not_uncover_an_executable_extension():
    assert compose("a.phpotograph.jpg", DIGEST, max_chars=22).startswith("a_php.")


def test_a_field_too_short_for_any_name_says_which_option_to_raise():
    assert compose("abc.txt", DIGEST, max_chars=18) == "a.3f2a91c0d4e7.txt"
    with pytest.raises(UploadRejected, match="raise max_length on the field") as caught:
        compose("abc.txt", DIGEST, max_chars=17)
    assert caught.value.code == "too_long"


HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("./\\: \0\u202e\u0301\u0338<>|*?\u200b\u3000\u212bphc1x"),
    ),
    max_size=60,
)
LONG = st.builds(lambda text, times: text * times, HOSTILE, st.integers(1, 30))


@settings(deadline=None)
@given(LONG)
@example(".0A¡¡𐀀" * 24)
def test_whatever_is_not_rejected_is_servable_normalised_and_cleaned_once_for_all(name):
    try:
        cleaned = clean(name)
    except UploadRejected:
        return
    assert is_servable(cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned


@settings(deadline=None)
@given(
    LONG,
    st.sampled_from([12, 16, 24, 32, 48, 64]),
    st.one_of(st.none(), st.integers(1, 300)),
    st.text("0123456789abcdef", min_size=64, max_size=64),
)
def test_a_stored_name_keeps_every_limit_and_gives_its_digest_back(name, length, limit, digest):
    try:
        stored = compose(clean(name), digest, length, limit)
    except UploadRejected:
        return
    assert is_servable(stored)
    assert limit is None or len(stored) <= limit
    parsed = fingerprint.parse(stored)
    assert parsed is not None
    assert parsed.digest == digest[:length]
