"""How lines and marks look in QGIS, in its own words: the style that a GeoPackage brings along."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from armsflow.picture.shapes import Disc, Fade, Square
from armsflow.picture.strokes import LineStrokes, Stroke

Look = LineStrokes | Disc | Square


def qml(looks: Mapping[str, Look]) -> str:
    """Write the style of a layer (QML): a symbol for each value of its column ``legend``.

    Parameters
    ----------
    looks
        How rows are drawn, by that value.
    """
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol", attr="legend")
    categories, symbols = (ET.SubElement(renderer, name) for name in ("categories", "symbols"))
    for number, words in enumerate(map(str, sorted(looks))):
        key, look = str(number), looks[words]
        ET.SubElement(categories, "category", value=words, label=words, symbol=key, render="true")
        if isinstance(look, LineStrokes):
            _line(ET.SubElement(symbols, "symbol", type="line", name=key), look)
        else:
            square = isinstance(look, Square)
            half = look.half if isinstance(look, Square) else look.radius
            symbol = ET.SubElement(symbols, "symbol", type="marker", name=key)
            _marker(symbol, "square" if square else "circle", 2 * half, look.fill, look.edge)
    return ET.tostring(root, encoding="unicode")


def _line(symbol: ET.Element, look: LineStrokes) -> None:
    head = look.arrowhead
    tip, wing = (max(corner[axis] for corner in head.corners) for axis in (0, 1))
    bar = tip < wing
    for stroke in filter(None, (look.casing, look.line, look.core)):
        _part(
            symbol, "SimpleLine",
            line_color=_rgba(stroke.colour), line_width=f"{stroke.width:g}",
            line_width_unit="Pixel", capstyle="round" if stroke.rounded else "flat",
            joinstyle="round", use_custom_dash=str(int(bool(stroke.dash))),
            customdash=";".join(f"{part:g}" for part in stroke.dash), customdash_unit="Pixel",
        )  # fmt: skip
        if stroke is look.line:
            end = _part(symbol, "MarkerLine", placement="lastvertex", place_on_every_part="false")
            inside = ET.SubElement(end, "symbol", type="marker", name=f"@{symbol.get('name')}@2")
            edge = Stroke(head.fill, 2 * tip) if bar else head.edge
            _marker(inside, "line" if bar else "filled_arrowhead", 2 * wing, head.fill, edge)


def _marker(
    symbol: ET.Element, name: str, size: float, fill: str | Fade | None, edge: Stroke | None
) -> None:
    colour, opacity = (fill.colour, fill.stops[0][1]) if isinstance(fill, Fade) else (fill, 1.0)
    outline = ("dot" if edge.dash else "solid") if edge else "no"
    _part(
        symbol, "SimpleMarker", name=name, size=f"{size:g}", size_unit="Pixel",
        color=_rgba(colour, opacity), outline_style=outline,
        outline_color=_rgba(edge.colour if edge else None), outline_width_unit="Pixel",
        outline_width=f"{edge.width if edge else 0:g}",
    )  # fmt: skip


def _part(symbol: ET.Element, kind: str, **options: str) -> ET.Element:
    part = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "pass": "0"})
    listed = ET.SubElement(part, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(listed, "Option", type="QString", name=name, value=value)
    return part


def _rgba(colour: str | None, opacity: float = 1.0) -> str:
    """Write a colour as four numbers from 0 to 255."""
    parts = [*bytes.fromhex(colour[1:]), round(255 * opacity)] if colour else [0] * 4
    return ",".join(map(str, parts))
