import base64
import hashlib

import pytest

from roots.static import facts, reading
from roots.static.manifest import Module
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


def test_edits_give_another_integrity_to_the_same_module():
    original = facts.of_bytes("a.js", b"import './b.js'")
    assert facts.of_edited(original, b"x") == (integrity(b"x"), original.module)
    assert facts.of_edited(facts.NONE, b"x") == facts.NONE


def test_a_script_too_big_to_be_held_is_still_known_by_its_bytes(project, monkeypatch):
    monkeypatch.setattr(reading, "MAX_TEXT_BYTES", 10)
    script = b"import './gone.js'" * 99
    project.write({"a.js": script})
    collect(verbosity=0)
    found = project.manifest()
    record = found.files[found.paths["a.js"]]
    assert (record.integrity, record.module) == (integrity(script), None)
