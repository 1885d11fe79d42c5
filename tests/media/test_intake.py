import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from roots import digests
from roots.atomic import Modes
from roots.errors import StorageError
from roots.media.intake import StagingFile, receive, staging_directory

MODES = Modes()


@pytest.fixture
def directory(tmp_path):
    return staging_directory(tmp_path / "media", MODES)


def test_bytes_are_digested_and_counted_while_they_arrive(directory):
    with StagingFile(directory) as file:
        file.write(b"first, ")
        file.write(b"second")
        staged = file.finish()
        assert Path(staged.path).read_bytes() == b"first, second"
        assert staged.digest == digests.of_bytes(b"first, second")
        assert staged.size == 13


def test_what_arrives_is_private_and_folders_are_as_asked_for(tmp_path):
    directory = staging_directory(tmp_path / "team", Modes(directory=0o2770))
    with StagingFile(directory) as file:
        assert file.path.stat().st_mode & 0o7777 == 0o600
    for folder in (directory, directory.parent, tmp_path / "team"):
        assert folder.stat().st_mode & 0o7777 == 0o2770


def test_a_file_that_is_closed_vanishes_finished_or_not(directory):
    StagingFile(directory).close()
    finished = receive([b"x"], directory)
    finished.finish()
    finished.close()
    assert list(directory.iterdir()) == []


def test_a_file_that_is_forgotten_vanishes(directory):
    StagingFile(directory)
    gc.collect()
    assert list(directory.iterdir()) == []


def test_a_source_that_fails_half_way_leaves_nothing(directory):
    def chunks():
        yield b"half"
        raise RuntimeError("the client went away")

    with pytest.raises(RuntimeError):
        receive(chunks(), directory)
    assert list(directory.iterdir()) == []


def test_text_is_received_as_utf_8(directory):
    with receive(["grün", b"!"], directory) as file:
        assert Path(file.finish().path).read_text() == "grün!"


def test_a_root_that_is_a_file_is_said_to_be_one(tmp_path):
    (tmp_path / "media").write_text("not a folder")
    with pytest.raises(StorageError, match="is a file where a directory must be"):
        staging_directory(tmp_path / "media", MODES)


def test_a_root_that_is_a_dangling_symlink_is_said_to_be_one(tmp_path):
    (tmp_path / "media").symlink_to("nowhere")
    with pytest.raises(StorageError, match="a symlink leads nowhere"):
        staging_directory(tmp_path / "media", MODES)


def test_a_root_reached_by_a_symlink_is_used(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "media").symlink_to("disk")
    assert staging_directory(tmp_path / "media", MODES).is_dir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone who may not write")
def test_a_root_this_user_may_not_write_is_a_storage_error(tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from roots.atomic import Modes;"
        "from roots.media.intake import staging_directory; from roots.errors import StorageError;"
        "os.chdir(sys.argv[1]); os.seteuid(65534)\n"
        "try: staging_directory(Path('media'), Modes())\n"
        "except StorageError as error: print(error)"
    )
    (tmp_path / "media").mkdir(0o755)
    run = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True
    )
    assert "write permission" in run.stdout


def test_a_process_sweeps_what_a_killed_one_left(directory):
    left = directory / "left"
    left.write_bytes(b"half an upload")
    os.utime(left, (0, 0))
    script = (
        "import sys; from pathlib import Path; from roots.atomic import Modes;"
        "from roots.media.intake import staging_directory;"
        "staging_directory(Path(sys.argv[1]), Modes())"
    )
    subprocess.run([sys.executable, "-c", script, directory.parent.parent], check=True)
    assert not left.exists()
