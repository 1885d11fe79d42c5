"""Finds every classic mistake about STATIC_ROOT and MEDIA_ROOT, says why each is one, and
how to mend it.

`rules` say what to look for, `evidence` is what they look at, `project` hands them the evidence.
"""
