"""How lines and marks look in QGIS, in its own words: the style that a GeoPackage brings along."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from armsflow.picture.shapes import Disc, Fade, Square
from armsflow.picture.strokes import Arrowhead, LineStrokes, Stroke

Look = LineStrokes | Disc | Square


def qml(looks: Mapping[str, Look]) -> str:
    """Write the style of a layer (QML): a symbol for each value of its column ``legend``.

    Parameters
    ----------
    looks
        How rows are drawn, by that value.
    """
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr="legend", symbollevels="0"
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, words in enumerate(sorted(looks)):
        look = looks[words]
        ET.SubElement(
            categories, "category", value=words, label=words, symbol=str(number), render="true"
        )
        kind = "line" if isinstance(look, LineStrokes) else "marker"
        symbol = ET.SubElement(symbols, "symbol", type=kind, name=str(number), alpha="1")
        if isinstance(look, LineStrokes):
            _line(symbol, look)
        else:
            _mark(symbol, look)
    return ET.tostring(root, encoding="unicode")


def _line(symbol: ET.Element, look: LineStrokes) -> None:
    _stroke(symbol, look.casing)
    _stroke(symbol, look.line)
    end = _part(
        symbol, "MarkerLine", placement="lastvertex", rotate="1", place_on_every_part="false"
    )
    _head(ET.SubElement(end, "symbol", type="marker", name=f"@{symbol.get('name')}@2"), look)
    if look.core:
        _stroke(symbol, look.core)


def _stroke(symbol: ET.Element, stroke: Stroke) -> None:
    _part(
        symbol,
        "SimpleLine",
        line_color=rgba(stroke.colour),
        line_width=f"{stroke.width:g}",
        line_width_unit="Pixel",
        capstyle="round" if stroke.rounded else "flat",
        joinstyle="round",
        use_custom_dash=str(int(bool(stroke.dash))),
        customdash=";".join(f"{part:g}" for part in stroke.dash),
        customdash_unit="Pixel",
    )


def _head(symbol: ET.Element, look: LineStrokes) -> None:
    head: Arrowhead = look.arrowhead
    tip, wing = (max(corner[axis] for corner in head.corners) for axis in (0, 1))
    bar = tip < wing
    edge = Stroke(head.fill, 2 * tip) if bar else head.edge
    _simple_marker(symbol, "line" if bar else "filled_arrowhead", 2 * wing, head.fill, edge)


def _mark(symbol: ET.Element, look: Disc | Square) -> None:
    name, half = ("square", look.half) if isinstance(look, Square) else ("circle", look.radius)
    _simple_marker(symbol, name, 2 * half, look.fill, look.edge)


def _simple_marker(
    symbol: ET.Element, name: str, size: float, fill: str | Fade | None, edge: Stroke | None
) -> None:
    colour, opacity = (fill.colour, fill.stops[0][1]) if isinstance(fill, Fade) else (fill, 1.0)
    style = ("dot" if edge.dash else "solid") if edge else "no"
    _part(
        symbol,
        "SimpleMarker",
        name=name,
        size=f"{size:g}",
        size_unit="Pixel",
        color=rgba(colour, opacity) if colour else "0,0,0,0",
        outline_style=style,
        outline_color=rgba(edge.colour) if edge else "0,0,0,0",
        outline_width=f"{edge.width if edge else 0:g}",
        outline_width_unit="Pixel",
    )


def _part(symbol: ET.Element, kind: str, **options: str) -> ET.Element:
    part = ET.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"}
    )
    listed = ET.SubElement(part, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(listed, "Option", type="QString", name=name, value=value)
    return part


def rgba(colour: str, opacity: float = 1.0) -> str:
    """Write a colour as QGIS does: four numbers from 0 to 255.

    Examples
    --------
    >>> from armsflow.picture.style import ONWARD_COLOUR
    >>> rgba(ONWARD_COLOUR, 0.5)
    '110,110,110,128'
    """
    return ",".join(map(str, [*bytes.fromhex(colour[1:]), round(255 * opacity)]))
