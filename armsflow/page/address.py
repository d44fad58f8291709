"""What was asked: address, widgets, question and picture number."""

import os
from dataclasses import replace
from typing import Final

import streamlit as st

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset, labels
from armsflow.selection import selection
from armsflow.selection.focus import in_focus
from armsflow.selection.numbering import read_number
from armsflow.selection.query import from_query, to_query
from armsflow.selection.selection import Selection

WIDGETS: Final = ("weapon", "weapon_type", "destinations", "years", "basis", "event", "focus")


def follow_url(dataset: Dataset) -> None:
    """Take the widgets' values from the URL where the reader changed the URL, not a widget.

    On the first run the URL decides. Later it decides only after browser back or forward: the
    address differs from the one this page wrote, and no widget has a new value. A press that
    arrives before the browser has the new address therefore wins.
    """
    state = st.session_state
    received = {key: st.query_params.get_all(key) for key in st.query_params}
    if "written" not in state and "picture" in received:
        _open_picture(received["picture"][0], dataset)
        return
    if "written" in state and state["seen"] is not dataset:
        # What was asked for is asked of the new data again: codes and years may be others.
        asked_before = to_query(asked(state["seen"]), state["seen"])
        set_widgets(from_query(asked_before, dataset), dataset)
        return
    if "written" in state and all(key in state for key in WIDGETS):
        settled = [state.get(key) for key in WIDGETS] == state["settled"]
        if not settled or received == state["written"]:
            return
    chosen = from_query(received, dataset)
    if list(received) == ["focus"] and chosen.focus:
        # An address that names nothing but a focus opens it, wherever the arms were headed.
        shown = selection.apply(dataset, chosen)
        if summary.is_empty(in_focus(chosen.focus, shown)):
            chosen = replace(chosen, destinations=())
    set_widgets(chosen, dataset)


def _open_picture(number: str, dataset: Dataset) -> None:
    try:
        numbered = read_number(number, dataset)
    except ValueError as error:
        st.session_state["notice"] = f"{error}. This is the default view."
        set_widgets(selection.default_selection(dataset), dataset)
        return
    state = "these data" if numbered.same_data else "another version of the data; counts may differ"
    st.session_state["notice"] = f"Picture {number.strip()} showed this view, made from {state}."
    set_widgets(numbered.selection, dataset)


def write_url(chosen: Selection, dataset: Dataset) -> None:
    """Write the selection to the URL, so that the address opens the same view."""
    state = st.session_state
    query = to_query(chosen, dataset)
    if query != {key: st.query_params.get_all(key) for key in st.query_params}:
        st.query_params.from_dict(query)
    state["written"] = query
    state["seen"] = dataset
    state["settled"] = [state.get(key) for key in WIDGETS]


def set_widgets(chosen: Selection, dataset: Dataset) -> None:
    """Set every filter widget to a selection; only before the widgets are drawn."""
    groups = selection.weapon_groups(dataset)
    st.session_state.update(
        weapon=[code for code in chosen.weapon if code in groups],
        weapon_type=[code for code in chosen.weapon if code not in groups],
        destinations=list(chosen.destinations),
        years=chosen.years or selection.year_range(dataset),
        basis=list(chosen.basis),
        event=list(chosen.event),
        focus=chosen.focus or None,
    )


def asked(dataset: Dataset) -> Selection:
    """Return what the reader chose, weapon pills included.

    The widgets' values are there before the widgets are: so the map can be drawn first.
    """
    state = st.session_state
    destinations = selection.destination_codes(dataset)
    years = tuple(state["years"])
    return Selection(
        weapon=selection.in_order(
            [*state["weapon"], *state["weapon_type"]], selection.weapon_codes(dataset)
        ),
        destinations=selection.in_order(state["destinations"], destinations),
        years=None if years == selection.year_range(dataset) else years,
        basis=selection.in_order(state["basis"], labels(dataset, "incidents", "link_basis")),
        event=selection.in_order(state["event"], labels(dataset, "incidents", "event_type")),
        focus=state["focus"] or "",
    )


def put_in_focus(identifier: str | None) -> None:
    """Put something in focus, in place of what was or of a list of hits."""
    st.session_state["focus"] = identifier
    st.session_state["searched"] = ""


def page_address() -> str:
    """Return the page's address without parameters: ARMSFLOW_URL, else what the browser says."""
    stated = os.environ.get("ARMSFLOW_URL") or st.context.url or ""
    return stated.partition("?")[0]


def is_briefing_view() -> bool:
    """Tell whether the URL asks for the page as one picture."""
    return st.query_params.get("view") == "briefing"
