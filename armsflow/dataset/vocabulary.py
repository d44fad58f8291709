"""What a selection can be made of: weapon types, destinations and years of a package."""

from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from armsflow.dataset.tallies import Tallies


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
        First and last year in which any incident may have happened; without any incident, the
        year of the data.
    """

    weapon_types: dict[str, tuple[str, ...]]
    destinations: dict[str, str]
    years: tuple[int, int]


def read_vocabulary(
    weapon_types: pd.DataFrame, destinations: pd.DataFrame, tallies: Tallies, created: str
) -> Vocabulary:
    """Work out what a selection of a package can be made of; *created* is the day of its data."""
    types = weapon_types.sort_values("order")
    ordered = destinations.sort_values("order")
    first, last = nw.col("first_year").min(), nw.col("last_year").max()
    found = tallies.incidents.select(first, last).collect().row(0)
    years = [int(created[:4]) if pd.isna(year) else int(year) for year in found]
    return Vocabulary(
        {str(group): tuple(rows.index) for group, rows in types.groupby("group", sort=False)},
        dict(zip(ordered.index, ordered["role"], strict=True)),
        (years[0], years[1]),
    )
