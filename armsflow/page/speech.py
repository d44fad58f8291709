"""The language of the page: asked for by the address, else the browser's at first, then pressed."""

from typing import Final

import streamlit as st

from armsflow.language import ENGLISH, LOCALES, of_browser, speak, spoken
from armsflow.selection.query import LANGUAGE_KEY, Query

KEY: Final = "spoken"
"""Where a session keeps the language of the page."""


def settle_language(address_changed: bool) -> None:
    """Speak one language for the whole run.

    Parameters
    ----------
    address_changed
        Whether the reader went back or forward to another address, which then decides.
    """
    if KEY not in st.session_state or address_changed:
        asked = st.query_params.get(LANGUAGE_KEY, "")
        st.session_state[KEY] = asked if asked in LOCALES else usual()
    speak(language())


def language() -> str:
    """Return the language of the page."""
    kept: str = st.session_state.get(KEY, ENGLISH)
    return kept


def usual() -> str:
    """Return the language that the browser asks for, if the page has it; else English."""
    return of_browser(str(st.context.locale or ""))


def language_of_selection() -> str:
    """Return the language of the page as a selection names it."""
    return "" if language() == ENGLISH else language()


def turn_to(asked: str) -> None:
    """Run the page again in the language that a picture number asks for, unless it speaks it."""
    st.session_state[KEY] = asked or ENGLISH
    if language() != spoken():
        st.rerun()


def to_query(query: Query) -> Query:
    """Return an address that opens in the language of the page; the usual one is not named."""
    others = {key: value for key, value in query.items() if key != LANGUAGE_KEY}
    return others if language() == usual() else others | {LANGUAGE_KEY: [language()]}
