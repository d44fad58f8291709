"""What can be in focus: an incident, a corridor, a link, a place or a source."""

from typing import Any

import narwhals as nw

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.selection.selection import destination_codes


def is_focusable(identifier: str, dataset: Dataset) -> bool:
    """Tell whether an identifier names a corridor, a link, a place, an incident or a source."""
    link = identifier.removeprefix("link-")
    return bool(identifier) and (
        identifier in dataset.corridors.index
        or identifier in dataset.places.index
        or identifier in dataset.sources.index
        or (link != identifier and link in dataset.destinations.index and link != ORIGIN)
        or is_incident(identifier, dataset)
    )


def is_incident(identifier: str, dataset: Dataset) -> bool:
    """Tell whether an identifier is that of an incident of the whole package."""
    rows = dataset.engine.table("incidents").filter(nw.col("incident_id") == identifier)
    return len(rows.select("row").head(1).collect()) > 0


def focus_identifiers(dataset: Dataset) -> list[str]:
    """Return everything that can be in focus, in a fixed order."""
    links = [f"link-{code}" for code in destination_codes(dataset) if code != ORIGIN]
    rows = dataset.engine.table("incidents").select("row", "incident_id").sort("row")
    incidents = rows.collect()["incident_id"].to_list()
    tables = (dataset.corridors.index, incidents, dataset.places.index, dataset.sources.index)
    return links + [str(identifier) for table in tables for identifier in table]


def in_focus(focus: str, shown: Dataset) -> nw.LazyFrame[Any]:
    """Return the rows that a focus is about: on a line, at a place, from a source, or one.

    Parameters
    ----------
    focus
        As in :class:`~armsflow.selection.selection.Selection`. A mark of several places is about
        all of them.
    shown
        The dataset after a selection.
    """
    rows = shown.rows()
    if focus in shown.sources.index:
        citing = shown.engine.table("citations").filter(nw.col("source_id") == focus)
        return rows.join(citing, on="incident_id", how="semi")
    if focus in shown.spots.index:
        return rows.filter(nw.col("spot") == focus)
    if focus in shown.places.index:
        return rows.filter(nw.col("place_id") == focus)
    if focus in shown.corridors.index or focus.startswith("link-"):
        return rows.filter(nw.col("line") == focus)
    return rows.filter(nw.col("incident_id") == focus)


def is_hidden(focus: str, shown: Dataset) -> bool:
    """Tell whether the filters hide what is in focus: it is not drawn and has no rows."""
    return (
        bool(focus)
        and focus not in shown.corridors.index
        and focus not in summary.count_by(shown, "line").index
        and summary.is_empty(in_focus(focus, shown))
    )
