"""The commands a repository starts servers with, wherever they are written down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roots.doctor.evidence.proxies.mount import Mount, slashed
from roots.doctor.evidence.tree import Tree

_FILES = (
    "procfile", "*.service", "supervisor*.conf", "*.sh", "start", "entrypoint", "dockerfile",
    "dockerfile.*", "*.dockerfile", "containerfile", "compose*.y*ml", "docker-compose*.y*ml",
    "render.yaml", "fly.toml", "railway.toml", "railway.json", "app.json", "heroku.yml",
    "uwsgi.ini", "uwsgi*.ini",
)  # fmt: skip
_STARTS = re.compile(
    r"\b(gunicorn|uvicorn|hypercorn|daphne|granian|uwsgi|waitress-serve|mod_wsgi-express|"
    r"(?:manage\.py|django-admin)[\"',\s]+(?:serve|runserver|runmodwsgi|collectstatic)|static-map)\b"
)
_APPLICATION = re.compile(r"(?<![\w./])((?:\w+[./])+\w*[aw]sgi\w*)(?:\.py)?\b")
_OF_UWSGI = re.compile(r"static-map2?\s*[=\s]\s*(\S+?)=(\S+)")
_OF_GRANIAN = re.compile(r"--static-path-(route|mount)[=\s]+(\S+)")
_IGNORED = re.compile(r"\s(?:-i|--ignore)[=\s]\s*(\S+)")
_COMMENT = re.compile(r"^\s*(#|;|//)")


@dataclass(frozen=True, slots=True)
class Command:
    """A line of `file` that starts something, continued lines joined, brackets and quotes gone."""

    file: str
    line: int
    text: str

    @property
    def application(self) -> str | None:
        """The module of the application it serves; None where it names none.

        >>> Command("x", 1, "gunicorn config.wsgi --bind :8000").application
        'config.wsgi'
        >>> Command("x", 1, "uwsgi --wsgi-file config/wsgi.py").application
        'config.wsgi'
        """
        found = _APPLICATION.search(self.text)
        return found[1].replace("/", ".") if found else None

    @property
    def is_serving_roots(self) -> bool:
        """Whether it is `manage.py serve`, which serves both roots whatever wsgi.py says."""
        return bool(re.search(r"(manage\.py|django-admin)\s+serve\b", self.text))

    @property
    def is_collecting(self) -> bool:
        """Whether it runs collectstatic."""
        return "collectstatic" in self.text

    @property
    def ignored(self) -> list[str]:
        """The patterns of files that collectstatic is told to leave out."""
        return _IGNORED.findall(self.text) if self.is_collecting else []

    def mounts(self) -> Iterator[Mount]:
        """The directories that the server it starts serves by itself: uWSGI's and Granian's.

        >>> list(Command("x", 3, "uwsgi --static-map /static=/srv/s").mounts())
        [Mount(prefix='/static/', directory='/srv/s', line=3)]
        """
        for prefix, directory in _OF_UWSGI.findall(self.text):
            yield Mount(slashed(prefix), directory, self.line)
        said = dict(_OF_GRANIAN.findall(self.text))
        if "mount" in said:
            yield Mount(slashed(said.get("route", "/static")), said["mount"], self.line)


def commands(tree: Tree) -> list[Command]:
    """Every such line in the files of `tree` that are made for it."""
    return [each for path in tree.named(*_FILES) for each in _commands(path, tree.text(path))]


def _commands(path: str, text: str) -> Iterator[Command]:
    begun, number = "", 1
    for current, line in enumerate(text.splitlines(), 1):
        number = number if begun else current
        if _COMMENT.match(line):
            continue
        if line.endswith("\\"):
            begun += line[:-1] + " "
            continue
        whole, begun = begun + line, ""
        if _STARTS.search(whole):
            yield Command(path, number, re.sub(r"[\"'\[\],\s]+", " ", whole).strip())
