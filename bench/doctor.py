"""What looking for every mistake takes, over Django's own start.

    python -m bench.doctor                          200 apps, 20,000 static files
    python -m bench.doctor --apps 20 --static 2000 --rounds 3
    python -m bench.doctor --profile                where the time goes, by rule

Seconds of `manage.py doctor` minus those of `django.setup()`, each in a process of its own; the
median of the rounds. In git, with templates, stylesheets and scripts, collected by our storage, by
Django's plain one, and not at all.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BACKENDS = {
    "ours": "roots.static.storage.StaticStorage",
    "plain": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "not collected": "roots.static.storage.StaticStorage",
}
SETTINGS = """\
import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "x" * 50
ALLOWED_HOSTS = ["shop.example"]
INSTALLED_APPS = ["roots", "django.contrib.staticfiles", {apps}]
ROOT_URLCONF = "config.urls"
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
STORAGES = {{
    "default": {{"BACKEND": "roots.media.storage.MediaStorage"}},
    "staticfiles": {{"BACKEND": os.environ["BACKEND"]}},
}}
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_URL = "media/"
MEDIA_ROOT = BASE_DIR / "media"
"""
WSGI = "from roots.serve.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n"
MODEL = """\
from django.db import models


class Thing(models.Model):
    file = models.FileField()
"""
CONTENTS = (
    (".css", "p {{ margin: {0}px }}\n/* {1} */\n"),
    (".js", "export const number = {0}\n// {1}\n"),
    (".svg", "<svg xmlns='http://www.w3.org/2000/svg'><g id='n{0}'/><!-- {1} --></svg>\n"),
    (".png", "not a picture, number {0}: {1}\n"),
)
SETUP = "import django; django.setup()"
COMMAND = "from django.core.management import execute_from_command_line as run; run()"
PROFILE = """
import django; django.setup()
import time
from roots.doctor.project import Project
from roots.doctor.registry import rules
project, found = Project(), []
for rule in rules():
    begun = time.perf_counter()
    list(rule.look(project))
    found.append((time.perf_counter() - begun, rule.slug))
for took_s, slug in sorted(found, reverse=True)[:12]:
    print(f"{took_s * 1000:8.1f} ms  {slug}")
"""


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--apps", type=int, default=200)
    parser.add_argument("--static", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roots-bench-") as name:
        folder = Path(name)
        make(folder, options.apps, options.static)
        print("| static files | django.setup() | manage.py doctor | over it |")
        print("| --- | --- | --- | --- |")
        for kind, backend in BACKENDS.items():
            prepare(folder, kind, backend)
            setup, doctor = measure(folder, backend, options.rounds)
            print(f"| {kind} | {setup:.2f} s | {doctor:.2f} s | {doctor - setup:.2f} s |")
            if options.profile:
                print(run(folder, backend, "-c", PROFILE))


def make(folder: Path, apps: int, static: int) -> None:
    """A project in git with `apps` apps and `static` small files, some kilobytes each."""
    names = [f"app{number}" for number in range(apps)]
    write(folder / "config/__init__.py", "")
    write(folder / "config/settings.py", SETTINGS.format(apps=", ".join(map(repr, names))))
    write(folder / "config/urls.py", "urlpatterns = []\n")
    write(folder / "config/wsgi.py", WSGI)
    write(folder / "manage.py", "")
    write(folder / ".gitignore", "/staticfiles/\n/media/\n")
    for app in names:
        write(folder / app / "__init__.py", "")
        write(folder / app / "models.py", MODEL)
        write(folder / app / "views.py", "def view(request): ...\n" * 50)
        write(folder / app / "urls.py", "urlpatterns = []\n")
        for page in range(10):
            write(folder / app / f"templates/{app}/{page}.html", "<p>{{ thing }}</p>\n" * 100)
    for number in range(static):
        app = names[number % apps]
        suffix, content = CONTENTS[number // apps % len(CONTENTS)]
        text = content.format(number, "padding " * (number % 500))
        write(folder / app / f"static/{app}/{number % 7}/{number}{suffix}", text)
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    subprocess.run(["git", "-C", folder, "add", "--all"], check=True)


def write(path: Path, text: str) -> None:
    """Write a file, and its directory if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def prepare(folder: Path, kind: str, backend: str) -> None:
    """Leave STATIC_ROOT as `kind` wants it."""
    subprocess.run(["rm", "-rf", folder / "staticfiles"], check=True)
    if kind != "not collected":
        run(folder, backend, "-c", COMMAND, "collectstatic", "--no-input", "--verbosity=0")


def measure(folder: Path, backend: str, rounds: int) -> tuple[float, float]:
    """Seconds of `django.setup()`, and of the doctor, each the median."""
    setup, doctor = [], []
    for _ in range(rounds):
        setup.append(took_s(folder, backend, "-c", SETUP))
        doctor.append(took_s(folder, backend, "-c", COMMAND, "doctor"))
    return statistics.median(setup), statistics.median(doctor)


def took_s(folder: Path, backend: str, *arguments: str) -> float:
    """Seconds of one process."""
    begun = time.perf_counter()
    run(folder, backend, *arguments)
    return time.perf_counter() - begun


def run(folder: Path, backend: str, *arguments: str) -> str:
    """What this Python prints, which is asked in the project."""
    here = Path(__file__).resolve().parents[1] / "src"
    environ = {
        **os.environ,
        "BACKEND": backend,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{folder}:{here}",
    }
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, env=environ, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 2):
        sys.exit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
