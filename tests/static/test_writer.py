import errno
import os

import pytest

from roots.atomic import Modes
from roots.errors import BuildError
from roots.static import memory
from roots.static.plan import plan
from roots.static.scan import Policy
from roots.static.sources import discover
from roots.static.writer import Need, Writer


def test_where_there_are_no_hard_links_the_logical_name_is_a_copy(project, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    project.write({"a.css": "a {}"})
    file = plan(discover([]).sources, "/static/", Policy()).files["a.css"]
    Writer(project.root, Modes()).write(Need(file, is_stored=True, is_logical=True))
    assert (project.root / "a.css").read_text() == "a {}"
    assert not (project.root / "a.css").samefile(project.root / file.stored)
    assert project.temporaries() == []


def written(project):
    file = plan(discover([]).sources, "/static/", Policy()).files["a.css"]
    Writer(project.root, Modes()).write(Need(file, is_stored=True, is_logical=True))
    return (project.root / "a.css").read_bytes()


def test_where_the_kernel_stops_copying_the_file_is_read(project, monkeypatch):
    monkeypatch.setattr(memory, "RACY_NS", -(10**9))  # or it would be read anyway, being so young
    copy, copies = os.copy_file_range, []

    def fail_halfway(source, target, size):
        copies.append(size)
        if len(copies) > 1:
            raise OSError(errno.EINVAL, "Invalid argument")
        return copy(source, target, size // 2)

    monkeypatch.setattr(os, "copy_file_range", fail_halfway)
    project.write({"a.css": "a { b: c }" * 99})
    assert written(project) == b"a { b: c }" * 99
    assert len(copies) == 2
    assert project.temporaries() == []


def test_where_the_kernel_copies_nothing_the_file_is_read(project, monkeypatch):
    monkeypatch.setattr(memory, "RACY_NS", -(10**9))
    monkeypatch.setattr(os, "copy_file_range", lambda *_: 0)
    project.write({"a.css": "a {}"})
    assert written(project) == b"a {}"


def test_a_source_that_changed_after_it_was_planned_is_not_copied(project, monkeypatch):
    monkeypatch.setattr(memory, "RACY_NS", -(10**9))
    project.write({"a.css": "a {}"})
    file = plan(discover([]).sources, "/static/", Policy()).files["a.css"]
    facts = (project.sources / "a.css").stat()
    project.write({"a.css": "b {}"})
    os.utime(project.sources / "a.css", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    with pytest.raises(BuildError, match="This file changed"):
        Writer(project.root, Modes()).write(Need(file, is_stored=True, is_logical=True))
    assert list(project.root.rglob("*.css")) == []
    assert project.temporaries() == []
