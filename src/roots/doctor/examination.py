"""Rules and a project: what is found."""

from collections.abc import Iterable, Iterator

from roots.doctor.finding import Finding, Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import Rule


def examine(project: Project, rules: Iterable[Rule]) -> list[Finding]:
    """What `rules` find in `project`, the worst first."""
    found = [finding for rule in rules for finding in _findings(rule, project)]
    return sorted(found, key=lambda finding: -finding.severity)


def _findings(rule: Rule, project: Project) -> Iterator[Finding]:
    try:
        for found in rule.look(project):
            yield _finding(rule, found, project)
    except Exception as error:  # noqa: BLE001 - one rule must not silence the others
        yield Finding(
            slug="rule-failed",
            id="roots.W099",
            severity=Severity.WARNING,
            what=f"Looking for {rule.slug} failed: {type(error).__name__}: {error}",
            why="Whether this project has that mistake is not known.",
            fix=f"Please report it, with these words. Until then: --skip {rule.slug}",
        )


def _finding(rule: Rule, found: Found, project: Project) -> Finding:
    severity = found.severity or rule.severity
    if rule.is_of_production and not project.is_production:
        severity = Severity.INFO
    return Finding(
        rule.slug, rule.id, severity, found.what, rule.why, found.fix, found.where, found.repair
    )
