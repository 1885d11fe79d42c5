"""What a reload looks at again; reloading itself is in tests/django/test_serve_reload.py."""

import pytest

pytest.importorskip("granian", reason="Needs Granian, from the extra `serve`.")

from roots.serve.embedded.tls import TLS
from roots.serve.embedded.workers import Workers
from tests.serve.embedded.test_tls import pair


def workers(tls: TLS | None) -> Workers:
    return Workers(target="unused", tls=tls)


def test_a_renewed_certificate_is_found_behind_its_link(tmp_path):
    old, new = pair(tmp_path, "old"), pair(tmp_path, "new")
    live = TLS(tmp_path / "live.crt", tmp_path / "live.key")
    live.certificate.symlink_to(old.certificate)
    live.key.symlink_to(old.key)
    served = workers(live)
    assert served.ssl_ctx[1:3] == (str(old.certificate), str(old.key))
    for link, target in ((live.certificate, new.certificate), (live.key, new.key)):
        link.unlink()
        link.symlink_to(target)
    assert served.problem(int) is None
    assert served.ssl_ctx[1:3] == (str(new.certificate), str(new.key))


def test_a_renewal_that_went_wrong_is_a_problem_and_changes_nothing(tmp_path):
    tls = pair(tmp_path, "shop")
    served = workers(tls)
    tls.key.write_text("")
    assert "holds no private key" in served.problem(int)
    assert served.ssl_ctx[0]


def test_code_that_does_not_start_is_a_problem(capfd):
    assert "The new code does not start" in workers(None).problem(_fail)
    assert "ZeroDivisionError" in capfd.readouterr().err


def _fail() -> None:
    _ = 1 / 0
