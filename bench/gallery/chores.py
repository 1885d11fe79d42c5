"""What a project does with uploads, timed, with its queries counted.

python -m bench.gallery.chores 10000        prints JSON
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

PER_TRANSACTION = 100


def main(count: int) -> None:
    """Do everything with `count` files."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from bench.gallery.models import Photo

    found = {}
    for title, chore in CHORES.items():
        act = chore(Photo, count)
        found[title] = min(cost(act) for _ in range(REPEATS.get(title, 1)))
    print(json.dumps(found))


def store(_photo: Any, count: int) -> Callable[[], None]:
    """Small uploads through the storage's own API, in transactions."""
    from django.core.files.storage import default_storage

    def one(number: int) -> None:
        default_storage.save(f"loose/{number}.txt", content(number))

    return lambda: in_transactions(one, count)


def upload(photo: Any, count: int) -> Callable[[], None]:
    """Small uploads with a row each, in transactions."""

    def one(number: int) -> None:
        photo(file=content(number)).save()

    return lambda: in_transactions(one, count)


def load(photo: Any, _count: int) -> Callable[[], object]:
    """Every row."""
    return lambda: list(photo.objects.all())


def save_unchanged(photo: Any, count: int) -> Callable[[], None]:
    """Save a tenth of the rows as they are."""
    photos = list(photo.objects.all()[: count // 10])

    def act() -> None:
        from django.db import transaction

        with transaction.atomic():
            for each in photos:
                each.save()

    return act


def delete(photo: Any, _count: int) -> Callable[[], None]:
    """Delete all rows at once."""
    return lambda: photo.objects.all().delete()


REPEATS = {"load all rows": 15}
"""Done more than once, because what is looked for is a small difference; the best time counts."""

CHORES: dict[str, Callable[[Any, int], Callable[[], object]]] = {
    "upload through the storage API": store,
    "upload with a row each": upload,
    "load all rows": load,
    "save a tenth, unchanged": save_unchanged,
    "delete all rows": delete,
}


def content(number: int) -> Any:
    """A small upload, unlike all others."""
    from django.core.files.base import ContentFile

    return ContentFile(b"a small upload %d " % number * 40, f"{number}.txt")


def in_transactions(one: Callable[[int], None], count: int) -> None:
    """`one` for every number, PER_TRANSACTION at a time."""
    from django.db import transaction

    for start in range(0, count, PER_TRANSACTION):
        with transaction.atomic():
            for number in range(start, start + PER_TRANSACTION):
                one(number)


def cost(act: Callable[[], object]) -> tuple[float, int]:
    """Seconds and queries of `act`."""
    from django.db import connection

    queries = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        started_s = time.perf_counter()
        act()
        return time.perf_counter() - started_s, queries


if __name__ == "__main__":
    main(int(sys.argv[1]))
