"""Where names are on the map, worked out for each picture: names give way to everything else.

First come the places of numbered incidents, then countries, areas and waters, then towns by rank.
Each is printed from the first zoom at which its name covers no other name, line, mark, number or
end tag; the side of the point that it is on is chosen with that zoom. A name of a country is put
where it has most room in its land as far as the frame shows it.

Names find their room on a grid of small squares that are free or taken, which is as good as
comparing outlines and hundreds of times faster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from armsflow.picture import style
from armsflow.picture.frames import FRAMES, REGION, WIDE, Frame
from armsflow.picture.numbers import HEIGHT
from armsflow.picture.picture import Picture
from armsflow.picture.plane import MAP_CRS, Points, metres_per_pixel, to_degrees, to_plane, zoom_of
from armsflow.picture.tags import TAG_SIZE

SMALLER: Final = (1.9, 1.35, 0.65, 0.32)
"""How many times smaller than the frame's own scale the map is when names are fitted: first for a
small window, last for a reader who has come nearer. Between two the earlier one holds."""

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

SIDES: Final = ("e", "w", "n", "s", "ne", "se", "nw", "sw")
SIDE_GAP: Final = (6.0, 4.0)
"""Pixels right or left of, and above or below, a point to its name on that side."""
CORNER_GAP: Final = (4.0, 2.0)
"""The same where the name is at a corner, such as north-east: pixels across and up or down."""
SQUARE: Final = 3.0
"""Side of a square of the grid, in pixels."""
BAR_ROOM: Final = (175.0, 38.0)
"""Width and height of the lower left corner, where the scale bar is."""
LEAST_SHARE: Final = 0.012
"""Smallest share of a frame that a country must have to be named in it."""
LEAST_WITHIN: Final = 0.8
"""Smallest share of a country's name that must lie on its land; else it is not named."""
SPREAD: Final = 9
"""Points along each side of a grid over a country at which its name may be."""

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
        Names and points (EPSG:3857), the most important first, with the zoom from which each may
        be printed.
    """

    spread: dict[str, tuple[Spread, ...]]
    towns: tuple[tuple[str, Points, float], ...]


def prepare_lettering(names: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> Lettering:
    """Work out where names may be.

    Parameters
    ----------
    names
        Points (EPSG:4326) with ``name``, ``kind``, ``min_zoom`` and ``rank``; a lower rank is
        placed first.
    land
        Areas (EPSG:4326) with ``name``; a close-up names those that it shows enough of.
    """
    points = to_plane(shapely.get_coordinates(names.geometry))
    rows = list(zip(names["name"], names["kind"], names["min_zoom"], points, strict=True))
    fixed = [
        Spread(name, kind, point[None], zoom) for name, kind, zoom, point in rows if kind != "town"
    ]
    shapes = land.set_index("name").geometry.to_crs(MAP_CRS).simplify(8000)
    of_frame = {frame.code: tuple(_spread(fixed, shapes, frame)) for frame in FRAMES}
    order = names["rank"].to_numpy().argsort(kind="stable")
    towns = [rows[row] for row in order if rows[row][1] == "town"]
    return Lettering(of_frame, tuple((name, point, zoom) for name, _, zoom, point in towns))


def _spread(fixed: Sequence[Spread], shapes: gpd.GeoSeries, frame: Frame) -> Iterator[Spread]:
    if frame in (REGION, WIDE):
        yield from fixed
        return
    window = shapely.box(*frame.corners.ravel())
    least = LEAST_SHARE * window.area
    for name in fixed:
        if name.kind not in SPREAD_KINDS:
            if frame.holds(name.points, 40):
                yield name
            continue
        if name.text not in shapes.index:
            continue
        seen = shapely.make_valid(shapes[name.text]).intersection(window.buffer(-12 * frame.scale))
        if seen.area < least:
            continue
        _, _, *half = _box(Name(name.text, name.kind, 0, 0, "centre", 0.0), np.zeros(2))
        points = _inner_points(seen, frame.scale * SMALLER[1] * np.array(half))
        if len(points):
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


class Grid:
    """The squares of a frame at a scale that are free or taken.

    Parameters
    ----------
    frame
        The ground that is shown.
    scale
        Metres in a pixel.
    """

    def __init__(self, frame: Frame, scale: float) -> None:
        self.scale = scale
        self.low, high = frame.corners / scale
        across, upward = np.ceil((high - self.low) / SQUARE).astype(int)
        self.taken: NDArray[np.bool_] = np.zeros((upward, across), dtype=bool)

    def take_points(self, points: Points) -> None:
        """Take the squares that points of the plane (metres) lie in."""
        across, upward = ((points / self.scale - self.low) // SQUARE).astype(int).T
        rows, columns = self.taken.shape
        inside = (across >= 0) & (across < columns) & (upward >= 0) & (upward < rows)
        self.taken[upward[inside], across[inside]] = True

    def _window(self, box: Sequence[float]) -> tuple[slice, slice] | None:
        """Return the squares of a box (middle and half size in pixels); none if it is cut."""
        x, y = box[0] - self.low[0], box[1] - self.low[1]
        left, right = int((x - box[2]) // SQUARE), int((x + box[2]) // SQUARE) + 1
        lower, upper = int((y - box[3]) // SQUARE), int((y + box[3]) // SQUARE) + 1
        rows, columns = self.taken.shape
        if left < 0 or lower < 0 or right > columns or upper > rows:
            return None
        return slice(lower, upper), slice(left, right)

    def covered(self, box: Sequence[float]) -> int:
        """Count the taken squares of a box; very many if the frame would cut it."""
        window = self._window(box)
        return 10**6 if window is None else int(np.count_nonzero(self.taken[window]))

    def take(self, box: Sequence[float]) -> None:
        """Take the squares of a box."""
        if window := self._window(box):
            self.taken[window] = True


def letter(picture: Picture, lettering: Lettering) -> tuple[Name, ...]:
    """Decide which names a picture has, from which zoom, and on which side of their point.

    Parameters
    ----------
    picture
        What names keep clear of.
    lettering
        The names that there are.
    """
    frame = picture.frame
    spread = lettering.spread[frame.code]
    towns = [(text, point, zoom) for text, point, zoom in lettering.towns
             if frame.inside(point[None], 8)[0]]  # fmt: skip
    found = _found_names(picture)
    printed: list[Name] = []
    waiting = [(name, _point(name)) for name in found]
    named = {name.text for name in found}
    waiting += [
        (Name(text, "town", *_degrees(point), "e", zoom), point)
        for text, point, zoom in towns
        if text not in named
    ]
    fixed: list[Name] = []
    for smaller in SMALLER:
        scale = frame.scale * smaller
        zoom = np.floor(1000 * zoom_of(scale)) / 1000
        grid = _grid(picture, scale)
        for name in [*fixed, *printed]:
            grid.take(_box(name, _point(name) / scale))
        later = []
        for name, point in waiting:
            if name.kind == "town" and not fixed:
                later.append((name, point))
                continue
            placed = name.min_zoom <= zoom and _beside(name, point / scale, zoom, grid)
            if placed:
                printed.append(placed)
            else:
                later.append((name, point))
        if not fixed:
            fixed = [_where_there_is_room(name, grid, scale) for name in spread]
            fixed_at_once = [(name, point) for name, point in later if name.kind == "town"]
            later = [pair for pair in later if pair[0].kind != "town"]
            for name, point in fixed_at_once:
                placed = name.min_zoom <= zoom and _beside(name, point / scale, zoom, grid)
                printed += [placed] if placed else []
                later += [] if placed else [(name, point)]
        waiting = later
    return (*fixed, *printed)


def _found_names(picture: Picture) -> list[Name]:
    """Return the names of the places of numbered incidents, each once, beside its number."""
    names = {place.place: place.name for place in picture.places}
    found = {}
    for mark in picture.numbers:
        if mark.spot not in found and mark.spot in names:
            found[mark.spot] = Name(
                names[mark.spot], "found", mark.longitude, mark.latitude, mark.text, 0.0,
                mark.right, mark.down,
            )  # fmt: skip
    return list(found.values())


def _beside(name: Name, point: Points, zoom: float, grid: Grid) -> Name | None:
    """Put a name on the first side of its point that is free, and take the room."""
    width = len(name.side) if name.kind == "found" else 0
    for side in SIDES:
        right, down = name.right, name.down
        if name.kind == "found":
            half = max(HEIGHT, 10.0 + 5.6 * width) / 2
            right += (("e" in side) - ("w" in side)) * (half - 1.0)
            down += (("s" in side) - ("n" in side)) * (HEIGHT / 2 - 0.5)
        placed = Name(
            name.text, name.kind, name.longitude, name.latitude, side, zoom,
            round(right, 1), round(down, 1),
        )  # fmt: skip
        box = _box(placed, point)
        if not grid.covered(box):
            grid.take(box)
            if name.kind == "town":
                grid.take((point[0], point[1], 4.0, 4.0))
            return placed
    return None


def _where_there_is_room(name: Spread, grid: Grid, scale: float) -> Name:
    """Put the name of a country where it covers least, and take the room."""
    tried = []
    for rank, point in enumerate(name.points):
        placed = Name(name.text, name.kind, *_degrees(point), "centre", name.min_zoom)
        box = _box(placed, point / scale)
        tried.append((grid.covered(box), rank, placed, box))
        if not tried[-1][0]:
            break
    _, _, placed, box = min(tried, key=lambda one: one[:2])
    grid.take(box)
    return placed


def name_box(name: Name, zoom: float) -> shapely.Polygon:
    """Return the ground that a name covers at a zoom (EPSG:3857)."""
    scale = metres_per_pixel(zoom)
    x, y, half_width, half_height = (scale * part for part in _box(name, _point(name) / scale))
    return shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)


def _box(name: Name, point: Points) -> tuple[float, float, float, float]:
    """Return middle and half size of a name in pixels, the plane's y upward."""
    size, spacing = SIZES[name.kind]
    capitals = 1.25 if name.kind in SPREAD_KINDS else 1.0
    width = len(name.text) * size * (LETTER_WIDTH * capitals + spacing)
    height = 1.15 * size
    across, upward = SIDE_GAP if len(name.side) == 1 else CORNER_GAP
    right = (("e" in name.side) - ("w" in name.side)) * (width / 2 + across)
    up = (("n" in name.side) - ("s" in name.side)) * (height / 2 + upward)
    if name.side == "centre":
        right = up = 0.0
    return (
        point[0] + name.right + right,
        point[1] - name.down + up,
        width / 2 + 1.5,
        height / 2,
    )


