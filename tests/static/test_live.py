import pytest

from roots.atomic import Modes
from roots.errors import StorageError
from roots.static import live, release
from roots.static.live import LiveReleases
from tests.static.test_release import a_release, swap


def test_nothing_is_read_before_it_is_asked_for_and_no_manifest_is_none(tmp_path):
    releases = LiveReleases(tmp_path / "missing")
    assert releases.current is None
    assert releases.earlier() == ()


def test_the_manifest_is_looked_at_once_in_a_while_only(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "RECHECK_S", 3600.0)
    swap(tmp_path, 1)
    releases = LiveReleases(tmp_path)
    assert releases.current == a_release(1)
    swap(tmp_path, 2)
    assert releases.current == a_release(1)
    releases.look_again()
    assert releases.current == a_release(2)
    assert releases.earlier() == (a_release(1),)


def test_a_manifest_that_is_taken_away_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "RECHECK_S", 0.0)
    swap(tmp_path, 1)
    releases = LiveReleases(tmp_path)
    assert releases.current
    release.manifest_path(tmp_path).unlink()
    assert releases.current is None


def test_a_damaged_manifest_at_the_start_is_an_error_and_damaged_kept_ones_are_left_out(tmp_path):
    swap(tmp_path, 1)
    swap(tmp_path, 2)
    release.kept(tmp_path)[0].write_text("{")
    releases = LiveReleases(tmp_path)
    assert releases.earlier() == ()
    release.manifest_path(tmp_path).write_text("{")
    with pytest.raises(StorageError, match="Run collectstatic"):
        _ = releases.current
    release.swap(tmp_path, a_release(3), Modes())
    assert releases.current == a_release(3)
