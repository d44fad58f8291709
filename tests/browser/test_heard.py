"""What a screen reader meets: map, table, matrix and charts of the tiny package as words."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import tiny
from tests.browser.visit import Visit

MAP = """
- listbox /^Lines, places and numbered incidents on the map.*arrow keys/:
  - option "Libya to Mali, route not stated. 1 documented incident"
  - option "Libya to Algeria, route not stated. 1 documented incident; 1 general report, \
not counted"
  - option "Ghat to In Amenas. 1 documented incident"
  - option "Sabha to Gao. No single event documented"
  - option "Tassili. 1 documented incident; 1 general report, not counted"
  - option "Gao. 1 documented incident"
  - option "In Amenas. 1 documented incident"
  - option "Incident 1, In Amenas"
  - option "Incident 2, Gao"
  - option "Incident 3, Tassili"
- group "Legend":
  - heading "Destination" [level=2]
  - list:
    - listitem: Mali
    - listitem: Algeria
  - button "Whole legend"
- button "Zoom in"
- button "Zoom out"
"""
WORDS = """
- group:
  - text: "The map in words: 4 lines by destination"
  - heading "Mali" [level=3]
  - list:
    - listitem:
      - button "Libya to Mali, route not stated"
      - text: ": 1 documented incident; route not stated; link to Libya: reported only; Gao."
    - listitem:
      - button "Sabha to Gao"
  - heading "Algeria" [level=3]
  - list:
    - listitem:
      - button "Libya to Algeria, route not stated"
    - listitem:
      - button "Ghat to In Amenas"
"""
TABLE = """
- region "The same incidents as a table":
  - table:
    - rowgroup:
      - row:
        - columnheader "Date":
          - button "Date"
        - columnheader "Incident":
          - button "Incident"
        - columnheader "Place"
        - columnheader "Destination"
        - columnheader "Route"
        - columnheader "Weapons"
        - columnheader "Link to Libya"
        - columnheader "Kind of event"
        - columnheader "Counted as"
        - columnheader "Sources"
        - columnheader "Id"
    - rowgroup:
      - row:
        - cell "16–19 January 2013"
        - cell "Gas plant attacked":
          - button "Gas plant attacked"
        - cell "In Amenas"
      - row:
        - cell "May 2013"
        - cell "Missiles found":
          - button "Missiles found"
"""
MATRIX = """
- region "Incidents by destination":
  - table:
    - rowgroup:
      - row:
        - columnheader "Destination"
        - columnheader "MANPADS"
        - columnheader "All"
    - rowgroup:
      - row:
        - rowheader "Mali"
        - 'cell "Mali, MANPADS: 1"':
          - 'button "Mali, MANPADS: 1"'
        - cell "0"
        - 'cell "Mali, All: 1"':
          - 'button "Mali, All: 1"'
"""
CHART = """
- img: /^Documented incidents, by destination/
"""
BY_WEAPON = """
- img: /By weapon group; an incident is in each of its groups/
"""
CONTEXT = """
- img: /Context/
"""


@pytest.fixture
def small(
    start_server: Callable[..., str], visit_to: Callable[..., Visit], tmp_path: Path
) -> Visit:
    return visit_to(start_server(data=tiny.write(tmp_path / "package"))).open()


def test_map_table_matrix_and_charts_are_heard_in_order_and_by_name(small: Visit):
    page = small.page
    expect(small.map.locator("body")).to_match_aria_snapshot(MAP)
    small.press(page.locator(".in-words summary"))
    parts = page.get_by_test_id("stHtml")
    expect(parts.filter(has=page.locator(".in-words"))).to_match_aria_snapshot(WORDS)
    expect(parts.filter(has=page.locator(".incidents"))).to_match_aria_snapshot(TABLE)
    expect(parts.filter(has=page.locator(".matrix"))).to_match_aria_snapshot(MATRIX)
    charts = page.get_by_test_id("stVegaLiteChart")
    for place, (words, name) in enumerate(
        (
            (CHART, "^Documented incidents by period"),
            (BY_WEAPON, "^Documented incidents by weapon group"),
            (CONTEXT, "of the context; the tables below list them"),
        )
    ):
        chart = charts.nth(place)
        expect(chart.locator("svg")).to_match_aria_snapshot(words)
        expect(chart).to_have_attribute("role", "graphics-document")
        expect(chart).to_have_accessible_name(re.compile(name))


def test_the_headings_go_down_one_level_at_a_time(small: Visit):
    for query in ("", "?focus=2013-05-gao-missiles"):
        small.open(query)
        levels = small.page.evaluate(
            "() => [...document.querySelectorAll('h1, h2, h3, h4, h5')]"
            ".filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1]))"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        steps = [after - before for before, after in pairwise(levels)]
        assert max(steps) == 1
