"""Columns, keys and rows of a package as the rules ask for them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from armsflow.language import _
from armsflow.package.package import Package
from armsflow.package.problem import Kind, Problem

Rule = Callable[[Package], Iterator[Problem]]


def every_column(package: Package) -> Iterator[tuple[str, dict[str, Any], pd.Series]]:
    """Yield table name, field and column of every column of a package."""
    for name, table in package.tables.items():
        for field in package.fields(name):
            yield name, field, table[field["name"]]


def values_where(column: pd.Series, test: Callable[[pa.LargeStringArray], Any]) -> pd.Series:
    """Return the values of a column of text that meet a test of Arrow's, which is fast on any size.

    Parameters
    ----------
    column
        Any index, which the result keeps.
    test
        Takes the column, gives a boolean array.
    """
    met = test(pa.array(column.array, pa.large_string()))
    return column[met.to_numpy(zero_copy_only=False)] if pc.any(met).as_py() else column.iloc[:0]


def distinct_values(column: pd.Series) -> Any:
    """Return every value of a column once, as Python strings, which Arrow's are slow to become."""
    distinct: Any = column.unique()
    return distinct.to_numpy()


def among(column: pd.Series, known: Iterable[Any]) -> Any:
    """Tell for each value whether it is known; faster than ``isin`` where both are long."""
    wanted = set(known)
    return np.fromiter((value in wanted for value in column.to_numpy()), bool, len(column))


def key_columns(package: Package, name: str) -> list[str]:
    """Return the columns of a table's primary key."""
    key = package.resource(name)["schema"]["primaryKey"]
    return [key] if isinstance(key, str) else list(key)


def single(fields: str | list[str]) -> str:
    """Return the one field of a foreign key, which may be written as a list."""
    return fields if isinstance(fields, str) else fields[0]


def list_parts(field: dict[str, Any], value: str) -> list[str]:
    """Split the value of a list column."""
    return value.split(field.get("delimiter", ";")) if value else []


def or_empty(package: Package, name: str, column: str, fix: str) -> str:
    """Add to a fix that the cell may be left empty, where it may."""
    described = next(one for one in package.fields(name) if one["name"] == column)
    if described.get("constraints", {}).get("required"):
        return fix
    return _("{fix}, or leave the cell empty.", fix=fix.removesuffix("."))


def problem_in_row(
    package: Package, name: str, row: Any, column: str, what: str, fix: str, kind: Kind = ""
) -> Problem:
    """Describe a problem in one cell: file, row, key of the record and column."""
    record = " / ".join(package.tables[name].loc[row, key_columns(package, name)])
    path = str(package.resource(name)["path"])
    return Problem(path, what, fix, int(row), record, column, kind)
