"""The rows of the legend: their words, and their symbols as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.picture import style
from armsflow.picture.shapes import (
    Disc,
    Letters,
    Square,
    TagBox,
    number_box,
    number_letters,
    place_mark,
    tag_box,
    unpublished_frame,
)
from armsflow.picture.strokes import BOUNDARY, DISPUTED, Stroke, strokes_of
from armsflow.selection.selection import destination_codes

RULE_LENGTH: Final = 32.0
SYMBOL_HEIGHT: Final = 15.0
MARK_WIDTH: Final = 16.0
"""Room for the symbol of a mark, unless the mark is wider."""


@dataclass(frozen=True)
class Rule:
    """A level piece of a line."""

    stroke: Stroke
    length: float = RULE_LENGTH


NUMBER_WIDTH: Final = 17.0

Part = Rule | Disc | Square | TagBox | Letters


@dataclass(frozen=True)
class Symbol:
    """What is drawn beside the words of a row: the strokes and marks of the map themselves.

    Parameters
    ----------
    kind
        ``tag``, ``boundary``, ``width``, ``route``, ``form``, ``place``, ``area``, ``claims``,
        ``store``, ``members`` or ``unpublished``.
    width
        Pixels that it takes in a row.
    parts
        What is drawn around its middle, one over the other.
    """

    kind: str
    width: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class LegendEntry:
    """One row of the legend.

    Parameters
    ----------
    section
        Heading above the row.
    label
        The words.
    symbol
        What is drawn beside them.
    """

    section: str
    label: str
    symbol: Symbol


def legend(dataset: Dataset) -> tuple[LegendEntry, ...]:
    """Return the whole legend: the same rows for every selection, so nothing is ever missing."""
    return tuple(_legend(dataset))


def _legend(dataset: Dataset) -> Iterator[LegendEntry]:
    section = "Destination"
    for code in destination_codes(dataset, "focus"):
        record = dataset.destinations.loc[code]
        tag = _tag(str(record["abbreviation"]), style.destination_colour(code))
        yield LegendEntry(section, str(record["label"]), tag)
    yield LegendEntry(section, "others, by choice", _tag("··", style.ONWARD_COLOUR))
    section = "Boundary"
    yield LegendEntry(section, "international", _rule("boundary", BOUNDARY))
    yield LegendEntry(section, "disputed", _rule("boundary", DISPUTED))
    section = "Documented incidents on a line"
    for number, words in enumerate(style.class_labels(style.LINE_CLASS_STARTS)):
        yield LegendEntry(section, words, _line("width", "corridor", number))
    section = "Route"
    yield LegendEntry(section, "described by a source", _line("route", "corridor", 1))
    yield LegendEntry(section, "not stated (one arc a destination)", _line("route", "link", 1))
    section = "How the link to Libya is known"
    for words, form in (
        ("traced, marked or officially stated", style.SOLID),
        ("reported only", style.DASHED),
        ("claims or description only", style.DOTTED),
    ):
        yield LegendEntry(section, words, _line("form", "corridor", 0, form))
    section = "Incidents at a place"
    for number, words in enumerate(style.class_labels(style.PLACE_CLASS_STARTS)):
        yield LegendEntry(section, words, _place("place", "place", number))
    yield LegendEntry(section, "area, not a spot", _place("area", "area", 0))
    for words, stopped in (("numbered in the list", False), ("stopped on the way", True)):
        box = number_box("1", NUMBER_WIDTH, style.SEVERAL_COLOUR, stopped=stopped)
        yield LegendEntry(section, words, Symbol("number", box.width, (box,)))
    yield LegendEntry(section, "claims only", _place("claims", "place", 0, claims=True))
    origin = style.destination_colour(ORIGIN)
    yield LegendEntry(section, "store in Libya, by choice", _place("store", "store", 1, origin))
    if (dataset.spots["members"] > 1).any():
        members = Symbol("members", MARK_WIDTH, (number_letters(12),))
        yield LegendEntry(section, "so many places in one mark", members)
    if dataset.unpublished:
        yield UNPUBLISHED_ENTRY


def _tag(text: str, colour: str) -> Symbol:
    box = tag_box(text, colour)
    return Symbol("tag", box.width, (box,))


def _rule(kind: str, *strokes: Stroke) -> Symbol:
    return Symbol(kind, RULE_LENGTH, tuple(map(Rule, strokes)))


def _line(kind: str, line: str, width: int, form: str = style.SOLID) -> Symbol:
    strokes = strokes_of(line, width, form, style.INK)
    return _rule(kind, strokes.line, *([strokes.core] if strokes.core else []))


def _place(
    kind: str, mark: str, size: int, colour: str = style.SEVERAL_COLOUR, *, claims: bool = False
) -> Symbol:
    shape = place_mark(mark, size, colour, claims=claims)
    half = shape.radius if isinstance(shape, Disc) else shape.half
    return Symbol(kind, max(MARK_WIDTH, 2 * half), (shape,))


def _unpublished() -> Symbol:
    frame = unpublished_frame(style.PLACE_RADII[0])
    return Symbol("unpublished", 2 * frame.half + 2, (frame,))


UNPUBLISHED_ENTRY: Final = LegendEntry(
    "Incidents at a place", "unpublished, added by a reader", _unpublished()
)
"""Row of the legend that only data with such incidents have."""
