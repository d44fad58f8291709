"""The rows of the legend."""

from collections.abc import Iterator
from dataclasses import dataclass

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.picture import style
from armsflow.selection.selection import destination_codes


@dataclass(frozen=True)
class LegendEntry:
    """One row of the legend.

    Parameters
    ----------
    section
        Heading under which the row stands.
    label
        The words.
    symbol
        What is drawn beside them: ``colour``, ``width``, ``form``, ``link``, ``place``,
        ``area``, ``store``, ``claim_place``, ``members``, ``disputed`` or ``unpublished``.
    colour
        Colour of the symbol.
    value
        Class index, line form or abbreviation, as the symbol needs.
    """

    section: str
    label: str
    symbol: str
    colour: str
    value: int | str = 0


UNPUBLISHED_ENTRY = LegendEntry(
    "Incidents at a place", "unpublished, added by a reader", "unpublished", style.INK, 1
)
"""Row of the legend that only data with such incidents have."""


def legend(dataset: Dataset) -> tuple[LegendEntry, ...]:
    """Return the whole legend: the same rows for every selection, so nothing is ever missing."""
    return tuple(_legend(dataset))


def _legend(dataset: Dataset) -> Iterator[LegendEntry]:
    section = "Destination"
    for code in destination_codes(dataset, "focus"):
        record = dataset.destinations.loc[code]
        colour = style.destination_colour(code)
        yield LegendEntry(
            section, str(record["label"]), "colour", colour, str(record["abbreviation"])
        )
    yield LegendEntry(section, "others, by choice", "colour", style.ONWARD_COLOUR, "··")
    section = "Boundary"
    yield LegendEntry(section, "international", "boundary", style.BOUNDARY)
    yield LegendEntry(section, "disputed", "disputed", style.BOUNDARY)
    section = "Documented incidents on a line"
    for number, words in enumerate(style.class_labels(style.LINE_CLASS_STARTS)):
        yield LegendEntry(section, words, "width", style.INK, number)
    section = "Route"
    yield LegendEntry(section, "described by a source", "width", style.INK, 1)
    yield LegendEntry(section, "not stated (one arc a destination)", "link", style.INK, 1)
    section = "How the link to Libya is known"
    for words, form in (
        ("traced, marked or officially stated", style.SOLID),
        ("reported only", style.DASHED),
        ("claims or description only", style.DOTTED),
    ):
        yield LegendEntry(section, words, "form", style.INK, form)
    section = "Incidents at a place"
    for number, words in enumerate(style.class_labels(style.PLACE_CLASS_STARTS)):
        yield LegendEntry(section, words, "place", style.SEVERAL_COLOUR, number)
    yield LegendEntry(section, "area, not a spot", "area", style.SEVERAL_COLOUR, 1)
    yield LegendEntry(section, "claims only", "claim_place", style.SEVERAL_COLOUR, 1)
    yield LegendEntry(
        section, "store in Libya, by choice", "store", style.destination_colour(ORIGIN), 1
    )
    if (dataset.spots["members"] > 1).any():
        yield LegendEntry(section, "so many places in one mark", "members", style.INK, "12")
    if dataset.unpublished:
        yield UNPUBLISHED_ENTRY
