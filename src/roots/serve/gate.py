"""What stands before a root that not everybody may read, and what it says of a request."""

from http import HTTPStatus
from typing import NamedTuple, Protocol


class Admitted(NamedTuple):
    """The file may be read for `rest_s` more seconds, as a download called `download_name` where
    that is given."""

    rest_s: int
    download_name: str | None = None


class Refused(NamedTuple):
    """It may not; `status` and `explanation` are for the client, and say nothing about whether
    there is such a file."""

    status: HTTPStatus
    explanation: str = ""


class Gate(Protocol):
    """Decides from the URL alone, without I/O, whether it may be answered with a file."""

    def admit(self, name: str, query: str) -> Admitted | Refused:
        """What becomes of a request for `name`, a decoded path below the root's prefix, with the
        raw `query` string."""
        ...
