"""What one setting is: its default, the values it takes, and what it means."""

from dataclasses import field
from typing import Any

from roots.conf.kinds import Kind


def option(default: object, kind: Kind, meaning: str) -> Any:
    """A field of `Configuration`: its default, the values it takes, and what it means."""
    return field(default=default, metadata={"kind": kind, "meaning": meaning})
