"""Python files of a project, read without being run."""

import ast


def parsed(source: str | bytes) -> ast.Module:
    """The tree of `source`; an empty one where it is no Python, or too deep for this one.

    >>> len(parsed("a = 1").body), parsed("{% block %}").body
    (1, [])
    """
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])
