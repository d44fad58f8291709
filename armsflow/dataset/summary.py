"""Counts of documented incidents: by weapon group, line, place and evidence.

Only events are counted. Running totals and claims have counts of their own beside that of events.
Quantities of weapons are never added up here: units and sources differ.
"""

from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.dataset.tallies import COUNTS, to_pandas


def count_by(dataset: Dataset, *keys: str) -> pd.DataFrame:
    """Count incidents by one or more keys.

    Parameters
    ----------
    dataset
        What is counted.
    keys
        Columns of ``Tallies.incidents``, e.g. ``line``, ``spot`` or ``month``.

    Returns
    -------
    counts
        Indexed by key, in the order of the keys, with :data:`armsflow.dataset.tallies.COUNTS`.
        Incidents whose first key is empty are left out.
    """
    results = dataset.tallies.results
    if keys not in results:
        table = _grouped(dataset.tallies.incidents, keys)
        stated = table.index.get_level_values(0) != ""
        results[keys] = table if stated.all() else table[stated]
    return results[keys]


def _grouped(incidents: nw.LazyFrame[Any], keys: tuple[str, ...]) -> pd.DataFrame:
    """Add up :data:`armsflow.dataset.tallies.COUNTS` by keys, which become the index, sorted."""
    table = nw.to_native(incidents)
    if not isinstance(table, pd.DataFrame):
        grouped = to_pandas(incidents.group_by(*keys).agg(nw.col(*COUNTS).sum()).sort(*keys))
        grouped = grouped.astype(dict.fromkeys(COUNTS, "int64"))
        return grouped.set_index(list(keys) if len(keys) > 1 else keys[0])
    # Tallies are always in memory. For so few rows numpy is several times faster than grouping.
    factors = [_factor(table[key]) for key in keys]
    shape = tuple(max(len(values), 1) for _, values in factors)
    numbers = np.ravel_multi_index([codes for codes, _ in factors], shape)
    seen, which = np.unique(numbers, return_inverse=True)
    sums = {
        count: np.bincount(which, table[count].to_numpy(), len(seen)).astype("int64")
        for count in COUNTS
    }
    codes: Any = np.unravel_index(seen, shape)
    levels: Any = [values for _, values in factors]
    index = (
        pd.MultiIndex(levels=levels, codes=codes, names=keys, verify_integrity=False)
        if len(keys) > 1
        else levels[0].take(codes[0])
    )
    return pd.DataFrame(sums, index=index)


def _factor(column: pd.Series) -> tuple[NDArray[np.integer[Any]], pd.Index]:
    """Return a column as codes, and what each code stands for, in order."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        values = column.cat.categories.astype("object").rename(column.name)
        return column.cat.codes.to_numpy("int64"), values
    found, codes = np.unique(column.to_numpy(), return_inverse=True)
    return codes, pd.Index(found, name=column.name)


def events_by(dataset: Dataset, key: str) -> pd.Series:
    """Count documented incidents by a column of ``Tallies.incidents``; zeros are left out."""
    events = count_by(dataset, key)["events"]
    return events[events > 0]


def count_sources(dataset: Dataset) -> int:
    """Count the sources that the dataset's events cite, each once."""
    return len(events_by_source(dataset))


def events_by_source(dataset: Dataset, *, others: bool = False) -> pd.Series:
    """Count the events that cite each source.

    Parameters
    ----------
    dataset
        What is counted.
    others
        Whether to count claims and running totals instead.
    """
    count = "others" if others else "events"
    results = dataset.tallies.results
    if ("source_id", count) not in results:
        results["source_id", count] = _by_source(dataset, count)
    return results["source_id", count][count]


def _by_source(dataset: Dataset, count: str) -> pd.DataFrame:
    cited = dataset.tallies.citations.filter(nw.col(count) > 0)
    table = to_pandas(cited.group_by("source_id").agg(nw.col(count).sum()))
    table = table.astype({"source_id": "object", count: "int64"})
    return table.set_index("source_id").sort_index()


