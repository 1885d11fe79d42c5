"""A project with uploads, for measurements: one model, any storage, any database."""
