"""Pictures, read and cleaned without decoding them: what their headers say, and nothing more."""
