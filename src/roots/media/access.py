"""Who may read the files of a storage: its option `access` and what belongs to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args
from urllib.parse import unquote, urlsplit

from django.conf import settings

from roots.conf.kinds import whole_number
from roots.errors import ConfigError
from roots.media.signed import SignedLinks
from roots.signing import Signer

Kind = Literal["public", "signed", "view"]
Authorize = str | Callable[..., Any]
MAX_AGE_S = 3600


@dataclass(frozen=True, slots=True)
class Access:
    """How a file of a storage is come by.

    "public": by its URL. "signed": by a URL that is signed, for `max_age_s` seconds at least.
    "view": by its URL, if `authorize` (a callable, or the dotted path of one) says so.
    """

    kind: Kind = "public"
    max_age_s: int = MAX_AGE_S
    authorize: Authorize | None = None

    def __post_init__(self) -> None:
        """Raise ConfigError for what does not go together."""
        if self.kind not in get_args(Kind):
            raise ConfigError(
                f"access must be one of {', '.join(map(repr, get_args(Kind)))}, but is "
                f"{self.kind!r}."
            )
        if not whole_number(1).accepts(self.max_age_s):
            raise ConfigError(
                f"max_age_s must be {whole_number(1).wanted}, in seconds, but is "
                f"{self.max_age_s!r}."
            )
        if (self.kind == "view") != (self.authorize is not None):
            raise ConfigError(_WITHOUT_AUTHORIZE if self.kind == "view" else _NEEDLESS_AUTHORIZE)

    def require_place(self, location: object, base_url: object) -> None:
        """Raise ConfigError where a private storage has no directory or URL of its own."""
        if self.kind != "public" and not (location and base_url):
            raise ConfigError(
                f"A storage with access={self.kind!r} needs a directory and a URL prefix of its "
                "own, as OPTIONS = {'location': BASE_DIR / 'private', 'base_url': '/private/', "
                "...}: MEDIA_ROOT is public."
            )


def links_below(base_url: str, max_age_s: int) -> SignedLinks:
    """The links to files below `base_url`, signed with SECRET_KEY; those
    signed with one of SECRET_KEY_FALLBACKS hold, too."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return _links(unquote(urlsplit(base_url).path), max_age_s, secrets)


@lru_cache(maxsize=64)
def _links(prefix: str, max_age_s: int, secrets: Sequence[str | bytes]) -> SignedLinks:
    return SignedLinks(Signer(secrets, f"media link {prefix}"), max_age_s)


_WITHOUT_AUTHORIZE = (
    "A storage with access='view' needs authorize='shop.access.may_read': the path of a function "
    "that is called with the request and the file's record, and says True, False or a response."
)
_NEEDLESS_AUTHORIZE = (
    "A storage got authorize=…, which nothing would call: give it access='view', too, or take "
    "authorize out."
)
