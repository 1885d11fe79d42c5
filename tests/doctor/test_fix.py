"""doctor --fix, as people use it."""

import json
import shutil
import subprocess

import pytest

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="Needs the git command.")
DOCKERFILE = "FROM python\nWORKDIR /srv\nCOPY . .\n"
DECIMAL = "FILE_UPLOAD_PERMISSIONS = 644"


@pytest.fixture
def missing(project):
    """A project that names a directory of sources that is not there."""
    project.settings('STATICFILES_DIRS = [BASE_DIR / "assets"]')
    return project.directory / "assets"


def fix(project, *arguments, answers=""):
    only = ("--only", "staticfiles-dir-missing", "--only", "upload-permissions")
    return project.manage("doctor", "--fix", *only, *arguments, answers=answers)


@pytest.mark.parametrize(
    ("answer", "is_made"), [("y", True), ("Yes", True), ("", False), ("no", False)]
)
def test_what_will_change_is_shown_and_asked_for(project, missing, answer, is_made):
    result = fix(project, answers=f"{answer}\n")
    assert f"+ drwxr-xr-x {missing}\nDo this? [y/N] " in result.out
    assert missing.is_dir() == is_made
    assert ("Looked again: No mistake found." in result.out) == is_made


def test_nothing_is_asked_with_yes(project, missing):
    result = fix(project, "--yes")
    assert missing.is_dir()
    assert "Do this?" not in result.out


def test_nobody_there_to_answer_is_no(project, missing):
    result = fix(project)
    assert "Nobody answered, so it was not done." in result.err
    assert not missing.exists()


def test_nothing_changes_without_it(project, missing):
    project.manage("doctor")
    assert not missing.exists()


def test_settings_are_never_edited_their_patch_is_shown(project):
    project.settings(DECIMAL)
    before = (project.directory / "config/settings.py").read_text()
    result = fix(project, "--yes")
    assert "upload-permissions: settings are yours to edit" in result.out
    assert f"-{DECIMAL}\n+FILE_UPLOAD_PERMISSIONS = 0o644\n" in result.out
    assert (project.directory / "config/settings.py").read_text() == before
    assert result.code == 2


def test_json_tells_what_is_left(project, missing):
    project.settings(DECIMAL)
    result = fix(project, "--json", "--yes")
    assert [each["slug"] for each in json.loads(result.out)] == ["upload-permissions"]
    assert f"+ drwxr-xr-x {missing}\nDone.\n" in result.err


def test_json_leaves_no_room_for_questions(project, missing):
    assert "give --yes with --fix" in fix(project, "--json").err
    assert not missing.exists()


def test_what_fails_is_told_and_the_rest_is_done(project, missing):
    project.settings('STATICFILES_DIRS = [BASE_DIR / "manage.py/assets", BASE_DIR / "assets"]')
    result = fix(project, "--yes")
    assert "Not done: Cannot write" in result.out
    assert missing.is_dir()


def test_files_are_collected_anew(project):
    project.collect()
    project.write({"shop/static/shop/app.css": "body { color: red }\n"})
    only = ("--only", "manifest-stale")
    assert project.slugs(*only) == {"manifest-stale"}
    result = project.manage("doctor", "--fix", *only, answers="y\n")
    assert "+ manage.py collectstatic --no-input" in result.out
    assert "Looked again: No mistake found." in result.out


def test_one_collectstatic_mends_all_that_it_can(project):
    project.collect()
    for path in (project.directory / "staticfiles/shop").iterdir():
        path.unlink()
    project.write({"shop/static/shop/new.css": "body { color: red }\n"})
    only = ("--only", "manifest-stale", "--only", "collected-files-missing")
    assert len(project.slugs(*only)) == 2
    result = project.manage("doctor", "--fix", "--yes", *only)
    assert result.out.count("Done.") == 1
    assert project.slugs(*only) == set()


def test_a_source_that_cannot_be_collected_stops_only_that(project):
    project.collect()
    project.write({"shop/static/shop/app.css": "body { background: url(missing.png) }\n"})
    result = project.manage("doctor", "--fix", "--yes", "--only", "manifest-stale")
    assert "Not done: " in result.out
    assert "missing.png" in result.out


@needs_git
def test_roots_leave_git_and_the_build_context(project):
    project.write({".gitignore": "*.pyc", ".dockerignore": "", "Dockerfile": DOCKERFILE})
    project.write({"media/cat.jpg": "a cat"})
    for command in (("init", "-q"), ("add", ".")):
        subprocess.run(["git", *command], cwd=project.directory, check=True, timeout=30)
    slugs = ("root-committed", "root-not-ignored", "root-not-dockerignored")
    only = [word for slug in slugs for word in ("--only", slug)]
    assert project.slugs(*only) == {*slugs}
    result = project.manage("doctor", "--fix", "--yes", *only)
    assert "- media/cat.jpg" in result.out
    assert "Looked again: No mistake found." in result.out
    assert (project.directory / "media/cat.jpg").read_text() == "a cat"
    assert (project.directory / ".gitignore").read_text() == "*.pyc\n/staticfiles/\n/media/\n"
