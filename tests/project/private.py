"""Settings of the small project with private files besides, and who may read them."""

from tests.project.settings import *  # noqa: F403
from tests.project.settings import FOLDER, STORAGES

ROOT_URLCONF = "tests.project.private_urls"
STORAGES = {
    **STORAGES,
    "contracts": {
        "BACKEND": "roots.media.storage.MediaStorage",
        "OPTIONS": {
            "access": "signed",
            "location": FOLDER / "contracts",
            "base_url": "/contracts/",
        },
    },
    "papers": {
        "BACKEND": "roots.media.storage.MediaStorage",
        "OPTIONS": {
            "access": "view",
            "authorize": "tests.project.private.may_read",
            "location": FOLDER / "papers",
            "base_url": "/papers/",
        },
    },
}


def may_read(request, file):
    """Only Ana may, and only what is hers: the folder with her name."""
    return request.headers.get("X-Visitor") == "ana" and file.name.startswith("ana/")
