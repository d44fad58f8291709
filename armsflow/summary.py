"""Counts of documented incidents: by weapon group, line, place and evidence.

Only events are counted. Running totals and claims are carried along beside the count, never in
it. Quantities of weapons are never added up here: units and sources differ.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from armsflow.dataset import Dataset
from armsflow.selection import ORIGIN, destination_codes

STRONG_BASES = frozenset({"traced", "markings", "official_statement"})
"""Link bases that make a line solid: lot or serial numbers, marks, or a named office."""


def count_sources(dataset: Dataset) -> int:
    """Count the sources that the dataset's events cite, each once."""
    return len(set().union(*dataset.events["source_ids"]))


def events_by_group(dataset: Dataset) -> pd.Series:
    """Count events by weapon group; an event counts once in each group that it has items of.

    Returns
    -------
    counts
        Indexed by group code; groups without an event are absent. The counts overlap, so their
        sum means nothing.
    """
    items = dataset.items
    counted = items["incident_id"].isin(dataset.events.index) & items["matches"]
    return items.loc[counted, ["incident_id", "group"]].drop_duplicates()["group"].value_counts()


def count_by(incidents: pd.DataFrame, key: pd.Series) -> pd.DataFrame:
    """Count what lies on each line or at each place.

    Parameters
    ----------
    incidents
        Rows of ``Dataset.incidents`` (``scope`` and ``link_basis`` are read).
    key
        The line or place of each incident, aligned with *incidents*; empty keys are left out.

    Returns
    -------
    counts
        Indexed by key: ``events``, ``others`` (claims and running totals), and ``strong``,
        whether at least one event is traced, marked or officially stated.
    """
    named = (key != "").to_numpy()
    codes, names = pd.factorize(key[named])
    event = (incidents["scope"] == "event").to_numpy()[named]
    strong = event & incidents["link_basis"].isin(STRONG_BASES).to_numpy()[named]

    def count(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(codes[flags], minlength=len(names))

    return pd.DataFrame(
        {"events": count(event), "others": count(~event), "strong": count(strong) > 0},
        index=pd.Index(names, name="key"),
    )


def events_by_basis(dataset: Dataset) -> pd.Series:
    """Count events by how a source ties the arms to Libya."""
    return pd.Series(dataset.events["link_basis"].value_counts())


def events_by_destination(dataset: Dataset) -> pd.Series:
    """Count events by destination, the most first, in display order where counts are equal."""
    counts = pd.Series(dataset.events["destination"].value_counts())
    rank = {code: place for place, code in enumerate(destination_codes(dataset))}
    return counts.loc[sorted(counts.index, key=lambda code: (-counts[code], rank[code]))]


def events_with_one_source(dataset: Dataset) -> int:
    """Count the events that rest on a single document."""
    return int((dataset.events["source_ids"].map(len) == 1).sum())


def items_with_quantity(dataset: Dataset) -> tuple[int, int]:
    """Count the matching items of events that state a quantity, and all of them.

    Alternative counts and parts of another row are left out, so each weapon is one item.
    """
    items = dataset.items
    counted = items["incident_id"].isin(dataset.events.index) & items["matches"]
    counted &= items["counting"] == "own"
    return int(items.loc[counted, "quantity"].notna().sum()), int(counted.sum())


def facts(shown: Dataset) -> list[str]:
    """Say in two to five sentences how much is known of what is shown.

    Every number is counted from the dataset.
    """
    events = shown.events
    count = len(events)
    if not count:
        reports = f"Reports without a single event: {len(shown.incidents)}, listed, not counted."
        return [
            "These sources hold no documented incident for this selection.",
            "That does not mean that nothing passed.",
            *([reports] if len(shown.incidents) else []),
        ]
    found = []
    by_destination = events_by_destination(shown)
    if len(by_destination) > 1:
        first = str(shown.destinations.loc[by_destination.index[0], "label"])
        found.append(f"Most incidents: {first}, {by_destination.iloc[0]} of {count}.")
    outside = events[events["destination"] != ORIGIN]
    if len(outside):
        stated = int((outside["corridor_id"] != "").sum())
        found.append(f"A route is stated for {stated} of {len(outside)} incidents.")
    strong = int(events["link_basis"].isin(STRONG_BASES).sum())
    found.append(
        f"The link to Libya is traced, marked or officially stated in {strong} of {count}, "
        "otherwise reported."
    )
    found.append(f"{events_with_one_source(shown)} of {count} rest on a single document.")
    known, items = items_with_quantity(shown)
    found.append(f"A number is stated for {known} of {items} weapon items; they are not added up.")
    return found
