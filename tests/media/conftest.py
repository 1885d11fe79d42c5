import pytest

from roots.atomic import Modes
from roots.media.moving import Terms
from roots.media.storage import MediaStorage

collect_ignore = ["gate"]
"""A project of its own, whose models only its own settings know."""


@pytest.fixture
def media_root(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def storage(media_root):
    return MediaStorage()


@pytest.fixture
def terms(tmp_path):
    return Terms(tmp_path / "media", Modes(), durable=False)


@pytest.fixture
def stored_files():
    """The names below a root, what is staged, claimed or trashed included; no folders, no lock."""

    def names(root):
        names = (str(p.relative_to(root)) for p in root.rglob("*") if not p.is_dir())
        return sorted(name for name in names if name != ".roots/lock")

    return names
