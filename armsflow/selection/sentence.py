"""A selection in words: headline, counts, filters."""

from dataclasses import dataclass
from typing import Final

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset, labels
from armsflow.selection.finding import finding, period_words
from armsflow.selection.selection import (
    UNCLEAR,
    Selection,
    chosen_types,
    default_selection,
    types_of_group,
    weapon_groups,
)
from armsflow.words import (
    aside_words,
    enumerate_words,
    incident_words,
    kind_words,
    list_names,
    plural,
    unpublished_words,
)


@dataclass(frozen=True)
class Sentence:
    """A selection in words.

    Parameters
    ----------
    headline
        The finding, e.g. "Ammunition: 12 documented incidents, 4 in Mali and 8 in Tunisia, 2013".
    counts
        "n of N documented incidents, m sources", and how many of the n a reader added; empty if
        there is none, since the headline says so.
    filters
        Every filter that is on, or that none is.
    aside
        What is listed without being counted; empty if there is nothing.
    """

    headline: str
    counts: str
    filters: str
    aside: str


def describe(selection: Selection, shown: Dataset, whole: Dataset) -> Sentence:
    """Say a selection and what it found.

    Parameters
    ----------
    selection
        What was asked for.
    shown
        The dataset after it.
    whole
        The dataset before it.
    """
    found, every = shown.totals, whole.totals.events
    own = summary.unpublished(shown)
    counted = int(own["events"].sum())
    among = unpublished_words(counted, found.events)
    return Sentence(
        headline=f"{weapon_words(selection, whole)}: {finding(selection, shown, whole)}",
        counts=_counts(found.events, every, among, summary.count_sources(shown)),
        filters=_filters(selection, whole),
        aside=aside_words(found.others, len(own) - counted),
    )


def _counts(events: int, every: int, among: str, sources: int) -> str:
    if not events:
        return ""
    if events == every:
        counted = f"{'All ' if every > 1 else ''}{incident_words(every)}"
    else:
        counted = f"{events:,} of {incident_words(every)}"
    return f"{counted}{among}, {plural(sources, 'source')}"


UNCLEAR_WORDS: Final = "Weapons of unclear type"


def weapon_words(selection: Selection, dataset: Dataset) -> str:
    """Say which weapons a selection asks for, e.g. "Small arms and ammunition"."""
    if not selection.weapon:
        return "All weapons"
    chosen = chosen_types(dataset, selection.weapon)
    names = dataset.weapon_types["label"]
    words = []
    for group, label in (weapon_groups(dataset) | {UNCLEAR: UNCLEAR_WORDS}).items():
        members = types_of_group(dataset, group)
        wanted = [code for code in members if code in chosen]
        if tuple(wanted) == members and len(members) > 1:
            words.append(label)
        else:
            words += [names[code] for code in wanted]
    if len(words) > 3:
        return f"{len(words)} kinds of weapon"
    words[1:] = map(kind_words, words[1:])
    listed = list_names(words)
    return listed if ";" in listed else enumerate_words(words)


def _filters(selection: Selection, dataset: Dataset) -> str:
    parts = []
    if selection.weapon:
        parts.append(f"Weapons: {_weapon_list(selection, dataset)}")
    if selection.destinations != default_selection(dataset).destinations:
        names = dataset.destinations["label"]
        chosen = [str(names[code]) for code in selection.destinations]
        parts.append(f"Destinations: {list_names(chosen) or 'all'}")
    if selection.years:
        parts.append(f"Years: {period_words(selection, dataset)}")
    for key, field, title in (
        ("basis", "link_basis", "Link to Libya"),
        ("event", "event_type", "Kind of event"),
    ):
        chosen = [labels(dataset, "incidents", field)[code] for code in getattr(selection, key)]
        if chosen:
            parts.append(f"{title}: {list_names(chosen)}")
    return ". ".join(parts) + "." if parts else "No filter: all weapons, years and kinds of event."


def _weapon_list(selection: Selection, dataset: Dataset) -> str:
    names = weapon_groups(dataset) | dataset.weapon_types["label"].to_dict()
    return list_names([str(names[code]) for code in selection.weapon])
