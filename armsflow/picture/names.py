"""Names as they are written: their sizes, the sides of a point that they may be on, their room."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from unicodedata import bidirectional

import shapely

from armsflow.picture import style
from armsflow.picture.numbers import HEIGHT, number_width
from armsflow.picture.plane import Points, metres_per_pixel, on_plane

LETTER_WIDTH: Final = 0.5
"""Width of an average letter of Source Sans, in its size."""
JOINED_WIDTH: Final = 0.47
"""Width of an average letter of Noto Sans Arabic, between that of its regular names of places
(0.44) and of the bold ones (0.48)."""

SIZES: Final = {
    "origin": (18, 0.3),
    "country": (style.SMALLEST, 0.24),
    "area": (style.SMALLEST, 0.1),
    "water": (12.5, 0.06),
    "town": (style.SMALLEST, 0.0),
    "found": (12.5, 0.0),
}
"""Size in pixels and letter spacing (in sizes) of each kind of name; ``found`` is the place of a
numbered incident."""

WAYS: Final = {
    side: (("e" in side) - ("w" in side), ("n" in side) - ("s" in side))
    for side in ("e", "w", "n", "s", "ne", "se", "nw", "sw")
}
"""Sides of a point, the best first: whether they lie right or left of it, above or below."""
MARGIN: Final = 1.5
SIDE_GAP: Final = (6.0, 4.0)
"""Pixels right or left of, and above or below, a point to its name on that side."""
CORNER_GAP: Final = (4.0, 2.0)
"""The same where the name is at a corner, such as north-east: pixels across and up or down."""
SPREAD_KINDS: Final = ("origin", "country", "area")


@dataclass(frozen=True)
class Name:
    """A name on the map.

    Parameters
    ----------
    text
        The words.
    kind
        A key of :data:`SIZES`.
    longitude, latitude
        The point that it names, degrees.
    side
        Where it is, seen from the point: a compass direction, or ``centre``.
    min_zoom
        Web map zoom from which it is printed.
    right, down
        Pixels from the point to where the side begins, if a mark lies between.
    """

    text: str
    kind: str
    longitude: float
    latitude: float
    side: str
    min_zoom: float
    right: float = 0.0
    down: float = 0.0


class Side(NamedTuple):
    """A side of a point that a name may be on.

    Parameters
    ----------
    side
        A key of :data:`WAYS`.
    right, up
        Pixels from the point to where the name's side begins.
    box
        What the name takes there: middle and half size in pixels, y upward.
    """

    side: str
    right: float
    up: float
    box: tuple[float, float, float, float]

    def of(self, name: Name, zoom: float) -> Name:
        """Return a name on this side, printed from a zoom on."""
        right, down = round(self.right, 1), round(0.0 - self.up, 1)
        return replace(name, side=self.side, min_zoom=zoom, right=right, down=down)


def letters_of(name: Name) -> tuple[float, float]:
    """Return the size of a name in pixels and its letter spacing in sizes; none if joined."""
    size, spacing = SIZES[name.kind]
    return size, 0.0 if is_joined(name.text) else spacing


def is_joined(text: str) -> bool:
    """Tell whether a text has Arabic letters: spacing would tear them apart."""
    return any(bidirectional(letter) == "AL" for letter in text)


def sides_of(name: Name, point: Points, farther: float) -> Iterator[Side]:
    """Yield the sides of its point that a name may be on, the best first.

    Parameters
    ----------
    name
        What is written.
    point
        Its point in pixels, y upward.
    farther
        Pixels by which it keeps farther off than usual.
    """
    x, y = point.tolist()
    width, height = _half(name)
    across_by = up_by = 0.0
    if name.kind == "found":
        across_by, up_by = number_width(name.side) / 2 - 1.0 + farther, HEIGHT / 2 - 0.5 + farther
    for side, (across, upward) in WAYS.items():
        gap = SIDE_GAP if len(side) == 1 else CORNER_GAP
        right, up = name.right + across * across_by, -name.down + upward * up_by
        middle = x + right + across * (width + gap[0]), y + up + upward * (height + gap[1])
        yield Side(side, right, up, (*middle, width + MARGIN, height))


def name_box(name: Name, zoom: float) -> shapely.Polygon:
    """Return the ground that a name covers at a zoom (EPSG:3857)."""
    scale = metres_per_pixel(zoom)
    x, y, half_width, half_height = (scale * part for part in box_of(name, point_of(name) / scale))
    return shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)


def box_of(name: Name, point: Points) -> tuple[float, float, float, float]:
    """Return middle and half size of a name in pixels, the plane's y upward."""
    half = _half(name)
    gap = SIDE_GAP if len(name.side) == 1 else CORNER_GAP
    across, upward = WAYS.get(name.side, (0, 0))
    return (
        float(point[0]) + name.right + across * (half[0] + gap[0]),
        float(point[1]) - name.down + upward * (half[1] + gap[1]),
        half[0] + MARGIN,
        half[1],
    )


def _half(name: Name) -> tuple[float, float]:
    """Return half the width and half the height of a name in pixels."""
    size, spacing = letters_of(name)
    width = LETTER_WIDTH * (1.25 if name.kind in SPREAD_KINDS else 1.0)
    if is_joined(name.text):
        width = JOINED_WIDTH
    return len(name.text) * size * (width + spacing) / 2, 1.15 * size / 2


def point_of(name: Name) -> Points:
    """Return the point that a name belongs to, in the plane of the map."""
    return on_plane(name.longitude, name.latitude)
