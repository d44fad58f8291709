"""The sections below the map in a real browser: brush, matrix, questions, comparison, search."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from armsflow.page.charts import AXIS
from tests.browser.recount import FOCUS, Asked, Recount
from tests.browser.visit import Visit

MATRIX = ".grid.matrix"

IN_FOCUS = "() => location.search.includes('focus=')"


@pytest.fixture
def opened(visit: Visit) -> Visit:
    return visit.open()


def test_brushing_the_timeline_sets_the_years(opened: Visit, recount: Recount):
    chart = opened.page.locator(".st-key-timeline [data-testid=stVegaLiteChart]")
    chart.scroll_into_view_if_needed()
    box = chart.locator("svg, canvas").first.bounding_box()
    first, last = 2013, 2014
    year = (box["width"] - AXIS) / (recount.last_year + 1 - recount.first_year)

    def at(when: float) -> float:
        return float(box["x"] + AXIS + (when - recount.first_year) * year)

    height = box["y"] + 70
    opened.page.mouse.move(at(first + 0.1), height)
    opened.page.mouse.down()
    opened.page.mouse.move(at(first + 1), height, steps=4)
    opened.page.mouse.move(at(last + 0.9), height, steps=4)
    opened.page.mouse.up()
    opened.expect_view(recount.view(Asked(years=(first, last))))


def test_a_cell_of_the_matrix_sets_both_filters_and_counts_what_they_give(
    opened: Visit, recount: Recount
):
    rows = opened.page.locator(f"{MATRIX} tbody tr")
    names = [recount.destinations[code]["label"] for code in recount.destinations]
    shown = [row.locator("th").inner_text() for row in rows.all()]
    assert [name for name in names if name in shown] == shown
    row = shown.index("Tunisia")
    cells = [cell.inner_text() for cell in rows.nth(row).locator("td").all()]
    rows.nth(row).get_by_role("button").nth(3).press("Enter")
    opened.page.wait_for_function("() => location.search.includes('weapon=')")
    (group,) = parse_qs(urlsplit(opened.page.url).query)["weapon"]
    asked = Asked(weapon=frozenset({group}), destinations=frozenset({"tunisia"}))
    opened.expect_view(recount.view(asked))
    count = cells[list(recount.groups).index(group)]
    assert opened.view()["counts"].startswith(f"{count} of ")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Where did the missiles go?", Asked(weapon=frozenset({"manpads"}))),
        ("What reached Sinai?", Asked(destinations=frozenset({"sinai"}))),
    ],
)
def test_a_question_opens_its_view_with_an_answer_that_agrees(question, asked, opened, recount):
    opened.page.locator(".st-key-questions button", has_text=question).click()
    view = opened.page.locator(".answer")
    expect(view).to_be_visible()
    destinations = asked.destinations if asked.destinations != frozenset(FOCUS) else None
    if destinations:
        opened.expect_view({"query": recount.query(asked)})
    count = opened.view()["counts"].split(" ")[0]
    assert count in view.inner_text()


def test_the_comparison_is_drawn_only_when_asked_for_and_says_what_it_shows(opened: Visit):
    page = opened.page
    assert page.locator("img.compared").count() == 0
    opened.press(page.locator(".st-key-compare summary"))
    picture = page.locator(".st-key-compare img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.naturalWidth") >= 1200
    assert "documented incident" in (picture.get_attribute("alt") or "")


@pytest.mark.parametrize(
    ("typed", "starts"),
    [("Ben Guerdane", "Place:"), ("S/2014/106", "Source:"), ("Salvador", "")],
)
def test_the_search_finds_places_sources_and_incidents(typed, starts, opened: Visit):
    page = opened.page
    page.locator(".st-key-focus input").fill(typed)
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    words = option.inner_text()
    assert words.startswith(starts)
    assert typed.lower() in words.lower()
    option.click()
    page.wait_for_function(IN_FOCUS)
    expect(page.locator(".panel h2, .panel article").first).to_be_visible()


def test_a_designation_leads_to_an_incident_that_names_it(opened: Visit, recount: Recount):
    page = opened.page
    page.locator(".st-key-focus input").fill("SA-7")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    option.click()
    page.wait_for_function(IN_FOCUS)
    named = {row["incident_id"] for row in recount.items if "SA-7" in row["designation"]}
    assert opened.focus in named
    expect(page.locator(".panel article.focused")).to_contain_text("SA-7")


def test_the_kinds_of_context_filter_the_marks(opened: Visit):
    page = opened.page
    opened.press(page.locator(".st-key-time-tables summary"))
    tables = page.locator(".st-key-time-tables .grid")
    expect(tables).to_have_count(3)
    marks = tables.nth(2).locator("tbody tr")
    everything = marks.count()
    opened.press(page.locator(".st-key-context button", has_text="Programme or mission"))
    expect(marks).not_to_have_count(everything)
    assert 1 < marks.count() < everything
