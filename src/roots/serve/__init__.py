"""The serving layer: moves the bytes of both roots, in front of Django, in the same process."""
