"""The shapes of places, tags, numbers and towns: discs, squares and letters as plain values.

All sizes are pixels of the default view, which is also a sheet of 1280 pixels.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from armsflow.picture import style
from armsflow.picture.arrows import TAG_HEIGHT
from armsflow.picture.marks import Place
from armsflow.picture.numbers import HEIGHT as NUMBER_HEIGHT
from armsflow.picture.strokes import Stroke

FADE: Final = ((0.0, 0.42), (0.7, 0.34), (1.0, 0.0))
"""Opacity of a soft disc from its middle (0) to its edge (1)."""
CLAIMS_FADE: Final = 0.55
"""Opacity of a soft disc of claims alone, as a share of the usual one."""

PLACE_EDGE: Final = 1.5
STORE_HALF: Final = 0.9
"""Half the side of a store's square, in radii of a place of the same class."""

CLAIMS_EDGE: Final = 1.4
CLAIMS_DASH: Final = (1.6, 2.2)
"""Six dashes around the smallest mark; all places of claims alone are of that class."""

FOCUS_MARGIN: Final = 5.0
FOCUS_WIDTH: Final = 4.0

# A dashed square around a place: some of its incidents are not published. No other mark is one.
UNPUBLISHED_MARGIN: Final = 4.0
UNPUBLISHED_EDGE: Final = Stroke(style.INK, 1.6, (3.4, 2.4))

LETTERS_SIZE: Final = style.SMALLEST
LETTERS_WEIGHT: Final = 600
WORDS_EDGE: Final = Stroke(style.CASING, 2.4, rounded=True)
"""White edge of words that are written on the map itself, so that they are read on any ground."""


@dataclass(frozen=True)
class Fade:
    """A colour that fades from the middle of a disc to its edge.

    Parameters
    ----------
    colour
        ``#RRGGBB``.
    stops
        Share of the radius and opacity there, from the middle outward; straight between them.
    """

    colour: str
    stops: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Disc:
    """A disc or, without a fill, a ring; the edge runs along its outline."""

    radius: float
    fill: str | Fade | None
    edge: Stroke | None = None


@dataclass(frozen=True)
class Square:
    """A square of twice *half*; the edge runs along its outline."""

    half: float
    fill: str | None
    edge: Stroke | None = None


@dataclass(frozen=True)
class Letters:
    """A few letters or digits in the middle of a mark.

    Parameters
    ----------
    text, colour
        What is written, and in which colour.
    size, weight
        Pixels of the font size, and weight as in CSS.
    """

    text: str
    colour: str
    size: float = LETTERS_SIZE
    weight: int = LETTERS_WEIGHT

    @property
    def drop(self) -> float:
        """Pixels from the middle down to the baseline: half the height of a capital."""
        return round(0.36 * self.size, 2)


@dataclass(frozen=True)
class TagBox:
    """The box of an end tag: letters on the colour of a destination, with a white margin."""

    fill: str
    letters: Letters
    width: float = 21.0
    height: float = 15.0
    corner: float = 3.0
    margin: float = 1.2
    margin_colour: str = style.CASING


@dataclass(frozen=True)
class PlaceShapes:
    """All shapes of a place, in drawing order."""

    focus: Disc | None
    mark: Disc | Square
    unpublished: Square | None


def place_shapes(place: Place) -> PlaceShapes:
    """Return how a place is drawn."""
    return _place_shapes(
        place.mark,
        place.size,
        place.colour,
        not place.events,
        bool(place.unpublished),
        place.focused,
    )


@lru_cache(maxsize=1024)
def _place_shapes(
    mark: str, size: int, colour: str, claims: bool, unpublished: bool, focused: bool
) -> PlaceShapes:
    radius = (style.AREA_RADII if mark == "area" else style.PLACE_RADII)[size]
    ring = Disc(radius + FOCUS_MARGIN, None, Stroke(style.FOCUS_HALO, FOCUS_WIDTH))
    return PlaceShapes(
        focus=ring if focused else None,
        mark=place_mark(mark, size, colour, claims=claims),
        unpublished=unpublished_frame(radius) if unpublished else None,
    )


def place_mark(mark: str, size: int, colour: str, *, claims: bool) -> Disc | Square:
    """Return the mark of a place.

    Parameters
    ----------
    mark, size, colour
        As in :class:`armsflow.picture.marks.Place`.
    claims
        Whether claims alone lie there: the mark is then white, or paler, in a dotted edge.
    """
    edge = Stroke(colour, CLAIMS_EDGE, CLAIMS_DASH) if claims else None
    if mark == "area":
        share = CLAIMS_FADE if claims else 1.0
        stops = tuple((offset, round(share * opacity, 4)) for offset, opacity in FADE)
        return Disc(style.AREA_RADII[size], Fade(colour, stops), edge)
    radius = style.PLACE_RADII[size]
    fill = style.CASING if claims else colour
    edge = edge or Stroke(style.CASING, PLACE_EDGE)
    if mark == "store":
        return Square(round(STORE_HALF * radius, 2), fill, edge)
    return Disc(radius, fill, edge)


def unpublished_frame(radius: float) -> Square:
    """Return the dashed square around a mark whose incidents are not all published."""
    return Square(radius + UNPUBLISHED_MARGIN, None, UNPUBLISHED_EDGE)


def tag_box(text: str, colour: str) -> TagBox:
    """Return the box of an end tag that says *text* on the colour of a destination."""
    return TagBox(colour, Letters(text, style.text_on(colour)))


AREA_AROUND: Final = 24.0
STOPPED_EDGE: Final = 2.0
"""Coloured edge of the hollow mark of incidents whose arms were stopped on their way."""


def number_box(text: str, width: float, colour: str, *, stopped: bool) -> TagBox:
    """Return the mark of numbered incidents: full, or hollow where the arms were stopped."""
    letters = Letters(text, style.INK if stopped else style.text_on(colour))
    box = TagBox(style.CASING if stopped else colour, letters, width, NUMBER_HEIGHT)
    edge = (STOPPED_EDGE, colour) if stopped else (box.margin, box.margin_colour)
    return replace(box, corner=NUMBER_HEIGHT / 2, margin=edge[0], margin_colour=edge[1])


@dataclass(frozen=True)
class ArrowTag:
    """The tag of an overview's arrow: destination with its number, and what became of the arms."""

    width: float
    height: float
    name: Letters
    outcome: Letters
    edge: Stroke
    fill: str = style.CASING
    corner: float = 4.0
    lines: tuple[float, float] = (-3.0, 12.0)
    """Pixels from the middle of the tag down to the baselines of its two lines."""


def arrow_tag(name: str, outcome: str, width: float, colour: str) -> ArrowTag:
    """Return the tag of an arrow."""
    return ArrowTag(
        width=width,
        height=TAG_HEIGHT,
        name=Letters(name, style.INK, 14.0),
        outcome=Letters(outcome, style.INK, style.SMALLEST, 400),
        edge=Stroke(colour, 2.0),
    )


def number_area(colour: str) -> Disc:
    """Return the soft disc around a number whose place is only known as an area."""
    return Disc(AREA_AROUND, Fade(colour, FADE))


def number_leader(colour: str) -> Stroke:
    """Return the line from a place to its numbers, where they lie beside it."""
    return Stroke(colour, 1.3)


def number_letters(members: int) -> Letters:
    """Return the number on a mark that stands for several places."""
    return Letters(str(members), style.INK)


TOWN_EDGE: Final = Stroke(style.INK, 1.0)
TOWN_DOT: Final = Disc(2.0, style.CASING, TOWN_EDGE)
