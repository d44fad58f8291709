"""The Brief control and the briefing view."""

import streamlit as st

from armsflow.dataset.dataset import Dataset
from armsflow.page.address import page_address
from armsflow.page.masthead import marking
from armsflow.page.memory import settle_memory
from armsflow.picture.plate import Plate
from armsflow.selection.query import from_query
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

        settle_memory("brief")
        with popover:
            files.show_files(chosen, dataset, plate, page_address(), marking())


def show_briefing_view(dataset: Dataset, plate: Plate) -> None:
    """Draw the page as one sheet that fills the window; the selection comes from the URL alone."""
    from armsflow.page import files

    query = {key: st.query_params.get_all(key) for key in st.query_params}
    chosen = from_query(query, dataset)
    files.show_sheet(chosen, dataset, plate, page_address(), marking())
