"""A root with files, rows and a ledger, made by hand and not by a storage."""

from pathlib import Path

from django.apps import apps

from roots import digests
from tests.project.models import Document


def put(root: Path, name: str, content: bytes = b"hello") -> Path:
    """A file."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o644)
    return path


def record(name: str, content: bytes = b"hello", **facts):
    """A row of the ledger."""
    known = {"size": len(content), "digest": digests.of_bytes(content), "storage": "default"}
    return ledger().objects.create(name=name, **(known | facts))


def keep(root: Path, name: str, content: bytes = b"hello") -> Document:
    """A file that a row names and the ledger knows."""
    put(root, name, content)
    record(name, content)
    (row,) = Document.objects.bulk_create([Document(file=name)])
    return row


def ledger():
    """The model of the ledger."""
    return apps.get_model("roots", "StoredFile")
