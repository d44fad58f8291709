"""When: incidents over time, beside the dated context."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import _, _n, comma
from armsflow.page import charts
from armsflow.page.address import change
from armsflow.page.markup import render
from armsflow.page.periods import FIELDS, context_rows, timeline_rows, weapon_rows
from armsflow.picture import style
from armsflow.picture.picture import Picture
from armsflow.selection import selection

ROWS: Final = ("Period", "Destination", "Incidents")
GROUPS: Final = ("Period", "Group", "Incidents")
MARKS: Final = ("Date", "Kind", "Title", "Summary")


def show_time(drawn: Picture) -> None:
    """Draw incidents over time, by destination and by weapon group, with the dated context."""
    shown, dataset = drawn.shown, drawn.whole
    limits = selection.year_range(dataset)
    years = drawn.selection.years or limits
    st.html(render("heading", kind="section", words=_("When: incidents and what was done")))
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
    st.html(render("chips", chips=_chips(rows, dataset)))
    groups = selection.weapon_groups(dataset)
    weapons = weapon_rows(shown, years)
    st.vega_lite_chart(
        charts.weapons(weapons, list(groups.values()), years, ink),
        width="stretch",
        alt=_("Documented incidents by weapon group and period; the tables below list them."),
    )
    kinds = labels(dataset, "timeline", "kind")
    picked = st.pills(
        _("Context shown"),
        list(kinds),
        key="context",
        selection_mode="multi",
        format_func=kinds.__getitem__,
        label_visibility="collapsed",
    )
    kinds_shown = {kind: words for kind, words in kinds.items() if not picked or kind in picked}
    marks = load_context(dataset)
    within = [years[0] <= day.year <= years[1] for day in marks["start"]]
    marks = marks[marks["kind"].isin(kinds_shown).to_numpy() & np.array(within, dtype=bool)]
    st.vega_lite_chart(
        charts.context(marks, kinds_shown, years, ink),
        width="stretch",
        alt=_n(
            "{count} dated event of the context; the tables below list them.",
            "{count} dated events of the context; the tables below list them.",
            len(marks),
        ),
    )
    st.html(render("timeline_note"))
    with st.expander(_("The same as tables"), key="time-tables", on_change="rerun") as tables:
        if tables.open:
            columns = st.columns(3)
            for column, words, table in (
                (columns[0], _("Incidents by period and destination"), rows[list(ROWS)]),
                (columns[1], _("Incidents by period and weapon group"), weapons[list(GROUPS)]),
                (columns[2], _("Dated context"), marks[list(MARKS)]),
            ):
                with column:
                    st.html(
                        render(
                            "plain_table",
                            words=words,
                            columns=[_(FIELDS[str(field)]) for field in table],
                            rows=table.to_numpy().tolist(),
                        )
                    )


def _chips(rows: pd.DataFrame, dataset: Dataset) -> dict[str, str]:
    """Return the colours of the destinations drawn, by name, from the bottom of the bars."""
    drawn = rows[["Destination", "colour"]].drop_duplicates()
    colours = dict(zip(drawn["Destination"], drawn["colour"], strict=True))
    names = dataset.destinations["label"]
    order = [str(names[code]) for code in selection.destination_codes(dataset)]
    return {name: colours[name] for name in order if name in colours}


@once
def load_context(dataset: Dataset) -> pd.DataFrame:
    """Write the dated context once for all viewers of a dataset."""
    return context_rows(dataset)


def _time_words(rows: pd.DataFrame, years: tuple[int, int]) -> str:
    if rows.empty:
        first, last = map(str, years)
        return _("No documented incident from {first} to {last}.", first=first, last=last)
    totals = rows.groupby("Period", sort=False)["Incidents"].sum()
    named = [
        _("{period}: {count}", period=period, count=int(count)) for period, count in totals.items()
    ]
    return _("Documented incidents by period. {periods}.", periods=comma().join(named))
