"""A project's settings as they were written: no defaults filled in, nothing raised, and where."""

import ast
import os
import sys
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import LazySettings
from django.utils.module_loading import import_string


class Settings:
    """Values as the project wrote them, and the lines it wrote them on.

    `django.conf.settings` raises for a STATIC_URL that is a Path, and puts the script's prefix in
    front of a relative one; here both are what they are.
    """

    def __init__(self, settings: LazySettings) -> None:
        self._settings = settings

    def get(self, name: str, default: Any = None) -> Any:
        """The value of the setting `name`, Django's default if the project has none."""
        if not self._settings.configured:
            return default
        return getattr(self._settings._wrapped, name, default)

    def path(self, name: str) -> str | None:
        """A setting that names a directory, as an absolute path; None where it names none."""
        value = self.get(name)
        if not isinstance(value, str | os.PathLike) or not os.fspath(value):
            return None
        return os.path.abspath(os.fspath(value))

    def backend(self, alias: str) -> type | None:
        """The class that STORAGES names for `alias`; None where it names none."""
        entry = (self.get("STORAGES") or {}).get(alias) or {}
        try:
            found = import_string(str(entry.get("BACKEND", "")))
        except ImportError:
            return None
        return found if isinstance(found, type) else None

    def where(self, name: str) -> str:
        """The file and line that set `name` last, as `/srv/site/settings.py:31`; the settings
        module where no line is found, as for values a function made."""
        for module in self._modules:
            line = _lines(module).get(name)
            if line:
                return f"{module.__file__}:{line}"
        return self.file or ""

    @property
    def module(self) -> str:
        """The dotted name of the settings module, or "" where settings were made by code."""
        return str(self.get("SETTINGS_MODULE") or "")

    @property
    def file(self) -> str | None:
        """The file of the settings module."""
        found = sys.modules.get(self.module)
        return getattr(found, "__file__", None)

    @cached_property
    def _modules(self) -> list[ModuleType]:
        """The settings module and those of this project that it takes settings from."""
        found = [sys.modules[self.module]] if self.module in sys.modules else []
        for module in found:  # grows as modules are followed
            for name in _starred(module):
                inner = sys.modules.get(name)
                if inner is not None and inner not in found and getattr(inner, "__file__", None):
                    found.append(inner)
        return found


def _tree(module: ModuleType) -> ast.Module:
    try:
        return ast.parse(Path(str(module.__file__)).read_bytes())
    except (OSError, SyntaxError, ValueError):  # compiled, or generated
        return ast.Module([], [])


def _lines(module: ModuleType) -> dict[str, int]:
    found: dict[str, int] = {}
    for node in ast.walk(_tree(module)):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = max(target.lineno, found.get(target.id, 0))
    return found


def _starred(module: ModuleType) -> list[str]:
    package = module.__package__ or ""
    names = []
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and any(each.name == "*" for each in node.names):
            parents = package.rsplit(".", node.level - 1)[0] if node.level else ""
            names.append(".".join(filter(None, (parents, node.module))))
    return names
