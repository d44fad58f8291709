"""What the reader asks for, what remains of the dataset after it, and the words for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import narwhals as nw

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset, labels
from armsflow.dataset.tallies import NarrowedTallies

FRAMES: Final = (
    "region", "sahara", "algeria", "tunisia", "egypt", "sinai", "south", "mediterranean",
    "libya", "wide",
)  # fmt: skip
"""Codes of the frames of a map (:mod:`armsflow.picture.frames`), as a number counts them."""

LEVELS: Final = ("overview", "routes")
"""What the map of the whole region shows first: an arrow a destination, or every route."""

LANGUAGES: Final = ("fr", "ar")
"""Languages besides English, as a number counts them; a new one comes last."""

ALL = "all"
"""How a query says that nothing is restricted where the default restricts something."""


@dataclass(frozen=True)
class Selection:
    """What the reader asks for; an empty tuple restricts nothing.

    Field names are widget keys and URL keys.

    Parameters
    ----------
    weapon
        Codes of weapon groups and of single weapon types; a chosen type narrows its group.
    destinations
        Codes of destinations; ``libya`` means the stores and markets inside Libya.
    years
        First and last year, both included; ``None`` for all.
    basis
        Codes of how a source ties the arms to Libya.
    event
        Codes of kinds of event.
    focus
        Identifier of the corridor, link, place, incident or source in focus, or empty. It
        filters nothing.
    frame
        Code of the frame of the map; empty for the one that what is shown needs. It filters
        nothing.
    show
        One of :data:`LEVELS`; empty for the overview where the whole region is shown and nothing is
        in focus, else the routes.
    language
        One of :data:`LANGUAGES`, or empty for English. It filters nothing.
    """

    weapon: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    basis: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    focus: str = ""
    frame: str = ""
    show: str = ""
    language: str = ""


UNCLEAR: Final = "unspecified"
"""Group of the weapons whose type is not clear; its label says so only by itself."""


def weapon_groups(dataset: Dataset) -> dict[str, str]:
    """Return the words for each weapon group, in display order."""
    return labels(dataset, "weapon_types", "group")


def weapon_codes(dataset: Dataset) -> tuple[str, ...]:
    """Return the codes of weapon groups, then of single types, each once, in display order."""
    types = dataset.vocabulary.weapon_types
    groups = weapon_groups(dataset)
    return tuple(
        dict.fromkeys([*groups, *(code for group in groups for code in types.get(group, ()))])
    )


def types_of_group(dataset: Dataset, group: str) -> tuple[str, ...]:
    """Return the weapon types of a group, in display order."""
    return dataset.vocabulary.weapon_types.get(group, ())


def destination_codes(dataset: Dataset, *roles: str) -> tuple[str, ...]:
    """Return the destinations that have one of the roles (all if none is named), in order."""
    known = dataset.vocabulary.destinations
    return tuple(code for code, role in known.items() if not roles or role in roles)


def year_range(dataset: Dataset) -> tuple[int, int]:
    """Return the first and last year in which any incident of the package may have happened."""
    return dataset.vocabulary.years


def default_selection(dataset: Dataset) -> Selection:
    """Return what is shown before anybody chose anything: the five focus destinations."""
    return Selection(destinations=destination_codes(dataset, "focus"))


def in_order(chosen: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the known codes that were chosen, each once, in display order."""
    wanted = set(chosen)
    return tuple(code for code in known if code in wanted)


def apply(dataset: Dataset, selection: Selection) -> Dataset:
    """Return the part of a dataset that a selection asks for.

    An incident is kept if any of its items match. It keeps all its items; the column ``matches`` of
    ``items`` says which ones were asked for. A corridor is kept if a kept incident is on it. If
    nothing filters weapon, years, basis or event, a corridor that a source only describes is kept
    too.
    """
    tallies = dataset.tallies
    wanted = chosen_types(dataset, selection.weapon) & tallies.wanted
    tallies = NarrowedTallies(tallies.whole, wanted, tallies.conditions + conditions(selection))
    shown = replace(dataset, tallies=tallies)
    corridors = dataset.corridors
    kept = corridors.index.isin(summary.count_by(shown, "line").index)
    if not (selection.weapon or selection.years or selection.basis or selection.event):
        described = corridors["destination"].isin(selection.destinations).to_numpy()
        kept |= described | (not selection.destinations)
    return replace(shown, corridors=corridors[kept])


def conditions(selection: Selection) -> tuple[nw.Expr, ...]:
    """Return what a selection asks for besides weapons, to filter rows or tallies with.

    An incident whose month or day is not stated matches every year that it may have happened in.
    """
    found = [
        nw.col(column).is_in(chosen)
        for column, chosen in (
            ("destination", selection.destinations),
            ("link_basis", selection.basis),
            ("event_type", selection.event),
        )
        if chosen
    ]
    if selection.years:
        start, end = selection.years
        found += [nw.col("first_year") <= end, nw.col("last_year") >= start]
    return tuple(found)


def chosen_types(dataset: Dataset, weapon: Sequence[str]) -> frozenset[str]:
    """Return the weapon types that a choice of groups and types asks for.

    A type narrows its group and leaves the other groups as they are. No choice means every type.
    """
    if not weapon:
        return frozenset(dataset.weapon_types.index)
    types: set[str] = set()
    for group in weapon_groups(dataset):
        members = set(types_of_group(dataset, group))
        narrowed = members & set(weapon)
        types |= narrowed or (members if group in weapon else set())
    return frozenset(types)
