import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roots.media.upkeep import spool
from roots.media.upkeep.walk import look, walk

PARTS = st.sampled_from(["a", "a-b", "a.b", "a0", "b", "é", "ab", "~"])


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"hello")


def names(root: Path, after: str = "") -> list[str]:
    return [seen.name for seen in walk(root, after)]


def test_files_and_folders_come_in_the_order_of_their_whole_names(tmp_path):
    write(tmp_path, "a/x", "a-b", "a.b", "a0", "a/b/c")
    assert names(tmp_path) == ["a-b", "a.b", "a/", "a/b/", "a/b/c", "a/x", "a0"]


@given(tree=st.sets(st.lists(PARTS, min_size=1, max_size=3).map("/".join)), data=st.data())
def test_whatever_the_tree_the_order_is_that_of_sorted_and_any_name_is_a_place_to_go_on(
    tmp_path_factory, tree, data
):
    root = tmp_path_factory.mktemp("root")
    for name in sorted(tree):
        if not any(part in tree for part in map(str, Path(name).parents)):
            write(root, name)
    found = names(root)
    assert found == sorted(found)
    after = data.draw(st.sampled_from(["", *found, "a/b", "b/"]))
    assert names(root, after) == [name for name in found if name > after]


def test_what_belongs_to_this_package_is_left_out_and_only_at_the_top(tmp_path):
    write(tmp_path, ".roots/staging/x", "a/.roots/x", ".hidden")
    assert names(tmp_path) == [".hidden", "a/", "a/.roots/", "a/.roots/x"]


def test_links_are_followed_but_not_in_circles(tmp_path):
    write(tmp_path, "root/a/x", "elsewhere/y")
    (tmp_path / "root/a/up").symlink_to("..")
    (tmp_path / "root/b").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "root/c").symlink_to("nowhere")
    assert names(tmp_path / "root") == ["a/", "a/up/", "a/x", "b/", "b/y", "c"]


def test_a_directory_with_more_files_than_memory_should_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(spool.in_order, "__defaults__", (3,))
    write(tmp_path, *(f"{n}" for n in range(10)), "5-/x")
    assert names(tmp_path) == [*"012345", "5-/", "5-/x", *"6789"]


def test_size_and_mode_and_the_later_time(tmp_path):
    write(tmp_path, "a")
    os.utime(tmp_path / "a", (5, 5))
    (tmp_path / "a").chmod(0o640)
    (seen,) = walk(tmp_path)
    assert (seen.size, seen.mode) == (5, 0o100640)
    assert seen.changed_s == (tmp_path / "a").stat().st_ctime  # renamed after it was written
    assert look(tmp_path, "a") == seen


def test_a_root_that_is_not_there_is_empty(tmp_path):
    assert names(tmp_path / "nowhere") == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look at everything")
def test_what_may_not_be_looked_at_has_no_mode(tmp_path):
    write(tmp_path, "a/x", "b")
    (tmp_path / "a").chmod(0)
    assert [(seen.name, bool(seen.mode)) for seen in walk(tmp_path)] == [
        ("a/", True),
        ("a/", False),
        ("b", True),
    ]


@pytest.mark.parametrize("name", ["gone", "a/gone", "a\0b", "a\udc00" + "b" * 300, "x" * 300])
def test_no_name_is_too_odd_to_be_looked_for(tmp_path, name):
    write(tmp_path, "a")
    assert look(tmp_path, name) is None
