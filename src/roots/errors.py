"""What can go wrong, split by who can fix it.

Each message says what was wrong, what was found and what to do.
"""

from collections.abc import Mapping


class RootsError(Exception):
    """Anything this package raises on purpose."""


class ConfigError(RootsError):
    """The operator's: a setting is missing, unknown or contradicts another."""


class BuildError(RootsError):
    """The project's: a source file cannot be collected as it is.

    `path` is the file on disk (or its logical name), `line` counts from 1, `text` is that line.
    """

    def __init__(self, problem: str, *, path: str, line: int = 0, text: str = "") -> None:
        self.problem, self.path, self.line, self.text = problem, path, line, text
        place = f"{path}:{line}" if line else path
        super().__init__(f"{place}: {problem}" + (f"\n    {text}" if text else ""))


class UploadRejected(RootsError):
    """The client's: an upload breaks a rule.

    `code` names the rule, `status` is what an HTTP reply should say. Where `found` is given,
    `message` is a `%`-template for it, so that a form can translate first and fill in then.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: int = 400,
        found: Mapping[str, object] | None = None,
    ) -> None:
        self.code, self.status, self.template, self.found = code, status, message, found
        super().__init__(message if found is None else message % found)


class StorageError(RootsError):
    """The environment's: a full disk, a read-only or missing root, a wrong mode."""


class DiskFull(StorageError):
    """There is no room left on a disk, or none of what this user may have."""
