"""Charts over time, as Vega-Lite specifications: the only module that knows that language.

Time runs from left to right in every language; titles stand where its lines begin.

Each incident is drawn over the span that its date may mean, never at a day that nobody stated.
Bars are stacked by destination. Every incident has one, so it counts once; by
weapon group it is in each of its groups, so those rows are never stacked or added.
"""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pandas as pd

from armsflow.language import ENGLISH, _, _p, direction, month, number, spoken
from armsflow.page.periods import FIELDS, KIND_SHAPES, is_yearly
from armsflow.picture import style

Spec = dict[str, Any]

AXIS: Final = 165
"""Width in pixels of the vertical axis, the same in all charts so that their years align."""

ROW: Final = 22
"""Height in pixels of a row of the context and of a weapon group."""

BRUSH: Final = "brush"

AXES: Final[Spec] = {
    "axis": {"labelFontSize": 12, "aria": False},
    "mark": {"aria": False},
}
"""Streamlit's own letters are smaller than the smallest text of the page. What Vega says of each
part is English and full of fields; the page says beside a chart what it shows."""

ROW_ROOM: Final[Spec] = {"autosize": {"type": "fit-x", "contains": "padding"}}
"""As high as the rows, with title and axis outside."""


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
    gap = timedelta(days=6 if is_yearly(years) else 1)
    most = int(rows["high"].max()) if len(rows) else 0
    return {
        "data": {"values": _values(rows, gap)},
        "config": _config(),
        "title": _title(_("Documented incidents, by destination")),
        "height": 140,
        "mark": {"type": "rect", "strokeWidth": 0.8},
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
            # A date that is not the event's own is drawn as a dashed outline, hardly filled. The
            # outline stands out in both themes, whatever the fill.
            "fillOpacity": {
                "condition": {
                    "test": "datum.dated",
                    "field": "opacity",
                    "type": "quantitative",
                    "scale": None,
                },
                "value": 0.25,
            },
            "stroke": {"value": ink},
            "strokeDash": {"condition": {"test": "datum.dated", "value": []}, "value": [3, 2]},
            "tooltip": _tooltip("Period", "Destination", "Incidents", "Date"),
        },
    }


def weapons(rows: pd.DataFrame, groups: list[str], years: tuple[int, int], ink: str) -> Spec:
    """Draw a row of counts for each weapon group, on the same axis of time.

    Parameters
    ----------
    rows
        From :func:`weapon_rows`.
    groups
        The words for the weapon groups, in the order of the rows.
    years
        First and last year drawn.
    ink
        Colour of words and marks, readable on the page's ground.
    """
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
    digits = {
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
        **ROW_ROOM,
        "config": _config(),
        "title": _title(_("By weapon group; an incident is in each of its groups")),
        "height": ROW * len(groups),
        "encoding": {"x": _time(years, "start", ink), "y": row},
        "layer": [cell, digits, loose],
    }


def context(rows: pd.DataFrame, kinds: dict[str, str], years: tuple[int, int], ink: str) -> Spec:
    """Draw the dated context on the same axis of time.

    It is a chart of its own, which weapons and destinations do not change: the browser keeps it.

    Parameters
    ----------
    rows
        From :func:`context_rows`.
    kinds
        The words for each kind of context, in the order of the rows.
    years, ink
        As for :func:`weapons`.
    """
    words = list(kinds.values())
    row = _rows("Kind", words, ink)
    shapes = [KIND_SHAPES.get(kind, "circle") for kind in kinds]
    return {
        "data": {"values": _values(rows.drop(columns="kind"), timedelta(0))},
        **ROW_ROOM,
        "config": _config(),
        "title": _title(_("Context")),
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
    if not is_yearly(years):
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
            "labelExpr": f"{json.dumps(_labels(labelled, years))}[datum.value]",
            "labelAlign": "left",
            "labelOffset": 3,
            "labelOverlap": "greedy",
        },
    }


def _labels(days: list[date], years: tuple[int, int]) -> dict[str, str]:
    """Return what stands at the days of an axis, by their instants."""
    if is_yearly(years):
        return {str(_instant(day)): str(day.year) for day in days}
    return {str(_instant(day)): _month_words(day) for day in days}


def _month_words(day: date) -> str:
    name = month(day.month)[:3] if spoken() == ENGLISH else month(day.month)
    return _p("on an axis of time", "{month} {year}", month=name, year=str(day.year))


def _config() -> Spec:
    """Return what all charts share: their axes, and what parts the thousands of a number."""
    thousands = number(1000)[1:-3]
    written = {"decimal": ".", "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    return {**AXES, "locale": {"number": written}}


def _title(words: str) -> Spec:
    anchor = "end" if direction() == "rtl" else "start"
    return {"text": words, "anchor": anchor, "fontSize": 13, "fontWeight": 600, "offset": 6}


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
        {
            "field": field,
            "type": "quantitative" if field == "Incidents" else "nominal",
            "title": _(FIELDS[field]),
        }
        for field in fields
    ]
