"""What a selection changes on the web map: how each line and place looks, in Leaflet's words."""

import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np

from armsflow.language import _, _n, comma
from armsflow.package.package import UNPUBLISHED
from armsflow.picture.arrows import Arrow
from armsflow.picture.courses import LINK_START_PIXELS
from armsflow.picture.marks import Line, Place
from armsflow.picture.names import Name
from armsflow.picture.numbers import NumberMark
from armsflow.picture.picture import Picture
from armsflow.picture.plane import Points, zoom_of
from armsflow.picture.shapes import (
    Disc,
    Fade,
    PlaceShapes,
    Square,
    arrow_tag,
    number_area,
    number_box,
    place_shapes,
    tag_box,
)
from armsflow.picture.strokes import (
    RING,
    Arrowhead,
    LineStrokes,
    Stroke,
    arrow_strokes,
    line_strokes,
    tail_strokes,
)
from armsflow.picture.tags import Tag


def flows(picture: Picture, names: Sequence[Name] = ()) -> dict[str, Any]:
    """Write what a selection changes on the map: lines without their course, places, end tags.

    Many lines and places look the same: each look is written once, and they give its number.

    Parameters
    ----------
    picture
        What is drawn.
    names
        The names on it, from :func:`armsflow.picture.lettering.letter`.
    """
    looks: dict[LineStrokes | PlaceShapes, int] = {}

    def numbered(look: LineStrokes | PlaceShapes) -> int:
        return looks.setdefault(look, len(looks))

    lines = []
    added = picture.whole.descriptor.get(UNPUBLISHED, {}).get("corridors", ())
    for line in picture.lines:
        lines.append(_line(line, numbered(line_strokes(line))))
        if line.line in added:
            # The document has the courses of published lines only.
            lines[-1]["course"] = course(line.path)
        if line.stopped >= 0:
            lines[-1]["tail"] = [line.stopped, numbered(tail_strokes(line.colour))]
    places = [_place(place, numbered(place_shapes(place))) for place in picture.places]
    return {
        "looks": [
            _line_look(look) if isinstance(look, LineStrokes) else _place_look(look)
            for look in looks
        ],
        "lines": lines,
        "places": places,
        "tags": [_tag(tag) for tag in picture.tags],
        "numbers": [_number(mark, picture) for mark in picture.numbers],
        "names": [_name(name) for name in names],
        "arrows": [_arrow(arrow) for arrow in picture.arrows],
        "ring": _shape(Disc(LINK_START_PIXELS, None, RING)) if picture.arrows else None,
        "origin": list(picture.frame.origin),
        "legend": sorted(picture.held),
        "frame": picture.frame.code,
    }


def course(path: Points) -> list[list[float]]:
    """Write the points of a line as Leaflet has them: latitude, longitude."""
    rounded: list[list[float]] = np.round(path[:, ::-1], 3).tolist()
    return rounded


def packed(flows: dict[str, Any]) -> str:
    """Deflate what a selection changes, for the way to the browser: a fifth of its length."""
    return b64encode(zlib.compress(json.dumps(flows, separators=(",", ":")).encode())).decode()


def _line(line: Line, look: int) -> dict[str, Any]:
    corridor = line.kind == "corridor"
    classes = f"corridor corridor-{line.line}" if corridor else f"link {line.line}"
    return {
        "focus": line.line,
        "classes": f"{classes} {line.form}",
        "words": [line.name, count_words(line.events, line.others, line.unpublished)],
        "look": look,
        "focused": line.focused,
        # A whole line is not written: the document has its course.
        "spans": [] if line.spans == ((0, len(line.path) - 1),) else list(map(list, line.spans)),
    }


def _place(place: Place, look: int) -> dict[str, Any]:
    return {
        "focus": place.place,
        "classes": f"place place-{place.place} {place.mark}",
        "words": [place.name, count_words(place.events, place.others, place.unpublished)],
        "at": [place.latitude, place.longitude],
        "members": place.members,
        "numberZoom": round(zoom_of(place.number_scale), 4) if place.number_scale else None,
        "look": look,
        "focused": place.focused,
    }


def _tag(tag: Tag) -> dict[str, Any]:
    box = tag_box(tag.text, tag.colour)
    return {
        "line": tag.line,
        "text": box.letters.text,
        "colour": box.fill,
        "ink": box.letters.colour,
        "right": tag.right,
        "down": tag.down,
    }


