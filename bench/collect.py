"""One `collectstatic` of a corpus in a process of its own, to be measured from outside.

python -m bench.collect CONTENDER STATIC_ROOT DIRECTORIES.json [FLAGS ...]
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

CONTENDERS: dict[str, dict[str, Any]] = {
    "django copy": {"backend": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "django manifest": {"backend": "bench.collect.Forgiving"},
    "enhanced": {
        "backend": "bench.collect.ForgivingEnhanced",
        "apps": ["django_manifeststaticfiles_enhanced"],
    },
    "whitenoise": {"backend": "bench.collect.ForgivingWhiteNoise"},
    "servestatic": {"backend": "bench.collect.ForgivingServeStatic"},
    "roots, names only": {
        "backend": "roots.static.storage.StaticStorage",
        "apps": ["roots"],
        "ROOTS": {"ENCODINGS": []},
    },
    "roots, gzip + br": {
        "backend": "roots.static.storage.StaticStorage",
        "apps": ["roots"],
        "ROOTS": {"ENCODINGS": ["gzip", "br"]},
    },
    "roots, gzip + br, build cache": {
        "backend": "roots.static.storage.StaticStorage",
        "apps": ["roots"],
        "ROOTS": {"ENCODINGS": ["gzip", "br"]},
        "cached": True,
    },
    "roots, gzip + br + zstd": {
        "backend": "roots.static.storage.StaticStorage",
        "apps": ["roots"],
        "ROOTS": {"ENCODINGS": ["gzip", "br", "zstd"]},
    },
}
"""What is compared, by name. `roots` collects the npm corpus with references of packages that lead
nowhere as warnings; the others are made to go on, or they would stop at the first."""


def __getattr__(name: str) -> type:
    """A peer's storage that lets broken references pass, made when Django asks for it."""
    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

    if name == "Forgiving":
        return _forgiving(ManifestStaticFilesStorage)
    if name == "ForgivingEnhanced":
        from django_manifeststaticfiles_enhanced.storage import (
            EnhancedManifestStaticFilesStorage,
        )

        return _forgiving(EnhancedManifestStaticFilesStorage)
    if name == "ForgivingWhiteNoise":
        from whitenoise.storage import CompressedManifestStaticFilesStorage

        return _forgiving(CompressedManifestStaticFilesStorage)
    if name == "ForgivingServeStatic":
        from servestatic.storage import CompressedManifestStaticFilesStorage as Theirs

        return _forgiving(Theirs)
    raise AttributeError(name)


def _forgiving(storage: type) -> type:
    def hashed_name(self: Any, name: str, content: Any = None, filename: Any = None) -> Any:
        try:
            return storage.hashed_name(self, name, content, filename)
        except ValueError:
            return name

    return type("Forgiving", (storage,), {"manifest_strict": False, "hashed_name": hashed_name})


def main(contender: str, root: str, directories: str, *flags: str) -> None:
    """Collect, or exit with a traceback."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    options = CONTENDERS[contender]
    os.environ["ROOTS_BUILD_CACHE"] = f"{root}.cache" if options.get("cached") else ""
    settings.configure(
        INSTALLED_APPS=[*options.get("apps", []), "django.contrib.staticfiles"],
        STATIC_URL="/static/",
        STATIC_ROOT=root,
        STATICFILES_DIRS=[
            tuple(each) if isinstance(each, list) else each
            for each in json.loads(Path(directories).read_text())
        ],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={"staticfiles": {"BACKEND": options["backend"]}},
        ROOTS=options.get("ROOTS", {}) | {"MISSING_REFERENCES": "warn"},
    )
    django.setup()
    call_command("collectstatic", *flags, interactive=False, verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
