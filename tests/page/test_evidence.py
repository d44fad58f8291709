"""The cards of incidents and the rows of the table, as a reader sees them."""

import csv
import re
from html import unescape

import pytest

from armsflow.dataset.loader import SHIPPED
from armsflow.page.evidence import evidence_html
from armsflow.page.table import incident_table
from armsflow.picture import picture
from armsflow.selection.selection import Selection

PASSED = "said to have only passed through Libya"


@pytest.fixture(scope="module")
def transit():
    with (SHIPPED / "incidents.csv").open(encoding="utf-8", newline="") as file:
        found = {row["incident_id"]: row["through_libya"] == "true" for row in csv.DictReader(file)}
    assert set(found.values()) == {True, False}
    return found


def card(incident, shipped, layouts):
    html = evidence_html(picture.draw(Selection(focus=incident), shipped, shipped, layouts))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_card_marks_arms_from_abroad_and_never_as_libyan_stock(transit, shipped, layouts):
    for incident in [one for one, passed in transit.items() if passed]:
        words = card(incident, shipped, layouts)
        assert PASSED.capitalize().replace("libya", "Libya") in words
        assert "Libyan stock" not in words


def test_the_table_marks_arms_from_abroad_and_no_others(transit, shipped):
    incidents = shipped.read(shipped.rows())
    rows = incident_table(incidents, shipped.read_items(incidents), shipped)
    assert (rows["link-to-libya"].str.endswith(PASSED)).to_dict() == transit


def test_a_card_holds_a_text_to_copy_that_reports_an_error(shipped, layouts):
    incident = str(shipped.events.index[0])
    words = card(incident, shipped, layouts)
    title = shipped.incidents.loc[incident, "title"]
    assert f"Row: {incident} Data version: {shipped.version} Field: The row says: {title}" in words
