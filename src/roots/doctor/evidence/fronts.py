"""What stands in front of the application, and serves directories itself."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roots.doctor.evidence.proxies.mount import Mount
from roots.doctor.evidence.repository import Repository


@dataclass(frozen=True, slots=True)
class Server:
    """`name` serves a root; `where` says so, as `/srv/site/nginx.conf:12`."""

    name: str
    where: str


class Fronts:
    """Proxies, and servers that commands start, as far as `repository` has their configuration."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def servers(self, prefix: str, directory: str) -> Iterator[Server]:
        """Those that serve `directory` below the path `prefix`."""
        for command in self._repository.commands:
            if command.is_serving_roots:
                yield Server("manage.py serve", f"{command.file}:{command.line}")
            name = command.text.split()[0]
            yield from self._of(name, command.file, command.mounts(), prefix, directory)
        for proxy in self._repository.proxies:
            yield from self._of(proxy.kind, proxy.file, proxy.mounts, prefix, directory)

    def near_misses(self, prefix: str, directory: str) -> list[str]:
        """What proxies do that are asked for `prefix`, but look for it elsewhere, in words."""
        return [
            f"{proxy.file}:{mount.line} serves {prefix} from {target}, not from {directory}."
            for proxy in self._repository.proxies
            for mount in proxy.mounts
            if mount.answers(prefix) and mount.prefix != "/"
            if (target := mount.directory_of(prefix)) and not self._is_same(target, directory)
        ]

    def configured(self, kind: str) -> list[str]:
        """The files that configure the proxy `kind`."""
        return [each.file for each in self._repository.proxies if each.kind == kind]

    def _of(
        self, name: str, file: str, mounts: Iterable[Mount], prefix: str, directory: str
    ) -> Iterator[Server]:
        for mount in mounts:
            if mount.answers(prefix):
                target = mount.directory_of(prefix)
                if target is None or self._is_same(target, directory):
                    yield Server(name, f"{file}:{mount.line}")

    def _is_same(self, target: str, directory: str) -> bool:
        """Whether a path in a configuration is `directory` here. In containers, and on the machine
        a configuration was written for, it may have another name in front, or any other."""
        if not os.path.isabs(target):
            return directory.endswith(os.sep + os.path.normpath(target).lstrip("./"))
        if os.path.realpath(target) == os.path.realpath(directory):
            return True
        if os.path.exists(target):
            return False
        is_elsewhere = bool(self._repository.services or self._repository.builds)
        return is_elsewhere or os.path.basename(target) == os.path.basename(directory)
