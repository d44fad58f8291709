"""Where lines run: corridors as curves, links as arcs of which only the ends are known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from armsflow.dataset.dataset import Dataset
from armsflow.language import _
from armsflow.package.basemap import CRS
from armsflow.picture.courses import Bent, lanes_of, link_points, stops_of
from armsflow.picture.frames import FRAMES, REGION, Frame
from armsflow.picture.marks import Place
from armsflow.picture.plane import Points, on_plane, to_degrees, to_plane
from armsflow.picture.untangle import GAP, arc, curve

NOT_BENT: Final[Mapping[str, Any]] = MappingProxyType({})
STEPS: Final = 14
"""Pieces of a curve between two of its points."""
THINNED: Final = 0.12
"""Pixels by which a curve may be off where points of it are left out."""
EDGE: Final = 22.0
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

    def frames_of(self, place: Place) -> frozenset[str]:
        """Return the codes of the frames that hold a place, also one that a reader added."""
        known = self.holding.get(place.place)
        if known is None:
            point = on_plane(place.longitude, place.latitude)[None]
            known = frozenset(frame.code for frame in FRAMES if frame.inside(point, EDGE)[0])
        return known

    @property
    def region(self) -> gpd.GeoDataFrame:
        """The lines of the whole region."""
        return self.of_frame[REGION.code]


def lay_out_frames(dataset: Dataset, bent: Mapping[str, Bent] = NOT_BENT) -> Layouts:
    """Decide where every line of a package runs in every frame.

    Parameters
    ----------
    dataset
        The whole dataset.
    bent
        By code of the frame, lines that were bent aside (:mod:`armsflow.picture.courses`).
    """
    spots = dataset.spots
    marks = to_plane(spots[["lon", "lat"]].to_numpy("float64"))
    held: dict[str, set[str]] = {}
    layouts = {}
    for frame in FRAMES:
        layout = lay_out(dataset, frame, bent.get(frame.code, {}))
        inside = [frame.inside(to_plane(path), EDGE) for path in layout["path"]]
        within = layout.index[[bool(points.all()) for points in inside]]
        for identifier in [*spots.index[frame.inside(marks, EDGE)], *within]:
            held.setdefault(str(identifier), set()).add(frame.code)
        seen = [_seen(*line) for line in zip(layout["path"], layout["gap"], inside, strict=True)]
        layouts[frame.code] = layout.assign(
            path=[path for path, _ in seen], gap=[gap for _, gap in seen]
        )
    return Layouts(layouts, {identifier: frozenset(codes) for identifier, codes in held.items()})


def _seen(
    path: Points, gap: tuple[int, int], inside: NDArray[np.bool_]
) -> tuple[Points, tuple[int, int]]:
    """Return the part of a line that is seen first, coming from Libya; no point if none is."""
    drawn = np.arange(len(path))
    (seen,) = np.nonzero(inside & ((drawn <= gap[0]) | (drawn >= gap[1])))
    if not len(seen):
        return path[:0], (0, 0)
    start = int(seen[0])
    (left,) = np.nonzero(~inside[start:])
    stop = int(seen[seen < (start + left[0] if len(left) else len(path))][-1]) + 1
    gap = (gap[0] - start, gap[1] - start) if start < gap[0] and gap[1] < stop else (0, 0)
    return (path[start:stop], gap) if stop - start > 1 else (path[:0], (0, 0))


def lay_out(dataset: Dataset, frame: Frame = REGION, bent: Bent = NOT_BENT) -> gpd.GeoDataFrame:
    """Decide where every corridor and every link of a package runs in a frame.

    Corridors are curves through their waypoints; where several share a leg they run side by
    side. A link is an arc from one point in Libya to the destination's link end; nothing is known
    of its middle. How far lanes are apart, and where links start, belongs to the frame.

    Parameters
    ----------
    dataset
        The whole dataset.
    frame
        The ground that is shown.
    bent
        Lines that were bent aside in it; others run straight from place to place.

    Returns
    -------
    layout
        Index line identifier; ``kind`` (corridor, link), ``destination``, ``name``, the curve as
        geometry (EPSG:4326), its points as ``path`` (longitude, latitude), and as ``gap`` the
        first and the last of them between which nothing is drawn, the same twice if all is.
    """
    lanes = dict(lanes_of(dataset, frame.scale))
    rows = []
    for line, stops in stops_of(dataset).items():
        through = to_plane(bent[line]) if line in bent else None
        if line in lanes:
            record = dataset.corridors.loc[line]
            path = _thinned(curve(lanes[line] if through is None else through, STEPS), frame.scale)
            rows.append((line, "corridor", record["destination"], path, (0, 0)))
        else:
            code = line.removeprefix("link-")
            ends = link_points(frame, to_plane(stops)[0]) if through is None else through
            path = arc(ends, STEPS)
            first, last = (round(share * (len(path) - 1)) for share in GAP)
            rows.append((line, "link", code, path, (first, last)))
    index, kinds, codes, paths, gaps = zip(*rows, strict=True)
    names = line_names(index, dataset)
    degrees = [np.round(to_degrees(path), 4) for path in paths]
    return gpd.GeoDataFrame(
        {"kind": kinds, "destination": codes, "name": names, "path": degrees, "gap": gaps},
        geometry=[shapely.LineString(path) for path in degrees],
        index=pd.Index(index, name="line_id"),
        crs=CRS,
    )


def line_names(lines: Iterable[str], dataset: Dataset) -> list[str]:
    """Return what lines are called: corridors by their name, links by where they lead."""
    corridors, labels = dataset.corridors["name"].to_dict(), dataset.destinations["label"]
    return [
        str(corridors[line])
        if line in corridors
        else _(
            "Libya to {destination}, route not stated",
            destination=labels[line.removeprefix("link-")],
        )
        for line in lines
    ]


def renamed(layouts: Layouts, dataset: Dataset) -> Layouts:
    """Return the same lines with the names that they have in another language.

    Parameters
    ----------
    layouts
        Where the lines of the dataset run.
    dataset
        The whole dataset in that language, which is spoken.
    """
    of_frame = {
        code: layout.assign(name=line_names(layout.index, dataset))
        for code, layout in layouts.of_frame.items()
    }
    return replace(layouts, of_frame=of_frame)


def _thinned(path: Points, scale: float) -> Points:
    """Leave out points of a curve that are not seen to be missing."""
    line = shapely.simplify(shapely.LineString(path), THINNED * scale)
    return np.asarray(shapely.get_coordinates(line))
