"""Stock fields, as a project has them: nothing here knows of django-roots."""

from django.db import models


class Document(models.Model):
    title = models.CharField(max_length=50, blank=True)
    file = models.FileField(upload_to="documents/%Y", blank=True)

    def __str__(self):
        return self.title


class Picture(models.Model):
    image = models.ImageField(upload_to="pictures", width_field="width", height_field="height")
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)

    def __str__(self):
        return str(self.image)


class Attachment(Document):
    """Rows of a child table: the file's column is the parent's."""

    second = models.FileField(upload_to="attachments", blank=True, max_length=60)
