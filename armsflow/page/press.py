"""Presses on the buttons of the page's own tables, and what is said aloud after a change."""

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.components.v1 import declare_component

from armsflow.dataset.dataset import Dataset
from armsflow.page.address import loosen, put_in_focus
from armsflow.page.evidence import load_search
from armsflow.page.matrix import choose_cell
from armsflow.page.search import words_of
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate
from armsflow.selection.query import to_query

FRAME: Final = Path(__file__).parent / "press"
KEY: Final = "press"


def listen(drawn: Picture, plate: Plate) -> None:
    """Listen for presses, and announce what is shown once it changes."""

    def take() -> None:
        act(str((st.session_state.get(KEY) or {}).get("press", "")), drawn.whole)

    with st.container(key="listen"):
        declare_component("press", path=str(FRAME))(
            said=shown_words(drawn),
            opened=opened_words(drawn, plate),
            focus=drawn.selection.focus,
            asked=str(to_query(drawn.selection, drawn.whole)),
            key=KEY,
            on_change=take,
        )


def act(pressed: str, dataset: Dataset) -> None:
    """Do what a button says: ``row`` and an incident, ``cell`` and codes, ``loosen`` a filter."""
    word, _, rest = pressed.partition(" ")
    if word == "row":
        put_in_focus(rest or None)
    elif word == "cell":
        choose_cell(rest, dataset)
    elif word == "loosen":
        loosen(rest, dataset)


def shown_words(drawn: Picture) -> str:
    """Say in one breath what a change of the filters led to: the headline and the counts."""
    sentence = drawn.sentence
    return " ".join(f"{words}." for words in (sentence.headline, sentence.counts) if words)


def opened_words(drawn: Picture, plate: Plate) -> str:
    """Say whose card is open, as the search box names it."""
    focus, dataset = drawn.selection.focus, drawn.whole
    if not focus:
        return ""
    return f"In focus: {load_search(dataset, plate).get(focus) or words_of(focus, dataset)}."
