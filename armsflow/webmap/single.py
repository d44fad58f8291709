"""The web map of one selection as one file, with everything in it that it draws and says."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import xstatic.pkg.leaflet

from armsflow.dataset import knowledge
from armsflow.dataset.cache import once
from armsflow.language import _
from armsflow.picture import style
from armsflow.picture.lettering import letter
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate
from armsflow.selection.cards import write_cards
from armsflow.webmap.document import FONT, HERE, LAYERS, base_map, font_face, script_json, variables
from armsflow.webmap.flows import flows
from armsflow.webmap.legend import TEMPLATES

LEAFLET: Final = Path(xstatic.pkg.leaflet.BASE_DIR)
SCRIPTS: Final = (
    LEAFLET / "leaflet.js", HERE / "ground.js", HERE / "marks.js", HERE / "keyboard.js",
    HERE / "single.js",
)  # fmt: skip
STYLES: Final = (LEAFLET / "leaflet.css", HERE / "webmap.css", HERE / "single.css")
OTHER_FILES: Final = re.compile(r"url\(images/[^)]*\)|(?<=//# )sourceMappingURL=\S*")
"""What Leaflet's files name beside them and this map never shows."""

LARGEST: Final = 2_000_000
"""Bytes of a file that an e-mail takes; incidents that do not fit are named by their number."""
MOST_CARDS: Final = 1000
"""Incidents that are read at all: more never fit."""


def single_file(picture: Picture, plate: Plate, words: Mapping[str, Any]) -> bytes:
    """Write the map, its legend and a card of every incident as one HTML file.

    Parameters
    ----------
    picture
        What is drawn.
    plate
        What every picture of the dataset shares.
    words
        What the file says of itself: ``marking``, ``subject``, ``stamp``, ``title`` and ``note``
        of the reader's own, and ``about``, pairs of a word and a text.
    """
    shown = picture.shown
    root: Any = base_map(picture.whole, plate).get_root()
    root.render()
    given = {
        "flows": flows(picture, letter(picture, plate.names)),
        "focus": picture.selection.focus,
    }
    script = ";\n".join(
        [
            *map(_text, SCRIPTS),
            f"armsflow.given = {script_json(given)}",
            f"armsflow.layers = {_layers(plate)}",
            root.script.render(),
        ]
    )
    font = f"data:font/woff2;base64,{b64encode(FONT.read_bytes()).decode()}"
    style_sheet = "\n".join([f":root{{{variables()}}}", font_face(font), *map(_text, STYLES)])
    template = TEMPLATES.get_template("single.html")
    incidents = shown.read(shown.rows(), MOST_CARDS)
    cards = write_cards(incidents, shown.read_items(incidents), shown)
    told = list(zip(incidents["line"], incidents["spot"], cards, strict=True))
    words = {
        **words,
        "sentence": picture.sentence,
        "absence": _(knowledge.ABSENCE_NOTE),
        "events": shown.totals.events,
        "cases": [(case, *_number_colours(case.destination)) for case in picture.cases],
        "numbers": {case.incident: case.number for case in picture.cases},
        "licences": shown.descriptor.get("licenses", []),
        "map": root.html.render(),
        "script": script,
        "style": style_sheet,
        "script_hash": _hash(script),
        "style_hash": _hash(style_sheet),
    }
    while True:
        more = shown.totals.events + shown.totals.others - len(told)
        page = template.render(words, incidents=told, more=more).encode()
        if len(page) <= LARGEST or not told:
            return page
        told = told[: len(told) * 3 // 4]


@once
def _layers(plate: Plate) -> str:
    layers = {name: getattr(plate.basemap, name).to_json(drop_id=True) for name in LAYERS}
    return script_json({name: json.loads(layer) for name, layer in layers.items()})


def _number_colours(destination: str) -> tuple[str, str]:
    colour = style.destination_colour(destination)
    return colour, style.text_on(colour)


def _text(file: Path) -> str:
    return OTHER_FILES.sub("none", file.read_text("utf-8"))


def _hash(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()
