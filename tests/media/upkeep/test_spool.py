import random
import tracemalloc

import pytest

from roots.media.upkeep.spool import in_order


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 35])
def test_any_number_of_items_comes_out_in_order(count):
    items = [f"{n:02}" for n in range(count)]
    mixed = random.Random(count).sample(items, count)
    assert list(in_order(mixed, run_items=10)) == items


def test_the_order_is_that_of_code_points_and_not_of_a_language():
    names = ["é", "z", "Z", "a/b", "a-b", "a.b", "a", "\U0001f600", "\uffff", "a\udcff"]
    expected = ["Z", "a", "a-b", "a.b", "a/b", "a\udcff", "z", "é", "\uffff", "\U0001f600"]
    assert list(in_order(names, run_items=3)) == expected
    well_formed = [name for name in expected if "\udcff" not in name]
    assert sorted(well_formed, key=str.encode) == well_formed


def test_everything_is_read_before_anything_comes_out():
    source = iter([("b", 1), ("a", 2)])
    ordered = in_order(source)
    assert next(source, None) is None
    assert list(ordered) == [("a", 2), ("b", 1)]


def test_memory_does_not_grow_with_the_number_of_items():
    tracemalloc.start()
    try:
        count = sum(1 for _ in in_order((f"{n:0100}" for n in range(40_000)), run_items=4_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 40_000
    assert peak < 4_000_000  # all of them at once would take 6 MB


def test_what_failed_half_way_leaves_no_open_file_behind():
    def failing():
        yield from ("b", "a", "c")
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        in_order(failing(), run_items=2)
