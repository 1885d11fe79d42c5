import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roots.errors import UploadRejected
from roots.media.content.archives import LOOKED_INTO, ArchiveBounds, look_into
from roots.media.content.sniff import sniff_file
from tests.media import samples
from tests.media.memory import traced

BOUNDS = ArchiveBounds(members=100, unpacked_bytes=8 << 20, ratio=100)
HELLO = ("folder/hello.txt", b"hello " * 100)
HONEST = [
    pytest.param(sample, id=sample.name)
    for sample in samples.benign()
    if sample.content_type in LOOKED_INTO
]


def judge(data, bounds=BOUNDS):
    """The code of the rule that an archive breaks, None where it breaks none."""
    file = io.BytesIO(data)
    try:
        look_into(file, sniff_file(file).content_type, "a.zip", bounds)
    except UploadRejected as rejected:
        return rejected.code
    return None


@pytest.mark.parametrize("sample", HONEST)
def test_honest_archives_and_documents_pass(sample):
    assert judge(sample.data) is None


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_every_kind_of_tar_is_understood(mode, form):
    long = "folder-" * 12 + "/" + "ü" * 40
    names = [HELLO, (long, b"x" * 3000), ("empty", b"")]
    data = samples.tarred(*names, mode=mode, format=form)
    assert judge(data) is None
    assert judge(data, ArchiveBounds(members=2)) == "members"
    assert judge(data, ArchiveBounds(unpacked_bytes=3000)) == "unpacked"


@pytest.mark.parametrize(
    "compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]
)
def test_every_kind_of_zip_is_understood(compression):
    data = samples.zipped(HELLO, ("b", b"x" * 200_000), compression=compression)
    assert judge(data) is None
    assert judge(data, ArchiveBounds(unpacked_bytes=200_000)) == "unpacked"


ESCAPES = ["../x", "a/../../x", "/etc/passwd", "..\\x", "C:\\x", "c:x", "a/..", "\\\\host\\x"]


@pytest.mark.parametrize("name", ESCAPES)
def test_a_member_that_would_land_outside_is_refused(name):
    """Zip slip (CVE-2021-3281, CVE-2025-59682)."""
    assert judge(samples.zipped(HELLO, (name, b"x"))) == "member_name"
    for mode in ("w", "w:gz"):
        assert judge(samples.tarred(HELLO, (name, b"x"), mode=mode)) == "member_name"


def test_a_name_with_dots_in_it_is_a_name():
    assert judge(samples.zipped(("a..b/...c", b"x"), ("notes..txt", b""))) is None


def test_links_are_refused():
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert judge(stream.getvalue()) == "link"
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as archive:
            header = tarfile.TarInfo("link")
            header.type, header.linkname = kind, "/etc/passwd"
            archive.addfile(header)
        assert judge(stream.getvalue()) == "link"


def test_too_many_members_are_refused():
    data = samples.zipped(*((f"{n}", b"") for n in range(101)))
    assert judge(data) == "members"
    assert judge(data, ArchiveBounds(members=101)) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda zeros: samples.zipped(("zeros", zeros)),
        lambda zeros: samples.tarred(("zeros", zeros), mode="w:gz"),
        lambda zeros: samples.tarred(("zeros", zeros), mode="w:xz"),
        gzip.compress,
        lzma.compress,
    ],
    ids=["zip", "tar.gz", "tar.xz", "gz", "xz"],
)
def test_a_bomb_is_stopped_when_the_count_is_reached(make):
    data = make(bytes(64 << 20))
    file = io.BytesIO(data)
    kind = sniff_file(file).content_type
    for bounds, code in ((ArchiveBounds(unpacked_bytes=8 << 20), "unpacked"), (BOUNDS, "ratio")):
        with traced() as memory, pytest.raises(UploadRejected) as caught:
            look_into(file, kind, "bomb", bounds)
        assert caught.value.code == code
        assert memory.peak < 16 << 20  # XZ remembers 8 MiB


