"""Policies for what most fields are for. Every rule can be changed: `Images(max_bytes=5 << 20)`."""

from dataclasses import dataclass

from roots.media.policy import Policy

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


@dataclass(frozen=True, slots=True, kw_only=True)
class Images(Policy):
    """Pictures that browsers show, cleaned of metadata: JPEG, PNG, GIF, WebP, AVIF."""

    formats: tuple[str, ...] | None = (
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/avif",
    )
    min_bytes: int = 1
    max_bytes: int | None = 20 << 20
    clean: bool = True
    max_pixels: int | None = 89_478_485  # where Pillow starts to warn of a bomb
    max_frames: int | None = 1000
    max_moving_pixels: int | None = 1_000_000_000
    max_text_bytes: int | None = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents(Policy):
    """Documents without macros: PDF, Office since 2007, OpenDocument, rich and plain text, CSV."""

    formats: tuple[str, ...] | None = (
        "application/pdf",
        f"{_OPEN_XML}.wordprocessingml.document",
        f"{_OPEN_XML}.spreadsheetml.sheet",
        f"{_OPEN_XML}.presentationml.presentation",
        f"{_OPEN_DOCUMENT}.text",
        f"{_OPEN_DOCUMENT}.spreadsheet",
        f"{_OPEN_DOCUMENT}.presentation",
        "application/rtf",
        "text/plain",
        "text/csv",
        "text/markdown",
    )
    min_bytes: int = 1
    max_bytes: int | None = 50 << 20
    max_members: int | None = 10_000
    max_unpacked_bytes: int | None = 512 << 20
    max_ratio: int | None = 200
    nested: bool = True  # a text may hold a table, each an archive inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Policy):
    """Videos that browsers play: MP4, WebM, Ogg, QuickTime."""

    formats: tuple[str, ...] | None = ("video/mp4", "video/webm", "video/ogg", "video/quicktime")
    min_bytes: int = 1
    max_bytes: int | None = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio(Policy):
    """Recordings that browsers play: MP3, MPEG-4, Ogg, WebM, FLAC, WAV, AAC."""

    formats: tuple[str, ...] | None = (
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/webm",
        "audio/flac",
        "audio/wav",
        "audio/aac",
    )
    min_bytes: int = 1
    max_bytes: int | None = 200 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Archives(Policy):
    """Archives that can be looked into: ZIP, tar, and what gzip, bzip2 or XZ packed."""

    formats: tuple[str, ...] | None = (
        "application/zip",
        "application/x-tar",
        "application/gzip",
        "application/x-bzip2",
        "application/x-xz",
    )
    min_bytes: int = 1
    max_bytes: int | None = 200 << 20
    max_members: int | None = 10_000
    max_unpacked_bytes: int | None = 1 << 30
    max_ratio: int | None = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Anything(Policy):
    """Whatever comes, stored under an extension that its content agrees with."""

    strict: bool = False
