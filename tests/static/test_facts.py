import base64
import hashlib

import pytest

from roots.static import facts
from roots.static.manifest import Manifest, Module, Record
from tests.static.project import collect


def integrity(data: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def test_stylesheets_and_scripts_have_the_integrity_of_their_served_bytes(project):
    project.write({"a.css": "b { c: url(d.png) }", "d.png": "png", "e.js": "f()", "g.txt": "h"})
    collect(verbosity=0)
    found = project.manifest()
    for name in ("a.css", "e.js"):
        assert found.files[found.paths[name]].integrity == integrity(project.stored(name))
    for name in ("d.png", "g.txt"):
        assert found.files[found.paths[name]].integrity == ""


def test_imports_are_recorded_as_they_are_written(project):
    project.write({"a.js": "import './b.js'; import 'lit'; import('./c.js')", "b.js": "export {}"})
    collect(verbosity=0)
    found = project.manifest()
    assert found.files[found.paths["a.js"]].module == Module(("./b.js", "lit"), ("./c.js",))
    assert found.files[found.paths["b.js"]].module == Module()


@pytest.mark.parametrize(
    ("name", "script", "module"),
    [
        ("a.js", b"f()", None),
        ("a.mjs", b"f()", Module()),
        ("a.js", b"import('./b.js')", Module((), ("./b.js",))),
        ("a.js", b"new URL('b.png', import.meta.url)", Module()),
        ("a.css", b"import './b.js'", None),
    ],
)
def test_what_counts_as_a_module(name, script, module):
    assert facts.of_bytes(name, script).module == module


def test_what_was_recorded_of_the_same_bytes_is_not_read_again(tmp_path):
    record = Record("d1", 3, (), "sha384-x", Module(("./b.js",)))
    previous = Manifest({}, {"a.1.js": record})
    known = facts.complete(tmp_path, {"a.1.js": "d1", "a.png": "d2"}, previous)
    assert known == {"a.1.js": facts.Facts("sha384-x", Module(("./b.js",)))}


def test_other_bytes_are_read(tmp_path):
    (tmp_path / "a.1.js").write_bytes(b"f()")
    previous = Manifest({}, {"a.1.js": Record("d1", 3, (), "sha384-x")})
    known = facts.complete(tmp_path, {"a.1.js": "d2"}, previous)
    assert known["a.1.js"].integrity == integrity(b"f()")
