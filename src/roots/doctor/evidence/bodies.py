"""The largest body that a proxy lets through."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roots.doctor.evidence.proxies.declared import Proxy
from roots.doctor.evidence.proxies.directive import Directive, walk

NGINX_DEFAULT_BYTES = 1 << 20
"""https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size"""
_HANDING_ON = ("proxy_pass", "uwsgi_pass", "fastcgi_pass", "scgi_pass", "grpc_pass")
_SIZE = re.compile(r"(\d+)\s*([kmgt]?)(i?b?)", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


@dataclass(frozen=True, slots=True)
class Limit:
    """`file`, of the proxy `kind`, lets bodies of `most_bytes` through, which it says in `line`;
    `is_default` where it says nothing and the proxy has a limit of its own."""

    kind: str
    file: str
    line: int
    most_bytes: int
    is_default: bool = False


def limits(proxies: Iterable[Proxy]) -> Iterator[Limit]:
    """The limit of each configuration that hands requests on, for the path that it is widest for;
    none where there is no limit, or none is said and the proxy has none."""
    everything = list(proxies)
    shared = [limit for proxy in everything for limit in _of_http(proxy)]
    for proxy in everything:
        if proxy.kind == "nginx":
            yield from _of_nginx(proxy, shared)
        else:
            yield from _of_other(proxy)


def _of_nginx(proxy: Proxy, shared: list[int]) -> Iterator[Limit]:
    default = max(shared, key=_width, default=None)
    found = [*_passing(proxy, proxy.directives, None)]
    if not found:
        return
    most, line = max(found, key=lambda each: _width(each[0] if each[0] is not None else default))
    if most is not None:
        if most:
            yield Limit(proxy.kind, proxy.file, line, most)
    elif default is None:
        yield Limit(proxy.kind, proxy.file, line, NGINX_DEFAULT_BYTES, is_default=True)


def _passing(
    proxy: Proxy, directives: tuple[Directive, ...], said: tuple[int, int] | None
) -> Iterator[tuple[int | None, int]]:
    """The limit in bytes, None for none said, and its line, of each location that hands on."""
    for each in directives:
        if each.name == "client_max_body_size" and each.arguments:
            said = bytes_of(each.arguments[0]), each.line
    for each in directives:
        if each.name in _HANDING_ON:
            yield said or (None, each.line)
        yield from _passing(proxy, each.block, said)


def _of_http(proxy: Proxy) -> Iterator[int]:
    """What a file of nginx says for all servers: beside them, or where `http` is."""
    tops = [*proxy.directives] if proxy.kind == "nginx" else []
    tops += [inner for each in tops if each.name == "http" for inner in each.block]
    for each in tops:
        if each.name == "client_max_body_size" and each.arguments:
            yield bytes_of(each.arguments[0])


def _of_other(proxy: Proxy) -> Iterator[Limit]:
    """Caddy has no limit unless told; Apache has one of its own that has changed over time."""
    name = {"caddy": "max_size", "apache": "limitrequestbody"}.get(proxy.kind)
    base = 1000 if proxy.kind == "caddy" else 1024
    said = [each for each in walk(proxy.directives) if each.name == name and each.arguments]
    sizes = [(bytes_of(each.arguments[0], base), each.line) for each in said]
    if sizes and all(most for most, _ in sizes):
        most, line = max(sizes)
        yield Limit(proxy.kind, proxy.file, line, most)


def bytes_of(text: str, base: int = 1024) -> int:
    """A size as configurations say it, in bytes; 0, which is no limit, for what is no size.

    >>> bytes_of("10m"), bytes_of("1G"), bytes_of("0"), bytes_of("2MB", base=1000)
    (10485760, 1073741824, 0, 2000000)
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        return 0
    base = 1024 if "i" in found[3].lower() else base
    power = _POWERS[found[2].lower()]
    return int(found[1]) * int(base**power)


def _width(most: int | None) -> float:
    """How wide a limit is: 0 is none at all."""
    if most is None:
        return NGINX_DEFAULT_BYTES
    return most or float("inf")
