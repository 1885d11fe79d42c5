"""The modules of a release, and what they import of one another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from roots.static import names
from roots.static.importmap import ImportMap
from roots.static.manifest import Manifest, Module, Record

_SCRIPT = re.compile(r"\.m?js\Z", re.IGNORECASE)
_NO_MODULE = Module()
_MOST_MAPS = 256  # pages that name different entries; templates can make them up


class Asset(NamedTuple):
    """Where a file is, and the integrity of its bytes; "" where that is not known."""

    url: str
    integrity: str


class _Reached(NamedTuple):
    """Logical names and bare specifiers that are reached from somewhere, nearest first."""

    names: dict[str, None]
    specifiers: dict[str, None]


class Modules:
    """The modules of `release`, below `static_url`.

    `bare` leads from bare specifiers to logical names or URLs; a key that ends in a slash is a
    prefix. A specifier that leads to no file of the release, or has a query, is left alone.
    """

    def __init__(self, release: Manifest, static_url: str, bare: Mapping[str, str]) -> None:
        self.release, self.static_url, self.bare = release, static_url, bare
        self._maps: dict[tuple[tuple[str, ...] | None, bool], ImportMap] = {}

    def suits(self, static_url: str, bare: Mapping[str, str]) -> bool:
        """Whether these are the modules as they are reached with the given settings."""
        return (static_url, bare) == (self.static_url, self.bare)

    def importmap(
        self, entries: tuple[str, ...] | None = None, *, is_integral: bool = False
    ) -> ImportMap:
        """The map for pages that load `entries`, logical names or bare specifiers; for any if None.

        It holds whatever they import, however deep, statically or not, and themselves: a module
        that imports its importer must find the same one. Maps are made once and remembered.
        """
        if len(self._maps) >= _MOST_MAPS:
            self._maps.clear()
        key = entries, is_integral
        if key not in self._maps:
            self._maps[key] = self._importmap(entries, is_integral=is_integral)
        return self._maps[key]

    def preloads(self, entries: Iterable[str]) -> list[Asset]:
        """`entries` and the scripts they import statically, however deep, nearest first."""
        found = self._reach(entries, is_static=True).names
        return [self.asset(name) for name in found if _SCRIPT.search(name)]

    def has(self, entry: str) -> bool:
        """Whether `entry` is a logical name of the release, or a bare specifier."""
        return entry in self.release.paths or self._mapped(entry) is not None

    def asset(self, name: str) -> Asset:
        """The file with the logical name `name`, which must be of this release."""
        stored = self.release.paths[name]
        return Asset(self.static_url + names.quoted(stored), self._record(name).integrity)

    def _importmap(self, entries: tuple[str, ...] | None, *, is_integral: bool) -> ImportMap:
        reached = self._everything() if entries is None else self._reach(entries, is_static=False)
        imports = dict(self._stored_urls(reached.names))
        for specifier in reached.specifiers:
            imports |= self._bare_urls(specifier)
        if not is_integral:
            return ImportMap(imports)
        return ImportMap(imports, dict(self._integrity(reached.names)))

    def _reach(self, entries: Iterable[str], *, is_static: bool) -> _Reached:
        found = _Reached({}, {})
        waiting = [("", self._as_specifier(entry)) for entry in entries]
        for referrer, specifier in waiting:  # grows meanwhile
            name = self._target(referrer, specifier)
            if not names.URL_LIKE.match(specifier) and self._mapped(specifier):
                found.specifiers[specifier] = None
            if name is not None and name not in found.names:
                found.names[name] = None
                module = self._record(name).module or _NO_MODULE
                specifiers = module.static if is_static else (*module.static, *module.dynamic)
                waiting += ((name, each) for each in specifiers)
        return found

    def _everything(self) -> _Reached:
        modules = [name for name in self.release.paths if self._record(name).module]
        imported = self._reach([*modules, *self.bare], is_static=False)
        return _Reached(imported.names, dict.fromkeys(self.bare))

    def _target(self, referrer: str, specifier: str) -> str | None:
        """The logical name of what `specifier` means in the module `referrer`, if it is ours."""
        if not names.URL_LIKE.match(specifier):
            mapped = self._mapped(specifier) or ""
            if not names.URL_LIKE.match(mapped):
                return self._logical(mapped)
            specifier = mapped
        if "?" in specifier or "#" in specifier:
            return None
        return self._logical(names.target(referrer, specifier, self.static_url))

    def _logical(self, name: str | None) -> str | None:
        """`name`, or the logical name it is the stored one of: a rewritten script says those."""
        return name if name in self.release.paths else self._by_stored.get(name or "")

    def _mapped(self, specifier: str) -> str | None:
        """What the longest key in `bare` for `specifier` makes of it."""
        if specifier in self.bare:
            return self.bare[specifier]
        prefixes = (key for key in self.bare if key.endswith("/") and specifier.startswith(key))
        longest = max(prefixes, key=len, default=None)
        return longest and self.bare[longest] + specifier.removeprefix(longest)

    def _as_specifier(self, entry: str) -> str:
        is_bare = entry not in self.release.paths and self._mapped(entry)
        return entry if is_bare else self.static_url + names.quoted(entry)

    def _stored_urls(self, found: Iterable[str]) -> Iterator[tuple[str, str]]:
        for name in found:
            url = self.asset(name).url
            for spelling in {names.quoted(name), _as_browsers_spell(name)}:
                if self.static_url + spelling != url:
                    yield self.static_url + spelling, url

    def _bare_urls(self, specifier: str) -> Iterator[tuple[str, str]]:
        mapped = self._mapped(specifier) or ""
        yield specifier, self._url(specifier, mapped)
        if specifier.endswith("/"):
            # what a prefix leads to is not looked up again, so each module needs its own line
            for name in self._modules_below(mapped):
                yield specifier + name.removeprefix(mapped), self.asset(name).url

    def _url(self, specifier: str, mapped: str) -> str:
        name = self._target("", specifier)
        if name is not None:
            return self.asset(name).url
        is_name = not names.URL_LIKE.match(mapped)
        return self.static_url + names.quoted(mapped) if is_name else mapped

    def _modules_below(self, directory: str) -> list[str]:
        return [
            name
            for name in self.release.paths
            if name.startswith(directory) and self._record(name).module
        ]

    def _integrity(self, found: Iterable[str]) -> Iterator[tuple[str, str]]:
        for asset in map(self.asset, found):
            if asset.integrity:
                yield asset

    def _record(self, name: str) -> Record:
        return self.release.files[self.release.paths[name]]

    @cached_property
    def _by_stored(self) -> Mapping[str, str]:
        return {stored: name for name, stored in self.release.paths.items()}


def _as_browsers_spell(name: str) -> str:
    """`name` as the URL parser writes it in a path (WHATWG URL, path percent-encode set)."""
    return quote(name, safe=_KEPT_IN_PATHS)


_KEPT_IN_PATHS = "".join(set(map(chr, range(0x21, 0x7F))) - set('"#%<>?\\^`{}'))
