"""The configuration of Caddy (2.6 or newer): a site for the Caddyfile."""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import indent

from roots import mediatypes
from roots.serve.handover import offload
from roots.serve.proxies import site as tables
from roots.serve.proxies.site import Host, PublicRoot, Site, verbatim


def render(site: Site) -> str:
    """The site. Raises ConfigError for a path or URL that Caddy cannot be told."""
    return _FILE.format(sites="\n".join(_site(site, host) for host in site.hosts))


def _site(site: Site, host: Host) -> str:
    address, _, port = site.listen.rpartition(":")
    parts = [
        *([f"bind {address.strip('[]')}\n"] if address else []),
        _body(site),
        *(part for root in host.roots for part in _handles(root)),
        *(_application(site, prefix) for prefix in host.passed),
        "" if host.has_everything else _NOTHING_ELSE,
        _ERRORS,
    ]
    body = indent("\n".join(filter(None, parts)), "\t")
    return f"http://{host.name}:{port} {{\n{body}\n}}\n"


def _body(site: Site) -> str:
    if site.max_body_bytes is None:
        return ""
    return f"request_body {{\n\tmax_size {site.max_body_bytes}\n}}\n"


def _handles(root: PublicRoot) -> Iterator[str]:
    for prefix in root.prefixes:
        matcher = f"{prefix}*"
        steps = [_METHODS, *_closed(root), *_headers(root), *_files(root, prefix)]
        body = indent("\n".join(steps), "\t\t")
        yield f"# {_comment(root)}\nhandle {verbatim(matcher)} {{\n\troute {{\n{body}\n\t}}\n}}\n"


def _comment(root: PublicRoot) -> str:
    if root.policy.is_untrusted:
        return "MEDIA_ROOT: what users uploaded. Nothing in it may run in a browser."
    return "STATIC_ROOT: what collectstatic made."


def _closed(root: PublicRoot) -> Iterator[str]:
    yield "# Not there for anybody."
    rows = {f"~{each}": "1" for each in root.closed}
    yield _map("{http.request.uri.path}", "roots_closed", rows, "0")
    yield '@closed vars {roots_closed} "1"\nerror @closed 404'


def _headers(root: PublicRoot) -> Iterator[str]:
    types = {rf"~(?i)\.({'|'.join(extensions)})$": kind for kind, extensions in root.types.items()}
    yield _map("{http.request.uri.path}", "roots_type", types, mediatypes.DEFAULT)
    stored = {f"~{tables.STORED}": root.caching(is_immutable=True)}
    yield "# A stored name carries its content's digest, so its bytes never change."
    yield _map("{http.request.uri.path}", "roots_caching", stored, root.caching(is_immutable=False))
    headers = dict(tables.fixed(root))
    if tables.usual_policy(root) or tables.policies(root):
        yield _map("{roots_type}", "roots_csp", _policies(root), tables.usual_policy(root))
        headers["Content-Security-Policy"] = "{roots_csp}"
    if root.policy.is_untrusted:
        yield from _dispositions()
        headers["Content-Disposition"] = "{roots_disposition}"
    yield _block("header", {
        "Cache-Control": "{roots_caching}",
        "Content-Type": "{roots_type}",
        **headers,
    })  # fmt: skip


def _policies(root: PublicRoot) -> dict[str, str]:
    return {f"~^{tables.one_of(kinds)}": csp for csp, kinds in tables.policies(root).items()}


def _dispositions() -> Iterator[str]:
    yield "# What could run something is a download, under the name it came with."
    inert = {f"~^{tables.one_of(tables.inert_types())}": "inline"}
    yield _map("{roots_type}", "roots_kind", inert, "attachment")
    source = "{roots_kind} {http.request.uri}"
    names = dict(tables.download_names())
    yield _map(source, "roots_disposition", names, "{roots_kind}").replace("`", r"\"")


def _files(root: PublicRoot, prefix: str) -> Iterator[str]:
    yield f"uri strip_prefix {verbatim(prefix[:-1])}"
    lines = [f"\troot {verbatim(root.directory)}", "\tindex roots-has-no-index", "\thide .*"]
    if not root.policy.is_untrusted:
        suffixes = "|".join(
            extension
            for extensions in mediatypes.extensions().values()
            for extension in extensions
            if mediatypes.is_compressible(f"x.{extension}")
        )
        yield rf'@compressible path_regexp "(?i)\.({suffixes})$"'
        yield "header @compressible ?Vary Accept-Encoding"
        lines.append("\tprecompressed br gzip zstd")
    yield "file_server {\n" + "\n".join(lines) + "\n}"


def _application(site: Site, prefix: str) -> str:
    upstream = site.upstream.replace("unix:", "unix/", 1)
    handed = indent("\n".join(map(_handed, site.offloaded)), "\t\t")
    body = f" {{\n{handed}\n\t}}" if handed else ""
    start = f"# Who has a link may read it: the layer tells.\nhandle {verbatim(prefix + '*')}"
    if prefix == "/":
        start = "# Everything else is Django's.\nhandle"
    return f"{start} {{\n\treverse_proxy {upstream}{body}\n}}\n"


def _handed(directory: str) -> str:
    name = offload.location(directory).split("/")[2]
    return _HANDED.format(name=name, inside=verbatim(directory + "/*"))


def _map(source: str, name: str, rows: Mapping[str, str], default: str) -> str:
    lines = [f"\t{verbatim(pattern)} {verbatim(value)}" for pattern, value in rows.items()]
    lines.append(f"\tdefault {verbatim(default)}")
    return f'map "{source}" {{{name}}} {{\n' + "\n".join(lines) + "\n}"


def _block(directive: str, pairs: Mapping[str, str]) -> str:
    lines: Iterable[str] = (f"\t{name} {verbatim(value)}" for name, value in pairs.items())
    return directive + " {\n" + "\n".join(lines) + "\n}"


_FILE = """\
# Caddy in front of a Django project, made by `manage.py proxyconf caddy` from its settings. Make it
# anew when they change. Without http:// and the port, Caddy gets a certificate by itself.
# Caddy follows symlinks wherever they lead: keep those that leave a root out of it.
{sites}"""

_NOTHING_ELSE = """\
# Users' files have this name for themselves.
handle {
	error 404
}
"""

_METHODS = """\
@refused not method GET HEAD
header @refused Allow "GET, HEAD, OPTIONS"
@options method OPTIONS
respond @options 204
error @refused 405
# Many ranges get the whole file: they are an attack more often than a wish.
@many header_regexp Range ,
request_header @many -Range"""

_HANDED = """\
# Files that views send.
@{name} header X-Sendfile {inside}
handle_response @{name} {{
	rewrite * /
	copy_response_headers {{
		exclude X-Sendfile Content-Length ETag Last-Modified
	}}
	file_server {{
		root {{rp.header.X-Sendfile}}
		disable_canonical_uris
		index roots-has-no-index
	}}
}}"""

_ERRORS = """\
handle_errors {
	header Cache-Control no-store
	header X-Content-Type-Options nosniff
	header Content-Type "text/plain; charset=utf-8"
	header -Content-Disposition
	respond "{err.status_code} {err.status_text}"
}
"""
