"""Mistakes about how pages name static files and uploads."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from roots.doctor.evidence.mentions import mentions
from roots.doctor.finding import Found
from roots.doctor.project import Project
from roots.doctor.registry import rule

_SHOWN = 3


@rule(
    "hardcoded-static-url",
    "roots.W039",
    why="A URL that is written out names the file and not its content: browsers keep the old one "
    "after a deploy, and it breaks when the prefix, the host or the storage changes.",
)
def hardcoded_static_url(project: Project) -> Iterator[Found]:
    """`/static/…` or `/media/…` in templates, stylesheets or Python."""
    tree = project.repository.tree
    found = list(mentions(tree, _prefixes(project), str(project.directory)))
    if found:
        named = [f"{tree.relative(each.file)}:{each.line} {each.url}" for each in found[:_SHOWN]]
        more = "; …" if len(found) > _SHOWN else ""
        urls = "URLs" if len(found) > 1 else "URL"
        yield Found(
            what=f"{len(found)} {urls} written out: {'; '.join(named)}{more}.",
            fix=(
                "Let Django say it. In templates:\n"
                '    {% load static %} {% static "css/app.css" %}\n'
                "    {{ invoice.scan.url }}\n"
                "In Python, static() of django.templatetags.static; in stylesheets a relative "
                "url(), which collectstatic rewrites."
            ),
            where=f"{found[0].file}:{found[0].line}",
        )


def _prefixes(project: Project) -> Iterator[str]:
    for root in ("static", "media"):
        if prefix := project.serving.prefix(root):
            yield prefix
            if project.serving.has_host(root):
                parts = urlsplit(str(project.settings.get(f"{root.upper()}_URL")))
                yield f"{parts.scheme}://{parts.netloc}{prefix}"
