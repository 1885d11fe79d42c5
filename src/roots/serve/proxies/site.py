"""What a proxy has to know of a project, and what every proxy's configuration is made from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roots import mediatypes
from roots.errors import ConfigError
from roots.fingerprint import LENGTH
from roots.serve.catalog import Entry
from roots.serve.headers import HeaderPolicy
from roots.serve.messages import Headers
from roots.static import manifest

DIGITS = rf"\.[0-9a-f]{{{LENGTH},64}}"
"""What a stored name carries, in the regular expressions that nginx, Caddy and Apache share."""

STORED = rf"[^/]{DIGITS}(\.[^./]*)?$"
"""A stored name."""

CLOSED = r"/\.|//|[\\:\x00]|/$|[^/]{256}"
"""A path no file of a root is served under: see `roots.paths.is_servable`."""

VARIANT = rf"[^/]{DIGITS}\.[^./]+\.(br|gz|zst)$"
"""A variant by its own name."""


PLAIN, ENCODED = r"[A-Za-z0-9._~!$&+^|-]", r"[A-Za-z0-9._~!$&+^|%-]"
"""Characters of a URL that stand for themselves in a header, in quotes or in an ext-value."""


@dataclass(frozen=True, slots=True)
class PublicRoot:
    """A root that everybody may read: the URL prefixes it has, its directory and its policy."""

    prefixes: tuple[str, ...]
    directory: str
    policy: HeaderPolicy

    @property
    def closed(self) -> tuple[str, ...]:
        """Regular expressions for paths of this root that are not there for anybody."""
        if self.policy.is_untrusted:
            return (CLOSED,)
        hidden = tuple(rf"^{re.escape(prefix + manifest.NAME)}$" for prefix in self.prefixes)
        return (CLOSED, VARIANT, *hidden)

    @property
    def types(self) -> dict[str, list[str]]:
        """The Content-Types of its files and their extensions, without their dot; of all others it
        is the default."""
        return mediatypes.extensions(is_untrusted=self.policy.is_untrusted)

    def caching(self, *, is_immutable: bool) -> str:
        """The Cache-Control of its stored names, or of its others."""
        return dict(self._shared(mediatypes.DEFAULT, is_immutable))["Cache-Control"]

    def trust(self, content_type: str) -> Headers:
        """What a file of this type is sent with besides: CORS, nosniff, a sandbox."""
        headers = self._shared(content_type, is_immutable=False)
        return tuple(pair for pair in headers if pair[0] != "Cache-Control")

    def _shared(self, content_type: str, is_immutable: bool) -> Headers:
        return self.policy.shared(Entry((), content_type, "", is_immutable))


@dataclass(frozen=True, slots=True)
class Host:
    """What is asked for under one name: `roots` are the proxy's to answer, what lies below `passed`
    is the application's, and the rest is not there."""

    name: str
    roots: tuple[PublicRoot, ...]
    passed: tuple[str, ...]

    @property
    def has_everything(self) -> bool:
        """Whether every other path is the application's."""
        return "/" in self.passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A project, as a proxy in front of it sees it.

    `upstream` is where the application listens, as `127.0.0.1:8000` or `unix:/run/site.sock`;
    `offloaded` are the directories whose files views may have sent by this proxy;
    `max_body_bytes` is the largest body any path takes, None for no limit; `hashed_names` are
    regular expressions for static files that bundlers named after their content; `media_name` is
    the host that users' files have for themselves, and `signed` are the URL prefixes of those
    that the application has to be asked for there.
    """

    server_name: str
    listen: str
    upstream: str
    static: PublicRoot | None
    media: PublicRoot | None
    offloaded: tuple[str, ...] = ()
    max_body_bytes: int | None = None
    hashed_names: tuple[str, ...] = ()
    media_name: str | None = None
    signed: tuple[str, ...] = ()

    @property
    def hosts(self) -> tuple[Host, ...]:
        """The site's own name, and that of users' files where they have one."""
        if self.media_name is None:
            return (Host(self.server_name, self.publics, ("/",)),)
        static, media = (tuple(filter(None, (each,))) for each in (self.static, self.media))
        return (
            Host(self.server_name, static, ("/",)),
            Host(self.media_name, media, self.signed),
        )

    @property
    def publics(self) -> tuple[PublicRoot, ...]:
        """The roots that everybody may read."""
        return tuple(root for root in (self.static, self.media) if root is not None)


def policies(root: PublicRoot) -> dict[str, list[str]]:
    """The Content-Security-Policies of `root` beside the usual one, and the types they are for."""
    found: dict[str, list[str]] = {}
    for kind in types():
        policy = dict(root.trust(kind)).get("Content-Security-Policy", "")
        if policy != usual_policy(root):
            found.setdefault(policy, []).append(kind)
    return found


def usual_policy(root: PublicRoot) -> str:
    """The Content-Security-Policy of most types in `root`; empty for none."""
    return dict(root.trust(mediatypes.DEFAULT)).get("Content-Security-Policy", "")


def fixed(root: PublicRoot) -> Headers:
    """What every reply of `root` says, whatever the type."""
    headers = root.trust(mediatypes.DEFAULT)
    return tuple(pair for pair in headers if pair[0] != "Content-Security-Policy")


def types() -> Iterator[str]:
    """Every known type, without its parameters."""
    return (kind.partition(";")[0] for kind in mediatypes.extensions())


def download_names() -> Iterator[tuple[str, str]]:
    """From "<kind> <the request's URL>" to Content-Disposition, in positional captures; a backtick
    stands for a quote."""
    stored = rf"+?){DIGITS}(\.[A-Za-z0-9]+)?(\?|$)"
    for characters, told in ((PLAIN, "=`{}`"), (ENCODED, "*=UTF-8''{}")):
        asked = rf"~^(\w+) [^?]*/({characters}"
        yield asked + stored, "$1; filename" + told.format("$2$3")
        yield asked + r"+)(\?|$)", "$1; filename" + told.format("$2")


def inert_types() -> list[str]:
    """Types that are shown; all others are downloads."""
    return sorted(kind for kind in set(types()) if mediatypes.is_inert(kind))


def one_of(kinds: list[str]) -> str:
    """A regular expression for a Content-Type that is one of `kinds`, whatever its parameters."""
    return rf"({'|'.join(map(re.escape, kinds))})(;|$)"


def verbatim(text: str) -> str:
    """`text` in double quotes, for who takes a backslash for itself. Raises ConfigError as `quoted`
    does, and where it has a quote."""
    return quoted(text, '"').replace("\\\\", "\\")


def quoted(text: str, forbidden: str = "") -> str:
    """`text` in double quotes, for a configuration file.

    Raises ConfigError where it has a line break or one of `forbidden`, which that file cannot say.
    """
    if not text.isprintable() or not set(text).isdisjoint(forbidden):
        raise ConfigError(
            f"{text!r} cannot be written into the proxy's configuration: it has a line break or "
            f"one of {forbidden!r}. Give that directory or URL a plainer name."
        )
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
