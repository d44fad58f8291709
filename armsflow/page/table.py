"""The same incidents as a table."""

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from armsflow.dataset import citation
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import N_, _, _n, comma
from armsflow.page.map_words import map_words_html
from armsflow.page.markup import render
from armsflow.picture.picture import Picture
from armsflow.words import aside_words

FIRST_ROWS: Final = 30
"""Rows that the table shows before more are asked for."""
MORE_ROWS: Final = 500
"""Rows that are added at a time."""

COLUMNS: Final = {
    "published": N_("Published"),
    "date": N_("Date"),
    "incident": N_("Incident"),
    "place": N_("Place"),
    "destination": N_("Destination"),
    "route": N_("Route"),
    "weapons": N_("Weapons"),
    "link-to-libya": N_("Link to Libya"),
    "kind-of-event": N_("Kind of event"),
    "counted-as": N_("Counted as"),
    "sources": N_("Sources"),
    "id": N_("Id"),
}
"""Words for each column, by the name that it has in the style sheet."""


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
        Indexed by ``incident_id``, in the order of the incidents (by date); columns are those of
        :data:`COLUMNS`, ``published`` only where some are not.
    """
    names = dataset.weapon_types["label"].to_dict()
    routes = dataset.corridors["name"].to_dict()
    weapons: dict[str, dict[str, None]] = {}
    for incident, weapon_type in zip(items["incident_id"], items["weapon_type"], strict=True):
        weapons.setdefault(incident, {})[names[weapon_type]] = None
    bases = labels(dataset, "incidents", "link_basis")
    table = pd.DataFrame(
        {
            "date": [
                citation.date_words(row)
                for row in incidents[["date", "date_end", "date_basis"]].to_dict("records")
            ],
            "incident": incidents["title"],
            "place": incidents["place"],
            "destination": incidents["destination"].map(dataset.destinations["label"]),
            "route": [
                routes.get(corridor, _("not stated")) for corridor in incidents["corridor_id"]
            ],
            "weapons": [comma().join(weapons[incident]) for incident in incidents.index],
            "link-to-libya": [
                _link_words(bases[basis], through=through == "true")
                for basis, through in incidents[["link_basis", "through_libya"]].to_numpy()
            ],
            "kind-of-event": incidents["event_type"].map(
                labels(dataset, "incidents", "event_type")
            ),
            "counted-as": incidents["scope"].map(labels(dataset, "incidents", "scope")),
            "sources": incidents["source_ids"].map(len),
            "id": incidents.index,
        },
        index=incidents.index,
    )
    if dataset.unpublished:
        published = [_("no") if i in dataset.unpublished else _("yes") for i in table.index]
        table.insert(0, "published", published)
    return table


def _link_words(basis: str, *, through: bool) -> str:
    if not through:
        return basis
    return _("{link}; {transit}", link=basis, transit=_(citation.TRANSIT))


def show_table(drawn: Picture) -> None:
    """Draw the first incidents of the map as a table, more on demand; a title opens its card."""
    state, shown = st.session_state, drawn.shown
    counted, others = shown.totals.events, shown.totals.others
    aside = aside_words(others)
    if not counted:
        words = _("The same incidents as a table: none counted")
    else:
        words = _n(
            "The same incidents as a table: {count} counted",
            "The same incidents as a table: {count} counted",
            counted,
        )
    # Other rows are another table, of which the first are shown again.
    key = hash((shown.digest, replace(drawn.selection, focus="", frame="", show="")))
    pages = state["pages"] if state.get("paged") == key else 0
    state["paged"], state["pages"] = key, pages
    incidents = shown.read(shown.rows(), FIRST_ROWS + pages * MORE_ROWS)
    rows = incident_table(incidents, shown.read_items(incidents), shown)
    st.html(
        render(
            "incident_table",
            words=_("{counted}; {aside}", counted=words, aside=aside) if aside else words,
            map_words=map_words_html(drawn),
            columns={column: _(COLUMNS[column]) for column in rows.columns},
            rows=rows.to_dict("records"),
            days=incidents["date"].tolist(),
            focus=drawn.selection.focus,
        )
    )
    if left := counted + others - len(rows):
        if left > MORE_ROWS:
            more = _n(
                "{shown} of {all} rows: show {count} more",
                "{shown} of {all} rows: show {count} more",
                MORE_ROWS,
                shown=len(rows),
                all=counted + others,
            )
        else:
            more = _n(
                "{shown} of {all} rows: show the other {count}",
                "{shown} of {all} rows: show the other {count}",
                left,
                shown=len(rows),
                all=counted + others,
            )
        st.button(
            more,
            key="more-rows",
            icon=":material/expand_more:",
            on_click=lambda: state.update(pages=pages + 1),
        )
