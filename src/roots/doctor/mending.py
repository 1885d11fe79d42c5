"""What `--fix` does with findings: shows what each takes, asks, and does it."""

from collections.abc import Callable, Sequence

from roots.doctor.finding import Finding
from roots.doctor.patch import patch
from roots.errors import RootsError


def mend(
    findings: Sequence[Finding], tell: Callable[[str], None], is_wanted: Callable[[], bool]
) -> bool:
    """Do the repairs of `findings` that are wanted; whether anything was done.

    `tell` gets texts of whole lines, `is_wanted` is asked after each diff. A repair that fails is
    told, and the others are done. Settings are never edited: their patch is told.
    """
    is_changed, shown = False, set()
    for finding in findings:
        if finding.repair is None:
            _tell_patch(finding, tell)
        elif (diff := finding.repair.diff()) and diff not in shown:
            shown.add(diff)  # one repair may mend several
            tell(f"\n{finding.slug}\n{diff}")
            is_changed |= is_wanted() and _is_done(finding, tell)
    return is_changed


def _tell_patch(finding: Finding, tell: Callable[[str], None]) -> None:
    if diff := patch(finding.where, finding.fix):
        tell(f"\n{finding.slug}: settings are yours to edit\n{diff}")


def _is_done(finding: Finding, tell: Callable[[str], None]) -> bool:
    assert finding.repair  # noqa: S101
    try:
        finding.repair.apply()
    except RootsError as error:
        tell(f"Not done: {error}\n")
        return False
    tell("Done.\n")
    return True
