"""The site that serving tests share: built once, read by all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from roots.serve.reports import REPORTS
from tests.serve.site import Site, build


@pytest.fixture(autouse=True)
def fresh_reports() -> None:
    """No test finds that the log was told already."""
    REPORTS.forget()


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
def site(folder: Path, django_db_setup: None, django_db_blocker: Any) -> Site:
    """Both roots, filled, and what is uploaded recorded."""
    with django_db_blocker.unblock():
        return build(folder)
