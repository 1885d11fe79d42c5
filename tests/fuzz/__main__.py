"""Look for a request, an upload or a form that breaks something, for as long as told.

    python -m tests.fuzz --seconds 60               requests for files
    python -m tests.fuzz files --seconds 60         what is uploaded, and its name
    python -m tests.fuzz forms --seconds 60         bodies of forms with files

Guided by coverage where atheris is installed (`pip install atheris`), else by Hypothesis. What it
finds is printed as bytes; add them to EXAMPLES in the target's module.
"""

import argparse
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import django
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from tests.fuzz import files, forms, shapes
from tests.fuzz import target as requests


class Found(Protocol):
    """What a target's module makes."""

    def check(self, data: bytes) -> None:
        """Raises where something breaks."""


class Kind(NamedTuple):
    """A target's module, and the shapes that its bytes usually have."""

    module: Any
    shapes: SearchStrategy[bytes]


KINDS = {
    "requests": Kind(requests, shapes.REQUESTS),
    "files": Kind(files, files.FILES),
    "forms": Kind(forms, forms.BODIES),
}


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=KINDS, nargs="?", default="requests")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    kind = KINDS[options.kind]
    django_settings.configure(ALLOWED_HOSTS=["*"])
    django.setup()
    with kind.module.target() as found:
        (guided if find_spec("atheris") else at_random)(found, kind, options.seconds)


def guided(found: Found, kind: Kind, seconds: int) -> None:
    """By what of our code the bytes reach."""
    import atheris

    atheris.instrument_all()
    with tempfile.TemporaryDirectory(prefix="roots-corpus-") as corpus:
        for number, example in enumerate(kind.module.EXAMPLES):
            Path(corpus, str(number)).write_bytes(example)
        # leaks: the threads that read files live as long as the process
        options = [sys.argv[0], corpus, f"-max_total_time={seconds}", "-detect_leaks=0"]
        atheris.Setup(options, found.check)
        atheris.Fuzz()


def at_random(found: Found, kind: Kind, seconds: int) -> None:
    """By shapes that such bytes have."""
    deadline = time.monotonic() + seconds
    tried = 0

    @settings(
        max_examples=2_000,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(kind.shapes)
    def check(data: bytes) -> None:
        nonlocal tried
        tried += 1
        found.check(data)

    while time.monotonic() < deadline:
        check()
    print(f"{tried:,} tried, nothing found.")


if __name__ == "__main__":
    main()
