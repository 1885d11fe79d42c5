"""Mistakes about who serves the two roots in production."""

from collections.abc import Iterator

from roots.doctor.evidence.fronts import Server
from roots.doctor.evidence.serving import DJANGO, RootName
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule

_WRAP = (
    "Take Django's application from here, in wsgi.py:\n"
    "    from roots.serve.wsgi import get_wsgi_application\n"
    "in asgi.py:\n"
    "    from roots.serve.asgi import get_asgi_application"
)
_DECLARE = 'Or, if somebody else does, say who:\n    ROOTS = {{"SERVED_BY": {{"{root}": "nginx"}}}}'


@rule(
    "nobody-serves-static",
    "roots.W040",
    why="Django serves static files in development only: in production every page comes without "
    "its styles and scripts.",
    production=True,
)
def nobody_serves_static(project: Project) -> Iterator[Found]:
    """No wrapper, no middleware, no proxy and no bucket for STATIC_ROOT."""
    if _is_waiting(project, "static") and not _has_better_name(project, "static"):
        yield _nobody(project, "static")


@rule(
    "nobody-serves-media",
    "roots.W041",
    why="Django does not serve uploads in production: each is stored, and answered 404.",
    production=True,
)
def nobody_serves_media(project: Project) -> Iterator[Found]:
    """The same for MEDIA_ROOT, where fields store files there."""
    if _is_waiting(project, "media") and not _has_better_name(project, "media"):
        yield _nobody(project, "media")


@rule(
    "wsgi-not-wrapped",
    "roots.W045",
    why="The layer that serves both roots stands in front of Django only where wsgi.py or asgi.py "
    "puts it there; without it, production answers 404 for them.",
    production=True,
)
def wsgi_not_wrapped(project: Project) -> Iterator[Found]:
    """A project with our storages, whose application is Django's own."""
    waiting = [root for root in _ROOTS if _is_ours(project, root) and _is_waiting(project, root)]
    if waiting and project.serving.applications:
        application = project.serving.applications[0]
        is_elsewhere = all(map(project.serving.has_host, waiting))
        yield Found(
            what=f"{project.repository.tree.relative(application.file)} makes Django's own "
            f"application, and nothing else was found that serves {_names(waiting)}.",
            fix=_WRAP,
            where=f"{application.file}:{application.line or 1}",
            severity=None if application.line and not is_elsewhere else Severity.INFO,
        )


@rule(
    "static-helper-does-nothing",
    "roots.W043",
    why="static() returns no pattern at all where DEBUG is off, so it serves nothing in "
    "production, without a word.",
    production=True,
)
def static_helper_does_nothing(project: Project) -> Iterator[Found]:
    """`urlpatterns += static(…)` and nobody else for that root."""
    for root in _ROOTS:
        helpers = project.serving.views_of(root, "helper")
        if helpers and not _is_ours(project, root) and _is_waiting(project, root):
            yield Found(
                what=f"urls.py adds {helpers[0].text}, and nothing else was found that serves "
                f"{root.upper()}_ROOT. {_looked_at(project, root)}",
                fix=f"{_WRAP}\n{_DECLARE.format(root=root)}",
                where=f"{helpers[0].file}:{helpers[0].line}",
            )


@rule(
    "django-serves-media-in-production",
    "roots.W042",
    why="The view django.views.static.serve is made for development: it reads files through "
    "Python, knows no ranges, and sends whatever was uploaded as a page of your site.",
    production=True,
)
def django_serves_media(project: Project) -> Iterator[Found]:
    """The view `serve` for uploads, that is there with DEBUG off too."""
    views = project.serving.views_of("media", "view")
    if views and not _others(project, "media"):
        yield Found(
            what=f"urls.py has {views[0].text}, with DEBUG off too.",
            fix="Take it out, and let the layer in front of Django serve uploads.\n" + _WRAP,
            where=f"{views[0].file}:{views[0].line}",
        )


