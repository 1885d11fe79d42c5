"""Mistakes about STATIC_URL and MEDIA_URL."""

import os
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.apps import apps

from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule, rules
from roots.errors import ConfigError
from roots.paths import is_inside

_SETTINGS = ("STATIC_URL", "MEDIA_URL")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]|file:|\\")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/", re.IGNORECASE)


@rule(
    "url-is-a-path",
    "roots.E030",
    why=(
        "A URL is what browsers ask for, a path is where files are on this disk: every link would "
        "be wrong, and would tell how the disk is laid out."
    ),
    cheap=True,
)
def url_is_a_path(project: Project) -> Iterator[Found]:
    """STATIC_URL or MEDIA_URL that is a path object, or begins with this project's directory."""
    for name in _SETTINGS:
        value = project.settings.get(name)
        severity = _path_likeness(project, value)
        if severity is not None:
            usual = name.removesuffix("_URL").lower()
            yield Found(
                what=f"{name} is {value!r}, a path on the disk.",
                fix=f'Paths belong into {usual.upper()}_ROOT. A URL is:\n    {name} = "{usual}/"',
                where=project.settings.where(name),
                severity=severity,
            )


@rule(
    "url-missing-slash",
    "roots.E031",
    why=(
        "Names are put behind it as they are: `/staticcss/app.css`. And without two slashes in "
        "front a host is taken for a directory of this site."
    ),
)
def url_missing_slash(project: Project) -> Iterator[Found]:
    """No slash at the end, or a host that has none in front. Django's check tells the first, too
    (urls.E006)."""
    for name, url in _urls(project):
        end = "" if url.endswith("/") else "/"
        is_host = _HOST.match(url + end) is not None
        if end or is_host:
            whole = ("https://" if is_host else "") + url + end
            yield Found(
                what=f"{name} is {url!r}.",
                fix=f'Write the slashes:\n    {name} = "{whole}"',
                where=project.settings.where(name),
                severity=None if end else Severity.WARNING,
            )


@rule(
    "url-prefix-clash",
    "roots.E032",
    why="Whoever serves the one answers for the other: its files, or all pages, are not found.",
    cheap=True,
)
def url_prefix_clash(project: Project) -> Iterator[Found]:
    """Prefixes that are equal, lie inside each other, or are the whole site."""
    places = {name: _place(url) for name, url in _urls(project)}
    for name, (host, path) in places.items():
        others = [other for other in places if other != name]
        inside = [o for o in others if places[o][0] == host and places[o][1].startswith(path)]
        is_equal = inside and places[inside[0]] == (host, path)
        if is_equal and name == _SETTINGS[1]:
            continue  # told already
        if inside or (path == "/" and not host):
            told = f"{inside[0]} ({project.settings.get(inside[0])!r})" if inside else "every page"
            yield Found(
                what=f"{name} ({project.settings.get(name)!r}) takes what is below {told}.",
                fix=(
                    "Give each a prefix of its own:\n"
                    '    STATIC_URL = "static/"\n'
                    '    MEDIA_URL = "media/"'
                ),
                where=project.settings.where(name),
            )
            return


@rule(
    "unservable-root",
    "roots.E004",
    why="The layer that serves both roots does not start with these settings.",
    cheap=True,
)
def unservable_root(project: Project) -> Iterator[Found]:
    """What the serving layer refuses, where no other finding has a better name for it."""
    if not apps.is_installed("roots.django"):
        return
    if any(True for each in rules(*_TELLING) if each.slug in _TOLD for _ in each.look(project)):
        return
    from roots.serve.assembly import assemble

    try:
        assemble()
    except ConfigError as error:
        yield Found(
            what=str(error),
            fix="Correct it; docs/settings.md lists every key of ROOTS.",
            where=project.settings.where("ROOTS"),
        )


_TELLING = ("settings", "roots", "storages", "urls", "private")
_TOLD = (
    "wrong-settings",
    "roots-overlap",
    "storage-unusable",
    "url-is-a-path",
    "url-missing-slash",
    "url-prefix-clash",
    "private-files-shared",
)


def _urls(project: Project) -> Iterator[tuple[str, str]]:
    """The settings that are URLs, and not paths."""
    for name in _SETTINGS:
        value = project.settings.get(name)
        if isinstance(value, str) and value and _path_likeness(project, value) is None:
            yield name, value


def _path_likeness(project: Project, value: object) -> Severity | None:
    """How sure it is that `value` is a path: None for a URL, a warning for what may be the prefix
    of a site that is mounted below the name of its directory, as `/app/static/`."""
    if isinstance(value, os.PathLike) or (isinstance(value, str) and _DRIVE.match(value)):
        return Severity.ERROR
    directory = str(project.directory)
    if directory == os.sep or not isinstance(value, str):
        return None
    if not is_inside(os.path.normpath(value), directory):
        return None
    return Severity.ERROR if directory.count(os.sep) > 1 else Severity.WARNING


def _place(url: str) -> tuple[str, str]:
    """The host, and the path from its top, of a URL setting."""
    parts = urlsplit(url)
    return parts.netloc.casefold(), "/" + parts.path.lstrip("/")
