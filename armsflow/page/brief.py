"""The Brief control and the briefing view."""

import streamlit as st

from armsflow.dataset.dataset import Dataset
from armsflow.page.address import briefing_selection, is_briefing_view, page_address
from armsflow.page.edition import Edition
from armsflow.page.masthead import marking
from armsflow.picture.plate import Plate
from armsflow.selection.selection import Selection


@st.fragment
def show_brief(chosen: Selection, dataset: Dataset, plate: Plate) -> None:
    """Draw the control that hands on what is shown; it costs nothing until it is opened."""
    popover = st.popover(
        "Brief", icon=":material/ios_share:", width="stretch", key="brief", on_change="rerun"
    )
    if popover.open:
        # What draws sheets and slides takes a second to import: the first view must not wait.
        from armsflow.page import files

        with popover:
            files.show_files(chosen, dataset, plate, page_address(), marking())


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
