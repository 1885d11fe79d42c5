"""Stock fields only, so that every contender can have them."""

from django.db import models


class Photo(models.Model):
    """A row that names a file."""

    title = models.CharField(max_length=50, blank=True)
    file = models.FileField(upload_to="photos")

    def __str__(self) -> str:
        return self.title
