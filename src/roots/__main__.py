"""python -m roots doctor: the commands that need nothing changed in a project, not even
INSTALLED_APPS."""

import os
import re
import sys
from importlib import import_module
from pathlib import Path

COMMANDS = ("doctor", "explain")
_USAGE = f"""\
usage: python -m roots {{{",".join(COMMANDS)}}} [--settings MODULE] [--pythonpath DIR] ...

Without --settings it is DJANGO_SETTINGS_MODULE, or what manage.py in this directory says.
"""
_IN_MANAGE_PY = re.compile(r"""DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)["']""")


def main(arguments: list[str]) -> int:
    """Run a command on the project in this directory; the exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        sys.stderr.write(_USAGE)
        return 0 if arguments and arguments[0] in {"-h", "--help"} else 2
    sys.path.insert(0, os.getcwd())
    problem = _set_up(arguments)
    if problem:
        sys.stderr.write(problem + "\n")
        return 2
    command = import_module(f"roots.django.management.commands.{arguments[0]}").Command()
    try:
        command.run_from_argv(["python -m roots", *arguments])
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    return 0


def _set_up(arguments: list[str]) -> str | None:
    """Load the settings; why that is impossible, or None."""
    if path := _option(arguments, "--pythonpath"):
        sys.path.insert(0, path)
    module = _option(arguments, "--settings") or os.environ.get("DJANGO_SETTINGS_MODULE")
    module = module or _of_manage_py()
    if not module:
        return "Which settings? Name them with --settings, or run this where manage.py is."
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    import django

    try:
        django.setup()
    except Exception as error:  # noqa: BLE001 - whatever the project's own code raises
        return f"The settings {module} cannot be loaded: {type(error).__name__}: {error}"
    return None


def _option(arguments: list[str], name: str) -> str | None:
    for position, argument in enumerate(arguments):
        if argument == name and position + 1 < len(arguments):
            return arguments[position + 1]
        if argument.startswith(name + "="):
            return argument.partition("=")[2]
    return None


def _of_manage_py() -> str | None:
    try:
        found = _IN_MANAGE_PY.search(Path("manage.py").read_text())
    except OSError:
        return None
    return found[1] if found else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
