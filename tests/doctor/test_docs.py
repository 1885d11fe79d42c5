"""Every finding has its page, and every page its finding."""

import re
from pathlib import Path

import pytest

from roots.doctor.probe.mistakes import MISTAKES
from roots.doctor.registry import rules

PAGES = Path(__file__).parents[2] / "docs" / "findings"
IDS = {
    **{each.slug: each.id for each in rules()},
    **{slug: identity for slug, (identity, _) in MISTAKES.items()},
    "rule-failed": "roots.W099",
}
SECTIONS = ["What you see", "Why", "Fix", "Threads"]
MOST_LINES = 32


def test_every_finding_has_a_page_and_every_page_a_finding():
    assert {page.stem for page in PAGES.glob("*.md")} == {*IDS}


def test_no_number_is_given_twice():
    older = {"roots.E001", "roots.W001"}
    numbers = [identity[len("roots.E") :] for identity in IDS.values() if identity not in older]
    assert len(numbers) == len({*numbers})


@pytest.mark.parametrize("slug", sorted(IDS))
def test_a_page_names_its_finding_and_says_all_there_is_to_say(slug):
    text = (PAGES / f"{slug}.md").read_text()
    assert text.startswith(f"# {slug}\n\n`{IDS[slug]}`\n")
    found = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert found in (SECTIONS, SECTIONS[:-1])
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("slug", sorted(IDS))
def test_links_lead_to_pages_that_are_there(slug):
    text = (PAGES / f"{slug}.md").read_text()
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert link.startswith("https://") or (PAGES / link).is_file()
