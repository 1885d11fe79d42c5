"""`manage.py serve`: Granian, started, logged, replaced and stopped as a deployment needs it."""
