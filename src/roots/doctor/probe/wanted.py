"""What is asked for, and what should come back."""

from dataclasses import dataclass

from roots.serve.messages import Headers


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file below `url`, as it is known here.

    `body` is None where its bytes are not known here. `ours` are the headers of our own layer, none
    where it does not serve this file.
    """

    url: str
    content_type: str
    body: bytes | None = None
    is_immutable: bool = False
    is_compressible: bool = False
    ours: Headers = ()


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A `url` whose answer must not have the bytes `telling` in it. `slug` is the mistake it would
    be, `what` says in words what was given away."""

    url: str
    slug: str
    what: str
    telling: bytes
