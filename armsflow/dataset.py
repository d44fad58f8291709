"""The documented incidents and everything they rest on, as typed tables.

A :class:`Dataset` is made once, by :func:`load`, from a data package that passed every check.
Selecting from a dataset gives a dataset again, so nothing downstream knows that filters exist.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from armsflow import dates
from armsflow.basemap import CRS
from armsflow.checks import check
from armsflow.package import Package, Problem

SHIPPED = Path(__file__).resolve().parent.parent / "data"
"""The data package that comes with the project."""


class DataError(Exception):
    """A data package that cannot be trusted; says every problem, one a line.

    Parameters
    ----------
    problems
        What was found, at least one.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Vocabulary:
    """What a selection can be made of, worked out once for a package.

    Parameters
    ----------
    weapon_types
        The types of each weapon group; types in display order.
    destinations
        The role of each destination, in display order.
    years
        First and last year in which any incident may have happened.
    """

    weapon_types: dict[str, tuple[str, ...]]
    destinations: dict[str, str]
    years: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Documented incidents with the tables they refer to; never changed in place.

    Columns are those of ``data/datapackage.json``; text that is not stated is the empty string,
    a quantity that is not stated is ``<NA>``. List columns hold tuples.

    Parameters
    ----------
    incidents
        Points (EPSG:4326), index ``incident_id``; with ``first_day`` and ``last_day``, the span
        that the date may mean, and ``country``, ``precision`` and ``place`` of its place.
    items
        Index from 0; with ``group``, the weapon group of the weapon type, and ``matches``, whether
        a selection asked for the item (true before any selection).
    sources, places, destinations, weapon_types, waypoints, figures, timeline, claims, reports
        Indexed by their identifiers; places are points, waypoints and items keep their keys as
        columns.
    corridors
        Lines through their waypoints (EPSG:4326), index ``corridor_id``.
    vocabulary
        What a selection can be made of; that of the whole package, also after a selection.
    descriptor
        The parsed ``datapackage.json``: the words for every code, and the version.
    digest
        SHA-256 over the text of every table: two datasets with one digest hold the same rows.
    """

    sources: pd.DataFrame
    places: gpd.GeoDataFrame
    destinations: pd.DataFrame
    weapon_types: pd.DataFrame
    incidents: gpd.GeoDataFrame
    items: pd.DataFrame
    corridors: gpd.GeoDataFrame
    waypoints: pd.DataFrame
    figures: pd.DataFrame
    timeline: pd.DataFrame
    claims: pd.DataFrame
    reports: pd.DataFrame
    vocabulary: Vocabulary
    descriptor: dict[str, Any]
    digest: str

    @property
    def version(self) -> str:
        """Version of the data package, e.g. ``1.0.0``."""
        return str(self.descriptor["version"])

    @property
    def created(self) -> str:
        """Day on which the data package was made, e.g. ``2026-11-23``."""
        return str(self.descriptor["created"])[:10]

    @cached_property
    def events(self) -> gpd.GeoDataFrame:
        """The documented incidents that count: no claims, no running totals."""
        return self.incidents[self.incidents["scope"] == "event"]


def load(directory: Path = SHIPPED) -> Dataset:
    """Load a data package, or refuse it.

    Parameters
    ----------
    directory
        Folder with ``datapackage.json``.

    Raises
    ------
    DataError
        If any check finds a problem.
    """
    package, problems = check(directory)
    if package is None:
        raise DataError(problems)
    return build(package)


def build(package: Package) -> Dataset:
    """Give a checked package its types, geometries and the columns derived from them."""
    tables = {name: _typed(package, name) for name in package.tables}
    places = tables["places"]
    places = gpd.GeoDataFrame(
        places, geometry=gpd.points_from_xy(places["lon"], places["lat"]), crs=CRS
    )
    items = tables["items"]
    items["group"] = items["weapon_type"].map(tables["weapon_types"]["group"])
    items["matches"] = True
    incidents = _incidents(tables["incidents"], places)
    return Dataset(
        **tables
        | {
            "places": places,
            "incidents": incidents,
            "corridors": _corridors(tables["corridors"], tables["waypoints"], places),
        },
        vocabulary=_vocabulary(tables["weapon_types"], tables["destinations"], incidents),
        descriptor=package.descriptor,
        digest=hashlib.sha256(
            "".join(package.texts[name] for name in sorted(package.texts)).encode()
        ).hexdigest(),
    )


def labels(dataset: Dataset, resource: str, field: str) -> dict[str, str]:
    """Return the words for every code of a field, in the order in which to list them.

    Examples
    --------
    >>> labels(load(), "incidents", "scope")["event"]
    'Single event'
    """
    return {
        str(category["value"]): str(category["label"])
        for category in categories(dataset, resource, field)
    }


def categories(dataset: Dataset, resource: str, field: str) -> list[dict[str, str]]:
    """Return the codes of a field with label and definition, in the order to list them."""
    found = next(r for r in dataset.descriptor["resources"] if r["name"] == resource)
    described = next(f for f in found["schema"]["fields"] if f["name"] == field)
    coded: list[dict[str, str]] = described["categories"]
    return coded


def _typed(package: Package, name: str) -> pd.DataFrame:
    # Python strings: on tables of this size they are several times faster to take and compare
    # than Arrow-backed ones (bench/README.md).
    table = package.tables[name].astype("object")
    for field in package.fields(name):
        column = table[field["name"]]
        match field["type"]:
            case "integer":
                table[field["name"]] = column.replace("", None).astype("Int64")
            case "number":
                table[field["name"]] = column.replace("", None).astype("Float64").astype("float64")
            case "boolean":
                table[field["name"]] = column == "true"
            case "list":
                split = [tuple(filter(None, value.split(field["delimiter"]))) for value in column]
                table[field["name"]] = pd.Series(split, index=table.index, dtype="object")
    key = package.resource(name)["schema"]["primaryKey"]
    if isinstance(key, str) or len(key) == 1:
        return table.set_index(key if isinstance(key, str) else key[0])
    return table.reset_index(drop=True)


def _incidents(incidents: pd.DataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    spans = [
        dates.event_span(*pair)
        for pair in zip(incidents["date"], incidents["date_end"], strict=True)
    ]
    located = places.loc[incidents["place_id"]]
    return gpd.GeoDataFrame(
        incidents.assign(
            first_day=pd.to_datetime([first for first, _ in spans]),
            last_day=pd.to_datetime([last for _, last in spans]),
            place=located["name"].to_numpy(),
            country=located["country"].to_numpy(),
            precision=located["precision"].to_numpy(),
        ),
        geometry=located.geometry.to_numpy(),
        crs=CRS,
    )


def _vocabulary(
    weapon_types: pd.DataFrame, destinations: pd.DataFrame, incidents: pd.DataFrame
) -> Vocabulary:
    types = weapon_types.sort_values("order")
    ordered = destinations.sort_values("order")
    return Vocabulary(
        {str(group): tuple(rows.index) for group, rows in types.groupby("group", sort=False)},
        dict(zip(ordered.index, ordered["role"], strict=True)),
        (int(incidents["first_day"].dt.year.min()), int(incidents["last_day"].dt.year.max())),
    )


def _corridors(
    corridors: pd.DataFrame, waypoints: pd.DataFrame, places: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    ordered = waypoints.sort_values(["corridor_id", "seq"])
    lines = {
        corridor: shapely.LineString(places.geometry.loc[legs["place_id"]].to_numpy())
        for corridor, legs in ordered.groupby("corridor_id")
    }
    return gpd.GeoDataFrame(
        corridors, geometry=[lines[corridor] for corridor in corridors.index], crs=CRS
    )
