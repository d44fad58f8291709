"""Where lines run: corridors side by side as curves, links as arcs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from armsflow.dataset.dataset import Dataset
from armsflow.package.basemap import CRS
from armsflow.picture.frames import FRAMES, REGION, Frame
from armsflow.picture.plane import Points, to_degrees, to_plane
from armsflow.selection.selection import destination_codes

LANE_PIXELS = 7.0
LINK_START_PIXELS = 40.0
LINK_BEND = 0.16
EDGE = 22.0
"""Pixels between what a frame holds and its edge, so that an end label has room."""


@dataclass(frozen=True, eq=False)
class Layouts:
    """Where lines run in every frame, and which frames hold which lines and places.

    Parameters
    ----------
    of_frame
        By code of the frame, what :func:`lay_out` returned. A line that leaves the frame ends at
        its edge; the path of one that is never in it has no points.
    holding
        By identifier of a line or a mark, the codes of the frames that it lies in.
    """

    of_frame: dict[str, gpd.GeoDataFrame]
    holding: dict[str, frozenset[str]]

    @property
    def region(self) -> gpd.GeoDataFrame:
        """The lines of the whole region."""
        return self.of_frame[REGION.code]


def lay_out_frames(dataset: Dataset) -> Layouts:
    """Decide where every line of a package runs in every frame."""
    spots = dataset.spots
    marks = to_plane(spots[["lon", "lat"]].to_numpy("float64"))
    held: dict[str, set[str]] = {}
    layouts = {}
    for frame in FRAMES:
        layout = lay_out(dataset, frame)
        inside = [frame.inside(to_plane(path), EDGE) for path in layout["path"]]
        within = layout.index[[bool(points.all()) for points in inside]]
        for identifier in [*spots.index[frame.inside(marks, EDGE)], *within]:
            held.setdefault(str(identifier), set()).add(frame.code)
        cut = [_first_run(*pair) for pair in zip(layout["path"], inside, strict=True)]
        layouts[frame.code] = layout.assign(path=cut)
    return Layouts(layouts, {identifier: frozenset(codes) for identifier, codes in held.items()})


def _first_run(path: Points, inside: NDArray[np.bool_]) -> Points:
    """Return the part of a line that is seen first, coming from Libya; no point if none is."""
    (seen,) = np.nonzero(inside)
    if not len(seen):
        return path[:0]
    (left,) = np.nonzero(~inside[seen[0] :])
    run = path[seen[0] : seen[0] + left[0] if len(left) else None]
    return run if len(run) > 2 else path[:0]


def lay_out(dataset: Dataset, frame: Frame = REGION) -> gpd.GeoDataFrame:
    """Decide where every corridor and every link of a package runs in a frame.

    Corridors are curves through their waypoints; where several share a leg they run side by
    side. A link is an arc from one point in Libya to the destination's link end. How far lanes
    are apart, and where links start, belongs to the frame.

    Returns
    -------
    layout
        Index line identifier; ``kind`` (corridor, link), ``destination``, ``name``, the curve as
        geometry (EPSG:4326) and its points as ``path`` (longitude, latitude).
    """
    corridors, destinations = dataset.corridors, dataset.destinations
    curves = {corridor: _smooth(lane) for corridor, lane in _lanes(dataset, frame.scale)}
    rows = [
        (corridor, "corridor", record["destination"], record["name"], curves[corridor])
        for corridor, record in corridors.iterrows()
    ]
    start = to_plane(np.array([frame.origin[::-1]]))[0]
    for code in destination_codes(dataset, "focus", "onward"):
        record = destinations.loc[code]
        end = to_plane(np.array([[record["link_lon"], record["link_lat"]]]))[0]
        name = f"Libya to {record['label']}, route not stated"
        rows.append((f"link-{code}", "link", code, name, _arc(start, end, frame.scale)))
    index, kinds, codes, names, paths = zip(*rows, strict=True)
    degrees = [np.round(to_degrees(path), 4) for path in paths]
    return gpd.GeoDataFrame(
        {"kind": kinds, "destination": codes, "name": names, "path": degrees},
        geometry=[shapely.LineString(path) for path in degrees],
        index=pd.Index(index, name="line_id"),
        crs=CRS,
    )


def _lanes(dataset: Dataset, scale: float) -> Iterator[tuple[str, Points]]:
    stops = {
        str(corridor): [str(place) for place in legs["place_id"]]
        for corridor, legs in dataset.waypoints.sort_values("seq").groupby("corridor_id")
    }
    users: dict[frozenset[str], list[str]] = {}
    for corridor, places in stops.items():
        for leg in pairwise(places):
            users.setdefault(frozenset(leg), []).append(corridor)
    step = LANE_PIXELS * scale
    for corridor, places in stops.items():
        line = shapely.get_coordinates(dataset.corridors.geometry[corridor])
        points = to_plane(line)
        legs = np.diff(points, axis=0)
        normals = np.column_stack([-legs[:, 1], legs[:, 0]]) / np.hypot(*legs.T)[:, None]
        shifts = np.zeros_like(points)
        shares = Counter[int]()
        for number, leg in enumerate(pairwise(places)):
            together = sorted(users[frozenset(leg)])
            lane = together.index(corridor) - (len(together) - 1) / 2
            if lane:
                # The normal of a leg is turned the same way for whoever travels it.
                side = 1 if leg[0] < leg[1] else -1
                for vertex in (number, number + 1):
                    shifts[vertex] += lane * step * side * normals[number]
                    shares[vertex] += 1
        for vertex, count in shares.items():
            shifts[vertex] /= count
        yield corridor, points + shifts


def _smooth(points: Points, steps: int = 14) -> Points:
    """Draw a centripetal Catmull-Rom curve through points (Barry and Goldman's recursion)."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    curve = [points[:1]]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        knots = np.cumsum(
            [0.0, *(np.hypot(*(b - a)) ** 0.5 for a, b in pairwise((p0, p1, p2, p3)))]
        )
        t0, t1, t2, t3 = knots
        t = np.linspace(t1, t2, steps + 1)[1:, None]
        a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
        a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
        a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
        b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        curve.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return np.vstack(curve)


def _arc(start: Points, end: Points, scale: float, steps: int = 28) -> Points:
    """Draw a quadratic Bézier arc that bows towards the equator-far side of its chord."""
    chord = end - start
    start = start + LINK_START_PIXELS * scale * chord / np.hypot(*chord)
    chord = end - start
    normal = np.array([-chord[1], chord[0]])
    if normal[1] < 0:
        normal = -normal
    control = (start + end) / 2 + LINK_BEND * normal
    t = np.linspace(0, 1, steps + 1)[:, None]
    return (1 - t) ** 2 * start + 2 * (1 - t) * t * control + t**2 * end
