"""Settings that keep a site in production from being served at all, or safely."""

from collections.abc import Iterator

from roots.doctor.finding import Found
from roots.doctor.project import Project
from roots.doctor.registry import rule


@rule(
    "debug-true-in-production",
    "roots.E049",
    why="With DEBUG, an error shows source code and settings to everybody, static files come from "
    "their sources, unhashed, and each process remembers every query.",
    cheap=True,
)
def debug_true_in_production(project: Project) -> Iterator[Found]:
    """DEBUG where this is production; or DEBUG as a text, which is true whatever it says."""
    debug = project.settings.get("DEBUG")
    if isinstance(debug, str) and debug:
        what = f"DEBUG is the text {debug!r}, and every text but an empty one is true."
    elif debug and project.is_production:
        what = (
            f"DEBUG is {debug!r}, and {project.production_evidence} says that this is production."
        )
    else:
        return
    yield Found(
        what=what,
        fix="Read it from the environment, off where nothing is said:\n"
        '    DEBUG = os.environ.get("DEBUG", "") == "1"',
        where=project.settings.where("DEBUG"),
    )


@rule(
    "allowed-hosts-empty",
    "roots.E050",
    why="With DEBUG off, Django answers every request 400 whose host is not allowed.",
    production=True,
)
def allowed_hosts_empty(project: Project) -> Iterator[Found]:
    """No host in ALLOWED_HOSTS, or empty texts only, as splitting an unset variable gives."""
    hosts = project.settings.get("ALLOWED_HOSTS") or []
    if not any(isinstance(host, str) and host.strip() for host in hosts):
        yield Found(
            what=f"ALLOWED_HOSTS is {list(hosts)!r}.",
            fix='Name every host the site is asked for:\n    ALLOWED_HOSTS = ["www.example.com"]',
            where=project.settings.where("ALLOWED_HOSTS"),
        )
