import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from roots.atomic import Modes
from roots.media import sharing

TEAM = Modes(directory=0o2770)


def test_a_mark_holds_for_an_hour(tmp_path):
    with sharing.exclusive(tmp_path, Modes()):
        assert not sharing.is_settling(tmp_path, "a.txt")
        sharing.mark(tmp_path, "a.txt")
        assert sharing.is_settling(tmp_path, "a.txt")
        (mark,) = (p for p in (tmp_path / ".roots/shared").iterdir() if p.name != "lock")
        long_ago_s = time.time() - sharing.SETTLING_S - 1
        os.utime(mark, (long_ago_s, long_ago_s))
        assert not sharing.is_settling(tmp_path, "a.txt")
        assert not mark.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming two users needs root")
def test_users_who_share_a_root_by_its_group_can_both_mark():
    with TemporaryDirectory() as folder:
        os.chown(folder, -1, 65534)
        os.chmod(folder, 0o2770)
        assert [mark_as(user, Path(folder)) for user in (65533, 65534)] == [0, 0]


def mark_as(user: int, root: Path) -> int:
    """Mark a file as another user of the root's group; the exit code of the process that did."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(user)
            with sharing.exclusive(root, TEAM):
                sharing.mark(root, "a.txt")
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
