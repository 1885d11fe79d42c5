import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roots.errors import ConfigError, UploadRejected
from roots.media.policy import Choice, Policy
from roots.media.presets import Anything, Archives, Audio, Documents, Images, Video
from roots.mediatypes import guess, is_inert
from tests.media import samples
from tests.media.memory import traced

PRESETS = [Images, Documents, Video, Audio, Archives]


def inspect(policy, name, data, step=1 << 16, declared=None):
    inspection = policy.begin(name, declared)
    for at in range(0, len(data), step):
        inspection.feed(data[at : at + step])
    return inspection.finish(io.BytesIO(data))


def refusal(policy, name, data, **options):
    with pytest.raises(UploadRejected) as caught:
        inspect(policy, name, data, **options)
    return caught.value


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_accepts_what_it_is_for_and_nothing_else(preset):
    accepted = set()
    for sample in samples.benign():
        if sample.content_type in preset().formats:
            verdict = inspect(preset(), sample.name, sample.data)
            assert verdict.format.content_type == sample.content_type
            assert (verdict.name, verdict.size) == (sample.name, len(sample.data))
            accepted.add(sample.content_type)
        else:
            assert refusal(preset(), sample.name, sample.data).status == 415
    assert accepted == set(preset().formats)


@pytest.mark.parametrize("step", [1, 7, 1000, 1 << 20])
def test_the_size_of_chunks_makes_no_difference(step):
    for name in ("a.png", "a.jpg", "a.docx", "a.csv"):
        verdict = inspect(Images() | Documents(), name, samples.named(name), step)
        assert verdict.name == name
    assert refusal(Images(), "a.docx", samples.named("a.docx"), step=step).code == "type"


@pytest.mark.parametrize("sample", samples.polyglots(), ids=lambda sample: sample.name)
def test_no_page_passes_for_a_picture_or_a_text(sample):
    """A file is what a browser would take it for, whatever it is called."""
    shown = ("image/png", "image/gif", "image/jpeg", "text/plain", "application/pdf")
    if sample.content_type not in shown:
        assert refusal(Images() | Documents(), sample.name, sample.data).status == 415
    verdict = inspect(Anything(), sample.name, sample.data)
    if verdict.format.family == "page":
        assert not is_inert(guess(verdict.name))


def test_refusals_are_sentences_that_say_what_was_found_and_what_is_allowed():
    images = Images(max_bytes=30_000)
    large = samples.picture("JPEG", (400, 400))
    assert str(refusal(images, "a.jpg", large)) == (
        "a.jpg is larger than 29.3 KiB, the most that is allowed."
    )
    assert str(refusal(images, "cv.jpg", samples.named("a.pdf"))) == (
        "cv.jpg is a PDF document. Allowed are: .jpg, .png, .gif, .webp, .avif."
    )
    assert str(refusal(images, "a.png", samples.named("a.jpg"))) == (
        "a.png is a JPEG picture. Its name must end with one of: .jpg, .jpeg, .jpe, .jfif."
    )
    assert str(refusal(images, "a.jpg", b"")) == "a.jpg is empty."
    assert str(refusal(images, "a.jpg", samples.named("a.jpg")[:200])) == (
        "a.jpg is damaged: it breaks off."
    )


def test_a_length_the_client_declares_is_enough_to_refuse():
    with pytest.raises(UploadRejected) as caught:
        Images(max_bytes=10).begin("a.jpg", declared_bytes=11)
    assert (caught.value.code, caught.value.status) == ("too_large", 413)


def test_a_length_that_lies_is_not_believed():
    assert refusal(Images(max_bytes=100), "a.jpg", bytes(200), declared=5).code == "too_large"


@pytest.mark.parametrize(
    ("data", "code", "fed"),
    [
        (samples.named("a.pdf") + bytes(1 << 20), "type", 1 << 16),
        (b"x" * (1 << 20), "type", 1 << 16),
        (samples.picture("PNG", (1000, 1000)), "pixels", 1 << 16),
        (samples.picture("JPEG", (1000, 1000)), "pixels", 1 << 16),
    ],
    ids=["pdf", "text", "png", "jpeg"],
)
def test_what_is_wrong_is_said_with_the_first_chunk_that_shows_it(data, code, fed):
    inspection = Images(max_pixels=1000).begin("a.png" if b"PNG" in data[:8] else "a.jpg")
    with pytest.raises(UploadRejected) as caught:
        for at in range(0, len(data), 1 << 16):
            inspection.feed(data[at : at + (1 << 16)])
    assert (caught.value.code, inspection.size) == (code, fed)


def test_large_exif_in_front_does_not_hide_the_size():
    segment = b"\xff\xe1" + struct.pack(">H", 60_002) + bytes(60_000)
    jpeg = samples.picture("JPEG", (1000, 1000))
    data = jpeg[:2] + segment * 3 + jpeg[2:]
    inspection = Images(max_pixels=1000).begin("a.jpg")
    with pytest.raises(UploadRejected, match="1000 by 1000"):
        for at in range(0, len(data), 1 << 12):
            inspection.feed(data[at : at + (1 << 12)])
    assert inspection.size < 200_000


