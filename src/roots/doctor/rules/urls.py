"""Mistakes about STATIC_URL and MEDIA_URL."""
