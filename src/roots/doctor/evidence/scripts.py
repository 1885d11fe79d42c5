"""Whether a web server would run a script that somebody uploaded."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roots.doctor.evidence.proxies import apache, nginx
from roots.doctor.evidence.proxies.declared import Proxy
from roots.doctor.evidence.proxies.directive import Directive, walk
from roots.paths import is_inside

EXTENSIONS = (".php", ".phtml", ".pl", ".cgi")
_RUNS = re.compile(r"php|cgi|fcgi|x-httpd", re.IGNORECASE)
_HANDLERS = ("sethandler", "addhandler", "addtype")
_HARMLESS = frozenset({"none", "default-handler"})


@dataclass(frozen=True, slots=True)
class Runner:
    """Line `line` of `file` has files with `extension` below the uploads' URL run."""

    file: str
    line: int
    extension: str


def runners(proxies: Iterable[Proxy], prefix: str) -> Iterator[Runner]:
    """Configurations that serve uploads below the path `prefix`, and run scripts among them."""
    for proxy in proxies:
        if proxy.kind == "nginx":
            servers = [each for each in walk(proxy.directives) if each.name == "server"]
            found = next(filter(None, (_in_nginx(each, prefix) for each in servers)), None)
        elif proxy.kind == "apache":
            found = _in_apache(proxy.directives, prefix)
        else:
            found = None
        if found:
            yield Runner(proxy.file, *found)


def _in_nginx(server: Directive, prefix: str) -> tuple[int, str] | None:
    """A script and a text of the same place go to different locations, of which one runs it, and
    finds it: with `alias`, where nothing of that name is below its root, it does not."""
    mounts = [each for each in nginx.mounts((server,)) if each.answers(prefix)]
    places = {each.directory_of(prefix) for each in mounts}
    root = next((each.arguments[0] for each in server.inner("root") if each.arguments), None)
    for extension in EXTENSIONS:
        location = _location(server, f"{prefix}x{extension}")
        is_run = location and next(location.inner("fastcgi_pass"), None)
        text = _location(server, f"{prefix}x.txt")
        if not (location and is_run) or (text and next(text.inner("fastcgi_pass"), None)):
            continue
        own = next((each.arguments[0] for each in location.inner("root") if each.arguments), root)
        if own is None or "$" in own or posixpath.normpath(own + prefix) in places:
            return location.line, extension
    return None


def _location(block: Directive, path: str) -> Directive | None:
    """The location that answers `path`, as nginx chooses it: the longest prefix, but a regular
    expression before it, unless the prefix is marked with `^~` or `=`."""
    prefixes, patterns = [], []
    for each in block.inner("location"):
        *mark, said = each.arguments or ("",)
        if mark[:1] in (["~"], ["~*"]):
            patterns.append((each, said, re.IGNORECASE if mark == ["~*"] else 0))
        elif path == said if mark == ["="] else path.startswith(said):
            prefixes.append((len(said), mark != [], each))
    best = max(prefixes, key=lambda found: found[:2], default=None)
    inner = _location(best[2], path) if best else None
    if best and (best[1] or (inner and inner.arguments[0].startswith("~"))):
        return inner or best[2]
    return next((e for e, p, f in patterns if _matches(p, path, f)), inner or (best and best[2]))


def _matches(pattern: str, path: str, flags: int) -> bool:
    try:
        return bool(re.search(pattern, path, flags))
    except re.error:  # of PCRE's own
        return False


def _in_apache(directives: tuple[Directive, ...], prefix: str) -> tuple[int, str] | None:
    """A handler that counts everywhere, or where the uploads are, and is not taken back there."""
    places = [m.directory_of(prefix) for m in apache.mounts(directives) if m.answers(prefix)]
    if not places:
        return None
    everywhere = [*_scoped(directives, [place for place in places if place])]
    if any(map(_is_taken_back, everywhere)):
        return None
    return next(((e.line, ".php") for e in everywhere if _is_handler(e)), None)


def _scoped(directives: tuple[Directive, ...], places: list[str]) -> Iterator[Directive]:
    """What counts for one of `places`: not what stands in the section of another directory."""
    for each in directives:
        if each.name in ("directory", "location", "locationmatch", "directorymatch"):
            of = each.arguments[0] if each.arguments else "/"
            if each.name != "directory" or not any(is_inside(place, of) for place in places):
                continue
        yield each
        yield from _scoped(each.block, places)


def _is_handler(each: Directive) -> bool:
    is_off = _HARMLESS.issuperset(word.lower() for word in each.arguments[:1])
    return each.name in _HANDLERS and not is_off and bool(_RUNS.search(" ".join(each.arguments)))


def _is_taken_back(each: Directive) -> bool:
    words = [word.lower() for word in each.arguments]
    is_off = each.name in ("php_flag", "php_admin_flag") and words[:2] in (
        ["engine", "off"],
        ["engine", "0"],
    )
    return (
        is_off
        or each.name == "removehandler"
        or (each.name == "sethandler" and words[:1] == ["none"])
    )
