"""What the doctor says: what was found, why it matters, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class Severity(IntEnum):
    """How bad it is, in the numbers of Django's checks."""

    INFO = 20
    WARNING = 30
    ERROR = 40

    @property
    def word(self) -> str:
        """As people and JSON say it: `error`, `warning`, `info`."""
        return self.name.lower()


def severity_of(identity: str) -> Severity:
    """How bad a finding with this id is at worst.

    >>> severity_of("roots.E010").word
    'error'
    """
    letters = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO}
    return letters[identity.removeprefix("roots.")[0]]


class Repair(Protocol):
    """Something `--fix` can do: it is shown before anybody is asked, and done once."""

    def diff(self) -> str:
        """What will change, as lines a person can judge."""

    def apply(self) -> None:
        """Change it. Raises StorageError where the machine does not let it."""


@dataclass(frozen=True, slots=True)
class Found:
    """One occurrence of a mistake, as its rule tells it.

    `what` names what was looked at and what it says; `fix` is what to type, with the exact lines;
    `where` a file with its line, or a directory.
    """

    what: str
    fix: str
    where: str = ""
    severity: Severity | None = None
    """Where the evidence is weaker than the rule; None for the rule's own."""
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake that was found, with all that there is to say about it."""

    slug: str
    id: str
    severity: Severity
    what: str
    why: str
    fix: str
    where: str = ""
    repair: Repair | None = None

    def as_json(self) -> Mapping[str, str]:
        """The finding as `--json` lists it."""
        return {
            "slug": self.slug,
            "id": self.id,
            "severity": self.severity.word,
            "what": self.what,
            "why": self.why,
            "fix": self.fix,
            "where": self.where,
        }
