"""Charts over time: the only module that knows Altair.

Each incident is drawn over the span that its date may mean, never at a day that nobody stated.
An incident counts once: bars are stacked by destination, which every incident has one of.
"""

from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from armsflow import dates, style
from armsflow.dataset import Dataset, labels
from armsflow.selection import destination_codes

MONTHLY_YEARS = 3
"""Years up to which a selection is drawn by month."""

OPACITY = {"month": 1.0, "year": 0.55, "several years": 0.3}
"""How solid a bar is, by what is known of its dates."""

AXIS = 150
"""Width in pixels of the vertical axis, the same in both charts so that their years align."""

KIND_SHAPES = {
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
        is not stated then stand in a row of their own, as wide as the year.

    Returns
    -------
    rows
        ``start``, ``end`` (days, the end not included), ``Destination``, ``Incidents``,
        ``low`` and ``high`` (the stack), ``colour``, ``opacity``, ``Period`` (words) and
        ``known`` (month, year or several years).
    """
    monthly = years[1] - years[0] < MONTHLY_YEARS
    events = shown.events
    rows = pd.DataFrame(
        [
            _period(start, end, monthly=monthly)
            for start, end in zip(events["date"], events["date_end"], strict=True)
        ],
        columns=["start", "end", "Period", "known"],
    )
    rows["destination"] = events["destination"].to_numpy()
    keys = ["start", "end", "Period", "known", "destination"]
    counted = rows.groupby(keys, as_index=False).size().rename(columns={"size": "Incidents"})
    order = {code: place for place, code in enumerate(destination_codes(shown))}
    counted = counted.sort_values(
        ["start", "end", "destination"],
        key=lambda column: column.map(order) if column.name == "destination" else column,
    )
    counted["high"] = counted.groupby(["start", "end", "known"])["Incidents"].cumsum()
    counted["low"] = counted["high"] - counted["Incidents"]
    counted["Destination"] = counted["destination"].map(shown.destinations["label"])
    counted["colour"] = counted["destination"].map(style.destination_colour)
    counted["opacity"] = counted["known"].map(OPACITY)
    return counted.drop(columns="destination").reset_index(drop=True)


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


def timeline(rows: pd.DataFrame, years: tuple[int, int]) -> alt.Chart:
    """Draw incidents over time as stacked bars that can be brushed to choose years.

    Parameters
    ----------
    rows
        From :func:`timeline_rows`.
    years
        First and last year drawn.
    """
    gap = rows.assign(
        start=pd.to_datetime(rows["start"]) + pd.Timedelta(days=6 if _yearly(years) else 1),
        end=pd.to_datetime(rows["end"]) - pd.Timedelta(days=6 if _yearly(years) else 1),
    )
    chart: alt.Chart = (
        alt.Chart(gap, height=150)
        .mark_rect(stroke="white", strokeWidth=0.6)
        .encode(
            x=alt.X("start:T", title=None, scale=_scale(years), axis=_axis(years)),
            x2="end:T",
            y=alt.Y(
                "low:Q",
                title="Incidents",
                axis=alt.Axis(tickMinStep=1, minExtent=AXIS, maxExtent=AXIS, gridColor=style.GRID),
            ),
            y2="high:Q",
            color=alt.Color("colour:N", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip=["Period:N", "Destination:N", "Incidents:Q"],
        )
        .add_params(alt.selection_interval(name="brush", encodings=["x"]))
    )
    return chart


def context_rows(dataset: Dataset) -> pd.DataFrame:
    """Write the dated context: resolutions, agreements, programmes, reports, turns of the conflict.

    Returns
    -------
    rows
        ``day`` (first day that the date may mean), ``Date`` (as precise as the source),
        ``Kind``, ``kind`` (code), ``Title`` and ``Summary``.
    """
    timeline_table = dataset.timeline.sort_values("date")
    words = labels(dataset, "timeline", "kind")
    return pd.DataFrame(
        {
            "day": pd.to_datetime([dates.span(text)[0] for text in timeline_table["date"]]),
            "Date": [dates.label(text) for text in timeline_table["date"]],
            "Kind": timeline_table["kind"].map(words).to_numpy(),
            "kind": timeline_table["kind"].to_numpy(),
            "Title": timeline_table["title"].to_numpy(),
            "Summary": timeline_table["summary"].to_numpy(),
        }
    )


def context(rows: pd.DataFrame, years: tuple[int, int], kinds: dict[str, str]) -> alt.Chart:
    """Draw the dated context as marks on the same axis of time.

    Parameters
    ----------
    rows
        From :func:`context_rows`.
    years
        First and last year drawn.
    kinds
        The words for each kind, in the order of the rows.
    """
    shapes = [KIND_SHAPES.get(kind, "circle") for kind in kinds]
    chart: alt.Chart = (
        alt.Chart(rows, height=24 * max(len(kinds), 1))
        .mark_point(size=62, filled=True, opacity=0.9, color=style.QUIET_INK)
        .encode(
            x=alt.X("day:T", title=None, scale=_scale(years), axis=_axis(years)),
            y=alt.Y(
                "Kind:N",
                title=None,
                sort=list(kinds.values()),
                axis=alt.Axis(
                    minExtent=AXIS,
                    maxExtent=AXIS,
                    labelLimit=AXIS,
                    labelOverlap=False,
                    domain=False,
                    ticks=False,
                ),
            ),
            shape=alt.Shape(
                "Kind:N", scale=alt.Scale(domain=list(kinds.values()), range=shapes), legend=None
            ),
            tooltip=["Date:N", "Title:N", "Summary:N"],
        )
    )
    return chart


def brushed_years(selected: Any, limits: tuple[int, int]) -> tuple[int, int] | None:
    """Read which years a brush covers; ``None`` if nothing is brushed.

    Parameters
    ----------
    selected
        The chart's selection: milliseconds since 1970 under the name of the brushed field.
    limits
        First and last year that can be chosen.
    """
    edges = next(iter(dict(selected or {}).get("brush", {}).values()), None)
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


def _scale(years: tuple[int, int]) -> alt.Scale:
    return alt.Scale(domain=[f"{years[0]}-01-01", f"{years[1] + 1}-01-01"], nice=False)


def _axis(years: tuple[int, int]) -> alt.Axis:
    if _yearly(years):
        return alt.Axis(format="%Y", tickCount="year", grid=False, labelAlign="left", labelOffset=3)
    return alt.Axis(format="%b %Y", tickCount=12, grid=False, labelAngle=0)
