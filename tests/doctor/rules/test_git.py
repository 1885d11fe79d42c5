"""Roots that were committed to git, or would be by the next `git add`."""

import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")


@pytest.fixture
def repository(project):
    """A project in git, all of it committed that is not ignored."""
    git(project, "init", "--quiet")
    commit(project)
    return project


def git(project, *arguments):
    subprocess.run(["git", "-C", project.directory, *arguments], check=True, capture_output=True)


def commit(project, *paths):
    git(project, "add", *(["--force", *paths] if paths else ["--all"]))
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    git(project, *author, "commit", "--quiet", "--allow-empty", "--message=x")


def test_uploads_that_were_committed(repository):
    repository.write({"media/a.txt": "a" * 100_000, "media/b.txt": "b"})
    commit(repository, "media")
    finding = repository.only("root-committed")
    assert "git tracks 2 files (0.1 MB: a.txt, b.txt) of MEDIA_ROOT" in finding["what"]
    assert "git rm -r --cached media" in finding["fix"]


def test_files_that_keep_a_directory_are_meant(repository):
    repository.write({"media/.gitkeep": "", "staticfiles/.gitignore": "*\n!.gitignore\n"})
    commit(repository, "media/.gitkeep", "staticfiles/.gitignore")
    assert not repository.slugs() & {"root-committed", "root-not-ignored"}


def test_a_root_that_is_not_ignored(repository):
    repository.write({".gitignore": "/media/\n"})
    finding = repository.only("root-not-ignored")
    assert "STATIC_ROOT" in finding["what"]
    assert "    /staticfiles/" in finding["fix"]


@pytest.mark.parametrize("rule", ["media/", "/media/*\n!/media/.gitkeep", "media/**"])
def test_any_way_to_ignore_a_root_will_do(repository, rule):
    repository.write({".gitignore": f"/staticfiles/\n{rule}\n"})
    assert "root-not-ignored" not in repository.slugs()


def test_the_root_of_a_project_in_a_folder_of_its_repository(repository):
    repository.write({".gitignore": ""})
    repository.settings('MEDIA_ROOT = BASE_DIR / "var" / "media"\nSTATIC_ROOT = "/srv/static"')
    assert "    /var/media/" in repository.only("root-not-ignored")["fix"]


def test_nothing_outside_git_is_said(project):
    project.write({".gitignore": ""})
    assert "root-not-ignored" not in project.slugs()


def test_a_root_that_is_a_source_is_not_to_be_taken_out(repository):
    repository.settings('STATIC_ROOT = BASE_DIR / "shop/static"')
    found = repository.slugs()
    assert not found & {"root-committed", "root-not-ignored"}


def test_a_media_root_that_is_the_project_is_another_mistake(repository):
    repository.settings("MEDIA_ROOT = BASE_DIR")
    assert "root-committed" not in repository.slugs()


def test_where_git_is_missing_nothing_is_known(repository):
    repository.write({".gitignore": ""})
    assert not repository.slugs(PATH="/nowhere") & {"root-not-ignored", "rule-failed"}


def test_looking_changes_nothing(repository):
    index = repository.directory / ".git/index"
    (repository.directory / "manage.py").touch()  # git would like to note the new time
    before = index.read_bytes(), index.stat().st_mtime_ns
    repository.findings()
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before


def test_no_program_that_git_is_configured_to_run_is_run(repository):
    hook = repository.directory / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {repository.directory}/was-run\nexit 1\n")
    hook.chmod(0o755)
    repository.write({"media/a.txt": "a"})
    commit(repository, "media/a.txt")
    git(repository, "config", "core.fsmonitor", str(hook))
    assert repository.only("root-committed")
    assert not (repository.directory / "was-run").exists()


def test_names_that_git_would_take_for_patterns(repository):
    repository.settings('MEDIA_ROOT = BASE_DIR / "up[load]s *"')
    repository.write({"up[load]s */a.txt": "a", "upls x/b.txt": "b", "upo /c.txt": "c"})
    commit(repository)
    assert "git tracks 1 file (0.0 MB: a.txt)" in repository.only("root-committed")["what"]
    assert "/up\\[load\\]s \\*/" in repository.only("root-not-ignored")["fix"]
    repository.manage("doctor", "--fix", "--yes", "--only", "root-not-ignored")
    assert "root-not-ignored" not in repository.slugs()
