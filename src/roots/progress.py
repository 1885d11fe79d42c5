"""How far some work is, told to whoever wants to show it."""

from typing import Protocol


class Progress(Protocol):
    """Something that shows how far it is. Called by one thread."""

    def phase(self, title: str, total: int) -> None:
        """A part called `title` begins; it has `total` steps, or more, or nobody knows (0)."""

    def advance(self, name: str, steps: int = 1) -> None:
        """So many steps of that part are done, the last of them for the file `name`."""

    def clear(self) -> None:
        """Make room for a line of text; shown again with the next step."""


class Silent:
    """Shows nothing."""

    def phase(self, title: str, total: int) -> None:
        """Nothing."""

    def advance(self, name: str, steps: int = 1) -> None:
        """Nothing."""

    def clear(self) -> None:
        """Nothing."""
