"""Look for a request that breaks something, for as long as told.

    python -m tests.fuzz --seconds 60

Guided by coverage where atheris is installed (`pip install atheris`), else by Hypothesis. What it
finds is printed as bytes; add them to EXAMPLES in tests/fuzz/target.py.
"""

import argparse
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.shapes import REQUESTS
from tests.fuzz.target import EXAMPLES, Target, target


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    with target() as found:
        (guided if find_spec("atheris") else at_random)(found, seconds)


def guided(found: Target, seconds: int) -> None:
    """By what of the serving core a request reaches."""
    import atheris

    atheris.instrument_all()
    with tempfile.TemporaryDirectory(prefix="roots-corpus-") as corpus:
        for number, example in enumerate(EXAMPLES):
            Path(corpus, str(number)).write_bytes(example)
        # leaks: the threads that read files live as long as the process
        options = [sys.argv[0], corpus, f"-max_total_time={seconds}", "-detect_leaks=0"]
        atheris.Setup(options, found.check)
        atheris.Fuzz()


def at_random(found: Target, seconds: int) -> None:
    """By shapes that requests have."""
    deadline = time.monotonic() + seconds
    tried = 0

    @settings(
        max_examples=2_000,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(REQUESTS)
    def check(data: bytes) -> None:
        nonlocal tried
        tried += 1
        found.check(data)

    while time.monotonic() < deadline:
        check()
    print(f"{tried:,} requests, nothing found.")


if __name__ == "__main__":
    main()
