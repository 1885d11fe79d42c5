"""Signatures: proof that this project made something, without keeping a record of it.

HMAC-SHA-256 (RFC 2104), cut to 128 bits. Each purpose has keys of its own, derived from the
project's secrets, so what was signed for one purpose says nothing to another.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

LENGTH = 22
"""Characters of a signature: 128 bits in URL-safe base64."""

_BYTES = 16


class Signer:
    """Signs for one `purpose` with the first of `secrets`, and believes what any of them signed.

    To rotate, put a new secret first and leave the old one behind it; to revoke, take it out.
    Raises ValueError where there is no secret.
    """

    def __init__(self, secrets: Sequence[str | bytes], purpose: str) -> None:
        if not secrets or not all(secrets):
            raise ValueError("A signature needs a secret, but there is none or an empty one.")
        self._keys = tuple(_derived(secret, purpose) for secret in secrets)

    def sign(self, *parts: str) -> str:
        """The signature of `parts`, in this order; LENGTH characters that need no quoting in URLs.

        >>> signer = Signer(["secret"], "doctests")
        >>> signer.sign("plan.pdf", "1795392000")
        'ycbHwgJKBeByJjqo0dWiow'
        >>> signer.sign("plan.pdf1", "795392000") == signer.sign("plan.pdf", "1795392000")
        False
        """
        return _signature(self._keys[0], _message(parts))

    def is_signed(self, signature: str, *parts: str) -> bool:
        """Whether `signature` is one of `parts`, by any secret; takes as long whatever it says.

        >>> Signer(["new", "old"], "a").is_signed(Signer(["old"], "a").sign("x"), "x")
        True
        >>> Signer(["new", "old"], "a").is_signed(Signer(["old"], "another").sign("x"), "x")
        False
        """
        message, claimed = _message(parts), signature.encode("utf-8", "replace")
        found = False
        for key in self._keys:
            found |= hmac.compare_digest(_signature(key, message).encode(), claimed)
        return found


def _derived(secret: str | bytes, purpose: str) -> bytes:
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.digest(key, b"django-roots signing 1: " + purpose.encode(), "sha256")


def _message(parts: Sequence[str]) -> bytes:
    """No two sequences of parts have the same: each says how long it is."""
    return "".join([f"{len(part)}:{part}" for part in parts]).encode()


def _signature(key: bytes, message: bytes) -> str:
    digest = hmac.digest(key, message, "sha256")[:_BYTES]
    return urlsafe_b64encode(digest)[:LENGTH].decode("ascii")
