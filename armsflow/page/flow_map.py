"""The map on the page, and what a press on it does."""

from typing import Final

import streamlit as st

from armsflow.page.address import put_in_focus
from armsflow.picture.lettering import letter
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate
from armsflow.webmap.document import Show
from armsflow.webmap.flows import flows

MAP_KEY: Final = "map"


def show_map(drawn: Picture, plate: Plate, show: Show) -> None:
    """Draw the map; a press on a line or place puts it in focus."""
    with st.container(key="map-frame"):
        show(
            flows=flows(drawn, letter(drawn, plate.names)),
            key=MAP_KEY,
            default=None,
            on_change=_focus_from_map,
        )


def _focus_from_map() -> None:
    focus = (st.session_state.get(MAP_KEY) or {}).get("focus")
    if isinstance(focus, str):
        put_in_focus(focus)
