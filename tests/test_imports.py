"""The house has one way through: who may import whom, read from the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import roots

PACKAGE = Path(roots.__file__).parent
PURE = [
    "roots.doctor.evidence.dockerfile",
    "roots.doctor.evidence.dockerignore",
    "roots.doctor.evidence.guards",
    "roots.doctor.evidence.proxies.apache",
    "roots.doctor.evidence.proxies.caddy",
    "roots.doctor.evidence.proxies.directive",
    "roots.doctor.evidence.proxies.mount",
    "roots.doctor.evidence.proxies.nginx",
    "roots.doctor.evidence.python",
    "roots.doctor.evidence.views",
    "roots.doctor.evidence.yaml",
    "roots.doctor.finding",
    "roots.doctor.listing",
    "roots.doctor.probe.mistakes",
    "roots.doctor.probe.wanted",
    "roots.doctor.report",
    "roots.errors",
    "roots.fingerprint",
    "roots.media.content.archives",
    "roots.media.content.containers",
    "roots.media.extensions",
    "roots.media.upkeep.findings",
    "roots.media.content.formats",
    "roots.media.inspection",
    "roots.media.content.markup",
    "roots.media.upkeep.merge",
    "roots.media.names",
    "roots.media.content.pictures.bmff",
    "roots.media.content.pictures.bounds",
    "roots.media.content.pictures.exif",
    "roots.media.content.pictures.gif",
    "roots.media.content.pictures.jpeg",
    "roots.media.content.pictures.measuring",
    "roots.media.content.pictures.others",
    "roots.media.content.pictures.picture",
    "roots.media.content.pictures.png",
    "roots.media.content.pictures.svg",
    "roots.media.content.pictures.webp",
    "roots.media.policy",
    "roots.media.presets",
    "roots.media.refusals",
    "roots.media.signed",
    "roots.media.upkeep.rules",
    "roots.media.content.signatures",
    "roots.media.content.sniff",
    "roots.media.content.tars",
    "roots.media.content.unpacking",
    "roots.media.content.zips",
    "roots.mediatypes",
    "roots.paths",
    "roots.progress",
    "roots.serve.catalog",
    "roots.signing",
    "roots.serve.core",
    "roots.serve.encodings",
    "roots.serve.embedded.environ",
    "roots.serve.gate",
    "roots.serve.header_rules",
    "roots.serve.headers",
    "roots.serve.hot",
    "roots.serve.bodies.limits",
    "roots.serve.messages",
    "roots.serve.origins",
    "roots.serve.ranges",
    "roots.serve.validators",
    "roots.static.bundled",
    "roots.static.graph",
    "roots.static.importmap",
    "roots.static.imports",
    "roots.static.javascript",
    "roots.static.names",
    "roots.static.references",
]
WITHOUT_SIDE_EFFECTS = {
    "__future__", "ast", "base64", "bisect", "blake3", "bz2", "calendar", "codecs", "collections",
    "collections.abc", "dataclasses", "datetime", "difflib", "email.utils", "enum", "fnmatch",
    "functools", "hashlib", "heapq", "hmac", "http", "io", "itertools", "json", "lzma", "math",
    "operator", "posixpath", "py_svg_hush", "re", "stat", "string", "struct", "sys", "textwrap",
    "threading", "time", "typing", "unicodedata", "urllib.parse", "xml.parsers",
    "xml.parsers.expat", "zlib",
}  # fmt: skip
GLUE = {
    "roots.apps",
    "roots.conf",
    "roots.__main__",
    "roots.django",
    "roots.doctor.evidence",
    "roots.doctor.explain",
    "roots.doctor.probe.probe",
    "roots.doctor.probe.targets",
    "roots.doctor.probe.visitor",
    "roots.doctor.project",
    "roots.doctor.repairs",
    "roots.doctor.rules",
    "roots.media.upkeep.adopt",
    "roots.media.forms",
    "roots.media.fields",
    "roots.media.admission",
    "roots.media.access",
    "roots.media.addressed",
    "roots.media.answers",
    "roots.media.arrival",
    "roots.media.upkeep.census",
    "roots.media.batches",
    "roots.media.lifecycle.attributes",
    "roots.media.lifecycle.keeping",
    "roots.media.lifecycle.journal",
    "roots.media.insertion",
    "roots.media.ledger",
    "roots.media.lifecycle.events",
    "roots.media.referrers",
    "roots.media.origin",
    "roots.media.quotas",
    "roots.media.lifecycle.quarantining",
    "roots.media.lifecycle.rows",
    "roots.media.lifecycle.saving",
    "roots.media.lifecycle.settling",
    "roots.media.upkeep.stats",
    "roots.media.signals",
    "roots.media.storage",
    "roots.media.stock",
    "roots.media.storages",
    "roots.media.tables",
    "roots.media.lifecycle.transactions",
    "roots.media.uploads",
    "roots.media.validation",
    "roots.media.lifecycle.watch",
    "roots.media.lifecycle.work",
    "roots.serve.asgi",
    "roots.serve.assembly",
    "roots.serve.bodies.wsgi",
    "roots.serve.private",
    "roots.serve.proxies.project",
    "roots.serve.handover.authorised",
    "roots.serve.handover.sending",
    "roots.serve.embedded.server",
    "roots.serve.wsgi",
    "roots.static.finders",
    "roots.static.source_catalog",
    "roots.static.source",
    "roots.static.sources",
    "roots.static.storage",
    "roots.static.urls",
}
"""Where Django may be imported."""
MAY_NOT_IMPORT = {
    "roots.serve.core": ("roots.static", "roots.media"),
    "roots.serve.responder": ("roots.static", "roots.media"),
    "roots.serve.wsgi": ("roots.static", "roots.media"),
    "roots.serve.asgi": ("roots.static", "roots.media"),
    "roots.static": ("roots.media", "roots.django", "roots.serve.core", "roots.serve.wsgi"),
    "roots.media": ("roots.static", "roots.django", "roots.serve.core", "roots.serve.wsgi"),
    "roots.serve": ("roots.django",),
}


def modules() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        yield ".".join(parts).removesuffix(".__init__")


def imports(module: str) -> set[str]:
    """Every module that `module` imports anywhere in its source, `from x import y` as x."""
    path = PACKAGE.parent / Path(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & ALL) or {str(node.module)}
    return found


ALL = set(modules())


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_import_only_what_does_no_io(module):
    assert module in ALL, "renamed or gone: mend the list"
    assert imports(module) <= WITHOUT_SIDE_EFFECTS | set(PURE)


@pytest.mark.parametrize("module", sorted(ALL))
def test_django_is_imported_by_the_glue_alone(module):
    if any(is_within(module, glue) for glue in GLUE):
        return
    assert not any(is_within(name, "django") for name in imports(module))


@pytest.mark.parametrize(("importer", "forbidden"), MAY_NOT_IMPORT.items())
def test_imports_point_one_way(importer, forbidden):
    for module in ALL:
        if is_within(module, importer):
            wrong = {n for n in imports(module) for f in forbidden if is_within(n, f)}
            assert not wrong, f"{module} imports {wrong}"


def test_nothing_is_listed_that_is_not_there():
    named = set(PURE) | GLUE | set(MAY_NOT_IMPORT)
    assert named <= ALL
