import os
import socket

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import DefaultStorage, InMemoryStorage
from django.core.management import CommandError

from roots.errors import BuildError
from roots.static.sources import discover, of_paths
from tests.static.project import collect


def test_sources_are_what_the_finders_offer_under_their_prefix(project, settings):
    project.write({"a.css": "a", "img/b.png": "b"})
    settings.STATICFILES_DIRS = [("brand", project.sources)]
    assert sorted(discover([]).sources) == ["brand/a.css", "brand/img/b.png"]


def test_ignored_patterns_are_left_out(project):
    project.write({"a.css": "a", "a.css~": "b", "node/c.css": "c"})
    assert list(discover(["*~", "node"]).sources) == ["a.css"]


def test_the_first_finder_wins_and_the_other_file_is_reported(project, settings, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.css").write_text("other")
    project.write({"a.css": "first"})
    settings.STATICFILES_DIRS = [project.sources, other]
    found = discover([])
    (duplicate,) = found.duplicates
    assert found.sources["a.css"].local_path == str(project.sources / "a.css")
    assert duplicate.skipped.origin == str(other / "a.css")


@pytest.mark.parametrize("directory", ["site-packages", "dist-packages", "node_modules"])
def test_files_of_packages_are_known_by_where_they_are(project, settings, tmp_path, directory):
    packaged = tmp_path / directory / "shop" / "static"
    packaged.mkdir(parents=True)
    (packaged / "shop.css").write_text("")
    project.write({"a.css": ""})
    settings.STATICFILES_DIRS = [project.sources, packaged]
    found = discover([]).sources
    assert (found["a.css"].is_packaged, found["shop.css"].is_packaged) == (False, True)


def test_a_storage_that_is_not_on_this_disk_is_read_through_its_own_open():
    storage = InMemoryStorage()
    storage.save("a.css", ContentFile(b"remote"))
    source = of_paths({"x/a.css": (storage, "a.css")})["x/a.css"]
    assert source.local_path is None
    assert source.read(lambda stream: stream.read()) == b"remote"


def test_a_lazy_storage_is_what_it_stands_for(settings, tmp_path):
    (tmp_path / "a.css").write_text("a")
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    source = of_paths({"a.css": (DefaultStorage(), "a.css")})["a.css"]
    assert source.local_path == str(tmp_path / "a.css")
    assert source.read(lambda stream: stream.read()) == b"a"


def test_a_broken_link_is_named_when_it_is_read(project):
    (project.sources / "gone.css").symlink_to("nowhere.css")
    with pytest.raises(BuildError, match=r"gone\.css: This symbolic link leads nowhere"):
        discover([]).sources["gone.css"].read(lambda stream: stream.read())


@pytest.mark.parametrize("goal", [".", "..", "../.."])
def test_a_link_to_a_directory_above_itself_is_named(project, goal):
    project.write({"a/b/c.css": ""})
    (project.sources / "a" / "b" / "loop").symlink_to(goal)
    with pytest.raises(BuildError, match=r"a/b/loop: .* leads to a directory above itself"):
        discover([])


def test_a_link_to_itself_is_named(project):
    (project.sources / "loop").symlink_to("loop")
    with pytest.raises(BuildError, match="loop: "):
        discover([]).sources["loop"].read(lambda stream: stream.read())


def test_a_link_to_a_directory_beside_is_followed(project):
    project.write({"a/c.css": ""})
    (project.sources / "b").symlink_to("a")
    assert sorted(discover([]).sources) == ["a/c.css", "b/c.css"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(project):
    project.write({"a.css": ""})
    (project.sources / "a.css").chmod(0)
    with pytest.raises(BuildError, match=r"a\.css: This file cannot be read \(Permission denied\)"):
        discover([]).sources["a.css"].read(lambda stream: stream.read())


def test_a_file_that_changed_while_it_was_read_is_read_again(project):
    project.write({"a.css": "before"})
    source, path = discover([]).sources["a.css"], project.sources / "a.css"
    looks = []

    def read(stream):
        data = stream.read()
        if not looks:
            path.write_text("after, and longer")
        looks.append(data)
        return data

    assert source.read(read) == b"after, and longer"


def test_a_file_that_keeps_changing_is_an_error(project):
    project.write({"a.css": "before"})
    source, path = discover([]).sources["a.css"], project.sources / "a.css"

    def read(stream):
        with path.open("a") as growing:
            growing.write("more")

    with pytest.raises(BuildError, match=r"a\.css: This file changed while it was collected"):
        source.read(read)


@pytest.mark.parametrize("kind", ["pipe", "socket", "link to a device"])
def test_what_is_no_file_is_told_and_never_opened(project, kind):
    path = project.sources / "odd.css"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.path.relpath(path))  # an absolute path may be too long for one
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(BuildError, match=rf"odd\.css: This is a .*{kind.split()[-1]}, not a file"):
        discover([]).sources["odd.css"].read(lambda stream: stream.read())


def test_what_is_no_file_stops_a_collect_with_a_sentence_and_a_packages_is_left_out(
    project, settings, tmp_path
):
    packaged = tmp_path / "site-packages"
    packaged.mkdir()
    os.mkfifo(packaged / "theirs.css")
    settings.STATICFILES_DIRS = [project.sources, packaged]
    project.write({"a.css": "a {}"})
    _, err = collect()
    assert "theirs.css: This is a named pipe" in err
    assert list(project.manifest().paths) == ["a.css"]
    os.mkfifo(project.sources / "mine.css")
    with pytest.raises(CommandError, match=r"mine\.css: This is a named pipe, not a file"):
        collect()
    collect("--ignore", "mine.css")


def test_the_kernel_copies_a_file_that_still_looks_as_it_did(project, tmp_path):
    project.write({"a.css": "a {}" * 999, "empty.css": ""})
    sources = discover([]).sources
    for name in ("a.css", "empty.css"):
        with (tmp_path / name).open("wb") as target:
            assert sources[name].copy(target.fileno(), sources[name].look())
        assert (tmp_path / name).read_bytes() == (project.sources / name).read_bytes()


def test_the_kernel_copies_no_file_that_looks_different(project, tmp_path):
    project.write({"a.css": "a {}"})
    source = discover([]).sources["a.css"]
    look = source.look()._replace(ctime_ns=1)
    with (tmp_path / "copy").open("wb") as target, pytest.raises(BuildError, match="changed"):
        source.copy(target.fileno(), look)
    assert (tmp_path / "copy").read_bytes() == b""
