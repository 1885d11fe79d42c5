"""What a collect did, for people on one screen and for machines as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roots.static.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Summary:
    """How the release `after` differs from the one `before`.

    `retired` are files of outlived releases that were deleted, `seconds` what all of it took.
    """

    before: Manifest
    after: Manifest
    retired: tuple[str, ...]
    seconds: float

    @property
    def new(self) -> list[str]:
        """Logical names the release before did not have."""
        return sorted(self.after.paths.keys() - self.before.paths.keys())

    @property
    def gone(self) -> list[str]:
        """Logical names only the release before had."""
        return sorted(self.before.paths.keys() - self.after.paths.keys())

    @property
    def renamed(self) -> list[str]:
        """Logical names whose stored name is another one now."""
        both = self.after.paths.keys() & self.before.paths.keys()
        return sorted(name for name in both if self.after.paths[name] != self.before.paths[name])

    @property
    def variants(self) -> Mapping[str, tuple[int, int]]:
        """Number and bytes of the variants, by encoding."""
        found = dict.fromkeys(self.after.encodings, (0, 0))
        for record in self.after.files.values():
            for encoding, size in record.variants:
                count, total = found.get(encoding, (0, 0))
                found[encoding] = count + 1, total + size
        return found

    def lines(self) -> list[str]:
        """For people."""
        unchanged = len(self.after.paths) - len(self.new) - len(self.renamed)
        total = sum(record.size for record in self.after.files.values())
        counts = [
            f"{len(self.new):,} new",
            f"{len(self.renamed):,} renamed",
            f"{unchanged:,} unchanged",
            f"{len(self.gone):,} gone",
            f"{len(self.retired):,} retired",
        ]
        kinds = [
            f"{encoding} {count:,} ({readable(size)})"
            for encoding, (count, size) in self.variants.items()
        ]
        return [
            f"Files:    {', '.join(counts)}; {readable(total)}",
            f"Variants: {', '.join(kinds) or 'none'}",
            f"Time:     {self.seconds:.2f} s",
        ]

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "new": self.new,
            "renamed": {name: self.after.paths[name] for name in self.renamed},
            "gone": self.gone,
            "retired": list(self.retired),
            "files": len(self.after.paths),
            "bytes": sum(record.size for record in self.after.files.values()),
            "variants": {
                encoding: {"files": count, "bytes": size}
                for encoding, (count, size) in self.variants.items()
            },
            "seconds": round(self.seconds, 3),
        }


def readable(size: int) -> str:
    """`size` bytes in a unit that leaves one to four digits.

    >>> readable(999), readable(12_345), readable(79_100_000)
    ('999 B', '12.3 kB', '79.1 MB')
    """
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError
