import os

import pytest

from roots import digests
from roots.media.upkeep.reread import digest, reread


def write(root, contents):
    for name, content in contents.items():
        (root / name).write_bytes(content)
    return [(name, len(content)) for name, content in contents.items()]


@pytest.mark.parametrize("threads", [1, 3])
def test_every_item_comes_back_in_its_order_with_what_was_learned(tmp_path, threads):
    contents = {f"{number:03}": os.urandom(number) for number in range(200)}
    items = write(tmp_path, contents)
    found = list(reread(items, tmp_path, digest, threads))
    assert [item for item, _ in found] == items
    assert [learned for _, learned in found] == list(map(digests.of_bytes, contents.values()))


def test_what_cannot_be_read_comes_with_the_reason(tmp_path):
    write(tmp_path, {"a": b"x"})
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")  # nobody ever writes to it
    names = ["gone", "folder", "a/b", "pipe"]
    found = dict(reread([(name, 0) for name in names], tmp_path, digest))
    reasons = [type(found[name, 0]) for name in names]
    assert reasons == [FileNotFoundError, IsADirectoryError, NotADirectoryError, str]


def test_only_a_few_items_are_read_ahead(tmp_path):
    write(tmp_path, {"a": b"x"})
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield "a", 1

    found = reread(endless(), tmp_path, digest, threads=2)
    next(found)
    assert len(taken) < 1_000
    found.close()
