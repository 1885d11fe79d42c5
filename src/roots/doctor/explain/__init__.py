"""The life of one file, from where it came to how it is served, or why it is not."""
