"""A real PostgreSQL for tests: Debian's packages, a throw-away directory, a private socket."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TIMEOUT_S = 60
_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=60",
)
"""What is lost when this machine loses power is nobody's."""
_WATCH = 'cat; "$0" stop --pgdata "$1/data" --mode=immediate; rm -rf "$1"'


@dataclass(frozen=True)
class Postgres:
    """A running server, reached through the socket in its `folder` by whoever may enter that."""

    folder: Path
    programs: Path

    def options(self, name: str) -> dict[str, object]:
        """What `DATABASES` says about the database `name`."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(self.folder),
            "NAME": name,
            "USER": "postgres",
        }

    def create(self, name: str, template: str = "template0") -> None:
        """Make the database `name`, a copy of `template`, which nobody may be connected to."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        """Remove the database `name` and whoever is still connected to it."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def missing() -> str | None:
    """Why there is no PostgreSQL here, as a sentence; None where there is one."""
    if find_spec("psycopg") is None:
        return "needs psycopg: pip install 'psycopg[binary]'"
    if _programs() is None:
        return "needs a PostgreSQL server: apt-get install postgresql"
    if os.getuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root, and there is no user postgres to run it as"
    return None


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """A server of one's own until the block ends. Only where nothing is `missing`."""
    programs = _programs()
    assert programs
    folder = Path(tempfile.mkdtemp(prefix="roots-postgres-"))
    if os.getuid() == 0:
        shutil.chown(folder, _user())
    run = _Runner(programs, folder)
    with _gone_with_us(run):
        run("initdb", "--username=postgres", "--auth=trust", "--no-sync", *_locale(programs))
        settings = " ".join(f"-c {each}" for each in _SETTINGS)
        settings += f" -c unix_socket_directories={folder}"
        run("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "--options", settings)
        yield Postgres(folder, programs)


@contextlib.contextmanager
def _gone_with_us(run: "_Runner") -> Iterator[None]:
    """Stop the server and remove its folder at the end of the block, or when this process is gone,
    killed or not: then nobody writes to the watcher's pipe any more."""
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", _WATCH, run.programs / "pg_ctl", run.folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for pytest
        **run.user,
    )
    try:
        yield
    finally:
        assert watcher.stdin
        watcher.stdin.close()
        watcher.wait(TIMEOUT_S)


@dataclass(frozen=True)
class _Runner:
    programs: Path
    folder: Path

    @property
    def user(self) -> dict[str, Any]:
        """Who runs PostgreSQL, which does not run as root; for `subprocess`, with a folder it may
        be in."""
        name = _user() if os.getuid() == 0 else None
        group = name and pwd.getpwnam(name).pw_gid
        return {"user": name, "group": group, "extra_groups": [] if name else None, "cwd": "/"}

    def __call__(self, program: str, *arguments: str) -> None:
        with tempfile.TemporaryFile() as told:  # a pipe would stay open: the server inherits it
            done = subprocess.run(
                [self.programs / program, "--pgdata", self.folder / "data", *arguments],
                **self.user,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                timeout=TIMEOUT_S,
            )
            told.seek(0)
            assert done.returncode == 0, told.read().decode()


def _programs() -> Path | None:
    """The newest server's programs: Debian keeps them off the PATH, one folder a version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    on_path = shutil.which("initdb")
    return found[-1].parent if found else (Path(on_path).resolve().parent if on_path else None)


def _version(program: Path) -> int:
    return int(program.parts[-3])


def _user() -> str | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return None


def _locale(programs: Path) -> list[str]:
    """Sort text as people do where the server can, so that nobody relies on the order of bytes."""
    told = subprocess.run([programs / "initdb", "--help"], capture_output=True, text=True).stdout
    has_icu = "--icu-locale" in told
    return ["--encoding=UTF8", "--locale=C"] + (
        ["--locale-provider=icu", "--icu-locale=en-US"] if has_icu else []
    )
