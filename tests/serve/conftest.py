"""The site that serving tests share: built once, read by all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.serve.site import Site, build


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with `source`, `static` and `media`, which the settings name meanwhile."""
    folder = tmp_path_factory.mktemp("site")
    with override_settings(
        STATICFILES_DIRS=[folder / "source"],
        STATIC_ROOT=folder / "static",
        MEDIA_ROOT=folder / "media",
    ):
        yield folder


@pytest.fixture(scope="session")
def site(folder: Path) -> Site:
    """Both roots, filled."""
    return build(folder)
