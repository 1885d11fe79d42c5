"""One file of the release to be."""

from collections.abc import Iterable
from dataclasses import dataclass

from roots import digests
from roots.static import references
from roots.static.content import Content
from roots.static.facts import NONE, Facts
from roots.static.memory import Look
from roots.static.references import Edit
from roots.static.source import Source


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A source and what becomes of it.

    `stored` is None where only the logical name is wanted, and the logical name where that carries
    the content's hash already. `edits` make `served` of `original`. A source that still has its
    `look` has the `original` bytes; None where no look can tell that.
    """

    source: Source
    original: Content
    served: Content
    stored: str | None = None
    edits: tuple[Edit, ...] = ()
    facts: Facts = NONE
    look: Look | None = None

    @property
    def has_one_name(self) -> bool:
        """Whether the stored name is the logical one."""
        return self.stored == self.source.name


def edited(source: Source, original: Content, edits: Iterable[Edit]) -> bytes:
    """The bytes of `source` with `edits` made.

    Raises BuildError where they are not the `original` ones any more.
    """
    data = source.whole()
    if digests.of_bytes(data) != original.digest:
        raise source.changed()
    return references.rewrite(data, edits)
