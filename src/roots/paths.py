"""From a URL to a name inside a root, and nowhere else."""

MAX_NAME_BYTES = 255
MAX_PATH_BYTES = 4096
_FORBIDDEN = frozenset("\0\\:")


def is_servable(name: str) -> bool:
    r"""Whether `name`, a decoded URL path below a root's prefix, may name a file of that root.

    Refused: empty parts (`//host`, a trailing slash), `.` and `..`, dot-files (staging, trash,
    VCS folders), NUL, backslashes, colons (drive letters, NTFS streams), and what no file system
    stores.

    >>> is_servable("css/app.css"), is_servable("größe/ä.png")
    (True, True)
    >>> [is_servable(n) for n in ("", "/etc/passwd", "a/../b", ".git/config", "C:x", "a\\b", "a/")]
    [False, False, False, False, False, False, False]
    """
    if not _FORBIDDEN.isdisjoint(name):
        return False
    try:
        parts = name.encode().split(b"/")
    except UnicodeEncodeError:
        return False
    if sum(map(len, parts)) + len(parts) > MAX_PATH_BYTES:
        return False
    return all(0 < len(part) <= MAX_NAME_BYTES and part[0] != 0x2E for part in parts)


def is_inside(path: str, directory: str) -> bool:
    """Whether the real (symlink-free, absolute) `path` is `directory` or below it.

    Compared by parts, never by string prefix: `/srv/static2` is not inside `/srv/static`.

    >>> is_inside("/srv/static/a", "/srv/static"), is_inside("/srv/static2/a", "/srv/static")
    (True, False)
    """
    return path == directory or path.startswith(directory.rstrip("/") + "/")
