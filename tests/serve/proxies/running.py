"""Real proxies with the configuration that proxyconf prints, in front of a Django of their own."""

import contextlib
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import override_settings

from tests.servers import Server, ending, free_port, running, wait_for

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
APACHE_MODULES = Path("/usr/lib/apache2/modules")
MODULES = (
    "mpm_event alias allowmethods authz_core dir env headers mime proxy proxy_http rewrite "
    "setenvif xsendfile"
)

LIGHTTPD = """
server.modules = ("mod_proxy")
server.document-root = "/nowhere"
server.bind = "127.0.0.1"
server.port = {port}
server.http-parseopts = ("url-ctrls-reject" => "disable")
proxy.server = ("" => (("host" => "127.0.0.1", "port" => {upstream},
    "x-sendfile" => "enable", "x-sendfile-docroot" => ("{private}"))))
"""
"""proxyconf has none for lighttpd: this is what docs/private-media.md tells."""

NGINX = """
load_module {brotli};
user root; daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""


@contextlib.contextmanager
def proxied(
    proxy: str,
    folder: Path,
    django: str = "django-alone",
    project: str = "tests.project.settings",
    **roots: object,
) -> Iterator[Server]:
    """`proxy` in front of a server of `tests.servers` (Django without our layer, unless named), on
    the roots in `folder` and with ROOTS = `roots`.

    Skips with a sentence where that proxy is not installed.
    """
    require(proxy)
    environ = {"ROOTS_TEST_ROOTS": json.dumps(roots), "DJANGO_SETTINGS_MODULE": project}
    with running(django, folder, **environ) as upstream:
        own = folder / f"{proxy}-{upstream.port}"
        own.mkdir()
        port = free_port()
        configuration = printed(proxy, port, upstream.port, roots)
        with _started(COMMANDS[proxy](own, configuration), port, own) as server:
            yield server


def printed(proxy: str, port: int, upstream: int, roots: dict[str, object]) -> str:
    """What proxyconf prints for the current settings and ROOTS = `roots`."""
    if proxy == "lighttpd":
        private = storages["private"].location
        return LIGHTTPD.format(port=port, upstream=upstream, private=private)
    output = io.StringIO()
    with override_settings(ROOTS=roots):
        call_command(
            "proxyconf",
            proxy,
            listen=f"127.0.0.1:{port}",
            server_name="127.0.0.1",
            upstream=f"127.0.0.1:{upstream}",
            stdout=output,
        )
    return output.getvalue()


def require(proxy: str) -> None:
    """Skip where `proxy` is not installed."""
    if shutil.which({"apache": "apache2"}.get(proxy, proxy)) is None:
        pytest.skip(f"{proxy} is not installed; on Debian: apt install {PACKAGES[proxy]}.")
    if proxy == "apache" and not (APACHE_MODULES / "mod_xsendfile.so").exists():
        pytest.skip(f"apache has no mod_xsendfile; on Debian: apt install {PACKAGES[proxy]}.")
    if proxy == "nginx" and not BROTLI.exists():
        pytest.skip(f"nginx has no brotli_static; on Debian: apt install {PACKAGES[proxy]}.")


@contextlib.contextmanager
def _started(command: list[str], port: int, folder: Path) -> Iterator[Server]:
    log = folder / "printed.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    server = Server(port, process, log)
    with ending(process):
        wait_for(server)
        yield server


def _nginx(folder: Path, configuration: str) -> list[str]:
    configuration = configuration.replace("# brotli_static on;", "brotli_static on;")
    (folder / "site.conf").write_text(configuration)
    (folder / "nginx.conf").write_text(NGINX.format(brotli=BROTLI, folder=folder))
    return ["nginx", "-c", str(folder / "nginx.conf")]


def _caddy(folder: Path, configuration: str) -> list[str]:
    (folder / "Caddyfile").write_text(
        "{\n\tadmin off\n\tauto_https off\n\tgrace_period 1s\n}\n" + configuration
    )
    homes = [f"{name}={folder}" for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")]
    return ["env", *homes, "caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"]


def _apache(folder: Path, configuration: str) -> list[str]:
    listen = configuration.partition("<VirtualHost ")[2].partition(">")[0]
    modules = [
        f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so" for name in MODULES.split()
    ]
    lines = [
        *modules,
        f"ServerRoot {folder}",
        f"PidFile {folder}/pid",
        f"DefaultRuntimeDir {folder}",
        f"ErrorLog {folder}/error.log",
        f"Listen {listen}",
        "User www-data",
        "TypesConfig /dev/null",
        configuration,
    ]
    (folder / "apache.conf").write_text("\n".join(lines))
    return ["apache2", "-D", "FOREGROUND", "-f", str(folder / "apache.conf")]


def _lighttpd(folder: Path, configuration: str) -> list[str]:
    (folder / "lighttpd.conf").write_text(configuration)
    return ["lighttpd", "-D", "-f", str(folder / "lighttpd.conf")]


COMMANDS = {"lighttpd": _lighttpd, "apache": _apache, "caddy": _caddy, "nginx": _nginx}
PACKAGES = {
    "lighttpd": "lighttpd",
    "nginx": "nginx-light libnginx-mod-http-brotli-static",
    "caddy": "caddy",
    "apache": "apache2-bin libapache2-mod-xsendfile",
}
