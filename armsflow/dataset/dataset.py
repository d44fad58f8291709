"""The documented incidents and everything they rest on, as typed tables.

A :class:`Dataset` is made once, by :func:`load`, from a data package that passed every check.
Selecting from a dataset gives a dataset again, so nothing downstream knows that filters exist.
Nothing that is counted reads incidents one by one: it adds up tallies, which are small. Rows are
fetched when somebody reads them.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from pathlib import Path
from typing import Any, Concatenate, Final, NamedTuple, ParamSpec, TypeVar

import geopandas as gpd
import narwhals as nw
import pandas as pd
import shapely

from armsflow import preparation
from armsflow.basemap import CRS
from armsflow.checks import check
from armsflow.engine import Engine, EngineError, InMemory, OnCluster, OnDisk, is_cluster
from armsflow.package import DESCRIPTOR, UNPUBLISHED, Package, Problem, read_package

SHIPPED = Path(__file__).resolve().parent.parent / "data"
"""The data package that comes with the project."""

LARGE: Final = 8_000_000
"""Bytes of incidents and items from which a package is computed by DuckDB instead of pandas."""

ASKED: Final = ("destination", "link_basis", "event_type", "first_year", "last_year")
"""Columns that a selection can ask for, besides weapons."""

SHOWN: Final = ("scope", "month", "month_end", "precision", "line", "spot")
"""Further columns by which incidents are counted."""

COUNTS: Final = ("events", "others", "strong", "single")
"""What is counted: documented incidents; claims and running totals; documented incidents with a
strong link to Libya; those that rest on a single document."""


KEPT: Final = 256
"""Results that are kept with an object (:func:`once`)."""

P = ParamSpec("P")
Made = TypeVar("Made")


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
class Tallies:
    """How many incidents share everything that is asked for and counted by.

    Parameters
    ----------
    incidents
        A row for each combination of :data:`ASKED`, ``weapons`` and :data:`SHOWN`, with
        :data:`COUNTS`.
    items
        A row for each combination of :data:`ASKED` and ``weapon_type``, with ``own`` and
        ``stated``: items of documented incidents that stand for weapons of their own, and those
        that state a quantity.
    citations
        A row for each combination of :data:`ASKED`, ``weapons`` and ``source_id``, with
        ``events`` and ``others``.
    sets
        The weapon types that each code in ``weapons`` stands for.
    """

    incidents: nw.LazyFrame[Any]
    items: nw.LazyFrame[Any]
    citations: nw.LazyFrame[Any]
    sets: dict[int, frozenset[str]]


class Totals(NamedTuple):
    """What tallies add up to, as in :data:`COUNTS`."""

    events: int
    others: int
    strong: int
    single: int


@dataclass(frozen=True, eq=False)
class Asked:
    """What was asked for of a package; its tallies are filtered once, when they are first read.

    Parameters
    ----------
    whole
        Tallies of the whole package.
    wanted
        Weapon types that were asked for.
    conditions
        What was asked for besides weapons: each holds for rows and for tallies.
    """

    whole: Tallies
    wanted: frozenset[str]
    conditions: tuple[nw.Expr, ...] = ()

    @cached_property
    def weapons(self) -> tuple[nw.Expr, ...]:
        """The condition on the code of a set of weapon types; none if every type is wanted."""
        codes = [code for code, types in self.whole.sets.items() if types & self.wanted]
        return (nw.col("weapons").is_in(codes),) if len(codes) < len(self.whole.sets) else ()

    @cached_property
    def incidents(self) -> nw.LazyFrame[Any]:
        """As in :class:`Tallies`."""
        return keep(self.whole.incidents, *self.conditions, *self.weapons)

    @cached_property
    def items(self) -> nw.LazyFrame[Any]:
        """As in :class:`Tallies`."""
        wanted = nw.col("weapon_type").is_in(self.wanted)
        return keep(self.whole.items, *self.conditions, wanted)

    @cached_property
    def citations(self) -> nw.LazyFrame[Any]:
        """As in :class:`Tallies`."""
        return keep(self.whole.citations, *self.conditions, *self.weapons)

    @cached_property
    def counted(self) -> dict[tuple[str, ...], pd.DataFrame]:
        """Counts that were made before, by what they are counted by."""
        return {}


@dataclass(frozen=True, eq=False)
class Dataset:
    """Documented incidents with the tables they refer to; never changed in place.

    Columns are those of ``data/datapackage.json``; text that is not stated is the empty string,
    a quantity that is not stated is ``<NA>``. List columns hold tuples.

    Parameters
    ----------
    sources, places, destinations, weapon_types, waypoints, figures, timeline, claims, reports
        Indexed by their identifiers; places are points, waypoints keep their keys as columns.
    corridors
        Lines through their waypoints (EPSG:4326), index ``corridor_id``.
    spots
        Marks on the map (:class:`armsflow.preparation.Prepared`), index ``spot``.
    vocabulary
        What a selection can be made of; that of the whole package, also after a selection.
    descriptor
        The parsed ``datapackage.json``: the words for every code, and the version.
    digest
        SHA-256 over the text of every table: two datasets with one digest hold the same rows.
    engine
        Holds the rows of the whole package.
    asked
        What was asked for, counted.
    """

    sources: pd.DataFrame
    places: gpd.GeoDataFrame
    destinations: pd.DataFrame
    weapon_types: pd.DataFrame
    corridors: gpd.GeoDataFrame
    waypoints: pd.DataFrame
    figures: pd.DataFrame
    timeline: pd.DataFrame
    claims: pd.DataFrame
    reports: pd.DataFrame
    spots: pd.DataFrame
    vocabulary: Vocabulary
    descriptor: dict[str, Any]
    digest: str
    engine: Engine
    asked: Asked

    @property
    def version(self) -> str:
        """Version of the data package, e.g. ``1.0.0``."""
        return str(self.descriptor["version"])

    @cached_property
    def unpublished(self) -> frozenset[str]:
        """Identifiers of the incidents that a reader added, compared with no source."""
        return frozenset(self.descriptor.get(UNPUBLISHED, {}).get("incidents", ()))

    @cached_property
    def unpublished_sources(self) -> frozenset[str]:
        """Identifiers of the sources that a reader added."""
        return frozenset(self.descriptor.get(UNPUBLISHED, {}).get("sources", ()))

    @property
    def created(self) -> str:
        """Day on which the data package was made, e.g. ``2026-11-23``."""
        return str(self.descriptor["created"])[:10]

    @cached_property
    def totals(self) -> Totals:
        """What the tallies of incidents add up to."""
        row = self.asked.incidents.select(nw.col(*COUNTS).sum()).collect().row(0)
        return Totals(*(int(count or 0) for count in row))

    def rows(self) -> nw.LazyFrame[Any]:
        """Return the incidents asked for, to be narrowed, sorted and cut before they are read."""
        return keep(self.engine.table("incidents"), *self.asked.conditions, *self.asked.weapons)

    def read(self, rows: nw.LazyFrame[Any], most: int | None = None) -> gpd.GeoDataFrame:
        """Read incidents, in the order of the package.

        Parameters
        ----------
        rows
            What :meth:`rows` returned, or a part of it.
        most
            Number of incidents to read; ``None`` for all.

        Returns
        -------
        incidents
            Points (EPSG:4326), index ``incident_id``; with ``first_day`` and ``last_day``, the
            span that the date may mean, and ``country``, ``precision`` and ``place`` of its
            place.
        """
        rows = rows.sort("row")
        table = to_pandas(rows if most is None else rows.head(most))
        table = _split_lists(table, self.descriptor, "incidents").set_index("incident_id")
        points = gpd.points_from_xy(table["lon"], table["lat"])
        return gpd.GeoDataFrame(table.drop(columns=["lat", "lon"]), geometry=points, crs=CRS)

    def read_items(self, incidents: pd.DataFrame) -> pd.DataFrame:
        """Read the items of some incidents.

        Returns
        -------
        items
            With ``group``, the weapon group of the weapon type, and ``matches``, whether the
            weapon type was asked for.
        """
        items = self.engine.table("items")
        items = items.filter(nw.col("incident_id").is_in(list(incidents.index))).sort("row")
        return self._typed_items(to_pandas(items))

    def _typed_items(self, items: pd.DataFrame) -> pd.DataFrame:
        typed = _split_lists(items, self.descriptor, "items").set_index("row")
        typed.index.name = None
        return typed.assign(matches=typed["weapon_type"].isin(self.asked.wanted))

    @cached_property
    def incidents(self) -> gpd.GeoDataFrame:
        """Every incident that was asked for, as :meth:`read` returns them."""
        return self.read(self.rows())

    @cached_property
    def items(self) -> pd.DataFrame:
        """Every item of these incidents, as :meth:`read_items` returns them."""
        items = self.engine.table("items")
        if self.asked.conditions or self.asked.weapons:
            kept = self.rows().select("incident_id")
            items = items.join(kept, on="incident_id", how="semi")
        return self._typed_items(to_pandas(items.sort("row")))

    @cached_property
    def events(self) -> gpd.GeoDataFrame:
        """The documented incidents that count: no claims, no running totals."""
        return self.incidents[self.incidents["scope"] == "event"]


def once(function: Callable[Concatenate[Any, P], Made]) -> Callable[Concatenate[Any, P], Made]:
    """Keep what a function makes of a dataset, or of a plate, with that object and as long as it.

    A cache beside the datasets would still hold what a reader added when the reader is gone.
    Past :data:`KEPT` results of all functions together, those of the object are forgotten.
    """

    def kept(owner: Any, /, *arguments: P.args, **named: P.kwargs) -> Made:
        results = vars(owner).setdefault("kept", {})
        key = (function, arguments, tuple(named.items()))
        if key not in results:
            if len(results) >= KEPT:
                results.clear()
            results[key] = function(owner, *arguments, **named)
        made: Made = results[key]
        return made

    return update_wrapper(kept, function)


def keep(frame: nw.LazyFrame[Any], *conditions: nw.Expr) -> nw.LazyFrame[Any]:
    """Keep the rows for which every condition holds; all of them if there is none."""
    return frame.filter(*conditions) if conditions else frame


def to_pandas(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Compute a table, and return it with texts as Python strings."""
    table = frame.collect().to_pandas()
    texts = [name for name, kind in table.dtypes.items() if isinstance(kind, pd.StringDtype)]
    # On the few rows that are ever read, Python strings are several times faster to take and
    # compare than Arrow-backed ones (bench/README.md).
    return table.astype(dict.fromkeys(texts, "object"))


