"""What the reader asks for, what remains of the dataset after it, and the words for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import narwhals as nw

from armsflow import summary
from armsflow.dataset import Asked, Dataset, labels
from armsflow.preparation import ORIGIN

Query = dict[str, list[str]]

ALL = "all"
"""How a query says that a dimension is not restricted although its default is."""


@dataclass(frozen=True)
class Selection:
    """What the reader asks for; an empty tuple restricts nothing.

    Field names are widget keys and URL keys.

    Parameters
    ----------
    weapon
        Codes of weapon groups and of single weapon types; a chosen type narrows its group.
    destinations
        Codes of destinations; ``libya`` stands for the stores and markets inside Libya.
    years
        First and last year, both included; ``None`` for all.
    basis
        Codes of how a source ties the arms to Libya.
    event
        Codes of kinds of event.
    focus
        Identifier of the corridor, link, place, incident or source in focus, or empty. It
        filters nothing.
    """

    weapon: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    basis: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    focus: str = ""


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


# ---------------------------------------------------------------- vocabulary of a selection


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


# ---------------------------------------------------------------- to and from a URL


def from_query(query: Mapping[str, Sequence[str]], dataset: Dataset) -> Selection:
    """Read a selection from URL parameters, which are input from strangers.

    Parameters
    ----------
    query
        Values by key; a key may hold several values, and a value several codes between commas.
        Unknown keys and unknown values are passed over, so a bad value means the default.
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
        elif field.name == "focus":
            query["focus"] = [value]
        else:
            query[field.name] = list(value) or [ALL]
    return query


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
        As in :class:`Selection`; a mark that stands for several places is about all of them.
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


def in_order(chosen: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the known codes that were chosen, each once, in display order."""
    wanted = set(chosen)
    return tuple(code for code in known if code in wanted)


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


# ---------------------------------------------------------------- a dataset after a selection


def apply(dataset: Dataset, selection: Selection) -> Dataset:
    """Return the part of a dataset that a selection asks for.

    An incident is kept when any of its items match; it keeps all its items, and the column
    ``matches`` of ``items`` says which ones were asked for. A corridor is kept when a kept
    incident lies on it; without any filter on weapon, years, basis or event also when a source
    only describes it.
    """
    asked = dataset.asked
    wanted = chosen_types(dataset, selection.weapon) & asked.wanted
    asked = Asked(asked.whole, wanted, asked.conditions + conditions(selection))
    shown = replace(dataset, asked=asked)
    corridors = dataset.corridors
    kept = corridors.index.isin(summary.count_by(shown, "line").index)
    if not (selection.weapon or selection.years or selection.basis or selection.event):
        described = corridors["destination"].isin(selection.destinations).to_numpy()
        kept |= described | (not selection.destinations)
    return replace(shown, corridors=corridors[kept])


def conditions(selection: Selection) -> tuple[nw.Expr, ...]:
    """Return what a selection asks for besides weapons; it holds for rows and for tallies.

    An incident whose month or day is not stated matches every year that it may have happened in.
    """
    asked = [
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
        asked += [nw.col("first_year") <= end, nw.col("last_year") >= start]
    return tuple(asked)


def chosen_types(dataset: Dataset, weapon: Sequence[str]) -> frozenset[str]:
    """Return the weapon types that a choice of groups and types stands for.

    A type narrows its own group and leaves the other groups as they are; no choice means every
    type.
    """
    if not weapon:
        return frozenset(dataset.weapon_types.index)
    types: set[str] = set()
    for group in weapon_groups(dataset):
        members = set(types_of_group(dataset, group))
        narrowed = members & set(weapon)
        types |= narrowed or (members if group in weapon else set())
    return frozenset(types)


# ---------------------------------------------------------------- a selection in words


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


def plural(count: int, noun: str) -> str:
    """Write a count with its noun, e.g. "1 incident", "2 incidents"."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def store_words(count: int) -> str:
    """Count stores and finds, e.g. "1 documented store or find"."""
    return "1 documented store or find" if count == 1 else f"{count:,} documented stores and finds"


def aside_words(count: int, unpublished: int = 0) -> str:
    """Say how much is listed without being counted; empty if nothing is."""
    if not count:
        return ""
    reports = (
        "1 general report or running total"
        if count == 1
        else f"{count:,} general reports and running totals"
    )
    among = f" ({unpublished:,} unpublished)" if unpublished else ""
    return f"{reports}{among} listed, not counted"


def enumerate_words(words: Sequence[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


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
