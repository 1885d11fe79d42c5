"""What each library says of the same files: 97 honest ones and 32 that try to be two things.

    pip install puremagic filetype python-magic pylibmagic magika
    python -m bench.sniffers           a table: how many right, wrong, unknown, dangerous; cost
    python -m bench.sniffers --all     every file and every answer

Needs Pillow. Peers that are not installed are left out. An answer is right when it is the type or
one of its other names; dangerous when a file that a browser would run passes for one that it shows.
"""

import argparse
import importlib
import io
import time
from collections import Counter
from collections.abc import Callable

from tests.media import samples

Sniffer = Callable[[bytes], str]
UNKNOWN = {"", "application/octet-stream", "None"}
SAME = [
    {"image/x-icon", "image/vnd.microsoft.icon", "image/ico"},
    {"image/bmp", "image/x-ms-bmp", "image/x-bmp"},
    {"image/png", "image/apng"},
    {"image/jp2", "image/jpeg2000", "image/jpeg2000-image"},
    {"image/heic", "image/heif", "image/heic-sequence"},
    {"image/vnd.adobe.photoshop", "image/x-psd", "application/photoshop"},
    {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"},
    {"audio/aiff", "audio/x-aiff"},
    {"audio/flac", "audio/x-flac"},
    {"audio/aac", "audio/x-hx-aac-adts", "audio/aacp"},
    {"audio/mp4", "audio/x-m4a", "audio/m4a", "video/mp4"},
    {"audio/ogg", "video/ogg", "application/ogg", "audio/opus"},
    {"audio/x-matroska", "video/x-matroska", "video/webm", "audio/webm", "application/x-matroska"},
    {"audio/x-ms-wma", "video/x-ms-wmv", "video/x-ms-asf", "application/vnd.ms-asf"},
    {"audio/mpeg", "audio/mp3", "audio/mpegapplication/octet-stream"},
    {"video/mp4", "video/x-m4v"},
    {"video/x-msvideo", "video/avi", "video/msvideo"},
    {"video/mpeg", "video/mpg"},
    {"video/3gpp", "video/3gp", "audio/3gpp"},
    {"video/mp2t", "video/mpeg2", "video/vnd.dlna.mpeg-tts"},
    {"application/x-shockwave-flash", "application/vnd.adobe.flash-movie"},
    {"font/otf", "application/vnd.ms-opentype", "application/x-font-otf", "font/sfnt"},
    {"font/ttf", "font/sfnt", "application/x-font-ttf", "application/font-sfnt"},
    {"font/woff", "application/font-woff"},
    {"font/woff2", "application/font-woff2"},
    {"application/rtf", "text/rtf"},
    {"application/gzip", "application/x-gzip"},
    {"application/x-bzip2", "application/bzip2"},
    {"application/vnd.rar", "application/x-rar-compressed", "application/x-rar"},
    {"application/vnd.sqlite3", "application/x-sqlite3"},
    {"application/x-elf", "application/x-executable", "application/x-executable-elf",
     "application/x-object", "application/x-pie-executable", "application/x-sharedlib"},
    {"application/vnd.microsoft.portable-executable", "application/x-dosexec",
     "application/x-msdownload", "application/exe"},
    {"application/java-vm", "application/x-java-applet", "application/java"},
    {"application/java-archive", "application/zip"},
    {"application/xml", "text/xml"},
    {"application/xhtml+xml", "application/xml", "text/xml", "text/html"},
    {"multipart/related", "message/rfc822", "application/x-mimearchive"},
    {"application/x-httpd-php", "text/x-php"},
    {"text/x-shellscript", "application/x-sh"},
    {"text/javascript", "application/javascript", "text/plain"},
    {"text/css", "text/plain"},
    {"text/csv", "text/plain", "application/csv"},
    {"text/markdown", "text/plain"},
    {"application/json", "text/plain"},
    {"text/calendar", "text/plain"},
    {"text/vcard", "text/plain", "text/x-vcard"},
    {"text/vtt", "text/plain"},
]  # fmt: skip
ACTIVE = {"text/html", "image/svg+xml", "application/xhtml+xml", "application/xml", "text/xml",
          "application/pdf", "multipart/related", "application/x-shockwave-flash"}  # fmt: skip
SHOWN = ("image/", "audio/", "video/", "text/plain")


def ours() -> Sniffer:
    """This package."""
    from roots.media.content.sniff import sniff_file

    return lambda data: sniff_file(io.BytesIO(data)).content_type


def filetype() -> Sniffer:
    """https://pypi.org/project/filetype/"""
    library = importlib.import_module("filetype")
    return lambda data: str(library.guess_mime(data))


def puremagic() -> Sniffer:
    """https://pypi.org/project/puremagic/"""
    library = importlib.import_module("puremagic")

    def say(data: bytes) -> str:
        try:
            return str(library.from_string(data, mime=True))
        except (library.PureError, ValueError):
            return ""

    return say


def libmagic() -> Sniffer:
    """python-magic on the libmagic of pylibmagic, or the system's."""
    importlib.import_module("pylibmagic")
    library = importlib.import_module("magic")
    return lambda data: str(library.from_buffer(data, mime=True))


def magika() -> Sniffer:
    """https://pypi.org/project/magika/"""
    library = importlib.import_module("magika").Magika()
    return lambda data: str(library.identify_bytes(data).output.mime_type)


def judge(said: str, sample: samples.Sample) -> str:
    """`right`, `unknown`, `dangerous` or `wrong`."""
    same = {name for group in SAME if sample.content_type in group for name in group}
    if said == sample.content_type or said in same:
        return "right"
    if said in UNKNOWN:
        return "right" if sample.content_type in UNKNOWN else "unknown"
    runs = sample.content_type in ACTIVE and said.startswith(SHOWN) and said not in ACTIVE
    return "dangerous" if runs else "wrong"


def cost_us(sniffer: Sniffer, files: tuple[samples.Sample, ...]) -> float:
    """Microseconds of a look, the best of five rounds."""
    rounds = []
    for _ in range(5):
        started = time.perf_counter()
        for sample in files:
            sniffer(sample.data)
        rounds.append((time.perf_counter() - started) / len(files))
    return min(rounds) * 1e6


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="every answer")
    details = parser.parse_args().all
    print("| sniffer | honest: right/wrong/unknown/dangerous | polyglots | µs a file |")
    print("| --- | --- | --- | --- |")
    for make in (ours, libmagic, puremagic, filetype, magika):
        try:
            sniffer = make()
        except ImportError as error:
            print(f"| {make.__name__} | not here: {error} |")
            continue
        cells = []
        for files in (samples.benign(), samples.polyglots()):
            verdicts = {each.name: judge(sniffer(each.data), each) for each in files}
            count = Counter(verdicts.values())
            cells.append(
                "/".join(str(count[v]) for v in ("right", "wrong", "unknown", "dangerous"))
            )
            if details:
                for each in files:
                    print(f"    {verdicts[each.name]:9} {each.name:20} {sniffer(each.data)}")
        micros = cost_us(sniffer, samples.benign())
        print(f"| {make.__name__} | {cells[0]} | {cells[1]} | {micros:.0f} |")


if __name__ == "__main__":
    main()
