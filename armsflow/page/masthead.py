"""The head of the page: marking, headline, counts."""

import os

import streamlit as st

from armsflow.briefing.titles import own_marking
from armsflow.page.address import notice
from armsflow.page.markup import render
from armsflow.picture.picture import Picture


def show_headline(drawn: Picture) -> None:
    """Draw the finding of the current selection, in words, below the marking if there is one."""
    dataset = drawn.whole
    if words := notice():
        st.info(words, icon=":material/verified:")
    show_marking()
    values = {"version": dataset.version, "created": dataset.created}
    st.html(render("masthead", sentence=drawn.sentence, **values))


def marking() -> str:
    """Return the protective marking: the reader's, else the deployment's ARMSFLOW_MARKING."""
    typed = st.session_state.get("marking")
    return own_marking(str(os.environ.get("ARMSFLOW_MARKING", "") if typed is None else typed))


def show_marking() -> None:
    """Draw the marking line, if there is one."""
    if marking():
        st.html(render("marking", marking=marking()))