def load(directory: Path = SHIPPED, engine: str = "") -> Dataset:
    """Load a data package, or refuse it.

    A large package is prepared once, in the cache, and opened from there.

    Parameters
    ----------
    directory
        Folder with ``datapackage.json``, or a prepared package
        (:mod:`armsflow.preparation`).
    engine
        Empty, or the Spark cluster that computes with a prepared package, e.g.
        ``spark://host:7077``.

    Raises
    ------
    DataError
        If any check finds a problem.
    """
    try:
        cluster = is_cluster(engine)
        if preparation.is_prepared(directory):
            return open_prepared(directory if cluster else _keep_prepared(directory), engine)
        if cluster:
            what = "ARMSFLOW_ENGINE names a Spark cluster, but this package has no Parquet tables."
            cure = "run python -m armsflow prepare, and show the package that it writes."
            raise DataError([Problem(DESCRIPTOR, what, cure)])
    except EngineError as error:
        what, _, cure = str(error).partition(" Cure: ")
        raise DataError([Problem("ARMSFLOW_ENGINE", what, cure)]) from None
    if size_of_rows(directory) >= LARGE:
        return open_prepared(prepare_cached(directory))
    return build(_checked(directory))


def _checked(directory: Path) -> Package:
    package, problems = check(directory)
    if package is None:
        raise DataError(problems)
    return package


