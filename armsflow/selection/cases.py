"""The numbered incidents of a picture: which they are, and what is said of each.

Up to :data:`MOST` incidents carry a number. Of more, those are chosen whose link to Libya is
evidenced best, then those with the most independent documents, then those that spread the choice
over places and years. Numbers run by date.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw
import pandas as pd

from armsflow.cache import once
from armsflow.dataset import citation
from armsflow.dataset.dataset import Dataset, labels
from armsflow.dataset.preparation import ON_THE_WAY
from armsflow.language import _, _p, comma, enumerated
from armsflow.words import started

MOST: Final = 12
"""Most incidents that carry a number."""

OF_EACH: Final = 2
"""Incidents of each destination that carry a number in an overview."""

CONSIDERED: Final = 60
"""Best evidenced incidents among which the choice is made."""

EMPTY_WORDS: Final = frozenset({
    "and", "type", "not", "calibre", "non", "pour", "san", "sur", "نوع", "النوع", "غير", "على",
    "ملم",
})  # fmt: skip
"""Words that stand in names of weapons of any kind, in all languages, without a plural "s"."""


@dataclass(frozen=True)
class Case:
    """One numbered incident.

    Parameters
    ----------
    number
        From 1.
    incident, spot, destination
        ``incident_id``, the mark on the map, code of the destination.
    date, place
        In words.
    status
        What became of the arms, in words; empty where the sources do not tell.
    stopped
        Whether they were stopped before they reached their destination.
    found
        What was found: kinds, designations and quantities as stated.
    short
        The same in few words.
    cautions
        Notes on what was found that must be read with it.
    says
        Who says that it came from Libya: the origins of its documents.
    link
        How the link to Libya is known, in words.
    sources
        Short names of its sources.
    unpublished
        Whether a reader added it.
    """

    number: int
    incident: str
    spot: str
    destination: str
    date: str
    place: str
    status: str
    stopped: bool
    found: str
    short: str
    cautions: tuple[str, ...]
    says: tuple[str, ...]
    link: str
    sources: tuple[str, ...]
    unpublished: bool


def chosen_cases(shown: Dataset, *, overview: bool = False) -> pd.DataFrame:
    """Choose the incidents that carry a number.

    Parameters
    ----------
    shown
        The dataset after a selection.
    overview
        Whether to choose :data:`OF_EACH` of each destination, in the order of destinations.

    Returns
    -------
    chosen
        ``incident_id``, ``spot``, ``destination`` and ``stopped`` in the order of their numbers.
    """
    columns = [
        "row", "incident_id", "spot", "place_id", "destination", "first_day", "first_year",
        "firmness", "witnesses", "stopped",
    ]  # fmt: skip
    events = shown.rows().filter(nw.col("events") == 1).select(*columns)
    best = events.sort("firmness", "witnesses", "row", descending=[False, True, False])
    if overview:
        picked = _of_each(best, shown)
    else:
        rows = list(best.head(CONSIDERED).collect().to_pandas().itertuples(index=False))
        picked = rows if len(rows) <= MOST else _spread(rows)
        picked.sort(key=lambda row: (row.first_day, row.row))
    return pd.DataFrame(picked, columns=columns)


def _of_each(best: nw.LazyFrame[Any], shown: Dataset) -> list[Any]:
    """Pick the best evidenced of each destination, in display order."""
    order = {code: place for place, code in enumerate(shown.vocabulary.destinations)}
    rows = best.collect().to_pandas().groupby("destination", sort=False, observed=True)
    picked = list(rows.head(OF_EACH).itertuples(index=False))
    picked.sort(key=lambda row: (order[str(row.destination)], row.first_day, row.row))
    return picked[:MOST]


def _spread(rows: list[Any]) -> list[Any]:
    """Pick one by one; among equals the one whose place and year are picked least so far."""
    picked: list[Any] = []
    places, years = Counter[str](), Counter[int]()
    waiting = list(rows)
    while len(picked) < MOST:
        row = min(
            waiting,
            key=lambda row: (
                row.firmness, -row.witnesses, places[row.place_id], years[row.first_year], row.row,
            ),
        )  # fmt: skip
        waiting.remove(row)
        picked.append(row)
        places[row.place_id] += 1
        years[row.first_year] += 1
    return picked


def read_cases(shown: Dataset, chosen: pd.DataFrame, whole: Dataset) -> tuple[Case, ...]:
    """Write what is said of each incident that carries a number.

    Parameters
    ----------
    shown
        The dataset after a selection.
    chosen
        What :func:`chosen_cases` returned.
    whole
        The dataset before the selection, which keeps the names of its sources.
    """
    if chosen.empty:
        return ()
    wanted = shown.rows().filter(nw.col("incident_id").is_in(list(chosen["incident_id"])))
    incidents = shown.read(wanted)
    rows = incidents.drop(columns="geometry").to_dict("index")
    named = _source_names(whole)
    of_incident: dict[str, list[dict[Any, Any]]] = {}
    for item in shown.read_items(incidents).to_dict("records"):
        of_incident.setdefault(item["incident_id"], []).append(item)
    outcomes = labels(shown, "incidents", "outcome")
    links = labels(shown, "incidents", "link_basis")
    cases = []
    for number, identifier in enumerate(chosen["incident_id"], 1):
        incident = rows[identifier]
        own = of_incident.get(identifier, [])
        asked = [item for item in own if item["matches"]] or own
        cases.append(
            Case(
                number=number,
                incident=str(identifier),
                spot=str(incident["spot"]),
                destination=str(incident["destination"]),
                date=started(citation.date_words(incident)),
                place=_place(incident),
                status=_status(incident, outcomes),
                stopped=incident["outcome"] == ON_THE_WAY,
                found=found_words(asked, shown),
                short=short_words(asked, shown),
                cautions=tuple(dict.fromkeys(item["note"] for item in asked if item["note"])),
                says=_origins(identifier, incident["source_ids"], whole),
                link=links[incident["link_basis"]],
                sources=tuple(named[one][1] for one in incident["source_ids"]),
                unpublished=identifier in shown.unpublished,
            )
        )
    return tuple(cases)


def cases_heading(numbered: int, events: int, *, overview: bool = False) -> str:
    """Say above numbered incidents what they are, and of how many."""
    # Translators: {part} of {all} incidents.
    if overview and numbered < events:
        return _(
            "The firmest cases of each destination ({part} of {all})", part=numbered, all=events
        )
    if numbered == events:
        return _p("above the cases", "What was found")
    return _(
        "What was found ({part} of {all}, the best evidenced; the table has all)",
        part=numbered,
        all=events,
    )


def headline(case: Case) -> str:
    """Write date, place and outcome of a case."""
    if not case.status:
        return _("{date}, {place}", date=case.date, place=case.place)
    # Translators: {status} is e.g. "stopped on the way"; {date} may be "Reported in March 2013".
    return _("{date}, {place} · {status}", date=case.date, place=case.place, status=case.status)


def cautions_of(cases: Sequence[Case]) -> list[str]:
    """Write what must be read with some of the cases, each note once."""
    about: dict[str, list[str]] = {}
    for case in cases:
        for note in case.cautions:
            about.setdefault(note, []).append(str(case.number))
    # Translators: {numbers} are those that incidents carry on the map: "1, 3 and 7"; {note} is a
    # text of the data.
    return [
        _("Caution on {numbers}: {note}", numbers=enumerated(numbers), note=note)
        for note, numbers in about.items()
    ]


def found_words(items: Iterable[dict[Any, Any]], shown: Dataset) -> str:
    """Write what was found, e.g. "Assault rifles, PMAK: 21 weapons; mines (number not stated)".

    Rows that only repeat or divide another row are left out.

    Parameters
    ----------
    items
        Rows of ``Dataset.items`` of one incident.
    shown
        Has the words for codes.
    """
    kinds = shown.weapon_types["label"]
    parts = [item_words(item, str(kinds[item["weapon_type"]])) for item in items
             if item["counting"] == "own"]  # fmt: skip
    return started(_("; ").join(parts)) if parts else _("What was found is not stated")


def item_words(item: dict[Any, Any], kind: str) -> str:
    """Write one item: kind, designation, quantity as stated.

    Examples
    --------
    >>> item_words({"designation": "F1", "quantity": pd.NA}, "Hand grenades")
    'Hand grenades, F1 (number not stated)'
    """
    plain = kind.partition(" (")[0]
    named = _named_fully(plain, item["designation"]) if item["designation"] else kind
    if plain.lower() == item["designation"].lower():
        named = plain
    return _stated(named, citation.quantity_words(item), is_known=not pd.isna(item["quantity"]))


def _named_fully(kind: str, designation: str) -> str:
    # Translators: a kind of weapon and what a source calls it: "Hand grenades, F1".
    return _("{kind}, {designation}", kind=kind, designation=designation)


def _stated(arms: str, quantity: str, *, is_known: bool) -> str:
    if is_known:
        return _("{arms}: {quantity}", arms=arms, quantity=quantity)
    # Translators: {quantity} is "number not stated"; {arms} may be a list between commas.
    return _("{arms} ({quantity})", arms=arms, quantity=quantity)


def short_words(items: Iterable[dict[Any, Any]], shown: Dataset) -> str:
    """Write what was found in few words: what has a number first.

    A designation that says the kind by itself, such as "hunting rifles", stands alone.
    """
    kinds = shown.weapon_types["label"]
    own = [item for item in items if item["counting"] == "own"]
    named = [_named(item["designation"], str(kinds[item["weapon_type"]])) for item in own]
    known = [
        _stated(name, citation.quantity_words(item), is_known=True)
        for name, item in zip(named, own, strict=True)
        if not pd.isna(item["quantity"])
    ]
    unknown = [name for name, item in zip(named, own, strict=True) if pd.isna(item["quantity"])]
    if unknown:
        known.append(_stated(comma().join(unknown), _("number not stated"), is_known=False))
    return started(_("; ").join(known))


def _place(incident: Any) -> str:
    place = str(incident["place"])
    if incident["precision"] != "country":
        return place
    # Translators: {place} is the name of a country.
    return _("{place}, place not stated", place=place)


def _status(incident: Any, outcomes: dict[str, str]) -> str:
    outcome = outcomes.get(incident["outcome"], "").lower()
    if incident["through_libya"] != "true":
        return outcome
    transit = _(citation.TRANSIT)
    # Translators: e.g. "stopped on the way, said to have only passed through Libya".
    return _("{outcome}, {transit}", outcome=outcome, transit=transit) if outcome else transit


def _named(designation: str, kind: str) -> str:
    if _stems(designation) & _stems(kind):
        return designation
    plain = kind.partition(" (")[0]
    return _named_fully(plain, designation) if designation else plain


def _stems(words: str) -> set[str]:
    """Return the words of a name that say what a thing is, without their plural."""
    parts = re.findall(r"\w+", words.lower())
    return {part.removesuffix("s") for part in parts if len(part) > 2} - EMPTY_WORDS


def _origins(identifier: str, source_ids: tuple[str, ...], whole: Dataset) -> tuple[str, ...]:
    groups = citation.by_origin(identifier, source_ids, whole)
    named = [label for label, _documents in groups if label]
    loose = [one for label, documents in groups if not label for one in documents]
    return (*named, *(_source_names(whole)[one][0] for one in loose))


@once
def _source_names(dataset: Dataset) -> dict[str, tuple[str, str]]:
    """Write publisher and short name of every source once."""
    return {
        str(source): (str(row["publisher"]), citation.short_source(row))
        for source, row in zip(
            dataset.sources.index, dataset.sources.to_dict("records"), strict=True
        )
    }
