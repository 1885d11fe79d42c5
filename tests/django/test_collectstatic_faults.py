"""Kills, crowds and full disks: a reader never sees half a release."""

import os
import random
import signal
import subprocess
import time

import pytest
from django.core.management import CommandError

from tests.static.project import SMALL_TREE, collect, make

ENOUGH_FILES = 40


@pytest.fixture
def project(tmp_path, settings):
    return make(tmp_path, settings)


def write_version(project, version):
    """Every file changes with the version, and each stylesheet refers to others."""
    for number in range(ENOUGH_FILES):
        following = (number + 1) % ENOUGH_FILES
        project.write(
            {
                f"css/{number}.css": f"/* {version} */ @import '{following}.css';\n" * 20,
                f"js/{number}.js": f"export const version = {version} + {number}\n" * 500,
            }
        )


@pytest.mark.parametrize("flags", [(), ("--clear",)], ids=["update", "clear"])
def test_a_kill_at_any_moment_leaves_a_whole_release(project, flags):
    write_version(project, 0)
    collect(verbosity=0)
    started = time.monotonic()
    project.process(*flags).communicate(timeout=60)
    took_s = time.monotonic() - started
    seed = random.Random(7)
    for version in range(1, 9):
        write_version(project, version)
        process = project.process(*flags)
        time.sleep(took_s * (0.3 + 0.9 * seed.random()))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        project.assert_whole()
    collect(verbosity=0)
    project.assert_whole()
    assert project.temporaries() == []


def test_runs_at_the_same_time_make_one_release(project):
    write_version(project, 0)
    processes = [project.process() for _ in range(4)]
    for process in processes:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    project.assert_whole()
    together = (project.root / "staticfiles.json").read_bytes()
    collect("--clear", verbosity=0)
    assert (project.root / "staticfiles.json").read_bytes() == together


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of half a megabyte."""
    if os.geteuid() != 0:
        pytest.skip("mounting a tiny file system needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine does not let us mount a tiny file system")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_told_and_leaves_the_old_release(project, settings, tiny_disk):
    project.root = settings.STATIC_ROOT = tiny_disk / "staticfiles"
    project.write(SMALL_TREE)
    collect(verbosity=0)
    before = (project.root / "staticfiles.json").read_bytes()
    project.write({"css/base.css": "new", "big.bin": random.Random(1).randbytes(1 << 20)})
    with pytest.raises(CommandError, match=r"Cannot write .*: No space left on device. Free space"):
        collect(verbosity=0)
    assert (project.root / "staticfiles.json").read_bytes() == before
    project.assert_whole()
    assert project.temporaries() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_static_root_that_may_not_be_written_is_told(project):
    project.write(SMALL_TREE)
    project.root.mkdir(mode=0o555)
    with pytest.raises(CommandError, match="Give the user that runs this process write permission"):
        collect(verbosity=0)


def test_missing_parents_of_static_root_are_made(project, settings, tmp_path):
    project.root = settings.STATIC_ROOT = tmp_path / "srv" / "shop" / "static"
    project.write(SMALL_TREE)
    collect(verbosity=0)
    project.assert_whole()
