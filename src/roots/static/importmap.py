"""An import map (HTML, 8.1.6.2): what browsers load for a specifier, and the digests to hold it to.

With one on the page, scripts keep the imports their authors wrote, and browsers load stored names.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImportMap:
    """URLs by specifier, and integrity (W3C Subresource Integrity) by URL.

    `text` goes between `<script type="importmap">` and `</script>`: JSON in which nothing can end
    the element. The same for equal maps.

    >>> ImportMap({"lit": "/static/lit.3f2a91c0d4e7.js"}).text
    '{"imports":{"lit":"/static/lit.3f2a91c0d4e7.js"}}'
    >>> ImportMap({}).text
    ''
    """

    imports: Mapping[str, str]
    integrity: Mapping[str, str] = field(default_factory=dict)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        parts = {"imports": self.imports, "integrity": self.integrity}
        content = {key: part for key, part in parts.items() if part}
        text = json.dumps(content, sort_keys=True, separators=(",", ":")) if content else ""
        for special in "<>&":
            text = text.replace(special, f"\\u{ord(special):04x}")
        object.__setattr__(self, "text", text)

    @property
    def csp_hash(self) -> str:
        """The source for `script-src` that allows exactly this map (CSP 3), quotes included.

        >>> ImportMap({"a": "/static/a.js"}).csp_hash
        "'sha256-MWLEXFtqcR/sDLM/vvyfkP2IFQhogYr0W5pMhJXkw64='"
        """
        digest = hashlib.sha256(self.text.encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"
