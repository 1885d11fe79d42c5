"""What of this project to ask a site for."""

import os
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from django.apps import apps
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import Storage

from roots import mediatypes
from roots.doctor.probe.wanted import Forbidden, Wanted
from roots.doctor.project import Project
from roots.fingerprint import parse
from roots.media.catalog import MediaCatalog
from roots.serve.assembly import rules_for
from roots.serve.catalog import Catalog
from roots.serve.core import Root
from roots.serve.headers import HeaderPolicy, media_policy, static_policy
from roots.serve.messages import Headers, Reply, Request
from roots.serve.responder import Responder
from roots.static.catalog import StaticCatalog
from roots.static.manifest import Manifest

_PREFERRED = (".css", ".js", ".svg", ".png")
_MOST_BYTES = 1 << 20
_CLIMBING = ("{prefix}../", "{prefix}%2e%2e/", "{prefix}..%2f", "{prefix}%2e%2e%2f", "{bare}../")
"""How a request climbs out of a directory; the last where nginx was told `location /static` with
an `alias` that ends with a slash."""


def prefix(project: Project, setting: str, base: str) -> str:
    """STATIC_URL or MEDIA_URL as an absolute URL; the site's own where it names no host."""
    said = str(project.settings.get(setting) or "")
    script_name = str(project.settings.get("FORCE_SCRIPT_NAME") or "").strip("/")
    if said and script_name and not urlsplit(said).scheme and not said.startswith("/"):
        said = f"{script_name}/{said}"  # as Django does
    return urljoin(base + "/", said) if said else ""


def static_file(project: Project, base: str) -> Wanted | None:
    """A static file: of the release that was collected here, or else one that a finder offers.
    A style sheet if there is one; None where there are no static files at all."""
    collected = project.collected
    if collected and collected.manifest and collected.manifest.paths:
        logical = _best(collected.manifest.paths, collected.manifest)
        stored = collected.manifest.paths[logical]
        url = urljoin(prefix(project, "STATIC_URL", base), quote(stored))
        return _wanted(project, url, stored, _bytes(collected.root / stored))
    sources = project.discovery.sources if project.discovery else {}
    if not sources:
        return None
    logical = _best(sources, None)
    url = urljoin(base + "/", staticfiles_storage.url(logical))
    local = sources[logical].local_path
    return _wanted(project, url, logical, _bytes(Path(local)) if local else None)


def _best(names: Iterable[str], release: Manifest | None) -> str:
    """Of the kind that is best for a probe, the largest of which the size is known."""

    def worth(name: str) -> tuple[int, int]:
        suffix = os.path.splitext(name)[1]
        record = release.files.get(release.paths[name]) if release else None
        size = record.size if record and record.size < _MOST_BYTES else 0
        return (-_PREFERRED.index(suffix) if suffix in _PREFERRED else -9, size)

    return max(sorted(names), key=worth)


def _wanted(project: Project, url: str, name: str, body: bytes | None) -> Wanted:
    return Wanted(
        url=url,
        content_type=mediatypes.guess(name),
        body=body,
        is_immutable=parse(name) is not None,
        is_compressible=mediatypes.is_compressible(name),
        ours=_static_headers(project, name),
    )


def _static_headers(project: Project, name: str) -> Headers:
    """What our own layer says of a static file; nothing where it does not serve them here."""
    is_ours = apps.is_installed("roots.django") and project.makes_releases
    if not (is_ours and project.configuration.serve_static and project.static_root):
        return ()
    policy = static_policy(project.configuration.logical_max_age_s, rules_for("static"))
    return _headers(project.static_root, StaticCatalog(Path(project.static_root)), policy, name)


def upload_headers(project: Project, storage: Storage, name: str) -> Headers:
    """What our own layer says of an upload that everybody may read; nothing where it does not serve
    the files of this storage."""
    served = project.media_root if project.configuration.serve_media else None
    is_ours = apps.is_installed("roots.django") and project.keeps_ledger
    if not (is_ours and served and served == getattr(storage, "location", None)):
        return ()
    return _headers(served, MediaCatalog(), media_policy(rules_for("media")), name)


def _headers(directory: str, catalog: Catalog, policy: HeaderPolicy, name: str) -> Headers:
    root = Root("/", directory, catalog, policy)
    reply = Responder([root], 0, _unprepared).respond(Request("HEAD", f"/{name}")).reply
    return reply.headers if reply.status == HTTPStatus.OK else ()


def forbidden(project: Project, base: str) -> Iterator[Forbidden]:
    """What nobody should get: the manifest, files beside the roots, hidden ones."""
    static = prefix(project, "STATIC_URL", base)
    if static and project.collected and project.collected.has_manifests:
        name = project.collected.manifest_path.name
        yield Forbidden(static + name, "probe-manifest-served", "the manifest", b'"paths"')
    places = (("STATIC_URL", project.static_root), ("MEDIA_URL", project.media_root))
    for setting, root in places:
        url = prefix(project, setting, base)
        if url and root:
            yield from _climbing(url, root)
            yield from _hidden(url, root)


def _climbing(url: str, root: str) -> Iterator[Forbidden]:
    """A file beside `root` that can be told from others by what is in it."""
    beside = sorted(Path(root).parent.glob("[!.]*.*"))
    for path in sorted(beside, key=lambda each: each.suffix != ".py"):
        body = (_bytes(path) or b"").strip()
        if len(body) > 16:
            for pattern in _CLIMBING:
                asked = pattern.format(prefix=url, bare=url.rstrip("/")) + quote(path.name)
                yield Forbidden(asked, "probe-traversal", f"{path}, beside {root}", body)
            return


def _hidden(url: str, root: str) -> Iterator[Forbidden]:
    for path in sorted(Path(root).glob(".*/*")) + sorted(Path(root).glob(".*")):
        if body := _bytes(path):
            asked = url + quote(str(path.relative_to(root)))
            yield Forbidden(asked, "probe-hidden-served", f"{path}, which is hidden", body)
            return


def _bytes(path: Path) -> bytes | None:
    """What a small file has in it; None for any other."""
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size < _MOST_BYTES else None
    except OSError:
        return None


def _unprepared(_: Reply) -> None:
    """Nothing is held to be sent again."""
