"""Data that are replaced while somebody looks at the page."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from armsflow.page.edition import QUIET
from tests.browser.recount import DATA, Asked, Recount
from tests.browser.visit import Visit

WORD = "Sparrow-Basalt"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    # A path as people have them, with a blank and letters of another script.
    return shutil.copytree(DATA, tmp_path / "بيانات my data")


def replace_first(file: Path, pattern: str, new: str) -> str:
    before = file.read_text("utf-8")
    after, changed = re.subn(pattern, new, before, count=1)
    assert changed == 1
    file.write_text(after, "utf-8")
    return before


NOTE_TOASTS = """
() => {
  window.toasts = "";
  const note = () => document.querySelectorAll("[data-testid=stToast]")
    .forEach((toast) => { window.toasts += toast.innerText; });
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
}
"""


MOST_LOOKS = 20
"""How often the page looks at the files at most until a busy machine has read them."""


def look_again(visit: Visit, recount: Recount, alerts: int) -> None:
    """Press something there and back until the page has looked at the files again."""
    asked = Asked(weapon=frozenset({"ammunition"}))
    visit.press_pill("weapon", recount.groups["ammunition"])
    for _ in range(MOST_LOOKS):
        visit.settle()
        if visit.page.get_by_role("alert").count() == alerts:
            break
        visit.page.wait_for_timeout(QUIET * 1000)
        for _ in range(2):
            visit.press_pill("weapon", recount.groups["manpads"])
            visit.settle()
    visit.press_pill("weapon", recount.groups["manpads"])
    visit.expect_view(recount.view(Asked(weapon=asked.weapon | {"manpads"})))
    for group in ("manpads", "ammunition"):
        visit.press_pill("weapon", recount.groups[group])
        visit.settle()
    visit.expect_view(recount.view(Asked()))


def test_broken_data_leave_the_last_good_on_the_page_with_the_problem_named(
    start_server, visit_to, recount, package
):
    visit = visit_to(start_server(data=package)).open()
    before = replace_first(package / "incidents.csv", ",media_report,", ",hearsay,")
    look_again(visit, recount, alerts=1)
    banner = visit.page.get_by_role("alert")
    expect(banner).to_contain_text("changed and cannot be shown as it is now: 1 problem found")
    expect(banner).to_contain_text(f"This is still data {recount.version}")
    expect(visit.page.locator("[data-testid=stCode]").first).to_contain_text(
        "'hearsay' is not a known code"
    )
    # Whoever comes now sees the same.
    other = visit_to(visit.address).open()
    other.expect_view(recount.view(Asked()))
    expect(other.page.get_by_role("alert")).to_contain_text("cannot be shown as it is now")
    # Mended: no word of it is left.
    (package / "incidents.csv").write_text(before, "utf-8")
    look_again(visit, recount, alerts=0)
    expect(visit.page.get_by_role("alert")).to_have_count(0)


def test_good_data_take_the_place_of_the_old_and_the_reader_is_told(
    start_server, visit_to, recount, package
):
    visit = visit_to(start_server(data=package)).open("?weapon=manpads&years=2012-2014")
    asked = Asked(weapon=frozenset({"manpads"}), years=(2012, 2014))
    visit.expect_view(recount.view(asked))
    row = recount.rows(asked)[0]
    replace_first(
        package / "incidents.csv",
        f"(?m)^({re.escape(row['incident_id'])},[^,]*,[^,]*,[^,]*),",
        rf"\1,{WORD} ",
    ) if '"' not in row["title"] else None
    text = (package / "datapackage.json").read_text("utf-8")
    (package / "datapackage.json").write_text(
        text.replace(f'"version": "{recount.version}"', '"version": "9.0.1"'), "utf-8"
    )
    visit.page.evaluate(NOTE_TOASTS)  # a slow machine may see one come and go
    for _ in range(MOST_LOOKS):
        for _ in range(2):
            visit.press_pill("weapon", recount.groups["ammunition"])
            visit.settle()
        if visit.page.evaluate("() => window.toasts.includes('now 9.0.1')"):
            break
        visit.page.wait_for_timeout(QUIET * 1000)
    assert visit.page.evaluate("() => window.toasts.includes('now 9.0.1')")
    expect(visit.page.locator(".masthead")).to_contain_text("Data 9.0.1")
    # What was asked for is still asked for.
    visit.expect_view(recount.view(asked))
    other = visit_to(visit.address).open(f"?focus={row['incident_id']}")
    expect(other.page.locator(".panel")).to_contain_text(WORD)
