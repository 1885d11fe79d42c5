"""Roots that were committed to git, or would be by the next `git add`."""

import os
import re
from collections.abc import Iterator, Sequence

from roots.doctor.finding import Found
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.doctor.repairs import AppendLines, Untrack

_SHOWN = 3
_SPECIAL, _ESCAPED = re.compile(r"[*?\[\]\\]"), r"\\\g<0>"
"""What .gitignore takes for a pattern, and how it is told not to."""


@rule(
    "root-committed",
    "roots.W060",
    why="What collectstatic made is old at the next commit, and makes every merge a conflict. What "
    "users uploaded stays in the history for ever, for everybody who clones it.",
)
def root_committed(project: Project) -> Iterator[Found]:
    """Files of a root that git tracks, but for those that keep a directory."""
    for setting, root in project.own_roots.items():
        git = project.repository.git
        tracked = git.tracked(root) if git else []
        if git and tracked:
            relative = os.path.relpath(os.path.realpath(root), git.directory)
            yield Found(
                what=f"git tracks {_counted(tracked, root)} of {setting}.",
                fix=f"Take them out, they stay on the disk; and commit that:\n"
                f"    git rm -r --cached {relative}\n"
                "What was uploaded is still in the history; git filter-repo takes it out there.",
                where=root,
                repair=Untrack(str(git.directory), tuple(tracked)),
            )


@rule(
    "root-not-ignored",
    "roots.W061",
    why="The next `git add .` commits what users uploaded, or what collectstatic made.",
)
def root_not_ignored(project: Project) -> Iterator[Found]:
    """A root in the work tree whose new files git would not ignore."""
    for setting, root in project.own_roots.items():
        git = project.repository.git
        if git and git.is_ignored(root) is False:
            path = os.path.relpath(os.path.realpath(root), git.directory)
            line = f"/{_SPECIAL.sub(_ESCAPED, path)}/"
            file = str(git.directory / ".gitignore")
            yield Found(
                what=f"{setting} ({root}) lies in the work tree of {git.directory}, and git does "
                "not ignore new files in it.",
                fix=f"Add to {file}:\n    {line}",
                where=file,
                repair=AppendLines(file, (line,)),
            )


def _counted(files: Sequence[str], root: str) -> str:
    size = sum(os.path.getsize(path) for path in files if os.path.isfile(path))
    names = [os.path.relpath(path, os.path.realpath(root)) for path in sorted(files)[:_SHOWN]]
    more = ", …" if len(files) > _SHOWN else ""
    plural = "s" * (len(files) > 1)
    return f"{len(files)} file{plural} ({size / 1e6:.1f} MB: {', '.join(names)}{more})"
