"""The serving layer: moves the bytes of both roots, in front of Django, in the same process.

from roots.serve import send
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roots.serve.handover.sending import send

__all__ = ["send"]


def __getattr__(name: str) -> Any:
    """`send`, when asked for: it needs Django, which nothing else imported from here may load."""
    if name == "send":
        from roots.serve.handover.sending import send

        return send
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
