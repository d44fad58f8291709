"""Evidence in words: a source as one line, an item as stated, what was not established."""

import re
from typing import Any

import pandas as pd

from armsflow.dataset.dataset import Dataset, labels
from armsflow.package import dates
from armsflow.words import plural

ADDED = " (added by a reader)"
"""What is printed behind a source that is not published."""

_QUALIFIERS = {"exact": "", "at_least": "at least ", "about": "about ", "up_to": "up to "}


def source_words(source: Any) -> str:
    """Write a source as one line: publisher, title, document symbol, date.

    Parameters
    ----------
    source
        Row of ``Dataset.sources`` (``publisher``, ``title``, ``document_symbol``,
        ``published``).
    """
    symbol = f", {source['document_symbol']}" if source["document_symbol"] else ""
    published = dates.label(source["published"]) if source["published"] else "no date shown"
    return f"{source['publisher']}, “{source['title']}”{symbol}, {published}."


def date_words(incident: Any) -> str:
    """Write the date of an incident as precisely as its source (``date``, ``date_end``)."""
    return dates.label(incident["date"], incident["date_end"])


def quantity_words(item: Any) -> str:
    """Write a quantity as stated, e.g. "at least 3 missiles"; never a number for an unknown.

    Parameters
    ----------
    item
        Row of ``Dataset.items`` (``quantity``, ``quantity_qualifier``, ``unit``).
    """
    if pd.isna(item["quantity"]):
        return "number not stated"
    return (
        f"{_QUALIFIERS[item['quantity_qualifier']]}{int(item['quantity']):,} {item['unit']}".strip()
    )


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
    if len(incident["date"]) < 10:
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


def as_markdown(text: str) -> str:
    """Escape a text so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$:<>])", r"\\\1", text)
