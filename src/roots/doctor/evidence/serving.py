"""Who serves the two roots in production, as far as that can be seen from here."""

from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from roots.doctor.evidence import applications, views
from roots.doctor.evidence.applications import Application
from roots.doctor.evidence.fronts import Fronts, Server
from roots.doctor.evidence.proxies.mount import slashed
from roots.doctor.evidence.repository import Repository
from roots.doctor.evidence.settings import Settings
from roots.doctor.evidence.urls import taker
from roots.doctor.evidence.views import View

RootName = Literal["static", "media"]
DJANGO = "Django's serve()"
_IN_PROCESS = {"roots": "roots", "whitenoise": "WhiteNoise", "servestatic": "ServeStatic"}
_BUCKETS = {"s3", "gcs", "azure"}


class Serving:
    """The applications, middleware and views of a project, and what stands in front of them."""

    def __init__(self, settings: Settings, repository: Repository, directory: Path) -> None:
        self._settings, self._repository, self._directory = settings, repository, directory
        self.fronts = Fronts(repository)

    @cached_property
    def applications(self) -> list[Application]:
        """wsgi.py and asgi.py; of those, the ones that commands start, if any does."""
        named = {each.application for each in self._repository.commands if each.application}
        modules = [self._module(interface) for interface in ("wsgi", "asgi")]
        wanted = [each for each in modules if each in named] or [*modules, *sorted(named)]
        return [each for module in dict.fromkeys(wanted) if (each := self._application(module))]

    @cached_property
    def middleware(self) -> list[Server]:
        """Middleware that serves static files."""
        names = map(str, self._settings.get("MIDDLEWARE") or ())
        servers = dict.fromkeys(each for name in names if (each := applications.server_of(name)))
        return [Server(name, self._settings.where("MIDDLEWARE")) for name in servers]

    @cached_property
    def views(self) -> list[View]:
        """What urls.py lets Django serve with DEBUG off."""
        tree = self._repository.tree
        main = self._file(str(self._settings.get("ROOT_URLCONF") or ""))
        paths = [*([main] if main else []), *tree.named("urls.py", "urls_*.py", "*_urls.py")]
        paths += [path for path in tree.named("*.py") if path.split("/")[-2] == "urls"]
        return [view for path in dict.fromkeys(paths) for view in views.read(path, tree.text(path))]

    def prefix(self, root: RootName) -> str:
        """The path below which `root` is asked for; "" where its URL is no prefix of its own."""
        url = self._settings.get(f"{root.upper()}_URL")
        path = urlsplit(url).path if isinstance(url, str) else ""
        return slashed(path) if path.strip("/") else ""

    def has_host(self, root: RootName) -> bool:
        """Whether browsers ask another host for `root`, which may or may not ask this one."""
        return bool(urlsplit(str(self._settings.get(f"{root.upper()}_URL") or "")).netloc)

    def views_of(self, root: RootName, kind: Literal["helper", "view"]) -> list[View]:
        """The views of this kind that are for `root`."""
        prefix = self.prefix(root) or "/"
        return [v for v in self.views if v.kind == kind and v.is_for(root.upper(), prefix)]

    def processes(self, root: RootName) -> list[list[Server]]:
        """Who serves `root` in each application's process, in the order in which they are asked."""
        if not self.applications:
            return [self._in_django(root)]
        return [self._wrappers(each, root) + self._in_django(root) for each in self.applications]

    def servers(self, root: RootName, directory: str) -> list[Server]:
        """Everybody who serves `root`, which is `directory`."""
        in_process = [each for process in self.processes(root) for each in process]
        prefix = self.prefix(root)
        return in_process + ([*self.fronts.servers(prefix, directory)] if prefix else [])

    def view_at(self, root: RootName) -> str:
        """The view of this project that answers below the prefix of `root`, as one that asks who
        may read does; "" where there is none, or only one of Django's own."""
        prefix = self.prefix(root)
        try:
            found = taker(str(self._settings.get("ROOT_URLCONF") or ""), f"{prefix}doctor/a.jpg")
        except Exception:  # noqa: BLE001 - whatever importing the URLconf raises
            return ""
        is_meant = found and found.route.lstrip("^/").startswith(prefix[1:])
        return found.view if found and is_meant and not found.is_serving_files else ""

    def declared(self, root: RootName) -> str:
        """What ROOTS["SERVED_BY"] says of `root`; "" where it says nothing."""
        said = self._said("SERVED_BY", {})
        return str(said.get(root, "")) if isinstance(said, dict) else ""

    def contradiction(self, root: RootName, directory: str) -> str:
        """What speaks against what ROOTS["SERVED_BY"] says of `root`, which is `directory` on this
        disk; "" where nothing does."""
        said = self.declared(root)
        begin = f'ROOTS["SERVED_BY"] says that {said!r} serves {root.upper()}_ROOT, but '
        if name := _IN_PROCESS.get(said):
            names = {each.name for each in self.servers(root, directory)}
            is_there = not names.isdisjoint({name, "manage.py serve"})
            return "" if is_there else f"{begin}neither the application nor MIDDLEWARE has it."
        if said in _BUCKETS and root == "media":
            return f"{begin}uploads are kept on this disk."
        files = self.fronts.configured(said)
        if not files or any(each.name == said for each in self.servers(root, directory)):
            return ""
        told = ", ".join(map(self._repository.tree.relative, files))
        return f"{begin}{told} has no place for {self.prefix(root)} that leads to {directory}."

    def _wrappers(self, application: Application, root: RootName) -> list[Server]:
        names = application.servers_of(root)
        if self._said(f"SERVE_{root.upper()}", True) is False:
            names = tuple(name for name in names if name != "roots")
        return [Server(name, f"{application.file}:{application.line}") for name in names]

    def _in_django(self, root: RootName) -> list[Server]:
        views = self.views_of(root, "view")[:1]
        found = self.middleware if root == "static" else []
        return found + [Server(DJANGO, f"{each.file}:{each.line}") for each in views]

    def _said(self, key: str, default: object) -> object:
        said = self._settings.get("ROOTS")
        return said.get(key, default) if isinstance(said, dict) else default

    def _module(self, interface: str) -> str:
        said = self._settings.get(f"{interface.upper()}_APPLICATION")
        package = str(self._settings.get("ROOT_URLCONF") or "").rpartition(".")[0]
        return str(said).rpartition(".")[0] if said else f"{package}.{interface}".lstrip(".")

    def _application(self, module: str) -> Application | None:
        file = self._file(module)
        return applications.read(module, file, self._repository.tree.text(file)) if file else None

    def _file(self, module: str) -> str | None:
        return applications.file_of(module, [str(self._directory), str(self._directory / "src")])
