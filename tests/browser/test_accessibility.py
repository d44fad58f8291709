"""What axe-core finds on the page: nothing of our own, and of Streamlit only what is documented."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.recount import Asked, Recount
from tests.browser.serving import ROOT
from tests.browser.visit import Visit

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NOT_OURS = {
    "presentation-role-conflict": '[data-testid="stFileUploaderDropzone"]',
    "empty-table-header": '[data-testid="stDataFrame"]',
    "svg-img-alt": '[data-testid="stVegaLiteChart"]',
}
"""Rules of docs/accessibility.md that Streamlit and Vega break, and the elements they break in."""
SCAN = """
async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => [id, target, html]));
}
"""
STATES: list[tuple[str, str, dict[str, Any]]] = [
    ("as it opens", "", {}),
    ("a close-up", "?destinations=tunisia", {}),
    ("a line in focus", "?destinations=tunisia&focus=link-tunisia", {}),
    ("an incident in focus", "?destinations=all&focus={incident}", {"color_scheme": "dark"}),
    ("nothing found", "?weapon=manpads&destinations=algeria", {}),
    ("dark", "?destinations=mali", {"color_scheme": "dark"}),
    ("in French", "?lang=fr&destinations=tunisia", {}),
    ("in Arabic", "?lang=ar&destinations=tunisia&focus=link-tunisia", {}),
    ("in Arabic, nothing found", "?lang=ar&weapon=manpads&destinations=algeria", {}),
    ("a phone", "", {"viewport": {"width": 390, "height": 844}}),
]


def violations(visit: Visit) -> list[tuple[str, Any, str]]:
    for frame in visit.page.frames:
        frame.evaluate(AXE)
    found = visit.page.evaluate(SCAN, RULES)
    kept = []
    for rule, target, html in found:
        inside = NOT_OURS.get(rule)
        if inside and len(target) == 1:
            where = visit.page.locator(target[0]).first
            if where.evaluate("(one, inside) => Boolean(one.closest(inside))", inside):
                continue
        kept.append((rule, target, html))
    return kept


@pytest.mark.parametrize(("state", "query", "options"), STATES, ids=[one[0] for one in STATES])
def test_axe_finds_nothing_of_our_own(
    state: str,
    query: str,
    options: dict[str, Any],
    chromium: Browser,
    address: str,
    recount: Recount,
):
    context = chromium.new_context(**({"viewport": {"width": 1600, "height": 900}} | options))
    visit = Visit(context.new_page(), address)
    visit.open(query.format(incident=recount.rows(Asked())[7]["incident_id"]))
    assert violations(visit) == [], state
    context.close()


def test_axe_finds_nothing_in_the_brief_control(visit: Visit):
    visit.open("?destinations=mali")
    visit.page.locator(".st-key-brief button").first.click()
    expect(visit.page.locator(".st-key-file-pptx button")).to_be_visible()
    assert violations(visit) == []


def test_axe_finds_nothing_in_the_tables_for_own_rows(visit: Visit):
    visit.open()
    with visit.rerun():
        visit.press(visit.page.locator(".st-key-own-edit button"))
    expect(
        visit.page.locator(".st-key-own canvas[data-testid=data-grid-canvas]")
    ).not_to_have_count(0)
    assert violations(visit) == []


def test_what_is_not_ours_is_documented():
    words = (ROOT / "docs" / "accessibility.md").read_text("utf-8")
    for rule in NOT_OURS:
        assert f"`{rule}`" in words
