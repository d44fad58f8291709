"""Where names are on the map, worked out for each picture: names give way to everything else.

First come the places of numbered incidents, then countries, areas and waters, then towns by rank.
Each is printed from the first zoom at which its name covers no other name, line, mark, number or
end tag; the side of the point that it is on is chosen with that zoom. A name of a country is put
where it has most room in its land as far as the frame shows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from armsflow.language import ENGLISH
from armsflow.package.basemap import names_in
from armsflow.picture.frames import FRAMES, REGION, ROOM, WIDE, Frame
from armsflow.picture.names import SPREAD_KINDS, Name, box_of, point_of, sides_of
from armsflow.picture.numbers import HEIGHT
from armsflow.picture.picture import Picture
from armsflow.picture.plane import (
    MAP_CRS,
    Points,
    on_plane,
    to_degrees,
    to_plane,
    zoom_of,
)
from armsflow.picture.room import CUT, Grid, taken_by

SMALLER: Final = (1.9, 1.65, ROOM, 0.55)
"""How many times smaller than the frame's own scale the map is when names are fitted: first for
small windows, last for a reader who has come nearer. Between two the earlier one holds."""

FARTHER: Final = (0.0, 5.0, 10.0, 16.0, 22.0)
"""Pixels by which the name of a numbered place may lie farther off where all else is taken."""
NEARER: Final = 2.0
"""Pixels by which a name is nearer to its own number than to that of another place."""
ORDERS: Final = 3
"""Orders in which names of numbered places are tried in a close-up until all have room."""
KEPT: Final = 256
MOST_HIDDEN: Final = 0.2
"""Largest share of a country's name that marks, numbers or tags may hide."""
LEAST_SHARE: Final = 0.012
"""Smallest share of a frame that a country must have to be named in it."""
LEAST_WITHIN: Final = 0.8
"""Smallest share of a country's name that must lie on its land; else it is not named."""
SPREAD: Final = 9
"""Points along each side of a grid over a country at which its name may be."""


@dataclass(frozen=True)
class Spread:
    """A name that may be at several points, the best first (EPSG:3857)."""

    text: str
    kind: str
    points: Points
    min_zoom: float


@dataclass(frozen=True, eq=False)
class Lettering:
    """The names that maps may carry.

    Parameters
    ----------
    spread
        By code of the frame, names of countries, areas and waters.
    towns
        Names with their points, the most important first, and the zoom from which each may be
        printed.
    kept
        Names of pictures that were lettered before, by what names keep clear of.
    """

    spread: dict[str, tuple[Spread, ...]]
    towns: tuple[Name, ...]
    kept: dict[Any, tuple[Name, ...]] = field(default_factory=dict, init=False, repr=False)


def prepare_lettering(
    names: gpd.GeoDataFrame, land: gpd.GeoDataFrame, language: str = ENGLISH
) -> Lettering:
    """Work out where names may be.

    Parameters
    ----------
    names
        Points (EPSG:4326) with ``name``, ``kind``, ``min_zoom`` and ``rank``; a lower rank is
        placed first. They may have the name in other languages under the code of each.
    land
        Areas (EPSG:4326) with ``name``; a close-up names those that it shows enough of.
    language
        Of the names; where one is missing, English stands.
    """
    points = to_plane(shapely.get_coordinates(names.geometry))
    texts = names_in(language, names)
    rows = list(zip(texts, names["kind"], names["min_zoom"], points, strict=True))
    shapes = land.set_index("name").geometry.to_crs(MAP_CRS).simplify(8000)
    fixed = [
        (Spread(text, kind, point[None], zoom), shapes.get(name))
        for name, (text, kind, zoom, point) in zip(names["name"], rows, strict=True)
        if kind != "town"
    ]
    of_frame = {frame.code: tuple(_spread(fixed, frame)) for frame in FRAMES}
    order = names["rank"].to_numpy().argsort(kind="stable")
    towns = [
        Name(name, kind, *_degrees(point), "e", zoom)
        for name, kind, zoom, point in (rows[row] for row in order)
        if kind == "town"
    ]
    return Lettering(of_frame, tuple(towns))


