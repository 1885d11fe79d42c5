"""The patch of a settings file that a fix comes to: for a person to apply, never applied here."""

import ast
import difflib
import re
from pathlib import Path

_PLACE = re.compile(r"(?P<file>.+\.py):(?P<line>\d+)")


def patch(where: str, fix: str) -> str:
    """A unified diff of the file in `where`, as in `/srv/site/settings.py:31`, with the settings
    that `fix` tells, which are its indented lines. An assignment that is there is replaced, another
    one goes to the end. Lines beside them, which may be secrets, are not shown.

    "" where nothing can be said for sure: `fix` has no settings, has two for one name, leaves
    something to fill in, or would replace what holds more than one thing.
    """
    place = _PLACE.fullmatch(where)
    wanted = _settings(fix)
    if not place or not wanted:
        return ""
    try:
        before = Path(place["file"]).read_text("utf-8")
        after = _changed(before, wanted)
    except (OSError, ValueError, SyntaxError):
        return ""
    told = difflib.unified_diff(
        before.splitlines(), after.splitlines(), place["file"], place["file"], n=0, lineterm=""
    )
    return "".join(f"{line}\n" for line in told)


def _settings(fix: str) -> dict[str, str]:
    """The assignments in the indented lines of `fix`, by name; none where they are no answer."""
    code = "\n".join(line[4:] for line in fix.splitlines() if line.startswith("    "))
    try:
        statements = ast.parse(code).body
    except SyntaxError:
        return {}
    found = {
        name: ast.get_source_segment(code, each) or ""
        for each in statements
        if (name := _name(each)) and not _is_template(each)
    }
    return found if len(found) == len(statements) else {}


def _changed(text: str, wanted: dict[str, str]) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    for name, source in wanted.items():
        first, last = _span(text, name) or (len(lines), len(lines))
        lines[first:last] = [source + "\n", *[""] * (last - first - 1)]
    return "".join(lines)


def _span(text: str, name: str) -> tuple[int, int] | None:
    """The lines, from 0, of the last statement of the module itself that assigns `name`. Raises
    ValueError where others would be lost with it."""
    found = [each for each in ast.parse(text).body if _name(each) == name]
    if not found:
        return None
    if _holds_more(found[-1]):
        raise ValueError(name)
    return found[-1].lineno - 1, found[-1].end_lineno or found[-1].lineno


def _holds_more(statement: ast.stmt) -> bool:
    """Whether it assigns a mapping, or a list of several things."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.List | ast.Tuple):
        return len(value.elts) > 1
    return isinstance(value, ast.Dict) and bool(value.keys)


def _name(statement: ast.stmt) -> str:
    """The setting that `statement` is for; "" for any other statement."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name if name.isupper() else ""
    return ""


def _is_template(statement: ast.stmt) -> bool:
    """Whether something in it is left to be filled in: `[..., "x"]`."""
    return any(isinstance(each, ast.Constant) and each.value is ... for each in ast.walk(statement))
