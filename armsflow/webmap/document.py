"""The map without any selection: a document that folium writes, published with its files."""

import atexit
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import branca.element
import folium
import streamlit
import xstatic.pkg.leaflet
from folium.template import Template
from streamlit.components.v1 import declare_component

from armsflow.dataset import knowledge
from armsflow.dataset.dataset import Dataset
from armsflow.language import N_, _, direction, spoken
from armsflow.picture import style
from armsflow.picture.arrows import TAG_HEIGHT
from armsflow.picture.frames import FRAMES, REGION, ROOM
from armsflow.picture.legend import legend, unpublished_entry
from armsflow.picture.lettering import SMALLER
from armsflow.picture.names import CORNER_GAP, SIDE_GAP, SIZES
from armsflow.picture.numbers import HEIGHT
from armsflow.picture.plane import zoom_of
from armsflow.picture.plate import Plate
from armsflow.picture.shapes import (
    TOWN_DOT,
    TOWN_EDGE,
    WORDS_EDGE,
    number_letters,
    tag_box,
)
from armsflow.picture.strokes import BOUNDARY, COAST, DISPUTED, LAKE, RIVER, SEAM_WIDTH
from armsflow.webmap.flows import course, path_style
from armsflow.webmap.legend import legend_html

HERE: Final = Path(__file__).parent
FILES: Final = ("ground.js", "marks.js", "keyboard.js", "bridge.js", "webmap.css")
"""The drawing code in the order in which it is loaded, and its style, beside this module."""
LAYERS: Final = ("land", "water", "boundaries")
"""Files of the basemap that the browser fetches."""
FARTHEST_ZOOM: Final = 3
NEAREST_ZOOM: Final = 10
TAG_ZOOM: Final = 3.7
"""Web map zoom below which end labels are left out, for want of room."""

WORDS: Final = {
    "title": N_("Map"),
    "frame": N_("Map of the documented incidents"),
    "list": N_(
        "Lines, places and numbered incidents on the map: arrow keys move among them, Enter opens "
        "one, plus and minus zoom"
    ),
    "item": N_("{name}. {counts}"),
    "incident": N_("One incident"),
    "fingers": N_("Two fingers move the map"),
    "back": N_("Back to the frame"),
    "nearer": N_("Zoom in"),
    "farther": N_("Zoom out"),
    "whole": N_("Whole legend"),
    "part": N_("Only what is shown"),
    "m": N_("{count} m"),
    "km": N_("{count} km"),
    "ft": N_("{count} ft"),
    "mi": N_("{count} mi"),
}
"""What the drawing code says, by the names that it knows it by; Leaflet's own units among them."""

JINJA_OPENING: Final = re.compile(r"\{(?=[{%#])")
"""A brace that opens a Jinja tag; in JSON it can only be inside a string."""

PAGE_FONTS: Final = Path(streamlit.__file__).parent / "static" / "static" / "media"
FONT: Final = next(PAGE_FONTS.glob("SourceSansVF-Upright*.woff2"))
FONT_ADDRESS: Final = f"../../static/media/{FONT.name}"
"""The page has this file in the browser's cache already; its name carries a hash."""


class BaseMap(folium.Map):
    """A folium map that takes Leaflet and its own code from its own folder instead of a CDN."""

    # Every name must differ: folium replaces one file by another of the same name.
    default_js = [  # noqa: RUF012 (folium reads the class attribute)
        ("leaflet_script", "leaflet.js"),
        ("armsflow_ground", "ground.js"),
        ("armsflow_marks", "marks.js"),
        ("armsflow_keyboard", "keyboard.js"),
        ("armsflow_bridge", "bridge.js"),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_style", "leaflet.css"),
        ("armsflow_style", "webmap.css"),
    ]


class MapScript(branca.element.MacroElement):
    """The call that starts the drawing code with everything that no selection changes."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            armsflow.start({{ this._parent.get_name() }}, {{ this.options }});
        {% endmacro %}
        """
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapScript"
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


