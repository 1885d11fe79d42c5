"""Mistakes about what users may upload, and how it comes back."""
