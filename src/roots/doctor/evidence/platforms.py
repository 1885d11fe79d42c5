"""Platforms that forget what was written to their disks, and how they are known."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roots.doctor.evidence.tree import Tree
from roots.paths import is_inside

_VARIABLES = {
    "DYNO": "Heroku",
    "K_SERVICE": "Cloud Run",
    "GAE_ENV": "App Engine",
    "VERCEL": "Vercel",
    "AWS_LAMBDA_FUNCTION_NAME": "AWS Lambda",
}
_FILES = {
    "heroku.yml": "Heroku",
    "app.yaml": "App Engine",
    "vercel.json": "Vercel",
    "zappa_settings.json": "AWS Lambda",
    "serverless.yml": "AWS Lambda",
}
_TELLING = {
    "App Engine": re.compile(r"^\s*runtime\s*:\s*[\"']?python", re.MULTILINE),
    "AWS Lambda": re.compile(r"\baws\b|\blambda\b|app_function|django_settings", re.IGNORECASE),
}
_OF_HEROKU = re.compile(r"heroku", re.IGNORECASE)
_MOUNT_OF_FLY = re.compile(r"^\s*destination\s*=\s*[\"']([^\"']+)", re.MULTILINE)
_DISK_OF_RENDER = re.compile(r"^\s*mountPath\s*:\s*[\"']?([^\s\"']+)", re.MULTILINE)
_SERVICE_OF_RENDER = re.compile(r"^\s*-?\s*type\s*:\s*[\"']?web\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Platform:
    """`name` runs this project, says `where`. `is_here` where it runs this process."""

    name: str
    where: str
    is_here: bool = False


def forgetful(tree: Tree, roots: tuple[str, ...]) -> Iterator[Platform]:
    """Platforms of this project that have no lasting disk below any of `roots`. A Procfile alone
    names nobody: many platforms read it."""
    for variable, name in _VARIABLES.items():
        if os.environ.get(variable):
            yield Platform(name, f"the environment variable {variable}", is_here=True)
    for path in tree.named(*_FILES):
        name = _FILES[os.path.basename(path).casefold()]
        if name not in _TELLING or _TELLING[name].search(tree.text(path)):
            yield Platform(name, path)
    for path in tree.named("procfile"):
        others = (f"{os.path.dirname(path)}/{each}" for each in ("app.json", "requirements.txt"))
        if any(_OF_HEROKU.search(tree.text(each)) for each in others):
            yield Platform("Heroku", path)
    yield from _with_disks(tree, roots)


def _with_disks(tree: Tree, roots: tuple[str, ...]) -> Iterator[Platform]:
    """Fly and Render have disks for those who ask for them; where, they say themselves. Paths are
    of their machines: that the last part is the same has to do."""
    for path in tree.named("fly.toml"):
        if not _are_held(roots, _MOUNT_OF_FLY.findall(tree.text(path))):
            yield Platform("Fly", path)
    for path in tree.named("render.yaml", "render.yml"):
        text = tree.text(path)
        if _SERVICE_OF_RENDER.search(text) and not _are_held(roots, _DISK_OF_RENDER.findall(text)):
            yield Platform("Render", path)


def _are_held(roots: tuple[str, ...], mounts: list[str]) -> bool:
    """Whether one of `mounts` may hold each of `roots`."""

    def is_held(root: str) -> bool:
        parts = root.strip("/").split("/")
        return any(
            is_inside(root, mount) or os.path.basename(mount.rstrip("/")) in parts
            for mount in mounts
        )

    return all(map(is_held, roots))
