import io
import struct
import subprocess
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, ImageSequence, PngImagePlugin

from roots.media.content.pictures.measuring import CLEANED, MEASURED, cleaned, dimensions, measure
from roots.media.content.pictures.picture import BrokenPicture
from roots.media.content.sniff import sniff
from tests.media import samples
from tests.media.memory import traced

SECRET = b"52.5200N 13.4050E"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PICTURES = [
    pytest.param(sample, id=sample.name)
    for sample in samples.benign()
    if sample.content_type in MEASURED
]
CLEANABLE = [each for each in PICTURES if each.values[0].content_type in CLEANED]
KINDS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
}


def exif(orientation=1):
    """EXIF as a phone writes it: a place, a maker, a thumbnail's worth of bytes."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = SECRET.decode()
    data[0x010F] = "Maker"
    data.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    data.get_ifd(0x8825)[1] = "N"
    return data


def with_everything(kind, orientation=1, mode="RGB", size=(64, 48)):
    """A picture with EXIF, XMP, a comment, a profile, and something behind its end."""
    options = {"exif": exif(orientation), "icc_profile": PROFILE, "xmp": b"<x:xmpmeta>" + SECRET}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", SECRET.decode() * 10, zip=True)
        options["pnginfo"].add_text("Author", SECRET.decode())
    if kind in ("JPEG", "GIF"):
        options["comment"] = SECRET
    trailer = b"" if kind == "AVIF" else b"PK\x03\x04" + SECRET
    return samples.picture(kind, size, mode, **options) + trailer


def clean(data):
    content_type = sniff(data).content_type
    return b"".join(cleaned(content_type, io.BytesIO(data)))


def pixels(data):
    """Every frame, decoded, with what shows it as it is shown."""
    with Image.open(io.BytesIO(data)) as image:
        return [
            (frame.mode, frame.size, frame.tobytes(), frame.info.get("duration"))
            for frame in ImageSequence.Iterator(image)
        ]


def shown_size(data):
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image).size


@pytest.mark.parametrize("sample", PICTURES)
def test_headers_say_what_pillow_says(sample):
    found = measure(sample.content_type, io.BytesIO(sample.data))
    if sample.content_type == "image/heic":
        assert found.shown == (64, 48)
        return
    with Image.open(io.BytesIO(sample.data)) as image:
        assert found.shown == image.size
        assert found.frames == (getattr(image, "n_frames", 1) or 1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_size_is_the_one_that_is_shown(kind, orientation):
    data = with_everything(kind, orientation)
    content_type = sniff(data).content_type
    for each in (data, clean(data)):
        assert measure(content_type, io.BytesIO(each)).shown == shown_size(each)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_size_is_known_early(kind):
    data = samples.picture(kind, (300, 200))
    assert dimensions(sniff(data).content_type, io.BytesIO(data[:1000])) == (300, 200)


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"),
     ("PNG", "P"), ("WEBP", "RGB"), ("WEBP", "RGBA"), ("AVIF", "RGB"), ("GIF", "P")],
)  # fmt: skip
def test_metadata_goes_and_pixels_stay(kind, mode, orientation):
    data = with_everything(kind, orientation, mode)
    result = clean(data)
    assert pixels(result) == pixels(data)
    assert SECRET not in result
    with Image.open(io.BytesIO(result)) as image:
        image.load()
        found = image.getexif()
        assert set(found) <= {0x0112}
        assert not found.get_ifd(0x8825)
        assert not {"comment", "Comment", "Author"} & set(image.info)
        assert not image.info.get("xmp", b"").strip(b"\0")
        if kind != "GIF":
            assert image.info["icc_profile"] == PROFILE
        if kind in ("JPEG", "PNG", "WEBP"):
            assert found.get(0x0112, 1) == orientation


@pytest.mark.parametrize("sample", CLEANABLE)
def test_twice_clean_is_clean(sample):
    once = clean(sample.data)
    assert clean(once) == once


@pytest.mark.parametrize("sample", CLEANABLE)
def test_a_picture_without_metadata_keeps_its_pixels(sample):
    if sample.content_type in KINDS:
        assert pixels(clean(sample.data)) == pixels(sample.data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.skipif(not samples.has_program("exiftool"), reason="exiftool is not installed")
def test_exiftool_finds_nothing_either(kind, tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(clean(with_everything(kind, orientation=6)))
    command = ["exiftool", "-s", "-EXIF:all", "-XMP:all", "-IPTC:all", "-Comment", "-Trailer:all"]
    said = subprocess.run([*command, path], capture_output=True, text=True, check=True, timeout=60)
    names = {line.partition(":")[0].strip() for line in said.stdout.splitlines()}
    assert names <= {"Orientation"}


def test_a_thumbnail_in_jfif_goes():
    data = samples.picture("JPEG")
    header = data.index(b"JFIF") - 4
    thumbnail = b"\xff\xe0" + struct.pack(">H", 16 + 12) + data[header + 4 : header + 16]
    data = data[:header] + thumbnail + b"\2\2" + SECRET[:12] + data[header + 18 :]
    assert SECRET[:12] in data
    assert SECRET[:12] not in clean(data)


def test_the_second_picture_of_two_goes_and_the_first_stays():
    """Phones put previews and depth maps behind the end (MPF)."""
    image = Image.new("RGB", (32, 32), "red")
    data = samples.saved(image, "MPO", save_all=True, append_images=[image, image])
    result = clean(data)
    with Image.open(io.BytesIO(result)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (32, 32))
    assert len(result) < len(data) / 2


def test_a_moving_gif_keeps_its_frames_times_and_repetition():
    frames = [Image.new("RGB", (20, 20), shade) for shade in ("red", "green", "blue")]
    data = samples.saved(
        frames[0], "GIF", save_all=True, append_images=frames[1:], duration=[50, 70, 90], loop=3,
        comment=SECRET,
    )  # fmt: skip
    result = clean(data)
    assert pixels(result) == pixels(data)
    with Image.open(io.BytesIO(result)) as image:
        assert (image.n_frames, image.info["loop"]) == (3, 3)
    assert SECRET not in result


def test_moving_webp_and_png_keep_their_frames():
    frames = [Image.new("RGB", (20, 20), shade) for shade in ("red", "green", "blue")]
    for kind in ("WEBP", "PNG"):
        data = samples.saved(
            frames[0], kind, save_all=True, append_images=frames[1:], duration=80, exif=exif(6)
        )
        assert pixels(clean(data)) == pixels(data)


def test_what_is_hidden_in_a_frame_goes():
    frames = [Image.new("RGB", (20, 20), shade) for shade in ("red", "green")]
    data = samples.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    at = data.index(b"ANMF") + 4
    size = int.from_bytes(data[at : at + 4], "little")
    hidden = b"hide" + struct.pack("<I", len(SECRET) + 1) + SECRET + b"\0"
    end = at + 4 + size
    frame = struct.pack("<I", size + len(hidden)) + data[at + 4 : end] + hidden
    total = struct.pack("<I", len(data) - 8 + len(hidden))
    stuffed = b"RIFF" + total + data[8:at] + frame + data[end:]
    assert pixels(stuffed) == pixels(data)
    assert clean(stuffed) == clean(data)


def test_a_screen_control_without_an_image_goes():
    gif = samples.picture("GIF", (20, 20), "P")
    at = gif.index(b",\0\0\0\0")
    text = b"!\xf9\4\0\xff\xff\0\0" + b"!\x01\x0c" + bytes(12) + b"\x11" + SECRET + b"\0"
    assert clean(gif[:at] + text + gif[at:]) == clean(gif)


DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script>'
    b'<foreignObject><iframe src="x"/></foreignObject><a href="javascript:alert(3)"><path/></a>'
    b'<image href="https://evil.example/x.png"/><path d="M0 0h8v8z"/></svg>'
)


@pytest.mark.skipif("image/svg+xml" not in CLEANED, reason="py-svg-hush is not installed")
def test_a_drawing_keeps_what_it_shows_and_loses_what_it_runs():
    result = clean(DRAWING)
    assert b'd="M0 0h8v8z"' in result
    for gone in (b"alert", b"onload", b"script", b"foreignObject", b"iframe", b"evil"):
        assert gone not in result
    assert clean(result) == result


@pytest.mark.skipif("image/svg+xml" not in CLEANED, reason="py-svg-hush is not installed")
@pytest.mark.parametrize(
    "inside",
    [b"<g>" * 200_000 + b"</g>" * 200_000, b"<g/>" * 100_001, b"<text", b" " * (3 << 20)],
    ids=["deep", "many", "broken", "large"],
)
def test_a_drawing_that_is_a_bomb_is_refused(inside):
    with pytest.raises(BrokenPicture):
        clean(b'<svg xmlns="http://www.w3.org/2000/svg">' + inside + b"</svg>")


@pytest.mark.skipif("image/svg+xml" not in CLEANED, reason="py-svg-hush is not installed")
def test_a_drawing_with_entities_is_refused():
    with pytest.raises(BrokenPicture, match="entities"):
        clean(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + DRAWING)


def test_progressive_pictures_and_restart_markers_survive():
    for options in ({"progressive": True}, {"restart_marker_blocks": 1}):
        data = samples.picture("JPEG", (200, 150), exif=exif(6), **options)
        assert pixels(clean(data)) == pixels(data)


def test_memory_stays_flat():
    data = samples.picture("JPEG", (2500, 2000), quality=95, exif=exif())
    assert len(data) > 3_000_000
    file = io.BytesIO(data)
    with traced() as memory:
        for _ in cleaned("image/jpeg", file):
            pass
    assert memory.peak < 1 << 20


def chunk(kind, content):
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def bomb(width, height, *chunks):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join((chunk(b"IHDR", header), *chunks, chunk(b"IEND", b"")))


def test_text_is_counted_unpacked_and_only_so_far():
    packed = zlib.compress(bytes(64 << 20), 9)
    for content in (
        (b"zTXt", b"a\0\0" + packed),
        (b"iTXt", b"a\0\1\0\0\0" + packed),
    ):
        data = bomb(10, 10, *[chunk(*content)] * 3)
        with traced() as memory:
            found = measure("image/png", io.BytesIO(data))
        assert 16 << 20 <= found.text_bytes < 40 << 20
        assert memory.peak < 64 << 20


def test_frames_are_counted_from_the_header():
    control = chunk(b"acTL", struct.pack(">II", 5000, 0))
    assert measure("image/png", io.BytesIO(bomb(100, 100, control))).frames == 5000


def test_a_frame_beyond_the_screen_counts():
    gif = samples.picture("GIF", (20, 20), "P")
    at = gif.index(b",\0\0\0\0\x14\0\x14\0")
    wide = gif[: at + 5] + struct.pack("<HH", 30_000, 30_000) + gif[at + 9 :]
    assert measure("image/gif", io.BytesIO(wide)).shown == (30_000, 30_000)


BROKEN = [
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/jpeg", b"\xff\xd8\xff\xe1\x00\x01"),
    ("image/jpeg", b"\xff\xd8\xff\xd9"),
    ("image/jpeg", b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x00\x00\x00\x01\x01\x11\x00"),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/png", bomb(0, 5)),
    ("image/png", bomb(5, 5)[:-6]),
    ("image/gif", b"GIF89a\x01\0\x01\0\0\0\0;"),
    ("image/gif", b"GIF89a\x01\0\x01\0\0\0\0,"),
    ("image/webp", b"RIFF\x04\0\0\0WEBP"),
    ("image/webp", b"RIFF\xff\0\0\0WEBPVP8 \xff\xff\xff\xff"),
    ("image/avif", b"\0\0\0\x10ftypavif\0\0\0\0"),
    ("image/tiff", b"II*\0\x08\0\0\0\0\0\x08\0\0\0"),
]


@pytest.mark.parametrize(("content_type", "data"), BROKEN)
def test_a_broken_picture_is_refused_in_words(content_type, data):
    with pytest.raises(BrokenPicture) as caught:
        measure(content_type, io.BytesIO(data))
    assert str(caught.value).split()[0] in ("breaks", "has", "does")


EVERYTHING = [*(with_everything(kind, 6) for kind in ("JPEG", "PNG", "WEBP", "AVIF"))] + [
    sample.values[0].data for sample in PICTURES
]


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(EVERYTHING), st.data())
def test_damage_is_refused_or_survived_and_never_crashes(whole, data):
    damaged = bytearray(whole[: data.draw(st.integers(12, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    content_type = sniff(whole).content_type
    try:
        measure(content_type, io.BytesIO(damaged))
        if content_type in CLEANED:
            result = b"".join(cleaned(content_type, io.BytesIO(damaged)))
            assert len(result) <= len(damaged) + 64
    except BrokenPicture as broken:
        assert str(broken)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(MEASURED)), st.binary(max_size=300))
def test_garbage_is_refused(content_type, garbage):
    try:
        measure(content_type, io.BytesIO(garbage))
    except BrokenPicture as broken:
        assert str(broken)


def test_a_bomb_is_measured_in_no_time():
    data = bomb(30_000, 30_000, chunk(b"IDAT", zlib.compress(bytes(1 << 20))))
    with traced() as memory:
        assert dimensions("image/png", io.BytesIO(data)) == (30_000, 30_000)
    assert memory.peak < 100_000