def bomb():
    """30,000 by 30,000 pixels in a kilobyte or so."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1 << 20))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def test_a_bomb_is_refused_before_it_goes_off():
    data = bomb()
    with traced() as memory:
        rejected = refusal(Images(), "bomb.png", data)
    assert str(rejected) == (
        "bomb.png is 30000 by 30000 pixels large; at most 89.5 megapixels are allowed."
    )
    assert memory.peak < 1 << 20


def test_frames_and_all_their_pixels_are_bounded():
    gif = samples.named("moving.gif")
    assert refusal(Images(max_frames=2), "a.gif", gif).code == "frames"
    assert refusal(Images(max_moving_pixels=2000), "a.gif", gif).code == "moving_pixels"
    assert inspect(Images(max_moving_pixels=2304), "a.gif", gif).picture.frames == 3


def test_text_in_a_picture_is_bounded():
    jpeg = samples.picture("JPEG", comment=b"x" * 1000)
    assert refusal(Images(max_text_bytes=999), "a.jpg", jpeg).code == "text"


def test_the_bounds_of_one_alternative_are_not_those_of_another():
    policy = Images(max_bytes=1000) | Documents(max_bytes=100_000)
    assert inspect(policy, "a.pdf", samples.named("a.pdf")).policy == Documents(max_bytes=100_000)
    large = samples.picture("JPEG", (100, 100))
    assert 1000 < len(large) < 100_000
    assert refusal(policy, "a.jpg", large).code == "too_large"


def test_a_bomb_within_a_document_is_refused():
    data = samples.zipped(("[Content_Types].xml", b"<a/>"), ("word/document.xml", bytes(9 << 20)))
    assert refusal(Documents(), "a.docx", data).code == "ratio"


def test_a_minimum_is_a_minimum():
    assert refusal(Policy(min_bytes=10), "a.txt", b"hello").code == "too_small"
    assert inspect(Policy(), "a.txt", b"").size == 0


def test_names_can_be_ruled():
    policy = Documents(name=r"invoice-\d+\.pdf")
    assert inspect(policy, "invoice-17.pdf", samples.named("a.pdf"))
    assert refusal(policy, "invoice.pdf", samples.named("a.pdf")).code == "name"
    assert refusal(policy, "invoice-1.pdf\n", samples.named("a.pdf")).code == "name"


@pytest.mark.parametrize(
    ("name", "sample", "stored"),
    [
        ("a.png", "a.jpg", "a.jpg"),
        ("blob", "a.png", "blob.png"),
        ("photo.large", "a.png", "photo.large.png"),
        ("x.jpg", "a.html", "x.html"),
        ("x.jpg", "a.svg", "x.svg"),
        ("x.html", "a.jpg", "x.jpg"),
        ("a.txt", "a.exe", "a.exe"),
        ("a.jpg", "a.bin", "a.bin"),
        ("model.blend", "a.bin", "model.blend"),
        ("config.yaml", "a.txt", "config.yaml"),
        ("README", "a.txt", "README"),
        ("track.gpx", "a.xml", "track.gpx"),
        ("x.php", "a.txt", "x.php.txt"),
        ("x.shtml", "a.txt", "x.shtml.txt"),
        ("x.shtml", "a.html", "x.html"),
        ("x.php", "a.gif", "x.gif"),
        ("report.docx", "a.doc", "report.doc"),
        ("a.js", "a.txt", "a.js"),
        ("a.tgz", "a.tar.gz", "a.tgz"),
    ],
)
def test_anything_is_stored_under_the_extension_its_content_has(name, sample, stored):
    assert inspect(Anything(), name, samples.named(sample)).name == stored


def test_no_extension_contradicts_nothing():
    assert inspect(Images(), "blob", samples.named("a.png")).name == "blob.png"


def test_what_a_picture_is_comes_with_the_verdict():
    verdict = inspect(Images(), "a.jpg", samples.picture("JPEG", (300, 200)))
    assert verdict.picture.shown == (300, 200)
    assert inspect(Documents(), "a.pdf", samples.named("a.pdf")).picture is None
    assert inspect(Anything(), "a.png", samples.named("a.png")[:60]).picture is None


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ({"formats": ("image/jpg",)}, "image/jpg"),
        ({"max_bytes": -1}, "must not be negative"),
        ({"name": "("}, "regular expression"),
        ({"formats": ("image/tiff",), "clean": True}, "cannot be cleaned"),
        ({"formats": ("image/jxl",), "max_pixels": 5}, "cannot be measured"),
        ({"formats": ("application/vnd.rar",), "max_members": 5}, "cannot be looked into"),
    ],
)
def test_rules_that_make_no_sense_are_told_to_the_developer(rules, problem):
    with pytest.raises(ConfigError, match=problem):
        Policy(**rules)


def test_a_policy_is_written_down_by_what_differs():
    assert Images().deconstruct() == ("roots.media.presets.Images", (), {})
    assert Images(max_bytes=5).deconstruct()[2] == {"max_bytes": 5}
    path, args, kwargs = (Images() | Documents(max_bytes=7)).deconstruct()
    assert (path, args, kwargs) == (
        "roots.media.policy.Choice", (Images(), Documents(max_bytes=7)), {}
    )  # fmt: skip


def test_policies_compose_and_compare():
    either = Images() | Documents() | Video()
    assert [type(each) for each in either.alternatives] == [Images, Documents, Video]
    assert either == Choice(Images(), Documents(), Video())
    assert either != Images() | Documents()
    assert hash(either) == hash(Images() | Documents() | Video())
    assert inspect(Audio() | either, "clip.mp4", samples.named("clip.mp4"))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.binary(max_size=300), st.sampled_from([1, 50, 1000]))
def test_no_upload_makes_it_crash(name, data, step):
    policy = Images() | Documents() | Archives()
    try:
        inspect(policy, name, data, step)
    except UploadRejected as rejected:
        assert str(rejected)
    assert inspect(Anything(), name, data, step).size == len(data)
