"""The formats that are told by their content: what each is called, and its extensions.

A closed list, because whoever allows a type must know what is meant by it. Types: the IANA registry
where it has one.
"""

import re
from dataclasses import dataclass
from typing import Literal

Family = Literal[
    "picture", "video", "audio", "document", "archive", "text", "font", "page", "program", "unknown"
]

UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of content.

    `extensions` are lower-case with their dot, the usual one first. `label` stands in a sentence
    after "is". `page` is the family of what a browser would render and run scripts of. Content
    alone cannot tell a format from its `base`, a content type: there the extension decides.
    """

    content_type: str
    extensions: tuple[str, ...]
    label: str
    family: Family
    base: str = ""

    @property
    def extension(self) -> str:
        """The usual extension."""
        return self.extensions[0]


def of_type(content_type: str) -> Format:
    """The format of `content_type`; KeyError for one that is not told by content.

    >>> of_type("image/jpeg").extensions
    ('.jpg', '.jpeg', '.jpe', '.jfif')
    """
    return _BY_TYPE[content_type]


def of_extension(extension: str) -> Format | None:
    """The format that claims `extension` (lower-case, with its dot); None where none does.

    >>> of_extension(".jpeg").content_type, of_extension(".blend")
    ('image/jpeg', None)
    """
    return _BY_EXTENSION.get(extension)


def family(*wanted: Family) -> tuple[str, ...]:
    """The content types of these families."""
    return tuple(each.content_type for each in FORMATS if each.family in wanted)


def _table(family: Family, rows: str, base: str = "") -> list[Format]:
    """Rows of `content type | extensions | label`."""
    formats = []
    for row in rows.strip().splitlines():
        content_type, extensions, label = (cell.strip() for cell in row.split("|"))
        formats.append(Format(content_type, tuple(extensions.split()), label, family, base))
    return formats


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
PLAIN = "text/plain"
XML = "application/xml"
ZIP = "application/zip"
GZIP = "application/gzip"
COMPOUND = "application/x-ole-storage"

FORMATS: tuple[Format, ...] = (
    *_table("picture", """
        image/jpeg | .jpg .jpeg .jpe .jfif | a JPEG picture
        image/png | .png .apng | a PNG picture
        image/gif | .gif | a GIF picture
        image/webp | .webp | a WebP picture
        image/avif | .avif .avifs | an AVIF picture
        image/heic | .heic .heif .hif | a HEIC picture
        image/jxl | .jxl | a JPEG XL picture
        image/bmp | .bmp .dib | a BMP picture
        image/tiff | .tif .tiff | a TIFF picture
        image/x-icon | .ico .cur | an icon
        image/jp2 | .jp2 .jpx .j2k .jpf | a JPEG 2000 picture
        image/vnd.adobe.photoshop | .psd .psb | a Photoshop file
        image/x-canon-cr3 | .cr3 | a camera's raw picture
    """),
    *_table("video", """
        video/mp4 | .mp4 .m4v .f4v | an MP4 video
        video/webm | .webm | a WebM video
        video/quicktime | .mov .qt | a QuickTime video
        video/x-matroska | .mkv | a Matroska video
        video/ogg | .ogv .ogg .ogx | an Ogg video
        video/3gpp | .3gp .3g2 .3gpp | a 3GP video
        video/x-msvideo | .avi | an AVI video
        video/mpeg | .mpg .mpeg .mpe .m1v .m2v .vob | an MPEG video
        video/mp2t | .ts .m2ts .mts | an MPEG transport stream
        video/x-flv | .flv | a Flash video
        video/x-ms-wmv | .wmv .asf | a Windows Media file
    """),
    *_table("audio", """
        audio/mpeg | .mp3 .mp2 .mpga | an MP3 recording
        audio/mp4 | .m4a .m4b .m4r | an MPEG-4 recording
        audio/ogg | .ogg .oga .opus .spx | an Ogg recording
        audio/flac | .flac | a FLAC recording
        audio/wav | .wav .wave | a WAV recording
        audio/aac | .aac .adts | an AAC recording
        audio/aiff | .aiff .aif .aifc | an AIFF recording
        audio/basic | .au .snd | an AU recording
        audio/x-caf | .caf | a CAF recording
        audio/midi | .mid .midi | a MIDI file
        audio/amr | .amr | an AMR recording
    """),
    *_table("audio", "audio/webm | .weba | a WebM recording", base="video/webm"),
    *_table("audio", "audio/x-matroska | .mka | a Matroska recording", base="video/x-matroska"),
    *_table("audio", "audio/x-ms-wma | .wma | a Windows Media recording", base="video/x-ms-wmv"),
    *_table("document", f"""
        application/pdf | .pdf | a PDF document
        {_OPEN_XML}.wordprocessingml.document | .docx .dotx | a Word document
        {_OPEN_XML}.spreadsheetml.sheet | .xlsx .xltx | an Excel workbook
        {_OPEN_XML}.presentationml.presentation | .pptx .potx .ppsx | a PowerPoint presentation
        application/vnd.ms-word.document.macroenabled.12 | .docm .dotm | a Word document with macros
        application/vnd.ms-excel.sheet.macroenabled.12 | .xlsm .xltm .xlam | an Excel workbook with macros
        application/vnd.ms-powerpoint.presentation.macroenabled.12 | .pptm .potm .ppsm | a PowerPoint presentation with macros
        {_OPEN_DOCUMENT}.text | .odt .ott | an OpenDocument text
        {_OPEN_DOCUMENT}.spreadsheet | .ods .ots | an OpenDocument spreadsheet
        {_OPEN_DOCUMENT}.presentation | .odp .otp | an OpenDocument presentation
        {_OPEN_DOCUMENT}.graphics | .odg .otg | an OpenDocument drawing
        application/epub+zip | .epub | an EPUB book
        application/msword | .doc .dot | a Word 97 document
        application/vnd.ms-excel | .xls .xlt | an Excel 97 workbook
        application/vnd.ms-powerpoint | .ppt .pps .pot | a PowerPoint 97 presentation
        application/vnd.ms-outlook | .msg | an Outlook message
        application/rtf | .rtf | a rich text document
        application/postscript | .ps .eps .ai | a PostScript document
        image/vnd.djvu | .djvu .djv | a DjVu document
        application/vnd.sqlite3 | .sqlite3 .sqlite .db | an SQLite database
    """),
    *_table("archive", f"""
        {ZIP} | .zip | a ZIP archive
        application/x-tar | .tar | a tar archive
        {GZIP} | .gz .tgz | a gzip archive
        application/x-bzip2 | .bz2 .tbz2 | a bzip2 archive
        application/x-xz | .xz .txz | an XZ archive
        application/zstd | .zst | a Zstandard archive
        application/x-7z-compressed | .7z | a 7z archive
        application/vnd.rar | .rar | a RAR archive
        application/x-iso9660-image | .iso | a disc image
        application/vnd.debian.binary-package | .deb | a Debian package
        application/x-rpm | .rpm | an RPM package
        application/vnd.ms-cab-compressed | .cab | a CAB archive
    """),
    Format(COMPOUND, (".ole",), "an OLE compound file", "unknown"),
    *_table("text", f"{PLAIN} | .txt .text .log | plain text"),
    *_table("text", """
        text/csv | .csv | a CSV table
        text/tab-separated-values | .tsv | a table of tab-separated values
        text/markdown | .md .markdown | a Markdown text
        application/json | .json .jsonl .ndjson .geojson .map .webmanifest | JSON
        text/calendar | .ics | a calendar
        text/vcard | .vcf | a contact card
        text/vtt | .vtt | subtitles
        application/x-subrip | .srt | subtitles
        text/css | .css | a stylesheet
    """, base=PLAIN),
    *_table("font", """
        font/ttf | .ttf | a TrueType font
        font/otf | .otf | an OpenType font
        font/collection | .ttc .otc | a collection of fonts
        font/woff | .woff | a WOFF font
        font/woff2 | .woff2 | a WOFF2 font
    """),
    *_table("page", "text/html | .html .htm | a web page", base=PLAIN),
    *_table("page", "text/javascript | .js .mjs .cjs | a script", base=PLAIN),
    *_table("page", f"""
        {XML} | .xml | an XML document
        image/svg+xml | .svg .svgz | an SVG drawing
        application/xhtml+xml | .xhtml .xht | a web page
        multipart/related | .mht .mhtml .eml | a saved web page
        application/x-shockwave-flash | .swf | a Flash program
        application/wasm | .wasm | a WebAssembly program
    """),
    *_table("page", """
        application/rss+xml | .rss | a feed
        application/atom+xml | .atom | a feed
        application/xslt+xml | .xsl .xslt | an XSLT stylesheet
    """, base=XML),
    *_table("program", """
        application/vnd.microsoft.portable-executable | .exe .dll .scr .com .sys | a Windows program
        application/x-elf | .elf .so .o | a Linux program
        application/x-mach-binary | .macho .dylib | a macOS program
        application/java-vm | .class | a Java class
        application/java-archive | .jar .war .ear | a Java program
        application/vnd.android.package-archive | .apk | an Android program
        application/x-ms-shortcut | .lnk | a Windows shortcut
        application/vnd.ms-htmlhelp | .chm | a Windows help file
        application/x-chrome-extension | .crx | a browser extension
    """),
    *_table("program", """
        application/x-httpd-php | .php .phtml .phar .pht .phps .inc | a PHP script
        text/x-shellscript | .sh .bash .command | a shell script
        application/x-server-script | .shtml .shtm .asp .aspx .ashx .asmx .asa .asax .cer .jsp .jspx .cfm .cfc .cgi .fcgi .pl .pm .py .rb .lua .tcl | a server's script
        application/hta | .hta | a Windows program
        application/x-bat | .bat .cmd .ps1 .psm1 .vbs .vbe .jse .wsf .wsh .reg .inf .scf .url .desktop | a script for a desktop
    """, base=PLAIN),
    Format(UNKNOWN_TYPE, (".bin",), "of no kind that is known here", "unknown"),
)  # fmt: skip

_BY_TYPE = {each.content_type: each for each in FORMATS}
_BY_EXTENSION = {extension: each for each in reversed(FORMATS) for extension in each.extensions}
ZIPPED = frozenset(
    {ZIP}
    | {each for each in _BY_TYPE if re.search("openxml|opendocument|macroenabled", each)}
    | {_BY_EXTENSION[extension].content_type for extension in (".epub", ".jar", ".apk")}
)
"""ZIP archives, and what is one inside."""
