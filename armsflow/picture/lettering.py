"""Where names are on the map, decided once for all selections.

A town is named from the first zoom at which its name covers no other name, no line, no end tag
and no place mark; the side of the town that it is on is chosen with that zoom. Names of
countries, areas and waters are where the basemap puts them. The lines and places that names
keep clear of are those of the default selection.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from armsflow.picture.picture import Picture
from armsflow.picture.plane import Points, metres_per_pixel, to_plane

ZOOMS = (4.0, 4.4, 4.8, 5.4, 6.0, 6.6, 7.2, 8.0)
"""Web map zooms at which names are fitted; between two the earlier one holds."""

LETTER_WIDTH = 0.5
"""Width of an average letter of Source Sans, in its size."""

SIZES = {
    "origin": (18, 0.3),
    "country": (12, 0.24),
    "area": (11, 0.14),
    "water": (12, 0.06),
    "town": (12, 0.0),
}
"""Size in pixels and letter spacing (in sizes) of each kind of name."""

SIDES = ("e", "w", "n", "s", "ne", "se", "nw", "sw")
SIDE_GAP = (6.0, 4.0)
"""Pixels right or left of, and above or below, a town to its name on that side."""
CORNER_GAP = (4.0, 2.0)
"""The same where the name is at a corner, such as north-east: pixels across and up or down."""
MARGIN = 1.5


@dataclass(frozen=True)
class Name:
    """A name on the map.

    Parameters
    ----------
    text
        The words.
    kind
        ``origin``, ``country``, ``area``, ``water`` or ``town``.
    longitude, latitude
        The point that it names, degrees.
    side
        Where it is, seen from the point: a compass direction, or ``centre``.
    min_zoom
        Web map zoom from which it is printed.
    """

    text: str
    kind: str
    longitude: float
    latitude: float
    side: str
    min_zoom: float


def place_names(names: gpd.GeoDataFrame, default: Picture) -> tuple[Name, ...]:
    """Decide which names are printed from which zoom, and on which side of their point.

    Parameters
    ----------
    names
        Points (EPSG:4326) with ``name``, ``kind``, ``min_zoom`` and ``rank``; a lower rank is
        placed first.
    default
        Picture of the default selection, whose lines, tags and marks names keep clear of.

    Returns
    -------
    placed
        Towns without room at any zoom are left out.
    """
    fixed = [
        Name(row.name_, row.kind, row.geometry.x, row.geometry.y, "centre", row.min_zoom)
        for row in names.rename(columns={"name": "name_"}).itertuples()
        if row.kind != "town"
    ]
    towns = names[names["kind"] == "town"].sort_values("rank", kind="stable")
    points = to_plane(shapely.get_coordinates(towns.geometry))
    waiting = dict(zip(towns["name"], points, strict=True))
    least = dict(zip(towns["name"], towns["min_zoom"], strict=True))
    where = dict(zip(towns["name"], towns.geometry, strict=True))
    placed: list[Name] = []
    for zoom in ZOOMS:
        scale = metres_per_pixel(zoom)
        taken = [name_box(name, zoom) for name in [*fixed, *placed] if name.min_zoom <= zoom]
        taken += [_around(point, 5 * scale, 5 * scale) for point in _town_points(placed)]
        later = [name for name in fixed if name.min_zoom > zoom]
        ways = shapely.STRtree(_obstacles(default, scale))
        for town in list(waiting):
            if least[town] > zoom:
                continue
            for side in SIDES:
                name = Name(town, "town", where[town].x, where[town].y, side, zoom)
                if _is_free(name, zoom, taken, ways) and not _meets_later(name, later):
                    placed.append(name)
                    box = _around(waiting.pop(town), 5 * scale, 5 * scale)
                    taken += [name_box(name, zoom), box]
                    break
    return (*fixed, *placed)


def name_box(name: Name, zoom: float) -> shapely.Polygon:
    """Return the ground that a name covers at a zoom (EPSG:3857)."""
    point = to_plane(np.array([[name.longitude, name.latitude]]))[0]
    return _box(name.text, name.kind, point, name.side, metres_per_pixel(zoom))


def _box(text: str, kind: str, point: Points, side: str, scale: float) -> shapely.Polygon:
    size, spacing = SIZES[kind]
    width = len(text) * size * (LETTER_WIDTH * (1.25 if kind != "town" else 1) + spacing)
    height = 1.15 * size
    across, upward = SIDE_GAP if len(side) == 1 else CORNER_GAP
    right = (("e" in side) - ("w" in side)) * (width / 2 + across)
    up = (("n" in side) - ("s" in side)) * (height / 2 + upward)
    if side == "centre":
        right = up = 0.0
    middle = point + scale * np.array([right, up])
    return _around(middle, scale * (width / 2 + MARGIN), scale * (height / 2 + MARGIN))


def _around(point: Points, half_width: float, half_height: float) -> shapely.Polygon:
    x, y = point
    return shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)


def _town_points(names: Iterable[Name]) -> Points:
    return to_plane(np.array([(name.longitude, name.latitude) for name in names]).reshape(-1, 2))


def _obstacles(default: Picture, scale: float) -> list[shapely.Geometry]:
    lines = [
        shapely.LineString(to_plane(line.path)).buffer(5 * scale, cap_style="flat")
        for line in default.lines
    ]
    marks = [
        _around(point, 7 * scale, 7 * scale)
        for point in to_plane(
            np.array([(place.longitude, place.latitude) for place in default.places]).reshape(-1, 2)
        )
    ]
    ends = to_plane(
        np.array([(tag.longitude, tag.latitude) for tag in default.tags]).reshape(-1, 2)
    )
    tags = [
        _around(end + scale * np.array([tag.right, -tag.down]), 12 * scale, 9 * scale)
        for end, tag in zip(ends, default.tags, strict=True)
    ]
    return lines + marks + tags


def _is_free(
    name: Name, zoom: float, taken: Sequence[shapely.Geometry], ways: shapely.STRtree
) -> bool:
    box = name_box(name, zoom)
    free = len(ways.query(box, predicate="intersects")) == 0
    return free and not any(box.intersects(other) for other in taken)


def _meets_later(name: Name, later: Iterable[Name]) -> bool:
    # A fixed name that is printed from a nearer zoom on must find its place free as well.
    return any(
        name_box(name, other.min_zoom).intersects(name_box(other, other.min_zoom))
        for other in later
    )
