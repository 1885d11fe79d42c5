"""All rules there are, in the order in which they are told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from roots.doctor.finding import Found, Severity, severity_of

if TYPE_CHECKING:
    from roots.doctor.project import Project

Look = Callable[["Project"], Iterator[Found]]
AREAS = (
    "settings", "roots", "sources", "collected", "storages", "urls", "patterns", "links", "serving",
    "production", "releases", "git", "images", "permissions", "machine", "limits", "uploads",
    "private",
)  # fmt: skip
"""The modules of `roots.doctor.rules`."""
_rules: dict[str, "Rule"] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """A mistake that has a name: what finds it, and why it is one.

    `slug` and `id` never change once released: people silence them. The letter of `id` is how bad
    it is at worst.
    """

    slug: str
    id: str
    why: str
    look: Look
    is_cheap: bool
    """Whether it reads no more than settings and a few directory entries: then it is one of
    Django's checks too."""
    is_of_production: bool
    """Whether it is no mistake on a developer's machine."""

    @property
    def severity(self) -> Severity:
        """How bad it is at worst."""
        return severity_of(self.id)

    @property
    def area(self) -> str:
        """The module of `roots.doctor.rules` it is in."""
        return self.look.__module__.rpartition(".")[2]


def rule(
    slug: str, identity: str, *, why: str, cheap: bool = False, production: bool = False
) -> Callable[[Look], Look]:
    """Make a rule of a function that yields what it found in a project, or nothing."""

    def register(look: Look) -> Look:
        taken = {each.id: each.slug for each in _rules.values()}
        assert slug not in _rules, f"two rules are called {slug}"  # noqa: S101
        assert identity not in taken, f"{slug} and {taken[identity]} are both {identity}"  # noqa: S101
        _rules[slug] = Rule(slug, identity, why, look, cheap, production)
        return look

    return register


@cache
def rules(*areas: str) -> tuple[Rule, ...]:
    """The rules of these areas, of all where none is named; others are not even loaded."""
    wanted = areas or AREAS
    for area in wanted:
        import_module(f"roots.doctor.rules.{area}")
    return tuple(each for area in wanted for each in _rules.values() if each.area == area)
