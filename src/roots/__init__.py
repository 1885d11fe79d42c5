"""Everything a Django project needs between STATIC_ROOT, MEDIA_ROOT and the browser."""

__version__ = "0.1.0"
