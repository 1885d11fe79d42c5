"""Private files behind real proxies: proxyconf never gives them a place of their own."""

import pytest

from tests.serve.private_cases import faults, fill, storages_in
from tests.serve.proxies.running import proxied

PROJECT = {"django": "gunicorn", "project": "tests.project.private"}


@pytest.mark.parametrize(
    ("proxy", "roots"),
    [
        ("nginx", {}),
        ("nginx", {"OFFLOAD": "nginx"}),
        ("caddy", {"OFFLOAD": "caddy"}),
        ("apache", {"OFFLOAD": "apache"}),
    ],
)
def test_private_files_are_for_those_who_may_read_them(proxy, roots, folder, site, settings):
    fill(folder)
    settings.STORAGES = storages_in(folder)
    with proxied(proxy, folder, **PROJECT, **roots) as server:
        found = faults(server, folder)
    assert not found, "\n".join(found)
