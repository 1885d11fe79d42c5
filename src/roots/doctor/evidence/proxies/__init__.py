"""The configuration of proxies, as far as it says which directory they serve under which URL."""
