"""Tallies: how many incidents share everything that is asked for and counted by."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import narwhals as nw
import pandas as pd

from armsflow.dataset import preparation
from armsflow.dataset.engine import Engine

ASKED: Final = ("destination", "link_basis", "event_type", "first_year", "last_year")
"""Columns that a selection can ask for, besides weapons."""

SHOWN: Final = ("scope", "month", "month_end", "precision", "line", "spot")
"""Further columns by which incidents are counted."""

COUNTS: Final = ("events", "others", "strong", "single")
"""What is counted: documented incidents; claims and running totals; documented incidents with a
strong link to Libya; those that rest on a single document."""


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
