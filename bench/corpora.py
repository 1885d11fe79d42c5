"""Real static files to measure with, fetched once by package name and never committed.

python -m bench.corpora     fetches both corpora into CACHE, a few minutes the first time
"""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

CACHE = Path(
    os.environ.get("ROOTS_BENCH_CACHE")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "django-roots" / "bench"
)
APPS = [
    "wagtail",
    "django-cms",
    "djangorestframework",
    "django-debug-toolbar",
    "django-unfold",
    "django-jazzmin",
    "django-tinymce",
    "django-ckeditor-5",
    "django-grappelli",
    "django-filer",
    "django-select2",
    "django-oscar",
    "drf-spectacular-sidecar",
    "django-leaflet",
    "django-jet-reboot",
    "weblate",
]
NPM = {
    "bootstrap": ["dist"],
    "@fortawesome/fontawesome-free": [""],
    "three": ["build", "examples/jsm"],
    "pdfjs-dist": ["build"],
    "leaflet": ["dist"],
    "tinymce": [""],
    "chart.js": ["dist"],
    "alpinejs": ["dist"],
    "htmx.org": ["dist"],
}
Directories = list[str | tuple[str, str]]


def apps() -> Directories:
    """The static folders of well-known apps and of Django's admin, as STATICFILES_DIRS takes them.

    It holds broken references, duplicate names, source maps and bytes that are not UTF-8.
    """
    import django

    folders = [str(Path(django.__file__).parent / "contrib" / "admin" / "static")]
    for package in APPS:
        home = CACHE / "apps" / package
        if not (home / ".complete").exists():
            _pip(package, home)
            (home / ".complete").touch()
        folders += sorted(
            str(path)
            for path in home.rglob("static")
            if path.is_dir() and "static" not in path.relative_to(home).parts[:-1]
        )
    return list(folders)


def npm() -> Directories:
    """Packages of npm, each under a prefix of its own."""
    found: Directories = []
    for package, parts in NPM.items():
        home = CACHE / "npm" / package.replace("/", "-").removeprefix("@")
        if not (home / ".complete").exists():
            _npm(package, home)
            (home / ".complete").touch()
        base = package.rpartition("/")[2]
        found += [
            (f"{base}/{part}" if len(parts) > 1 else base, str(home / "package" / part))
            for part in parts
        ]
    return found


def synthetic(count: int) -> Directories:
    """`count` small files, one in ten a stylesheet that refers to its neighbours."""
    home = CACHE / "synthetic" / str(count)
    if not (home / ".complete").exists():
        for number in range(count):
            path = home / f"{number // 100:04}" / _synthetic_name(number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_synthetic_content(number))
        (home / ".complete").touch()
    return [str(home)]


CORPORA = {"apps": apps, "npm": npm}


def _synthetic_name(number: int) -> str:
    return f"{number}.css" if number % 10 == 0 else f"{number}.js"


def _synthetic_content(number: int) -> str:
    if number % 10:
        return f"export const number = {number};\n" * 40
    return "".join(f"a{n} {{ background: url({number + n}.js) }}\n" for n in range(1, 10))


def _pip(package: str, home: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", home]
    subprocess.run([*command, package], check=True)


def _npm(package: str, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--json", "--pack-destination", str(home), package]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=home).stdout
    tarball = home / json.loads(told)[0]["filename"]
    with tarfile.open(tarball) as archive:
        archive.extractall(home, filter="data")
    tarball.unlink()


if __name__ == "__main__":
    for title, fetch in CORPORA.items():
        directories = fetch()
        print(f"{title}: {len(directories)} directories below {CACHE / title}")
