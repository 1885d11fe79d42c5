"""Caps on what a request may bring, counted before Django parses any of it."""
