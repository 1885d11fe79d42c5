import subprocess

import pytest

from roots.errors import ConfigError
from roots.serve.embedded.tls import TLS, require_usable


def openssl(*arguments: str) -> None:
    try:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=30)
    except FileNotFoundError:
        pytest.skip("Needs the openssl command, to make keys.")


def pair(folder, name: str) -> TLS:
    """A certificate for localhost, and its key."""
    tls = TLS(folder / f"{name}.crt", folder / f"{name}.key")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-out", str(tls.certificate), "-keyout", str(tls.key)]
    openssl("req", "-x509", *curve, *files, "-days", "2", "-subj", "/CN=localhost")
    return tls


@pytest.fixture
def tls(tmp_path):
    return pair(tmp_path, "shop")


def refusal(tls: TLS) -> str:
    with pytest.raises(ConfigError) as caught:
        require_usable(tls)
    return str(caught.value)


def test_a_certificate_and_its_key_will_do(tls):
    require_usable(tls)


def test_files_that_do_not_belong_together_are_named(tls, tmp_path):
    other = pair(tmp_path, "other")
    assert "do not belong together. Name the two" in refusal(TLS(tls.certificate, other.key))


def test_a_missing_file_is_named_with_its_option(tls, tmp_path):
    missing = tmp_path / "missing.pem"
    assert refusal(TLS(missing, tls.key)).startswith(
        f"--tls-cert {missing} cannot be read: No such"
    )
    assert refusal(TLS(tls.certificate, missing)).startswith(f"--tls-key {missing} cannot be read")


def test_the_two_files_the_other_way_round_are_told_apart(tls):
    assert "holds no private key" in refusal(TLS(tls.certificate, tls.certificate))
    assert "holds no certificate" in refusal(TLS(tls.key, tls.key))


def test_a_key_with_a_password_is_not_asked_for_it_on_a_terminal(tls):
    locked = tls.key.with_suffix(".locked")
    openssl("pkey", "-in", str(tls.key), "-aes256", "-passout", "pass:x", "-out", str(locked))
    assert "asks for a password" in refusal(TLS(tls.certificate, locked))


def test_a_key_in_the_old_format_is_told_how_to_be_converted(tls, tmp_path):
    old = tmp_path / "old.key"
    openssl("genrsa", "-traditional", "-out", str(old), "2048")
    assert "openssl pkcs8 -topk8" in refusal(TLS(tls.certificate, old))
