"""The plane in which maps are drawn: projection and scale."""

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


def to_degrees(points: Points) -> Points:
    """Return points of the plane as longitude, latitude in degrees."""
    return np.column_stack(
        _PLANE.transform(points[:, 0], points[:, 1], direction=TransformDirection.INVERSE)
    )
