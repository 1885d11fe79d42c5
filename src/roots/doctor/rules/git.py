"""Roots that were committed to git, or copied into images."""
