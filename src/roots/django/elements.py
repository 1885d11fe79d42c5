"""HTML elements for static files, whole: with the integrity that was recorded of their bytes.

`Script` and `Stylesheet` are for the `Media` of forms and widgets.
"""

import posixpath
from collections.abc import Mapping
from typing import Any

from django.forms.utils import flatatt
from django.forms.widgets import MediaAsset
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from roots.django import modules
from roots.static import names
from roots.static.modules import Asset

Attributes = Mapping[str, Any]
"""By name; True writes the bare name, None and False write nothing."""

_IMPLIED: Mapping[str, dict[str, Any]] = {
    ".css": {"rel": "stylesheet"},
    ".js": {},
    ".mjs": {"type": "module"},
}


def element(name: str, attributes: Attributes) -> SafeString:
    """A `<link>` to the stylesheet, or a `<script>` with the script, of the logical name `name`.

    With `integrity` and `crossorigin` where the release knows the bytes, so never with `DEBUG`; an
    attribute that is given wins. `module` is short for `type="module"`, which `.mjs` files have
    anyway. Raises ValueError for files of another kind.
    """
    extension = posixpath.splitext(names.path_of(name))[1].lower()
    if extension not in _IMPLIED:
        raise ValueError(
            f"There is no element for {name!r}, which is neither a stylesheet (.css) nor a script "
            "(.js, .mjs). Use {% static %} for its URL."
        )
    asset, given = modules.asset(name), dict(attributes)
    is_module = {"type": "module"} if given.pop("module", False) else {}
    written = flatatt(_IMPLIED[extension] | is_module | _integrity(asset) | given)
    if extension == ".css":
        return format_html('<link href="{}"{}>', asset.url, written)
    return format_html('<script src="{}"{}></script>', asset.url, written)


def importmap(*entries: str, integrity: bool = False, attributes: Attributes) -> SafeString:
    """`<script type="importmap">`, see `modules.importmap`; nothing where the map is empty."""
    text = modules.importmap(*entries, integrity=integrity).text
    written = flatatt({"type": "importmap"} | dict(attributes))
    # safe: ImportMap.text holds no <, > or &
    return format_html("<script{}>{}</script>", written, mark_safe(text)) if text else SafeString()  # noqa: S308


def modulepreload(*entries: str, attributes: Attributes) -> SafeString:
    """`<link rel="modulepreload">` for `entries` and all they import before they run, in lines."""
    found = modules.preloads(*entries)
    links = (
        format_html(
            '<link rel="modulepreload" href="{}"{}>',
            asset.url,
            flatatt(_integrity(asset) | dict(attributes)),
        )
        for asset in found
    )
    return mark_safe("\n".join(links))  # noqa: S308  # each of them is


class StaticAsset(MediaAsset):
    """A static file in `class Media`, written as `{% static_tag %}` writes it.

    Attributes are keyword arguments: `Script("js/editor.js", module=True, defer=True)`.
    """

    _path: str
    attributes: dict[str, Any]

    def __str__(self) -> str:
        return self.render()

    def render(self, *, attrs: Attributes | None = None) -> SafeString:
        """The element; `attrs`, such as the nonce Django 6.1 gives, are added."""
        return element(self._path, {**(attrs or {}), **self.attributes})


class Script(StaticAsset):
    """A script, for `Media.js`."""


class Stylesheet(StaticAsset):
    """A stylesheet, for `Media.css`."""


def _integrity(asset: Asset) -> dict[str, Any]:
    if not asset.integrity:
        return {}
    return {"integrity": asset.integrity, "crossorigin": "anonymous"}
