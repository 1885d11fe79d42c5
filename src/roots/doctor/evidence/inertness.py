"""Whether what users uploaded can run in a browser, by the headers it is served with."""

from collections.abc import Iterable, Iterator

from roots.doctor.evidence.proxies.declared import Proxy
from roots.doctor.evidence.proxies.directive import Directive
from roots.doctor.evidence.serving import Serving
from roots.doctor.evidence.settings import Settings
from roots.errors import ConfigError
from roots.media.catalog import MediaCatalog
from roots.serve.assembly import rules_for
from roots.serve.headers import media_policy

_POLICY, _DISPOSITION = "content-security-policy", "content-disposition"
_HARMLESS = ("sandbox", "default-src 'none'", "script-src 'none'")


class Inertness:
    """What is known of the headers of uploads in `media_root`."""

    def __init__(
        self, settings: Settings, serving: Serving, proxies: Iterable[Proxy], media_root: str
    ) -> None:
        self._settings, self._proxies = settings, list(proxies)
        self._servers = serving.servers("media", media_root)

    @property
    def servers(self) -> str:
        """Who serves uploads, in words; "" where nobody is known to."""
        return ", ".join(dict.fromkeys(each.name for each in self._servers))

    def defuses(self, name: str) -> bool:
        """Whether an upload called `name` can run nothing, whoever sends it: it is a download, or
        its policy lets no script run. False where nobody is known to serve it."""
        return bool(self._servers) and all(
            self._does(each.name, each.where, name) for each in self._servers
        )

    def _does(self, server: str, where: str, name: str) -> bool:
        if server in {"roots", "manage.py serve"}:
            return not _runs(_our_headers(name))
        if server == "Django's serve()":  # middleware adds to what a view sends
            middleware = " ".join(map(str, self._settings.get("MIDDLEWARE") or ())).casefold()
            return "csp" in middleware or "contentsecuritypolicy" in middleware
        files = [each for each in self._proxies if where.startswith(f"{each.file}:")]
        said = {key: value for each in files for key, value in _headers(each.directives)}
        return not _runs(said)


def _our_headers(name: str) -> dict[str, str]:
    """What this package's layer sends with an upload. ROOTS["HEADERS"] may take away what makes it
    harmless."""
    try:
        policy = media_policy(rules_for("media"))
    except ConfigError:  # which `unservable-root` tells
        policy = media_policy()
    entry = MediaCatalog().find(name)
    headers = (*policy.shared(entry), *policy.disposition(entry))
    return {key.lower(): value for key, value in headers}


def _runs(headers: dict[str, str]) -> bool:
    if headers.get(_DISPOSITION, "").startswith("attachment"):
        return False
    return not any(each in headers.get(_POLICY, "") for each in _HARMLESS)


def _headers(directives: Iterable[Directive]) -> Iterator[tuple[str, str]]:
    """The two headers, wherever a configuration says them: nginx's `add_header`, Caddy's `header`,
    Apache's `Header`."""
    for each in directives:
        words = [each.name, *each.arguments]
        for position, word in enumerate(words[:-1]):
            key = word.lstrip("+?>").casefold()
            if key in {_POLICY, _DISPOSITION}:
                yield key, " ".join(words[position + 1 :])
        yield from _headers(each.block)
