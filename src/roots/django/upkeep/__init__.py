"""The parts of `manage.py media`, one module each: what it takes, and what it does."""
