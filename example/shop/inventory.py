"""What the page tells about the two roots: settings, paths, prefixes and what lies there."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.templatetags.static import static

from roots.conf import configuration


@dataclass(frozen=True, slots=True)
class Root:
    """One root: which settings make it, where it is and who serves it."""

    title: str
    written_by: str
    path_setting: str
    path: str
    url_setting: str
    url: str
    files: int
    size_bytes: int
    served_by: str
    logical_name: str
    stored_url: str


def both_roots() -> tuple[Root, Root]:
    """Static and media as they are now. Counted on each call: fine for a demo, not for millions."""
    ours = configuration()
    return (
        _root(
            "static",
            "developers, through collectstatic",
            ours.serve_static,
            "css/shop.css",
            static("css/shop.css"),
        ),
        _root(
            "media",
            "visitors, through uploads",
            ours.serve_media,
            "fern.jpg",
            f"{settings.MEDIA_URL}products/fern.91c04be2a7f3.jpg",
        ),
    )


def _root(title: str, written_by: str, is_ours: bool, logical_name: str, stored_url: str) -> Root:
    upper = title.upper()
    path = os.fspath(getattr(settings, f"{upper}_ROOT"))
    sizes = dict(_sizes(path))
    return Root(
        title=title,
        written_by=written_by,
        path_setting=f"{upper}_ROOT",
        path=path,
        url_setting=f"{upper}_URL",
        url=getattr(settings, f"{upper}_URL"),
        files=len(sizes),
        size_bytes=sum(sizes.values()),
        served_by="django-roots, before Django is asked" if is_ours else "someone else",
        logical_name=logical_name,
        stored_url=stored_url,
    )


def _sizes(directory: str) -> Iterator[tuple[int, int]]:
    """(inode, bytes) of each file: two names of one file are one file on the disk."""
    for parent, directories, names in os.walk(directory):
        directories[:] = [name for name in directories if not name.startswith(".")]
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                found = os.stat(os.path.join(parent, name), follow_symlinks=False)
                yield found.st_ino, found.st_size
