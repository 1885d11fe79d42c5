"""The configuration of Apache (2.4.39 or newer): a virtual host."""

from collections.abc import Iterator
from textwrap import indent
from urllib.parse import quote

from roots import mediatypes
from roots.serve.proxies import site as tables
from roots.serve.proxies.site import Host, PublicRoot, Site, quoted, verbatim
from roots.static.variants import SUFFIXES

_ACCEPTED = r"(?i)(^|,)\s*(x-)?{coding}\s*(;\s*q\s*=\s*(?!0(\.0*)?\s*(,|$))[^,]*)?(,|$)"
_CODINGS = ("br", "gzip")


def render(site: Site) -> str:
    """The virtual host. Raises ConfigError for a path or URL that Apache cannot be told."""
    return _HEAD + "\n".join(_virtual_host(site, host) for host in site.hosts)


def _virtual_host(site: Site, host: Host) -> str:
    listen = site.listen if ":" in site.listen else f"*:{site.listen}"
    parts = [
        *(part for root in host.roots for part in _root(site, root)),
        _sendfile(site),
        "" if host.has_everything else _nothing_else(host),
        _application(site, host),
    ]
    return _VIRTUAL_HOST.format(
        listen=listen,
        server_name=host.name,
        max_body=site.max_body_bytes or 0,
        parts=indent("\n".join(filter(None, parts)), "    "),
    )


def _root(site: Site, root: PublicRoot) -> Iterator[str]:
    for prefix in root.prefixes:
        pattern = f"^{_escaped(prefix)}"
        yield f"# {_comment(root)}"
        yield _rule(pattern, "[R=204,L]", [_cond("%{REQUEST_METHOD}", "^OPTIONS$")])
        for closed in root.closed:
            yield _rule(closed, "[R=404,L]", [_cond("%{REQUEST_URI}", pattern)])
        if root.policy.is_untrusted:
            yield from _dispositions(pattern)
        else:
            yield from _variants(prefix, root.directory)
        yield f"Alias {quoted(prefix)} {quoted(root.directory + '/', '$%')}"
        yield f'ProxyPass {quoted(prefix)} "!"'
        yield _location(site, root, prefix)
    yield _directory(root)


def _comment(root: PublicRoot) -> str:
    if root.policy.is_untrusted:
        return "MEDIA_ROOT: what users uploaded. Nothing in it may run in a browser or here."
    return "STATIC_ROOT: what collectstatic made."


def _dispositions(pattern: str) -> Iterator[str]:
    """What could run something is a download, under the name it came with."""
    shown = "|".join(
        extension
        for kind, extensions in mediatypes.extensions().items()
        if mediatypes.is_inert(kind)
        for extension in extensions
    )
    yield _rule(pattern, "[E=ROOTS_KIND:attachment]", [])
    yield _rule(pattern, "[E=ROOTS_KIND:inline]", [_cond("%{REQUEST_URI}", rf"(?i)\.({shown})$")])
    stored = rf"{tables.DIGITS}(\.[A-Za-z0-9]+)?[? ]"
    for variable, stem in (("ROOTS_ENCODED", tables.ENCODED), ("ROOTS_PLAIN", tables.PLAIN)):
        for name in (rf"/({stem}+)()[? ]", rf"/({stem}+?){stored}"):
            asked = _cond("%{THE_REQUEST}", rf"^\S+ [^ ?]*{name}")
            yield _rule(pattern, f"[E={variable}:%1%2]", [asked])


def _variants(prefix: str, directory: str) -> Iterator[str]:
    """The smallest variant there is and the client takes, under the name that was asked for."""
    pattern = f"^{_escaped(prefix)}(.+)$"
    path = f"{directory}/$1"
    some = [f"RewriteCond {verbatim(path + SUFFIXES['gzip'])} -f"]
    yield _rule(pattern, "[E=ROOTS_VARY:1]", some)
    for coding in _CODINGS:
        variant = path + SUFFIXES[coding]
        accepted = _cond("%{HTTP:Accept-Encoding}", _ACCEPTED.format(coding=coding))
        there = f"RewriteCond {verbatim(variant)} -f"
        flags = f"[E=ROOTS_CODING:{coding},L]"
        yield _rule(pattern, flags, [accepted, there], target=variant)


def _location(site: Site, root: PublicRoot, prefix: str) -> str:
    stored = (tables.STORED, *(() if root.policy.is_untrusted else site.hashed_names))
    lines = [
        "AllowMethods GET OPTIONS",
        "SetEnv no-gzip 1",
        f"Header set Cache-Control {quoted(root.caching(is_immutable=False))}",
        *(_caching(pattern, root.caching(is_immutable=True)) for pattern in stored),
        *_errors(),
        *(f"Header always set {name} {quoted(value)}" for name, value in tables.fixed(root)),
        *_policies(root),
    ]
    if root.policy.is_untrusted:
        lines += _MEDIA_LINES
    else:
        lines += _STATIC_LINES
    return f"<Location {quoted(prefix)}>\n" + indent("\n".join(lines), "    ") + "\n</Location>"


def _caching(pattern: str, value: str) -> str:
    condition = f"expr=%{{REQUEST_URI}} =~ m#{pattern}#"
    return f"Header set Cache-Control {quoted(value)} {quoted(condition)}"


