"""What modes let a user do, of a directory that everybody can reach."""

import os

from roots.doctor.evidence import account

OTHER = 54_321
SOMEBODY = account.Account("somebody", OTHER, frozenset({OTHER}), "shop.service:2")


def test_a_file_that_all_may_read(reachable):
    file = reachable / "a"
    file.touch(0o644)
    assert SOMEBODY.obstacle(str(file), os.R_OK) is None
    assert SOMEBODY.obstacle(str(file), os.W_OK) == str(file)


def test_a_directory_on_the_way_that_is_closed(reachable):
    (reachable / "a").touch(0o644)
    reachable.chmod(0o750)
    assert SOMEBODY.obstacle(str(reachable / "a"), os.R_OK) == str(reachable)


def test_a_directory_that_a_link_leads_through(reachable):
    closed = reachable / "closed"
    closed.mkdir()
    (closed / "media").mkdir()
    (reachable / "link").symlink_to(closed / "media")
    closed.chmod(0o700)
    assert SOMEBODY.obstacle(str(reachable / "link"), os.R_OK) == str(closed.resolve())


def test_what_does_not_exist_has_to_be_created(reachable):
    missing = str(reachable / "a" / "b")
    assert SOMEBODY.obstacle(missing, os.W_OK) == str(reachable)
    reachable.chmod(0o777)
    assert SOMEBODY.obstacle(missing, os.W_OK) is None


def test_the_owner_counts_before_the_group_and_the_group_before_others(reachable):
    facts = reachable.stat()
    owner = account.Account("o", facts.st_uid or 1, frozenset(), "x")
    group = account.Account("g", OTHER, frozenset({facts.st_gid}), "x")
    reachable.chmod(0o705)
    assert not group.may(str(reachable), os.R_OK)
    assert SOMEBODY.may(str(reachable), os.R_OK)
    if facts.st_uid:
        assert owner.may(str(reachable), os.W_OK)


def test_root_may_everything(reachable):
    root = account.Account("root", 0, frozenset(), "x")
    reachable.chmod(0o000)
    assert root.may(str(reachable), os.W_OK)


def test_users_by_name_and_by_number():
    assert account.called("root", "x").uid == 0
    assert account.called("0", "x").name == "root"
    assert account.called(str(OTHER), "x").uid == OTHER
    assert account.called("nobody-knows-this-user", "x") is None


def test_this_process_is_asked_about_itself(reachable):
    me = account.of_this_process()
    assert me.obstacle(str(reachable), os.W_OK) is None
    assert me.label.endswith("(who runs this command)")
