"""Asks a running site, over HTTP, for what it should serve and for what it should not."""
