"""From a checked package to a dataset: read, prepare, open, type."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import geopandas as gpd
import narwhals as nw
import pandas as pd
import shapely

from armsflow.dataset import preparation
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.engine import Engine, EngineError, InMemory, OnCluster, OnDisk, is_cluster
from armsflow.dataset.tallies import NarrowedTallies, tally, to_pandas
from armsflow.dataset.vocabulary import read_vocabulary
from armsflow.home import HOME
from armsflow.language import _
from armsflow.package.basemap import CRS
from armsflow.package.checks import check
from armsflow.package.package import DESCRIPTOR, FURTHER_TABLES, Package, read_package
from armsflow.package.problem import Problem
from armsflow.package.versions import kept_versions, read_version

SHIPPED = HOME / "data"
"""The data package that comes with the project."""

LARGE: Final = 8_000_000
"""Bytes of incidents and items from which a package is computed by DuckDB instead of pandas."""


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


def load(directory: Path = SHIPPED, engine: str = "") -> Dataset:
    """Load a data package, or refuse it.

    A large package is prepared once, in the cache, and opened from there.

    Parameters
    ----------
    directory
        Folder with ``datapackage.json``, or a prepared package
        (:mod:`armsflow.dataset.preparation`).
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
            what = _(
                "ARMSFLOW_ENGINE names a Spark cluster, but this package has no Parquet tables."
            )
            command = "python -m armsflow prepare"
            fix = _("run {command}, and show the package that it writes.", command=command)
            raise DataError([Problem(DESCRIPTOR, what, fix)])
    except EngineError as error:
        raise DataError([Problem("ARMSFLOW_ENGINE", error.what, error.fix)]) from None
    if size_of_rows(directory) >= LARGE:
        return open_prepared(prepare_cached(directory))
    return build(_checked(directory))


def load_earlier(directory: Path, version: str) -> Iterator[Dataset]:
    """Load the versions of a package that are kept, but for the one named; the newest first.

    Each is loaded when it is asked for. One that cannot be read is left out.
    """
    for kept in kept_versions(directory):
        package = read_version(directory, kept)[0] if kept != version else None
        if package is not None:
            yield build(package)


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
    """Return the folder of a package in the cache; prepare the package if it is not there.

    The name of the folder is a digest of every file of the package. So a changed package is never
    taken for the one that was prepared.

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
            what, fix = _("its files change while they are read."), _("load the page again.")
            raise DataError([Problem(DESCRIPTOR, what, fix)])
    return folder


def _keep_prepared(directory: Path) -> Path:
    """Return a copy of a prepared package in the cache, since rows are read while people look."""
    problems = preparation.verify(directory)[1]
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
        if file.is_file() and not file.name.startswith("."):
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
    tables |= {name: FURTHER[name] for name in FURTHER_TABLES if name not in tables}
    # A log from before its rows named their version lists nothing, and stops nothing.
    log = FURTHER["corrections"].columns
    tables["corrections"] = tables["corrections"].reindex(columns=log, fill_value="")
    places = tables["places"]
    places = gpd.GeoDataFrame(
        places, geometry=gpd.points_from_xy(places["lon"], places["lat"]), crs=CRS
    )
    corridors = _corridors(tables["corridors"], tables["waypoints"], places)
    whole = tally(engine, tables["weapon_types"])
    return Dataset(
        **tables | {"places": places, "corridors": corridors},
        spots=spots,
        vocabulary=read_vocabulary(
            tables["weapon_types"], tables["destinations"], whole, package.descriptor["created"]
        ),
        descriptor=package.descriptor,
        digest=digest,
        engine=engine,
        tallies=NarrowedTallies(whole, frozenset(tables["weapon_types"].index)),
    )


FURTHER: Final[dict[str, pd.DataFrame]] = {
    "reviews": pd.DataFrame(columns=["reviewed", "result"], index=pd.Index([], name="incident_id")),
    "origins": pd.DataFrame(columns=["incident_id", "origin", "label", "source_ids"]),
    "corrections": pd.DataFrame(
        columns=["version", "date", "table", "record", "field", "before", "after", "why"]
    ),
    "translations": pd.DataFrame(
        columns=["record", "table", "column", "language", "text", "made_from"]
    ),
}
"""What a package that lacks these tables has in their place."""


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
