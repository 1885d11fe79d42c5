"""What a build is asked to do, and what it tells it did."""

from collections.abc import Callable
from dataclasses import dataclass, field

from roots.static.manifest import EMPTY, Manifest

Log = Callable[[str, int], None]
"""Takes a line, and the verbosity from which it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to build: the flags of collectstatic."""

    link: bool = False
    clear: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did, or would do, by logical name; `post_processed` leads to stored names.

    `deleted` names what was cleared, `retired` the files that only outlived releases needed;
    `before` and `after` are the releases, `after` empty where none was made.
    """

    copied: list[str] = field(default_factory=list)
    unmodified: list[str] = field(default_factory=list)
    post_processed: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    before: Manifest = field(default=EMPTY, compare=False)
    after: Manifest = field(default=EMPTY, compare=False)
