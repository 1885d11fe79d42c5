"""What wsgi.py and asgi.py put around Django, read without running them."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roots.doctor.evidence.guards import production
from roots.doctor.evidence.python import parsed

_SERVERS = (
    (re.compile(r"^roots\.serve\.[aw]sgi\."), "roots"),
    (re.compile(r"whitenoise", re.IGNORECASE), "WhiteNoise"),
    (re.compile(r"servestatic", re.IGNORECASE), "ServeStatic"),
    (re.compile(r"^dj_static\."), "dj-static"),
    (re.compile(r"^django\.contrib\.staticfiles\.handlers\."), "Django's StaticFilesHandler"),
)
_FACTORY = re.compile(
    r"get_[aw]sgi_application|put_roots_before|(WSGI|ASGI)Handler|get_default_app"
)
_MEDIA = {"dj_static.MediaCling": "dj-static"}


@dataclass(frozen=True, slots=True)
class Application:
    """An entry point: its `module`, its `file`, and who serves static files in it, in the order in
    which they stand in the file; those that only do so with DEBUG are left out."""

    module: str
    file: str
    servers: tuple[str, ...]
    media_servers: tuple[str, ...]
    line: int
    """Where Django's application comes from; 0 where it comes from another file."""

    def servers_of(self, root: str) -> tuple[str, ...]:
        """Who serves the root, "static" or "media", in it."""
        return self.media_servers if root == "media" else self.servers


def read(module: str, file: str, source: str) -> Application:
    """The application in `source`. What is imported counts once it is used.

    >>> source = "from roots.serve.wsgi import get_wsgi_application as g\\napp = g()"
    >>> read("config.wsgi", "config/wsgi.py", source).servers
    ('roots',)
    """
    tree = parsed(source)
    names = dict(_imported(tree))
    used = [names[name] for name in _used(tree) if name in names]
    servers = dict.fromkeys(server for name in used if (server := server_of(name)))
    of_media = [name for name in servers if name == "roots"]
    of_media += [_MEDIA[name] for name in used if name in _MEDIA]
    if "MEDIA_ROOT" in source and "add_files" in source:
        of_media.append("WhiteNoise")
    return Application(module, file, tuple(servers), tuple(of_media), _line(tree))


def server_of(name: str) -> str | None:
    """Who serves files under this dotted name, of a class or function; None for anything else.

    >>> server_of("whitenoise.middleware.WhiteNoiseMiddleware")
    'WhiteNoise'
    """
    return next((server for pattern, server in _SERVERS if pattern.search(name)), None)


def file_of(module: str, directories: list[str]) -> str | None:
    """The file of `module` below one of `directories`; None where it is not there."""
    path = module.replace(".", os.sep)
    candidates = (os.path.join(each, path + end) for each in directories for end in _ENDS)
    return next(filter(os.path.isfile, candidates), None)


_ENDS = (".py", os.sep + "__init__.py")


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Local names, and the dotted ones they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], alias.name + "."


def _used(tree: ast.Module) -> Iterator[str]:
    return (node.id for node in production(tree) if isinstance(node, ast.Name))


def _line(tree: ast.Module) -> int:
    for node in ast.walk(tree):
        names = node.names if isinstance(node, ast.ImportFrom) else []
        if any(_FACTORY.match(each.name) for each in names):
            return int(getattr(node, "lineno", 0))
    return 0
