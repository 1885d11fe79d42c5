"""What there is to know of one file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Fact = str | int | Sequence[str] | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a browser gets for `url`: the status and every header, in their order."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Life:
    """A file of one `half` ("static" or "media"), all that is known of it, by what it is called,
    and `problem`: why a browser gets no file, with what to do; "" where it gets one."""

    half: str
    name: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    answers: tuple[Answered, ...] = ()
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """The life as `--json` lists it."""
        answers = [
            {"url": each.url, "status": each.status, "headers": dict(each.headers)}
            for each in self.answers
        ]
        known = {
            key.replace(" ", "_"): value
            for key, value in self.facts.items()
            if value not in (None, (), "")
        }
        return {
            "half": self.half,
            "name": self.name,
            "problem": self.problem,
            **known,
            "answers": answers,
        }


def told(life: Life) -> str:
    """`life` as lines that people read.

    >>> print(told(Life("static", "a.css", {"source": "/s/a.css", "named by": ("b.css",)})))
    static file a.css
      source    /s/a.css
      named by  b.css
    """
    shown = {key: text for key, value in life.facts.items() if (text := _text(value))}
    width = max(map(len, shown), default=0)
    lines = [f"{life.half} file {life.name}"]
    for key, text in shown.items():
        first, *rest = text.splitlines()
        lines.append(f"  {key:<{width}}  {first}")
        lines += [f"  {'':<{width}}  {line}" for line in rest]
    for answer in life.answers:
        lines += ["", f"  GET {answer.url} is answered {answer.status}"]
        lines += [f"    {name}: {value}" for name, value in answer.headers]
    if life.problem:
        lines += ["", f"  {life.problem}"]
    return "\n".join(lines)


def _text(value: Fact) -> str:
    if isinstance(value, Mapping):
        return "\n".join(
            f"{key} {inner}" for key, inner in value.items() if inner not in ("", None)
        )
    if value is None or isinstance(value, str | int):
        return "" if value is None else str(value)
    return "\n".join(value)
