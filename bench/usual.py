"""The map as it is usually made: built anew for every selection, with folium or with deck.gl.

Same data, same lines, same places as the dashboard. Leaflet and the land come from this machine,
so that only the way of drawing differs.
"""

import json
from typing import Any

import folium
import geopandas as gpd
import pydeck
import streamlit as st
import xstatic.pkg.leaflet
from streamlit.components.v1 import declare_component

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.loader import load
from armsflow.page.frame import data_directory
from armsflow.picture import style
from armsflow.picture.frames import REGION
from armsflow.picture.picture import Picture, draw
from armsflow.picture.routes import lay_out_frames
from armsflow.selection.selection import apply, default_selection, weapon_groups

HEIGHT = 600
IN_COMPONENT = "../bench.usual.leaflet/"
"""Where the frame of streamlit-folium finds Leaflet."""
IN_PAGE = "component/bench.usual.leaflet/"
"""Where a frame that has no address finds it: relative to the page."""


@st.cache_resource(show_spinner=False)
def load_once() -> tuple[Dataset, gpd.GeoDataFrame, dict[str, Any]]:
    """Return the dataset, where its lines run, and the land."""
    directory = data_directory()
    dataset = load(directory)
    land = json.loads((directory / "basemap" / "land.json").read_text(encoding="utf-8"))
    return dataset, lay_out_frames(dataset), land


def ask() -> Picture:
    """Draw the weapon pills and return the picture of what was chosen."""
    st.set_page_config(layout="wide")
    declare_component("leaflet", path=xstatic.pkg.leaflet.BASE_DIR)
    dataset, layouts, _ = load_once()
    groups = weapon_groups(dataset)
    chosen = st.pills(
        "Weapon type", list(groups), key="weapon", selection_mode="multi", format_func=groups.get
    )
    default = default_selection(dataset)
    selection = type(default)(weapon=tuple(chosen), destinations=default.destinations)
    return draw(selection, apply(dataset, selection), dataset, layouts)


def build_map(picture: Picture, assets: str) -> folium.Map:
    """Build the whole map of a picture: land, one object per line, one marker per place.

    Parameters
    ----------
    picture
        What to draw.
    assets
        Address of the folder with Leaflet, as seen from the map's frame.
    """

    class LocalMap(folium.Map):
        default_js = [("leaflet_script", f"{assets}leaflet.js")]  # noqa: RUF012
        default_css = [("leaflet_style", f"{assets}leaflet.css")]  # noqa: RUF012

    _, _, land = load_once()
    base = LocalMap(tiles=None, control_scale=True, zoom_snap=0)
    folium.GeoJson(
        land,
        style_function=lambda _: {
            "fillColor": style.LAND,
            "fillOpacity": 1,
            "color": style.COAST,
            "weight": 0.8,
        },
    ).add_to(base)
    for line in picture.lines:
        kind = f"corridor corridor-{line.line}" if line.kind == "corridor" else f"link {line.line}"
        folium.PolyLine(
            line.path[:, ::-1].tolist(),
            color=line.colour,
            weight=style.LINE_WIDTHS[line.width],
            tooltip=line.name,
            class_name=kind,
        ).add_to(base)
    for place in picture.places:
        folium.CircleMarker(
            (place.latitude, place.longitude),
            radius=style.PLACE_RADII[place.size],
            color=place.colour,
            fill=True,
            tooltip=place.name,
            class_name=f"place place-{place.place}",
        ).add_to(base)
    base.fit_bounds(REGION.bounds)
    return base


def build_deck(picture: Picture) -> pydeck.Deck:
    """Build the same map for deck.gl: land, lines and places as three layers, no base map."""
    _, _, land = load_once()
    layers = [
        pydeck.Layer(
            "GeoJsonLayer",
            land,
            id="land",
            get_fill_color=_channels(style.LAND),
            get_line_color=_channels(style.COAST),
            line_width_units=pydeck.types.String("pixels"),
            get_line_width=0.8,
        ),
        pydeck.Layer(
            "PathLayer",
            [
                {
                    "name": line.name,
                    "id": f"corridor-{line.line}" if line.kind == "corridor" else line.line,
                    "path": line.path.tolist(),
                    "colour": _channels(line.colour),
                    "width": style.LINE_WIDTHS[line.width],
                }
                for line in picture.lines
            ],
            id="lines",
            get_path="path",
            get_color="colour",
            get_width="width",
            width_units=pydeck.types.String("pixels"),
            pickable=True,
        ),
        pydeck.Layer(
            "ScatterplotLayer",
            [
                {
                    "name": place.name,
                    "id": f"place-{place.place}",
                    "position": [place.longitude, place.latitude],
                    "colour": _channels(place.colour),
                    "radius": style.PLACE_RADII[place.size],
                }
                for place in picture.places
            ],
            id="places",
            get_position="position",
            get_fill_color="colour",
            get_radius="radius",
            radius_units=pydeck.types.String("pixels"),
            pickable=True,
        ),
    ]
    south_west, north_east = REGION.bounds
    return pydeck.Deck(
        layers,
        initial_view_state=pydeck.ViewState(
            latitude=(south_west[0] + north_east[0]) / 2,
            longitude=(south_west[1] + north_east[1]) / 2,
            zoom=4,
        ),
        # Not map_style=None: Streamlit takes that for its own style, from a server elsewhere.
        map_provider=None,
        tooltip={"text": "{name}"},
    )


def _channels(colour: str) -> list[int]:
    return list(bytes.fromhex(colour.removeprefix("#")))
