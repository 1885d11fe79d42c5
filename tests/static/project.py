"""A little project on disk, with sources and a STATIC_ROOT, for tests that collect."""

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command

from roots import digests
from roots.static import manifest
from roots.static.manifest import Manifest

SMALL_TREE = {
    "css/app.css": "@import 'base.css';\nbody { background: url(../img/logo.png?v=1#x) }\n",
    "css/base.css": "a { color: red }\n" * 50,
    "img/logo.png": b"\x89PNG not really",
    "js/app.js": "export const a = 1\n" * 50 + "//# sourceMappingURL=app.js.map\n",
    "js/app.js.map": '{"version": 3}',
}


@dataclass
class Project:
    """`sources` is the one directory of STATICFILES_DIRS, `root` is STATIC_ROOT."""

    sources: Path
    root: Path

    def write(self, tree: dict[str, str | bytes]) -> None:
        for name, content in tree.items():
            path = self.sources / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def manifest(self) -> Manifest:
        found = manifest.load(self.root / manifest.NAME)
        assert found is not None
        return found

    def stored(self, name: str) -> bytes:
        """The served bytes of the file with the logical name `name`."""
        return (self.root / self.manifest().paths[name]).read_bytes()

    def snapshot(self) -> dict[str, tuple[int, int]]:
        """Everything in STATIC_ROOT by name, with size and time of modification."""
        return {
            str(path.relative_to(self.root)): (path.lstat().st_size, path.lstat().st_mtime_ns)
            for path in self.root.rglob("*")
        }

    def assert_whole(self) -> None:
        """Every file the manifest names is there, with the bytes and sizes it tells."""
        suffixes = {"br": ".br", "gzip": ".gz", "zstd": ".zst"}
        for name, record in self.manifest().files.items():
            assert digests.of_file(self.root / name) == record.digest, name
            for encoding, size in record.variants:
                assert (self.root / (name + suffixes[encoding])).stat().st_size == size, name
        assert set(self.manifest().paths.values()) == set(self.manifest().files)

    def temporaries(self) -> list[Path]:
        return list(self.root.rglob(".roots-*"))

    def process(self, *arguments: str, **popen) -> subprocess.Popen[str]:
        """A real `collectstatic` process for this project."""
        code = (
            "import sys\n"
            "from django.conf import settings\n"
            "settings.configure(\n"
            "    INSTALLED_APPS=['roots', 'django.contrib.staticfiles'], STATIC_URL='/static/',\n"
            "    STATIC_ROOT=sys.argv[1], STATICFILES_DIRS=[sys.argv[2]],\n"
            "    STORAGES={'staticfiles': {'BACKEND': 'roots.static.storage.StaticStorage'}},\n"
            ")\n"
            "from django.core.management import execute_from_command_line\n"
            "execute_from_command_line(['manage.py', 'collectstatic', '--noinput', *sys.argv[3:]])"
        )
        return subprocess.Popen(
            [sys.executable, "-c", code, str(self.root), str(self.sources), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": "src"},
            **popen,
        )


def make(tmp_path: Path, settings) -> Project:
    """A project in `tmp_path` that the settings of this test point to."""
    project = Project(tmp_path / "static", tmp_path / "staticfiles")
    project.sources.mkdir()
    settings.STATICFILES_DIRS = [project.sources]
    settings.STATIC_ROOT = project.root
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    return project


def collect(*arguments: str, **options) -> tuple[str, str]:
    """Run `collectstatic`; what it said on standard output and on standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("collectstatic", *arguments, interactive=False, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()
