import os
import shutil
import stat
import subprocess

import pytest

from .conftest import REPOSITORY, manage

pytestmark = pytest.mark.xdist_group("example")


@pytest.mark.parametrize(
    "path",
    [
        "staticfiles/staticfiles.json",
        "media/a.jpg",
        "private/notes/a.txt",
        "db.sqlite3",
        "db.sqlite3-wal",
        ".secret-key",
    ],
)
def test_what_the_example_makes_is_not_committed(path, tmp_path):
    if shutil.which("git") is None:
        pytest.skip("git is not installed, so what it ignores cannot be asked.")
    shutil.copy(REPOSITORY / ".gitignore", tmp_path)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    ignored = subprocess.run(["git", "-C", tmp_path, "check-ignore", "-q", f"example/{path}"])
    assert ignored.returncode == 0


def test_the_secret_key_is_made_once_and_for_its_owner_alone(project):
    file = project / ".secret-key"
    key = file.read_text()
    assert len(key) >= 50
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    manage(project, "check")
    assert file.read_text() == key


def test_the_models_need_no_further_migration(project):
    assert "No changes detected" in manage(project, "makemigrations", "--check", "--dry-run")