def size_of_rows(directory: Path) -> int:
    """Return how many bytes the tables take that grow with the number of incidents."""
    files = [directory / f"{name}.csv" for name in ("incidents", "items")]
    return sum(file.stat().st_size for file in files if file.is_file())


def prepare_cached(directory: Path) -> Path:
    """Return where a package lies prepared in the cache, after preparing it if it does not.

    The name of the folder is a digest of every file of the package, so that a changed package
    is never taken for the one that was prepared.

    Raises
    ------
    DataError
        If any check finds a problem.
    """
    folder = _cache() / _fingerprint(directory)
    if not preparation.is_prepared(folder):
        package = _checked(directory)
        preparation.write(package, folder)
        if _fingerprint(directory) != folder.name:
            shutil.rmtree(folder)
            what, cure = "its files change while they are read.", "load the page again."
            raise DataError([Problem(DESCRIPTOR, what, cure)])
    return folder


def _keep_prepared(directory: Path) -> Path:
    """Return a copy of a prepared package in the cache, since rows are read while people look."""
    _, problems = preparation.verify(directory)
    if problems:
        raise DataError(problems)
    stamp = hashlib.sha256((directory / preparation.STAMP).read_bytes()).hexdigest()[:32]
    folder = _cache() / f"copy-{stamp}"
    if not preparation.is_prepared(folder):
        preparation.copy(directory, folder)
    return folder


