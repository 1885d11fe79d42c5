import os
import shutil
import time

import pytest

from roots.atomic import Modes
from roots.static import memory
from roots.static.content import Content
from roots.static.facts import Facts
from roots.static.manifest import Module
from roots.static.memory import Known, Look, Memory
from roots.static.references import Reference

OLD_NS = time.time_ns() - 60 * 10**9
LOOK = Look(3, OLD_NS, OLD_NS, 17)
KNOWN = Known(Content("d" * 64, 3), (Reference(1, 2, "b.png", "bare"),))


def learned(look=LOOK):
    known = Memory()
    known.learn("a.css", "/src/a.css", look, KNOWN)
    return known


def reloaded(root, known):
    known.save(root, Modes())
    return memory.load(root)


def test_what_was_learned_is_recalled_in_the_next_run(tmp_path):
    assert reloaded(tmp_path, learned()).recall("a.css", "/src/a.css", LOOK) == KNOWN


@pytest.mark.parametrize("field", Look._fields)
def test_a_file_that_looks_different_is_not_known(tmp_path, field):
    known = reloaded(tmp_path, learned())
    other = LOOK._replace(**{field: getattr(LOOK, field) + 1})
    assert known.recall("a.css", "/src/a.css", other) is None


def test_another_file_of_the_same_name_is_not_known(tmp_path):
    assert reloaded(tmp_path, learned()).recall("a.css", "/other/a.css", LOOK) is None


@pytest.mark.parametrize("field", ["mtime_ns", "ctime_ns"])
def test_a_file_that_was_young_when_it_was_read_may_change_and_look_the_same(tmp_path, field):
    young = LOOK._replace(**{field: time.time_ns() - memory.RACY_NS // 2})
    known = reloaded(tmp_path, learned(young))
    assert known.recall("a.css", "/src/a.css", young) is None
    assert known.digest_before("a.css") == KNOWN.content.digest


def test_what_is_on_no_disk_is_never_recalled(tmp_path):
    assert reloaded(tmp_path, learned(None)).recall("a.css", "/src/a.css", None) is None


def test_a_run_that_learns_nothing_new_has_not_changed(tmp_path):
    known = reloaded(tmp_path, learned())
    known.recall("a.css", "/src/a.css", LOOK)
    assert not known.has_changed
    known.learn("b.css", "/src/b.css", LOOK, KNOWN)
    assert known.has_changed


def test_what_edits_made_is_recalled(tmp_path):
    known = Memory()
    edited = Content("e" * 64, 9), Facts("sha384-x", Module(("./a.js",)))
    known.learn_edited("key", *edited)
    assert reloaded(tmp_path, known).recall_edited("key") == edited


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"version": [0, "x"]}',
        b"null",
        b'{"version": 1, "sources": {"a": 1}}',
    ],
)
def test_a_damaged_record_is_no_record(tmp_path, damage):
    learned().save(tmp_path, Modes())
    (tmp_path / memory.NAME).write_bytes(damage)
    known = memory.load(tmp_path)
    assert (known.before, known.settled_ns) == ({}, 0)


@pytest.mark.parametrize("damage", [b"\t", b"[", b"x", b"3"])
def test_a_damaged_row_is_no_row(tmp_path, damage):
    learned().save(tmp_path, Modes())
    header, row, _ = (tmp_path / memory.NAME).read_bytes().split(b"\n")
    for position in range(len(b"a.css\t"), len(row)):
        broken = row[:position] + damage + row[position + 1 :]
        (tmp_path / memory.NAME).write_bytes(header + b"\n" + broken + b"\n")
        known = memory.load(tmp_path).recall("a.css", "/src/a.css", LOOK)
        assert known is None or isinstance(known, Known)
    (tmp_path / memory.NAME).write_bytes(header + b"\na.css\t" + damage + b"\n")
    assert memory.load(tmp_path).recall("a.css", "/src/a.css", LOOK) is None


def test_a_record_that_was_cut_off_is_no_record(tmp_path):
    known = learned()
    known.learn("b.css", "/src/b.css", LOOK, KNOWN)
    known.save(tmp_path, Modes())
    whole = (tmp_path / memory.NAME).read_bytes()
    (tmp_path / memory.NAME).write_bytes(whole[: whole.index(b"\nb.css\t") + 1])
    assert memory.load(tmp_path).before == {}


@pytest.mark.parametrize("name", ["a\nb.css", "a\tb.css"])
def test_names_that_are_no_line_are_not_remembered_and_do_no_harm(tmp_path, name):
    known = learned()
    known.learn(name, f"/src/{name}", LOOK, KNOWN)
    found = reloaded(tmp_path, known)
    assert found.recall(name, f"/src/{name}", LOOK) is None
    assert found.recall("a.css", "/src/a.css", LOOK) == KNOWN


def test_a_path_may_be_any_bytes(tmp_path):
    path = os.fsdecode(b"/src/\xff\r\x85 \xe2\x80\xa8\t.css")
    known = Memory()
    known.learn("a.css", path, LOOK, KNOWN)
    assert reloaded(tmp_path, known).recall("a.css", path, LOOK) == KNOWN


def test_a_copied_root_is_not_believed_to_be_as_it_was(tmp_path):
    learned().save(tmp_path / "a", Modes())
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    os.utime(tmp_path / "b" / memory.NAME)
    known = memory.load(tmp_path / "b")
    assert known.settled_ns == 0
    assert known.recall("a.css", "/src/a.css", LOOK) == KNOWN
