"""Incidents over time, on a few hand-written rows."""

import time
from datetime import date

import pandas as pd
import pytest

from armsflow.dataset import summary
from armsflow.page import charts
from armsflow.page.periods import context_rows, timeline_rows, weapon_rows
from armsflow.picture import style
from armsflow.selection import selection

LIMITS = (2011, 2025)
NO_CONTEXT = pd.DataFrame(columns=["start", "end", "Date", "Kind", "kind", "Title", "Summary"])


def milliseconds(text):
    return pd.Timestamp(text).timestamp() * 1000


@pytest.mark.parametrize(
    ("edges", "years"),
    [
        (("2012-01-01", "2014-12-31"), (2012, 2014)),
        (("2012-12-10", "2014-12-31"), (2013, 2014)),
        (("2012-06-01", "2012-07-01"), (2012, 2012)),
        (("2009-01-01", "2030-01-01"), (2011, 2025)),
        (("2014-12-31", "2012-01-01"), (2012, 2014)),
    ],
)
def test_a_brush_chooses_the_years_that_it_covers(edges, years):
    selected = {"brush": {"start": [milliseconds(edge) for edge in edges]}}
    assert charts.brushed_years(selected, LIMITS) == years


@pytest.mark.parametrize("selected", [None, {}, {"brush": {}}, {"brush": {"start": []}}])
def test_nothing_brushed_chooses_nothing(selected):
    assert charts.brushed_years(selected, LIMITS) is None


def test_every_event_stands_in_the_timeline_exactly_once(shipped):
    for years in (LIMITS, (2011, 2013), (2012, 2012)):
        chosen = selection.Selection(years=None if years == LIMITS else years)
        shown = selection.apply(shipped, chosen)
        rows = timeline_rows(shown, years)
        assert rows["Incidents"].sum() == len(shown.events)
        assert ((rows["high"] - rows["low"]) == rows["Incidents"]).all()


def test_a_year_without_a_month_is_as_wide_as_the_year_and_paler(shipped):
    shown = selection.apply(shipped, selection.Selection(years=(2011, 2012)))
    rows = timeline_rows(shown, (2011, 2012))
    unknown = rows[rows["known"] == "year"]
    assert len(unknown)
    assert {(row.start, row.end) for row in unknown.itertuples()} <= {
        (date(2011, 1, 1), date(2012, 1, 1)),
        (date(2012, 1, 1), date(2013, 1, 1)),
    }
    assert (unknown["opacity"] < rows.loc[rows["known"] == "month", "opacity"].min()).all()


def test_an_empty_selection_gives_an_empty_timeline_that_can_be_drawn(shipped):
    shown = selection.apply(shipped, selection.Selection(weapon=("manpads",), years=(2020, 2025)))
    rows = timeline_rows(shown, (2020, 2025))
    assert rows.empty
    assert charts.timeline(rows, (2020, 2025), style.INK)["data"] == {"values": []}
    weapons = weapon_rows(shown, (2020, 2025))
    assert weapons.empty
    assert charts.weapons(weapons, ["MANPADS"], (2020, 2025), style.INK)["data"] == {"values": []}
    assert charts.context(NO_CONTEXT, {}, (2020, 2025), style.INK)["data"] == {"values": []}


def test_by_weapon_group_an_event_stands_once_in_each_of_its_groups(shipped):
    for years in (LIMITS, (2012, 2013)):
        chosen = selection.Selection(
            weapon=("small_arms", "manpads"), years=None if years == LIMITS else years
        )
        shown = selection.apply(shipped, chosen)
        rows = weapon_rows(shown, years)
        counted = rows.groupby("Group")["Incidents"].sum()
        expected = summary.events_by_group(shown)
        words = selection.weapon_groups(shipped)
        assert set(counted.index) == {words["small_arms"], words["manpads"]}
        for group in ("small_arms", "manpads"):
            assert counted[words[group]] == expected[group]


def test_no_time_of_a_chart_depends_on_a_time_zone(shipped, monkeypatch):
    rows = timeline_rows(shipped, LIMITS)
    here = charts.timeline(rows, LIMITS, style.INK)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        assert charts.timeline(rows, LIMITS, style.INK) == here
    finally:
        monkeypatch.undo()
        time.tzset()
    assert here["encoding"]["x"]["scale"]["domain"] == [
        milliseconds("2011-01-01"),
        milliseconds("2026-01-01"),
    ]


def test_the_context_says_dates_as_precisely_as_the_source(shipped):
    rows = context_rows(shipped)
    assert len(rows) == len(shipped.timeline)
    assert rows["start"].is_monotonic_increasing
    assert (rows["start"] < rows["end"]).all()
    assert "26 February 2011" in set(rows["Date"])


def test_dates_that_are_not_of_the_event_stand_apart_in_the_stack(shipped):
    rows = timeline_rows(shipped, (2011, 2026))
    dates = shipped.events["date_basis"].value_counts()
    assert rows.loc[rows["dated"], "Incidents"].sum() == dates["event"]
    other = rows[~rows["dated"]]
    assert other["Incidents"].sum() == dates["report"] + dates["inferred"]
    assert set(other["Date"]) == {"Date of the report", "Inferred date"}
