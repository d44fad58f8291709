"""The head of the page: marking, headline, counts."""

import os
from html import escape

import streamlit as st

from armsflow.page.address import notice
from armsflow.picture.picture import Picture


def show_headline(drawn: Picture) -> None:
    """Draw the finding of the current selection, in words, below the marking if there is one."""
    sentence, dataset = drawn.sentence, drawn.whole
    if words := notice():
        st.info(words, icon=":material/verified:")
    show_marking()
    aside = f" <span>· {escape(sentence.aside)}</span>" if sentence.aside else ""
    st.html(
        '<div class="masthead"><span><b>Documented arms smuggling out of Libya</b></span>'
        f"<span>Data {escape(dataset.version)}, {escape(dataset.created)}</span></div>"
        f'<h1 class="finding">{escape(sentence.headline)}</h1>'
        f'<p class="counts"><b>{escape(sentence.counts)}</b>{aside}'
        f" <span>· {escape(sentence.filters)}</span></p>"
    )


def marking() -> str:
    """Return the protective marking: the reader's, else the deployment's ARMSFLOW_MARKING."""
    typed = st.session_state.get("marking")
    return str(os.environ.get("ARMSFLOW_MARKING", "") if typed is None else typed).strip()[:60]


def show_marking() -> None:
    """Draw the marking line, if there is one."""
    if marking():
        st.html(f'<div class="marking">{escape(marking())}</div>')
