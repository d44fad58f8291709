"""A selection as the parameters of an address, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from armsflow.dataset.dataset import Dataset, labels
from armsflow.selection.focus import is_focusable
from armsflow.selection.selection import (
    ALL,
    FRAMES,
    LANGUAGES,
    LEVELS,
    Selection,
    default_selection,
    destination_codes,
    in_order,
    weapon_codes,
    year_range,
)

Query = dict[str, list[str]]

LANGUAGE_KEY = "lang"
"""Key of an address for the language of the page."""

DATA_KEY = "data"
"""Key of a printed address that says from which version of the data it was printed."""


def from_query(query: Mapping[str, Sequence[str]], dataset: Dataset) -> Selection:
    """Read a selection from URL parameters, which are input from strangers.

    Parameters
    ----------
    query
        Values by key. A key may have several values, and a value several codes between commas.
        Unknown keys and values are ignored, so a bad value means the default.
    dataset
        Says which codes, years and identifiers exist.
    """
    default = default_selection(dataset)
    known = {
        "weapon": weapon_codes(dataset),
        "destinations": destination_codes(dataset),
        "basis": labels(dataset, "incidents", "link_basis"),
        "event": labels(dataset, "incidents", "event_type"),
    }
    values: dict[str, Any] = {
        key: in_order(_split(query.get(key, ())), codes) for key, codes in known.items()
    }
    if not values["destinations"] and ALL not in _split(query.get("destinations", ())):
        values["destinations"] = default.destinations
    focus = next(iter(query.get("focus", ())), "")
    return Selection(
        **values,
        years=_years(next(iter(query.get("years", ())), ""), year_range(dataset)),
        focus=focus if is_focusable(focus, dataset) else "",
        frame=next(iter(in_order(query.get("frame", ())[:1], FRAMES)), ""),
        show=next(iter(in_order(query.get("show", ())[:1], LEVELS)), ""),
        language=next(iter(in_order(query.get(LANGUAGE_KEY, ())[:1], LANGUAGES)), ""),
    )


def to_query(selection: Selection, dataset: Dataset) -> Query:
    """Write a selection as URL parameters; what equals the default is left out."""
    default = default_selection(dataset)
    query: Query = {}
    for field in fields(Selection):
        value = getattr(selection, field.name)
        if value == getattr(default, field.name):
            continue
        if field.name == "years":
            query["years"] = [f"{value[0]}-{value[1]}"]
        elif field.name == "language":
            query[LANGUAGE_KEY] = [value]
        elif field.name in {"focus", "frame", "show"}:
            query[field.name] = [value]
        else:
            query[field.name] = list(value) or [ALL]
    return query


def _split(values: Sequence[str]) -> list[str]:
    return [code for value in values for code in value.split(",")]


def _years(text: str, limits: tuple[int, int]) -> tuple[int, int] | None:
    first, separator, last = text.partition("-")
    if not (text.isascii() and first.isdigit() and (last.isdigit() or not separator)):
        return None
    if len(first) > 4 or len(last) > 4:
        return None
    start, end = int(first), int(last or first)
    start, end = max(start, limits[0]), min(end, limits[1])
    return (start, end) if start <= end and (start, end) != limits else None
