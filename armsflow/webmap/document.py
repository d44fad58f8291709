"""A picture as an interactive map: the only module that knows folium.

folium writes the map's document once for a data package: Leaflet, land, names, legend. It is
published with its files as a Streamlit component, so the browser keeps one frame, zoom and
centre, and a selection sends nothing but what changes: how each line and place looks. No request
leaves the machine.
"""

import atexit
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
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
from armsflow.picture import (
    DEFAULT_BOUNDS,
    NOTES,
    UNPUBLISHED_ENTRY,
    LegendEntry,
    Line,
    Picture,
    Place,
    legend,
)
from armsflow.plate import Plate
from armsflow.selection import plural

ASSETS: Final = Path(__file__).parent / "assets"
FILES: Final = ("webmap.js", "webmap.css")
"""The drawing code and its style, in the folder of assets."""
LAYERS: Final = ("land", "water", "boundaries")
"""Files of the basemap that the browser fetches."""
FARTHEST_ZOOM: Final = 3
NEAREST_ZOOM: Final = 10
TAG_ZOOM: Final = 3.7
"""Web map zoom below which end labels are left out, for want of room."""

JINJA_OPENING: Final = re.compile(r"\{(?=[{%#])")
"""A brace that opens a Jinja tag; in JSON it can only stand inside a string."""

PAGE_FONTS: Final = Path(streamlit.__file__).parent / "static" / "static" / "media"


class BaseMap(folium.Map):
    """A folium map that takes Leaflet and its own code from its own folder instead of a CDN."""

    # Every name must differ: folium replaces one file by another of the same name.
    default_js = [  # noqa: RUF012 (folium reads the class attribute)
        ("leaflet_script", "leaflet.js"),
        ("armsflow_script", "webmap.js"),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_style", "leaflet.css"),
        ("armsflow_style", "webmap.css"),
    ]


class Ground(branca.element.MacroElement):
    """Everything that no selection changes: the ground, and where lines run."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            armsflow.start({{ this._parent.get_name() }}, {{ this.options }});
        {% endmacro %}
        """
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ground"
        self.options = script_json(options)