class Show:
    """Draws the map on the page and returns what was pressed on it.

    Call it with ``flows`` (:func:`armsflow.webmap.flows.packed`), ``key`` and ``on_change``; its
    value is ``None`` or a dictionary with ``focus``, the line or place that was pressed.

    Parameters
    ----------
    contents
        The files of the map, by name (:func:`files`).
    """

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        # Browsers keep files by address: other contents must have another one.
        name = "map_" + hashlib.sha256(b"".join(contents.values())).hexdigest()[:12]
        self.contents = contents
        self.folder = Path(tempfile.mkdtemp(prefix="armsflow-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.write_missing()
        self.component: Any = declare_component(name, path=str(self.folder))

    def __call__(self, **arguments: Any) -> Any:
        """Draw the map."""
        self.write_missing()
        return self.component(**arguments)

    @property
    def addresses(self) -> list[str]:
        """Addresses of the map's files, from that of the page on."""
        return [f"component/{self.component.name}/{file}" for file in self.contents]

    def write_missing(self) -> None:
        """Write those of the map's files that are not there: systems clean temporary folders.

        Raises
        ------
        OSError
            If the disk is full or closed.
        """
        for file, content in self.contents.items():
            if not (self.folder / file).is_file():
                self.folder.mkdir(parents=True, exist_ok=True)
                (self.folder / file).write_bytes(content)


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
    contents |= {file: (HERE / file).read_bytes() for file in FILES}
    contents |= {
        f"{layer}.json": (directory / "basemap" / f"{layer}.json").read_bytes() for layer in LAYERS
    }
    return contents


def document(dataset: Dataset, plate: Plate) -> str:
    """Write the map without any selection as the HTML document of its frame."""
    text = str(base_map(dataset, plate).get_root().render())
    return text.replace("<html>", f'<html lang="{spoken()}" dir="{direction()}">', 1)


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
    base.add_child(MapScript(_options(plate)))
    root: Any = base.get_root()
    root.header.add_child(
        branca.element.Element(f"<style>:root{{{variables()}}}{font_face(FONT_ADDRESS)}</style>")
    )
    # The row on unpublished incidents is hidden until a reader adds some.
    entries = tuple(dict.fromkeys([*legend(dataset), unpublished_entry()]))
    notes = [_(note) for note in knowledge.NOTES]
    root.html.add_child(branca.element.Element(legend_html(entries, notes)))
    return base


def _options(plate: Plate) -> dict[str, Any]:
    return {
        "frames": {frame.code: frame.bounds for frame in FRAMES},
        "tagZoom": TAG_ZOOM,
        "namedZoom": {frame.code: round(zoom_of(frame.scale * SMALLER[0]), 3) for frame in FRAMES},
        "labelZoom": round(zoom_of(REGION.scale * ROOM * 1.02), 3),
        "fills": plate.fills,
        "land": style.LAND,
        "water": style.WATER,
        "strokes": {name: path_style(stroke) for name, stroke in GROUND_STROKES.items()},
        "seam": SEAM_WIDTH,
        "words": {name: _(message) for name, message in WORDS.items()},
        "paths": {
            frame: {line: course(path) for line, path in layout["path"].items() if len(path)}
            for frame, layout in plate.layouts.of_frame.items()
        },
    }


GROUND_STROKES: Final = {
    "coast": COAST,
    "river": RIVER,
    "lake": LAKE,
    "boundary": BOUNDARY,
    "disputed": DISPUTED,
}


def variables() -> str:
    """Write the values that the style sheet takes from the picture."""
    tag, number = tag_box("", style.INK), number_letters(2)
    values: dict[str, str | float] = {
        "ink": style.INK,
        "quiet-ink": style.QUIET_INK,
        "water": style.WATER,
        "land-name": style.LAND_NAME,
        "origin-name": style.ORIGIN_NAME,
        "water-name": style.WATER_NAME,
        "lettering": style.FONT_FAMILY,
        "words-edge-colour": WORDS_EDGE.colour,
        "tag-margin-colour": tag.margin_colour,
        "letters-weight": str(tag.letters.weight),
        "number-weight": str(number.weight),
        "number-colour": number.colour,
        "town-fill": str(TOWN_DOT.fill),
        "town-edge-colour": TOWN_EDGE.colour,
        "words-edge": WORDS_EDGE.width,
        "tag-width": tag.width,
        "tag-height": tag.height,
        "tag-corner": tag.corner,
        "tag-margin": tag.margin,
        "letters": tag.letters.size,
        "number": number.size,
        "town-dot": 2 * TOWN_DOT.radius + TOWN_EDGE.width,
        "town-edge": TOWN_EDGE.width,
        "case-height": HEIGHT,
        "label-height": TAG_HEIGHT,
    }
    for kind, (size, spacing) in SIZES.items():
        values |= {f"{kind}-size": size, f"{kind}-spacing": round(size * spacing, 2)}
    gaps = zip(("across", "upward"), zip(SIDE_GAP, CORNER_GAP, strict=True), strict=True)
    for way, (side, corner) in gaps:
        values |= {f"side-{way}": side, f"corner-{way}": corner}
    return ";".join(
        f"--{name}:{value}" if isinstance(value, str) else f"--{name}:{value:g}px"
        for name, value in values.items()
    )


def font_face(address: str) -> str:
    """Write the rule of the style sheet for the page's font."""
    return f'@font-face{{font-family:"Source Sans 3";font-weight:200 900;src:url("{address}")}}'
