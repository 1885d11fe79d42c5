"""What .dockerignore leaves out of a build context.

https://docs.docker.com/build/concepts/context/#dockerignore-files: the last pattern that matches
counts, `!` takes back, a directory takes along what is in it.
"""

import re


def is_ignored(text: str, path: str) -> bool:
    """Whether the rules in `text` leave `path`, relative to the context, out.

    >>> is_ignored("media", "media/a.jpg"), is_ignored("*\\n!media", "media/a.jpg")
    (True, False)
    >>> is_ignored("media", "site/media"), is_ignored("**/media", "site/media")
    (False, True)
    """
    is_out = False
    for line in text.splitlines():
        rule = line.strip()
        if not rule or rule.startswith("#"):
            continue
        is_taken_back = rule.startswith("!")
        if _matches(rule.removeprefix("!"), path):
            is_out = not is_taken_back
    return is_out


def _matches(rule: str, path: str) -> bool:
    pattern = _expression(rule.strip().strip("/").removeprefix("./"))
    parts = path.strip("/").split("/")
    return any(pattern.fullmatch("/".join(parts[:count])) for count in range(1, len(parts) + 1))


def _expression(rule: str) -> re.Pattern[str]:
    found = []
    for part in re.findall(r"\*\*/?|\*|\?|\[[^\]]*\]|[^*?\[]+|\[", rule):
        match part:
            case "**/":
                found.append("(?:.*/)?")
            case "**":
                found.append(".*")
            case "*":
                found.append("[^/]*")
            case "?":
                found.append("[^/]")
            case _:
                is_class = len(part) > 1 and part.startswith("[")
                found.append(part if is_class else re.escape(part))
    try:
        return re.compile("".join(found), re.DOTALL)
    except re.error:  # Docker refuses it, too: it leaves nothing out
        return re.compile(r"(?!)")
