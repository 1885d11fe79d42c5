"""One model for each kind of field."""

from django.db import models

from roots.media.fields import FileField, ImageField
from roots.media.presets import Archives, Documents, Images


class Guarded(models.Model):
    """What a field with a policy accepts."""

    file = FileField(
        policy=Images(clean=False) | Documents() | Archives(), upload_to="guarded", max_length=300
    )

    def __str__(self):
        return str(self.file)


class Picture(models.Model):
    """What a field for pictures accepts."""

    file = ImageField(upload_to="pictures", max_length=300)

    def __str__(self):
        return str(self.file)


class Open(models.Model):
    """What one of Django's own fields accepts: everything."""

    file = models.FileField(upload_to="open", max_length=300)

    def __str__(self):
        return str(self.file)
