"""A process is killed at every step of storing and replacing a file: nothing lost, nothing half."""

import os
import signal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from roots.media import intake, ledger, trash
from roots.media.abandoned import sweep_claims, sweep_staging
from roots.media.lifecycle import claims, marks, settling
from tests.project.models import Document

OLD = b"old" * 50_000
NEW = b"new" * 50_000
SMALL = b"new"
"""Fits one chunk, and so takes another way to its place."""
STEPS = {
    "writing the upload": (intake.StagingFile, "write"),
    "writing it at once": (intake, "_write_all"),
    "naming it": (os, "link"),
    "recording it": (ledger, "record"),
    "committing": (connection, "_commit"),
    "letting go of the claim": (claims, "commit"),
    "marking what was replaced": (marks, "mark"),
    "asking the tables": (settling, "named"),
    "moving it to the trash": (trash, "put"),
    "recording that": (ledger, "trashed"),
}


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(function, moment):
    def call(*arguments, **options):
        if moment == "before":
            die()
        function(*arguments, **options)
        die()

    return call


def killed(step, moment, act):
    """Do `act` in a process that is killed right before or after `step`."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            owner, name = STEPS[step]
            owner = connection if owner is connection else owner
            setattr(owner, name, deadly(getattr(owner, name), moment))
            act()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, f"{step} never came"


CASES = [(step, SMALL if step == "writing it at once" else NEW) for step in STEPS]
CASES += [(step, SMALL) for step in ("naming it", "committing", "letting go of the claim")]


def replace(data):
    with transaction.atomic():
        row = Document.objects.get()
        row.file = ContentFile(data, "a.txt")
        row.save()


def sweep(root):
    """What a day later the next process does, and `manage.py media sweep`."""
    sweep_staging(root / ".roots/staging", older_than_s=-5)
    sweep_claims(intake.claims_of(root), older_than_s=-5)
    settling.settle(default_storage, files(root))


def files(root):
    found = root.rglob("*.txt")
    return {p.relative_to(root).as_posix(): p for p in found if ".roots" not in p.parts}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("step", "new"), CASES, ids=[f"{s}-{len(n)}" for s, n in CASES])
def test_a_process_killed_at_any_step_loses_nothing(database, media_root, step, new, moment):
    old = Document.objects.create(file=ContentFile(OLD, "a.txt")).file.name
    killed(step, moment, lambda: replace(new))
    named = Document.objects.get().file.name
    found = files(media_root)
    assert named in found
    assert {path.read_bytes() for path in found.values()} <= {OLD, new}
    assert found[named].read_bytes() == (OLD if named == old else new)
    sweep(media_root)
    assert set(files(media_root)) == {named}
    lost = {OLD, new} - {found[named].read_bytes()}
    kept = {entry.path.read_bytes() for entry in trash.entries(media_root)}
    assert OLD in lost & kept or named == old
    assert not list(media_root.glob(".roots/[sc]*/*"))  # staging and claims
    replace(new)
    assert [path.read_bytes() for path in files(media_root).values()] == [new]
