"""A selection in words: headline, counts, filters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import N_, _, _n, comma, enumerated
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
    SHARES,
    aside_words,
    incident_words,
    kind_words,
    list_names,
    started,
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
        # Translators: {weapons} is e.g. "Small arms and ammunition" or "All weapons".
        headline=_(
            "{weapons}: {finding}",
            weapons=weapon_words(selection, whole),
            finding=finding(selection, shown, whole),
        ),
        counts=_counts(found.events, every, among, summary.count_sources(shown)),
        filters=_filters(selection, whole),
        aside=aside_words(found.others, len(own) - counted),
    )


def _counts(events: int, every: int, among: str, sources: int) -> str:
    if not events:
        return ""
    said = SHARES["documented incident"]
    if events < every:
        counted = _n(*said.some, every, part=events)
    else:
        counted = started(_n(*said.every, every)) if every > 1 else incident_words(every)
    # Translators: {counted} is "12 of 74 documented incidents"; {among} is empty, or a remark in
    # brackets with a blank before it: " (2 of the 12 unpublished)"; {sources} is "5 sources".
    return _(
        "{counted}{among}, {sources}",
        counted=counted,
        among=among,
        sources=_n("{count} source", "{count} sources", sources),
    )


UNCLEAR_WORDS: Final = N_("Weapons of unclear type")


def weapon_words(selection: Selection, dataset: Dataset) -> str:
    """Say which weapons a selection asks for, e.g. "Small arms and ammunition"."""
    if not selection.weapon:
        return _("All weapons")
    chosen = chosen_types(dataset, selection.weapon)
    names = dataset.weapon_types["label"]
    words = []
    for group, label in (weapon_groups(dataset) | {UNCLEAR: _(UNCLEAR_WORDS)}).items():
        members = types_of_group(dataset, group)
        wanted = [code for code in members if code in chosen]
        if tuple(wanted) == members and len(members) > 1:
            words.append(label)
        else:
            words += [names[code] for code in wanted]
    if len(words) > 3:
        return _n("{count} kind of weapon", "{count} kinds of weapon", len(words))
    words[1:] = map(kind_words, words[1:])
    listed = list_names(words)
    holds_commas = listed != comma().join(words)
    return listed if holds_commas else enumerated(words)


def _filters(selection: Selection, dataset: Dataset) -> str:
    parts = []
    if selection.weapon:
        parts.append(_("Weapons: {weapons}.", weapons=_weapon_list(selection, dataset)))
    if selection.destinations != default_selection(dataset).destinations:
        names = dataset.destinations["label"]
        chosen = [str(names[code]) for code in selection.destinations]
        parts.append(
            _("Destinations: {destinations}.", destinations=list_names(chosen))
            if chosen
            else _("Destinations: all.")
        )
    if selection.years:
        parts.append(_("Years: {years}.", years=period_words(selection, dataset)))
    if selection.basis:
        parts.append(
            _("Link to Libya: {links}.", links=_listed(selection.basis, "link_basis", dataset))
        )
    if selection.event:
        parts.append(
            _("Kind of event: {kinds}.", kinds=_listed(selection.event, "event_type", dataset))
        )
    return " ".join(parts) or _("No filter: all weapons, years and kinds of event.")


def _weapon_list(selection: Selection, dataset: Dataset) -> str:
    names = weapon_groups(dataset) | dataset.weapon_types["label"].to_dict()
    return list_names([str(names[code]) for code in selection.weapon])


def _listed(codes: Iterable[str], field: str, dataset: Dataset) -> str:
    names = labels(dataset, "incidents", field)
    return list_names([names[code] for code in codes])
