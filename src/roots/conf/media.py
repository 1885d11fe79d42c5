"""The settings of the media half: what uploads are, and when they go."""

from dataclasses import dataclass
from typing import Any, Literal

from roots.conf.kinds import BOOLEAN, COLUMNS, GLOBS, POLICY, QUOTAS, SCANNER, choice, whole_number
from roots.conf.option import option


@dataclass(frozen=True, kw_only=True)
class MediaSettings:
    """What a project may say of its uploads."""

    keep_unnamed: tuple[str, ...] = option(
        (),
        GLOBS,
        "Media files that may be there though no `FileField` names them, as in `['newsletter/*']`: "
        "`manage.py media` never takes them for orphans.",
    )
    trash_days: int = option(
        7,
        whole_number(0),
        "Days a media file that no row names any more stays in the trash, from where `manage.py "
        "media restore` takes it back; 0 deletes it at once.",
    )
    upload_policy: Any = option(
        None,
        POLICY,
        "What uploads are accepted where no field says so: Django's own `FileField` and "
        "`ImageField`, and files saved by code. See [Uploads](uploads.md).",
    )
    durable_uploads: bool = option(
        True,
        BOOLEAN,
        "Wait until an upload is on the disk (`fsync`) before its name is given out, so that a "
        "power cut cannot leave a row that names an empty file.",
    )
    keep_files: tuple[str, ...] = option(
        (),
        COLUMNS,
        "Models and fields whose files stay when a row is deleted or gets another file: "
        '`["shop.Invoice", "blog.Post.cover"]`.',
    )
    quotas: tuple[tuple[str, int], ...] = option(
        (),
        QUOTAS,
        'Bytes that may be stored: by each user, in each storage, for a field, as in `{"owner": 5 '
        '<< 30, "shop.Invoice.file": 1 << 30}`. See [Quotas](quotas.md).',
    )
    reserve_bytes: int = option(
        16 << 20,
        whole_number(0),
        "Bytes that uploads leave free on the disk, for the database, sessions and logs that share "
        "it; what does not fit is refused. 0 for none. See [Quotas](quotas.md#the-disk).",
    )
    scanner: Any = option(
        None,
        SCANNER,
        "What searches uploads for malware before they are stored. See [Scanning](scanning.md).",
    )
    scan_later: bool = option(
        False,
        BOOLEAN,
        "Let uploads wait in quarantine, where nobody can read them, until `manage.py media "
        "rescan` has scanned them.",
    )
    unscanned: Literal["refuse", "quarantine", "accept"] = option(
        "refuse",
        choice("refuse", "quarantine", "accept"),
        "What becomes of an upload that the scanner gave no answer about, because it is down, too "
        "slow, or takes no file as large.",
    )
