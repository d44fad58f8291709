"""What is asked for: address, widgets, question, focus, notice and picture number, settled as one.

A run of the page settles first and draws afterwards (:func:`settle`); nothing that draws changes
what is asked for. What a press means is said here by a callback, before the next run settles.
"""

import os
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from armsflow.curation.additions import KEYED
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import ENGLISH
from armsflow.package.package import UNPUBLISHED
from armsflow.page import speech
from armsflow.page.ahead import shown_part
from armsflow.page.frame import WAITING
from armsflow.page.printed import read_address
from armsflow.selection import selection
from armsflow.selection.focus import is_focusable, is_hidden
from armsflow.selection.query import Query, from_query, to_query
from armsflow.selection.questions import QUESTIONS
from armsflow.selection.selection import Selection

WIDGETS: Final = (
    "weapon", "weapon_type", "destinations", "years", "basis", "event", "focus", "frame", "show",
)  # fmt: skip

LOOSENED: Final[dict[str, Any]] = {
    "weapon": (), "years": None, "basis": (), "event": (), "destinations": (),
}  # fmt: skip
"""Each filter as it is when it is off."""

UNSENT: Final = "unsent"
"""Where a session notes which values were set here, while no run that sends them has ended."""
SENT: Final = "sent"
"""Where it notes those of the last run that ended."""

MEMORY: Final = (
    speech.KEY, "notice", "searched", "paged", "pages", "settled", WAITING, UNSENT, SENT,
)  # fmt: skip
"""What the session remembers besides the values of widgets."""


@dataclass(frozen=True, eq=False)
class Settled:
    """What the last run settled, kept in the session.

    Parameters
    ----------
    selection, dataset
        What was asked for, and of which data.
    widgets
        The values of :data:`WIDGETS` that say so.
    address
        The parameters that the browser has.
    others
        The plain values of every other widget, by its key.
    """

    selection: Selection
    dataset: Dataset
    widgets: list[Any]
    address: Query
    others: dict[str, Any]


def settle(dataset: Dataset) -> tuple[Selection, Dataset]:
    """Settle what is asked for: one selection for the whole run, before anything is drawn.

    The address decides on the first run, and after browser back or forward: it is then another
    than the last one, and no widget on the whole page has a new value. Otherwise the widgets
    decide, so a press that arrives before the browser has the new address is never undone, and
    neither is the press before it.

    Parameters
    ----------
    dataset
        The whole dataset, with the reader's own rows.

    Returns
    -------
    chosen, shown
        The selection, and the dataset after it.
    """
    state = st.session_state
    before: Settled | None = state.get("settled")
    received, others = _received(), _others()
    notice = ""
    if before and not all(key in state for key in WIDGETS):
        _set_widgets(before.selection, before.dataset)
    elif before:
        # Streamlit sends a value that was set once. If another run follows at once, what was not
        # sent or not drawn yet is lost, and the browser would show the widget without its value.
        # A widget that was pressed since has a value of its own, which must not be undone.
        unsent = state.get(UNSENT, {})
        state[UNSENT] = {key: value for key, value in unsent.items() if state[key] == value}
        state.update(state[UNSENT])
    if before and before.dataset is not dataset:
        # What was asked for is asked of the new data again: codes and years may be others.
        query = to_query(_widgets_selection(before.dataset), before.dataset)
        _set_widgets(from_query(query, dataset), dataset)
        state.pop("notice", None)
    elif not before or is_address_changed():
        opened, notice = read_address(received, dataset)
        if "picture" in received:
            speech.turn_to(opened.language)
        _set_widgets(opened, dataset)
        state["searched"] = ""
    chosen = _widgets_selection(dataset)
    shown = shown_part(dataset, chosen)
    if is_hidden(chosen.focus, shown):
        chosen = replace(chosen, focus="")
        state["focus"] = None
    if notice:
        state["notice"] = (notice, chosen)
    elif "notice" in state and state["notice"][1] != chosen:
        del state["notice"]
    if question := state.get("question"):
        answered = QUESTIONS[question].choose(dataset)
        if _filters(answered) != _filters(chosen):
            state["question"] = None
    state["settled"] = Settled(chosen, dataset, _widgets(), received, others)
    return chosen, shown


def is_address_changed() -> bool:
    """Tell whether the reader went back or forward: the address is another, and nothing pressed."""
    before: Settled | None = st.session_state.get("settled")
    return (
        before is not None
        and _received() != before.address
        and _widgets() == before.widgets
        and not _is_pressed(before.others, _others())
    )


def _filters(chosen: Selection) -> Selection:
    """Return a selection without what only says how it is shown."""
    return replace(chosen, focus="", frame="", show="", language="")


def write_address(chosen: Selection, dataset: Dataset) -> None:
    """Write the selection to the address, so that the address opens the same view.

    Identifiers of a reader's own rows stay out of it: browsers keep addresses.
    """
    own = dataset.descriptor.get(UNPUBLISHED, {})
    if any(chosen.focus in own.get(table, ()) for table in KEYED):
        chosen = replace(chosen, focus="")
    query = speech.to_query(to_query(chosen, dataset))
    if query != _received():
        st.query_params.from_dict(query)
    state = st.session_state
    state["settled"] = replace(state["settled"], address=_received())
    state[SENT], state[UNSENT] = state.get(UNSENT, {}), {}


def briefing_selection(dataset: Dataset) -> Selection:
    """Return what the address of a briefing view asks for, whatever the session knows."""
    query = _received()
    query.pop("view", None)
    chosen, _ = read_address(query, dataset)
    shown = selection.apply(dataset, chosen)
    return replace(chosen, focus="") if is_hidden(chosen.focus, shown) else chosen


