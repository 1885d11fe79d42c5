"""One model per kind of upload. Policies say what fields accept; those without are Django's."""

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models.fields.files import FieldFile

from roots.media.fields import FileField, ImageField
from roots.media.presets import Anything, Images


class Upload(models.Model):
    """What the three kinds share: a name to show and the moment it came in."""

    name = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def stored(self) -> FieldFile:
        """The uploaded file."""
        raise NotImplementedError

    @property
    def size_bytes(self) -> int | None:
        """Size of the file; None where it has vanished from the disk."""
        storage: Storage = self.stored.storage
        try:
            return storage.size(self.stored.name)
        except OSError:
            return None


class Profile(Upload):
    """A gardener and their picture."""

    avatar = ImageField(
        "profile picture",
        policy=Images(max_bytes=5 << 20, max_pixels=30_000_000),
        upload_to="avatars/",
        max_length=255,
    )

    @property
    def stored(self) -> FieldFile:
        return self.avatar


class Product(Upload):
    """A plant for sale."""

    image = ImageField("product image", policy=Images(), upload_to="products/", max_length=255)

    @property
    def stored(self) -> FieldFile:
        return self.image


class Document(Upload):
    """A care guide, or any other file."""

    file = FileField(
        "document", policy=Anything(max_bytes=50 << 20), upload_to="documents/", max_length=255
    )

    @property
    def stored(self) -> FieldFile:
        return self.file


def invoices() -> Storage:
    """Where links expire."""
    return storages["invoices"]


def notes() -> Storage:
    """Where each reader is looked at."""
    return storages["notes"]


class Invoice(Upload):
    """What a customer is sent a link to."""

    file = models.FileField("invoice", storage=invoices, max_length=255)

    @property
    def stored(self) -> FieldFile:
        return self.file


class Note(Upload):
    """What only the staff may read."""

    file = models.FileField("staff note", storage=notes, max_length=255)

    @property
    def stored(self) -> FieldFile:
        return self.file
