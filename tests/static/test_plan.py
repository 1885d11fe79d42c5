import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from hypothesis import given, settings
from hypothesis import strategies as st

from roots import digests, fingerprint
from roots.static.plan import plan, plan_plain
from roots.static.planned import edited
from roots.static.scan import Policy
from roots.static.sources import of_paths


def planned(tree, policy=Policy(), packaged=()):  # noqa: B008 (a named tuple)
    storage = InMemoryStorage()
    for name, content in tree.items():
        storage.save(name, ContentFile(content))
    return plan(of_paths({name: (storage, name) for name in tree}), "/static/", policy)


def served(found, name):
    file = found.files[name]
    return edited(file.source, file.original, file.edits)


def test_a_file_without_references_is_named_by_its_bytes():
    file = planned({"img/a.png": b"png"}).files["img/a.png"]
    assert file.stored == fingerprint.stamp("img/a.png", digests.of_bytes(b"png"))


def test_a_referring_file_is_named_by_its_final_bytes():
    found = planned({"a.css": b"url(b.png)", "b.png": b"png"})
    final = b"url(" + found.files["b.png"].stored.encode() + b")"
    assert served(found, "a.css") == final
    assert found.files["a.css"].stored == fingerprint.stamp("a.css", digests.of_bytes(final))
    assert found.files["a.css"].served == (digests.of_bytes(final), len(final))


def test_a_change_in_a_leaf_renames_everything_above_it_and_nothing_else():
    tree = {"a.css": b"@import 'b.css'", "b.css": b"url(c.png)", "c.png": b"1", "d.css": b"x"}
    before, after = planned(tree).files, planned(tree | {"c.png": b"2"}).files
    assert [n for n in tree if before[n].stored != after[n].stored] == ["a.css", "b.css", "c.png"]


def test_files_in_a_circle_refer_to_each_others_stored_names():
    found = planned({"a.css": b"@import 'b.css'", "b.css": b"@import 'a.css'"})
    assert served(found, "a.css") == b"@import '" + found.files["b.css"].stored.encode() + b"'"
    assert served(found, "b.css") == b"@import '" + found.files["a.css"].stored.encode() + b"'"


def test_a_change_in_a_circle_or_below_it_renames_all_of_it():
    tree = {"a.css": b"@import 'b.css'", "b.css": b"@import 'a.css'; url(c.png)", "c.png": b"1"}
    before = planned(tree).files
    for change in ({"c.png": b"2"}, {"a.css": b"@import 'b.css' "}):
        after = planned(tree | change).files
        assert before["a.css"].stored != after["a.css"].stored
        assert before["b.css"].stored != after["b.css"].stored


def test_a_file_that_refers_to_itself_gets_its_own_stored_name():
    found = planned({"a.css": b"url(a.css)"})
    assert served(found, "a.css") == b"url(" + found.files["a.css"].stored.encode() + b")"


def test_all_missing_references_are_told_at_once_with_place_text_and_hint():
    found = planned(
        {
            "css/a.css": b"x {}\n  url(../img/logo.pgn)",
            "b.css": b"url(../up.png)",
            "img/logo.png": b"",
        }
    )
    first, second = map(str, found.errors)
    assert "b.css in InMemoryStorage:1: '../up.png' names no collected file" in first
    assert "lies outside the static root" in first
    assert "css/a.css in InMemoryStorage:2: '../img/logo.pgn' names no collected file" in second
    assert "did you mean 'img/logo.png'?" in second
    assert second.endswith("\n    url(../img/logo.pgn)")


@pytest.mark.parametrize(("severity", "errors", "warnings"), [("warn", 0, 1), ("ignore", 0, 0)])
def test_a_missing_reference_may_be_let_pass_and_stays_as_it_is(severity, errors, warnings):
    found = planned({"a.css": b"url(gone.png)"}, Policy(own=severity))
    assert (len(found.errors), len(found.warnings)) == (errors, warnings)
    assert served(found, "a.css") == b"url(gone.png)"


def test_a_missing_source_map_is_never_the_projects_fault():
    found = planned({"a.js": b"//# sourceMappingURL=gone.js.map"})
    assert not found.errors
    assert len(found.warnings) == 1


def test_a_stored_name_that_a_source_has_already_is_made_longer():
    taken = fingerprint.stamp("a.css", digests.of_bytes(b"a"))
    found = planned({"a.css": b"a", taken: b"another"})
    assert found.files["a.css"].stored == fingerprint.stamp("a.css", digests.of_bytes(b"a"), 16)


@pytest.mark.parametrize("name", ["staticfiles.json", ".roots/releases/000001.json"])
def test_the_names_of_our_records_are_refused(name):
    (error,) = planned({name: b"{}"}).errors
    assert "is taken by the record of the release" in str(error)


def test_a_plain_plan_gives_no_stored_names():
    storage = InMemoryStorage()
    storage.save("a.css", ContentFile(b"url(gone.png)"))
    found = plan_plain(of_paths({"a.css": (storage, "a.css")}))
    assert (found.files["a.css"].stored, found.is_fingerprinted, found.errors) == (None, False, ())


files = st.sampled_from(["a.css", "b.css", "d/c.css", "d/e.css", "d/f.css"])
trees = st.dictionaries(files, st.lists(files, max_size=3), min_size=1)


@settings(max_examples=50)
@given(trees, st.randoms())
def test_any_tree_of_references_gives_the_same_names_in_any_order(edges, random):
    tree = {
        name: b"".join(b"url(/static/%s)" % to.encode() for to in targets if to in edges)
        for name, targets in edges.items()
    }
    shuffled = list(tree.items())
    random.shuffle(shuffled)
    found, again = planned(tree), planned(dict(shuffled))
    assert {n: f.stored for n, f in found.files.items()} == {
        n: f.stored for n, f in again.files.items()
    }
    for name, file in found.files.items():
        data = served(found, name)
        assert file.served == (digests.of_bytes(data), len(data))
        assert not [to for to in tree if f"/static/{to})".encode() in data]
