"""manage.py doctor: every classic mistake about both roots, named, explained and mended."""

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roots.doctor import primer, report
from roots.doctor.examination import examine
from roots.doctor.finding import Finding, Severity
from roots.doctor.mending import mend
from roots.doctor.probe.mistakes import MISTAKES
from roots.doctor.project import Project
from roots.doctor.registry import rules
from roots.errors import ConfigError

_WIDEST = 100
_LONGEST_S = 3600


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
        add("--probe", metavar="URL", help="Ask the site at URL, as https://shop.example, instead.")
        add(
            "--write-probe",
            action="store_true",
            help="With --probe: upload a file, and ask for it.",
        )
        add("--timeout", type=float, default=10, metavar="S", help="With --probe: seconds to wait.")
        add("--primer", action="store_true", help="Say what both roots are, with the values here.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Find, tell, and mend. Raises CommandError for a slug nobody knows."""
        project = Project(deploy=options["deploy"])
        if options["primer"]:
            self.stdout.write(primer.told(project, _width()))
            return
        findings = _found(project, options)
        if not options["json"]:
            self._tell(findings, project)
        if options["fix"] and self._is_mended(findings, options):
            findings = _found(Project(deploy=options["deploy"]), options)
            if not options["json"]:
                self.stdout.write(f"\nLooked again: {report.summary(findings)}")
        if options["json"]:
            self.stdout.write(json.dumps([each.as_json() for each in findings], indent=2))
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

    def _is_mended(self, findings: Sequence[Finding], options: Mapping[str, Any]) -> bool:
        """Whether anything was mended, and all has to be looked at again."""
        if options["json"] and not options["yes"]:
            raise CommandError("--json leaves no room for questions: give --yes with --fix.")
        stream = self.stderr if options["json"] else self.stdout
        ask = (lambda: True) if options["yes"] else _ask
        return mend(findings, lambda text: stream.write(text, ending="", style_func=str), ask)


def _ask() -> bool:
    try:
        return input("Do this? [y/N] ").strip().casefold() in {"y", "yes"}
    except EOFError:  # nobody is there
        raise CommandError("Nobody answered, so it was not done. --yes does it unasked.") from None


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST)


def _found(project: Project, options: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the project, or with the site that is asked for."""
    wanted = _chosen(options["only"], options["skip"])
    silenced = () if options["only"] else project.settings.get("SILENCED_SYSTEM_CHECKS") or ()
    if options["probe"] is not None:  # an empty variable of a shell is a mistake, too
        found = [each for each in _probed(project, options) if each.slug in wanted]
    elif options["write_probe"]:
        raise CommandError("--write-probe needs a site to ask: --probe https://shop.example")
    else:
        found = examine(project, [each for each in rules() if each.slug in wanted])
    return [each for each in found if each.id not in silenced]


def _probed(project: Project, options: Mapping[str, Any]) -> list[Finding]:
    from roots.doctor.probe.probe import Probe, origin  # which most runs do not need

    is_writing, timeout_s = options["write_probe"], options["timeout"]
    if not 0 < timeout_s <= _LONGEST_S:
        raise CommandError(
            f"--timeout takes seconds, more than 0 and up to {_LONGEST_S}, not {timeout_s:g}."
        )
    try:
        base = origin(options["probe"])
        return Probe(project, base, timeout_s=timeout_s, is_writing=is_writing).findings()
    except ConfigError as error:
        raise CommandError(str(error)) from None


def _chosen(only: Sequence[str] | None, skip: Sequence[str] | None) -> set[str]:
    """The slugs to look for. Raises CommandError for one that nobody knows."""
    known = [*(each.slug for each in rules()), *MISTAKES]
    for slug in (*(only or ()), *(skip or ())):
        if slug not in known:
            raise CommandError(f"There is no finding {slug!r}. There are: {', '.join(known)}.")
    return set(known if only is None else only).difference(skip or ())


def _exit_code(findings: Sequence[Finding], *, is_strict: bool) -> int:
    worst = max((finding.severity for finding in findings), default=Severity.INFO)
    if worst is Severity.ERROR:
        return 2
    return 1 if worst is Severity.WARNING and is_strict else 0