def script_json(value: Any) -> str:
    """Write a value as JSON that is safe inside a script and inside a Jinja template.

    folium renders what it has rendered once more as a template, so braces that would open a
    Jinja expression are escaped like the characters that could end a script.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for letter in "<>&'`":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return JINJA_OPENING.sub(r"\\u007b", text)


Show = Callable[..., Any]
"""Draws the map on the page and returns what was pressed on it."""


def files(dataset: Dataset, plate: Plate, directory: Path) -> dict[str, bytes]:
    """Return the map's document with all the files that it asks for, by name.

    Parameters
    ----------
    dataset, plate
        The whole dataset, and what no selection changes.
    directory
        The data package whose folder ``basemap`` is drawn.
    """
    leaflet = Path(xstatic.pkg.leaflet.BASE_DIR)
    contents = {"index.html": document(dataset, plate).encode()}
    contents |= {file: (leaflet / file).read_bytes() for file in ("leaflet.js", "leaflet.css")}
    contents |= {file: (ASSETS / file).read_bytes() for file in FILES}
    contents |= {
        f"{layer}.json": (directory / "basemap" / f"{layer}.json").read_bytes() for layer in LAYERS
    }
    return contents


def publish(contents: Mapping[str, bytes]) -> Show:
    """Write the map's files into one folder and let the page serve it.

    Parameters
    ----------
    contents
        What :func:`files` returned.

    Returns
    -------
    show
        The component. Call it with ``flows`` (:func:`flows`), ``key`` and ``on_change``; its value
        is ``None`` or a dictionary with ``focus``, the line or place that was pressed.
    """
    # Browsers keep files by address: other contents must have another one.
    name = "map_" + hashlib.sha256(b"".join(contents.values())).hexdigest()[:12]
    folder = Path(tempfile.mkdtemp(prefix="armsflow-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    return declare_component(name, path=str(folder))


def document(dataset: Dataset, plate: Plate) -> str:
    """Write the map without any selection as the HTML document of its frame."""
    return str(base_map(dataset, plate).get_root().render())


def base_map(dataset: Dataset, plate: Plate) -> folium.Map:
    """Build the map without any line: land, names, legend, scale bar, notes.

    Parameters
    ----------
    dataset
        The whole dataset, so that the legend is the same for every selection.
    plate
        Where lines run, colours of the land and the names to print; outlines are fetched by the
        browser.
    """
    base = BaseMap(
        tiles=None,
        control_scale=True,
        zoom_snap=0,
        zoom_delta=0.75,
        min_zoom=FARTHEST_ZOOM,
        max_zoom=NEAREST_ZOOM,
        scroll_wheel_zoom=False,
        zoom_animation=False,
        world_copy_jump=False,
        max_bounds=True,
        min_lat=-12,
        max_lat=54,
        min_lon=-34,
        max_lon=70,
        attribution_control=True,
    )
    # A name by chance, as folium gives one, would make another document at every start.
    base._id = "armsflow"
    base.add_child(Ground(_ground_options(plate)))
    root: Any = base.get_root()
    root.header.add_child(
        branca.element.Element(f"<style>:root{{{_variables()}}}{_font_faces()}</style>")
    )
    # The row on unpublished incidents stands there unseen until a reader adds some.
    entries = tuple(dict.fromkeys([*legend(dataset), UNPUBLISHED_ENTRY]))
    root.html.add_child(branca.element.Element(legend_html(entries, NOTES)))
    return base


def flows(picture: Picture) -> dict[str, Any]:
    """Write what a selection changes on the map: lines without their course, places, end tags."""
    return {
        "lines": [_line(line) for line in picture.lines],
        "places": [_place(place) for place in picture.places],
        "tags": [
            {
                "line": tag.line,
                "text": tag.text,
                "colour": tag.colour,
                "ink": style.text_on(tag.colour),
                "right": tag.right,
                "down": tag.down,
            }
            for tag in picture.tags
        ],
        "unpublished": bool(picture.whole.unpublished),
    }


def _ground_options(plate: Plate) -> dict[str, Any]:
    return {
        "bounds": DEFAULT_BOUNDS,
        "tagZoom": TAG_ZOOM,
        "fills": plate.fills,
        "land": style.LAND,
        "water": style.WATER,
        "river": style.RIVER,
        "coast": style.COAST,
        "boundary": style.BOUNDARY,
        "names": [asdict(name) for name in plate.names],
        "paths": {line: path[:, ::-1].tolist() for line, path in plate.layout["path"].items()},
        "halo": style.FOCUS_HALO,
        "casing": style.CASING,
        "casingExtra": style.CASING_EXTRA,
        "core": style.CASING,
        "numberRoom": style.NUMBER_ROOM,
        "unpublished": {
            "color": style.INK,
            "weight": style.UNPUBLISHED_WIDTH,
            "dashArray": " ".join(map(str, style.UNPUBLISHED_DASH)),
            "margin": style.UNPUBLISHED_MARGIN,
        },
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
        "words": [line.name, count_words(line.events, line.others, line.unpublished)],
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
        "words": [place.name, count_words(place.events, place.others, place.unpublished)],
        "at": [place.latitude, place.longitude],
        "colour": place.colour,
        "radius": radii[place.size],
        "mark": place.mark,
        "claims": not place.events,
        "unpublished": bool(place.unpublished),
        "members": place.members,
        "focused": place.focused,
    }


def count_words(events: int, others: int, unpublished: int = 0) -> str:
    """Say how much lies on a line or at a place, e.g. "3 documented incidents, 1 claim"."""
    words = plural(events, "documented incident") if events else "No single event documented"
    if others:
        words += f"; {plural(others, 'general report')}, not counted"
    if unpublished:
        words += f"; unpublished: {unpublished:,}"
    return words


# ---------------------------------------------------------------- legend


def legend_html(entries: tuple[LegendEntry, ...], notes: tuple[str, ...] = ()) -> str:
    """Write the legend as the strip that stands below the map, inside its frame."""
    parts = []
    for section, rows in groupby(entries, key=lambda entry: entry.section):
        items = "".join(
            f'<li class="{row.symbol}">{_symbol(row)}<span>{escape(row.label)}</span></li>'
            for row in rows
        )
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
        case "members":
            number = (
                f'<text x="9" y="12" text-anchor="middle" font-size="11" font-weight="700" '
                f'fill="{colour}">{escape(str(value))}</text>'
            )
            return _drawing(number, 18, 16)
        case "unpublished":
            dash = " ".join(map(str, style.UNPUBLISHED_DASH))
            square = (
                f'<rect x="1" y="1" width="14" height="14" fill="none" stroke="{colour}" '
                f'stroke-width="{style.UNPUBLISHED_WIDTH}" stroke-dasharray="{dash}"/>'
            )
            return _drawing(square, 16, 16)
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
