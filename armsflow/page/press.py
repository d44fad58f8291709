"""Presses on the buttons of the page's own tables, what is said aloud, and Streamlit's words."""

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.components.v1 import declare_component

from armsflow.dataset.dataset import Dataset
from armsflow.language import _, direction, spoken
from armsflow.page.address import loosen, put_in_focus
from armsflow.page.evidence import load_search
from armsflow.page.matrix import choose_cell
from armsflow.page.search import words_of
from armsflow.page.widget_words import widget_words
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate
from armsflow.selection.query import to_query

FRAME: Final = Path(__file__).parent / "press"
KEY: Final = "press"


def listen(drawn: Picture, plate: Plate) -> None:
    """Listen for presses, announce what is shown once it changes, and say all in one language."""

    def take() -> None:
        act(str((st.session_state.get(KEY) or {}).get("press", "")), drawn.whole)

    with st.container(key="listen"):
        declare_component("press", path=str(FRAME))(
            said=shown_words(drawn),
            opened=opened_words(drawn, plate),
            focus=drawn.selection.focus,
            asked=str(to_query(drawn.selection, drawn.whole)),
            language=spoken(),
            direction=direction(),
            sorts={
                "ascending": _("Sorted by {column}, ascending."),
                "descending": _("Sorted by {column}, descending."),
            },
            words=widget_words(),
            key=KEY,
            on_change=take,
        )


def act(pressed: str, dataset: Dataset) -> None:
    """Do what a button says: ``row`` and an incident, ``cell`` and codes, ``loosen`` a filter."""
    word, rest = [*pressed.split(" ", 1), ""][:2]
    if word == "row":
        put_in_focus(rest or None)
    elif word == "cell":
        choose_cell(rest, dataset)
    elif word == "loosen":
        loosen(rest, dataset)


def shown_words(drawn: Picture) -> str:
    """Say in one breath what a change of the filters led to: the headline and the counts."""
    sentence = drawn.sentence
    if not sentence.counts:
        return _("{headline}.", headline=sentence.headline)
    return _("{headline}. {counts}.", headline=sentence.headline, counts=sentence.counts)


def opened_words(drawn: Picture, plate: Plate) -> str:
    """Say whose card is open, as the search box names it."""
    focus, dataset = drawn.selection.focus, drawn.whole
    if not focus:
        return ""
    words = load_search(dataset, plate).get(focus) or words_of(focus, dataset)
    return _("In focus: {words}.", words=words)
