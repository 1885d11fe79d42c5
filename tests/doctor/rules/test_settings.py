"""Mistakes in ROOTS."""


def test_a_misspelt_key_is_named_with_the_nearest_one(project):
    project.settings('ROOTS = {"ENCODING": []}')
    finding = project.only("wrong-settings")
    assert finding["id"] == "roots.E001"
    assert "Did you mean 'ENCODINGS'?" in finding["what"]
    assert finding["where"].endswith("config/settings.py:20")


def test_the_app_stands_behind_the_one_whose_command_it_replaces(project):
    project.settings('INSTALLED_APPS = ["django.contrib.staticfiles", "roots", "shop"]')
    finding = project.only("wrong-app-order")
    assert finding["id"] == "roots.W001"
    assert finding["severity"] == "warning"
    assert '["roots", "django.contrib.staticfiles", ...]' in finding["fix"]
