"""Findings as a person reads them: the worst first, each with what, why and fix."""

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from roots.doctor.finding import Finding, Severity

Paint = Callable[[Severity, str], str]
"""Colours a text as bad as it is; the identity where there are no colours."""
_LABEL_WIDTH = 7
_WORDS = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.INFO: ("note", "notes"),
}


def told(finding: Finding, paint: Paint, width: int = 100) -> str:
    """`finding` in a few lines of at most `width` columns; lines that are indented in a text are
    code, and are left as they are."""
    word = _WORDS[finding.severity][0].upper()
    title = f"{paint(finding.severity, f'{word:<{_LABEL_WIDTH}}')} {finding.slug}  {finding.id}"
    parts = [("", finding.what), ("why", finding.why), ("fix", finding.fix)]
    if finding.where:
        parts.insert(1, ("where", finding.where))
    return "\n".join([title, *(_part(label, text, width) for label, text in parts)])


def summary(findings: Sequence[Finding]) -> str:
    """How many of each kind, and how many `--fix` can mend.

    >>> summary([])
    'No mistake found.'
    """
    if not findings:
        return "No mistake found."
    counts = Counter(finding.severity for finding in findings)
    told = ", ".join(
        f"{counts[severity]} {_WORDS[severity][counts[severity] > 1]}"
        for severity in sorted(counts, reverse=True)
    )
    repairs = sum(finding.repair is not None for finding in findings)
    return f"{told}." + (f" `doctor --fix` can mend {repairs} of them." if repairs else "")


def _part(label: str, text: str, width: int) -> str:
    lines = list(_laid_out(text, width - _LABEL_WIDTH - 1))
    return "\n".join(
        f"{label if first else '':<{_LABEL_WIDTH}} {line}".rstrip()
        for first, line in zip([True, *[False] * len(lines)], lines, strict=False)
    )


def _laid_out(text: str, width: int) -> Iterable[str]:
    for line in text.splitlines():
        if line[:1].isspace() or not line:
            yield line
        else:
            yield from textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