def events_by_group(dataset: Dataset) -> pd.Series:
    """Count events by weapon group; an event counts once in each group that it has items of.

    Returns
    -------
    counts
        Indexed by group code, the most first; groups without an event are absent. The counts
        overlap, so their sum means nothing.
    """
    events = events_by(dataset, "weapons")
    tally = dict.fromkeys(dataset.vocabulary.weapon_types, 0)
    for code, count in events.items():
        for group in groups_of(dataset, int(str(code))):
            tally[group] += count
    counts = pd.Series(tally, name="events", dtype="int64")
    return counts[counts > 0].sort_values(ascending=False, kind="stable")


def groups_of(dataset: Dataset, weapons: int) -> list[str]:
    """Return the weapon groups that were asked for and have a type in a set of weapon types.

    Parameters
    ----------
    dataset
        What is counted.
    weapons
        Code of the set, as in ``Tallies.sets``.
    """
    types = dataset.tallies.whole.sets[weapons] & dataset.tallies.wanted
    groups = dataset.vocabulary.weapon_types
    return [group for group, members in groups.items() if not types.isdisjoint(members)]


def events_by_destination(dataset: Dataset) -> pd.Series:
    """Count events by destination, the most first, in display order where counts are equal."""
    counts = events_by(dataset, "destination")
    rank = {code: place for place, code in enumerate(dataset.vocabulary.destinations)}
    return counts.loc[sorted(counts.index, key=lambda code: (-counts[code], rank[code]))]


def events_on_corridors(dataset: Dataset, *, outside: bool = False) -> int:
    """Count the events whose route a source states; *outside*: those that left Libya only."""
    events = count_by(dataset, "line", "destination")["events"]
    lines, destinations = (events.index.get_level_values(level) for level in (0, 1))
    stated = events[lines.isin(dataset.corridors.index) & ~(outside & (destinations == ORIGIN))]
    return int(stated.sum())


def items_with_quantity(dataset: Dataset) -> tuple[int, int]:
    """Count the matching items of events that state a quantity, and all of them.

    Alternative counts and parts of another row are left out, so each weapon is one item.
    """
    sums = dataset.tallies.items.select(nw.col("stated", "counted").sum())
    stated, counted = sums.collect().row(0)
    return int(stated or 0), int(counted or 0)


class RowCount(NamedTuple):
    """How many rows there are of incidents, and how many sources they cite."""

    events: int
    others: int
    cited: int


def count_rows(rows: nw.LazyFrame[Any], dataset: Dataset) -> RowCount:
    """Count rows that have no tally, e.g. those from one source.

    Parameters
    ----------
    rows
        A part of ``Dataset.rows()``.
    dataset
        Where the rows are from.
    """
    counts = nw.col("events", "others").cast(nw.Int64).sum()
    events, others = rows.select(counts).collect().row(0)
    citations = dataset.engine.table("citations")
    cited = citations.join(rows.select("incident_id"), on="incident_id", how="semi")
    sources = cited.select("source_id").unique().collect()
    return RowCount(int(events or 0), int(others or 0), len(sources))


def unpublished(dataset: Dataset) -> pd.DataFrame:
    """Find the incidents of a dataset that a reader added and nobody published.

    Returns
    -------
    rows
        ``incident_id``, ``line``, ``spot`` and ``events`` (1 where the incident counts); empty
        for published data.
    """
    columns = ["incident_id", "line", "spot", "events"]
    if not dataset.unpublished:
        return pd.DataFrame(columns=columns)
    rows = dataset.rows().filter(nw.col("incident_id").is_in(dataset.unpublished))
    return to_pandas(rows.select(*columns))


def is_empty(rows: nw.LazyFrame[Any]) -> bool:
    """Tell whether there is no row."""
    return not len(rows.select("incident_id").head(1).collect())


def years(dataset: Dataset) -> tuple[int, int] | None:
    """Return the first and last year in which an event may have happened; ``None`` without any."""
    events = dataset.tallies.incidents.filter(nw.col("events") > 0)
    first, last = nw.col("first_year").min(), nw.col("last_year").max()
    start, end = events.select(first, last).collect().row(0)
    return None if start is None or pd.isna(start) else (int(start), int(end))
