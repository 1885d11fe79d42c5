import threading

import pytest

from roots.serve.catalog import Entry, Representation
from roots.static import live
from roots.static.catalog import StaticCatalog
from tests.static.project import SMALL_TREE, collect


@pytest.fixture
def catalog(project, monkeypatch):
    monkeypatch.setattr(live, "RECHECK_S", 0.0)
    project.write(SMALL_TREE)
    collect(verbosity=0)
    return StaticCatalog(project.root)


def test_a_stored_name_is_immutable_and_has_its_variants_smallest_first(project, catalog):
    stored = project.manifest().paths["css/base.css"]
    record = project.manifest().files[stored]
    entry = catalog.find(stored)
    assert entry.is_immutable
    assert (entry.content_type, entry.filename) == ("text/css; charset=utf-8", "base.css")
    assert entry.representations[0] == Representation(stored, "identity", record.digest[:32])
    sizes = dict(record.variants)
    codings = [representation.encoding for representation in entry.representations[1:]]
    assert codings == sorted(sizes, key=sizes.get)
    for representation in entry.representations[1:]:
        assert representation.tag == f"{record.digest[:32]}-{representation.encoding}"
        assert (project.root / representation.path).is_file()


def test_a_logical_name_gives_what_the_stored_name_gives_but_not_for_ever(project, catalog):
    logical = catalog.find("css/app.css")
    stored = catalog.find(project.manifest().paths["css/app.css"])
    assert logical.representations == stored.representations
    assert (logical.is_immutable, stored.is_immutable) == (False, True)


@pytest.mark.parametrize("name", ["staticfiles.json", ".roots/lock", "css/.hidden", ".env"])
def test_records_and_dot_files_are_never_served(catalog, name):
    assert catalog.find(name) is None


def test_variants_are_not_served_by_their_own_names(project, catalog):
    assert catalog.find(project.manifest().paths["css/base.css"] + ".br") is None


def test_an_archive_that_is_a_source_is_served(project, catalog):
    project.write({"data.csv.gz": b"archive"})
    collect(verbosity=0)
    assert catalog.find("data.csv.gz").content_type == "application/gzip"


def test_any_other_name_may_be_a_plain_file(catalog):
    assert catalog.find("robots/x.txt") == Entry(
        (Representation("robots/x.txt"),),
        "text/plain; charset=utf-8",
        filename="x.txt",
        is_immutable=False,
        logical="robots/x.txt",
    )


def test_a_new_release_is_found_and_the_old_one_stays(project, catalog):
    old = project.manifest().paths["css/base.css"]
    assert catalog.find(old).is_immutable
    project.write({"css/base.css": "new"})
    collect(verbosity=0)
    new = project.manifest().paths["css/base.css"]
    assert new != old
    assert catalog.find(new).is_immutable
    assert catalog.find("css/base.css").representations[0].path == new
    assert catalog.find(old).is_immutable
    assert catalog.find(old + ".br") is None


def test_without_a_manifest_there_are_plain_files(project):
    catalog = StaticCatalog(project.root)
    assert catalog.find("css/app.css").representations == (Representation("css/app.css"),)


def test_a_manifest_of_djangos_own_gives_entries_without_tags(project):
    project.root.mkdir()
    (project.root / "staticfiles.json").write_text(
        '{"paths": {"a.css": "a.0123456789ab.css"}, "version": "1.1", "hash": ""}'
    )
    entry = StaticCatalog(project.root).find("a.0123456789ab.css")
    assert entry.representations == (Representation("a.0123456789ab.css"),)
    assert (entry.is_immutable, entry.filename) == (True, "a.css")


def test_a_manifest_damaged_while_serving_changes_nothing(project, catalog, caplog):
    stored = project.manifest().paths["css/base.css"]
    assert catalog.find(stored).is_immutable
    (project.root / "staticfiles.json").write_text("{")
    assert catalog.find(stored).is_immutable
    assert "keeps the release it knows" in caplog.text


def test_threads_find_the_same(project, catalog):
    stored = project.manifest().paths["css/base.css"]
    found = []

    def look():
        found.extend(catalog.find(stored) for _ in range(200))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1600
    assert set(found) == {catalog.find(stored)}
