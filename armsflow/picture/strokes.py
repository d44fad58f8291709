"""How lines are drawn, to the stroke: width, dash, casing, hollow core, arrowhead, focus.

All sizes are pixels of the default view, which is also a sheet of 1280 pixels.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from armsflow.picture import style
from armsflow.picture.marks import Line

Corner = tuple[float, float]

CASING_EXTRA: Final = 2.6
"""Pixels by which the white casing is wider than what lies on it; half of them on each side."""
HALO_EXTRA: Final = 9.0
"""Pixels by which the yellow halo of a line in focus is wider than the line."""
LINK_CORE: Final = 0.58
"""Width of the white core of a link, in widths of the link."""
DASHED_WIDTH: Final = 3.0
"""Width for which ``style.DASHES`` are given; on wider lines the parts grow with the width."""

ARROW_LENGTHS: Final = {"corridor": (10.5, 14.0, 18.0), "link": (13.0, 17.0, 21.5)}
"""Length of the arrowhead by width class."""
ARROW_WINGS: Final = {"corridor": 0.48, "link": 0.52}
"""How far a wing stands off the line, in lengths of the head."""
ARROW_BACKS: Final = {"corridor": -0.3, "link": -0.08}
"""Where the back of the head lies on the line, seen from its end, in lengths of the head."""
ARROW_NOTCHES: Final = {"corridor": 0.18, "link": 0.0}
"""How deep the back is cut in, in lengths of the head."""
LINK_ARROW_EDGE: Final = 2.0


@dataclass(frozen=True)
class Stroke:
    """A stroke of the pen; corners are round.

    Parameters
    ----------
    colour
        ``#RRGGBB``.
    width
        Pixels.
    dash
        Pixels that are drawn and left out by turns; empty for an unbroken stroke.
    rounded
        Whether the ends, and the ends of each dash, are round and not cut off.
    """

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    rounded: bool = False


@dataclass(frozen=True)
class Arrowhead:
    """The head at the end of a line.

    Parameters
    ----------
    corners
        Pixels along the line's last direction and to the left of it, from the end of the line.
    fill
        Colour of the face.
    edge
        Stroke around the face, or ``None``.
    casing
        White stroke that is drawn below both, its inside filled.
    """

    corners: tuple[Corner, ...]
    fill: str
    edge: Stroke | None
    casing: Stroke


@dataclass(frozen=True)
class LineStrokes:
    """All strokes of a line, in drawing order.

    The core comes last, so that the hollow of a link opens into the hollow of its head.
    """

    halo: Stroke | None
    casing: Stroke
    line: Stroke
    arrowhead: Arrowhead
    core: Stroke | None


def line_strokes(line: Line) -> LineStrokes:
    """Return how a corridor or link is drawn."""
    if line.quiet:
        return quiet_strokes(line.kind, line.form, line.colour)
    return strokes_of(
        line.kind,
        line.width,
        line.form,
        line.colour,
        focused=line.focused,
        stopped=line.stopped >= 0,
    )


@lru_cache(maxsize=1024)
def strokes_of(
    kind: str,
    width: int,
    form: str,
    colour: str,
    *,
    focused: bool = False,
    stopped: bool = False,
) -> LineStrokes:
    """Return how a line of a kind, width class, form and colour is drawn.

    It ends in a bar if most arms on it were stopped on the way.
    """
    stroke = _own_stroke(kind, width, form, colour)
    hollow = kind == "link" and form != style.DOTTED
    return LineStrokes(
        halo=Stroke(style.FOCUS_HALO, round(stroke.width + HALO_EXTRA, 2), rounded=True)
        if focused
        else None,
        casing=Stroke(style.CASING, round(stroke.width + CASING_EXTRA, 2)),
        line=stroke,
        arrowhead=_bar(stroke.width, colour) if stopped else _arrowhead(kind, width, colour),
        core=Stroke(style.CASING, round(stroke.width * LINK_CORE, 2)) if hollow else None,
    )


@lru_cache(maxsize=256)
def quiet_strokes(kind: str, form: str, colour: str) -> LineStrokes:
    """Return how a line is drawn that lies under the arrows of an overview."""
    dash = tuple(round(part * QUIET_WIDTH / DASHED_WIDTH * 1.4, 2) for part in style.DASHES[form])
    head = _arrowhead(kind, 0, colour)
    small = tuple((round(along * 0.6, 2), round(left * 0.6, 2)) for along, left in head.corners)
    return LineStrokes(
        halo=None,
        casing=Stroke(style.CASING, 0.1),
        line=Stroke(colour, QUIET_WIDTH, dash, rounded=form == style.DOTTED),
        arrowhead=Arrowhead(small, colour, None, Stroke(style.CASING, 0.1)),
        core=None,
    )


@lru_cache(maxsize=256)
def arrow_strokes(width: int, colour: str, *, stopped: bool) -> LineStrokes:
    """Return how the shaft of an overview's arrow is drawn; it ends in a bar where arms stopped."""
    pixels = style.ARROW_WIDTHS[width]
    head = _bar(pixels, colour)
    if not stopped:
        wing, long = WINGS[0] * pixels + WINGS[1], 1.1 * pixels + 9.0
        head = replace(head, corners=((-1.0, wing), (long, 0.0), (-1.0, -wing)))
    casing = Stroke(style.CASING, pixels + CASING_EXTRA)
    return LineStrokes(None, casing, Stroke(colour, pixels), head, None)


