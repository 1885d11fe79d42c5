"""Django's own tests of files and uploads, run against `MediaStorage`.

    python -m tests.conformance.media

Fetches the source distribution of the installed Django by its name and runs its tests of storages,
uploads, FileField, ImageField and forms twice: with `MediaStorage` as the default storage; and with
it wherever they say `FileSystemStorage`, too, with names as they came and a database for every
test, so that everything else such a test says is seen. Prints how many passed and which failed;
docs/conformance.md says why. Exits with 1 when the failures are others than those listed there.
"""

import re
import shutil
import sys
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

import django

from tests.conformance.staticfiles import LISTED, fetch, run

OURS = "roots.media.storage.MediaStorage"
STAND_IN = "tests.conformance.media_stand_in.StandIn"
LABELS = (
    "file_storage",
    "file_uploads",
    "model_fields.test_filefield",
    "model_fields.test_imagefield",
    "model_forms",
)
DEFAULT = """
STORAGES = {
    "default": {"BACKEND": "%s"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
"""
_WITH_DATABASE = r'class \1(__import__("django.test").test.TestCase)'
_IMPORT = re.compile(
    r"^from django\.core\.files\.storage.* import .*FileSystemStorage.*$", re.MULTILINE
)
WAYS = (
    ("MediaStorage as the default storage", OURS, False),
    ("MediaStorage everywhere, names aside", STAND_IN, True),
)


def install(tests: Path, storage: str, *, is_everywhere: bool) -> None:
    """Put `roots` into the settings of the tests, and `storage` in the place of Django's."""
    edit(tests / "runtests.py", '"django.contrib.staticfiles",', '"roots", \\g<0>')
    # Most of these tests give a storage its own place, and so there is no MEDIA_ROOT.
    edit(tests / "runtests.py", '"fields.W342",', '"roots.E017", \\g<0>')
    with open(tests / "test_sqlite.py", "a") as settings:
        settings.write(DEFAULT % storage)
    module, _, name = storage.rpartition(".")
    for label in LABELS if is_everywhere else ():
        for path in (tests / label.partition(".")[0]).rglob("*.py"):
            edit(path, _IMPORT, f"\\g<0>\nfrom {module} import {name} as FileSystemStorage")
            edit(path, r"\bclass (\w+)\((SimpleTestCase|unittest.TestCase)\)", _WITH_DATABASE)


def edit(path: Path, pattern: str | re.Pattern[str], replacement: str) -> None:
    """Replace every match of `pattern` in the file."""
    path.write_text(re.sub(pattern, replacement, path.read_text()))


def main() -> int:
    """Run every way; 0 where exactly the listed tests failed."""
    listed = re.findall(r"^\| `(\S+)`", LISTED.read_text(), re.MULTILINE)
    is_as_told = True
    with tempfile.TemporaryDirectory(prefix="roots-conformance-") as folder:
        original = fetch(Path(folder))
        for number, (title, storage, is_everywhere) in enumerate(WAYS):
            tests = shutil.copytree(original, Path(folder) / str(number))
            install(tests, storage, is_everywhere=is_everywhere)
            count, failed, told = run(tests, *LABELS)
            passed = count - len(failed)
            print(f"Django {django.get_version()}, {title}: {passed} of {count} passed")
            for name in failed:
                is_listed = any(fnmatchcase(name, pattern) for pattern in listed)
                is_as_told &= is_listed
                print(f"  {'listed' if is_listed else 'NOT LISTED'}: {name}")
            if "--verbose" in sys.argv:
                print(told)
    return 0 if is_as_told else 1


if __name__ == "__main__":
    sys.exit(main())
