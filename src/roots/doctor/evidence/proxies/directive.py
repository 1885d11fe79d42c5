"""One statement of a configuration file: nginx, Caddy and Apache all have them."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Directive:
    """`name arguments { block }`, as it stands in `line`. Quotes are taken away."""

    name: str
    arguments: tuple[str, ...]
    line: int
    block: tuple["Directive", ...] = ()

    def inner(self, *names: str) -> Iterator["Directive"]:
        """Those of `names` that stand in its block, not deeper."""
        return (each for each in self.block if each.name in names)


def walk(directives: tuple[Directive, ...]) -> Iterator[Directive]:
    """`directives` and all that stand in their blocks."""
    for directive in directives:
        yield directive
        yield from walk(directive.block)
