"""The Brief control and the briefing view."""

from typing import Final

import streamlit as st

from armsflow.briefing.titles import NOTE_LETTERS, TITLE_LETTERS, Title, own_title
from armsflow.dataset.dataset import Dataset
from armsflow.language import _, speak
from armsflow.page.address import briefing_selection, is_briefing_view, page_address
from armsflow.page.edition import Edition
from armsflow.page.masthead import marking
from armsflow.picture.plate import Plate
from armsflow.selection.selection import Selection

TITLE_KEYS: Final = ("own-title", "own-note")


@st.fragment
def show_brief(chosen: Selection, dataset: Dataset, plate: Plate) -> None:
    """Draw the control that hands on what is shown; it costs nothing until it is opened."""
    # A press inside runs this part of the page alone, in a thread of its own.
    speak(dataset.language)
    for key in TITLE_KEYS:
        # Streamlit forgets what was typed into a field once that is not drawn.
        st.session_state[key] = st.session_state.get(key, "")
    popover = st.popover(
        _("Brief"), icon=":material/ios_share:", width="stretch", key="brief", on_change="rerun"
    )
    if popover.open:
        # What draws sheets and slides takes a second to import: the first view must not wait.
        from armsflow.page import files

        with popover:
            title, note = TITLE_KEYS
            st.text_input(
                _("Title of your own"),
                key=title,
                max_chars=TITLE_LETTERS,
                placeholder=_("the finding"),
            )
            st.text_input(
                _("Line under it"), key=note, max_chars=NOTE_LETTERS, placeholder=_("none")
            )
            files.show_files(chosen, dataset, plate, page_address(), marking(), typed_title())


def typed_title() -> Title:
    """Return the title of the reader's own, as far as it was typed."""
    return own_title(*(st.session_state.get(key, "") for key in TITLE_KEYS))


def show_briefing_view(edition: Edition) -> None:
    """Draw the page as one sheet that fills the window and end the run, if the address says so.

    The selection comes from the address alone, without the rows of a reader.
    """
    if not is_briefing_view():
        return
    from armsflow.page import files

    dataset = edition.dataset
    chosen = briefing_selection(dataset)
    files.show_sheet(chosen, dataset, edition.plate, page_address(), marking())
    st.stop()
