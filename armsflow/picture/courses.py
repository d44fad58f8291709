"""Where lines run once they are bent aside: worked out beforehand, kept with the basemap.

To bend lines takes minutes, so it is done once for a data package (``python -m armsflow bend``).
A line whose places have changed since, or a package without the file, has straight lanes.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from armsflow.dataset.dataset import Dataset
from armsflow.picture.frames import FRAME_OF_CODE, FRAMES, Frame
from armsflow.picture.plane import MAP_CRS, Points, on_plane, to_degrees, to_plane
from armsflow.picture.untangle import Course, Terrain, untangle
from armsflow.selection.selection import destination_codes

LANE_PIXELS: Final = 7.0
LINK_START_PIXELS: Final = 40.0
LINK_BEND: Final = 0.16
"""How far a link bows aside if nothing bends it, in lengths of its chord."""
LINK_ROOM: Final = 0.25
"""How far its middle may be moved, in the same."""
PLACE_ROOM: Final = 8.0
AREA_ROOM: Final = 12.0
"""Pixels by which a line may pass beside a place, and the middle of an area, that it joins."""
LEG_ROOM: Final = (0.2, 40.0)
"""How far a line may stray between two places: in lengths of the leg, at most so many pixels."""
LEG_LENGTHS: Final = (40.0, 140.0)
"""Pixels from which a leg has one point between its places, and from which it has two."""
MARK_RADIUS: Final = 6.5
SQUARE: Final = 2.0
"""Side of the squares, in pixels, for which it is known what country they are."""
SEEDS: Final = (2,)

Bent = Mapping[str, Points]
"""By identifier of a line, the points (longitude, latitude) that it goes through in a frame."""


def stops_of(dataset: Dataset) -> dict[str, Points]:
    """Return what each line joins: the places of a corridor, the end of a link (degrees)."""
    stops = {
        str(corridor): shapely.get_coordinates(line)
        for corridor, line in dataset.corridors.geometry.items()
    }
    for code in destination_codes(dataset, "focus", "onward"):
        record = dataset.destinations.loc[code]
        stops[f"link-{code}"] = np.array([[record["link_lon"], record["link_lat"]]], dtype=float)
    return stops


def link_points(frame: Frame, end: Points) -> Points:
    """Return start, middle and end of a link that nothing bends, in the plane of the map."""
    start = on_plane(*frame.origin[::-1])
    chord = end - start
    start = start + LINK_START_PIXELS * frame.scale * chord / np.hypot(*chord)
    chord = end - start
    normal = np.array([-chord[1], chord[0]])
    bow = LINK_BEND / 2 * (normal if normal[1] >= 0 else -normal)
    return np.stack([start, (start + end) / 2 + bow, end])


def lanes_of(dataset: Dataset, scale: float) -> Iterator[tuple[str, Points]]:
    """Yield each corridor's places in the plane of the map, side by side where it shares a leg.

    Parameters
    ----------
    dataset
        Corridors and their waypoints.
    scale
        Metres in a pixel.
    """
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


def bend_all(dataset: Dataset, land: gpd.GeoDataFrame) -> dict[str, Bent]:
    """Bend the lines of a package aside in every frame, in as many processes as there are cores."""
    same = [dataset] * len(FRAMES), [land] * len(FRAMES)
    with ProcessPoolExecutor() as pool:
        return dict(zip(FRAME_OF_CODE, pool.map(bend, *same, FRAMES), strict=True))


def write(dataset: Dataset, bent: Mapping[str, Bent]) -> str:
    """Write what lines join and where they run, as the text of a file."""
    joined = {line: np.round(stops, 4).tolist() for line, stops in stops_of(dataset).items()}
    rows = [f'"joins": {json.dumps(joined)}']
    for frame, lines in bent.items():
        through = {line: points.tolist() for line, points in lines.items()}
        rows.append(f'"{frame}": {json.dumps(through)}')
    return "{\n" + ",\n".join(rows) + "\n}\n"


def read(dataset: Dataset, kept: Mapping[str, Any]) -> dict[str, Bent]:
    """Return the lines that were bent aside, by code of the frame.

    Parameters
    ----------
    dataset
        The whole dataset. Lines that join other places now are left out.
    kept
        What was read of a file that :func:`write` wrote, or nothing.
    """
    joined = kept.get("joins", {})
    stops = {line: np.round(points, 4).tolist() for line, points in stops_of(dataset).items()}
    return {
        frame: {
            line: np.array(points) for line, points in lines.items()
            if line in stops and joined.get(line) == stops[line]
        }
        for frame, lines in kept.items()
        if frame != "joins"
    }  # fmt: skip


def bend(dataset: Dataset, land: gpd.GeoDataFrame, frame: Frame) -> Bent:
    """Bend the lines of a package aside in a frame.

    Parameters
    ----------
    dataset
        Its corridors, destinations and places.
    land
        Countries (EPSG:4326): a corridor is not bent into one that it does not pass.
    frame
        The ground that is shown.

    Returns
    -------
    points
        By line, the points that it goes through; degrees.
    """
    scale, window = frame.scale, frame.corners / frame.scale
    lanes = dict(lanes_of(dataset, scale))
    spots = dataset.spots[dataset.spots["precision"] == "place"]
    middles = to_plane(spots[["lon", "lat"]].to_numpy("float64")) / scale
    marks = np.column_stack([middles, np.full(len(middles), MARK_RADIUS)])
    courses = {}
    for line, stops in stops_of(dataset).items():
        places = to_plane(stops) / scale
        if line in lanes:
            legs = dataset.waypoints[dataset.waypoints["corridor_id"] == line].sort_values("seq")
            names = legs["place_id"].astype(str)
            exact = (dataset.places["precision"].reindex(names) == "place").to_numpy()
            foreign = ~spots.index.isin(names)
            courses[line] = _course(places, lanes[line] / scale, exact, foreign)
        else:
            points = link_points(frame, places[0] * scale) / scale
            room = LINK_ROOM * float(np.hypot(*(points[2] - points[0])))
            everything = np.ones(len(spots), dtype=bool)
            hub = on_plane(*frame.origin[::-1]) / scale
            rooms = np.array([LINK_START_PIXELS, room, 0.0])
            courses[line] = Course(points, points, rooms, everything, arc=True, hub=hub)
    ground = terrain(land, frame)
    found = [untangle([*courses.values()], marks, window, seed, ground) for seed in SEEDS]
    _, best = min(found, key=lambda one: one[0])
    seen = {
        line: points
        for line, points in zip(courses, best, strict=True)
        if frame.inside(points * scale).any()
    }
    return {line: np.round(to_degrees(points * scale), 4) for line, points in seen.items()}


def terrain(land: gpd.GeoDataFrame, frame: Frame) -> Terrain:
    """Return which country each square of a frame is: 0 for the sea."""
    step = SQUARE * frame.scale
    low, high = frame.corners
    x, y = (np.arange(start, stop, step) + step / 2 for start, stop in zip(low, high, strict=True))
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    area = np.zeros(len(points), dtype=np.int16)
    # Sinai lies over Egypt, to which it belongs, and is no other country.
    shapes = land[land["kind"] != "sinai"].geometry.to_crs(MAP_CRS)
    for number, shape in enumerate(shapes, 1):
        shapely.prepare(shape)
        area[shapely.contains_xy(shape, *points.T)] = number
    return Terrain(low / frame.scale, SQUARE, area.reshape(len(y), len(x)))


def _course(
    places: Points, lane: Points, exact: NDArray[np.bool_], foreign: NDArray[np.bool_]
) -> Course:
    """Return the course of a corridor: its places, and points between those that are far apart."""
    room_of = np.where(exact, PLACE_ROOM, AREA_ROOM)
    points, first, room = [places[:1]], [lane[:1]], [room_of[:1]]
    for leg in range(len(places) - 1):
        length = float(np.hypot(*(places[leg + 1] - places[leg])))
        between = sum(length > least for least in LEG_LENGTHS)
        share = (np.arange(1, between + 2) / (between + 1))[:, None]
        for of, kept in ((places, points), (lane, first)):
            kept.append(of[leg] + share * (of[leg + 1] - of[leg]))
        aside = min(LEG_ROOM[0] * length, LEG_ROOM[1])
        room.append(np.append(np.full(between, aside), room_of[leg + 1]))
    return Course(np.vstack(points), np.vstack(first), np.concatenate(room), foreign)
