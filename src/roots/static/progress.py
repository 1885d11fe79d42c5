"""How far a build is, told to whoever wants to show it."""

from typing import Protocol


class Progress(Protocol):
    """Something that shows how far a build is. Called by one thread."""

    def phase(self, title: str, total: int) -> None:
        """A part of the build called `title` begins; it has `total` steps, perhaps none."""

    def advance(self, name: str) -> None:
        """A step of that part is done, the one for the file `name`."""


class Silent:
    """Shows nothing."""

    def phase(self, title: str, total: int) -> None:
        """Nothing."""

    def advance(self, name: str) -> None:
        """Nothing."""
