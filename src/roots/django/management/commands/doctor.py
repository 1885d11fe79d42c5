"""manage.py doctor: every classic mistake about both roots, named, explained and mended."""

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roots.doctor import primer, report
from roots.doctor.examination import examine
from roots.doctor.finding import Finding, Severity
from roots.doctor.project import Project
from roots.doctor.registry import Rule, rules
from roots.errors import StorageError

_WIDEST = 100


class Command(BaseCommand):
    """Parses, and lets `roots.doctor` find."""

    help = (
        "Finds the classic mistakes about STATIC_ROOT and MEDIA_ROOT, and says why they are "
        "mistakes and what to type. Changes nothing without --fix, and asks nobody over the "
        "network without --probe. Exits with 0 where nothing is wrong, with 1 for warnings if "
        "--strict is given, with 2 for errors."
    )
    requires_system_checks = ()  # what is wrong with the settings it says itself

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which mistakes, how they are told, and whether to mend them."""
        add = parser.add_argument
        add("--deploy", action="store_true", help="Take this for production, whatever DEBUG says.")
        add("--only", action="append", metavar="SLUG", help="Look for this mistake only; repeat.")
        add("--skip", action="append", metavar="SLUG", help="Do not look for this one; repeat.")
        add("--strict", action="store_true", help="Exit with 1 where there are warnings.")
        add("--json", action="store_true", help="Tell it as a list of JSON objects.")
        add("--fix", action="store_true", help="Show what can be mended safely, ask, and mend it.")
        add("--yes", action="store_true", help="With --fix: do not ask.")
        add("--primer", action="store_true", help="Say what both roots are, with the values here.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Find, tell, and mend. Raises CommandError for a slug nobody knows."""
        wanted = _chosen(options["only"], options["skip"])
        project = Project(deploy=options["deploy"])
        if options["primer"]:
            self.stdout.write(primer.told(project, _width()))
            return
        findings = examine(project, wanted)
        if options["json"]:
            self.stdout.write(json.dumps([each.as_json() for each in findings], indent=2))
        else:
            self._tell(findings, project)
        if options["fix"]:
            self._mend(findings, is_asked=not options["yes"])
        if code := _exit_code(findings, is_strict=options["strict"]):
            raise SystemExit(code)

    def _tell(self, findings: Sequence[Finding], project: Project) -> None:
        self.stdout.write(f"{project.directory}, settings {project.settings.module}\n\n")
        for finding in findings:
            self.stdout.write(report.told(finding, self._painted, _width()) + "\n\n")
        self.stdout.write(report.summary(findings))

    def _painted(self, severity: Severity, text: str) -> str:
        styles = {
            Severity.ERROR: self.style.ERROR,
            Severity.WARNING: self.style.WARNING,
            Severity.INFO: self.style.NOTICE,
        }
        return styles[severity](text)

    def _mend(self, findings: Sequence[Finding], *, is_asked: bool) -> None:
        for finding in findings:
            if finding.repair is None:
                continue
            self.stdout.write(f"\n{finding.slug}\n{finding.repair.diff()}")
            if is_asked and input("Do this? [y/N] ").strip().casefold() not in {"y", "yes"}:
                continue
            try:
                finding.repair.apply()
            except StorageError as error:
                self.stderr.write(str(error))
            else:
                self.stdout.write("Done.")


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST)


def _chosen(only: Sequence[str] | None, skip: Sequence[str] | None) -> list[Rule]:
    known = {each.slug for each in rules()}
    for slug in (*(only or ()), *(skip or ())):
        if slug not in known:
            raise CommandError(f"There is no finding {slug!r}. There are: {', '.join(known)}.")
    return [
        each
        for each in rules()
        if (only is None or each.slug in only) and each.slug not in (skip or ())
    ]


def _exit_code(findings: Sequence[Finding], *, is_strict: bool) -> int:
    worst = max((finding.severity for finding in findings), default=Severity.INFO)
    if worst is Severity.ERROR:
        return 2
    return 1 if worst is Severity.WARNING and is_strict else 0
