"""The cheapest program we can think of that keeps what `MediaStorage.save` promises of a small
upload: whole or not there, held until its transaction ends, told by its content, named by its
digest, never over another file, and in a ledger. No fields, no policies, no errors, no Django.

python -m bench.gallery.floor 10000        prints JSON
"""

import json
import os
import secrets
import sqlite3
import sys
import time
from pathlib import Path

from blake3 import blake3

from bench.gallery.chores import PER_TRANSACTION
from roots.media.content.sniff import sniff

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_TABLE = (
    "CREATE TABLE ledger (id INTEGER PRIMARY KEY, name TEXT UNIQUE, original TEXT, size INTEGER,"
    " digest TEXT, type TEXT, state TEXT, stored_at TEXT)"
)
_INSERT = (
    "INSERT INTO ledger (name, original, size, digest, type, state, stored_at)"
    " VALUES (?, ?, ?, ?, ?, 'stored', '2026-01-01') ON CONFLICT DO NOTHING"
)


def main(count: int, root: str, database: str) -> None:
    """Store `count` files below `root`."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute(_TABLE)
    for folder in ("claims", "loose"):
        Path(root, folder).mkdir(parents=True)
    started_s = time.perf_counter()
    for start in range(0, count, PER_TRANSACTION):
        connection.execute("BEGIN IMMEDIATE")
        stored = [store(root, number) for number in range(start, start + PER_TRANSACTION)]
        connection.executemany(_INSERT, [row for _, row in stored])
        connection.execute("COMMIT")
        for claim, _ in stored:
            os.unlink(claim)
    took_s = time.perf_counter() - started_s
    print(json.dumps({"upload through the storage API": (took_s, count // PER_TRANSACTION)}))


def store(root: str, number: int) -> tuple[str, tuple[object, ...]]:
    """One upload: its claim, and its row."""
    data = b"a small upload %d " % number * 40
    digest = blake3(data).hexdigest()
    name = f"loose/{number}.{digest[:12]}.txt"
    claim = f"{root}/claims/{secrets.token_hex(16)}"
    descriptor = os.open(claim, _CREATE, 0o600)
    os.write(descriptor, data)
    os.fchmod(descriptor, 0o644)
    os.close(descriptor)
    kind = sniff(data).content_type
    os.link(claim, f"{root}/{name}")
    return claim, (name, f"{number}.txt", len(data), digest, kind)


if __name__ == "__main__":
    database = json.loads(os.environ["BENCH_DATABASE"])["NAME"]
    main(int(sys.argv[1]), os.environ["BENCH_ROOT"], database)
