"""`manage.py demo`: the user that the demo is looked at with."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Makes the user `admin` with the password `admin`, once."""

    help = "Create the demo user admin/admin. For this demo only: never run it on a real site."

    def handle(self, **_: Any) -> None:
        users = get_user_model().objects
        if not users.filter(username="admin").exists():
            users.create_superuser("admin", password="admin")  # noqa: S106
        self.stdout.write("The admin (/admin/) opens with admin / admin: for this demo only.")
