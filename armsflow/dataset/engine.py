"""Where incidents and items are, and what computes with them: pandas, DuckDB or Apache Spark.

All other modules use Narwhals, so the same lines run on all three.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import pandas as pd

from armsflow.language import _

TABLES = ("incidents", "items", "citations")
"""Tables of an engine, as :mod:`armsflow.dataset.preparation` writes them."""


class EngineError(Exception):
    """An engine that cannot be used.

    Parameters
    ----------
    what
        What is missing.
    fix
        What to do about it.
    """

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(_("{what} Fix: {fix}", what=what, fix=fix))
        self.what, self.fix = what, fix


class Engine(Protocol):
    """Has the tables of a data package that grow with the number of incidents."""

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """Return one of :data:`TABLES`; nothing is computed before it is collected."""
        ...


@dataclass(frozen=True, eq=False)
class InMemory:
    """pandas: for small packages, with which it is the quickest.

    Parameters
    ----------
    tables
        The tables by name.
    """

    tables: Mapping[str, pd.DataFrame]

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """Return a table; what is computed with it is computed at once."""
        return nw.from_native(self.tables[name]).lazy()


@dataclass(frozen=True, eq=False)
class OnDisk:
    """DuckDB over Parquet: rows stay on disk until somebody asks for them.

    Parameters
    ----------
    folder
        Has ``<table>.parquet`` for each table.
    """

    folder: Path

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """Return a table, on the cursor of this thread: viewers ask at the same time."""
        relation = _cursor().read_parquet(str(self.folder / f"{name}.parquet"))
        table: nw.LazyFrame[Any] = nw.from_native(relation).lazy()
        return table


@dataclass(frozen=True, eq=False)
class OnCluster:
    """Apache Spark over Parquet on storage that all its workers can read.

    Parameters
    ----------
    folder
        As for :class:`OnDisk`, under the same path on every worker.
    master
        Address of the cluster, e.g. ``spark://host:7077``.
    """

    folder: Path
    master: str

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """Return a table; the cluster reads it."""
        frame = _spark(self.master).read.parquet(str(self.folder / f"{name}.parquet"))
        table: nw.LazyFrame[Any] = nw.from_native(frame).lazy()
        return table


def is_cluster(address: str) -> bool:
    """Tell whether ``ARMSFLOW_ENGINE`` names a Spark cluster.

    Raises
    ------
    EngineError
        If it names anything else.
    """
    if address and not address.startswith("spark://"):
        raise EngineError(
            _("{name} is {value}.", name="ARMSFLOW_ENGINE", value=repr(address)),
            _("write {example}, or leave it out.", example="spark://host:port"),
        )
    return bool(address)


_LOCK = threading.Lock()
_OPEN: dict[str, Any] = {}
_OF_THREAD = threading.local()


def _cursor() -> Any:
    # Imported when first needed: most packages are small.
    import duckdb

    with _LOCK:
        if "duckdb" not in _OPEN:
            _OPEN["duckdb"] = duckdb.connect()
        if not hasattr(_OF_THREAD, "cursor"):
            _OF_THREAD.cursor = _OPEN["duckdb"].cursor()
    return _OF_THREAD.cursor


def _spark(master: str) -> Any:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError(
            _("ARMSFLOW_ENGINE names a Spark cluster, but PySpark is not installed."),
            "pip install -r requirements-spark.txt.",
        ) from None
    with _LOCK:
        if master not in _OPEN:
            try:
                _OPEN[master] = (
                    SparkSession.builder.master(master)
                    .appName("armsflow")
                    .config("spark.ui.enabled", "false")
                    .getOrCreate()
                )
            except (PySparkException, RuntimeError) as error:
                raise EngineError(
                    _(
                        "the Spark cluster {address} cannot be used ({error}).",
                        address=master,
                        error=str(error),
                    ),
                    _("install Java 17 or later, and start the cluster."),
                ) from None
        return _OPEN[master]
