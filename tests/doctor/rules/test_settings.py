"""Mistakes in ROOTS."""


def test_a_misspelt_key_is_named_with_the_nearest_one(project):
    project.settings('ROOTS = {"ENCODING": []}')
    finding = project.only("wrong-settings")
    assert finding["id"] == "roots.E001"
    assert "Did you mean 'ENCODINGS'?" in finding["what"]
    assert finding["where"].endswith("config/settings.py:20")
