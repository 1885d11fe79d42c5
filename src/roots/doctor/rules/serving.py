"""Mistakes about who serves the two roots in production."""
