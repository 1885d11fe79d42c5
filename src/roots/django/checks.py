"""System checks: what `manage.py check`, `runserver` and `collectstatic` refuse to start with.

They are the doctor's rules, those of them that take no time; see `roots.doctor`.
"""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage

from roots.doctor.examination import examine
from roots.doctor.finding import Finding
from roots.doctor.project import Project
from roots.doctor.registry import Rule, rules

BEFORE_COLLECTING = ("settings", "sources")
"""The areas that collectstatic loads and asks."""
THE_REST = ("roots", "storages", "urls", "production", "private")
"""The others that have cheap rules."""


def check_static(**_: Any) -> list[CheckMessage]:
    """What is wrong with `ROOTS` and with where static files come from."""
    return _messages(Project(), _usual(rules(*BEFORE_COLLECTING)))


def check_the_rest(**_: Any) -> list[CheckMessage]:
    """What else matters wherever this project runs."""
    return _messages(Project(), _usual(rules(*THE_REST)))


def check_production(**_: Any) -> list[CheckMessage]:
    """`check --deploy`: what matters in production only."""
    everywhere = rules(*BEFORE_COLLECTING, *THE_REST)
    cheap = [each for each in everywhere if each.is_cheap and each.is_of_production]
    return _messages(Project(deploy=True), cheap)


def _usual(among: Iterable[Rule]) -> list[Rule]:
    return [each for each in among if each.is_cheap and not each.is_of_production]


def _messages(project: Project, asked: Iterable[Rule]) -> list[CheckMessage]:
    return [_message(finding) for finding in examine(project, asked)]


def _message(finding: Finding) -> CheckMessage:
    return CheckMessage(
        finding.severity,
        f"{finding.what} {finding.why}",
        hint=finding.fix.replace("\n", "\n\t"),
        obj=finding.where or None,
        id=finding.id,
    )
