"""Django's own tests of staticfiles, run against this package.

    python -m tests.conformance.staticfiles

Fetches the source distribution of the installed Django by its name, puts `roots` before
`django.contrib.staticfiles` in the settings of its `staticfiles_tests`, and runs them three times:
as they are; with `StaticStorage` wherever they say `ManifestStaticFilesStorage`; and that once more
with the lines taken out that compare stored names, so that everything else such a test says is
seen. Prints how many passed and which failed; docs/conformance.md says why. Exits with 1 when the
failures are others than those listed there.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import django

PROJECT = Path(__file__).resolve().parents[2]
LISTED = PROJECT / "docs" / "conformance.md"
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
OURS = "tests.conformance.stand_in.StandIn"
SETTINGS = '"ROOTS": {"MISSING_ENTRIES": "error", "ENCODINGS": []},'  # as strict, no more files
_NAME = re.compile(r"self\.assertEqual\(\s*relpath, \"[^\"]+\"\s*\)")
_OUTCOME = re.compile(r"^(?:FAIL|ERROR): (\S+) \((\S+?)\)", re.MULTILINE)
_COUNT = re.compile(r"^Ran (\d+) tests", re.MULTILINE)


def fetch(folder: Path) -> Path:
    """The `tests` folder of the installed Django's source distribution."""
    wanted = f"Django=={django.get_version()}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary"]
    subprocess.run([*command, ":all:", "--dest", str(folder), wanted], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return next(folder.glob("*/tests"))


def install(tests: Path, *, is_standing_in: bool, has_names: bool) -> None:
    """Put `roots` into the settings of the tests, our storage in the place of Django's, and take
    the comparisons of names out."""
    for path in (tests / "staticfiles_tests").rglob("*.py"):
        text = path.read_text()
        changed = text.replace(
            '"django.contrib.staticfiles",', '"roots", "django.contrib.staticfiles",'
        )
        if is_standing_in:
            changed = changed.replace(MANIFEST, OURS)
            changed = changed.replace("TEST_SETTINGS = {", "TEST_SETTINGS = {" + SETTINGS)
        if not has_names:
            changed = _NAME.sub("pass", changed)
        if changed != text:
            path.write_text(changed)


def run(tests: Path, *labels: str) -> tuple[int, list[str], str]:
    """How many of the tests with these labels ran, which did not pass, and all that was said."""
    environment = os.environ | {
        "PYTHONPATH": f"{PROJECT / 'src'}:{PROJECT}",
        "ROOTS_BUILD_CACHE": "",
    }
    command = [sys.executable, "-W", "ignore", "runtests.py", "--parallel=1"]
    done = subprocess.run(
        [*command, *labels],
        cwd=tests,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    told = done.stdout + done.stderr
    count = _COUNT.search(told)
    if count is None:
        raise SystemExit(told)
    failed = sorted(
        {f"{match[2].removeprefix('staticfiles_tests.')}" for match in _OUTCOME.finditer(told)}
    )
    return int(count[1]), failed, told


WAYS = (
    ("roots installed", {"is_standing_in": False, "has_names": True}),
    ("StaticStorage", {"is_standing_in": True, "has_names": True}),
    ("StaticStorage, names aside", {"is_standing_in": True, "has_names": False}),
)


def main() -> int:
    """Run every way; 0 where exactly the listed tests failed."""
    listed = set(re.findall(r"^\| `(\S+)`", LISTED.read_text(), re.MULTILINE))
    seen: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="roots-conformance-") as folder:
        original = fetch(Path(folder))
        for number, (title, changes) in enumerate(WAYS):
            tests = shutil.copytree(original, Path(folder) / str(number))
            install(tests, **changes)
            count, failed, told = run(tests, "staticfiles_tests")
            seen |= set(failed)
            print(
                f"Django {django.get_version()}, {title}: {count - len(failed)} of {count} passed"
            )
            for name in failed:
                print(f"  {'listed' if name in listed else 'NOT LISTED'}: {name}")
            if "--verbose" in sys.argv:
                print(told)
    return 0 if seen <= listed else 1


if __name__ == "__main__":
    sys.exit(main())
