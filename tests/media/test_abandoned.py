import os
import time

from roots.media.abandoned import sweep_claims, sweep_staging


def test_only_what_nobody_wrote_to_for_a_day_is_removed(tmp_path):
    for name, age_s in (("today", 60), ("yesterday", 25 * 60 * 60)):
        (tmp_path / name).touch()
        then = time.time() - age_s
        os.utime(tmp_path / name, (then, then))
    assert sweep_staging(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["today"]


def test_an_upload_that_still_arrives_is_not_old(tmp_path):
    (tmp_path / "arriving").touch()
    assert sweep_staging(tmp_path, older_than_s=5) == 0


def test_a_dangling_symlink_is_removed_and_what_another_points_at_stays(tmp_path):
    (tmp_path / "staging").mkdir()
    (tmp_path / "precious").touch()
    (tmp_path / "staging/one").symlink_to("nowhere")
    (tmp_path / "staging/two").symlink_to(tmp_path / "precious")
    assert sweep_staging(tmp_path / "staging", older_than_s=-5) == 2
    assert (tmp_path / "precious").exists()


def test_a_clock_that_steps_back_removes_nothing_that_arrives(tmp_path):
    (tmp_path / "arriving").touch()
    tomorrow = time.time() + 24 * 60 * 60
    os.utime(tmp_path / "arriving", (tomorrow, tomorrow))
    assert sweep_staging(tmp_path) == 0
    assert sweep_claims(tmp_path) == 0


def test_a_claim_is_as_old_as_its_link_and_not_as_its_file(tmp_path):
    """A file of last year that an upload shares now: its content is old, the claim is not."""
    (tmp_path / "file").touch()
    os.utime(tmp_path / "file", (0, 0))
    (tmp_path / "claims").mkdir()
    os.link(tmp_path / "file", tmp_path / "claims/one")
    assert sweep_claims(tmp_path / "claims") == 0
    assert sweep_claims(tmp_path / "claims", older_than_s=-5) == 1
    assert (tmp_path / "file").exists()
