"""The Django app that `INSTALLED_APPS = ["roots", ...]` installs: configuration, commands, tags.

It lives below `roots` because Django treats an app's own folder as content: with the app at `roots`
itself, its finder would publish the Python package `roots.static` as static files.
"""
