"""Who runs Django, and who reads the roots, as far as that is written down for this machine.

A configuration in a repository is often for another machine. It counts here where it names the
project, or the root, by the path it has here.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from roots.doctor.evidence.account import Account, called, of_this_process
from roots.doctor.evidence.proxies import nginx
from roots.doctor.evidence.proxies.declared import Proxy
from roots.doctor.evidence.proxies.directive import walk
from roots.doctor.evidence.repository import Repository
from roots.paths import is_inside

_UNITS = Path("/etc/systemd/system")
_NGINX = "/etc/nginx/nginx.conf"
_OF_UNIT = re.compile(r"^\s*User\s*=\s*(\S+)", re.MULTILINE)
_PATHS_OF_UNIT = re.compile(
    r"^\s*(?:WorkingDirectory|ExecStart)\s*=\s*[-@:+!]*(/\S*)", re.MULTILINE
)
_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")


class Accounts:
    """The users that serve the project in `directory`."""

    def __init__(self, repository: Repository, directory: Path) -> None:
        self._repository, self._directory = repository, str(directory)

    def writer(self, root: str) -> Account:
        """Who runs Django and writes to `root`; who runs this process, where nothing says it."""
        found = (*self._of_units(), *self._of_containers(root))
        return found[0] if found else of_this_process()

    def readers(self, prefix: str | None, root: str) -> list[Account]:
        """Who reads `root`, which has the URL path `prefix`: Django, and proxies that serve it."""
        found = [self.writer(root)]
        for proxy in self._repository.proxies:
            if prefix and _serves(proxy, prefix, root):
                found += self._of_proxy(proxy)
        return list({each.uid: each for each in found}.values())

    def _of_units(self) -> Iterator[Account]:
        units = [*self._repository.tree.named("*.service")]
        units += [str(each) for each in sorted(_UNITS.glob("*.service"))]
        for unit in units:
            text = self._repository.tree.text(unit)
            is_of_here = any(map(self._is_near, _PATHS_OF_UNIT.findall(text)))
            if is_of_here and (user := _OF_UNIT.search(text)):
                yield from _known(user[1], f"{unit}:{text.count(chr(10), 0, user.start(1)) + 1}")

    def _is_near(self, path: str) -> bool:
        """Whether `path` is in this project, or a directory that holds it; /srv says too little."""
        is_above = path.count("/") > 1 and is_inside(self._directory, path.rstrip("/"))
        return is_above or is_inside(path, self._directory)

    def _of_containers(self, root: str) -> Iterator[Account]:
        """Of the container this is, or of one that has the directory `root` mounted; names are the
        image's own, which only numbers are not."""
        images = {build.file: build.image.last("USER") for build in self._repository.builds}
        if any(map(os.path.exists, _CONTAINER_MARKS)):
            for file, user in images.items():
                if user:
                    yield from _known(user.value.partition(":")[0], f"{file}:{user.line}")
        for service in self._repository.services:
            if any(os.path.isabs(s) and is_inside(root, s) for s, _ in service.mounts):
                said = images.get(service.dockerfile or "")
                number = (service.user or (said.value if said else "")).partition(":")[0]
                if number.isdigit():
                    yield from _known(number, f"{service.file}:{service.line}")

    def _of_proxy(self, proxy: Proxy) -> Iterator[Account]:
        files = [(proxy.file, proxy.directives)]
        files += [(p.file, p.directives) for p in self._repository.proxies if p.kind == proxy.kind]
        if proxy.kind == "nginx":
            files.append((_NGINX, nginx.parse(self._repository.tree.text(_NGINX))))
        for file, directives in files:
            for each in walk(directives):
                if each.name == "user" and each.arguments:
                    yield from _known(each.arguments[0], f"{file}:{each.line}")
                    return


def _serves(proxy: Proxy, prefix: str, root: str) -> bool:
    directories = [m.directory_of(prefix) for m in proxy.mounts if m.answers(prefix)]
    return any(found and os.path.realpath(found) == os.path.realpath(root) for found in directories)


def _known(name: str, where: str) -> Iterator[Account]:
    if account := called(name, where):
        yield account