def _grid(picture: Picture, scale: float) -> Grid:
    """Return a grid on which everything but names is taken."""
    grid = Grid(picture.frame, scale)
    grid.taken[: int(BAR_ROOM[1] // SQUARE), : int(BAR_ROOM[0] // SQUARE)] = True
    if picture.lines:
        grid.take_points(_dense([to_plane(line.path) for line in picture.lines], SQUARE * scale))
    for place in picture.places:
        radius = style.PLACE_RADII[place.size] if place.mark != "area" else 6.0
        x, y = _plane(place.longitude, place.latitude) / scale
        grid.take((x, y, radius, radius))
    for tag in picture.tags:
        x, y = _plane(tag.longitude, tag.latitude) / scale
        grid.take((x + tag.right, y - tag.down, TAG_SIZE[0] / 2, TAG_SIZE[1] / 2))
    for mark in picture.numbers:
        x, y = _plane(mark.longitude, mark.latitude) / scale
        grid.take((x + mark.right, y - mark.down, mark.width / 2, HEIGHT / 2))
    return grid


def _dense(paths: Sequence[Points], step: float) -> Points:
    """Return points of lines that are nowhere farther apart than a step."""
    starts = np.vstack([path[:-1] for path in paths])
    ways = np.vstack([np.diff(path, axis=0) for path in paths])
    counts = np.ceil(np.hypot(*ways.T) / step).astype(int) + 1
    which = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(starts[which] + ways[which] * (within / counts[which])[:, None])


def _plane(longitude: float, latitude: float) -> Points:
    return np.asarray(to_plane(np.array([[longitude, latitude]]))[0])


def _point(name: Name) -> Points:
    return _plane(name.longitude, name.latitude)


def _degrees(point: Points) -> tuple[float, float]:
    longitude, latitude = to_degrees(point[None])[0]
    return round(float(longitude), 4), round(float(latitude), 4)
