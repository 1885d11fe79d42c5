"""What a link to a private file costs, beside Django's own signer, in one run.

    python -m bench.signing
    python -m bench.signing --count 100000 --rounds 9

Milliseconds for `--count` files, the best of `--rounds` rounds, every contender in every round.
"""

import argparse
import hmac
import os
import time
from collections.abc import Callable, Iterator

from blake3 import blake3

NAMES = [f"2026/größe {number:05}.3f2a91c0d4e7.pdf" for number in range(10_000)]
Job = Callable[[str], object]


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    set_up()
    jobs = dict(contenders())
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(options.rounds):
        for what, job in jobs.items():
            best[what] = min(best[what], took_ms(job, options.count))
    print(f"| {options.count:,} files | ms |\n| --- | --- |")
    for what, ms in best.items():
        print(f"| {what} | {ms:.1f} |")


def set_up() -> None:
    """A project with one signed storage."""
    import django
    from django.conf import settings

    options = {"access": "signed", "location": "/srv/private", "base_url": "/private/"}
    private = {"BACKEND": "roots.media.storage.MediaStorage", "OPTIONS": options}
    settings.configure(SECRET_KEY="k" * 50, STORAGES={"private": private}, INSTALLED_APPS=["roots"])
    django.setup()


def contenders() -> Iterator[tuple[str, Job]]:
    """What is measured, by what it is called."""
    from django.core.files.storage import FileSystemStorage, storages
    from django.core.signing import TimestampSigner

    private, plain, stamp = storages["private"], FileSystemStorage("/x", "/x/"), TimestampSigner()
    gate, key = private.links, b"k" * 32
    links = {name: private.url(name).partition("?")[2] for name in NAMES}
    stamps = {name: stamp.sign(name) for name in NAMES}
    yield "make: FileSystemStorage.url, not signed", plain.url
    yield "make: roots, the whole link", private.url
    yield "make: roots, the signed part alone", gate.query
    yield "make: TimestampSigner.sign, the name alone", stamp.sign
    yield "check: roots", lambda name: gate.admit(name, links[name])
    yield "check: TimestampSigner.unsign", lambda name: stamp.unsign(stamps[name], max_age=3600)
    yield "of that, HMAC-SHA-256", lambda name: hmac.digest(key, name.encode(), "sha256")
    yield "BLAKE3 with a key instead", lambda name: blake3(name.encode(), key=key).digest(16)


def took_ms(job: Job, count: int) -> float:
    """Milliseconds for `count` names in turn."""
    names = [NAMES[number % len(NAMES)] for number in range(count)]
    start = time.perf_counter()
    for name in names:
        job(name)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
