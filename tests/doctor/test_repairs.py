"""What --fix can do, one by one."""

import os
import shutil
import stat
import subprocess

import pytest

from roots.doctor.repairs import AppendLines, ChangeModes, MakeDirectory, Untrack
from roots.errors import StorageError

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="Needs the git command.")


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def git(directory, *arguments):
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    done = subprocess.run(
        ["git", "-C", str(directory), *identity, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout


def test_a_directory_is_made_with_its_parents(tmp_path):
    repair = MakeDirectory(str(tmp_path / "a/b"), mode=0o750)
    assert repair.diff() == f"+ drwxr-x--- {tmp_path}/a/b\n"
    repair.apply()
    repair.apply()
    assert mode_of(tmp_path / "a/b") == mode_of(tmp_path / "a") == 0o750


def test_a_directory_where_a_file_is_in_the_way(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(StorageError, match="move the file away"):
        MakeDirectory(str(tmp_path / "a/b")).apply()


def test_lines_are_appended_once_and_after_a_line_break(tmp_path):
    file = tmp_path / ".gitignore"
    file.write_text("*.pyc\n/media/")
    file.chmod(0o600)
    repair = AppendLines(str(file), ("/media/", "/staticfiles/"))
    assert "+/staticfiles/\n" in repair.diff()
    assert "+/media/" not in repair.diff()
    repair.apply()
    repair.apply()
    assert file.read_text() == "*.pyc\n/media/\n/staticfiles/\n"
    assert mode_of(file) == 0o600
    assert repair.diff() == ""


def test_a_file_of_lines_is_created(tmp_path):
    AppendLines(str(tmp_path / ".dockerignore"), ("/media/",)).apply()
    assert (tmp_path / ".dockerignore").read_text() == "/media/\n"


@needs_git
def test_files_leave_the_index_of_git_and_stay_on_the_disk(tmp_path):
    git(tmp_path, "init", "-q")
    names = ["media/größe *.txt", "media/keep.txt"]
    (tmp_path / "media").mkdir()
    for name in names:
        (tmp_path / name).write_text("x")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "x")
    repair = Untrack(str(tmp_path), (str(tmp_path / names[0]),))
    assert f"- {names[0]}\n" in repair.diff()
    repair.apply()
    repair.apply()
    assert git(tmp_path, "ls-files", "-z").split("\0")[:-1] == ["media/keep.txt"]
    assert (tmp_path / names[0]).exists()


@needs_git
def test_what_git_refuses_is_said_in_its_words(tmp_path):
    with pytest.raises(StorageError, match="git refused: fatal: not a git repository"):
        Untrack(str(tmp_path), (str(tmp_path / "a"),)).apply()


def test_modes_are_changed_but_never_through_a_link(tmp_path):
    target, link = tmp_path / "a", tmp_path / "b"
    target.touch(0o600)
    link.symlink_to(target)
    gone = tmp_path / "gone"
    repair = ChangeModes(((str(target), 0o644), (str(link), 0o777), (str(gone), 0o644)))
    assert f"- 0600 {target}\n+ 0644 {target}\n" in repair.diff()
    repair.apply()
    assert mode_of(target) == 0o644
    assert f"{target}\n" not in repair.diff()


def test_a_long_list_is_cut(tmp_path):
    files = tuple(os.path.join(tmp_path, str(number)) for number in range(30))
    assert Untrack(str(tmp_path), files).diff().endswith("- 9\n… and 20 more\n")
