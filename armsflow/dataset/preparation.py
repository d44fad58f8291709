"""A checked data package with everything that a press needs, worked out row by row.

Counts are sums of columns: an incident has 1 in ``events`` or in ``others``, and the code of its
set of weapon types. So nothing has to be joined or parsed when a reader presses a filter. A large
package is written in this form once, as Parquet, and then opened without being checked again.
:mod:`armsflow.dataset.engine` computes with either form.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from armsflow.dataset.engine import TABLES
from armsflow.language import ENGLISH, _, _n, speaking
from armsflow.package import dates
from armsflow.package.package import DESCRIPTOR, Package
from armsflow.package.problem import Problem

STAMP: Final = "prepared.json"
"""File that says what a prepared package was made from, with the SHA-256 of every table."""

FORM: Final = 4
"""Number of the form described here; a package with another number is prepared again."""

FURTHER: Final = {
    "incidents": (
        "date_basis", "outcome", "stock", "through_libya", "conveyance", "seizing_authority",
        "link_rests_on",
    ),
    "items": ("calibre", "country_of_manufacture", "marking"),
}  # fmt: skip
"""Columns that a package may lack; they are then empty."""

PLACES_DRAWN: Final = 300
"""Up to this many places, each has its mark; more are gathered by squares of a grid."""

SQUARES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Sides of the grid's squares in degrees, the finest first."""

WEAPON_TYPES: Final = 62
"""Most weapon types for which there is room in a 64-bit code of a set."""

FIRMNESS: Final = ("traced", "markings", "official_statement", "expert_assessment")
"""Link bases from the best evidenced on; any other comes after them."""

STRONG_BASES: Final = frozenset(FIRMNESS[:3])
"""Link bases that make a line solid: lot or serial numbers, marks, or a named office."""

ON_THE_WAY: Final = "on_the_way"
"""Outcome of arms that were stopped before they reached their destination."""

AT_DESTINATION: Final = frozenset({"found", "used"})
"""Outcomes of arms that had reached it."""

ORIGIN: Final = "libya"
"""Destination of what stayed inside Libya."""


@dataclass(frozen=True)
class Prepared:
    """The tables that grow with the number of incidents, ready to be counted.

    Parameters
    ----------
    tables
        ``incidents``: the columns of the package (lists as text) with ``row`` (position),
        ``first_day``, ``last_day``, ``first_year``, ``last_year``, ``month`` and ``month_end``
        (dates cut to their month), ``place``, ``country``, ``precision``, ``lat``, ``lon``,
        ``spot`` (mark on the map), ``line``, ``weapons`` (sum of :func:`weapon_bits`),
        ``firmness`` (place of its link basis in :data:`FIRMNESS`), ``witnesses`` (origins of its
        documents, those of unknown origin counted singly), and 0 or 1
        in ``events``, ``others``, ``strong``, ``single`` (an event with one witness),
        ``stopped`` (an event on the way to its destination) and ``there`` (one at it).
        ``items``: the columns of the package with ``row``, ``group``, and 0 or 1 in ``counted``
        and ``stated``. ``citations``: ``incident_id`` and ``source_id``.
    spots
        Marks on the map, index ``spot``: ``name``, ``lat``, ``lon``, ``precision`` and
        ``members``, the number of places that a mark stands for.
    """

    tables: dict[str, pd.DataFrame]
    spots: pd.DataFrame


def weapon_bits(weapon_types: pd.DataFrame) -> dict[str, int]:
    """Return the power of two of each weapon type in a code of a set.

    Parameters
    ----------
    weapon_types
        Index weapon type; the order of rows decides.
    """
    return {str(code): 1 << place for place, code in enumerate(weapon_types.index)}


def prepare(package: Package) -> Prepared:
    """Work out what every row of a checked package counts as.

    Raises
    ------
    ValueError
        If there are more weapon types than there is room for in a code of a set.
    """
    weapon_types = package.tables["weapon_types"].set_index("weapon_type")
    if len(weapon_types) > WEAPON_TYPES:
        message = f"{len(weapon_types)} weapon types, at most {WEAPON_TYPES} can be shown"
        raise ValueError(message)
    places = package.tables["places"].set_index("place_id")
    incidents = _incidents(package.tables["incidents"], places)
    items = _items(package.tables["items"], weapon_types)
    # A type counts once in the code of an incident's set, however many items it has.
    once = items[["incident_id", "weapon_type"]].drop_duplicates()
    bits = once["weapon_type"].map(weapon_bits(weapon_types)).astype("int64")
    codes = bits.groupby(once["incident_id"], sort=False).sum()
    incidents["weapons"] = codes.reindex(incidents["incident_id"]).to_numpy()
    cited = incidents["source_ids"].str.split(";")
    citations = pd.DataFrame({"incident_id": incidents["incident_id"], "source_id": cited}).explode(
        "source_id", ignore_index=True
    )
    witnesses = _witnesses(citations, package.tables.get("origins"))
    incidents["witnesses"] = incidents["incident_id"].map(witnesses).astype("int32")
    alone = incidents["witnesses"] == 1
    incidents["single"] = (alone & (incidents["events"] == 1)).astype("int8")
    spots, of_place = gather_places(places, incidents["place_id"])
    incidents["spot"] = incidents["place_id"].map(of_place)
    return Prepared(
        {"incidents": incidents, "items": items, "citations": citations.astype("str")}, spots
    )