def _spread(
    fixed: Sequence[tuple[Spread, shapely.Geometry | None]], frame: Frame
) -> Iterator[Spread]:
    window = shapely.box(*frame.corners.ravel())
    least = LEAST_SHARE * window.area
    far = frame in (REGION, WIDE)
    for name, shape in fixed:
        if name.kind not in SPREAD_KINDS or shape is None:
            if far or frame.holds(name.points, 40):
                yield name
            continue
        seen = shapely.make_valid(shape).intersection(window.buffer(-12 * frame.scale))
        if not far and seen.area < least:
            continue
        _, _, *half = box_of(Name(name.text, name.kind, 0, 0, "centre", 0.0), np.zeros(2))
        points = _inner_points(seen, frame.scale * ROOM * np.array(half))
        if far:
            yield Spread(name.text, name.kind, np.vstack([name.points, points]), name.min_zoom)
        elif len(points):
            yield Spread(name.text, name.kind, points, 0.0)


def _inner_points(shape: shapely.Geometry, half: Points) -> Points:
    """Return points of a grid inside a shape: where words have most room, first.

    Parameters
    ----------
    shape
        What is named.
    half
        Half the width and height of the words.
    """
    if shape.is_empty:
        return np.zeros((0, 2))
    low, high = np.array(shape.bounds).reshape(2, 2)
    steps = (np.arange(SPREAD) + 0.5) / SPREAD
    grid = low + np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) * (high - low)
    inside = grid[shapely.contains_xy(shape, *grid.T)]
    words = shapely.box(*(inside - half).T, *(inside + half).T)
    within = shapely.area(shapely.intersection(words, shape)) / shapely.area(words)
    inside, within = inside[within > LEAST_WITHIN], within[within > LEAST_WITHIN]
    depth = shapely.distance(shapely.points(inside), shape.boundary)
    return np.asarray(inside[np.lexsort([-depth, -within.round(1)])])


# ---------------------------------------------------------------- names of a picture


def letter(picture: Picture, lettering: Lettering) -> tuple[Name, ...]:
    """Decide which names a picture has, from which zoom, and on which side of their point.

    Parameters
    ----------
    picture
        What names keep clear of.
    lettering
        The names that there are. They keep the last :data:`KEPT` pictures, but none with rows of a
        reader's own.
    """
    if picture.whole.unpublished:
        return _letter(picture, lettering)
    parts = (picture.lines, picture.places, picture.tags, picture.numbers, picture.arrows)
    key = (picture.frame.code, *parts)
    found = lettering.kept.get(key)
    if found is None:
        found = _letter(picture, lettering)
        if len(lettering.kept) >= KEPT:
            lettering.kept.clear()
        lettering.kept[key] = found
    return found


def _letter(picture: Picture, lettering: Lettering) -> tuple[Name, ...]:
    frame = picture.frame
    parts = [(*line.parts, *(() if line.tail is None else (line.tail,))) for line in picture.lines]
    paths = [to_plane(part) for group in parts for part in group]
    usual = taken_by(picture, paths, frame.scale * ROOM)
    found = _beside_numbers(picture, usual)
    named = {name.text for name in found}
    towns = [
        town
        for town in lettering.towns
        if town.text not in named and frame.inside(point_of(town)[None], 8)[0]
    ]
    first = {_key(town): town for town in towns}
    tried = [
        _where_there_is_room(name, usual, usual.scale) for name in lettering.spread[frame.code]
    ]
    fixed = [name for name in tried if name]
    printed: list[Name] = []
    for smaller in SMALLER:
        scale = frame.scale * smaller
        zoom = float(np.floor(1000 * zoom_of(scale)) / 1000)
        grid = taken_by(picture, paths, scale)
        before = [name for name in printed if name.kind == "found"]
        for name in [*fixed, *before]:
            grid.take(box_of(name, point_of(name) / scale))
        for name in [*found]:
            box = box_of(name, point_of(name) / scale)
            if smaller == ROOM or grid.crossed(box) < CUT:
                grid.take(box)
                printed.append(replace(name, min_zoom=zoom))
                found.remove(name)
        # A town that had room on a smaller map may have none beside the names that came since.
        for name in [name for name in printed if name.kind == "town"]:
            box = box_of(name, point_of(name) / scale)
            if smaller >= ROOM and grid.covered(box):
                printed.remove(name)
                towns = [first[_key(name)], *towns]
            else:
                grid.take(box)
        towns = _print(towns, printed, grid, scale, zoom)
    return (*fixed, *printed)


