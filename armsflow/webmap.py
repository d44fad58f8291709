"""A picture as an interactive map: the only module that knows folium.

The base map never changes, so the browser keeps its frame, zoom and centre; everything that
depends on a selection travels in one feature group. Leaflet, the land and the drawing code are
served by the page itself: no request leaves the machine.
"""

import json
import re
from dataclasses import asdict
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import branca.element
import folium
import streamlit
import xstatic.pkg.leaflet
from folium.template import Template
from streamlit.components.v1 import declare_component

from armsflow import style
from armsflow.dataset import Dataset
from armsflow.picture import DEFAULT_BOUNDS, NOTES, LegendEntry, Line, Picture, Place, legend
from armsflow.plate import Plate
from armsflow.selection import plural

ASSETS: Final = Path(__file__).parent / "assets"
MODULE: Final = __name__
FARTHEST_ZOOM: Final = 3
NEAREST_ZOOM: Final = 10
TAG_ZOOM: Final = 3.7
"""Web map zoom below which end labels are left out, for want of room."""

JINJA_OPENING: Final = re.compile(r"\{(?=[{%#])")
"""A brace that opens a Jinja tag; in JSON it can only stand inside a string."""

PAGE_FONTS: Final = Path(streamlit.__file__).parent / "static" / "static" / "media"


class BaseMap(folium.Map):
    """A folium map that takes Leaflet and its own code from this server instead of a CDN."""

    # The component's frame lies at component/streamlit_folium.st_folium/; paths are relative to
    # it, so that they hold below any base path. Every name must differ: folium replaces equal ones.
    default_js = [  # noqa: RUF012 (folium reads the class attribute)
        ("leaflet_script", f"../{MODULE}.leaflet/leaflet.js"),
        ("armsflow_script", f"../{MODULE}.assets/webmap.js"),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_style", f"../{MODULE}.leaflet/leaflet.css"),
        ("armsflow_style", f"../{MODULE}.assets/webmap.css"),
    ]


class Ground(branca.element.MacroElement):
    """Everything under the lines; the same for every selection."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            armsflow.base({{ this._parent.get_name() }}, {{ this.options }});
        {% endmacro %}
        """
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ground"
        self.options = script_json(options)


