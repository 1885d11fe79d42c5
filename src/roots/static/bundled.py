"""Which files a bundler named after their content."""

import posixpath
import re
from collections.abc import Collection

_ENDS_LIKE_VITES = re.compile(r"-[\w-]{8}(?:\.\w+){1,3}\Z")


def among(names: Collection[str], hashed: re.Pattern[str]) -> frozenset[str]:
    """Those of the logical `names` that `hashed` matches, and files that stand with them.

    A hash of Vite's may look like a word. In a directory that holds nothing but names that end as
    its names do, and one that `hashed` matches, all of them are its.

    >>> sure = re.compile(r"-BxY12_9z\\.")
    >>> sorted(among(["a/app-BxY12_9z.js", "a/part-Dploptqj.js", "b/my-Calendar.js"], sure))
    ['a/app-BxY12_9z.js', 'a/part-Dploptqj.js']
    """
    found = {name for name in names if hashed.search(name)}
    directories = {posixpath.dirname(name) for name in found if _ENDS_LIKE_VITES.search(name)}
    if not directories:
        return frozenset(found)
    neighbours = [name for name in names if posixpath.dirname(name) in directories]
    mixed = {posixpath.dirname(name) for name in neighbours if not _ENDS_LIKE_VITES.search(name)}
    return frozenset(found.union(n for n in neighbours if posixpath.dirname(n) not in mixed))
