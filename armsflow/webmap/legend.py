"""The legend of the web map."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from armsflow.picture.legend import SYMBOL_HEIGHT, LegendEntry
from armsflow.sentences import IN_TEMPLATES
from armsflow.words import started

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
)
TEMPLATES.globals |= IN_TEMPLATES
TEMPLATES.filters["started"] = started


def legend_html(entries: Sequence[LegendEntry], notes: Sequence[str] = ()) -> str:
    """Write the legend as the strip below the map, inside its frame."""
    sections = [
        (section, list(rows)) for section, rows in groupby(entries, key=lambda row: row.section)
    ]
    strip = TEMPLATES.get_template("legend.html").render(
        sections=sections, notes=notes, height=SYMBOL_HEIGHT
    )
    # folium takes this for a Jinja template once more: no brace may reach it.
    return strip.replace("{", "&#123;").replace("}", "&#125;")
