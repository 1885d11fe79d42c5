"""Requests that nobody would think of. `python -m tests.fuzz --seconds 60` looks for worse."""
