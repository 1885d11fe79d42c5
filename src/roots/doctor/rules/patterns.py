"""Mistakes about URL patterns that stand beside the two roots."""

import sys
from collections.abc import Iterator

from roots.doctor.evidence import urls
from roots.doctor.evidence.serving import RootName
from roots.doctor.finding import Found, Severity
from roots.doctor.listing import some
from roots.doctor.project import Project
from roots.doctor.registry import rule


@rule(
    "url-shadowed",
    "roots.W033",
    why="A URL has one answer: the other is never asked, and nothing says so.",
)
def url_shadowed(project: Project) -> Iterator[Found]:
    """A URL pattern below the prefix of a root somebody serves in front of Django; or one that
    takes what a pattern of Django's `serve` behind it was meant for."""
    urlconf = str(project.settings.get("ROOT_URLCONF", ""))
    try:
        found = [*urls.patterns(urlconf)] if urlconf else []
    except Exception as error:  # noqa: BLE001 - whatever the project's own code raises
        yield Found(
            what=f"Which views a prefix hides was not looked at: {type(error).__name__}: {error}",
            fix="Mend the URLconf, and look again.",
            where=project.settings.where("ROOT_URLCONF"),
            severity=Severity.INFO,
        )
        return
    for root in ("static", "media"):
        prefix = project.serving.prefix(root)
        if not prefix or project.serving.has_host(root):
            continue
        front = _in_front(project, root)
        below = [each for each in found if each.literal.startswith(prefix)]
        hidden = [each for each in below if not each.is_serving_files]
        if front and hidden:
            yield _hidden(root, prefix, front, hidden)
        elif not front and len(hidden) < len(below):
            yield from _hiding(urlconf, prefix)


def _in_front(project: Project, root: RootName) -> str:
    """Who answers for `root` before Django does; "" where nobody is known to."""
    directory = project.static_root if root == "static" else project.media_root
    servers = project.serving.servers(root, directory) if directory else []
    names = [each.name for each in servers if each.name != "Django's serve()"]
    names += [project.serving.declared(root)]
    if root == "static" and project.has_staticfiles:
        names.append("runserver")
    return next(filter(None, names), "")


def _hidden(root: RootName, prefix: str, front: str, patterns: list[urls.Pattern]) -> Found:
    told = some([f"{each.route!r} ({each.view})" for each in patterns])
    private = (
        " If it is to say who may read uploads, everybody can read them now: keep those files in "
        "a storage that is not public, see docs/private-media.md."
    )
    return Found(
        what=f"{front} answers everything below {prefix}, so these never do: {told}.",
        fix=(
            f"Give the view a URL outside of {prefix}, or choose another {root.upper()}_URL."
            + (private if root == "media" else "")
        ),
        where=_file_of(patterns[0]),
    )


def _hiding(urlconf: str, prefix: str) -> Iterator[Found]:
    taker = urls.taker(urlconf, f"{prefix}doctor/a.css")
    if taker is not None and not taker.is_serving_files:
        yield Found(
            what=(
                f"{taker.route!r} ({taker.view}) takes every URL below {prefix}, before the "
                "pattern that serves files there."
            ),
            fix="Move what serves files up, before the pattern that takes everything.",
            where=getattr(sys.modules.get(urlconf), "__file__", None) or "",
        )


def _file_of(pattern: urls.Pattern) -> str:
    code = getattr(pattern.callback, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else ""