def _number(mark: NumberMark, picture: Picture) -> dict[str, Any]:
    box = number_box(mark.text, mark.width, mark.colour, stopped=mark.stopped)
    return {
        "focus": mark.incident or mark.spot,
        "text": mark.text,
        "words": _mark_words(mark, str(picture.shown.spots["name"][mark.spot])),
        "at": [mark.latitude, mark.longitude],
        "right": mark.right,
        "down": mark.down,
        "width": round(box.width, 1),
        "colour": mark.colour,
        "fill": box.fill,
        "ink": box.letters.colour,
        "edge": box.margin,
        "edgeColour": box.margin_colour,
        "around": _shape(number_area(mark.colour)) if mark.area else None,
    }


def _arrow(arrow: Arrow) -> dict[str, Any]:
    stopped = arrow.tail is not None
    parts = [(arrow.shaft, arrow_strokes(arrow.width, arrow.colour, stopped=stopped))]
    if arrow.tail is not None:
        parts.insert(0, (arrow.tail, tail_strokes(arrow.colour)))
    tag = arrow_tag(arrow.name, arrow.outcome, arrow.tag_width, arrow.colour)
    return {
        "destination": arrow.destination,
        "parts": [
            {"path": np.round(path[:, ::-1], 3).tolist(), "look": _line_look(strokes)}
            for path, strokes in parts
        ],
        "at": [arrow.latitude, arrow.longitude],
        "right": arrow.right,
        "down": arrow.down,
        "width": round(tag.width, 1),
        "colour": tag.edge.colour,
        "words": [arrow.name, arrow.outcome],
    }


def _name(name: Name) -> list[Any]:
    return [
        name.text, name.kind, name.side, name.latitude, name.longitude, name.min_zoom, name.right,
        name.down,
    ]  # fmt: skip


def _line_look(look: LineStrokes) -> dict[str, Any]:
    return {
        "halo": path_style(look.halo) if look.halo else None,
        "casing": path_style(look.casing),
        "line": path_style(look.line),
        "core": path_style(look.core) if look.core else None,
        "head": _head(look.arrowhead),
    }


def _head(head: Arrowhead) -> list[dict[str, Any]]:
    # A marker's x runs along the line and its y to the right of it.
    points = " ".join(f"{along:g},{-left:g}" for along, left in head.corners)
    faces = ((head.casing.colour, head.casing), (head.fill, head.edge))
    return [
        {"points": points, "fill": fill, "stroke-linejoin": "round"}
        | ({"stroke": edge.colour, "stroke-width": edge.width} if edge else {})
        for fill, edge in faces
    ]


def _place_look(look: PlaceShapes) -> dict[str, Any]:
    return {
        "halo": _shape(look.focus) if look.focus else None,
        "mark": _shape(look.mark),
        "frame": _shape(look.unpublished) if look.unpublished else None,
    }


def _shape(shape: Disc | Square) -> dict[str, Any]:
    fade = shape.fill if isinstance(shape.fill, Fade) else None
    fill = None if fade else shape.fill
    return {
        "square": isinstance(shape, Square),
        "radius": shape.half if isinstance(shape, Square) else shape.radius,
        "fade": {"colour": fade.colour, "stops": [*map(list, fade.stops)]} if fade else None,
        "style": {"fill": shape.fill is not None, "fillColor": fill, "fillOpacity": 1}
        | (path_style(shape.edge) if shape.edge else {"stroke": False}),
    }


def path_style(stroke: Stroke) -> dict[str, Any]:
    """Return a stroke as the options of a path of Leaflet, which is opaque and joined round."""
    return {
        "stroke": True,
        "color": stroke.colour,
        "weight": stroke.width,
        "dashArray": " ".join(f"{part:g}" for part in stroke.dash) or None,
        "lineCap": "round" if stroke.rounded else "butt",
    }


def count_words(events: int, others: int, unpublished: int = 0) -> str:
    """Say how much lies on a line or at a place, e.g. "3 documented incidents, 1 claim"."""
    words = _("No single event documented")
    if events:
        words = _n("{count} documented incident", "{count} documented incidents", events)
    if others:
        words = _n(
            "{incidents}; {count} general report, not counted",
            "{incidents}; {count} general reports, not counted",
            others,
            incidents=words,
        )
    if unpublished:
        words = _("{incidents}; unpublished: {count}", incidents=words, count=unpublished)
    return words


def _mark_words(mark: NumberMark, place: str) -> str:
    """Say what a number on the map is, e.g. "Incident 3, Gao, stopped on the way"."""
    if mark.incident:
        if mark.stopped:
            return _(
                "Incident {number}, {place}, stopped on the way", number=mark.text, place=place
            )
        return _("Incident {number}, {place}", number=mark.text, place=place)
    if mark.stopped:
        return _(
            "Incidents {numbers}, {place}, stopped on the way",
            numbers=mark.text.replace(", ", comma()),
            place=place,
        )
    return _("Incidents {numbers}, {place}", numbers=mark.text.replace(", ", comma()), place=place)
