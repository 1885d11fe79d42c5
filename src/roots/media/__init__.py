"""The media half: what users upload while the site runs."""
