"""Settings that keep a site in production from being served at all, or safely."""

import pytest


@pytest.mark.parametrize("text", ["False", "0", "no"])
def test_a_text_is_true_whatever_it_says(project, text):
    project.settings(f'DEBUG = "{text}"')
    finding = project.only("debug-true-in-production")
    assert finding["severity"] == "error"
    assert f"DEBUG is the text '{text}'" in finding["what"]


def test_debug_where_the_environment_says_production(project):
    project.settings("DEBUG = True")
    finding = project.only("debug-true-in-production", DJANGO_ENV="production")
    assert "DJANGO_ENV=production says that this is production" in finding["what"]
    assert finding["severity"] == "error"


def test_debug_of_a_developer_is_no_mistake(project):
    project.settings("DEBUG = True")
    assert "debug-true-in-production" not in {each["slug"] for each in project.findings()}


@pytest.mark.parametrize("hosts", ["[]", '[""]', '("", " ")', '"".split(",")'])
def test_hosts_that_are_none(project, hosts):
    project.settings(f"ALLOWED_HOSTS = {hosts}")
    assert project.only("allowed-hosts-empty")["severity"] == "error"


def test_any_host_is_a_host(project):
    project.settings('ALLOWED_HOSTS = ["*"]')
    assert "allowed-hosts-empty" not in project.slugs()
