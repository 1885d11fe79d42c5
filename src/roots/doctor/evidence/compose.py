"""Reads compose files: which services there are, what they are built from and what they mount."""

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from roots.doctor.evidence import yaml
from roots.paths import is_inside

NAMES = (
    "compose.yml",
    "compose.yaml",
    "compose[.-]*.yml",
    "compose[.-]*.yaml",
    "docker-compose*.yml",
    "docker-compose*.yaml",
)
"""Patterns of file names, as in a shell."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the compose file `file`; its lists are empty where nothing is said.

    `context` and `dockerfile` are absolute, None where it is not built here. `mounts` are pairs of
    what is mounted (a path, the name of a volume, "" for a nameless one) and where.
    """

    name: str
    file: str
    line: int
    image: str
    context: str | None
    dockerfile: str | None
    mounts: tuple[tuple[str, str], ...]
    command: str
    labels: tuple[str, ...]
    environment: Mapping[str, str]
    user: str

    def has_mounted(self, path: str) -> bool:
        """Whether the absolute `path` in the container is, or lies in, something mounted; or may
        be, because a variable says where something is."""
        return any("$" in target or is_inside(path, target) for _, target in self.mounts)


def services(path: str, text: str) -> list[Service]:
    """The services of the compose file `path`; none where it cannot be made sense of."""
    try:
        content = yaml.read(text)
        found = content.get("services") or {}
        return [_service(path, text, name, said) for name, said in found.items() if said]
    except (yaml.Unreadable, AttributeError, TypeError, ValueError):
        return []


def _service(path: str, text: str, name: str, said: Mapping[str, Any]) -> Service:
    context, dockerfile = _build(os.path.dirname(path), said.get("build"))
    return Service(
        name=name,
        file=path,
        line=_line(text, name),
        image=str(said.get("image") or ""),
        context=context,
        dockerfile=dockerfile,
        mounts=tuple(_mounts(said.get("volumes") or [], os.path.dirname(path))),
        command=" ".join(_texts(said.get("entrypoint")) + _texts(said.get("command"))),
        labels=tuple(_pairs(said.get("labels"))),
        environment=dict(each.split("=", 1) for each in _pairs(said.get("environment"))),
        user=str(said.get("user") or ""),
    )


def _build(directory: str, build: object) -> tuple[str | None, str | None]:
    if not build:
        return None, None
    said = build if isinstance(build, dict) else {"context": build}
    context = os.path.normpath(os.path.join(directory, str(said.get("context") or ".")))
    dockerfile = str(said.get("dockerfile") or "Dockerfile")
    return context, os.path.normpath(os.path.join(context, dockerfile))


def _mounts(volumes: list[Any], directory: str) -> Iterator[tuple[str, str]]:
    for each in volumes:
        if isinstance(each, dict):
            source, target = each.get("source") or "", each.get("target") or ""
        else:
            parts = re.sub(r"\$\{[^}]*\}", "$variable", each).split(":")
            source, target = ("", parts[0]) if len(parts) == 1 else (parts[0], parts[1])
        if source.startswith("."):
            source = os.path.normpath(os.path.join(directory, source))
        if target.startswith(("/", "$")):
            yield source, posixpath.normpath(target)


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _pairs(value: object) -> list[str]:
    """`NAME=value`, whether they were written in a list or as a mapping."""
    if isinstance(value, dict):
        return [f"{name}={'' if each is None else each}" for name, each in value.items()]
    return [each if "=" in each else f"{each}=" for each in _texts(value)]


def _line(text: str, name: str) -> int:
    found = re.search(rf"^\s+[\"']?{re.escape(name)}[\"']?\s*:", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + (1 + found[0].count("\n")) if found else 1