def _fingerprint(directory: Path) -> str:
    content = hashlib.sha256(f"form {preparation.FORM}".encode())
    for file in sorted(directory.rglob("*")):
        if file.is_file():
            content.update(str(file.relative_to(directory)).encode())
            with file.open("rb") as opened:
                content.update(hashlib.file_digest(opened, "sha256").digest())
    return content.hexdigest()[:32]


def _cache() -> Path:
    stated = os.environ.get("ARMSFLOW_CACHE") or os.environ.get("XDG_CACHE_HOME")
    folder = Path(stated or Path.home() / ".cache") / "armsflow"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    writable = folder.is_dir() and os.access(folder, os.W_OK)
    return folder if writable else Path(tempfile.gettempdir()) / f"armsflow-{os.getpid()}"


def open_prepared(directory: Path, engine: str = "") -> Dataset:
    """Open a prepared package; its rows stay where they are.

    Parameters
    ----------
    directory, engine
        As for :func:`load`.

    Raises
    ------
    DataError
        If a file is not the one that was prepared.
    EngineError
        If the cluster cannot be used.
    """
    digest, problems = preparation.verify(directory)
    if problems:
        raise DataError(problems)
    package, problems = read_package(directory, without=("incidents", "items"))
    if package is None:
        raise DataError(problems)
    spots = to_pandas(nw.from_native(pd.read_parquet(directory / "spots.parquet")).lazy())
    holder: Engine = OnCluster(directory, engine) if engine else OnDisk(directory)
    return _assemble(package, spots.set_index("spot"), holder, digest)


def build(package: Package) -> Dataset:
    """Give a checked package its types, geometries and the columns derived from them."""
    prepared = preparation.prepare(package)
    tables = {
        name: to_pandas(nw.from_native(table).lazy()) for name, table in prepared.tables.items()
    }
    return _assemble(package, prepared.spots, InMemory(tables), package.digest)


def _assemble(package: Package, spots: pd.DataFrame, engine: Engine, digest: str) -> Dataset:
    small = [name for name in package.tables if name not in {"incidents", "items"}]
    tables = {name: _typed(package, name) for name in small}
    places = tables["places"]
    places = gpd.GeoDataFrame(
        places, geometry=gpd.points_from_xy(places["lon"], places["lat"]), crs=CRS
    )
    corridors = _corridors(tables["corridors"], tables["waypoints"], places)
    whole = tally(engine, tables["weapon_types"])
    return Dataset(
        **tables | {"places": places, "corridors": corridors},
        spots=spots,
        vocabulary=_vocabulary(tables["weapon_types"], tables["destinations"], whole),
        descriptor=package.descriptor,
        digest=digest,
        engine=engine,
        asked=Asked(whole, frozenset(tables["weapon_types"].index)),
    )


