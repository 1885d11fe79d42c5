"""What a probe may find, by slug."""

from typing import NamedTuple

from roots.doctor.finding import Finding, Severity, severity_of


class Mistake(NamedTuple):
    """The id, whose letter is how bad it is at worst, and why it matters."""

    id: str
    why: str


MISTAKES = {
    "probe-unreachable": Mistake(
        "roots.E100", "What cannot be asked from here, visitors may not reach either."
    ),
    "probe-login": Mistake(
        "roots.W101",
        "Somebody in front wants to know who asks: nothing behind it can be looked at, and pages "
        "that everybody may see have no styles for who is not logged in.",
    ),
    "probe-static-missing": Mistake(
        "roots.E102", "Pages ask for this very file: they have no styles, scripts or pictures."
    ),
    "probe-static-differs": Mistake(
        "roots.W103",
        "A name that carries its content has other content there: a file was changed on its way, "
        "or cut off, and browsers keep it for a year.",
    ),
    "probe-not-cached": Mistake(
        "roots.W104",
        "A name that carries its content never changes: to ask for it again on every page is time "
        "that visitors wait for nothing.",
    ),
    "probe-not-compressed": Mistake(
        "roots.W105", "Style sheets and scripts are three to six times smaller when compressed."
    ),
    "probe-without-nosniff": Mistake(
        "roots.W106",
        "Without `X-Content-Type-Options: nosniff` a browser may take a file for something else "
        "than it is said to be, such as an upload for a script.",
    ),
    "probe-wrong-type": Mistake(
        "roots.W107", "Browsers refuse scripts and style sheets of another type than their own."
    ),
    "probe-manifest-served": Mistake(
        "roots.W109", "The manifest lists every static file, of pages nobody was told of, too."
    ),
    "probe-traversal": Mistake(
        "roots.E110", "Whoever asks like this reads any file the server may: code, keys, settings."
    ),
    "probe-hidden-served": Mistake(
        "roots.E111",
        "Hidden files are uploads that were not accepted yet, the trash, and what tools leave: "
        "nobody is meant to read them.",
    ),
    "probe-upload-missing": Mistake(
        "roots.E112", "An upload was stored, and its URL leads nowhere: visitors see broken images."
    ),
    "probe-upload-active": Mistake(
        "roots.E113",
        "An uploaded page runs in the name of this site: it reads what its visitor may read, and "
        "does what its visitor may do.",
    ),
    "probe-headers-changed": Mistake(
        "roots.W114",
        "What protects a file, or lets browsers keep it, was decided by Django and is gone or "
        "different where visitors are.",
    ),
    "probe-answers": Mistake("roots.I115", "So you see who answered what, and how."),
}


def finding(
    slug: str, what: str, fix: str, where: str, severity: Severity | None = None
) -> Finding:
    """The finding `slug`, about the URL `where`."""
    identity, why = MISTAKES[slug]
    return Finding(slug, identity, severity or severity_of(identity), what, why, fix, where)