def _bar(width: float, colour: str) -> Arrowhead:
    """Return the bar that ends a stroke of a width where arms were stopped."""
    wing = WINGS[0] * width + WINGS[1]
    corners = ((-BAR, wing), (BAR, wing), (BAR, -wing), (-BAR, -wing))
    return Arrowhead(corners, colour, None, Stroke(style.CASING, CASING_EXTRA))


@lru_cache(maxsize=64)
def tail_strokes(colour: str) -> LineStrokes:
    """Return how the way is drawn that stopped arms were said to go on."""
    edge = Stroke(colour, LINK_ARROW_EDGE)
    head = Arrowhead(
        ((-2.0, 7.5), (14.0, 0.0), (-2.0, -7.5)),
        style.CASING,
        edge,
        Stroke(style.CASING, LINK_ARROW_EDGE + CASING_EXTRA),
    )
    line = Stroke(colour, 2.6, style.DASHES[style.DOTTED], rounded=True)
    return LineStrokes(None, Stroke(style.CASING, 2.6 + CASING_EXTRA), line, head, None)


def _own_stroke(kind: str, width: int, form: str, colour: str) -> Stroke:
    # A dotted link is as narrow as a corridor of the first class: dots are too short to be hollow.
    dotted = form == style.DOTTED
    widths = style.LINE_WIDTHS if kind == "corridor" or dotted else style.LINK_WIDTHS
    pixels = widths[0 if dotted else width]
    growth = max(1.0, pixels / DASHED_WIDTH)
    dash = tuple(round(part * growth, 2) for part in style.DASHES[form])
    return Stroke(colour, pixels, dash, rounded=dotted)


def _arrowhead(kind: str, width: int, colour: str) -> Arrowhead:
    length = ARROW_LENGTHS[kind][width]
    back, wing, notch = (part[kind] * length for part in (ARROW_BACKS, ARROW_WINGS, ARROW_NOTCHES))
    corners = [(back, wing), (back + length, 0.0), (back, -wing)]
    if notch:
        corners.append((back + notch, 0.0))
    rounded = tuple((round(along, 2), round(left, 2)) for along, left in corners)
    if kind == "corridor":
        return Arrowhead(rounded, colour, None, Stroke(style.CASING, CASING_EXTRA))
    edge = Stroke(colour, LINK_ARROW_EDGE)
    return Arrowhead(
        rounded, style.CASING, edge, Stroke(style.CASING, LINK_ARROW_EDGE + CASING_EXTRA)
    )


QUIET_WIDTH: Final = 1.4
BAR: Final = 2.6
"""Half the thickness of the bar that ends a line where arms were stopped."""
WINGS: Final = (0.62, 6.0)
"""How far bar and arrowhead stand off the middle: in widths of the shaft, and pixels more."""
RING: Final = Stroke(style.ORIGIN_NAME, 1.2, (4.0, 3.0))
"""Ring that stands for "Libya, place not stated", from which arrows start."""

# The ground. The coast is drawn below the land, which covers half of its width.
COAST: Final = Stroke(style.COAST, 1.8)
RIVER: Final = Stroke(style.RIVER, 1.1)
LAKE: Final = Stroke(style.COAST, 0.6)
BOUNDARY: Final = Stroke(style.BOUNDARY, 0.9)
DISPUTED: Final = Stroke(style.BOUNDARY, 1.2, (4.0, 3.5))
SEAM_WIDTH: Final = 0.5
"""Stroke of an area in its own colour, so that no gap shows between neighbours."""
