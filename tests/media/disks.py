"""Small disks for tests that fill them."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def mounted(directory: Path, size: int, *more: str) -> Iterator[None]:
    """A disk of `size` bytes at `directory`, which is there, with `more` options of tmpfs; skips
    where none can be mounted."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    options = ",".join((f"size={size}", *more))
    command = ["mount", "-t", "tmpfs", "-o", options, "roots-test", directory]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here, even as root")
    try:
        yield
    finally:
        # Lazy: a file that the garbage collector has not closed yet must not keep the disk mounted.
        subprocess.run(["umount", "--lazy", directory], check=True)
