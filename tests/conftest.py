"""What holds for every test."""

import os

from tests.clamd import clamd  # noqa: F401  # a fixture
from tests.databases import (  # noqa: F401  # fixtures
    child_environ,
    database,
    other_database,
    postgres,
    postgres_database,
    postgres_template,
    sqlite_database,
    sqlite_template,
)

os.environ["ROOTS_BUILD_CACHE"] = ""
"""No test writes to, or gets anything from, the cache of whoever runs it."""

collect_ignore = ["conformance"]
"""Not tests of ours: what makes Django's own tests run, by changing digests as it is imported."""


def pytest_make_parametrize_id(config, val, argname):
    """A long value is named by its length: pytest puts a test's name into the environment, and with
    400 kB there no process starts (E2BIG)."""
    if isinstance(val, bytes | str) and len(val) > 200:
        return f"{argname} of {len(val)}"
    return None