def notice() -> str:
    """Return what is to be said of the picture number that opened this view, or nothing."""
    words: str = st.session_state.get("notice", ("",))[0]
    return words


def _received() -> Query:
    return {key: st.query_params.get_all(key) for key in st.query_params}


# ---------------------------------------------------------------- the widgets


def _widgets() -> list[Any]:
    return [st.session_state.get(key) for key in WIDGETS]


def _others() -> dict[str, Any]:
    """Return the plain values of the widgets that ask for nothing, such as the marking."""
    plain = (str, int, float, list, tuple)
    return {
        str(key): value
        for key, value in st.session_state.items()
        if key not in {*WIDGETS, *MEMORY} and isinstance(value, plain)
    }


def _is_pressed(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Tell whether a widget has a new value; a button that is let go has none."""
    return any(value and value != before.get(key) for key, value in now.items())


def _widgets_selection(dataset: Dataset) -> Selection:
    """Read the widgets' values, which are there before the widgets are drawn."""
    state = st.session_state
    # Without a second year there is no slider.
    years = tuple(state.get("years") or selection.year_range(dataset))
    return Selection(
        weapon=selection.in_order(
            [*state["weapon"], *state["weapon_type"]], selection.weapon_codes(dataset)
        ),
        destinations=selection.in_order(
            state["destinations"], selection.destination_codes(dataset)
        ),
        years=None if years == selection.year_range(dataset) else years,
        basis=selection.in_order(state["basis"], labels(dataset, "incidents", "link_basis")),
        event=selection.in_order(state["event"], labels(dataset, "incidents", "event_type")),
        focus=state["focus"] or "",
        frame=state["frame"],
        show=state["show"] or "",
        language=speech.language_of_selection(),
    )


def _set_widgets(chosen: Selection, dataset: Dataset) -> None:
    """Set what differs; a widget that is sent with its value is sent again without it later."""
    groups = selection.weapon_groups(dataset)
    values: dict[str, Any] = {
        "weapon": [code for code in chosen.weapon if code in groups],
        "weapon_type": [code for code in chosen.weapon if code not in groups],
        "destinations": list(chosen.destinations),
        "years": chosen.years or selection.year_range(dataset),
        "basis": list(chosen.basis),
        "event": list(chosen.event),
        "focus": chosen.focus or None,
        "frame": chosen.frame,
        "show": chosen.show or None,
    }
    state = st.session_state
    changed = {key for key, value in values.items() if (state.get(key) or None) != (value or None)}
    state[UNSENT] = state.get(UNSENT, {}) | {key: values[key] for key in changed}
    state.update({key: values[key] for key in values if key in changed or key not in state})


# ---------------------------------------------------------------- what a press means (callbacks)


def choose_language() -> None:
    """Speak the language that was pressed."""
    state = st.session_state
    state[speech.KEY] = state["language"] or ENGLISH
    # Browsers tell what is chosen by its words, which are others now: it is sent again with them.
    kept = (*WIDGETS, "question", "context", "reading")
    again = {key: state[key] for key in kept if key in state}
    state.update(again)
    state[UNSENT] = state.get(UNSENT, {}) | again


def reset(dataset: Dataset) -> None:
    """Go back to the first view."""
    _set_widgets(selection.default_selection(dataset), dataset)


def take_filters_off(dataset: Dataset) -> None:
    """Show everything, wherever the arms were headed."""
    _set_widgets(Selection(), dataset)


def change(dataset: Dataset, **fields: Any) -> None:
    """Change some fields of the selection and keep the others."""
    _set_widgets(replace(_widgets_selection(dataset), **fields), dataset)


def loosen(field: str, dataset: Dataset) -> None:
    """Take one filter off."""
    if field in LOOSENED:
        change(dataset, **{field: LOOSENED[field]})


def ask_question(dataset: Dataset) -> None:
    """Open the view of the ready-made question that was pressed."""
    if code := st.session_state["question"]:
        _set_widgets(QUESTIONS[code].choose(dataset), dataset)


def send_again() -> None:
    """Send what was set once more: a browser that is only painting its map has not shown it yet."""
    st.session_state[UNSENT] = st.session_state.get(SENT, {}) | st.session_state.get(UNSENT, {})


def put_in_focus(identifier: str | None) -> None:
    """Put something in focus, in place of what was or of a list of hits."""
    st.session_state["focus"] = identifier
    st.session_state["searched"] = ""


def open_case() -> None:
    """Put the numbered incident that was pressed in focus."""
    pressed, st.session_state["case"] = st.session_state["case"], None
    put_in_focus(pressed)


def find(dataset: Dataset) -> None:
    """Put what the search box holds in focus, or look its words up if it is no hit."""
    state = st.session_state
    found = state["focus"]
    state["searched"] = ""
    if found and not is_focusable(found, dataset):
        state["searched"], state["focus"] = found, None
    elif found and is_hidden(found, selection.apply(dataset, _widgets_selection(dataset))):
        # What the filters hide is shown all the same: they are taken off.
        open_hit(found, dataset)


def open_hit(identifier: str, dataset: Dataset) -> None:
    """Put something in focus and take every filter off."""
    _set_widgets(Selection(focus=identifier), dataset)
    st.session_state["searched"] = ""


# ---------------------------------------------------------------- other parts of the address


def page_address() -> str:
    """Return the page's address without parameters: ARMSFLOW_URL, else what the browser says."""
    stated = os.environ.get("ARMSFLOW_URL") or st.context.url or ""
    return stated.partition("?")[0]


def is_briefing_view() -> bool:
    """Tell whether the address asks for the page as one picture."""
    return st.query_params.get("view") == "briefing"
