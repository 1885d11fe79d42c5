"""One line for each request: who asked for what, and what came of it.

Query strings are left out, of the address as of the Referer: tokens, e-mail addresses and what
people search for stand there. What a client says is escaped, so that it cannot forge a line.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast
from urllib.parse import quote

from roots.errors import ConfigError

FORMAT = "%(header{referer})s %(header{user-agent})s"
"""Has Granian look both headers up; what a line looks like is said below."""

LOGGERS = ("_granian", "granian.access")
STANDARD_OUTPUT = "-"
_UNSAFE = re.compile(r'[^\x20-\x7e]|["\\]')
_PATH_CHARACTERS = "/!$&'()*+,;=:@~-._"


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Where lines go, "-" or a file that may be rotated away, how they look, and the path whose
    requests are not worth one."""

    where: str = STANDARD_OUTPUT
    style: Literal["combined", "json"] = "combined"
    untold: str | None = None

    def require_writable(self) -> None:
        """Raise ConfigError where lines cannot be written."""
        if self.where == STANDARD_OUTPUT:
            return
        try:
            open(self.where, "ab").close()
        except OSError as error:
            raise ConfigError(
                f"--access-log {self.where} cannot be written: {error.strerror}. Name a file in a "
                "directory that the user who runs serve may write to, or - for standard output."
            ) from error

    def logging(self) -> dict[str, Any]:
        """For `logging.config.dictConfig`, what the server itself has to say included."""
        stream = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}
        watched = {"class": "logging.handlers.WatchedFileHandler", "filename": self.where}
        output = stream if self.where == STANDARD_OUTPUT else watched
        return {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"told": {"()": Told, "untold": self.untold}},
            "formatters": {
                "access": {"()": _FORMATTERS[self.style]},
                "generic": {"format": "[%(levelname)s] %(message)s"},
            },
            "handlers": {
                "access": {**output, "formatter": "access", "filters": ["told"]},
                "console": {**stream, "formatter": "generic"},
            },
            "loggers": {
                name: {"handlers": [handler], "level": "INFO", "propagate": False}
                for name, handler in zip(LOGGERS, ("console", "access"), strict=True)
            },
        }


class Told(logging.Filter):
    """Lets every request through but those for the path `untold`."""

    def __init__(self, untold: str | None) -> None:
        super().__init__()
        self.untold = untold

    def filter(self, record: logging.LogRecord) -> bool:
        """As of logging."""
        return bool(cast(Mapping[str, Any], record.args)["path"] != self.untold)


class Combined(logging.Formatter):
    """Apache's combined format; the size of the answer is not known, and given as `-`."""

    def format(self, record: logging.LogRecord) -> str:
        """As of logging."""
        facts = _facts(record)
        path = quote(facts["path"], safe=_PATH_CHARACTERS, errors="replace")
        now = datetime.fromtimestamp(record.created, UTC)
        referer, agent = (_UNSAFE.sub(_escaped, facts[key]) for key in ("referer", "agent"))
        return (
            f"{facts['addr']} - - [{now:%d/%b/%Y:%H:%M:%S +0000}] "
            f'"{facts["method"]} {path} {facts["protocol"]}" {facts["status"]} - '
            f'"{referer}" "{agent}"'
        )


class Json(logging.Formatter):
    """A JSON object a line: time, addr, method, path, protocol, status, duration_ms, referer and
    agent."""

    def format(self, record: logging.LogRecord) -> str:
        """As of logging."""
        now = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"time": now, **_facts(record)})


_FORMATTERS = {"combined": Combined, "json": Json}


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What Granian tells, without the query string."""
    told = cast(Mapping[str, Any], record.args)
    return {
        "addr": told["addr"] or "-",  # a Unix socket has none
        "method": told["method"],
        "path": told["path"],
        "protocol": told["protocol"],
        "status": told["status"],
        "duration_ms": round(told["dt_ms"], 3),
        "referer": told["_h0"].partition("?")[0],
        "agent": told["_h1"],
    }


def _escaped(character: re.Match[str]) -> str:
    return f"\\x{ord(character[0]):02x}"
