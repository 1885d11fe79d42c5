"""What urls.py lets Django itself serve: `static()` and the view `serve`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from roots.doctor.evidence.guards import production
from roots.doctor.evidence.proxies.mount import slashed
from roots.doctor.evidence.python import parsed

_HELPER = "django.conf.urls.static.static"
_VIEWS = ("django.views.static.serve", "django.contrib.staticfiles.views.serve")
_ROUTES = {"path", "re_path", "url"}


@dataclass(frozen=True, slots=True)
class View:
    """A `static()` (kind "helper") or `serve` (kind "view") in line `line` of `file`, that is there
    with DEBUG off too. `prefix` is what it is for, as far as that is written there."""

    kind: Literal["helper", "view"]
    file: str
    line: int
    text: str
    prefix: str

    def is_for(self, setting: str, prefix: str) -> bool:
        """Whether it is for the root of `setting`, "STATIC" or "MEDIA", with the URL `prefix`."""
        if f"{setting}_URL" in self.text or f"{setting}_ROOT" in self.text:
            return True
        return self.prefix == prefix != "/"


def read(file: str, source: str) -> list[View]:
    """Those in `source`; none where it is no Python."""
    if "static" not in source:  # most urls.py have neither
        return []
    tree = parsed(source)
    names = dict(_imported(tree))
    return [view for node in production(tree) for view in _views(file, node, names)]


def _views(file: str, node: ast.AST, names: dict[str, str]) -> Iterator[View]:
    if not isinstance(node, ast.Call) or not node.args:
        return
    called = _full(node.func, names)
    if called == _HELPER:
        yield View("helper", file, node.lineno, ast.unparse(node), _prefix(node.args[0]))
    is_route = called.rpartition(".")[2] in _ROUTES and len(node.args) > 1
    if is_route and _full(node.args[1], names) in _VIEWS:
        yield View("view", file, node.lineno, ast.unparse(node), _prefix(node.args[0]))


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _full(node: ast.expr, names: dict[str, str]) -> str:
    """The dotted name that `node` stands for; "" where it is no name."""
    first, _, rest = ast.unparse(node).partition(".")
    found = names.get(first, first)
    return f"{found}.{rest}" if rest else found


def _prefix(node: ast.expr) -> str:
    """The path that a route or prefix begins with; "/" where it is not written out."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return slashed(text.lstrip("^").partition("(")[0].partition("<")[0])
