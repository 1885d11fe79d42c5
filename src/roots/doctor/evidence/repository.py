"""What a repository says of how its project is deployed."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from roots.doctor.evidence import commands, compose, dockerfile, git, tree
from roots.doctor.evidence.commands import Command
from roots.doctor.evidence.compose import Service
from roots.doctor.evidence.dockerfile import Image
from roots.doctor.evidence.git import Git
from roots.doctor.evidence.proxies import declared
from roots.doctor.evidence.proxies.declared import Proxy
from roots.doctor.evidence.tree import Tree

_DOCKERFILES = ("dockerfile", "dockerfile.*", "*.dockerfile", "containerfile")


@dataclass(frozen=True, slots=True)
class Build:
    """A Dockerfile of this project: its `file`, the `image` it makes and the absolute directory
    `context` that it copies from."""

    file: str
    image: Image
    context: str

    def path_of(self, path: str) -> str | None:
        """Where the absolute `path` of this machine is in the container; None where it is not
        copied there."""
        relative = os.path.relpath(path, self.context)
        return None if relative.startswith("..") else self.image.path_of(relative)


class Repository:
    """The files around the project in `directory`: of its git work tree, or else its own.

    What is below `roots` is not looked at.
    """

    def __init__(self, directory: Path, roots: Collection[str]) -> None:
        self._project = directory
        self._roots = frozenset({*roots, *map(os.path.realpath, roots)})

    @cached_property
    def git(self) -> Git | None:
        """The work tree the project is in, if it is in one."""
        return git.find(self._project)

    @cached_property
    def tree(self) -> Tree:
        """Every file."""
        return tree.walk(self.git.directory if self.git else self._project, self._roots)

    @cached_property
    def proxies(self) -> list[Proxy]:
        """The configurations of proxies."""
        return declared.proxies(self.tree)

    @cached_property
    def commands(self) -> list[Command]:
        """What starts servers, and collects static files."""
        return commands.commands(self.tree)

    @property
    def ignored_static_files(self) -> list[str]:
        """The patterns that collectstatic is told to leave out, wherever it is run."""
        return [pattern for each in self.commands for pattern in each.ignored]

    @cached_property
    def services(self) -> list[Service]:
        """The services of all compose files."""
        paths = self.tree.named(*compose.NAMES)
        return [each for path in paths for each in compose.services(path, self.tree.text(path))]

    @cached_property
    def builds(self) -> list[Build]:
        """The Dockerfiles whose build context holds this project."""
        contexts = {each.dockerfile: each.context for each in self.services if each.dockerfile}
        found = []
        for path in self.tree.named(*_DOCKERFILES):
            if path.endswith(".dockerignore"):
                continue
            context = contexts.get(path) or self._context(path)
            if self._project.is_relative_to(context):
                found.append(Build(path, dockerfile.parse(self.tree.text(path)), context))
        return found

    def _context(self, path: str) -> str:
        """Of a Dockerfile that no compose file builds: beside it, or else the whole repository."""
        beside = os.path.dirname(path)
        return beside if self._project.is_relative_to(beside) else str(self.tree.directory)
