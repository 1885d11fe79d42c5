import errno
import os

from roots.atomic import Modes
from roots.static.plan import plan
from roots.static.scan import Policy
from roots.static.sources import discover
from roots.static.writer import Writer


def test_where_there_are_no_hard_links_the_logical_name_is_a_copy(project, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    project.write({"a.css": "a {}"})
    file = plan(discover([]).sources, "/static/", Policy()).files["a.css"]
    writer = Writer(project.root, Modes())
    writer.write_stored(file)
    writer.write_logical(file)
    assert (project.root / "a.css").read_text() == "a {}"
    assert not (project.root / "a.css").samefile(project.root / file.stored)
    assert project.temporaries() == []
