"""The filters: sidebar, weapon pills, ready-made questions."""

import os
from dataclasses import replace
from typing import Final

import streamlit as st

from armsflow.briefing.titles import MARKING_LETTERS
from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import N_, NAMES, _, _p, number
from armsflow.page import address, speech
from armsflow.page.ahead import shown_part
from armsflow.page.markup import render
from armsflow.picture.frames import FRAME_OF_CODE
from armsflow.selection import selection
from armsflow.selection.questions import QUESTIONS, answer
from armsflow.selection.selection import LEVELS, Selection

LEVEL_WORDS: Final = {
    "overview": N_("Overview"),
    "routes": N_("Routes"),
}
"""Words for what the map of the whole region shows first."""


def show_sidebar(dataset: Dataset) -> None:
    """Draw the filters of the sidebar."""
    names = dataset.destinations["label"]
    weapon_names = dataset.weapon_types["label"]
    bases = labels(dataset, "incidents", "link_basis")
    events = labels(dataset, "incidents", "event_type")
    groups = selection.weapon_groups(dataset)
    with st.sidebar:
        _language()
        st.button(
            _("Reset all filters"),
            key="reset",
            icon=":material/restart_alt:",
            width="stretch",
            on_click=address.reset,
            args=(dataset,),
        )
        st.pills(
            _("Destination"),
            selection.destination_codes(dataset),
            key="destinations",
            selection_mode="multi",
            format_func=lambda code: str(names[code]).partition(" (")[0],
            help=_("Where the arms were found, used or headed, as reported. None chosen: all."),
        )
        first, last = selection.year_range(dataset)
        if first < last:
            st.slider(
                _("Years"),
                first,
                last,
                key="years",
                help=_("A month or year counts when it overlaps."),
            )
        st.multiselect(
            _("Single weapon types"),
            [
                code
                for code in dataset.weapon_types.sort_values("order").index
                if code not in groups
            ],
            key="weapon_type",
            format_func=lambda code: str(weapon_names[code]),
            placeholder=_("All types"),
            help=_("Narrows the weapon groups chosen above the map."),
        )
        st.multiselect(
            _("How the link to Libya is known"),
            list(bases),
            key="basis",
            format_func=bases.__getitem__,
            placeholder=_p("any kind of event, any kind of link", "Any"),
            help=_("It rates the tie to Libya, not the event."),
        )
        st.multiselect(
            _("Kind of event"),
            list(events),
            key="event",
            format_func=events.__getitem__,
            placeholder=_p("any kind of event, any kind of link", "Any"),
        )
        st.selectbox(
            _("Frame of the map"),
            ["", *FRAME_OF_CODE],
            key="frame",
            format_func=lambda code: (
                _(FRAME_OF_CODE[code].label) if code else _("As what is shown needs")
            ),
            help=_("Pictures of one frame can be laid side by side."),
        )
        st.segmented_control(
            _("Map of the whole region"),
            LEVELS,
            key="show",
            format_func=lambda code: _(LEVEL_WORDS[code]),
            help=_(
                "An arrow a destination, or every route. None chosen: the overview first, routes "
                "when something is pressed."
            ),
        )
        with st.expander(_("Marking")):
            st.text_input(
                _("Line above and below page and pictures"),
                os.environ.get("ARMSFLOW_MARKING", ""),
                key="marking",
                max_chars=MARKING_LETTERS,
                placeholder=_("none, for example OFFICIAL"),
            )


def _language() -> None:
    """Draw the choice of the language of the whole page, which names languages in themselves."""
    st.session_state["language"] = speech.language()
    st.segmented_control(
        _("Language"),
        list(NAMES),
        key="language",
        format_func=NAMES.__getitem__,
        on_change=address.choose_language,
        required=True,
        help=_("Of the page, its pictures and files. Titles of sources stay as they are."),
    )


def show_above_the_map(chosen: Selection, dataset: Dataset) -> None:
    """Draw the ready-made questions and the weapon groups."""
    _questions(dataset)
    _weapon_pills(chosen, dataset)


def _weapon_pills(chosen: Selection, dataset: Dataset) -> None:
    """Draw the weapon groups as pills with their counts under all the other filters."""
    counts = summary.events_by_group(shown_part(dataset, replace(chosen, weapon=())))
    groups = selection.weapon_groups(dataset)
    st.pills(
        _("Weapon type"),
        list(groups),
        key="weapon",
        selection_mode="multi",
        format_func=lambda code: f"{groups[code]} {number(int(counts.get(code, 0)))}",
        label_visibility="collapsed",
    )


def _questions(dataset: Dataset) -> None:
    """Draw the ready-made questions; pressing one opens its view, with the answer above the map."""
    with st.container(key="questions"):
        pressed = st.pills(
            _("Questions"),
            list(QUESTIONS),
            key="question",
            format_func=lambda code: _(QUESTIONS[code].words),
            on_change=address.ask_question,
            args=(dataset,),
            label_visibility="collapsed",
        )
    if pressed:
        st.html(render("answer", answer=answer(pressed, dataset)))
