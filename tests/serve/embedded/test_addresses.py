import socket

import pytest

from roots.errors import ConfigError
from roots.serve.embedded.addresses import UnixSocket, require_room


def test_a_path_with_nothing_there_will_do(tmp_path):
    assert require_room(UnixSocket(tmp_path / "shop.sock")) == tmp_path / "shop.sock"


def test_a_socket_that_a_killed_server_left_behind_is_removed(tmp_path):
    path = tmp_path / "shop.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
    assert path.exists()
    require_room(UnixSocket(path))
    assert not path.exists()


def test_a_socket_that_is_listened_on_is_left_alone(tmp_path):
    path = tmp_path / "shop.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        with pytest.raises(ConfigError, match="another server listens there"):
            require_room(UnixSocket(path))
    assert path.exists()


def test_a_file_is_never_removed(tmp_path):
    (tmp_path / "shop.sock").write_text("mine")
    with pytest.raises(ConfigError, match="something else is there"):
        require_room(UnixSocket(tmp_path / "shop.sock"))
    assert (tmp_path / "shop.sock").read_text() == "mine"


def test_a_directory_that_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigError, match="its directory is missing or not writable"):
        require_room(UnixSocket(tmp_path / "run" / "shop.sock"))


def test_a_path_too_long_for_the_kernel_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="107 bytes at most"):
        require_room(UnixSocket(tmp_path / ("x" * 108)))
