"""Reads a Dockerfile as far as it says what is copied where, and who runs it."""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_COMMENT = re.compile(r"^\s*#")
_STAGE = re.compile(r"(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
_FROM = re.compile(r"--from=(\S+)")
_ASSIGNED = re.compile(r"""(\w+)=("[^"]*"|'[^']*'|\S*)""")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_HEREDOC = re.compile(r"<<-?[\"']?(\w+)")


@dataclass(frozen=True, slots=True)
class Instruction:
    """`NAME value`, as it stands in `line`."""

    name: str
    value: str
    line: int

    @property
    def words(self) -> list[str]:
        """What it names, without its flags, whether as JSON or in words."""
        words = [word for word in self.value.split() if not word.startswith("--")]
        if not words or not words[0].startswith("["):
            return words
        try:
            return [str(each) for each in json.loads(" ".join(words))]
        except ValueError:
            return words


@dataclass(frozen=True, slots=True)
class Image:
    """What a stage of a Dockerfile does, with what it takes from the stage it is made from;
    `stages` are those before it, by name and number."""

    instructions: tuple[Instruction, ...]
    stages: Mapping[str, "Image"]

    def last(self, name: str) -> Instruction | None:
        """The instruction of this name that counts: the last; None where there is none."""
        found = [each for each in self.instructions if each.name == name]
        return found[-1] if found else None

    @property
    def volumes(self) -> list[str]:
        """Directories it declares as volumes."""
        return [word for each in self.instructions if each.name == "VOLUME" for word in each.words]

    def path_of(self, path: str) -> str | None:
        """Where `path`, relative to the build context, is in the container; None where it is not
        copied. A variable that is set elsewhere stays in it.

        >>> parse("FROM x\\nWORKDIR /app\\nCOPY . .").path_of("site/media")
        '/app/site/media'
        """
        found = None
        for stage, source, target in self._copies():
            start = self.stages[stage].path_of(path) if stage in self.stages else path
            below = _below(start, source) if start and (stage in self.stages or not stage) else None
            if below is not None:
                found = posixpath.normpath(posixpath.join(target, below))
        return found

    def _copies(self) -> Iterator[tuple[str, str, str]]:
        """The stage ("" for the build context), what is copied of it, and where it is then."""
        directory = "/"
        variables: dict[str, str] = {}
        for each in self.instructions:
            if each.name in ("ENV", "ARG"):
                variables |= _set(each.value, variables)
            elif each.name == "WORKDIR":
                named = _filled(each.value.strip("\"'"), variables)
                directory = posixpath.normpath(posixpath.join(directory, named))
            elif each.name in ("COPY", "ADD"):
                said = _FROM.search(each.value)
                stage = said[1].lower() if said else ""
                *sources, target = (_filled(word, variables) for word in each.words or [""])
                for source in sources:
                    start = source if said else source.lstrip("/") or "."
                    yield stage, posixpath.normpath(start), posixpath.join(directory, target)


def parse(text: str) -> Image:
    """The image that a Dockerfile makes: its last stage."""
    stages: dict[str, Image] = {}
    current = Image((), {})
    number, name = -1, ""
    for each in _instructions(text):
        if each.name == "FROM":
            found = _STAGE.match(each.value)
            base, name = (found[1], (found[2] or "")) if found else ("", "")
            start = stages[base.lower()].instructions if base.lower() in stages else ()
            current, number = Image(start, dict(stages)), number + 1
        current = Image((*current.instructions, each), current.stages)
        stages[str(number)] = stages[name.lower() or str(number)] = current
    return current


def _set(value: str, variables: Mapping[str, str]) -> dict[str, str]:
    """What `ENV value` or `ARG value` sets: `NAME=value`, any number of them, or `NAME value`."""
    found = {name: value.strip("\"'") for name, value in _ASSIGNED.findall(value)}
    if not found and " " in value:
        found = dict([value.split(None, 1)])
    return {name: _filled(text, variables) for name, text in found.items()}


def _filled(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: variables.get(found[1] or found[2], found[0]), text)


def _instructions(text: str) -> Iterator[Instruction]:
    begun, number, end = "", 1, ""
    for current, line in enumerate(text.splitlines(), 1):
        if end:
            end = "" if line.strip() == end else end
            continue
        if _COMMENT.match(line) or not line.strip():
            continue
        number = number if begun else current
        if line.rstrip().endswith("\\"):
            begun += line.rstrip()[:-1]
            continue
        name, _, value = (begun + line).strip().partition(" ")
        heredoc = _HEREDOC.search(value)
        end, begun = heredoc[1] if heredoc else "", ""
        yield Instruction(name.upper(), value.strip(), number)


def _below(path: str, directory: str) -> str | None:
    """`path` from `directory`, which holds it or is it; else None."""
    if directory in (".", "/"):
        return path.lstrip("/")
    if path == directory:
        return ""
    return path[len(directory) + 1 :] if path.startswith(directory + "/") else None
