"""The house has one way through: who may import whom, read from the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import roots

PACKAGE = Path(roots.__file__).parent
PURE = [
    "roots.errors",
    "roots.fingerprint",
    "roots.mediatypes",
    "roots.paths",
    "roots.media.names",
    "roots.serve.catalog",
    "roots.serve.core",
    "roots.serve.encodings",
    "roots.serve.headers",
    "roots.serve.hot",
    "roots.serve.messages",
    "roots.serve.ranges",
    "roots.serve.validators",
    "roots.static.graph",
    "roots.static.importmap",
    "roots.static.imports",
    "roots.static.javascript",
    "roots.static.names",
    "roots.static.progress",
    "roots.static.references",
]
WITHOUT_SIDE_EFFECTS = {
    "__future__", "base64", "blake3", "bisect", "calendar", "codecs", "collections",
    "collections.abc", "dataclasses", "datetime", "difflib", "email.utils", "enum", "functools",
    "hashlib", "heapq", "http", "itertools", "json", "math", "operator", "posixpath", "re",
    "string", "threading", "time", "typing", "unicodedata", "urllib.parse",
}  # fmt: skip
GLUE = {
    "roots.apps",
    "roots.conf",
    "roots.django",
    "roots.media.lifecycle",
    "roots.media.referrers",
    "roots.media.storage",
    "roots.media.uploads",
    "roots.serve.asgi",
    "roots.serve.assembly",
    "roots.serve.server",
    "roots.serve.wsgi",
    "roots.static.finders",
    "roots.static.sources",
    "roots.static.storage",
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