def _witnesses(citations: pd.DataFrame, origins: pd.DataFrame | None) -> pd.Series:
    """Count for each incident the origins of its documents; unknown origins count singly."""
    if origins is None or origins.empty:
        return citations.groupby("incident_id", sort=False).size()
    named = origins[["incident_id", "origin"]].assign(
        source_id=origins["source_ids"].str.split(";")
    )
    traced = citations.merge(
        named.explode("source_id"), on=["incident_id", "source_id"], how="left"
    )
    # No identifier of a source is a number, so the two never meet.
    traced["origin"] = traced["origin"].where(traced["origin"].notna(), traced["source_id"])
    return traced.groupby("incident_id", sort=False)["origin"].nunique()


def _completed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table with the columns that its package lacks, empty."""
    return table.assign(**{column: "" for column in FURTHER[name] if column not in table})


def _incidents(table: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    table = _completed(table, "incidents")
    spans = table[["date", "date_end"]].drop_duplicates()
    days = [dates.event_span(*pair) for pair in spans.itertuples(index=False)]
    spans["first_day"] = pd.to_datetime([first for first, _ in days]).astype("datetime64[us]")
    spans["last_day"] = pd.to_datetime([last for _, last in days]).astype("datetime64[us]")
    located = places.loc[table["place_id"], ["name", "country", "precision", "lat", "lon"]]
    located = located.rename(columns={"name": "place"}).reset_index(drop=True)
    joined = table.merge(spans, on=["date", "date_end"], how="left")
    joined = pd.concat([joined, located], axis=1)
    event = joined["scope"] == "event"
    firmness = {basis: place for place, basis in enumerate(FIRMNESS)}
    link = ("link-" + joined["destination"]).where(joined["destination"] != ORIGIN, "")
    return joined.assign(
        row=np.arange(len(joined), dtype="int32"),
        first_year=joined["first_day"].dt.year.astype("int16"),
        last_year=joined["last_day"].dt.year.astype("int16"),
        month=joined["date"].str[:7],
        month_end=joined["date_end"].str[:7],
        lat=joined["lat"].astype("float64"),
        lon=joined["lon"].astype("float64"),
        line=joined["corridor_id"].where(joined["corridor_id"] != "", link),
        events=event.astype("int8"),
        others=(~event).astype("int8"),
        strong=(event & joined["link_basis"].isin(STRONG_BASES)).astype("int8"),
        stopped=(event & (joined["outcome"] == ON_THE_WAY)).astype("int8"),
        there=(event & joined["outcome"].isin(AT_DESTINATION)).astype("int8"),
        firmness=joined["link_basis"].map(firmness).fillna(len(FIRMNESS)).astype("int8"),
    )


def _items(table: pd.DataFrame, weapon_types: pd.DataFrame) -> pd.DataFrame:
    table = _completed(table, "items")
    counted = table["counting"] == "own"
    quantity = pd.to_numeric(table["quantity"].where(table["quantity"] != "")).astype("Int64")
    return table.assign(
        row=np.arange(len(table), dtype="int32"),
        seq=table["seq"].astype("int64"),
        quantity=quantity,
        group=table["weapon_type"].map(weapon_types["group"]),
        counted=counted.astype("int8"),
        stated=(counted & quantity.notna()).astype("int8"),
    ).reset_index(drop=True)


def gather_places(
    places: pd.DataFrame, used: pd.Series, most: int = PLACES_DRAWN
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Decide which mark on the map stands for which places.

    Up to *most* places, each has its own mark. More are gathered by the finest grid that leaves at
    most that many marks. A mark never gathers places of two countries, or named places with areas.
    It is drawn where its place with the most incidents is.

    Parameters
    ----------
    places
        Index ``place_id``; ``name``, ``country``, ``precision``, ``lat``, ``lon``.
    used
        ``place_id`` of every incident.

    Returns
    -------
    spots, spot_of_place
        The marks as in :class:`Prepared`, and the mark of each place that is used.
    """
    counts = used.value_counts()
    found = places.loc[counts.index, ["name", "country", "precision", "lat", "lon"]]
    found = found.astype({"lat": "float64", "lon": "float64"}).assign(count=counts)
    found = found.sort_index().sort_values("count", ascending=False, kind="stable")
    if len(found) <= most:
        spot = pd.Series(found.index, index=found.index)
    else:
        for side in SQUARES:
            square = [
                found["country"],
                found["precision"] == "place",
                np.floor(found["lat"] / side),
                np.floor(found["lon"] / side),
            ]
            grouped = found.groupby(square, sort=False)
            if grouped.ngroups <= most:
                break
        spot = grouped["name"].transform(lambda names: names.index[0])
    members = spot.value_counts()
    spots = found.loc[members.index, ["name", "lat", "lon", "precision"]].assign(members=members)
    with speaking(ENGLISH):
        spots["name"] = [
            mark_words(*pair) for pair in zip(spots["name"], spots["members"], strict=True)
        ]
    spots.index.name = "spot"
    return spots, {str(place): str(mark) for place, mark in spot.items()}


