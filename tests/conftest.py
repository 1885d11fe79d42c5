"""What holds for every test."""

import os

os.environ["ROOTS_BUILD_CACHE"] = ""
"""No test writes to, or gets anything from, the cache of whoever runs it."""

collect_ignore = ["conformance"]
"""Not tests of ours: what makes Django's own tests run, by changing digests as it is imported."""
