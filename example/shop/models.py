"""One model per kind of upload. The fields are Django's own; nothing here knows `roots`."""

from django.core.files.storage import Storage
from django.db import models
from django.db.models.fields.files import FieldFile


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

    avatar = models.ImageField("profile picture", upload_to="avatars/", max_length=255)

    @property
    def stored(self) -> FieldFile:
        return self.avatar


class Product(Upload):
    """A plant for sale."""

    image = models.ImageField("product image", upload_to="products/", max_length=255)

    @property
    def stored(self) -> FieldFile:
        return self.image


class Document(Upload):
    """A care guide, or any other file."""

    file = models.FileField("document", upload_to="documents/", max_length=255)

    @property
    def stored(self) -> FieldFile:
        return self.file
