"""The configuration of nginx (1.19 or newer, with gzip_static): what goes inside `http { }`."""

from collections.abc import Iterator
from textwrap import indent

from roots.serve.handover import offload
from roots.serve.proxies import site as tables
from roots.serve.proxies.site import Host, PublicRoot, Site, quoted

_KEPT = (
    "Content-Language",
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
    "Vary",
    "X-Content-Type-Options",
    "X-Frame-Options",
)
"""Headers nginx would not keep of a response with X-Accel-Redirect."""


def render(site: Site) -> str:
    """The file. Raises ConfigError for a path or URL that nginx cannot be told."""
    maps = [*_maps_of_every_site(), *(line for root in site.publics for line in _maps(site, root))]
    servers = (_server(site, host) for host in site.hosts)
    return _FILE.format(maps="\n".join(maps), upstream=site.upstream, servers="\n".join(servers))


def _server(site: Site, host: Host) -> str:
    locations = [
        *(location for root in host.roots for location in _locations(root)),
        *map(_internal, site.offloaded),
        *map(_application, host.passed),
        *([] if host.has_everything else [_NOTHING_ELSE]),
    ]
    return _SERVER.format(
        listen=site.listen,
        server_name=host.name,
        max_body=site.max_body_bytes or 0,
        locations=indent("\n".join(locations), "    "),
    )


def _application(prefix: str) -> str:
    if prefix == "/":
        comment, place = "Everything else is Django's.", prefix
    else:
        comment, place = "Who has a link may read it: the layer tells.", f"^~ {quoted(prefix)}"
    return _APPLICATION.format(comment=comment, place=place)


def _maps_of_every_site() -> Iterator[str]:
    yield "# Uploads that could run something are downloads, under the name they came with."
    inert = tables.one_of(tables.inert_types())
    kinds = {f"~^20[06] {inert}": "inline", "~^20[06] ": "attachment"}
    yield from _map('"$status $sent_http_content_type"', "roots_disposition", kinds)
    yield from _map(
        '"$roots_disposition $request_uri"',
        "roots_content_disposition",
        {asked: told.replace("`", '"') for asked, told in tables.download_names()},
        "$roots_disposition",
    )
    allowed = dict.fromkeys(("204", "405"), "GET, HEAD, OPTIONS")
    yield from _map("$status", "roots_allow", allowed)
    yield from _map("$http_upgrade", "roots_connection", {"": ""}, "upgrade")


def _maps(site: Site, root: PublicRoot) -> Iterator[str]:
    name = _name(root)
    stored = (tables.STORED, *(() if root.policy.is_untrusted else site.hashed_names))
    yield f"# {name}: what is kept for how long, and what is not there for anybody."
    yield from _map("$uri", f"roots_{name}_is_stored", {f"~{each}": "1" for each in stored}, "0")
    yield from _map(
        f'"$status $roots_{name}_is_stored"',
        f"roots_{name}_caching",
        {"~^[45]": "no-store", "~^204": "", "~1$": root.caching(is_immutable=True)},
        default=root.caching(is_immutable=False),
    )
    yield from _map(
        "$uri", f"roots_{name}_is_closed", {f"~{each}": "1" for each in root.closed}, "0"
    )
    policies = {f"~^{tables.one_of(kinds)}": csp for csp, kinds in tables.policies(root).items()}
    usual = tables.usual_policy(root)
    if usual or policies:
        yield from _map("$sent_http_content_type", f"roots_{name}_csp", policies, usual)


def _map(source: str, name: str, rows: dict[str, str], default: str = "") -> Iterator[str]:
    yield f"map {source} ${name} {{"
    yield f"    default {quoted(default)};"
    for pattern, value in rows.items():
        yield f"    {quoted(pattern)} {_value(value)};"
    yield "}"


def _value(value: str) -> str:
    return f"'{value}'" if '"' in value else quoted(value)


def _locations(root: PublicRoot) -> Iterator[str]:
    name = _name(root)
    lines = [f"add_header {header} {quoted(value)} always;" for header, value in tables.fixed(root)]
    if tables.usual_policy(root) or tables.policies(root):
        lines.append(f"add_header Content-Security-Policy $roots_{name}_csp always;")
    lines += _MEDIA_LINES if root.policy.is_untrusted else _STATIC_LINES
    types = "\n".join(f"{quoted(kind)} {' '.join(each)};" for kind, each in root.types.items())
    for prefix in root.prefixes:
        yield _ROOT.format(
            comment=_COMMENTS[name],
            prefix=quoted(prefix),
            name=name,
            directory=quoted(root.directory + "/", "$"),
            lines=indent("\n".join(lines), "    "),
            types=indent(types, "        "),
        )


def _internal(directory: str) -> str:
    kept = "\n".join(
        f"    add_header {name} $upstream_http_{name.lower().replace('-', '_')} always;"
        for name in _KEPT
    )
    return _INTERNAL.format(
        location=offload.location(directory), directory=quoted(directory + "/", "$"), headers=kept
    )


def _name(root: PublicRoot) -> str:
    return "media" if root.policy.is_untrusted else "static"


_FILE = """\
# nginx in front of a Django project, made by `manage.py proxyconf nginx` from its settings. Make it
# anew when they change. It goes inside http {{ }}, for instance as a file in /etc/nginx/conf.d/.

{maps}

upstream roots_application {{
    server {upstream};
    keepalive 16;
}}

{servers}"""

_SERVER = """\
server {{
    listen {listen};
    server_name {server_name};
    # For https: `listen 443 ssl;`, ssl_certificate and ssl_certificate_key.

    client_max_body_size {max_body};  # bytes; 0 is no limit
    merge_slashes off;
    sendfile on;
    tcp_nopush on;
    if_modified_since before;
    max_ranges 1;
    default_type application/octet-stream;

{locations}
}}
"""

_COMMENTS = {
    "static": "STATIC_ROOT: what collectstatic made.",
    "media": "MEDIA_ROOT: what users uploaded. Nothing in it may run in a browser.",
}
_MEDIA_LINES = ["add_header Content-Disposition $roots_content_disposition;"]
_STATIC_LINES = [
    "gzip_static on;",
    "gzip_vary on;",
    "# brotli_static on;  # with the module ngx_brotli (Debian: libnginx-mod-http-brotli-static)",
]

_ROOT = """\
# {comment}
location ^~ {prefix} {{
    if ($request_method = OPTIONS) {{ return 204; }}
    if ($roots_{name}_is_closed) {{ return 404; }}
    alias {directory};
    try_files $uri =404;
    disable_symlinks on from={directory};
    gzip off;
    add_header Cache-Control $roots_{name}_caching always;
    add_header Allow $roots_allow always;
{lines}
    types {{
{types}
    }}
}}
"""

_INTERNAL = """\
# Files that views send. No client reaches this location: only the application's X-Accel-Redirect.
location ^~ {location} {{
    internal;
    alias {directory};
    disable_symlinks on from={directory};
    gzip off;
{headers}
}}
"""

_NOTHING_ELSE = """\
# Users' files have this name for themselves.
location / {
    add_header Cache-Control no-store always;
    return 404;
}
"""

_APPLICATION = """\
# {comment} What a client says about itself is not passed on.
location {place} {{
    proxy_pass http://roots_application;
    proxy_http_version 1.1;
    proxy_redirect off;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $roots_connection;
}}
"""
