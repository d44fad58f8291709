"""Tallies: how many incidents are alike in everything that they are filtered and counted by."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import narwhals as nw
import pandas as pd

from armsflow.dataset import preparation
from armsflow.dataset.engine import Engine

FILTERED_BY: Final = ("destination", "link_basis", "event_type", "first_year", "last_year")
"""Columns that a selection filters, besides weapons."""

COUNTED_BY: Final = ("scope", "month", "month_end", "date_basis", "precision", "line", "spot")
"""Further columns by which incidents are counted."""

COUNTS: Final = ("events", "others", "strong", "single", "stopped", "there")
"""What is counted: documented incidents; claims and running totals; documented incidents with a
strong link to Libya; those that rest on one origin, a statement or report, however many documents
repeat it; those stopped on the way to their destination; those found or used there."""


@dataclass(frozen=True, eq=False)
class Tallies:
    """How many incidents are alike in everything that they are filtered and counted by.

    Parameters
    ----------
    incidents
        A row for each combination of :data:`FILTERED_BY`, ``weapons`` and :data:`COUNTED_BY`, with
        :data:`COUNTS`.
    items
        A row for each combination of :data:`FILTERED_BY` and ``weapon_type``. ``counted`` is the
        number of items of documented incidents, without alternative counts and parts of another
        row; ``stated`` is the number of those that state a quantity.
    citations
        A row for each combination of :data:`FILTERED_BY`, ``weapons`` and ``source_id``, with
        ``events`` and ``others``.
    sets
        The weapon types of each code in ``weapons``.
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
    stopped: int
    there: int


@dataclass(frozen=True, eq=False)
class NarrowedTallies:
    """The tallies of what a selection asks for; they are filtered when they are first read.

    Parameters
    ----------
    whole
        Tallies of the whole package.
    wanted
        Weapon types that the selection asks for.
    conditions
        What the selection asks for besides weapons. Each condition can filter rows and tallies.
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
    def results(self) -> dict[tuple[str, ...], pd.DataFrame]:
        """Counts that were made before, by the columns that they are counted by."""
        return {}


def keep(frame: nw.LazyFrame[Any], *conditions: nw.Expr) -> nw.LazyFrame[Any]:
    """Keep the rows that meet every condition; all of them if there is none."""
    return frame.filter(*conditions) if conditions else frame


def to_pandas(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Compute a table, and return it with texts as Python strings."""
    table = frame.collect().to_pandas()
    texts = [name for name, kind in table.dtypes.items() if isinstance(kind, pd.StringDtype)]
    # On the few rows that are ever read, Python strings are several times faster to take and
    # compare than Arrow-backed ones (bench/README.md).
    return table.astype(dict.fromkeys(texts, "object"))


def tally(engine: Engine, weapon_types: pd.DataFrame) -> Tallies:
    """Count the rows of a package once by every column that can be filtered or counted by.

    Parameters
    ----------
    engine
        Has the rows, and counts them.
    weapon_types
        Index weapon type, in the order of the package.
    """
    filtered, rows = list(FILTERED_BY), untallied(engine)
    by_incident = _tallied(rows.incidents, [*filtered, "weapons", *COUNTED_BY], COUNTS)
    bits = preparation.weapon_bits(weapon_types)
    return Tallies(
        incidents=_small(by_incident),
        items=_small(_tallied(rows.items, [*filtered, "weapon_type"], ["counted", "stated"])),
        citations=_small(
            _tallied(rows.citations, [*filtered, "weapons", "source_id"], ["events", "others"])
        ),
        sets={
            int(code): frozenset(one for one, bit in bits.items() if code & bit)
            for code in by_incident["weapons"].unique()
        },
    )


def untallied(engine: Engine) -> Tallies:
    """Return the rows of an engine in the form of tallies, each row counting as one."""
    incidents = engine.table("incidents")
    keys = incidents.select("incident_id", *FILTERED_BY, "weapons", "events", "others")
    items = engine.table("items").select("incident_id", "weapon_type", "counted", "stated")
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


def _small(table: pd.DataFrame) -> nw.LazyFrame[Any]:
    """Keep a tally in little memory: texts as categories, years as short integers."""
    short: dict[str, Any] = {}
    for name, column in table.items():
        if not pd.api.types.is_integer_dtype(column):
            short[str(name)] = "category"
        elif str(name).endswith("_year"):
            short[str(name)] = "int16"
    return nw.from_native(table.astype(short)).lazy()
