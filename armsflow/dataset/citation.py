"""Evidence in words: a source as one line, an item as stated, what was not established."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset, labels
from armsflow.package import dates
from armsflow.words import plural, started

ADDED = " (added by a reader)"
"""What is printed behind a source that is not published."""

NOT_PUBLIC = "Not public."
"""What is printed behind a document that has no web address."""

TRANSIT = "said to have only passed through Libya"
"""What is printed with arms from abroad, so that nobody takes them for Libyan stock."""

_QUALIFIERS = {"exact": "", "at_least": "at least ", "about": "about ", "up_to": "up to "}


def source_words(source: Any) -> str:
    """Write a source as one line: publisher, title, document symbol, date.

    Parameters
    ----------
    source
        Row of ``Dataset.sources`` (``publisher``, ``title``, ``document_symbol``,
        ``published``, ``url``).
    """
    symbol = f", {source['document_symbol']}" if source["document_symbol"] else ""
    published = dates.label(source["published"]) if source["published"] else "no date shown"
    words = f"{source['publisher']}, “{source['title']}”{symbol}, {published}."
    return words if source["url"] else f"{words} {NOT_PUBLIC}"


def source_line(source: Any) -> str:
    """Write a source with its address, if it has one."""
    return f"{source_words(source)} {source['url']}".rstrip()


def date_words(incident: Any) -> str:
    """Write the date of an incident as precisely as its source, and how it is known.

    Parameters
    ----------
    incident
        ``date``, ``date_end`` and, if it is known, ``date_basis``.

    Examples
    --------
    >>> date_words({"date": "2013-03", "date_end": "", "date_basis": "report"})
    'reported in March 2013'
    >>> date_words({"date": "2012", "date_end": "", "date_basis": "inferred"})
    '2012 (inferred)'
    """
    words = dates.label(incident["date"], incident["date_end"])
    match incident.get("date_basis", ""):
        case "report" if incident["date_end"]:
            return f"reported {words}"
        case "report":
            return f"reported {'on' if len(incident['date']) == 10 else 'in'} {words}"
        case "inferred":
            return f"{words} (inferred)"
        case _:
            return words


def quantity_words(item: Any) -> str:
    """Write a quantity as stated, e.g. "at least 3 missiles"; never a number for an unknown.

    Parameters
    ----------
    item
        Row of ``Dataset.items`` (``quantity``, ``quantity_qualifier``, ``unit``).
    """
    if pd.isna(item["quantity"]):
        return "number not stated"
    count, unit = int(item["quantity"]), str(item["unit"])
    if count == 1:
        unit = "box" if unit == "boxes" else unit.removesuffix("s")
    return f"{_QUALIFIERS[item['quantity_qualifier']]}{count:,} {unit}".strip()


def item_details(item: Any) -> str:
    """Write calibre, country of manufacture and marking of an item, as far as they are stated.

    What the designation says already is not said again.

    Parameters
    ----------
    item
        Row of ``Dataset.items``.
    """
    said = str(item["designation"]).lower()
    parts = [
        f"{word}{item[column]}"
        for column, word in (
            ("calibre", "calibre "),
            ("country_of_manufacture", "made in "),
            ("marking", "marking: "),
        )
        if item.get(column) and str(item[column]).partition(" (")[0].lower() not in said
    ]
    return ", ".join(parts)


CIRCUMSTANCES = ("outcome", "seizing_authority", "conveyance", "stock", "link_rests_on")
"""Columns of an incident that a card lists one by one, in this order."""


def circumstances(incident: Any, dataset: Dataset) -> list[tuple[str, str]]:
    """List what is stated of an incident besides date, place and weapons.

    Returns
    -------
    stated
        Title of the column and its value in words; empty columns are left out.
    """
    incidents = next(r for r in dataset.descriptor["resources"] if r["name"] == "incidents")
    titles = {field["name"]: str(field["title"]) for field in incidents["schema"]["fields"]}
    return [
        (titles[column], started(labels(dataset, "incidents", column).get(value, value)))
        for column in CIRCUMSTANCES
        if column in titles and (value := str(incident.get(column, "")))
    ]


@once
def _origins(dataset: Dataset) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Read the origins of all incidents in one pass: cards and files ask for each of them."""
    table, found = dataset.origins, dict[str, list[tuple[str, tuple[str, ...]]]]()
    for identifier, label, documents in zip(
        table["incident_id"], table["label"], table["source_ids"], strict=True
    ):
        found.setdefault(identifier, []).append((str(label), documents))
    return found


