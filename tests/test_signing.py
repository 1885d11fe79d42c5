import pytest

from roots.signing import LENGTH, Signer


def test_what_was_signed_is_known_again():
    signer = Signer(["secret"], "tests")
    signature = signer.sign("größe 1.pdf", "60")
    assert len(signature) == LENGTH
    assert signer.is_signed(signature, "größe 1.pdf", "60")


@pytest.mark.parametrize("parts", [("a", "bc"), ("abc",), ("a", "b", "c"), ("ab", "c", ""), ()])
def test_no_other_parts_have_the_signature_of_these(parts):
    signer = Signer(["secret"], "tests")
    assert not signer.is_signed(signer.sign("ab", "c"), *parts)


@pytest.mark.parametrize("parts", [("1:a",), ("1:a", ""), ("", "1:a"), ("a1:", "")])
def test_parts_that_look_like_our_own_marks_are_told_apart(parts):
    signer = Signer(["secret"], "tests")
    signatures = {signer.sign(*each) for each in (parts, ("a",), ("1", "a"), ("", "a"))}
    assert len(signatures) == 4


@pytest.mark.parametrize("claimed", ["", "x" * LENGTH, "ü" * LENGTH, "\ud800", "x" * 10_000])
def test_nothing_else_passes_for_a_signature(claimed):
    assert not Signer(["secret"], "tests").is_signed(claimed, "a")


def test_another_purpose_is_another_key():
    assert Signer(["secret"], "a").sign("x") != Signer(["secret"], "b").sign("x")


def test_secrets_are_rotated_and_withdrawn():
    old, both, new = (Signer(secrets, "tests") for secrets in (["old"], ["new", "old"], ["new"]))
    assert both.is_signed(old.sign("x"), "x")
    assert new.is_signed(both.sign("x"), "x")
    assert not new.is_signed(old.sign("x"), "x")


@pytest.mark.parametrize("secrets", [[], [""], ["secret", ""], [b""]])
def test_there_is_no_signing_without_a_secret(secrets):
    with pytest.raises(ValueError, match="A signature needs a secret"):
        Signer(secrets, "tests")
