from roots.static import tree


def test_one_look_tells_files_links_and_leftovers(tmp_path):
    (tmp_path / "css" / "deep").mkdir(parents=True)
    (tmp_path / "css" / "deep" / "a.css").write_text("abc")
    (tmp_path / "css" / ".roots-0123").write_text("")
    (tmp_path / "link.css").symlink_to("css/deep/a.css")
    (tmp_path / "dangling").symlink_to("nowhere")
    found = tree.look(tmp_path)
    assert found.find("css/deep/a.css").size == 3
    assert found.directories == {"css", "css/deep"}
    assert found.others == {"link.css", "dangling"}
    assert found.temporaries == ["css/.roots-0123"]
    assert set(found.names()) == {"css/.roots-0123", "css/deep/a.css", "dangling", "link.css"}
    assert list(found.names("css/deep")) == ["css/deep/a.css"]


def test_a_missing_root_is_empty(tmp_path):
    assert list(tree.look(tmp_path / "missing").names()) == []


def test_a_file_below_a_linked_directory_is_found_when_asked_for(tmp_path):
    root = tmp_path / "root"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.css").write_text("abc")
    root.mkdir()
    (root / "css").symlink_to(tmp_path / "elsewhere")
    found = tree.look(root)
    standing = found.find("css/a.css")
    assert standing and standing.size == 3
    assert found.find("css/b.css") is None
    assert found.find("css") is None
