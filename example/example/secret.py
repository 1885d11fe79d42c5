"""The secret key: from the environment, or made once and kept beside the project."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(file: Path) -> str:
    """`DJANGO_SECRET_KEY`, or what `file` holds; a new key is put there if it is missing.

    The file is readable by its owner alone and belongs in `.gitignore`.
    """
    if from_environment := os.environ.get("DJANGO_SECRET_KEY"):
        return from_environment
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with open(descriptor, "w") as stream:
        stream.write(key := get_random_secret_key())
    return key
