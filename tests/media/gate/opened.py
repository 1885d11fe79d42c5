"""The project behind a real server, with its tables and its editor."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers import REPOSITORY, Server, running

SETTINGS = "tests.media.gate.settings"


@contextlib.contextmanager
def opened(kind: str, folder: Path, **environ: str) -> Iterator[Server]:
    """The server `kind`, with an empty MEDIA_ROOT in `folder`, until the block ends. Fails where it
    wrote a traceback."""
    (folder / "media").mkdir()
    (folder / "static").mkdir()
    (folder / "static" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1"}')
    (folder / "db.sqlite3").write_bytes(_database())
    environ |= {"DJANGO_SETTINGS_MODULE": SETTINGS, "ROOTS_TEST_FOLDER": str(folder)}
    with running(kind, folder, **environ) as server:
        yield server
        assert "Traceback" not in server.log.read_text(errors="replace")


@cache
def _database() -> bytes:
    """With its tables and its editor, made once."""
    with TemporaryDirectory(prefix="roots-gate-") as folder:
        paths = os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "src")))
        environ = {"DJANGO_SETTINGS_MODULE": SETTINGS, "ROOTS_TEST_FOLDER": folder}
        command = [sys.executable, "-m", "tests.media.gate"]
        subprocess.run(command, env=os.environ | environ | {"PYTHONPATH": paths}, check=True)
        return (Path(folder) / "db.sqlite3").read_bytes()
