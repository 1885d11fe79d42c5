"""Which part of a Python file only counts while DEBUG is on."""

import ast
from collections.abc import Iterator


def production(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of `tree` but those that only run with DEBUG.

    >>> source = "if settings.DEBUG:\\n    a\\nelse:\\n    b\\nif not settings.DEBUG:\\n    c"
    >>> [node.id for node in production(ast.parse(source)) if isinstance(node, ast.Name)]
    ['settings', 'b', 'settings', 'c']
    """
    pending = [tree]  # and no recursion: an expression may be thousands of nodes deep
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(_children(node))


def _children(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.If | ast.IfExp) and (said := _debug(node.test)) is not None:
        part = node.orelse if said else node.body
        return [node.test, *(part if isinstance(part, list) else [part])]
    return list(ast.iter_child_nodes(node))


def _debug(test: ast.expr) -> bool | None:
    """Whether `test` wants DEBUG on, or off; None where it says nothing of it."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        wanted = _debug(test.operand)
        return None if wanted is None else not wanted
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return next((said for value in test.values if (said := _debug(value)) is not None), None)
    name = getattr(test, "attr", None) or getattr(test, "id", "")
    return True if name in {"DEBUG", "debug", "IS_DEBUG"} else None