def _beside_numbers(picture: Picture, usual: Grid) -> list[Name]:
    """Put names of numbered places on the map of the usual size, and take their room.

    Those that find none choose first in the next try: others may have another side. No name is
    nearer to the number of another place than to its own.
    """
    names = _found_names(picture)
    points = [on_plane(mark.longitude, mark.latitude) for mark in picture.numbers]
    boxes = np.array(
        [
            (*(point / usual.scale + (mark.right, -mark.down)), mark.width / 2, HEIGHT / 2)
            for point, mark in zip(points, picture.numbers, strict=True)
        ]
    ).reshape(-1, 4)
    of_spot = np.array([(mark.longitude, mark.latitude) for mark in picture.numbers])
    free, order = usual.copy(), [*names]
    best: list[Name] = []
    for _ in range(ORDERS):
        grid = free.copy()
        placed = []
        for name in order:
            own = (of_spot == (name.longitude, name.latitude)).all(axis=1)
            placed.append(_over_lines(name, grid, boxes[own], boxes[~own]))
        left = [name for name, put in zip(order, placed, strict=True) if put is None]
        if not best or len(names) - len(left) > len(best):
            best = [name for name in placed if name]
            usual.taken, usual.solid = grid.taken, grid.solid
        if not left:
            break
        order = [*left, *(name for name in order if name not in left)]
    return best


def _print(
    waiting: Sequence[Name], printed: list[Name], grid: Grid, scale: float, zoom: float
) -> list[Name]:
    """Print the names that have room, and return those that go on waiting."""
    left = []
    for name in waiting:
        placed = (
            _beside(name, point_of(name) / scale, zoom, grid) if name.min_zoom <= zoom else None
        )
        if placed:
            printed.append(placed)
        else:
            left.append(name)
    return left


def _key(name: Name) -> tuple[str, float, float]:
    return name.text, name.longitude, name.latitude


def _found_names(picture: Picture) -> list[Name]:
    """Return the names of the places of numbered incidents, each once, beside its number."""
    names = {place.place: place.name.partition(" (")[0] for place in picture.places}
    found = {}
    for mark in picture.numbers:
        if mark.spot not in found and mark.spot in names:
            found[mark.spot] = Name(
                names[mark.spot], "found", mark.longitude, mark.latitude, mark.text, 0.0,
                mark.right, mark.down,
            )  # fmt: skip
    return list(found.values())


def _beside(name: Name, point: Points, zoom: float, grid: Grid) -> Name | None:
    """Put a town's name on the first side of its dot that is free, and take the room of both."""
    for side in sides_of(name, point, 0.0):
        if not grid.covered(side.box):
            grid.take(side.box)
            grid.take((float(point[0]), float(point[1]), 4.0, 4.0))
            return side.of(name, zoom)
    return None


def _over_lines(name: Name, grid: Grid, own: Points, foreign: Points) -> Name | None:
    """Put a name where it crosses least of the lines and covers nothing else, and take the room.

    Parameters
    ----------
    name
        The name of a numbered place.
    grid
        What is taken.
    own, foreign
        Boxes of its numbers and of others: middle and half size in pixels.
    """
    point = point_of(name) / grid.scale
    least, best = float(CUT), None
    for farther in FARTHER:
        if farther >= least:
            break
        for side in sides_of(name, point, farther):
            cost = grid.crossed(side.box) + farther
            if cost < least and _apart(own, side.box) + NEARER < _apart(foreign, side.box):
                least, best = cost, side
    if best is None:
        return None
    grid.take(best.box)
    return best.of(name, 0.0)


def _apart(boxes: Points, box: Sequence[float]) -> float:
    """Return how far the nearest of some boxes is from another, in pixels."""
    gaps = np.maximum(np.abs(boxes[:, :2] - box[:2]) - boxes[:, 2:] - box[2:], 0)
    return float(np.hypot(*gaps.T).min(initial=np.inf))


def _where_there_is_room(name: Spread, grid: Grid, scale: float) -> Name | None:
    """Put the name of a country where it covers least; nowhere if marks or tags would hide it."""
    tried = []
    for rank, point in enumerate(name.points):
        placed = Name(name.text, name.kind, *_degrees(point), "centre", name.min_zoom)
        box = box_of(placed, point / scale)
        tried.append((grid.covered(box), rank, placed, box))
        if not tried[-1][0]:
            break
    _, _, placed, box = min(tried, key=lambda one: one[:2])
    if grid.hidden(box) > MOST_HIDDEN:
        return None
    grid.take(box)
    return placed


def _degrees(point: Points) -> tuple[float, float]:
    longitude, latitude = to_degrees(point[None])[0]
    return round(float(longitude), 4), round(float(latitude), 4)
