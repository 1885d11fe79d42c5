"""What a script imports, found another way: with tree-sitter's whole syntax tree."""

import tree_sitter
import tree_sitter_javascript

Found = tuple[str, int, int]
"""Role, start and end of a specifier, without its quotes."""

_LANGUAGE = tree_sitter.Language(tree_sitter_javascript.language())
_QUERY = tree_sitter.Query(
    _LANGUAGE,
    """
    (import_statement source: (string) @static)
    (export_statement source: (string) @static)
    (call_expression function: (import) arguments: (arguments . [(string) (template_string)] @call))
    (call_expression
      function: (member_expression) @resolve
      arguments: (arguments . [(string) (template_string)] @resolved)
      (#match? @resolve "^import\\\\s*[.]\\\\s*meta\\\\s*[.]\\\\s*resolve$"))
    (new_expression
      constructor: [(identifier) (member_expression)] @class
      arguments: (arguments . [(string) (template_string)] @url . (member_expression) @base .)
      (#match? @class "^((globalThis|window|self)[.])?URL$")
      (#match? @base "^import[.]meta[.]url$"))
    """,
)
_ROLES = {"static": "static", "call": "dynamic", "resolved": "dynamic", "url": "url"}


def parse(data: bytes) -> tree_sitter.Tree:
    return tree_sitter.Parser(_LANGUAGE).parse(data)


def imports(data: bytes, tree: tree_sitter.Tree) -> list[Found]:
    """The imports in `tree`, which is `parse(data)`, in order of position."""
    found = [
        (_ROLES[name], node.start_byte + 1, node.end_byte - 1)
        for _, captures in tree_sitter.QueryCursor(_QUERY).matches(tree.root_node)
        for name, nodes in captures.items()
        for node in nodes
        if name in _ROLES and b"${" not in data[node.start_byte : node.end_byte]
    ]
    return sorted(found, key=lambda each: each[1])
