"""Orders files so that each comes after the files it refers to; circles become one group."""

from collections.abc import Collection, Iterator, Mapping


def groups(references: Mapping[str, Collection[str]]) -> list[tuple[str, ...]]:
    """The strongly connected groups of a graph, referred-to before referring, members sorted.

    Every name that is referred to must be a key. Linear in names and references, as deep as memory
    allows (Tarjan 1972, without recursion), and the same whatever the order of the mapping.

    >>> groups({"a.css": ["b.css"], "b.css": ["a.css", "c.png"], "c.png": []})
    [('c.png',), ('a.css', 'b.css')]
    """
    return list(_Search(references).run())


class _Search:
    def __init__(self, references: Mapping[str, Collection[str]]) -> None:
        self.references = references
        self.number: dict[str, int] = {}  # in the order of discovery
        self.lowest: dict[str, int] = {}  # lowest open number reachable from here
        self.open: dict[str, None] = {}  # discovered, group not known yet; a stack

    def run(self) -> Iterator[tuple[str, ...]]:
        for name in sorted(self.references):
            if name not in self.number:
                yield from self._visit(name)

    def _visit(self, root: str) -> Iterator[tuple[str, ...]]:
        path = [(root, self._enter(root))]
        while path:
            name, targets = path[-1]
            for target in targets:
                if target not in self.number:
                    path.append((target, self._enter(target)))
                    break
                if target in self.open:
                    self.lowest[name] = min(self.lowest[name], self.number[target])
            else:
                path.pop()
                if path:
                    referrer = path[-1][0]
                    self.lowest[referrer] = min(self.lowest[referrer], self.lowest[name])
                if self.lowest[name] == self.number[name]:
                    yield self._close(name)

    def _enter(self, name: str) -> Iterator[str]:
        self.number[name] = self.lowest[name] = len(self.number)
        self.open[name] = None
        return iter(sorted(self.references[name]))

    def _close(self, first: str) -> tuple[str, ...]:
        members = []
        while first in self.open:
            members.append(self.open.popitem()[0])
        return tuple(sorted(members))
