"""What is asked for: address, widgets, question, focus, notice and picture number, settled as one.

A run of the page settles first and draws afterwards (:func:`settle`); nothing that draws changes
what is asked for. What a press means is said here by a callback, before the next run settles.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import streamlit as st

from armsflow.curation.additions import KEYED
from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset, labels
from armsflow.dataset.loader import load_earlier
from armsflow.language import ENGLISH, NAMES
from armsflow.package.package import UNPUBLISHED
from armsflow.page.ahead import shown_part
from armsflow.page.frame import WAITING, data_directory
from armsflow.selection import selection
from armsflow.selection.focus import in_focus, is_focusable
from armsflow.selection.history import since
from armsflow.selection.numbering import MAY_BE_MISTYPED, read_number
from armsflow.selection.query import DATA_KEY, Query, from_query, to_query
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

LANGUAGE_KEY: Final = "lang"
"""Key of an address, and of the session, for the language in which the evidence is read."""

MEMORY: Final = (
    LANGUAGE_KEY, "notice", "searched", "paged", "pages", "settled", WAITING, UNSENT, SENT,
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
    elif not before or (
        received != before.address
        and _widgets() == before.widgets
        and not _is_pressed(before.others, others)
    ):
        opened, notice = _read_address(received, dataset)
        asked = received.get(LANGUAGE_KEY, [ENGLISH])[0]
        state[LANGUAGE_KEY] = asked if asked in NAMES else ENGLISH
        _set_widgets(opened, dataset)
        state["searched"] = ""
    chosen = _widgets_selection(dataset)
    shown = shown_part(dataset, chosen)
    if _is_hidden(chosen.focus, shown):
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


def _filters(chosen: Selection) -> Selection:
    """Return a selection without what only says how it is shown."""
    return replace(chosen, focus="", frame="", show="")


def write_address(chosen: Selection, dataset: Dataset) -> None:
    """Write the selection to the address, so that the address opens the same view.

    Identifiers of a reader's own rows stay out of it: browsers keep addresses.
    """
    own = dataset.descriptor.get(UNPUBLISHED, {})
    if any(chosen.focus in own.get(table, ()) for table in KEYED):
        chosen = replace(chosen, focus="")
    query = to_query(chosen, dataset)
    if language() != ENGLISH:
        query[LANGUAGE_KEY] = [language()]
    if query != _received():
        st.query_params.from_dict(query)
    state = st.session_state
    state["settled"] = replace(state["settled"], address=_received())
    state[SENT], state[UNSENT] = state.get(UNSENT, {}), {}


def briefing_selection(dataset: Dataset) -> Selection:
    """Return what the address of a briefing view asks for, whatever the session knows."""
    query = _received()
    query.pop("view", None)
    chosen, _ = _read_address(query, dataset)
    shown = selection.apply(dataset, chosen)
    return replace(chosen, focus="") if _is_hidden(chosen.focus, shown) else chosen


def notice() -> str:
    """Return what is to be said of the picture number that opened this view, or nothing."""
    words: str = st.session_state.get("notice", ("",))[0]
    return words


def language() -> str:
    """Return the language in which the evidence is read."""
    said: str = st.session_state.get(LANGUAGE_KEY, ENGLISH)
    return said


def choose_language() -> None:
    """Read the evidence in the language that was pressed."""
    state = st.session_state
    state[LANGUAGE_KEY] = state["language"] or ENGLISH
    # Browsers tell what is chosen by its words, which are others now: it is sent again with them.
    kept = (*WIDGETS, "question", "context", "reading")
    again = {key: state[key] for key in kept if key in state}
    state.update(again)
    state[UNSENT] = state.get(UNSENT, {}) | again


def _received() -> Query:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _read_address(query: Query, dataset: Dataset) -> tuple[Selection, str]:
    """Read a selection from an address, and what is to be said of its picture number."""
    if "picture" in query:
        return _read_picture(query["picture"][0], dataset)
    chosen = from_query(query, dataset)
    version = query.get(DATA_KEY, [""])[0]
    # An address that names nothing but a focus opens it, wherever the arms were headed.
    if set(query) - {DATA_KEY, LANGUAGE_KEY} == {"focus"} and _is_hidden(
        chosen.focus, selection.apply(dataset, chosen)
    ):
        chosen = replace(chosen, destinations=())
    changed = _since(chosen, dataset, version) if version not in {"", dataset.version} else ""
    return chosen, f"This address was printed from data {version}. {changed}" if changed else ""


def _read_picture(number: str, dataset: Dataset) -> tuple[Selection, str]:
    earlier = earlier_versions(dataset)
    try:
        numbered = read_number(number, dataset, earlier)
    except ValueError as error:
        return selection.default_selection(dataset), f"{error}. This is the default view."
    shown = f"Picture {number.strip()} showed this view, made from"
    if numbered.same_data:
        return numbered.selection, f"{shown} these data."
    if numbered.made_from is None:
        words = f"{shown} data that are not kept here; counts may differ."
        return numbered.selection, f"{words} {MAY_BE_MISTYPED}" if numbered.doubtful else words
    changed = since(numbered.selection, dataset, numbered.made_from).words
    return numbered.selection, f"{shown} data {numbered.version}. {changed}"


def earlier_versions(dataset: Dataset) -> Iterator[Dataset]:
    """Yield the earlier versions; none is loaded before one is asked for."""
    yield from load_kept(data_directory(), dataset.version, dataset.digest)


@st.cache_resource(show_spinner=False, max_entries=2)
def load_kept(directory: Path, version: str, _digest: str) -> tuple[Dataset, ...]:
    """Load the earlier versions of a package once for all viewers."""
    return tuple(load_earlier(directory, version))


def _since(chosen: Selection, dataset: Dataset, version: str) -> str:
    """Say what changed in a view since an earlier version; empty if that is not kept."""
    earlier = (one for one in earlier_versions(dataset) if one.version == version)
    made_from = next(earlier, None)
    return since(chosen, dataset, made_from).words if made_from else ""


def _is_hidden(focus: str, shown: Dataset) -> bool:
    """Tell whether the filters hide what is in focus: it is not drawn and has no rows."""
    return (
        bool(focus)
        and focus not in shown.corridors.index
        and focus not in summary.count_by(shown, "line").index
        and summary.is_empty(in_focus(focus, shown))
    )


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
    elif found and _is_hidden(found, selection.apply(dataset, _widgets_selection(dataset))):
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
