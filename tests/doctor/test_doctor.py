"""manage.py doctor, as people use it."""

import json


def test_a_project_in_order_has_nothing_to_say(project):
    project.collect()
    result = project.manage("doctor")
    assert result.code == 0
    assert result.out.endswith("No mistake found.\n")


def test_a_mistake_is_told_with_why_and_fix_and_is_exit_code_2(project):
    project.settings("STATIC_ROOT = None")
    result = project.manage("doctor")
    assert result.code == 2
    assert "ERROR   static-root-unset  roots.E010" in result.out
    assert 'STATIC_ROOT = BASE_DIR / "staticfiles"' in result.out
    assert result.out.endswith("1 error.\n")


def test_json_has_all_there_is_to_say(project):
    project.settings("STATIC_ROOT = None")
    (found,) = json.loads(project.manage("doctor", "--json").out)
    assert list(found) == ["slug", "id", "severity", "what", "why", "fix", "where"]


def test_one_mistake_only_or_all_but_one(project):
    project.settings('STATIC_ROOT = None\nROOTS = {"X": 1}')
    assert project.slugs("--only", "static-root-unset") == {"static-root-unset"}
    assert project.slugs("--skip", "static-root-unset") == {"wrong-settings"}


def test_what_django_is_told_to_be_silent_about_is_only_told_if_asked_for(project):
    project.settings('STATIC_ROOT = None\nSILENCED_SYSTEM_CHECKS = ["roots.E010"]')
    assert project.slugs() == set()
    assert project.slugs("--only", "static-root-unset") == {"static-root-unset"}


def test_a_mistake_nobody_knows_is_told(project):
    result = project.manage("doctor", "--only", "static-rot-unset")
    assert "There is no finding 'static-rot-unset'" in result.err
    assert result.code != 0


def test_debug_makes_notes_of_what_matters_in_production_only(project):
    project.settings("STATIC_ROOT = None\nDEBUG = True")
    only = ("--only", "static-root-unset")
    assert project.only("static-root-unset", *only)["severity"] == "info"
    assert project.only("static-root-unset", *only, "--deploy")["severity"] == "error"
    in_production = project.only("static-root-unset", *only, DJANGO_ENV="production")
    assert in_production["severity"] == "error"


def test_it_needs_nothing_of_a_project_but_its_settings(project):
    project.settings("INSTALLED_APPS.remove('roots')\nSTORAGES = {}\nSTATIC_ROOT = None")
    result = project.manage("-m", "doctor", "--json")
    assert result.code in {0, 2}, result.err
    json.loads(result.out)


def test_settings_that_cannot_be_loaded_are_a_sentence(project):
    project.settings("raise RuntimeError('no secret')")
    result = project.manage("-m", "doctor")
    assert result.code == 2
    assert result.err == "The settings config.settings cannot be loaded: RuntimeError: no secret\n"
