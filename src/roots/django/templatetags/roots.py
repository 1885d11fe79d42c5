"""`{% load roots %}`: elements for static files and their modules."""

import re
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from roots.django import elements

register = template.Library()
_ATTRIBUTE = re.compile(r"(?P<name>[a-zA-Z][-\w]*)(?:=(?P<value>.+))?\Z", re.DOTALL)


@register.simple_tag(takes_context=True)
def importmap(context: Context, *entries: str, integrity: bool = False) -> SafeString:
    """`{% importmap %}`: lets scripts import by logical and bare names, and browsers load stored
    ones. With entries, only what these import: `{% importmap "js/main.js" integrity=True %}`."""
    return elements.importmap(*entries, integrity=integrity, attributes=_nonce(context))


@register.simple_tag(takes_context=True)
def modulepreload(context: Context, *entries: str) -> SafeString:
    """`{% modulepreload "js/main.js" %}`: fetch it, and all it imports, at once."""
    return elements.modulepreload(*entries, attributes=_nonce(context))


@register.tag
def static_tag(parser: Parser, token: Token) -> "StaticTagNode":
    """`{% static_tag "js/app.js" module defer id="app" %}`: the whole element, with integrity."""
    tag, *parts = token.split_contents()
    if not parts:
        raise template.TemplateSyntaxError(f"{tag} needs the name of a stylesheet or script.")
    attributes = {}
    for part in parts[1:]:
        written = _ATTRIBUTE.match(part)
        if written is None:
            raise template.TemplateSyntaxError(
                f'{tag} takes attributes after the name, as in defer or id="app", but found {part}.'
            )
        value = written["value"]
        attributes[written["name"]] = parser.compile_filter(value) if value else True
    return StaticTagNode(parser.compile_filter(parts[0]), attributes)


class StaticTagNode(Node):
    """The element of one static file."""

    def __init__(
        self, name: FilterExpression, attributes: dict[str, FilterExpression | bool]
    ) -> None:
        self.name, self.attributes = name, attributes

    def render(self, context: Context) -> SafeString:
        """The element, with the context's nonce if it has one."""
        given = {
            name: _unsafe(value.resolve(context)) if isinstance(value, FilterExpression) else value
            for name, value in self.attributes.items()
        }
        return elements.element(self.name.resolve(context), _nonce(context) | given)


def _unsafe(value: Any) -> Any:
    """`value`, to be escaped: safe text may hold the quote that ends an attribute."""
    return value + "" if isinstance(value, str) else value


def _nonce(context: Context) -> dict[str, Any]:
    """The nonce of this response: Django's own, or the one django-csp puts on the request."""
    nonce = context.get("csp_nonce")
    if nonce is None:
        nonce = getattr(context.get("request"), "csp_nonce", None)
    return {} if nonce is None else {"nonce": str(nonce)}