def tally(engine: Engine, weapon_types: pd.DataFrame) -> Tallies:
    """Count the rows of a package once by everything that can be asked for.

    Parameters
    ----------
    engine
        Holds the rows, and does the counting.
    weapon_types
        Index weapon type, in the order of the package.
    """
    asked, rows = list(ASKED), untallied(engine)
    by_incident = _tallied(rows.incidents, [*asked, "weapons", *SHOWN], COUNTS)
    bits = preparation.weapon_bits(weapon_types)
    return Tallies(
        incidents=_held(by_incident),
        items=_held(_tallied(rows.items, [*asked, "weapon_type"], ["own", "stated"])),
        citations=_held(
            _tallied(rows.citations, [*asked, "weapons", "source_id"], ["events", "others"])
        ),
        sets={
            int(code): frozenset(one for one, bit in bits.items() if code & bit)
            for code in by_incident["weapons"].unique()
        },
    )


def untallied(engine: Engine) -> Tallies:
    """Return the rows of an engine in the form of tallies, each row counting as one."""
    incidents = engine.table("incidents")
    keys = incidents.select("incident_id", *ASKED, "weapons", "events", "others")
    items = engine.table("items").select("incident_id", "weapon_type", "own", "stated")
    return Tallies(
        incidents=incidents,
        items=items.join(keys.filter(nw.col("events") == 1), on="incident_id"),
        citations=engine.table("citations").join(keys, on="incident_id"),
        sets={},
    )


def _tallied(frame: nw.LazyFrame[Any], keys: Sequence[str], counts: Sequence[str]) -> pd.DataFrame:
    # Engines differ in the type of a sum, and short integers overflow on some.
    wide = frame.with_columns(nw.col(*counts).cast(nw.Int64))
    counted = wide.group_by(*keys).agg(nw.col(*counts).sum())
    counted = counted.with_columns(nw.col(*counts).cast(nw.Int64))
    return counted.sort(*keys).collect().to_pandas()


def _held(table: pd.DataFrame) -> nw.LazyFrame[Any]:
    """Hold a tally in little memory: texts as categories, years as short integers."""
    short: dict[str, Any] = {}
    for name, column in table.items():
        if not pd.api.types.is_integer_dtype(column):
            short[str(name)] = "category"
        elif str(name).endswith("_year"):
            short[str(name)] = "int16"
    return nw.from_native(table.astype(short)).lazy()


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


def _vocabulary(
    weapon_types: pd.DataFrame, destinations: pd.DataFrame, tallies: Tallies
) -> Vocabulary:
    types = weapon_types.sort_values("order")
    ordered = destinations.sort_values("order")
    first, last = nw.col("first_year").min(), nw.col("last_year").max()
    years = tallies.incidents.select(first, last).collect().row(0)
    return Vocabulary(
        {str(group): tuple(rows.index) for group, rows in types.groupby("group", sort=False)},
        dict(zip(ordered.index, ordered["role"], strict=True)),
        (int(years[0]), int(years[1])),
    )


def _split_lists(table: pd.DataFrame, descriptor: dict[str, Any], resource: str) -> pd.DataFrame:
    found = next(r for r in descriptor["resources"] if r["name"] == resource)
    for field in found["schema"]["fields"]:
        if field["type"] == "list":
            texts, delimiter = table[field["name"]], field["delimiter"]
            split = [tuple(filter(None, text.split(delimiter))) for text in texts]
            lists = pd.Series(split, index=table.index, dtype="object")
            table = table.assign(**{field["name"]: lists})
    return table


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
