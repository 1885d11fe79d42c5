"""Which files a bundler named after their content."""

import posixpath
import re
from collections.abc import Collection

HASHED_NAMES = (
    # webpack, Parcel: `main.3f2a91c0.js`; dates and words are not enough
    r"[.-](?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,64}(?:\.\w+){1,3}$",
    # Vite, Rollup: `app-BxY12_9z.js`, `app-HRnAnZit.js`; `my-DateTime.js` and `Noto-Regular2.ttf`
    # are made of words
    (
        r"-(?=[\w-]{8}(?:\.\w+){1,3}$)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])"
        r"(?!(?:(?:[A-Z]?[a-z]{2,}|[A-Z][a-z]|[0-9]+)[_-]?)+\.)"
    ),
    # esbuild: `chunk-5QK2ZBTL.js`; `a-README22.txt` is none
    r"-(?![A-Z]+[2-7]*\.)(?=[2-7]*[A-Z])[A-Z2-7]{8}(?:\.\w+){1,3}$",
)
"""Regular expressions, to be searched for in logical names: how bundlers name what they made."""

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
