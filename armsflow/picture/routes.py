"""Where lines run: corridors side by side as curves, links as arcs."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from armsflow.dataset.dataset import Dataset
from armsflow.package.basemap import CRS
from armsflow.picture.plane import NOMINAL_METRES_PER_PIXEL, Points, to_degrees, to_plane
from armsflow.selection.selection import destination_codes

LANE_PIXELS = 7.0
LINK_ORIGIN = (27.3, 18.0)
"""Latitude, longitude from which every link starts: a drawing point inside Libya."""
LINK_START_PIXELS = 40.0
LINK_BEND = 0.16


def lay_out(dataset: Dataset) -> gpd.GeoDataFrame:
    """Decide where every corridor and every link of a package runs.

    Corridors are curves through their waypoints; where several share a leg they run side by
    side. A link is an arc from one point in Libya to the destination's link end.

    Returns
    -------
    layout
        Index line identifier; ``kind`` (corridor, link), ``destination``, ``name``, the curve as
        geometry (EPSG:4326) and its points as ``path`` (longitude, latitude).
    """
    corridors, destinations = dataset.corridors, dataset.destinations
    curves = {corridor: _smooth(lane) for corridor, lane in _lanes(dataset)}
    rows = [
        (corridor, "corridor", record["destination"], record["name"], curves[corridor])
        for corridor, record in corridors.iterrows()
    ]
    start = to_plane(np.array([LINK_ORIGIN[::-1]]))[0]
    for code in destination_codes(dataset, "focus", "onward"):
        record = destinations.loc[code]
        end = to_plane(np.array([[record["link_lon"], record["link_lat"]]]))[0]
        name = f"Libya to {record['label']}, route not stated"
        rows.append((f"link-{code}", "link", code, name, _arc(start, end)))
    index, kinds, codes, names, paths = zip(*rows, strict=True)
    degrees = [np.round(to_degrees(path), 4) for path in paths]
    return gpd.GeoDataFrame(
        {"kind": kinds, "destination": codes, "name": names, "path": degrees},
        geometry=[shapely.LineString(path) for path in degrees],
        index=pd.Index(index, name="line_id"),
        crs=CRS,
    )


def _lanes(dataset: Dataset) -> Iterator[tuple[str, Points]]:
    stops = {
        str(corridor): [str(place) for place in legs["place_id"]]
        for corridor, legs in dataset.waypoints.sort_values("seq").groupby("corridor_id")
    }
    users: dict[frozenset[str], list[str]] = {}
    for corridor, places in stops.items():
        for leg in pairwise(places):
            users.setdefault(frozenset(leg), []).append(corridor)
    step = LANE_PIXELS * NOMINAL_METRES_PER_PIXEL
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


def _arc(start: Points, end: Points, steps: int = 28) -> Points:
    """Draw a quadratic Bézier arc that bows towards the equator-far side of its chord."""
    chord = end - start
    start = start + LINK_START_PIXELS * NOMINAL_METRES_PER_PIXEL * chord / np.hypot(*chord)
    chord = end - start
    normal = np.array([-chord[1], chord[0]])
    if normal[1] < 0:
        normal = -normal
    control = (start + end) / 2 + LINK_BEND * normal
    t = np.linspace(0, 1, steps + 1)[:, None]
    return (1 - t) ** 2 * start + 2 * (1 - t) * t * control + t**2 * end
