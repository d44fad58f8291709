"""The plane in which maps are drawn: projection and scale."""

from functools import lru_cache

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.enums import TransformDirection

from armsflow.package.basemap import CRS

Points = NDArray[np.float64]

MAP_CRS = "EPSG:3857"
"""Plane in which both renderers draw (Web Mercator, metres at the equator)."""

PIXEL_METRES_AT_ZOOM_0 = 156543.03392804097
"""Scale of a web map at zoom 0: 256 pixels round the equator, in Web Mercator."""


def metres_per_pixel(zoom: float) -> float:
    """Return the scale of a web map at the equator."""
    return float(PIXEL_METRES_AT_ZOOM_0 / 2**zoom)


def zoom_of(scale: float) -> float:
    """Return the zoom of a web map whose scale is so many metres in a pixel."""
    return float(np.log2(PIXEL_METRES_AT_ZOOM_0 / scale))


_PLANE = pyproj.Transformer.from_crs(CRS, MAP_CRS, always_xy=True)


def to_plane(points: Points) -> Points:
    """Project longitude, latitude (degrees) onto the plane in which the map is drawn."""
    return np.column_stack(_PLANE.transform(points[:, 0], points[:, 1]))


@lru_cache(maxsize=4096)
def on_plane(longitude: float, latitude: float) -> Points:
    """Project one point, which maps ask for again and again; the result must not be changed."""
    return np.asarray(to_plane(np.array([[longitude, latitude]]))[0])


def lengths_along(path: Points) -> Points:
    """Return how far each point of a line is from its start, along the line."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])


def points_at(path: Points, along: Points, lengths: Points) -> Points:
    """Return the points of a line at some lengths from its start.

    Parameters
    ----------
    path, along
        The line, and what :func:`lengths_along` returned of it.
    lengths
        How far from its start.
    """
    return np.column_stack([np.interp(lengths, along, path[:, axis]) for axis in (0, 1)])


def dense(path: Points, step: float) -> Points:
    """Return points of a line, five or more, about as far apart as a step."""
    along = lengths_along(path)
    return points_at(path, along, np.linspace(0, along[-1], max(int(along[-1] / step), 4) + 1))


def to_degrees(points: Points) -> Points:
    """Return points of the plane as longitude, latitude in degrees."""
    return np.column_stack(
        _PLANE.transform(points[:, 0], points[:, 1], direction=TransformDirection.INVERSE)
    )
