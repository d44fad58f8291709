"""The same incidents as a table."""

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from armsflow.dataset import citation
from armsflow.dataset.dataset import Dataset, labels
from armsflow.page.map_words import map_words_html
from armsflow.page.markup import render
from armsflow.picture.picture import Picture
from armsflow.words import aside_words

FIRST_ROWS: Final = 30
"""Rows that the table shows before more are asked for."""
MORE_ROWS: Final = 500
"""Rows that are added at a time."""


def incident_table(incidents: pd.DataFrame, items: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Write incidents as rows for the reader.

    Parameters
    ----------
    incidents, items
        From ``Dataset.read`` and ``Dataset.read_items``.
    dataset
        Holds the words for codes.

    Returns
    -------
    table
        Indexed by ``incident_id``, in the order of the incidents (by date).
    """
    names = dataset.weapon_types["label"].to_dict()
    routes = dataset.corridors["name"].to_dict()
    weapons: dict[str, dict[str, None]] = {}
    for incident, weapon_type in zip(items["incident_id"], items["weapon_type"], strict=True):
        weapons.setdefault(incident, {})[names[weapon_type]] = None
    table = pd.DataFrame(
        {
            "Date": [
                citation.date_words(row)
                for row in incidents[["date", "date_end", "date_basis"]].to_dict("records")
            ],
            "Incident": incidents["title"],
            "Place": incidents["place"],
            "Destination": incidents["destination"].map(dataset.destinations["label"]),
            "Route": [routes.get(corridor, "not stated") for corridor in incidents["corridor_id"]],
            "Weapons": [", ".join(weapons[incident]) for incident in incidents.index],
            "Link to Libya": incidents["link_basis"].map(labels(dataset, "incidents", "link_basis"))
            + incidents["through_libya"].map({"true": f"; {citation.TRANSIT}"}).fillna(""),
            "Kind of event": incidents["event_type"].map(
                labels(dataset, "incidents", "event_type")
            ),
            "Counted as": incidents["scope"].map(labels(dataset, "incidents", "scope")),
            "Sources": incidents["source_ids"].map(len),
            "Id": incidents.index,
        },
        index=incidents.index,
    )
    if dataset.unpublished:
        table.insert(
            0, "Published", ["no" if i in dataset.unpublished else "yes" for i in table.index]
        )
    return table


def show_table(drawn: Picture) -> None:
    """Draw the first incidents of the map as a table, more on demand; a title opens its card."""
    state, shown = st.session_state, drawn.shown
    counted, others = shown.totals.events, shown.totals.others
    aside = f"; {words}" if (words := aside_words(others)) else ""
    words = f"The same incidents as a table: {f'{counted:,}' if counted else 'none'} counted{aside}"
    # Other rows are another table, of which the first are shown again.
    key = hash((shown.digest, replace(drawn.selection, focus="", frame="", show="")))
    pages = state["pages"] if state.get("paged") == key else 0
    state["paged"], state["pages"] = key, pages
    incidents = shown.read(shown.rows(), FIRST_ROWS + pages * MORE_ROWS)
    rows = incident_table(incidents, shown.read_items(incidents), shown)
    st.html(
        render(
            "incident_table",
            words=words,
            map_words=map_words_html(drawn),
            columns=list(rows.columns),
            rows=rows.to_dict("records"),
            days=incidents["date"].tolist(),
            focus=drawn.selection.focus,
        )
    )
    if left := counted + others - len(rows):
        more = f"{min(left, MORE_ROWS):,} more" if left > MORE_ROWS else f"the other {left:,}"
        st.button(
            f"{len(rows):,} of {counted + others:,} rows: show {more}",
            key="more-rows",
            icon=":material/expand_more:",
            on_click=lambda: state.update(pages=pages + 1),
        )
