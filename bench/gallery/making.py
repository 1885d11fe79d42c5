"""Makes a large root and its rows, as fast as it goes.

    python -m bench.gallery.making 1000000 [--flat]

A file in a thousand has no row, which is what an audit is to find.
"""

import argparse
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

FILES_IN_A_FOLDER = 1_000
ORPHAN_EVERY = 1_000
_CONTENT = b"hello"
_DIGEST = "ea8f163db38682925e4491c5e58d4bb3506ef8c14eb78a86e908c5624a67200f"


def names(count: int, *, is_flat: bool) -> Iterator[str]:
    """The names of all files."""
    for number in range(count):
        folder = "photos" if is_flat else f"photos/{number // FILES_IN_A_FOLDER:04}"
        yield f"{folder}/picture {number:07}.ea8f163db386.jpg"


def make_files(root: Path, count: int, *, is_flat: bool) -> None:
    """All files, of a few bytes each."""
    for name in names(count, is_flat=is_flat):
        try:
            descriptor = os.open(f"{root}/{name}", os.O_WRONLY | os.O_CREAT, 0o644)
        except FileNotFoundError:
            (root / name).parent.mkdir(parents=True)
            descriptor = os.open(f"{root}/{name}", os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(descriptor, _CONTENT)
        os.close(descriptor)


def make_rows(count: int, *, is_flat: bool) -> None:
    """A row and a record of every file but those that are orphans."""
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", run_syncdb=True, verbosity=0)
    named = (
        name for number, name in enumerate(names(count, is_flat=is_flat)) if number % ORPHAN_EVERY
    )
    now = connection.ops.adapt_datetimefield_value(datetime.now(UTC))
    insert_photo = "INSERT INTO gallery_photo (title, file) VALUES ('', %s)"
    insert_record = (
        "INSERT INTO roots_storedfile (storage, name, original_name, size, digest, content_type,"
        f" state, owner, stored_at) VALUES ('default', %s, '', {len(_CONTENT)}, '{_DIGEST}',"
        " 'image/jpeg', 'stored', '', %s)"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        while some := [name for _, name in zip(range(10_000), named, strict=False)]:
            cursor.executemany(insert_photo, [(name,) for name in some])
            cursor.executemany(insert_record, [(name, now) for name in some])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    """Parse and make."""
    import django
    from django.conf import settings

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--flat", action="store_true")
    options = parser.parse_args()
    django.setup()
    make_rows(options.count, is_flat=options.flat)
    root = Path(settings.MEDIA_ROOT)
    if not root.exists():
        make_files(root, options.count, is_flat=options.flat)


if __name__ == "__main__":
    main()
