"""A stored file's life: held by open transactions, named by rows, and gone when nobody needs it.

docs/decisions/0008-lifecycle.md has the argument.
"""
