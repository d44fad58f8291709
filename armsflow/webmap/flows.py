"""What a selection changes on the web map: how each line and place looks."""

from typing import Any

from armsflow.picture import style
from armsflow.picture.marks import Line, Place
from armsflow.picture.picture import Picture
from armsflow.words import plural


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
