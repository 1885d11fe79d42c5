"""A directory that a server offers under a URL."""

import posixpath
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mount:
    """What is asked for below the path `prefix` is taken from `directory`; None where that is not
    said. `prefix` begins and ends with a slash."""

    prefix: str
    directory: str | None
    line: int

    def directory_of(self, prefix: str) -> str | None:
        """Where it looks for what is asked for below `prefix`, which it answers."""
        if self.directory is None:
            return None
        return posixpath.normpath(posixpath.join(self.directory, prefix[len(self.prefix) :]))

    def answers(self, prefix: str) -> bool:
        """Whether all that lies below `prefix` is asked of it: `/uploads/` is not `/media/`.

        >>> Mount("/static/", "/srv/static", 1).answers("/static/")
        True
        >>> Mount("/static/admin/", "/srv/admin", 1).answers("/static/")
        False
        >>> Mount("/", None, 1).answers("/static/")
        False
        """
        if self.directory is None:
            return prefix == self.prefix
        return prefix.startswith(self.prefix)


def slashed(path: str) -> str:
    """`path` with a slash at both ends.

    >>> slashed("static"), slashed("/"), slashed("")
    ('/static/', '/', '/')
    """
    inner = path.strip("/")
    return f"/{inner}/" if inner else "/"
