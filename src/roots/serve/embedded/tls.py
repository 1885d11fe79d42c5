"""A certificate and its key: refused early and in a sentence, before any worker starts."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from roots.errors import ConfigError


@dataclass(frozen=True, slots=True)
class TLS:
    """PEM files: `certificate` with the chain that leads to an authority, and its `key`."""

    certificate: Path
    key: Path


def require_usable(tls: TLS) -> None:
    """Raise ConfigError where a file is missing, is not PEM, or the two do not belong together."""
    _require_key(_readable(tls.key, "--tls-key"), tls.key)
    if b"-----BEGIN CERTIFICATE-----" not in _readable(tls.certificate, "--tls-cert"):
        raise ConfigError(f"--tls-cert {tls.certificate} holds no certificate in PEM format.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key)
    except ssl.SSLError as error:
        mismatch = error.reason == "KEY_VALUES_MISMATCH"
        problem = "do not belong together" if mismatch else f"cannot be used ({error.reason})"
        raise ConfigError(
            f"--tls-cert {tls.certificate} and --tls-key {tls.key} {problem}. Name the two files "
            "that were made together."
        ) from error


def _readable(path: Path, option: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{option} {path} cannot be read: {error.strerror}. Name a PEM file that the user who "
            "runs serve may read."
        ) from error


def _require_key(pem: bytes, path: Path) -> None:
    if b"ENCRYPTED" in pem:
        raise ConfigError(
            f"--tls-key {path} asks for a password. Take it off: openssl pkey -in {path} -out …"
        )
    if b"-----BEGIN RSA PRIVATE KEY-----" in pem:  # workers would die of it
        raise ConfigError(
            f"--tls-key {path} is in the old PKCS#1 format. Convert it: openssl pkcs8 -topk8 "
            f"-nodes -in {path} -out …"
        )
    if b"PRIVATE KEY-----" not in pem:
        raise ConfigError(f"--tls-key {path} holds no private key in PEM format.")
