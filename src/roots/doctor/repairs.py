"""What `--fix` can do: each is shown first, is done once, and does nothing if done again."""

import difflib
import os
import stat
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from roots.atomic import Modes, blaming_environment, make_directories
from roots.errors import StorageError

_SHOWN = 10
"""Lines of a long list that are shown."""
_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class MakeDirectory:
    """Create `path` and its missing parents, each with `mode`. Where this runs as root, the new
    directory is given to the user and group `owner`."""

    path: str
    mode: int = 0o755
    owner: tuple[int, int] | None = None

    def diff(self) -> str:
        """The directory, as `ls` shows it."""
        return f"+ {stat.filemode(stat.S_IFDIR | self.mode)} {self.path}\n"

    def apply(self) -> None:
        """Create it. Raises StorageError."""
        directory = Path(self.path)
        with blaming_environment(directory):
            is_there = directory.is_dir()
            make_directories(directory, Modes(directory=self.mode))
            if self.owner and not is_there and os.geteuid() == 0:
                os.chown(directory, *self.owner)


@dataclass(frozen=True, slots=True)
class AppendLines:
    """Append those of `lines` that the text `file` does not have; it is created if need be."""

    file: str
    lines: tuple[str, ...]

    def diff(self) -> str:
        """A unified diff."""
        before = self._text()
        after = before + self._missing(before)
        told = difflib.unified_diff(
            before.splitlines(), after.splitlines(), self.file, self.file, n=1, lineterm=""
        )
        return "".join(f"{line}\n" for line in told)

    def apply(self) -> None:
        """Append them, to the file itself: its mode and owner stay. Raises StorageError."""
        with blaming_environment(self.file):
            missing = self._missing(self._text())
            with open(self.file, "a", encoding="utf-8") as file:
                file.write(missing)

    def _text(self) -> str:
        try:
            return Path(self.file).read_text("utf-8", "surrogateescape")
        except FileNotFoundError:
            return ""

    def _missing(self, text: str) -> str:
        known = {line.strip() for line in text.splitlines()}
        new = "".join(f"{line}\n" for line in self.lines if line not in known)
        return "\n" + new if new and text and not text.endswith("\n") else new


@dataclass(frozen=True, slots=True)
class Untrack:
    """Take `files`, by absolute path, out of git's index in `directory`; they stay on the disk."""

    directory: str
    files: tuple[str, ...]

    def diff(self) -> str:
        """What `git rm --cached` takes out."""
        names = [f"- {os.path.relpath(path, self.directory)}" for path in self.files]
        return "git rm --cached (the files stay on the disk)\n" + _listed(names)

    def apply(self) -> None:
        """Take them out. Raises StorageError with what git says."""
        names = [os.path.relpath(os.path.realpath(path), self._top) for path in self.files]
        told = "\0".join(names).encode("utf-8", "surrogateescape")
        asked = ("rm", "--cached", "--quiet", "--ignore-unmatch")
        _git(self._top, *asked, "--pathspec-from-file=-", "--pathspec-file-nul", told=told)

    @property
    def _top(self) -> str:
        return os.path.realpath(self.directory)


@dataclass(frozen=True, slots=True)
class ChangeModes:
    """Give each path its mode."""

    modes: tuple[tuple[str, int], ...]

    def diff(self) -> str:
        """Each path with its mode before and after."""
        return _listed([line for path, mode in self.modes for line in _changed(path, mode)])

    def apply(self) -> None:
        """Change them. What has vanished, or become a symbolic link, is left alone. Raises
        StorageError."""
        for path, mode in self.modes:
            with blaming_environment(path):
                if os.path.exists(path) and not os.path.islink(path):
                    os.chmod(path, mode)


def _changed(path: str, mode: int) -> Iterator[str]:
    try:
        now = stat.S_IMODE(os.lstat(path).st_mode)
    except FileNotFoundError:
        return
    if now != mode:
        yield f"- {now:04o} {path}"
        yield f"+ {mode:04o} {path}"


@dataclass(frozen=True, slots=True)
class Collect:
    """Run collectstatic, which is what STATIC_ROOT is made by."""

    def diff(self) -> str:
        """The command."""
        return "+ manage.py collectstatic --no-input\n"

    def apply(self) -> None:
        """Run it. Raises BuildError for a source that cannot be collected, StorageError for all
        else that it stops at."""
        from django.core.management import CommandError, call_command

        try:
            call_command("collectstatic", interactive=False, verbosity=0, skip_checks=False)
        except CommandError as error:
            raise StorageError(f"collectstatic stopped: {error}") from error


def _listed(lines: Sequence[str]) -> str:
    more = len(lines) - _SHOWN
    told: Iterable[str] = [*lines[:_SHOWN], f"… and {more} more"] if more > 0 else lines
    return "".join(f"{line}\n" for line in told)


def _git(directory: str, *arguments: str, told: bytes) -> None:
    environ = {**os.environ, "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C"}
    command = ["git", "-C", directory, *arguments]
    try:
        done = subprocess.run(
            command, input=told, capture_output=True, timeout=_TIMEOUT_S, env=environ, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StorageError(f"git cannot be asked in {directory}: {error}") from error
    if done.returncode:
        raise StorageError(f"git refused: {done.stderr.decode('utf-8', 'replace').strip()}")
