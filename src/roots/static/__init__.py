"""The static half: what developers write, collected once per deploy."""
