"""Incidents by period: the rows that the charts over time draw."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import Any, Final

import pandas as pd

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import N_, _, speaking, spoken
from armsflow.package import dates
from armsflow.picture import style
from armsflow.selection.selection import destination_codes, weapon_groups

MONTHLY_YEARS: Final = 3
"""Years up to which a selection is drawn by month."""

OPACITY: Final = {"month": 1.0, "year": 0.55, "several years": 0.3}
"""How solid a bar is, by what is known of its dates."""

FIELDS: Final = {
    "Period": N_("Period"),
    "Destination": N_("Destination"),
    "Group": N_("Group"),
    "Incidents": N_("Incidents"),
    "Date": N_("Date"),
    "Kind": N_("Kind"),
    "Title": N_("Title"),
    "Summary": N_("Summary"),
}
"""Words for the columns that readers see."""

KIND_SHAPES: Final = {
    "resolution": "diamond",
    "conflict": "cross",
    "programme": "square",
    "agreement": "triangle-up",
    "report": "circle",
}


def timeline_rows(shown: Dataset, years: tuple[int, int]) -> pd.DataFrame:
    """Stack the events of a dataset by period and destination.

    Parameters
    ----------
    shown
        The dataset after a selection; only its events are counted.
    years
        First and last year drawn. Up to three years are drawn by month, and events whose month
        is not stated are then in a row of their own, as wide as the year.

    Returns
    -------
    rows
        ``start``, ``end`` (days, the end not included), ``Destination``, ``Incidents``,
        ``low`` and ``high`` (the stack), ``colour``, ``opacity``, ``Period`` (words),
        ``known`` (month, year or several years), ``Date`` (how the date is known, in words) and
        ``dated`` (whether it is that of the event).
    """
    keys = ("month", "month_end", "destination", "date_basis")
    events = summary.count_by(shown, *keys)["events"].reset_index()
    events["key"] = list(zip(events.pop("destination"), events.pop("date_basis"), strict=True))
    rows = _periods(events.set_index(["month", "month_end", "key"])["events"], years)
    bases = labels(shown, "incidents", "date_basis")
    pairs = product(destination_codes(shown), ["", *bases])
    order = {pair: place for place, pair in enumerate(pairs)}
    counted = _counted(rows.rename(columns={"key": "code"}), order)
    basis = counted["code"].map(lambda pair: pair[1])
    counted["code"] = counted["code"].map(lambda pair: pair[0])
    counted["Date"] = basis.map(bases | {"": _("Date of the event")})
    counted["dated"] = basis.isin(["event", ""])
    counted["high"] = counted.groupby(["start", "end", "known"])["Incidents"].cumsum()
    counted["low"] = counted["high"] - counted["Incidents"]
    counted["Destination"] = counted["code"].map(shown.destinations["label"])
    counted["colour"] = counted["code"].map(style.destination_colour)
    counted["opacity"] = counted["known"].map(OPACITY)
    return counted.drop(columns="code")


def weapon_rows(shown: Dataset, years: tuple[int, int]) -> pd.DataFrame:
    """Count the events of a dataset by period and weapon group that was asked for.

    Parameters
    ----------
    shown
        The dataset after a selection; only its events, and of their items those that match.
    years
        First and last year drawn, as in :func:`timeline_rows`.

    Returns
    -------
    rows
        ``start``, ``end``, ``Group``, ``Incidents``, ``Period`` and ``known``. An event is
        once in each of its groups, so rows of one period must not be added.
    """
    events = summary.count_by(shown, "month", "month_end", "weapons")["events"]
    rows = _periods(events, years)
    groups = weapon_groups(shown)
    of_set = {weapons: summary.groups_of(shown, weapons) for weapons in rows["key"].unique()}
    rows = rows.assign(code=rows["key"].map(of_set)).explode("code").dropna(subset=["code"])
    counted = _counted(rows, {code: place for place, code in enumerate(groups)})
    counted["Group"] = counted["code"].map(groups)
    return counted.drop(columns="code")


def _periods(events: pd.Series, years: tuple[int, int]) -> pd.DataFrame:
    monthly = not is_yearly(years)
    counted = events[events > 0].reset_index().to_numpy()
    rows = [
        (*_period(start, end, spoken(), monthly=monthly), key, count)
        for start, end, key, count in counted
    ]
    columns = ["start", "end", "Period", "known", "key", "Incidents"]
    return pd.DataFrame(rows, columns=columns).astype({"Incidents": "int64"})


def _counted(rows: pd.DataFrame, order: Mapping[Any, int]) -> pd.DataFrame:
    keys = ["start", "end", "Period", "known", "code"]
    counted = rows.groupby(keys)["Incidents"].sum().reset_index()
    return counted.sort_values(
        ["start", "end", "code"],
        key=lambda column: column.map(order) if column.name == "code" else column,
        ignore_index=True,
    )


@lru_cache(maxsize=4096)
def _period(start: str, end: str, language: str, *, monthly: bool) -> tuple[date, date, str, str]:
    first, last = dates.event_span(start, end)
    year = date(first.year, 1, 1), date(first.year + 1, 1, 1)
    with speaking(language):
        if first.year != last.year:
            return first, last + timedelta(days=1), dates.label(start, end), "several years"
        if monthly and first.month == last.month:
            following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            return first.replace(day=1), following, dates.label(start[:7]), "month"
        if monthly:
            return *year, _("{year}, month not stated", year=str(first.year)), "year"
        return *year, str(first.year), "month"


def context_rows(dataset: Dataset) -> pd.DataFrame:
    """Write the dated context: resolutions, agreements, programmes, reports, turns of the conflict.

    Returns
    -------
    rows
        ``start`` and ``end`` (first day that the date may mean, and the day after the last),
        ``Date`` (as precise as the source), ``Kind``, ``kind`` (code), ``Title`` and ``Summary``.
    """
    table = dataset.timeline.sort_values("date")
    words = labels(dataset, "timeline", "kind")
    spans = [dates.span(text) for text in table["date"]]
    return pd.DataFrame(
        {
            "start": [first for first, _ in spans],
            "end": [last + timedelta(days=1) for _, last in spans],
            "Date": [dates.label(text) for text in table["date"]],
            "Kind": table["kind"].map(words).to_numpy(),
            "kind": table["kind"].to_numpy(),
            "Title": table["title"].to_numpy(),
            "Summary": table["summary"].to_numpy(),
        }
    )


def is_yearly(years: tuple[int, int]) -> bool:
    """Tell whether a span of years is drawn by year; shorter ones are drawn by month."""
    return years[1] - years[0] >= MONTHLY_YEARS
