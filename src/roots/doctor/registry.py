"""All rules there are, in the order in which they are told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from roots.doctor.finding import Found, Severity

if TYPE_CHECKING:
    from roots.doctor.project import Project

Look = Callable[["Project"], Iterator[Found]]
AREAS = ("settings", "directories", "urls", "serving", "git", "machine", "uploads")
"""The modules of `roots.doctor.rules`."""
_SEVERITIES = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO}
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
        return _SEVERITIES[self.id.removeprefix("roots.")[0]]


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
def rules() -> tuple[Rule, ...]:
    """Every rule, area by area."""
    for area in AREAS:
        import_module(f"roots.doctor.rules.{area}")
    return tuple(_rules.values())
