"""What an upload may be refused for: a code, an HTTP status and a sentence each.

The sentences say what was found and what is allowed. They are templates, so that forms can
translate them (`roots.media.validation`).
"""

from typing import NamedTuple

from roots.errors import DiskFull, UploadRejected


class Refusal(NamedTuple):
    """An HTTP status (RFC 9110 section 15, RFC 4918 section 11.5) and a sentence with places for
    what was found."""

    status: int
    sentence: str


TOO_LARGE, UNSUPPORTED, UNPROCESSABLE, UNAVAILABLE, FULL = 413, 415, 422, 503, 507

REFUSALS: dict[str, Refusal] = {
    "too_large": Refusal(TOO_LARGE, "%(name)s is larger than %(most)s, the most that is allowed."),
    "too_small": Refusal(UNPROCESSABLE, "%(name)s has %(size)s; it must have at least %(least)s."),
    "empty_file": Refusal(UNPROCESSABLE, "%(name)s is empty."),
    "name": Refusal(UNPROCESSABLE, "%(name)s has a name that is not allowed here."),
    "type": Refusal(UNSUPPORTED, "%(name)s is %(found)s. Allowed are: %(allowed)s."),
    "extension": Refusal(
        UNSUPPORTED, "%(name)s is %(found)s. Its name must end with one of: %(allowed)s."
    ),
    "broken": Refusal(UNPROCESSABLE, "%(name)s is damaged: it %(why)s."),
    "pixels": Refusal(
        UNPROCESSABLE,
        "%(name)s is %(width)s by %(height)s pixels large; at most %(most)s megapixels are "
        "allowed.",
    ),
    "frames": Refusal(
        UNPROCESSABLE, "%(name)s has %(frames)s frames; at most %(most)s are allowed."
    ),
    "moving_pixels": Refusal(
        UNPROCESSABLE,
        "%(name)s has %(frames)s frames of %(width)s by %(height)s pixels; at most %(most)s "
        "megapixels are allowed in all of them.",
    ),
    "text": Refusal(
        UNPROCESSABLE, "%(name)s carries %(size)s of text; at most %(most)s are allowed."
    ),
    "members": Refusal(UNPROCESSABLE, "%(name)s holds more than %(most)s files."),
    "unpacked": Refusal(UNPROCESSABLE, "%(name)s unpacks to more than %(most)s."),
    "ratio": Refusal(
        UNPROCESSABLE, "%(name)s unpacks to more than %(most)s times its size, as bombs do."
    ),
    "nested": Refusal(UNPROCESSABLE, "%(name)s holds another archive, %(member)s."),
    "member_name": Refusal(
        UNPROCESSABLE, "%(name)s holds a file that would land outside its folder: %(member)s."
    ),
    "link": Refusal(UNPROCESSABLE, "%(name)s holds a link, %(member)s."),
    "quota": Refusal(
        TOO_LARGE, "%(name)s has %(size)s and does not fit: %(used)s of %(allowed)s are in use."
    ),
    "full": Refusal(
        FULL, "%(name)s cannot be taken, because the server has not enough space left for it."
    ),
    "infected": Refusal(UNPROCESSABLE, "%(name)s is not safe: %(threat)s was found in it."),
    "unscanned": Refusal(
        UNAVAILABLE, "%(name)s could not be checked for malware just now. Please try again later."
    ),
    "encrypted": Refusal(UNPROCESSABLE, "%(name)s is encrypted, so nobody can see what is in it."),
}


def refuse(code: str, **found: object) -> UploadRejected:
    """The exception for an upload that breaks the rule `code`; `found` fills its sentence.

    >>> str(refuse("frames", name="a.gif", frames=900, most=500))
    'a.gif has 900 frames; at most 500 are allowed.'
    """
    status, sentence = REFUSALS[code]
    return UploadRejected(sentence, code=code, status=status, found=found)


def refusal_of(error: UploadRejected | DiskFull, name: str) -> UploadRejected:
    """What to tell the client, whose upload `name` failed with `error`."""
    return error if isinstance(error, UploadRejected) else refuse("full", name=name)


def spoken_size(size_bytes: int) -> str:
    """A size as people read it.

    >>> spoken_size(0), spoken_size(1500), spoken_size(20 << 20), spoken_size((5 << 30) // 2)
    ('0 bytes', '1.5 KiB', '20 MiB', '2.5 GiB')
    """
    if size_bytes < 1024:
        return f"{size_bytes} bytes"
    power = min((size_bytes.bit_length() - 1) // 10, 4)
    return f"{round(size_bytes / (1 << 10 * power), 1):g} {'_KMGT'[power]}iB"