def test_a_size_that_lies_is_not_believed():
    data = bytearray(samples.zipped(("zeros", bytes(64 << 20))))
    real = struct.pack("<I", 64 << 20)
    assert data.count(real) == 2
    lying = bytes(data).replace(real, struct.pack("<I", 10))
    assert judge(lying, ArchiveBounds(unpacked_bytes=8 << 20)) == "unpacked"


def test_files_that_overlap_are_refused():
    """One packed content, listed many times (Fifield, "A better zip bomb")."""
    data = samples.zipped(HELLO)
    at = data.index(b"PK\x01\x02")
    entry, end = data[at : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    many = entry * 50
    tail = end[:8] + struct.pack("<HHII", 50, 50, len(many), at) + end[20:]
    assert judge(data[:at] + many + tail) == "broken"


def test_headers_alone_are_a_bomb_too():
    header = samples.tarred(("x", b""), format=tarfile.USTAR_FORMAT)[:512]
    pax = samples.tarred(("ü" * 120, b""), format=tarfile.PAX_FORMAT)[:1024]
    data = gzip.compress(pax * 20_000 + header + bytes(1024))
    assert judge(data) in ("unpacked", "ratio")


@pytest.mark.parametrize(
    "inner", [samples.zipped(HELLO), gzip.compress(b"x" * 100)], ids=["zip", "gz"]
)
def test_an_archive_in_an_archive_is_refused_unless_allowed(inner):
    for outer in (samples.zipped(("inner", inner)), samples.tarred(("inner", inner), mode="w:gz")):
        assert judge(outer) == "nested"
        assert judge(outer, ArchiveBounds(members=100, nested=True)) is None
    assert judge(gzip.compress(inner)) == "nested"


def test_a_document_in_an_archive_is_a_document():
    assert judge(samples.zipped(("a.docx", samples.named("a.docx")))) is None


def test_what_cannot_be_looked_into_is_refused():
    data = bytearray(samples.zipped(HELLO))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert judge(bytes(data)) == "encrypted"
    strange = bytearray(samples.zipped(HELLO))
    strange[strange.index(b"PK\x01\x02") + 10] = 9
    assert judge(bytes(strange)) == "broken"


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.txt.gz", "a.txt.bz2", "a.txt.xz"])
def test_a_broken_archive_is_refused(name):
    data = samples.named(name)
    assert judge(data[:-9]) == "broken"
    assert judge(data[: len(data) // 2]) == "broken"


def test_gzip_may_be_a_row_of_files():
    assert judge(gzip.compress(b"one") + gzip.compress(b"two") + bytes(100)) is None


def test_nothing_of_a_large_file_is_lost_or_counted_twice():
    """The pieces that come out are as long as what went in, whatever the pieces that go in."""
    from roots.media.content.unpacking import unpacked

    content = bytes(range(256)) * 3000 + bytes(300_000)
    packed = {"gzip": gzip.compress(content), "deflate": zlib.compress(content)[2:-4],
              "xz": lzma.compress(content)}  # fmt: skip
    for method, data in packed.items():
        for step in (1, 1000, 1 << 20):
            if step == 1 and len(data) > 20_000:
                continue
            pieces = (data[at : at + step] for at in range(0, len(data), step))
            assert b"".join(unpacked(pieces, method)) == content


WHOLE = [each.values[0].data for each in HONEST]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_damage_never_crashes(whole, data):
    kind = sniff_file(io.BytesIO(whole)).content_type
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8)) if damaged else 0):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        look_into(io.BytesIO(damaged), kind, "x", BOUNDS)
    except UploadRejected as rejected:
        assert str(rejected)


def test_many_small_members_cost_little():
    data = samples.tarred(*((f"{n}", b"x") for n in range(2000)), mode="w:gz")
    file = io.BytesIO(data)
    with traced() as memory:
        look_into(file, "application/gzip", "x", ArchiveBounds(members=2000))
    assert memory.peak < 2 << 20


def test_a_refusal_is_a_sentence_with_a_status():
    with pytest.raises(UploadRejected, match="outside its folder") as caught:
        look_into(io.BytesIO(samples.zipped(("../x", b""))), "application/zip", "a.zip", BOUNDS)
    assert (caught.value.code, caught.value.status) == ("member_name", 422)
