"""What `manage.py media` does to a root: compares it with the tables, tidies it, takes it over."""