def _errors() -> Iterator[str]:
    is_error = quoted("expr=%{REQUEST_STATUS} -ge 400")
    yield f"Header unset Cache-Control {is_error}"
    yield f'Header always set Cache-Control "no-store" {is_error}'
    is_empty = quoted("expr=%{REQUEST_STATUS} -eq 204")
    yield f'Header always set Allow "GET, HEAD, OPTIONS" {is_empty}'
    yield f"Header unset Cache-Control {is_empty}"


def _policies(root: PublicRoot) -> Iterator[str]:
    if usual := tables.usual_policy(root):
        yield f"Header always set Content-Security-Policy {quoted(usual)}"
    for policy, kinds in tables.policies(root).items():
        condition = quoted(f"expr=%{{CONTENT_TYPE}} =~ m#^{tables.one_of(kinds)}#")
        yield f"Header always set Content-Security-Policy {quoted(policy)} {condition}"


def _directory(root: PublicRoot) -> str:
    types = "\n".join(_types(root))
    body = indent(_DIRECTORY_LINES + types, "    ")
    return f"<Directory {quoted(root.directory, '$%*?[')}>\n{body}\n</Directory>\n"


def _types(root: PublicRoot) -> Iterator[str]:
    """A variant has the type of what it stands for, a file asked for as `.gz` its own."""
    for kind, extensions in root.types.items():
        pattern = rf"(?i)\.({'|'.join(extensions)})(\.(br|gz|zst))?$"
        yield f"<FilesMatch {quoted(pattern)}>\n    ForceType {quoted(kind)}\n</FilesMatch>"
    for suffix in SUFFIXES.values():
        condition = quoted(rf"%{{REQUEST_URI}} =~ m#(?i)\{suffix}$#")
        yield f"<If {condition}>\n    ForceType {quoted(mediatypes.guess('x' + suffix))}\n</If>"


def _sendfile(site: Site) -> str:
    if not site.offloaded:
        return ""
    paths = "\n".join(f"XSendFilePath {quoted(each, '$%')}" for each in site.offloaded)
    return f"# Files that views send (libapache2-mod-xsendfile).\nXSendFile On\n{paths}\n"


def _application(site: Site, host: Host) -> str:
    upstream = f"http://{site.upstream}"
    if site.upstream.startswith("unix:"):
        upstream = f"{site.upstream}|http://localhost"
    passed = (f"ProxyPass {quoted(each)} {quoted(upstream + quote(each))}" for each in host.passed)
    return _APPLICATION + "\n".join(passed) + "\n"


def _nothing_else(host: Host) -> str:
    prefixes = [*host.passed, *(prefix for root in host.roots for prefix in root.prefixes)]
    known = "|".join(map(_escaped, prefixes)) or "(?!)"
    rule = _rule("^", "[R=404,L]", [_cond("%{REQUEST_URI}", f"!^({known})")])
    missing = quoted(f"expr=! (%{{REQUEST_URI}} =~ m#^({known})#)")
    return (
        f"# Users' files have this name for themselves.\n{rule}\n"
        f'Header always set Cache-Control "no-store" {missing}\n'
    )


def _rule(pattern: str, flags: str, conditions: list[str], target: str = "-") -> str:
    return "\n".join([*conditions, f"RewriteRule {verbatim(pattern)} {verbatim(target)} {flags}"])


def _cond(subject: str, pattern: str) -> str:
    return f"RewriteCond {verbatim(subject)} {verbatim(pattern)}"


def _escaped(prefix: str) -> str:
    return "".join(f"\\{char}" if char in r".^$*+?()[]{}|\#" else char for char in prefix)


_MEDIA_LINES = [
    f"Header set Content-Disposition {value}"
    for value in (
        '"%{ROOTS_KIND}e"',
        "\"%{ROOTS_KIND}e; filename*=UTF-8''%{ROOTS_ENCODED}e\" env=ROOTS_ENCODED",
        '"%{ROOTS_KIND}e; filename=\\"%{ROOTS_PLAIN}e\\"" env=ROOTS_PLAIN',
    )
]
_STATIC_LINES = [
    'Header set Content-Encoding "%{ROOTS_CODING}e" env=ROOTS_CODING',
    'Header set Vary "Accept-Encoding" env=ROOTS_VARY',
    "Header unset Vary env=!ROOTS_VARY",
]

_DIRECTORY_LINES = """\
Require all granted
AllowOverride None
Options None
SetHandler default-handler
DirectorySlash Off
MaxRanges 1
RemoveEncoding .br .gz .zst
RemoveLanguage .br .gz .zst
ForceType application/octet-stream
"""

_APPLICATION = """\
# What is Django's to answer. What a client says about itself is not passed on.
RequestHeader unset X-Forwarded-For early
RequestHeader unset X-Forwarded-Host early
RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"
ProxyPreserveHost On
"""

_HEAD = """\
# Apache in front of a Django project, made by `manage.py proxyconf apache` from its settings. Make
# it anew when they change. It needs the modules alias, allowmethods, headers, mime, proxy_http and
# rewrite, and `Listen` for its port.
"""

_VIRTUAL_HOST = """\
<VirtualHost {listen}>
    ServerName {server_name}
    LimitRequestBody {max_body}
    MergeSlashes Off
    RewriteEngine On

{parts}
</VirtualHost>
"""
