"""What commands are given to work on."""

import pytest
from django.core.management import call_command


@pytest.fixture
def collected(settings, tmp_path):
    """A project that was collected, in the folder a started server will use."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "app.css").write_text("body {}")
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path