@rule(
    "served-by-two",
    "roots.W044",
    why="Whoever comes first answers everything; the other costs memory and start-up time, and "
    "its settings do nothing.",
)
def served_by_two(project: Project) -> Iterator[Found]:
    """Two servers for one root in one process; a proxy in front is another process."""
    for root in _ROOTS:
        for servers in project.serving.processes(root):
            if len(servers) > 1:
                told = "; ".join(f"{each.name} ({_place(project, each)})" for each in servers)
                yield Found(
                    what=f"{len(servers)} serve {root.upper()}_ROOT in one process: {told}.",
                    fix=f"Keep the first, {servers[0].name}, and take the others out.",
                    where=servers[1].where,
                )
                return


_ROOTS: tuple[RootName, ...] = ("static", "media")


def _directory(project: Project, root: RootName) -> str | None:
    return project.static_root if root == "static" else project.media_root


def _is_needed(project: Project, root: RootName) -> bool:
    """Whether browsers will ask for files of `root`, as far as its settings say."""
    if root == "static":
        backend = project.storages.get("staticfiles")
        return bool(backend and backend.is_local and project.has_staticfiles)
    return project.keeps_uploads


def _is_waiting(project: Project, root: RootName) -> bool:
    """Whether files of `root` will be asked for, and nobody was found who answers."""
    if not (_directory(project, root) and project.serving.prefix(root)):
        return False
    if not _is_needed(project, root) or project.serving.views_of(root, "view"):
        return False
    if project.serving.declared(root):
        return bool(project.serving.contradiction(root, _directory(project, root) or ""))
    return not _others(project, root) and not project.serving.view_at(root)


def _others(project: Project, root: RootName) -> list[Server]:
    """Who serves `root`, but for Django's views."""
    directory = _directory(project, root)
    found = project.serving.servers(root, directory) if directory else []
    return [each for each in found if each.name != DJANGO]


def _is_ours(project: Project, root: RootName) -> bool:
    """Whether files of `root` are kept by our storage, and not left to somebody else to serve."""
    if project.serving.declared(root) not in ("", "roots"):
        return False
    if root == "static":
        return project.makes_releases and project.configuration.serve_static
    return project.keeps_ledger and project.configuration.serve_media


def _has_better_name(project: Project, root: RootName) -> bool:
    """Whether another rule says more exactly why nobody serves `root`."""
    if _is_ours(project, root) and project.serving.applications:
        return True
    return bool(project.serving.views_of(root, "helper"))


def _nobody(project: Project, root: RootName) -> Found:
    serving, setting = project.serving, f"{root.upper()}_ROOT"
    is_known = any(each.line for each in serving.applications) and not serving.has_host(root)
    is_known = is_known and project.repository.tree.is_whole
    directory = _directory(project, root) or ""
    said = (
        serving.contradiction(root, directory)
        or f"Nothing was found that serves {setting} ({directory})."
    )
    return Found(
        what=f"{said} {_looked_at(project, root)}",
        fix=f"{_WRAP}\n{_DECLARE.format(root=root)}",
        where=project.settings.where(setting),
        severity=None if is_known else Severity.INFO,
    )


def _looked_at(project: Project, root: RootName) -> str:
    """Everything that might serve `root`, and what only seems to."""
    tree = project.repository.tree
    seen = [tree.relative(each.file) for each in project.serving.applications]
    seen += ["MIDDLEWARE", "urls.py"]
    seen += [f"{tree.relative(each.file)} ({each.kind})" for each in project.repository.proxies]
    files = dict.fromkeys(each.file for each in project.repository.commands)
    seen += [f"{tree.relative(each)} (commands)" for each in files]
    directory, prefix = _directory(project, root) or "", project.serving.prefix(root)
    misses = project.serving.fronts.near_misses(prefix, directory)
    return " ".join([f"Looked at: {', '.join(seen)}.", *misses])


def _place(project: Project, server: Server) -> str:
    return project.repository.tree.relative(server.where)


def _names(roots: list[RootName]) -> str:
    return " or ".join(f"{root.upper()}_ROOT" for root in roots)
