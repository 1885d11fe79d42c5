"""The ledger's table: one row for every stored file of a `MediaStorage`.

Written by `roots.media.ledger` and read by `manage.py media`; serving a file never asks it.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class StoredFile(models.Model):
    """What is known of one stored file, and what became of it.

    `storage` and `name` are unique together. `digest` is BLAKE3 in hexadecimal, `size` is bytes,
    `content_type` was found in the content, `width` and `height` are pixels and NULL for anything
    but pictures. `owner` is the primary key of who uploaded it, as text, and empty where that is
    not known; `field` is `app.Model.field`, and empty where there are no quotas. `threat` is what a
    scanner found, and empty for nothing or before the first scan; `scanned_at` is when `manage.py
    media rescan` last asked it.
    """

    class State(models.TextChoices):
        """Where the file is in its life."""

        STORED = "stored", "stored"
        QUARANTINED = "quarantined", "quarantined"
        TRASHED = "trashed", "trashed"

    # 255 + 512 characters of four bytes: the longest key that MySQL's InnoDB takes.
    storage = models.CharField(max_length=255)
    name = models.CharField(max_length=512)
    original_name = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=127, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.STORED)
    owner = models.CharField(max_length=64, blank=True)
    stored_at = models.DateTimeField(default=timezone.now)
    trashed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    field = models.CharField(max_length=255, blank=True, default="", db_default="")
    threat = models.CharField(max_length=255, blank=True, default="", db_default="")

    class Meta:
        app_label = "roots"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["storage", "name"], name="roots_storedfile_unique")
        ]
        # Without those that are empty, as most are: they cost an upload nothing.
        indexes: ClassVar = [
            models.Index(
                fields=[column, "state", "size"],
                condition=~models.Q(**{column: ""}),
                name=f"roots_{column}",
            )
            for column in ("owner", "field")
        ]

    def __str__(self) -> str:
        return self.name
