"""A selection in words: headline, counts, filters."""

from dataclasses import dataclass

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset, labels
from armsflow.dataset.preparation import ORIGIN
from armsflow.selection.selection import (
    Selection,
    chosen_types,
    default_selection,
    destination_codes,
    types_of_group,
    weapon_groups,
)
from armsflow.words import aside_words, enumerate_words, plural, store_words


@dataclass(frozen=True)
class Sentence:
    """A selection in words.

    Parameters
    ----------
    headline
        The finding, e.g. "Ammunition: 12 documented incidents in or on the way to …".
    counts
        "n of N documented incidents, m sources", and how many of the n a reader added.
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
    among = f" ({counted:,} of the {found.events:,} unpublished)" if counted else ""
    return Sentence(
        headline=_headline(selection, shown, whole),
        counts=(
            f"{found.events:,} of {plural(every, 'documented incident')}{among}, "
            f"{plural(summary.count_sources(shown), 'source')}"
        ),
        filters=_filters(selection, whole),
        aside=aside_words(found.others, len(own) - counted),
    )


def weapon_words(selection: Selection, dataset: Dataset) -> str:
    """Say which weapons a selection asks for, e.g. "Small arms and Ammunition"."""
    if not selection.weapon:
        return "All weapons"
    chosen = chosen_types(dataset, selection.weapon)
    names = dataset.weapon_types["label"]
    words = []
    for group, label in weapon_groups(dataset).items():
        members = types_of_group(dataset, group)
        wanted = [code for code in members if code in chosen]
        if tuple(wanted) == members and len(members) > 1:
            words.append(label)
        else:
            words += [names[code] for code in wanted]
    return enumerate_words(words) if len(words) <= 3 else f"{len(words)} kinds of weapon"


def destination_words(selection: Selection, dataset: Dataset) -> str:
    """Say which destinations outside Libya a selection asks for; empty if none."""
    focus = set(destination_codes(dataset, "focus"))
    outside = [code for code in selection.destinations if code != ORIGIN]
    if not selection.destinations:
        return "all destinations"
    if set(outside) == focus:
        return "all five destinations" if len(focus) == 5 else "all focus destinations"
    return enumerate_words([str(dataset.destinations.loc[code, "label"]) for code in outside])


def _headline(selection: Selection, shown: Dataset, whole: Dataset) -> str:
    weapons = weapon_words(selection, whole)
    destinations = destination_words(selection, whole)
    inside = int(summary.events_by(shown, "destination").get(ORIGIN, 0))
    outside = shown.totals.events - inside
    stores = f"{store_words(inside)} inside Libya"
    if not destinations:
        found = stores if inside else "no documented store or find inside Libya in these sources"
    elif outside:
        found = f"{plural(outside, 'documented incident')} in or on the way to {destinations}"
    else:
        found = f"no documented incident in these sources for {destinations}"
    period = _period(selection, shown)
    if destinations and inside:
        found += f", and {stores}"
    return f"{weapons}: {found}" + (f", {period}" if period else "")


def _period(selection: Selection, shown: Dataset) -> str:
    if selection.years:
        first, last = selection.years
    elif (span := summary.years(shown)) is not None:
        first, last = span
    else:
        return ""
    return str(first) if first == last else f"{first}–{last}"


def _filters(selection: Selection, dataset: Dataset) -> str:
    parts = []
    if selection.weapon:
        parts.append(f"Weapons: {_weapon_list(selection, dataset)}")
    if selection.destinations != default_selection(dataset).destinations:
        names = dataset.destinations["label"]
        chosen = [str(names[code]) for code in selection.destinations]
        parts.append(f"Destinations: {', '.join(chosen) or 'all'}")
    if selection.years:
        parts.append(f"Years: {_period(selection, dataset)}")
    for key, field, title in (
        ("basis", "link_basis", "Link to Libya"),
        ("event", "event_type", "Kind of event"),
    ):
        chosen = [labels(dataset, "incidents", field)[code] for code in getattr(selection, key)]
        if chosen:
            parts.append(f"{title}: {', '.join(chosen)}")
    return ". ".join(parts) + "." if parts else "No filter: all weapons, years and kinds of event."


def _weapon_list(selection: Selection, dataset: Dataset) -> str:
    names = weapon_groups(dataset) | dataset.weapon_types["label"].to_dict()
    return ", ".join(str(names[code]) for code in selection.weapon)
