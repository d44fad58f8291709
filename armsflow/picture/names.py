"""Names as they are written: their sizes, the sides of a point that they may be on, their room."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import shapely

from armsflow.picture.numbers import HEIGHT, number_width
from armsflow.picture.plane import Points, metres_per_pixel, on_plane

LETTER_WIDTH: Final = 0.5
"""Width of an average letter of Source Sans, in its size."""

SIZES: Final = {
    "origin": (18, 0.3),
    "country": (12, 0.24),
    "area": (11, 0.14),
    "water": (12, 0.06),
    "town": (12, 0.0),
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


def sides_of(
    name: Name, point: Points, zoom: float, farther: float
) -> Iterator[tuple[Name, tuple[float, float, float, float]]]:
    """Yield a name on each side of its point, the best first, with the box that it takes.

    Parameters
    ----------
    name
        What is written.
    point
        Its point in pixels, y upward.
    zoom
        From which zoom it is printed.
    farther
        Pixels by which it keeps farther off than usual.
    """
    found = name.kind == "found"
    beyond = (number_width(name.side) / 2 - 1.0, HEIGHT / 2 - 0.5)
    half = _half(name)
    for side, (across, upward) in WAYS.items():
        right = name.right + across * ((beyond[0] if found else 0.0) + farther)
        up = -name.down + upward * ((beyond[1] if found else 0.0) + farther)
        gap = SIDE_GAP if len(side) == 1 else CORNER_GAP
        box = (
            float(point[0]) + right + across * (half[0] + gap[0]),
            float(point[1]) + up + upward * (half[1] + gap[1]),
            half[0] + MARGIN,
            half[1],
        )
        placed = replace(
            name, side=side, min_zoom=zoom, right=round(right, 1), down=round(0.0 - up, 1)
        )
        yield placed, box


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
    size, spacing = SIZES[name.kind]
    capitals = 1.25 if name.kind in SPREAD_KINDS else 1.0
    return len(name.text) * size * (LETTER_WIDTH * capitals + spacing) / 2, 1.15 * size / 2


def point_of(name: Name) -> Points:
    """Return the point that a name belongs to, in the plane of the map."""
    return on_plane(name.longitude, name.latitude)