def mark_words(place: str, members: int) -> str:
    """Name a mark on the map: its place, and how many others it stands for."""
    if members == 1:
        return place
    return _n(
        "{place} and {count} place near it",
        "{place} and {count} places near it",
        int(members) - 1,
        place=place,
    )


# ---------------------------------------------------------------- prepared packages on disk


def is_prepared(directory: Path) -> bool:
    """Tell whether a folder has a package in the form that :func:`write` gives it."""
    return (directory / STAMP).is_file()


def write(package: Package, directory: Path) -> None:
    """Write a checked package with its large tables as Parquet, whole or not at all.

    Parameters
    ----------
    package
        Passed every check.
    directory
        Folder to make; if it exists already, it stays as it is.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    prepared = prepare(package)
    with _workshop(directory) as workshop:
        for name, table in (prepared.tables | {"spots": prepared.spots.reset_index()}).items():
            table.to_parquet(workshop / f"{name}.parquet", index=False, compression="zstd")
        large = {str(package.resource(name)["path"]) for name in ("incidents", "items")}
        for path in [DESCRIPTOR, *_files(package)]:
            if path not in large:
                (workshop / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(package.directory / path, workshop / path)
        files = {str(file.relative_to(workshop)): _sha256(file) for file in _below(workshop)}
        stamp = {"form": FORM, "digest": package.digest, "sha256": files}
        (workshop / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def copy(directory: Path, target: Path) -> None:
    """Copy a prepared package, whole or not at all; an existing target stays as it is."""
    with _workshop(target) as workshop:
        shutil.copytree(directory, workshop, dirs_exist_ok=True)


@contextmanager
def _workshop(directory: Path) -> Iterator[Path]:
    """Give a folder to fill, and put it in its place when it is full and on the disk."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        yield workshop
        for file in _below(workshop):
            with file.open("rb") as written:
                os.fsync(written.fileno())
        try:
            workshop.rename(directory)
        except OSError:
            # Another process may have been quicker with the same package.
            if not is_prepared(directory):
                raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _files(package: Package) -> list[str]:
    basemap = (package.directory / "basemap").glob("*.json")
    named = [str(resource["path"]) for resource in package.descriptor["resources"]]
    return [*dict.fromkeys([*named, *(f"basemap/{file.name}" for file in basemap)])]


def _below(directory: Path) -> list[Path]:
    return sorted(file for file in directory.rglob("*") if file.is_file())


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def verify(directory: Path) -> tuple[str, list[Problem]]:
    """Compare a prepared package with its stamp.

    Returns
    -------
    digest, problems
        The digest of the package that it was made from, and every file that is missing or is not
        the one that was written.
    """
    fix = _("prepare the package again: {command}.", command="python -m armsflow prepare")
    try:
        stamp: dict[str, Any] = json.loads((directory / STAMP).read_text(encoding="utf-8"))
        form, digest, files = stamp["form"], str(stamp["digest"]), dict(stamp["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", [Problem(STAMP, _("the stamp of the prepared package cannot be read."), fix)]
    if form != FORM:
        what = _("it has form {form}, not {needed}.", form=repr(form), needed=str(FORM))
        return "", [Problem(STAMP, what, fix)]
    needed = {f"{name}.parquet" for name in (*TABLES, "spots")} | {DESCRIPTOR}
    problems = []
    for name in sorted(needed | set(files)):
        file = directory / name
        if not file.is_file():
            problems.append(Problem(name, _("the file is missing."), fix))
        elif _sha256(file) != files.get(name):
            problems.append(Problem(name, _("it is not the file that was prepared."), fix))
    return digest, problems
