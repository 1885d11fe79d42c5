"""The proxies that a repository has a configuration of."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from roots.doctor.evidence import compose
from roots.doctor.evidence.proxies import apache, caddy, nginx
from roots.doctor.evidence.proxies.directive import Directive
from roots.doctor.evidence.proxies.mount import Mount, slashed
from roots.doctor.evidence.tree import Tree

_Parse = Callable[[str], tuple[Directive, ...]]
_Mounts = Callable[[tuple[Directive, ...]], Iterator[Mount]]
_READERS: dict[str, tuple[_Parse, _Mounts]] = {
    "nginx": (nginx.parse, nginx.mounts),
    "caddy": (caddy.parse, caddy.mounts),
    "apache": (apache.parse, apache.mounts),
}
_FILES = ("*nginx*", "*.conf", "*.conf.*", "caddyfile*", "*.caddy", "*.vhost", "sites-*", "default")
_TELLING = (
    ("caddy", re.compile(r"^\s*(file_server|reverse_proxy|handle_path)\b.*$(?<!;)", re.MULTILINE)),
    (
        "apache",
        re.compile(
            r"^\s*(<VirtualHost|<Directory|Alias |WSGIScriptAlias|ProxyPass )", re.MULTILINE
        ),
    ),
    ("nginx", re.compile(r"^\s*(server|location|http|upstream)\b[^;\n]*\{", re.MULTILINE)),
)
_FILE_SERVER = re.compile(r"nginx|caddy|httpd|apache|static-web-server|busybox", re.IGNORECASE)
_PATH_PREFIX = re.compile(r"PathPrefix\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A file that tells the proxy `kind` what to serve. `directives` are empty for Traefik, which
    serves nothing itself but has somebody else asked."""

    kind: str
    file: str
    directives: tuple[Directive, ...]
    mounts: tuple[Mount, ...]


def proxies(tree: Tree) -> list[Proxy]:
    """Every such file of `tree`."""
    found = [proxy for path in tree.named(*_FILES) if (proxy := _proxy(path, tree.text(path)))]
    return [*found, *_of_traefik(tree), *_of_buildpacks(tree)]


def _proxy(path: str, text: str) -> Proxy | None:
    name = path.rpartition("/")[2].casefold()
    kind = "caddy" if "caddy" in name else next((k for k, p in _TELLING if p.search(text)), None)
    if kind is None or not text:
        return None
    parse, mounts = _READERS[kind]
    try:
        directives = parse(text)
    except RecursionError:  # no configuration is as deep
        return None
    return Proxy(kind, path, directives, tuple(mounts(directives)))


def _of_traefik(tree: Tree) -> Iterator[Proxy]:
    """Traefik hands a prefix to a service of its own: who that is, and what it serves, is said
    elsewhere. In compose files, the labels of a service count that is a file server."""
    for path in tree.named("traefik*.yml", "traefik*.yaml", "traefik*.toml"):
        yield from _traefik(path, tree.text(path))
    for path in tree.named(*compose.NAMES):
        for service in compose.services(path, tree.text(path)):
            made_from = tree.text(service.dockerfile) if service.dockerfile else service.image
            if _FILE_SERVER.search(made_from):
                yield from _traefik(path, "\n".join(service.labels))


def _traefik(path: str, text: str) -> Iterator[Proxy]:
    prefixes = re.findall(r"[`'\"]([^`'\",]+)[`'\"]", " ".join(_PATH_PREFIX.findall(text)))
    mounts = tuple(Mount(slashed(prefix), None, 1) for prefix in prefixes if slashed(prefix) != "/")
    if mounts:
        yield Proxy("traefik", path, (), mounts)


def _of_buildpacks(tree: Tree) -> Iterator[Proxy]:
    """Heroku's static buildpack serves what static.json names, below /."""
    for path in tree.named("static.json"):
        said = _json(tree.text(path))
        if isinstance(said, dict) and isinstance(said.get("root"), str):
            yield Proxy("nginx", path, (), (Mount("/", said["root"].rstrip("/"), 1),))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
