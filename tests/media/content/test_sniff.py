import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roots import mediatypes
from roots.media.content import formats
from roots.media.content.sniff import HEAD_BYTES, possible, sniff, sniff_file, with_extension
from tests.media import samples

BENIGN = [pytest.param(sample, id=sample.name) for sample in samples.benign()]
POLYGLOTS = [pytest.param(sample, id=sample.name) for sample in samples.polyglots()]


def extension(name):
    return "." + name.rpartition(".")[2]


@pytest.mark.parametrize("sample", BENIGN)
def test_an_honest_file_is_what_its_name_says(sample):
    found = with_extension(sniff_file(io.BytesIO(sample.data)), extension(sample.name))
    assert found.content_type == sample.content_type
    assert extension(sample.name) in found.extensions


@pytest.mark.parametrize("sample", BENIGN)
def test_the_whole_file_never_contradicts_what_its_beginning_promised(sample):
    early = sniff(sample.data[:HEAD_BYTES])
    late = with_extension(sniff_file(io.BytesIO(sample.data)), extension(sample.name))
    assert late.content_type in possible(early, extension(sample.name))


@pytest.mark.parametrize("sample", POLYGLOTS)
def test_a_file_that_is_two_things_is_the_one_a_browser_would_take(sample):
    assert sniff_file(io.BytesIO(sample.data)).content_type == sample.content_type
    assert sniff(sample.data).content_type == sample.content_type


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("space", [b"", b"\n\t\r\x0c  "])
@pytest.mark.parametrize("end", [b" ", b">"])
@pytest.mark.parametrize(
    "tag",
    [b"<!DOCTYPE HTML", b"<HTML", b"<HEAD", b"<SCRIPT", b"<IFRAME", b"<H1", b"<DIV", b"<FONT",
     b"<TABLE", b"<A", b"<STYLE", b"<TITLE", b"<B", b"<BODY", b"<BR", b"<P", b"<!--"],
)  # fmt: skip
def test_every_pattern_that_browsers_sniff_as_a_page_is_a_page(tag, end, space, bom):
    """WHATWG MIME Sniffing, section 7.1."""
    for spelling in (tag, tag.lower(), tag.title()):
        assert sniff(bom + space + spelling + end + b"x").content_type == "text/html"


@pytest.mark.parametrize(
    "text", ["a < b", "<3 you", "<somebody@example.org> wrote:", "< div >", "<5%", "1 <b", "</p>"]
)
def test_text_with_an_angle_bracket_is_text(text):
    assert sniff(text.encode()).content_type == "text/plain"


def test_an_endless_comment_is_still_a_page():
    assert sniff(b"<!--" + b"x" * 100_000).content_type == "text/html"


def test_a_character_cut_in_two_by_the_end_of_the_head_is_no_binary():
    text = ("ä" * HEAD_BYTES).encode()
    assert sniff(b"x" + text[: HEAD_BYTES - 1]).content_type == "text/plain"


def test_an_office_document_is_found_behind_a_large_first_member():
    big = ("docProps/thumbnail.jpeg", samples.picture("JPEG", (300, 300)))
    data = samples.zipped(
        big, ("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>"),
        compression=zipfile.ZIP_STORED,
    )  # fmt: skip
    assert sniff_file(io.BytesIO(data)).extension == ".docx"


def test_macros_make_another_format():
    parts = [
        ("[Content_Types].xml", b"<a/>"),
        ("xl/workbook.xml", b"<a/>"),
        ("xl/vbaProject.bin", b""),
    ]
    assert sniff_file(io.BytesIO(samples.zipped(*parts))).extension == ".xlsm"


@pytest.mark.parametrize("cut", [4, 30, 60, 100, -30, -10, -1])
def test_a_broken_archive_is_an_archive(cut):
    assert sniff_file(io.BytesIO(samples.named("a.zip")[:cut])).content_type == "application/zip"


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data):
    assert sniff(data) in formats.FORMATS
    assert sniff_file(io.BytesIO(data)) in formats.FORMATS


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([sample.data for sample in (*samples.benign(), *samples.polyglots())]),
    st.data(),
)
def test_no_damage_makes_it_raise(whole, data):
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 6)) if damaged else 0):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert sniff(bytes(damaged)) in formats.FORMATS
    assert sniff_file(io.BytesIO(damaged)) in formats.FORMATS


def test_what_is_sniffed_is_never_served_as_something_livelier():
    """The extension that a format gives a file decides how it is served."""
    for each in formats.FORMATS:
        served = {mediatypes.guess("x" + ext).partition(";")[0] for ext in each.extensions}
        runs = each.family in ("page", "program", "unknown")
        assert not (runs and any(map(mediatypes.is_inert, served))), each
