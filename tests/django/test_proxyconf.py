"""manage.py proxyconf: what it prints; what real proxies make of it is in tests/serve/proxies."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from roots import mediatypes

PROXIES = ["nginx", "caddy", "apache"]


@pytest.fixture
def roots(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static files"
    settings.MEDIA_ROOT = tmp_path / "media"
    storage = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    return settings


def proxyconf(proxy: str, **options: str) -> str:
    output = io.StringIO()
    call_command("proxyconf", proxy, stdout=output, **options)
    return output.getvalue()


@pytest.mark.parametrize("proxy", PROXIES)
def test_options_say_who_listens_where_and_who_is_behind(roots, proxy):
    printed = proxyconf(
        proxy, server_name="shop.example.org", listen="192.0.2.1:8080", upstream="10.0.0.7:9000"
    )
    assert "shop.example.org" in printed
    assert "192.0.2.1" in printed
    assert "8080" in printed
    assert "10.0.0.7:9000" in printed


@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        ("nginx", "server unix:/run/shop.sock;"),
        ("caddy", "reverse_proxy unix//run/shop.sock"),
        ("apache", '"unix:/run/shop.sock|http://localhost/"'),
    ],
)
def test_the_application_may_listen_on_a_unix_socket(roots, proxy, said):
    assert said in proxyconf(proxy, upstream="unix:/run/shop.sock")


@pytest.mark.parametrize("proxy", PROXIES)
def test_every_type_of_the_table_is_there(roots, proxy):
    printed = proxyconf(proxy)
    for kind in mediatypes.extensions():
        assert f'"{kind}"' in printed


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_root_that_is_left_to_django_has_no_place_in_it(roots, proxy, tmp_path):
    roots.ROOTS = {"SERVE_MEDIA": False}
    printed = proxyconf(proxy)
    assert str(tmp_path / "media") not in printed
    assert "/media/" not in printed
    assert str(tmp_path / "static files") in printed


@pytest.mark.parametrize("proxy", PROXIES)
def test_private_files_are_reachable_only_where_the_proxy_is_to_send_them(roots, proxy, tmp_path):
    assert str(tmp_path / "private") not in proxyconf(proxy)
    roots.ROOTS = {"OFFLOAD": proxy}
    assert str(tmp_path / "private") in proxyconf(proxy)


@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        ("nginx", "client_max_body_size 5000;"),
        ("caddy", "max_size 5000"),
        ("apache", "LimitRequestBody 5000"),
    ],
)
def test_the_largest_body_that_any_path_takes_gets_through(roots, proxy, said):
    roots.ROOTS = {"MAX_BODY_BYTES": {"/": 1000, "/upload/": 5000}}
    assert said in proxyconf(proxy)
    roots.ROOTS = {"MAX_BODY_BYTES": {"/upload/": 5000}}
    assert said not in proxyconf(proxy)


@pytest.mark.parametrize("proxy", PROXIES)
def test_it_prints_what_holds_in_production_even_while_debugging(roots, proxy):
    production = proxyconf(proxy)
    roots.DEBUG = True
    assert proxyconf(proxy) == production


@pytest.mark.parametrize("proxy", PROXIES)
def test_both_spellings_of_a_forced_script_name_are_served(roots, proxy):
    roots.FORCE_SCRIPT_NAME, roots.STATIC_URL = "/shop", "static/"
    printed = proxyconf(proxy)
    assert re.search(r'"/static/\*?"', printed)
    assert re.search(r'"/shop/static/\*?"', printed)


@pytest.mark.parametrize("proxy", PROXIES)
def test_headers_of_the_project_s_own_are_named_if_they_are_not_there(roots, proxy):
    roots.ROOTS = {"HEADERS": {"static": {"fonts/*": {"Timing-Allow-Origin": "*"}}}}
    printed = proxyconf(proxy)
    assert "# Not here, add them by hand: static, fonts/*: Timing-Allow-Origin: *" in printed


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_directory_that_cannot_be_said_is_refused(roots, proxy, tmp_path):
    roots.STATIC_ROOT = tmp_path / "two\nlines"
    with pytest.raises(CommandError, match="cannot be written into"):
        proxyconf(proxy)


def test_settings_that_contradict_each_other_are_refused(roots, tmp_path):
    roots.MEDIA_ROOT = tmp_path / "static files" / "media"
    with pytest.raises(CommandError, match="must be two directories"):
        proxyconf("nginx")
