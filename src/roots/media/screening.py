"""Asks the project's scanner about an upload, and says where that lets it be stored."""

import logging
from typing import Any, BinaryIO

from roots import conf
from roots.media import quarantine
from roots.media.accept import PathOf
from roots.media.intake import Staged
from roots.media.refusals import refuse
from roots.media.scanning import ScanFailed, Scanner

_log = logging.getLogger("roots.media")
Outcome = str | ScanFailed
"""What a scanner found: the name of a threat, "" for none, or why it cannot tell."""


def is_wanted() -> bool:
    """Whether uploads are to be scanned before they are stored."""
    configured = conf.configuration()
    return configured.scanner is not None and not configured.scan_later


def examine(file: Any, name: str) -> Outcome:
    """What the scanner finds in `file`, which is called `name`; left where it stood. An upload that
    nobody has changed since remembers it. Raises UploadRejected where that is to be refused."""
    configured = conf.configuration()
    found_by = getattr(file, "found_by", None)
    found = found_by(configured.scanner) if found_by else outcome(configured.scanner, file)
    if isinstance(found, ScanFailed):
        _log.error("%s was not scanned: %s", name, found)
        if configured.unscanned == "refuse":
            raise refuse("unscanned", name=name) from found
    elif found:
        raise refuse("infected", name=name, threat=found)
    return found


def outcome(scanner: Scanner, file: BinaryIO) -> Outcome:
    """What `scanner` finds in all of `file`, which is left where it stood."""
    before = file.tell()
    try:
        file.seek(0)
        return scanner.scan(file)
    except ScanFailed as failed:
        return failed
    finally:
        file.seek(before)


def path_of(staged: Staged, content: Any, name: str) -> PathOf:
    """Where `accept` is to put `staged`, whose bytes came as `content`, called `name`. Raises
    UploadRejected (infected, or not scanned where that is refused)."""
    configured = conf.configuration()
    if configured.scanner is None:
        return quarantine.path_of_unasked
    if configured.scan_later:
        return quarantine.path_of_unscanned
    if getattr(content, "staged", None) is staged:
        found = examine(content, name)
    else:
        with open(staged.path, "rb", buffering=0) as stream:
            found = examine(stream, name)
    if not isinstance(found, ScanFailed):
        return quarantine.path_of_scanned
    is_waiting = configured.unscanned == "quarantine"
    return quarantine.path_of_unscanned if is_waiting else quarantine.path_of_unasked
