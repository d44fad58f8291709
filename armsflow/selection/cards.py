"""The card of an incident: everything that is known of it, in words."""

from collections import defaultdict
from typing import Any

import pandas as pd

from armsflow.dataset import citation
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import _
from armsflow.words import started


def write_cards(
    incidents: pd.DataFrame, items: pd.DataFrame, shown: Dataset
) -> list[dict[str, Any]]:
    """Return the words of a card for each incident.

    The tables of items and sources are read once for all cards: once for each took most of the
    time.
    """
    kinds = labels(shown, "incidents", "event_type")
    precisions = labels(shown, "places", "precision")
    links = labels(shown, "incidents", "link_basis")
    scopes = labels(shown, "incidents", "scope")
    destinations = shown.destinations["label"]
    sources = citation.cited(
        {source for named in incidents["source_ids"] for source in named}, shown
    )
    weapons = defaultdict(list)
    for item in items.to_dict("records"):
        weapons[item["incident_id"]].append(_weapon(item, shown))
    items_of = dict(iter(items.groupby("incident_id")))
    return [
        {
            "identifier": row["incident_id"],
            "date": citation.date_words(row),
            "transit": started(_(citation.TRANSIT)) if row["through_libya"] == "true" else "",
            "circumstances": citation.circumstances(row, shown),
            "documents": citation.document_words(row["incident_id"], row["source_ids"], shown),
            "read": citation.reading_words(row["incident_id"], shown),
            "place": row["place"],
            "precision": precisions[row["precision"]].lower(),
            "uncounted": scopes[row["scope"]] if row["scope"] != "event" else "",
            "unpublished": row["incident_id"] in shown.unpublished,
            "title": row["title"],
            "summary": row["summary"],
            "is_told": bool(row.get("is_told", True)),
            "kind": kinds[row["event_type"]],
            "destination": str(destinations[row["destination"]]),
            "link": links[row["link_basis"]],
            "weapons": weapons[row["incident_id"]],
            "origins": [
                (label, [sources[source] for source in documents])
                for label, documents in citation.by_origin(
                    row["incident_id"], row["source_ids"], shown
                )
            ],
            "gaps": citation.not_established(
                row, items_of.get(row["incident_id"], items[:0]), shown
            ),
        }
        for row in incidents.reset_index().to_dict("records")
    ]


def _weapon(item: dict[Any, Any], shown: Dataset) -> dict[str, Any]:
    kind = str(shown.weapon_types["label"][item["weapon_type"]])
    counting = labels(shown, "items", "counting")[item["counting"]].lower()
    stated = _(
        "{arms}: {quantity}",
        arms=item["designation"] or kind,
        quantity=citation.quantity_words(item),
    )
    if details := citation.item_details(item):
        stated = _("{stated} ({details})", stated=stated, details=details)
    return {
        # Translators: {counting} says that a row repeats another or is part of a larger count.
        "words": stated
        if item["counting"] == "own"
        else _("{stated} — {counting}", stated=stated, counting=counting),
        "aside": f" [{kind}]" if item["designation"] else "",
        "note": item["note"],
        "matches": item["matches"],
    }
