"""Mistakes about the two roots, and the directories static files come from."""


def test_static_files_without_a_root(project):
    project.settings("STATIC_ROOT = None")
    finding = project.only("static-root-unset")
    assert finding["severity"] == "error"
    assert finding["where"].endswith("config/settings.py:20")


def test_no_static_root_is_needed_where_developers_work(project):
    project.settings("STATIC_ROOT = None\nDEBUG = True")
    assert project.only("static-root-unset")["severity"] == "info"


def test_no_static_root_is_needed_for_a_remote_storage(project):
    project.settings(
        'STATIC_ROOT = None\nSTORAGES["staticfiles"]["BACKEND"] = "shop.bucket.Bucket"'
    )
    project.write(
        {
            "shop/bucket.py": "from django.core.files.storage import Storage\n"
            "class Bucket(Storage):\n    pass\n"
        }
    )
    assert "static-root-unset" not in project.slugs()
