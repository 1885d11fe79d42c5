"""Commands on projects of their own, each in a fresh process that starts in no time.

A server has Django imported but not set up; for every command it forks, and the child sets up the
project in the directory it is told. Run by `conftest.py`, one for each test process.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

_READ_BEFOREHAND = (
    "django.contrib.staticfiles.checks",
    "django.contrib.staticfiles.management.commands.collectstatic",
    "django.core.management",
    "django.db.backends.sqlite3.base",
    "django.template.defaulttags",
    "django.views.debug",
    "roots.django.management.commands.doctor",
    "roots.media.fields",
    "roots.media.lifecycle.watch",
    "roots.media.storage",
    "roots.serve.assembly",
    "roots.serve.handover.authorised",
    "roots.serve.wsgi",
    "roots.static.build",
    "roots.static.storage",
    "sqlparse",
)
"""What most children would read; it needs no project."""


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


class Forks:
    """The server, as tests talk to it."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def run(self, directory: Path, *arguments: str, answers: str = "", **env: str) -> Result:
        """`manage.py ARGUMENTS` in `directory`; with `-m` in front, `python -m roots`."""
        assert self._server.stdin
        assert self._server.stdout
        with tempfile.TemporaryDirectory() as outputs:
            request = [str(directory), arguments, env, answers, outputs]
            self._server.stdin.write(json.dumps(request) + "\n")
            self._server.stdin.flush()
            code = json.loads(self._server.stdout.readline())
            out, err = (Path(outputs, name).read_text() for name in ("out", "err"))
        return Result(code, out, err)

    def close(self) -> None:
        """End the server."""
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait(30)
        assert self._server.stdout
        self._server.stdout.close()


def _roomy(path: str) -> os.statvfs_result:
    """What a disk with room to spare says: no test is about the one of the machine it runs on."""
    found = list(os.statvfs_result(_statvfs(path)))
    found[3] = found[4] = max(found[2] // 2, (20 << 30) // (found[1] or 1))
    return os.statvfs_result(found)


_statvfs = os.statvfs


def serve() -> None:
    os.statvfs = _roomy
    for module in _READ_BEFOREHAND:
        import_module(module)
    import_module("roots.doctor.registry").rules()
    for line in sys.stdin:
        directory, arguments, env, answers, outputs = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.update(env)
            _become(directory, answers, outputs)
            os._exit(_run(arguments))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps(status) + "\n")
        sys.stdout.flush()


def _become(directory: str, answers: str, outputs: str) -> None:
    os.chdir(directory)
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    Path(outputs, "in").write_text(answers)
    for descriptor, name, flags in (
        (0, "in", os.O_RDONLY),
        (1, "out", os.O_WRONLY | os.O_CREAT),
        (2, "err", os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(os.path.join(outputs, name), flags), descriptor)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - for the rest of this process


def _run(arguments: list[str]) -> int:
    sys.path.insert(0, os.getcwd())
    try:
        if arguments[0] == "-m":
            code = import_module("roots.__main__").main(arguments[1:])
        else:
            os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
            manage = import_module("django.core.management")
            manage.execute_from_command_line(["manage.py", *arguments])
            code = 0
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else int(done.code is not None)
    except BaseException:  # noqa: BLE001 - told as a process tells it
        import traceback

        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    serve()
