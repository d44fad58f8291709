"""Charts over time, as Vega-Lite specifications: the only module that knows that language.

Each incident is drawn over the span that its date may mean, never at a day that nobody stated.
Bars are stacked by destination, which every incident has one of, so an incident counts once; by
weapon group it stands in each of its groups, so those rows are never stacked or added.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from armsflow import dates, style, summary
from armsflow.dataset import Dataset, labels
from armsflow.selection import destination_codes, weapon_groups

Spec = dict[str, Any]

MONTHLY_YEARS: Final = 3
"""Years up to which a selection is drawn by month."""

OPACITY: Final = {"month": 1.0, "year": 0.55, "several years": 0.3}
"""How solid a bar is, by what is known of its dates."""

AXIS: Final = 165
"""Width in pixels of the vertical axis, the same in all charts so that their years align."""

ROW: Final = 22
"""Height in pixels of a row of the context and of a weapon group."""

BRUSH: Final = "brush"

KIND_SHAPES: Final = {
    "resolution": "diamond",
    "conflict": "cross",
    "programme": "square",
    "agreement": "triangle-up",
    "report": "circle",
}


# ---------------------------------------------------------------- incidents over time


def timeline_rows(shown: Dataset, years: tuple[int, int]) -> pd.DataFrame:
    """Stack the events of a dataset by period and destination.

    Parameters
    ----------
    shown
        The dataset after a selection; only its events are counted.
    years
        First and last year drawn. Up to three years are drawn by month, and events whose month
        is not stated then stand in a row of their own, as wide as the year.

    Returns
    -------
    rows
        ``start``, ``end`` (days, the end not included), ``Destination``, ``Incidents``,
        ``low`` and ``high`` (the stack), ``colour``, ``opacity``, ``Period`` (words) and
        ``known`` (month, year or several years).
    """
    events = summary.count_by(shown, "month", "month_end", "destination")["events"]
    rows = _periods(events, years)
    order = {code: place for place, code in enumerate(destination_codes(shown))}
    counted = _counted(rows.rename(columns={"key": "code"}), order)
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
        ``start``, ``end``, ``Group``, ``Incidents``, ``Period`` and ``known``. An event stands
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
    monthly = not _yearly(years)
    counted = events[events > 0].reset_index().to_numpy()
    rows = [
        (*_period(start, end, monthly=monthly), key, count) for start, end, key, count in counted
    ]
    columns = ["start", "end", "Period", "known", "key", "Incidents"]
    return pd.DataFrame(rows, columns=columns).astype({"Incidents": "int64"})


def _counted(rows: pd.DataFrame, order: dict[str, int]) -> pd.DataFrame:
    keys = ["start", "end", "Period", "known", "code"]
    counted = rows.groupby(keys)["Incidents"].sum().reset_index()
    return counted.sort_values(
        ["start", "end", "code"],
        key=lambda column: column.map(order) if column.name == "code" else column,
        ignore_index=True,
    )


@lru_cache(maxsize=4096)
def _period(start: str, end: str, *, monthly: bool) -> tuple[date, date, str, str]:
    first, last = dates.event_span(start, end)
    if first.year != last.year:
        return first, last + timedelta(days=1), dates.label(start, end), "several years"
    if monthly and first.month == last.month:
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return first.replace(day=1), following, dates.label(start[:7]), "month"
    if monthly:
        return (
            date(first.year, 1, 1),
            date(first.year + 1, 1, 1),
            f"{first.year}, month not stated",
            "year",
        )
    return date(first.year, 1, 1), date(first.year + 1, 1, 1), str(first.year), "month"


def timeline(rows: pd.DataFrame, years: tuple[int, int], ink: str) -> Spec:
    """Draw incidents over time as stacked bars that can be brushed to choose years.

    Parameters
    ----------
    rows
        From :func:`timeline_rows`.
    years
        First and last year drawn.
    ink
        Colour of words, readable on the page's ground.
    """
    gap = timedelta(days=6 if _yearly(years) else 1)
    most = int(rows["high"].max()) if len(rows) else 0
    return {
        "data": {"values": _values(rows, gap)},
        "title": _title("Documented incidents, by destination"),
        "height": 140,
        "mark": {"type": "rect", "stroke": style.CASING, "strokeWidth": 0.6},
        "params": [{"name": BRUSH, "select": {"type": "interval", "encodings": ["x"]}}],
        "encoding": {
            "x": _time(years, "start", ink),
            "x2": {"field": "end"},
            "y": {
                "field": "low",
                "type": "quantitative",
                "scale": {"domain": [0, max(most, 4)], "nice": True},
                "axis": {
                    "title": None,
                    "labelColor": ink,
                    "tickMinStep": 1,
                    "minExtent": AXIS,
                    "maxExtent": AXIS,
                    "gridColor": style.GRID,
                },
            },
            "y2": {"field": "high"},
            "color": {"field": "colour", "type": "nominal", "scale": None},
            "opacity": {"field": "opacity", "type": "quantitative", "scale": None},
            "tooltip": _tooltip("Period", "Destination", "Incidents"),
        },
    }


# ---------------------------------------------------------------- weapons and context below it


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


def background(
    weapons: pd.DataFrame,
    groups: Iterable[str],
    marks: pd.DataFrame,
    kinds: dict[str, str],
    years: tuple[int, int],
    ink: str,
) -> Spec:
    """Draw weapon groups and the dated context, one above the other, on the same axis of time.

    Parameters
    ----------
    weapons
        From :func:`weapon_rows`.
    groups
        The words for the weapon groups, in the order of the rows.
    marks
        From :func:`context_rows`.
    kinds
        The words for each kind of context, in the order of the rows.
    years
        First and last year drawn.
    ink
        Colour of words and marks, readable on the page's ground.
    """
    return {
        "vconcat": [
            _weapons(weapons, list(groups), years, ink),
            _context(marks, kinds, years, ink),
        ],
        "spacing": 16,
        "autosize": {"type": "fit-x", "contains": "padding"},
    }


def _weapons(rows: pd.DataFrame, groups: list[str], years: tuple[int, int], ink: str) -> Spec:
    known = rows[rows["known"] == "month"]
    most = int(known["Incidents"].max()) if len(known) else 1
    grounds = [style.shade(count, most) for count in rows["Incidents"]]
    rows = rows.assign(ground=grounds, ink=list(map(style.text_on, grounds)))
    row = _rows("Group", groups, ink)
    cell = {
        "transform": [{"filter": "datum.known == 'month'"}],
        "mark": {"type": "rect", "stroke": style.CASING, "strokeWidth": 1},
        "encoding": {
            "x2": {"field": "end"},
            "color": {"field": "ground", "type": "nominal", "scale": None},
            "tooltip": _tooltip("Period", "Group", "Incidents"),
        },
    }
    number = {
        "transform": [{"filter": "datum.known == 'month'"}],
        "mark": {"type": "text", "fontSize": 12, "fontWeight": 600},
        "encoding": {
            "x": _time(years, "middle", ink),
            "text": {"field": "Incidents", "type": "quantitative"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }
    loose = {
        "transform": [{"filter": "datum.known != 'month'"}],
        "mark": {"type": "bar", "height": 4, "yOffset": ROW / 2 - 4, "opacity": 0.75},
        "encoding": {
            "x2": {"field": "end"},
            "color": {"value": ink},
            "tooltip": _tooltip("Period", "Group", "Incidents"),
        },
    }
    return {
        "data": {"values": _values(rows, timedelta(0))},
        "title": _title("By weapon group; an incident stands in each of its groups"),
        "width": "container",
        "height": ROW * len(groups),
        "encoding": {"x": _time(years, "start", ink), "y": row},
        "layer": [cell, number, loose],
    }


def _context(rows: pd.DataFrame, kinds: dict[str, str], years: tuple[int, int], ink: str) -> Spec:
    words = list(kinds.values())
    row = _rows("Kind", words, ink)
    shapes = [KIND_SHAPES.get(kind, "circle") for kind in kinds]
    return {
        "data": {"values": _values(rows.drop(columns="kind"), timedelta(0))},
        "title": _title("Context"),
        "width": "container",
        "height": ROW * max(len(words), 1),
        "encoding": {
            "x": _time(years, "start", ink),
            "y": row,
            "tooltip": _tooltip("Date", "Title", "Summary"),
        },
        "layer": [
            {
                "transform": [{"filter": "datum.end - datum.start > 4e9"}],
                "mark": {"type": "rule", "color": ink, "strokeWidth": 1.5},
                "encoding": {"x2": {"field": "end"}},
            },
            {
                "mark": {
                    "type": "point",
                    "size": 62,
                    "filled": True,
                    "opacity": 0.9,
                    "color": ink,
                },
                "encoding": {
                    "shape": {
                        "field": "Kind",
                        "type": "nominal",
                        "scale": {"domain": words, "range": shapes},
                        "legend": None,
                    }
                },
            },
        ],
    }


# ---------------------------------------------------------------- the axis of time


def brushed_years(selected: Any, limits: tuple[int, int]) -> tuple[int, int] | None:
    """Read which years a brush covers; ``None`` if nothing is brushed.

    Parameters
    ----------
    selected
        The chart's selection: milliseconds since 1970 under the name of the brushed field.
    limits
        First and last year that can be chosen.
    """
    edges = next(iter(dict(selected or {}).get(BRUSH, {}).values()), None)
    if not edges:
        return None
    first, last = (pd.Timestamp(edge, unit="ms") for edge in (min(edges), max(edges)))
    # The edge of a year's bar that is only grazed does not choose that year.
    start = (first + pd.Timedelta(days=45)).year
    end = (last - pd.Timedelta(days=45)).year
    start, end = max(start, limits[0]), min(max(end, start), limits[1])
    return (start, end) if start <= end else None


def _yearly(years: tuple[int, int]) -> bool:
    return years[1] - years[0] >= MONTHLY_YEARS


def _values(rows: pd.DataFrame, gap: timedelta) -> list[dict[str, Any]]:
    """Write rows with days as milliseconds, so that no reader's time zone can move them."""
    values: list[dict[str, Any]] = rows.to_dict("records")  # type: ignore[assignment]
    for value in values:
        start, end = _instant(value["start"] + gap), _instant(value["end"] - gap)
        value |= {"start": start, "end": end, "middle": (start + end) // 2}
    return values


def _instant(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _time(years: tuple[int, int], field: str, ink: str) -> Spec:
    # A plain number line with ticks of our own: a scale of time would be in the reader's zone.
    starts = [date(year, 1, 1) for year in range(years[0], years[1] + 2)]
    labelled = starts[:-1]
    if not _yearly(years):
        step = 3 if len(labelled) > 1 else 1
        labelled = [date(day.year, month, 1) for day in labelled for month in range(1, 13, step)]
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [_instant(starts[0]), _instant(starts[-1])], "nice": False},
        "axis": {
            "title": None,
            "grid": False,
            "labelColor": ink,
            "values": [_instant(day) for day in labelled],
            "labelExpr": f"utcFormat(datum.value, '{'%Y' if _yearly(years) else '%b %Y'}')",
            "labelAlign": "left",
            "labelOffset": 3,
            "labelOverlap": "greedy",
        },
    }


def _title(words: str) -> Spec:
    return {"text": words, "anchor": "start", "fontSize": 13, "fontWeight": 600, "offset": 6}


def _rows(field: str, words: list[str], ink: str) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "sort": words,
        "scale": {"domain": words},
        "axis": {
            "labelColor": ink,
            "labelBound": False,
            "labelFlush": False,
            "labelBaseline": "middle",
            "title": None,
            "minExtent": AXIS,
            "maxExtent": AXIS,
            "labelLimit": AXIS,
            "labelOverlap": False,
            "domain": False,
            "ticks": False,
        },
    }


def _tooltip(*fields: str) -> list[Spec]:
    return [
        {"field": field, "type": "quantitative" if field == "Incidents" else "nominal"}
        for field in fields
    ]
