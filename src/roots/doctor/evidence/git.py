"""What git knows of a directory, asked so that nothing on the disk changes."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from roots.paths import is_inside

TIMEOUT_S = 5.0
_PLACEHOLDERS = frozenset({".gitkeep", ".gitignore", ".keep", ".empty", ".gitattributes"})


@dataclass(frozen=True, slots=True)
class Git:
    """The work tree at `directory`. Where git is missing, too old or too slow, it knows nothing."""

    directory: Path

    def tracked(self, root: str) -> list[str]:
        """The files below `root` that are committed or staged, by absolute path; files that only
        keep a directory are none."""
        if not self._holds(root):
            return []
        real = os.path.realpath(root)
        listed = self._ask("--literal-pathspecs", "ls-files", "-z", "--", real)
        names = [name for name in (listed or "").split("\0") if name]
        return [
            os.path.join(self.directory, name)
            for name in names
            if name.rpartition("/")[2] not in _PLACEHOLDERS
        ]

    def is_ignored(self, directory: str) -> bool | None:
        """Whether a new file in `directory` would be ignored; None where git does not know."""
        if not self._holds(directory):
            return None
        probe = os.path.join(os.path.realpath(directory), "new-file")
        # prints what it ignores; that it ignores nothing is an exit code of 1
        answer = self._ask("check-ignore", "--no-index", "--", probe, expected=(0, 1))
        return None if answer is None else bool(answer)

    def _holds(self, path: str) -> bool:
        real, top = os.path.realpath(path), os.path.realpath(self.directory)
        return real != top and is_inside(real, top)

    def _ask(self, *arguments: str, expected: tuple[int, ...] = (0,)) -> str | None:
        """What git prints; None where it fails."""
        environ = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
        # fsmonitor is a program that git runs, and that may write
        command = ["git", "-C", str(self.directory), "-c", "core.fsmonitor=false", *arguments]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=TIMEOUT_S, env=environ, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        if done.returncode not in expected:
            return None
        return done.stdout.decode("utf-8", "surrogateescape")


def find(directory: Path) -> Git | None:
    """The work tree that `directory` is in; None where it is in none, or in that of a whole home
    directory, which is about something else."""
    for parent in (directory, *directory.parents):
        if (parent / ".git").exists():
            return None if parent == Path.home() else Git(parent)
    return None
