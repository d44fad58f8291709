"""Land, boundaries, disputed lines, and the names printed on the map.

The files lie in the data package (``basemap/``), made from Natural Earth by
``data/basemap/build.py``; its README says how each disputed area was drawn.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd

from armsflow.language import _

CRS = "EPSG:4326"
COURSES = "basemap/courses.json"

COLUMNS = {
    "land": ("area_id", "iso3", "name", "kind"),
    "boundaries": ("kind", "between"),
    "water": ("kind",),
    "names": ("name", "kind", "min_zoom", "rank"),
}
"""Properties that the features of each file have."""


@dataclass(frozen=True, eq=False)
class Basemap:
    """What lies under every picture.

    Parameters
    ----------
    land
        Polygons with ``area_id``, ``iso3``, ``name``, ``kind`` (country, sinai, disputed).
    boundaries
        Lines with ``kind`` (international, disputed) and ``between``.
    water
        Lines and polygons with ``kind`` (river, lake).
    names
        Points with ``name``, ``kind`` (origin, country, area, water, town), ``min_zoom`` (web
        map zoom from which the name may be printed) and ``rank`` (which town is named first);
        the name in other languages may be there under their codes (:func:`names_in`).
    courses
        What ``python -m armsflow bend`` wrote (:mod:`armsflow.picture.courses`); empty without it.
    """

    land: gpd.GeoDataFrame
    boundaries: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    names: gpd.GeoDataFrame
    courses: dict[str, Any] = field(default_factory=dict)


def names_in(language: str, names: gpd.GeoDataFrame) -> list[str]:
    """Return the names of the map in a language; those that it lacks stay as they are.

    Parameters
    ----------
    language
        Code of the language, e.g. ``fr``.
    names
        As in :class:`Basemap`.
    """
    plain = names["name"].tolist()
    told = names[language].tolist() if language in names.columns else plain
    return [
        text if isinstance(text, str) and text.strip() else name
        for text, name in zip(told, plain, strict=True)
    ]


def read_land(directory: Path) -> gpd.GeoDataFrame:
    """Read the outlines of countries and special areas (EPSG:4326)."""
    return read_layer(directory, "land")


def read_basemap(directory: Path) -> Basemap:
    """Read the basemap of a data package.

    Parameters
    ----------
    directory
        The data package; the files lie in its folder ``basemap``.
    """
    land, boundaries, water, names = (
        read_layer(directory, name) for name in ("land", "boundaries", "water", "names")
    )
    return Basemap(land, boundaries, water, names, read_courses(directory))


def read_courses(directory: Path) -> dict[str, Any]:
    """Read where lines run, if that was worked out.

    Raises
    ------
    ValueError
        If the file is not what ``python -m armsflow bend`` writes.
    """
    file = directory / COURSES
    try:
        kept = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    except ValueError:
        raise ValueError(_("the file is damaged")) from None
    if not isinstance(kept, dict) or not all(isinstance(part, dict) for part in kept.values()):
        raise ValueError(_("holds no courses of lines"))
    for lines in kept.values():
        for points in lines.values():
            if not isinstance(points, list) or not all(
                isinstance(point, list)
                and len(point) == 2
                and all(isinstance(part, int | float) and abs(part) <= 180 for part in point)
                for point in points
            ):
                raise ValueError(_("holds points that are no longitude and latitude"))
    return kept


def read_layer(directory: Path, name: str) -> gpd.GeoDataFrame:
    """Read one file of the basemap (EPSG:4326)."""
    return gpd.read_file(directory / "basemap" / f"{name}.json").set_crs(CRS, allow_override=True)
