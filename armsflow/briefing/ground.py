"""The basemap in the plane of the map, ready to be drawn many times."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import shapely
from matplotlib.path import Path as Outline

from armsflow.package.basemap import Basemap
from armsflow.picture import style
from armsflow.picture.lettering import Lettering
from armsflow.picture.plane import MAP_CRS, Points

COARSE: Final = 15_000.0
"""Metres (EPSG:3857) by which the coarse outline of all land may be off."""


@dataclass(frozen=True)
class Ground:
    """The basemap in the plane of the map, ready to be drawn many times.

    Parameters
    ----------
    areas
        Outline and fill of every area.
    rivers, lakes
        Points of rivers; outlines of lakes.
    land
        All land as one coarse outline, for very small maps.
    boundaries, disputed
        Points of boundaries.
    names
        The names that maps may carry (:mod:`armsflow.picture.lettering`).
    """

    areas: tuple[tuple[Outline, str], ...]
    rivers: tuple[Points, ...]
    lakes: tuple[Outline, ...]
    land: Outline
    boundaries: tuple[Points, ...]
    disputed: tuple[Points, ...]
    names: Lettering

    def named(self, names: Lettering) -> "Ground":
        """Return the same ground with its names in another language."""
        return self if names is self.names else replace(self, names=names)


def prepare_ground(basemap: Basemap, fills: dict[str, str], names: Lettering) -> Ground:
    """Project the basemap once.

    Parameters
    ----------
    basemap
        Land, boundaries and water (EPSG:4326).
    fills
        Colour of an area by ``area_id``; areas that are not named have the plain colour of land.
    names
        The names that maps may carry.
    """
    land = basemap.land.to_crs(MAP_CRS)
    order = land["kind"].map({"country": 0, "disputed": 1, "sinai": 2})
    land = land.loc[order.sort_values(kind="stable").index]
    water = basemap.water.to_crs(MAP_CRS)
    lines = basemap.boundaries.to_crs(MAP_CRS)
    disputed = lines["kind"] == "disputed"
    return Ground(
        areas=tuple(
            (outline(shape), fills.get(area, style.LAND))
            for area, shape in zip(land["area_id"], land.geometry, strict=True)
        ),
        rivers=tuple(line_parts(water[water["kind"] == "river"])),
        lakes=tuple(outline(shape) for shape in water[water["kind"] == "lake"].geometry),
        land=outline(shapely.union_all(land.geometry.simplify(COARSE))),
        boundaries=tuple(line_parts(lines[~disputed])),
        disputed=tuple(line_parts(lines[disputed])),
        names=names,
    )


def outline(shape: Any) -> Outline:
    """Return the outline of polygons as one path, holes included."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return Outline.make_compound_path(
        *[Outline(shapely.get_coordinates(ring), closed=True) for ring in rings]
    )


def line_parts(lines: gpd.GeoDataFrame) -> Iterator[Points]:
    """Yield the points of every single line."""
    for part in shapely.get_parts(lines.geometry.to_numpy()):
        yield shapely.get_coordinates(part)
