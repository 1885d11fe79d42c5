"""STATIC_ROOT and MEDIA_ROOT side by side, for anybody's project or for this one."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from roots.doctor.project import Project

_TITLE_WIDTH = 15
_NARROWEST = 24


@dataclass(frozen=True, slots=True)
class Values:
    """What the two roots are called in a text."""

    static_root: str = "`STATIC_ROOT`"
    static_url: str = "`STATIC_URL`"
    media_root: str = "`MEDIA_ROOT`"
    media_url: str = "`MEDIA_URL`"


ROWS = (
    (
        "what it holds",
        "copies of what developers write: styles, scripts, the pictures of the design",
        "what users upload: the files of every `FileField` and `ImageField`",
    ),
    (
        "who fills it",
        "`collectstatic`, and nobody else",
        "the running site, through a storage",
    ),
    ("when it changes", "with a deploy, never in between", "with every upload"),
    (
        "where else",
        "in the sources, so {static_root} can be deleted and collected again",
        "nowhere: {media_root} wants a backup",
    ),
    ("collectstatic", "writes it; `--clear` empties it first", "never looks at it"),
    (
        "in a page",
        '`{{% static "shop/app.css" %}}` writes {static_url} and a name',
        "`invoice.scan.url` writes {media_url} and a name",
    ),
    (
        "in a row",
        "nothing: templates name static files",
        "the name below {media_root}, never a path or a URL",
    ),
    (
        "DEBUG = True",
        "not used: `runserver` serves the sources",
        "Django serves nothing of it by itself; `roots` does, where it is installed",
    ),
    (
        "DEBUG = False",
        "Django serves nothing of it; `roots`, a proxy or a bucket does",
        "Django serves nothing of it; `roots`, a proxy or a bucket does",
    ),
    (
        "who is trusted",
        "developers: as much as the code itself",
        "nobody: uploads are shown, never run",
    ),
    ("git", "ignored: it is made, not written", "ignored: it is other people's"),
    (
        "in containers",
        "in the image, collected when it is built",
        "on a volume, mounted when it runs",
    ),
    ("on many hosts", "each has its own copy, all alike", "one directory or bucket for all"),
)
"""A question and two answers; names of `Values` in braces."""


def markdown() -> str:
    """The rows as the table of docs/primer.md."""
    lines = ["| | `STATIC_ROOT` | `MEDIA_ROOT` |", "| --- | --- | --- |"]
    for title, *answers in _filled(Values()):
        lines.append(f"| {title} | {' | '.join(answers)} |")
    return "\n".join(lines) + "\n"


def told(project: Project, width: int) -> str:
    """The rows for `project`, in two columns and at most `width` characters wide."""
    column = max((width - _TITLE_WIDTH - 4) // 2, _NARROWEST)
    rows = [
        ("", "STATIC_ROOT", "MEDIA_ROOT"),
        ("here", *_places(project)),
        *_filled(_values(project)),
    ]
    return "\n".join(line for row in rows for line in _laid_out(row, column))


def _values(project: Project) -> Values:
    """What is not set keeps its name."""
    said = {each.name: project.settings.get(each.name.upper()) for each in fields(Values)}
    return Values(**{name: str(value) for name, value in said.items() if value})


def _places(project: Project) -> Iterator[str]:
    for root in ("STATIC", "MEDIA"):
        directory = project.settings.get(f"{root}_ROOT") or "no directory"
        yield f"{directory} below {project.settings.get(f'{root}_URL') or 'no URL'}"


def _filled(values: Values) -> Iterator[tuple[str, ...]]:
    names: Mapping[str, str] = {each.name: getattr(values, each.name) for each in fields(Values)}
    for row in ROWS:
        yield tuple(text.format_map(names) for text in row)


def _laid_out(row: tuple[str, ...], column: int) -> Iterator[str]:
    title, *answers = row
    wrapped = [_wrapped(answer.replace("`", ""), column) for answer in answers]
    for number in range(max(map(len, wrapped))):
        left, right = (lines[number] if number < len(lines) else "" for lines in wrapped)
        yield f"{'' if number else title:<{_TITLE_WIDTH}}  {left:<{column}}  {right}".rstrip()


def _wrapped(text: str, column: int) -> list[str]:
    return textwrap.wrap(text, column, break_on_hyphens=False, break_long_words=False)
