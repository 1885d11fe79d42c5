"""Links to private files: whoever has one may read that file until the link expires.

`?expires=1795392000&signature=ycbHwgJKBeByJjqo0dWiow`, or with `download=plan.pdf&` in front. The
signature binds the name, the moment and the download's name; storage and purpose are in its keys.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from time import time
from urllib.parse import quote, unquote
from zlib import crc32

from roots.serve.gate import Admitted, Refused
from roots.signing import LENGTH, Signer

_QUERY = re.compile(
    rf"(?:download=([^&]+)&)?expires=([0-9]{{1,12}})&signature=([A-Za-z0-9_-]{{{LENGTH}}})"
)
_NOT_PUBLIC = Refused(HTTPStatus.NOT_FOUND)
_FORGED = Refused(HTTPStatus.FORBIDDEN, "This link is damaged: open the page it was on again.\n")
_EXPIRED = Refused(HTTPStatus.FORBIDDEN, "This link has expired: open the page it was on again.\n")


class SignedLinks:
    """Makes and checks the links of one storage; a `roots.serve.gate.Gate`.

    A link holds for `max_age_s` seconds at least and half as long again at most. It is the same for
    half of `max_age_s`, so that browsers need not fetch again what they have. `clock` tells
    seconds since 1970; hosts that make and check links must agree about it.
    """

    def __init__(self, signer: Signer, max_age_s: int, clock: Callable[[], float] = time) -> None:
        self._signer, self.max_age_s, self._clock = signer, max_age_s, clock

    def query(
        self, name: str, *, max_age_s: int | None = None, download_name: str | None = None
    ) -> str:
        """What stands behind the `?` of a link to the file `name`. Raises ValueError where it would
        not hold for a second.

        >>> links = SignedLinks(Signer(["secret"], "media /contracts/"), 3600, lambda: 1795392000)
        >>> links.query("plan.3f2a91c0d4e7.pdf")
        'expires=1795396527&signature=Yn_ehL8hyaPtwI83EjY2dg'
        """
        life_s = self.max_age_s if max_age_s is None else max_age_s
        if life_s < 1:
            raise ValueError(f"A link has to hold for a second at least, not {life_s!r}.")
        expires = str(self._expires_s(name, life_s))
        signature = self._signer.sign(name, expires, download_name or "")
        told = f"download={quote(download_name, safe='')}&" if download_name else ""
        return f"{told}expires={expires}&signature={signature}"

    def admit(self, name: str, query: str) -> Admitted | Refused:
        """As of Gate. 404 without a signature, as for everything that is not public; 403 with one
        that is wrong or has expired."""
        if "signature=" not in query:
            return _NOT_PUBLIC
        found = _QUERY.fullmatch(query)
        if found is None:
            return _FORGED
        download_name = unquote(found[1] or "", errors="replace")
        if not self._signer.is_signed(found[3], name, found[2], download_name):
            return _FORGED
        rest_s = int(int(found[2]) - self._clock())
        return Admitted(rest_s, download_name or None) if rest_s > 0 else _EXPIRED

    def _expires_s(self, name: str, max_age_s: int) -> int:
        """The end of a link that begins to hold now.

        Links end at steps of half their life. Where the steps lie differs from file to file: else
        all links of a site would change, and all their files be fetched again, in the same second.
        """
        step_s = max(1, max_age_s // 2)
        shift_s = crc32(name.encode()) % step_s
        steps = (int(self._clock()) - shift_s) // step_s + 1
        return steps * step_s + shift_s + max_age_s