class Flows(branca.element.MacroElement):
    """Lines, places and end labels of one selection."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            armsflow.flows({{ this._parent.get_name() }}, {{ this.picture }});
        {% endmacro %}
        """
    )

    def __init__(self, picture: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Flows"
        self.picture = script_json(picture)


def script_json(value: Any) -> str:
    """Write a value as JSON that is safe inside a script and inside a Jinja template.

    folium renders what it has rendered once more as a template, so braces that would open a
    Jinja expression are escaped like the characters that could end a script.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for letter in "<>&'`":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return JINJA_OPENING.sub(r"\\u007b", text)


def serve_assets(directory: Path) -> None:
    """Let the page serve Leaflet, the drawing code and the basemap of a data package.

    Parameters
    ----------
    directory
        The data package whose folder ``basemap`` is drawn.
    """
    declare_component("leaflet", path=xstatic.pkg.leaflet.BASE_DIR)
    declare_component("assets", path=str(ASSETS))
    declare_component("basemap", path=str(directory / "basemap"))


def base_map(dataset: Dataset, plate: Plate) -> folium.Map:
    """Build the map without any line: land, names, legend, scale bar, notes.

    Parameters
    ----------
    dataset
        The whole dataset, so that the legend is the same for every selection.
    plate
        Colours of the land and the names to print; outlines are fetched by the browser.
    """
    base = BaseMap(
        tiles=None,
        control_scale=True,
        zoom_snap=0,
        zoom_delta=0.75,
        min_zoom=FARTHEST_ZOOM,
        max_zoom=NEAREST_ZOOM,
        scroll_wheel_zoom=False,
        world_copy_jump=False,
        max_bounds=True,
        min_lat=-12,
        max_lat=54,
        min_lon=-34,
        max_lon=70,
        attribution_control=True,
    )
    base.add_child(Ground(_ground_options(plate)))
    root: Any = base.get_root()
    root.header.add_child(
        branca.element.Element(f"<style>:root{{{_variables()}}}{_font_faces()}</style>")
    )
    root.html.add_child(branca.element.Element(legend_html(legend(dataset), NOTES)))
    return base


def flow_layer(picture: Picture) -> folium.FeatureGroup:
    """Turn a picture into the one feature group that changes with the selection."""
    group = folium.FeatureGroup(name="flows")
    group.add_child(
        Flows(
            {
                "lines": [_line(line) for line in picture.lines],
                "places": [_place(place) for place in picture.places],
                "tags": [
                    {
                        "text": tag.text,
                        "colour": tag.colour,
                        "ink": style.text_on(tag.colour),
                        "at": [tag.latitude, tag.longitude],
                        "right": tag.right,
                        "down": tag.down,
                    }
                    for tag in picture.tags
                ],
                "halo": style.FOCUS_HALO,
                "casing": style.CASING,
                "casingExtra": style.CASING_EXTRA,
                "core": style.CASING,
            }
        )
    )
    return group


def _ground_options(plate: Plate) -> dict[str, Any]:
    return {
        "folder": f"../{MODULE}.basemap/",
        "bounds": DEFAULT_BOUNDS,
        "tagZoom": TAG_ZOOM,
        "fills": plate.fills,
        "land": style.LAND,
        "water": style.WATER,
        "river": style.RIVER,
        "coast": style.COAST,
        "boundary": style.BOUNDARY,
        "names": [asdict(name) for name in plate.names],
    }


def _variables() -> str:
    return ";".join(
        f"--{name}:{value}"
        for name, value in {
            "ink": style.INK,
            "quiet-ink": style.QUIET_INK,
            "water": style.WATER,
            "land-name": style.LAND_NAME,
            "origin-name": style.ORIGIN_NAME,
            "water-name": style.WATER_NAME,
            "lettering": style.FONT_FAMILY,
        }.items()
    )


def _font_faces() -> str:
    # The page has this file in the browser's cache already; its name carries a hash.
    return "".join(
        '@font-face{font-family:"Source Sans 3";font-weight:200 900;'
        f'src:url("../../static/media/{file.name}")}}'
        for file in PAGE_FONTS.glob("SourceSansVF-Upright*.woff2")
    )


def _line(line: Line) -> dict[str, Any]:
    corridor = line.kind == "corridor"
    weight = (style.LINE_WIDTHS if corridor else style.LINK_WIDTHS)[line.width]
    dash = style.DASHES[line.form]
    if not corridor and line.form == style.DOTTED:
        weight = style.LINE_WIDTHS[0]
    scaled = [max(part, part * weight / 3) for part in dash] if dash else None
    hollow = not corridor and line.form != style.DOTTED
    classes = f"corridor corridor-{line.line}" if corridor else f"link {line.line}"
    return {
        "focus": line.line,
        "classes": f"{classes} {line.form}",
        "words": [line.name, count_words(line.events, line.others)],
        "path": line.path[:, ::-1].tolist(),
        "colour": line.colour,
        "weight": weight,
        "core": round(weight * style.LINK_CORE, 2) if hollow else 0,
        "dash": " ".join(f"{part:g}" for part in scaled) if scaled else None,
        "round": line.form == style.DOTTED,
        "arrow": style.ARROW_SIZES[line.width] + (0 if corridor else 4),
        "open": not corridor,
        "focused": line.focused,
    }


def _place(place: Place) -> dict[str, Any]:
    radii = style.AREA_RADII if place.mark == "area" else style.PLACE_RADII
    return {
        "focus": place.place,
        "classes": f"place place-{place.place} {place.mark}",
        "words": [place.name, count_words(place.events, place.others)],
        "at": [place.latitude, place.longitude],
        "colour": place.colour,
        "radius": radii[place.size],
        "mark": place.mark,
        "claims": not place.events,
        "focused": place.focused,
    }


def count_words(events: int, others: int) -> str:
    """Say how much lies on a line or at a place, e.g. "3 documented incidents, 1 claim"."""
    words = plural(events, "documented incident") if events else "No single event documented"
    if others:
        words += f"; {plural(others, 'general report')}, not counted"
    return words


# ---------------------------------------------------------------- legend


def legend_html(entries: tuple[LegendEntry, ...], notes: tuple[str, ...] = ()) -> str:
    """Write the legend as the strip that stands below the map, inside its frame."""
    parts = []
    for section, rows in groupby(entries, key=lambda entry: entry.section):
        items = "".join(f"<li>{_symbol(row)}<span>{escape(row.label)}</span></li>" for row in rows)
        parts.append(f"<section><h2>{escape(section)}</h2><ul>{items}</ul></section>")
    paragraph = f"<p>{escape(' '.join(notes))}</p>" if notes else ""
    body = f'<div class="parts">{"".join(parts)}</div>{paragraph}'
    strip = f'<div class="legend" role="group" aria-label="Legend">{body}</div>'
    # folium takes this for a Jinja template once more: no brace may reach it.
    return strip.replace("{", "&#123;").replace("}", "&#125;")


def _symbol(entry: LegendEntry) -> str:
    colour, value = entry.colour, entry.value
    match entry.symbol:
        case "colour":
            ink = style.text_on(colour)
            shape = (
                f'<rect width="21" height="15" rx="3" fill="{colour}"/><text x="10.5" y="11.5" '
                f'text-anchor="middle" font-size="11" font-weight="700" fill="{ink}">'
                f"{escape(str(value))}</text>"
            )
            return _drawing(shape, 21, 15)
        case "width":
            return _stroke(colour, style.LINE_WIDTHS[int(value)])
        case "form":
            return _stroke(colour, 3, style.DASHES[str(value)])
        case "link":
            width = style.LINK_WIDTHS[int(value)]
            core = _stroke_path(style.CASING, width * style.LINK_CORE)
            return _drawing(_stroke_path(colour, width) + core, 34, 12)
        case "boundary":
            return _stroke(colour, 1)
        case "disputed":
            return _stroke(colour, 1.4, (4, 3.5))
        case "store":
            side = 1.8 * style.PLACE_RADII[int(value)]
            square = f'<rect x="2" y="1" width="{side:g}" height="{side:g}" fill="{colour}"/>'
            return _drawing(square, 14, 12)
        case "area":
            gradient = (
                '<radialGradient id="legend-area">'
                f'<stop offset="0" stop-color="{colour}" stop-opacity=".75"/>'
                f'<stop offset=".45" stop-color="{colour}" stop-opacity=".6"/>'
                f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
            )
            disc = '<circle cx="11" cy="7" r="11" fill="url(#legend-area)"/>'
            return _drawing(gradient + disc, 22, 14)
        case "claim_place":
            ring = (
                f'<circle cx="7" cy="7" r="5.4" fill="{style.CASING}" stroke="{colour}" '
                'stroke-width="1.4" stroke-dasharray="1.5 2.6"/>'
            )
            return _drawing(ring, 14, 14)
        case _:
            radius = style.PLACE_RADII[int(value)]
            return _drawing(f'<circle cx="8" cy="8" r="{radius}" fill="{colour}"/>', 16, 16)


def _stroke(colour: str, width: float, dash: tuple[float, float] | None = None) -> str:
    return _drawing(_stroke_path(colour, width, dash), 34, 10)


def _stroke_path(colour: str, width: float, dash: tuple[float, float] | None = None) -> str:
    pattern = f' stroke-dasharray="{dash[0]:g} {dash[1]:g}"' if dash else ""
    cap = ' stroke-linecap="round"' if dash and dash[0] < 2 else ""
    return f'<path d="M1 5H33" stroke="{colour}" stroke-width="{width:g}"{pattern}{cap}/>'


def _drawing(shape: str, width: int, height: int) -> str:
    return f'<svg width="{width}" height="{height}" aria-hidden="true">{shape}</svg>'
