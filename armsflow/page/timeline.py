"""When: incidents over time, beside the dated context."""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset, labels
from armsflow.page import charts
from armsflow.page.address import change
from armsflow.page.periods import context_rows, timeline_rows, weapon_rows
from armsflow.picture import style
from armsflow.picture.picture import Picture
from armsflow.selection import selection


def show_time(drawn: Picture) -> None:
    """Draw incidents over time, by destination and by weapon group, with the dated context."""
    shown, dataset = drawn.shown, drawn.whole
    limits = selection.year_range(dataset)
    years = drawn.selection.years or limits
    st.html('<h2 class="section">When: incidents and what was done</h2>')
    rows = timeline_rows(shown, years)
    ink = style.QUIET_PAPER if st.context.theme.type == "dark" else style.QUIET_INK

    def brush() -> None:
        selected = dict(st.session_state["timeline"]["selection"])
        change(dataset, years=charts.brushed_years(selected, limits))

    st.vega_lite_chart(
        charts.timeline(rows, years, ink),
        key="timeline",
        on_select=brush,
        selection_mode=charts.BRUSH,
        width="stretch",
        alt=_time_words(rows, years),
    )
    st.html(_chips(rows, dataset))
    kinds = labels(dataset, "timeline", "kind")
    picked = st.pills(
        "Context shown",
        list(kinds),
        key="context",
        selection_mode="multi",
        format_func=kinds.__getitem__,
        label_visibility="collapsed",
    )
    kinds_shown = {kind: words for kind, words in kinds.items() if not picked or kind in picked}
    groups = selection.weapon_groups(dataset)
    weapons = weapon_rows(shown, years)
    marks = load_context(dataset)
    within = [years[0] <= day.year <= years[1] for day in marks["start"]]
    marks = marks[marks["kind"].isin(kinds_shown).to_numpy() & np.array(within, dtype=bool)]
    st.vega_lite_chart(
        charts.background(weapons, groups.values(), marks, kinds_shown, years, ink),
        width="stretch",
        alt=f"Documented incidents by weapon group and period, and {len(marks)} dated events of "
        "the context; the tables below list them.",
    )
    st.html(
        '<p class="note">Drag over the bars to choose years. Bars are coloured by destination as '
        "on the map, and an incident counts once; a bar is as wide as what its source says of the "
        "date, and paler where less is known. The numbers by weapon group overlap: an incident "
        "stands in each group it has items of. A thin grey bar there is an incident whose year "
        "or month is not stated. Marks below: what was decided, done or published.</p>"
    )
    with st.expander("The same as tables", key="time-tables", on_change="rerun") as tables:
        if tables.open:
            columns = st.columns(3)
            columns[0].dataframe(
                rows[["Period", "Destination", "Incidents"]], hide_index=True, width="stretch"
            )
            columns[1].dataframe(
                weapons[["Period", "Group", "Incidents"]], hide_index=True, width="stretch"
            )
            columns[2].dataframe(
                marks[["Date", "Kind", "Title", "Summary"]], hide_index=True, width="stretch"
            )


def _chips(rows: pd.DataFrame, dataset: Dataset) -> str:
    shown = rows[["Destination", "colour"]].drop_duplicates()
    colours = dict(zip(shown["Destination"], shown["colour"], strict=True))
    names = dataset.destinations["label"]
    return "".join(
        f'<span class="chip"><b style="background:{colours[name]}"></b>{escape(name)}</span>'
        for name in (str(names[code]) for code in selection.destination_codes(dataset))
        if name in colours
    ).join(('<p class="chips">From the bottom: ', "</p>"))


@once
def load_context(dataset: Dataset) -> pd.DataFrame:
    """Write the dated context once for all viewers of a dataset."""
    return context_rows(dataset)


def _time_words(rows: pd.DataFrame, years: tuple[int, int]) -> str:
    if rows.empty:
        return f"No documented incident from {years[0]} to {years[1]}."
    totals = rows.groupby("Period", sort=False)["Incidents"].sum()
    named = ", ".join(f"{period}: {count}" for period, count in totals.items())
    return f"Documented incidents by period. {named}."
