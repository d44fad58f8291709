"""The map as it is usually made: a new folium map for every selection, one object a line.

Same data, same lines, same places as the dashboard. Leaflet and the land come from this machine,
so that only the way of drawing differs.
"""

import json
from typing import Any

import folium
import geopandas as gpd
import streamlit as st
import xstatic.pkg.leaflet
from streamlit.components.v1 import declare_component

from armsflow import style
from armsflow.dataset import SHIPPED, Dataset, load
from armsflow.picture import DEFAULT_BOUNDS, Picture, draw, lay_out
from armsflow.selection import apply, default_selection, weapon_groups

HEIGHT = 600
IN_COMPONENT = "../bench.usual.leaflet/"
"""Where the frame of streamlit-folium finds Leaflet."""
IN_PAGE = "component/bench.usual.leaflet/"
"""Where a frame without an address of its own finds it: relative to the page."""


@st.cache_resource(show_spinner=False)
def load_once() -> tuple[Dataset, gpd.GeoDataFrame, dict[str, Any]]:
    """Return the dataset, where its lines run, and the land."""
    dataset = load(SHIPPED)
    land = json.loads((SHIPPED / "basemap" / "land.json").read_text(encoding="utf-8"))
    return dataset, lay_out(dataset), land


def ask() -> Picture:
    """Draw the weapon pills and return the picture of what was chosen."""
    st.set_page_config(layout="wide")
    declare_component("leaflet", path=xstatic.pkg.leaflet.BASE_DIR)
    dataset, layout, _ = load_once()
    groups = weapon_groups(dataset)
    chosen = st.pills(
        "Weapon type", list(groups), key="weapon", selection_mode="multi", format_func=groups.get
    )
    default = default_selection(dataset)
    selection = type(default)(weapon=tuple(chosen), destinations=default.destinations)
    return draw(selection, apply(dataset, selection), dataset, layout)


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
    base.fit_bounds(DEFAULT_BOUNDS)
    return base
