"""The rows of the legend: their words, and their symbols as plain values."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.language import N_, _, _p
from armsflow.picture import style
from armsflow.picture.arrows import Arrow
from armsflow.picture.marks import Line, Place
from armsflow.picture.numbers import NumberMark
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
from armsflow.picture.strokes import (
    BOUNDARY,
    DISPUTED,
    RING,
    Stroke,
    arrow_strokes,
    strokes_of,
    tail_strokes,
)
from armsflow.selection.selection import destination_codes

RULE_LENGTH: Final = 32.0
PARTED: Final = (11.0, 10.0)
"""Pixels of one end of a link in its symbol, and of the gap before the other."""
SYMBOL_HEIGHT: Final = 15.0
MARK_WIDTH: Final = 16.0
"""Room for the symbol of a mark, unless the mark is wider."""

FORM_WORDS: Final = {
    style.SOLID: N_("traced, marked or officially stated"),
    style.DASHED: N_("reported only"),
    style.DOTTED: N_("claims or description only"),
}
"""What each form of a line says of how the link to Libya is known."""


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
        ``store``, ``number``, ``stopped``, ``members`` or ``unpublished``.
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
    key
        What a picture must hold for the row to be printed beside it.
    section
        Heading above the row.
    label
        The words.
    symbol
        What is drawn beside them.
    """

    key: str
    section: str
    label: str
    symbol: Symbol


def legend(dataset: Dataset) -> tuple[LegendEntry, ...]:
    """Return the whole legend; a picture prints the rows that it holds, in this order."""
    return tuple(_legend(dataset))


def unpublished_entry() -> LegendEntry:
    """Return the row of the legend that only data with such incidents have."""
    frame = unpublished_frame(style.PLACE_RADII[0])
    symbol = Symbol("unpublished", 2 * frame.half + 2, (frame,))
    words = _("unpublished, added by a reader")
    return LegendEntry("unpublished", _("Incidents at a place"), words, symbol)


def keys_held(
    destinations: Iterable[str],
    lines: Sequence[Line],
    places: Iterable[Place],
    numbers: Iterable[NumberMark],
    arrows: Sequence[Arrow] = (),
) -> frozenset[str]:
    """Return the keys of the rows that a picture needs.

    Parameters
    ----------
    destinations
        Codes of the destinations that it has incidents or lines of.
    lines, places, numbers, arrows
        What is drawn.
    """
    keys = {"boundary", "disputed"}
    coloured = style.DESTINATION_COLOURS
    keys |= {f"tag-{code}" if code in coloured else "tag-others" for code in destinations}
    for line in lines:
        keys |= {f"route-{line.kind}", f"form-{line.form}"}
        keys |= {f"width-{line.width}"} if line.events and not line.quiet else set()
    spots = {mark.spot for mark in numbers}
    for place in places:
        if place.mark == "area":
            keys.add("area")
        if not place.events:
            keys.add("claims")
        elif place.mark == "store":
            keys.add("store")
        if place.events and place.place not in spots:
            keys.add(f"place-{place.size}")
        keys |= {"members"} if place.members > 1 else set()
        keys |= {"unpublished"} if place.unpublished else set()
    keys |= {f"arrow-{arrow.width}" for arrow in arrows}
    keys |= {"ring"} if arrows else set()
    tails = [*(arrow.tail for arrow in arrows), *(line.tail for line in lines)]
    keys |= {"bar"} if any(tail is not None for tail in tails) else set()
    if arrows:
        keys -= {f"place-{number}" for number in range(3)} | {"route-link"}
    return frozenset(keys | {"stopped" if mark.stopped else "number" for mark in numbers})


def _legend(dataset: Dataset) -> Iterator[LegendEntry]:
    section = _("Destination")
    for code in destination_codes(dataset, "focus"):
        record = dataset.destinations.loc[code]
        tag = _tag(str(record["abbreviation"]), style.destination_colour(code))
        yield LegendEntry(f"tag-{code}", section, str(record["label"]), tag)
    others = _tag("··", style.ONWARD_COLOUR)
    yield LegendEntry("tag-others", section, _("others, by choice"), others)
    section = _("Boundary")
    settled, disputed = _rule("boundary", BOUNDARY), _rule("boundary", DISPUTED)
    yield LegendEntry("boundary", section, _p("boundary", "international"), settled)
    yield LegendEntry("disputed", section, _p("boundary", "disputed"), disputed)
    section = _("Arrow: documented incidents, not quantities")
    for number, words in enumerate(style.class_labels(style.ARROW_CLASS_STARTS)):
        stroke = arrow_strokes(number, style.SEVERAL_COLOUR, stopped=False).line
        yield LegendEntry(f"arrow-{number}", section, words, _rule("arrow", stroke))
    ring = Disc(6.0, None, RING)
    yield LegendEntry("ring", section, _("Libya, place not stated"), Symbol("ring", 16.0, (ring,)))
    section = _("Documented incidents on a line")
    for number, words in enumerate(style.class_labels(style.LINE_CLASS_STARTS)):
        yield LegendEntry(f"width-{number}", section, words, _line("width", "corridor", number))
    section = _("Route")
    described = _line("route", "corridor", 1)
    yield LegendEntry("route-corridor", section, _("described by a source"), described)
    ends = strokes_of("link", 1, style.SOLID, style.INK)
    parted = [replace(part, dash=PARTED) for part in (ends.line, ends.core) if part]
    yield LegendEntry("route-link", section, _("only its ends known"), _rule("route", *parted))
    tail = tail_strokes(style.SEVERAL_COLOUR).line
    barred = _("most stopped at the bar, said to go on")
    yield LegendEntry("bar", section, barred, _rule("bar", tail))
    section = _("How the link to Libya is known")
    for form, words in FORM_WORDS.items():
        yield LegendEntry(f"form-{form}", section, _(words), _line("form", "corridor", 0, form))
    section = _("Incidents at a place")
    for number, words in enumerate(style.class_labels(style.PLACE_CLASS_STARTS)):
        yield LegendEntry(f"place-{number}", section, words, _place("place", "place", number))
    yield LegendEntry("area", section, _("area, not a spot"), _place("area", "area", 0))
    for words, stopped in ((_("numbered in the list"), False), (_("stopped on the way"), True)):
        box = number_box("1", NUMBER_WIDTH, style.SEVERAL_COLOUR, stopped=stopped)
        key = "stopped" if stopped else "number"
        yield LegendEntry(key, section, words, Symbol(key, box.width + 2 * box.margin, (box,)))
    claims = _place("claims", "place", 0, claims=True)
    yield LegendEntry("claims", section, _("claims only"), claims)
    store = _place("store", "store", 1, style.destination_colour(ORIGIN))
    yield LegendEntry("store", section, _("store in Libya, by choice"), store)
    if (dataset.spots["members"] > 1).any():
        members = Symbol("members", MARK_WIDTH, (number_letters(12),))
        yield LegendEntry("members", section, _("so many places in one mark"), members)
    if dataset.unpublished:
        yield unpublished_entry()


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
