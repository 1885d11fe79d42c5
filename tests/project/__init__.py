"""The small Django project that tests use, an installed app with models of its own."""