def by_origin(
    identifier: str, source_ids: Sequence[str], dataset: Dataset
) -> list[tuple[str, tuple[str, ...]]]:
    """Group the documents of an incident by the statement or report that they repeat.

    Returns
    -------
    groups
        Label and documents of each origin; last, without a label, those of no known origin.
    """
    groups = [
        (label, tuple(one for one in source_ids if one in documents))
        for label, documents in _origins(dataset).get(identifier, ())
    ]
    placed = {one for _, documents in groups for one in documents}
    rest = tuple(one for one in source_ids if one not in placed)
    return [*groups, ("", rest)] if rest else groups


def document_words(identifier: str, source_ids: Sequence[str], dataset: Dataset) -> str:
    """Count the documents of an incident and what they go back to.

    For example "7 documents, 2 origins", or "5 documents, 3 of them of one origin". Origins are
    counted where they tell more than the documents do.
    """
    documents = plural(len(source_ids), "document")
    groups = by_origin(identifier, source_ids, dataset)
    known = [group for label, group in groups if label]
    if len(source_ids) > 1 and sum(map(len, known)) == len(source_ids):
        return f"{documents}, {plural(len(known), 'origin')}"
    repeated = [len(group) for group in known if len(group) > 1]
    if not repeated:
        return documents
    among = "one origin" if len(repeated) == 1 else f"{len(repeated)} origins"
    return f"{documents}, {sum(repeated)} of them of {among}"


def reading_words(identifier: str, dataset: Dataset) -> str:
    """Say when a row was last read against its sources; empty if the package does not say."""
    if identifier not in dataset.reviews.index:
        return ""
    review: Any = dataset.reviews.loc[identifier]
    if review["result"] == "first_reading":
        return "read once against its sources"
    return f"read twice against its sources, last on {dates.label(review['reviewed'])}"


def not_established(incident: Any, items: pd.DataFrame, dataset: Dataset) -> list[str]:
    """List what no source establishes about an incident, as far as the data show it.

    Parameters
    ----------
    incident
        Row of ``Dataset.incidents``.
    items
        Its rows of ``Dataset.items``.
    dataset
        Has the words for codes.
    """
    gaps = []
    if incident["scope"] != "event":
        meaning = labels(dataset, "incidents", "scope")[incident["scope"]]
        gaps.append(f"not counted: {meaning[0].lower()}{meaning[1:]}")
    if not incident["corridor_id"] and incident["destination"] != "libya":
        gaps.append("the route is not stated")
    if incident["precision"] != "place":
        gaps.append(f"the place is known only as a {incident['precision']}")
    basis = incident.get("date_basis", "")
    if basis == "report":
        gaps.append("the day of the event is not stated; the date is that of the report")
    elif basis == "inferred":
        gaps.append("the date is inferred")
    elif len(incident["date"]) < 10:
        gaps.append(
            "the day is not stated" if len(incident["date"]) == 7 else "only the year is stated"
        )
    unknown = int(items["quantity"].isna().sum())
    if unknown:
        gaps.append(f"no number for {plural(unknown, 'item')}")
    if incident["link_basis"] == "media_report":
        gaps.append("only press reports tie the arms to Libya")
    if len(incident["source_ids"]) == 1:
        gaps.append("only one document was found")
    elif incident.get("witnesses") == 1:
        gaps.append("all documents repeat one statement or report")
    return gaps


def short_source(source: Any) -> str:
    """Name a source shortly: publisher and document symbol, or publisher and date.

    Parameters
    ----------
    source
        Row of ``Dataset.sources``.
    """
    publisher = str(source["publisher"])
    if source["document_symbol"]:
        return f"{publisher}, {source['document_symbol']}"
    return f"{publisher}, {dates.label(source['published'])}" if source["published"] else publisher


def cited(identifiers: Iterable[str], dataset: Dataset) -> dict[str, dict[str, str]]:
    """Return address and words of sources, by identifier, in the order given."""
    return {
        str(identifier): {
            "url": source["url"],
            "words": source_words(source),
            "name": short_source(source),
            "added": ADDED if identifier in dataset.unpublished_sources else "",
        }
        for identifier, source in dataset.sources.loc[list(identifiers)].iterrows()
    }


def as_markdown(text: str) -> str:
    """Escape a text so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$:<>])", r"\\\1", text)
