"""The web map of one selection as one file, with everything in it that it draws and says."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import xstatic.pkg.leaflet

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
    LEAFLET / "leaflet.js", HERE / "ground.js", HERE / "marks.js", HERE / "single.js",
)  # fmt: skip
STYLES: Final = (LEAFLET / "leaflet.css", HERE / "webmap.css", HERE / "single.css")
OTHER_FILES: Final = re.compile(r"url\(images/[^)]*\)|(?<=//# )sourceMappingURL=\S*")
"""What Leaflet's files name beside them and this map never shows."""

MOST_CARDS: Final = 350
"""Incidents that the file has cards of; more would make it too large for an e-mail."""


def single_file(
    picture: Picture,
    plate: Plate,
    *,
    marking: str,
    subject: str,
    title: str,
    note: str,
    stamp: str,
    about: Sequence[tuple[str, str]],
) -> bytes:
    """Write the map, its legend and a card of every incident as one HTML file.

    Parameters
    ----------
    picture
        What is drawn.
    plate
        What every picture of the dataset shares.
    marking
        Protective marking, or empty.
    subject
        What every picture is about.
    title, note
        Title of the reader's own and the line under it, or empty.
    stamp
        Data version, date and picture number.
    about
        What the file says of itself: a word and a text each.
    """
    shown = picture.shown
    root: Any = base_map(picture.whole, plate).get_root()
    root.render()
    given = {
        "flows": flows(picture, letter(picture, plate.names)),
        "focus": picture.selection.focus,
        "layers": {
            name: json.loads(getattr(plate.basemap, name).to_json(drop_id=True)) for name in LAYERS
        },
    }
    script = ";\n".join(
        [*map(_text, SCRIPTS), f"armsflow.given = {script_json(given)}", root.script.render()]
    )
    font = f"data:font/woff2;base64,{b64encode(FONT.read_bytes()).decode()}"
    sheets = [f":root{{{variables()}}}", font_face(font), *map(_text, STYLES)]
    incidents = shown.read(shown.rows(), MOST_CARDS)
    cards = write_cards(incidents, shown.read_items(incidents), shown)
    page = TEMPLATES.get_template("single.html").render(
        marking=marking,
        subject=subject,
        title=title,
        note=note,
        stamp=stamp,
        about=about,
        sentence=picture.sentence,
        notes=picture.notes,
        heading=picture.cases_heading,
        cases=[(case, *_number_colours(case.destination)) for case in picture.cases],
        numbers={case.incident: case.number for case in picture.cases},
        incidents=list(zip(incidents["line"], incidents["spot"], cards, strict=True)),
        more=shown.totals.events + shown.totals.others - len(cards),
        licences=shown.descriptor.get("licenses", []),
        map=root.html.render(),
        script=script,
        style="\n".join(sheets),
        script_hash=_hash(script),
        style_hash=_hash("\n".join(sheets)),
    )
    return page.encode()


def _number_colours(destination: str) -> tuple[str, str]:
    colour = style.destination_colour(destination)
    return colour, style.text_on(colour)


def _text(file: Path) -> str:
    return OTHER_FILES.sub("none", file.read_text("utf-8"))


def _hash(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()
