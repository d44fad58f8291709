"""The map on the page, and what a press on it does."""

from typing import Final

import streamlit as st

from armsflow.page import frame
from armsflow.page.address import put_in_focus, send_again
from armsflow.picture.lettering import letter
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate
from armsflow.webmap.document import Show
from armsflow.webmap.flows import flows, packed

MAP_KEY: Final = "map"


def show_map(drawn: Picture, plate: Plate, show: Show) -> None:
    """Draw the map; a press on a line or place puts it in focus."""
    with st.container(key="map-frame"):
        show(
            flows=packed(flows(drawn, letter(drawn, plate.names))),
            tell=frame.waits_for_paint(),
            key=MAP_KEY,
            default=None,
            on_change=_hear_from_map,
        )


def _hear_from_map() -> None:
    said = st.session_state.get(MAP_KEY) or {}
    if said.get("painted"):
        frame.note_painted()
        send_again()
    elif isinstance(said.get("focus"), str):
        put_in_focus(said["focus"])
