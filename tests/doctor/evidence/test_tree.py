"""One walk over a repository."""

import os

import pytest

from roots.doctor.evidence import tree


@pytest.fixture
def directory(tmp_path):
    for name in (
        "a.py",
        "deep/er/b.py",
        "node_modules/x/c.py",
        "env2/pyvenv.cfg",
        "env2/lib/d.py",
        ".git/e.py",
        "media/f.py",
        ".ebextensions/g.py",
        "deep/NGINX.CONF",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_what_nobody_wrote_by_hand_is_left_out(directory):
    found = tree.walk(directory, {str(directory / "media")})
    names = [found.relative(path) for path in found.named("*.py")]
    assert names == ["a.py", ".ebextensions/g.py", "deep/er/b.py"]
    assert found.is_whole


def test_a_link_that_leads_back_is_not_followed(directory):
    os.symlink(directory, directory / "deep/back")
    assert len(tree.walk(directory, ()).named("a.py")) == 1


def test_a_directory_without_end_is_left_where_it_is(directory, monkeypatch):
    monkeypatch.setattr(tree, "MOST_ENTRIES", 3)
    found = tree.walk(directory, ())
    assert not found.is_whole
    assert found.named("a.py")  # what is near comes first


def test_names_are_told_in_any_case(directory):
    assert len(tree.walk(directory, ()).named("nginx.conf")) == 1


def test_what_is_too_big_or_no_file_says_nothing(directory):
    (directory / "big.py").write_bytes(b"x" * (tree.MOST_BYTES + 1))
    os.mkfifo(directory / "pipe.py")
    found = tree.walk(directory, ())
    assert found.text(str(directory / "big.py")) == ""
    assert found.text(str(directory / "pipe.py")) == ""
    assert found.text(str(directory / "a.py")) == "a.py"
