"""What a catalog tells the core about a name: which files could answer, and how long they hold.

Each root has a catalog of its own (`roots.static.catalog`, `roots.media.catalog`). A catalog knows
names, not files: whether a file is there is found out by opening it, once, by the adapter.
"""

from dataclasses import dataclass, replace
from typing import Protocol

IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Representation:
    """One file that could answer: its path below the root, its coding and its validator.

    `tag` is the opaque part of a strong ETag (no quotes), derived from content and coding; None
    where the content is unknown until the file is open.
    """

    path: str
    encoding: str = IDENTITY
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A name the catalog knows.

    `representations` holds identity first, then smaller codings, the smallest first.
    `filename` is what a download is called: the logical, un-hashed last part of the name.
    `logical` is that whole name, which header rules match. `directory` is what representations are
    below where that is not the root's own: a source of static files. `is_download` says that users'
    content is offered as a download even if its type is inert.
    """

    representations: tuple[Representation, ...]
    content_type: str
    filename: str
    is_immutable: bool
    logical: str = ""
    directory: str = ""
    is_download: bool = False

    def called(self, download_name: str | None) -> "Entry":
        """This entry as a download of that name; as it is where there is none."""
        if not download_name:
            return self
        return replace(self, filename=download_name, is_download=True)


class Catalog(Protocol):
    """Finds entries of one root by name."""

    def find(self, name: str) -> Entry | None:
        """The entry for `name`, a decoded path below the root's URL prefix that `is_servable`."""
        ...
