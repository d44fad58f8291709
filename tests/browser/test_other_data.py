"""The page with data it was not made for: texts that would be code, and a broken package."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.recount import DATA, ROOT, Asked, Recount
from tests.browser.visit import Visit

HOSTILE = [
    '<img src=x onerror="window.top.hacked=1">',
    "`${window.top.hacked=1}` and a lone ` backtick",
    "</script><script>window.top.hacked=1</script>",
    "'\"&lt;b&gt;\\'\\\"; window.top.hacked=1; //",
    "{{ 1 / 0 }} {# comment #} {% raise %} {% endmacro %} {{ 'a\\\\b' }}",
    "$1 \\\\1 %s [link](javascript:alert(1)) **bold** :red[red] ~~gone~~ $x^2$",
    "تهريب السلاح \u202eعبر الحدود\u202c",
    "long " + "x" * 9_990 + " text",
]
COLUMNS = {
    "incidents": ("title", "summary"),
    "places": ("name", "note"),
    "corridors": ("name", "description"),
    "sources": ("title", "publisher"),
    "items": ("designation", "note"),
}


def rewrite(table: Path, columns: tuple[str, ...], first: set[str]) -> None:
    """Replace whole columns of a table by the hostile texts in turn, first of all where shown."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    turns = sorted(rows, key=lambda row: next(iter(row.values())) not in first)
    for number, row in enumerate(turns):
        for shift, column in enumerate(columns):
            row[column] = HOSTILE[(number + shift) % len(HOSTILE)]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def hacked(visit: Visit) -> list[str]:
    """Frames in which a text became code or markup."""
    return [
        frame.url
        for frame in visit.page.frames
        if frame.evaluate(
            "() => window.hacked !== undefined || !!document.querySelector('img[src=x]')"
        )
    ]


def in_words(text: str) -> str:
    return " ".join(text.split())


def test_hostile_texts_are_shown_as_text(start_server, visit_to, recount, tmp_path):
    package = shutil.copytree(DATA, tmp_path / "data")
    rows = recount.rows(Asked())
    shown = {row["corridor_id"] for row in rows} | {row["place_id"] for row in rows}
    for table, columns in COLUMNS.items():
        rewrite(package / f"{table}.csv", columns, shown)
    recount = Recount(package)
    rows = recount.rows(Asked())
    visit = visit_to(start_server(data=package)).open()
    visit.expect_view(recount.view(Asked()))
    assert hacked(visit) == []
    panel = visit.page.locator(".st-key-panel .panel")
    for text in HOSTILE:
        corridor = next(
            row["corridor_id"]
            for row in rows
            if row["corridor_id"] and recount.corridors[row["corridor_id"]]["name"] == text
        )
        visit.open(f"?focus={corridor}")
        expect(panel.locator("h2")).to_have_text(in_words(text))
        seen = in_words(panel.inner_text())
        row = recount.rows_in_focus(corridor, Asked())[0]
        assert in_words(row["title"]) in seen
        assert in_words(row["summary"]) in seen
        line = visit.map.locator(f"path.corridor-{corridor}")
        assert (line.get_attribute("aria-label") or "").startswith(text)
        line.dispatch_event("mouseover", {"clientX": 300, "clientY": 300, "bubbles": True})
        expect(visit.map.locator(".tip strong")).to_have_text(in_words(text))
        assert hacked(visit) == []

    for text in HOSTILE[:4]:
        place = next(
            row["place_id"] for row in rows if recount.places[row["place_id"]]["name"] == text
        )
        visit.open(f"?focus={place}")
        expect(panel.locator("h2")).to_have_text(in_words(text))
        assert hacked(visit) == []

    box = visit.page.get_by_label("Search and focus")
    for text in HOSTILE[:4]:
        box.click()
        box.fill(f"Line: {text}")
        expect(visit.page.get_by_role("option").first).to_contain_text(text)
        assert hacked(visit) == []
        visit.page.keyboard.press("Escape")


def test_a_label_that_would_be_a_template_stays_a_label(start_server, visit_to, tmp_path):
    package = shutil.copytree(DATA, tmp_path / "data")
    table = package / "destinations.csv"
    words = table.read_text(encoding="utf-8").replace(",Tunisia,", ",{{ 49 * 101 }},")
    table.write_text(words, encoding="utf-8")
    visit = visit_to(start_server(data=package)).open()
    assert "{{ 49 * 101 }}" in visit.map.locator(".legend").inner_text()
    assert "4949" not in visit.map.locator("body").inner_text()


def test_a_broken_package_shows_what_the_command_line_says_and_the_page_stays_up(
    start_server, visit_to, recount, tmp_path
):
    package = shutil.copytree(DATA, tmp_path / "data")
    table = package / "incidents.csv"
    text = table.read_text(encoding="utf-8")
    broken = text.replace(",media_report,", ",hearsay,", 2)
    assert broken != text
    table.write_text(broken, encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "-m", "armsflow", "check", str(package)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    lines = said.stdout.strip().splitlines()
    assert len(lines) == 2
    visit = visit_to(start_server(data=package))
    visit.page.goto(visit.address)
    expect(visit.page.get_by_role("alert")).to_contain_text("2 problems")
    shown = visit.page.locator("[data-testid=stCode] code").inner_text()
    assert shown.strip().splitlines() == lines
    expect(visit.page.locator("[data-testid=stException]")).to_have_count(0)

    table.write_text(text, encoding="utf-8")
    visit.open()
    visit.expect_view(recount.view(Asked()))
