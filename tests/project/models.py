"""Stock fields, as a project has them: nothing here knows of django-roots."""

import uuid

from django.core.files.storage import default_storage
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


def anywhere():
    """A storage that a field asks for when it is made."""
    return default_storage


def named_by_email(instance, filename):
    return f"members/{instance.email}/{filename}"


class PresentManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().exclude(email__startswith="gone")


class Member(models.Model):
    """All that a project may do with file fields."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.CharField(max_length=50, unique=True)
    photo = models.FileField(upload_to="members", default="members/nobody.png")
    letter = models.FileField(upload_to=named_by_email, storage=anywhere, null=True)

    objects = PresentManager()

    def __str__(self):
        return self.email


class Scan(models.Model):
    member = models.ForeignKey(Member, models.CASCADE)
    file = models.FileField(upload_to="scans")

    def __str__(self):
        return str(self.file)


class Paper(Document):
    class Meta:
        proxy = True
