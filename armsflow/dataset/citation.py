"""Evidence in words: a source as one line, an item as stated, what was not established."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from armsflow.cache import once
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import N_, _, _n, _p, comma, isolated, language_name, spoken
from armsflow.package import dates
from armsflow.words import kind_words, started

ADDED = N_(" (added by a reader)")
"""What is printed behind a source that is not published."""

NOT_PUBLIC = N_("Not public.")
"""What is printed behind a document that has no web address."""

TRANSIT = N_("said to have only passed through Libya")
"""What is printed with arms from abroad, so that nobody takes them for Libyan stock."""

_QUALIFIERS = {
    "exact": "{quantity}",
    "at_least": N_("at least {quantity}"),
    "about": N_("about {quantity}"),
    "up_to": N_("up to {quantity}"),
}


def source_words(source: Any) -> str:
    """Write a source as one line: publisher, title, document symbol, date.

    Parameters
    ----------
    source
        Row of ``Dataset.sources`` (``publisher``, ``title``, ``document_symbol``,
        ``published``, ``url``).
    """
    symbol = _(", {symbol}", symbol=source["document_symbol"]) if source["document_symbol"] else ""
    words = _(
        "{publisher}, “{title}”{symbol}, {published}.",
        publisher=source["publisher"],
        title=source["title"],
        symbol=symbol,
        published=dates.label(source["published"]) if source["published"] else _("no date shown"),
    )
    return words if source["url"] else f"{words} {_(NOT_PUBLIC)}"


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
            return _p("from day to day", "reported {date}", date=words)
        case "report" if len(incident["date"]) == 10:
            return _("reported on {date}", date=words)
        case "report":
            return _("reported in {date}", date=words)
        case "inferred":
            return _("{date} (inferred)", date=words)
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
        return _("number not stated")
    count, unit = int(item["quantity"]), str(item["unit"])
    return _(_QUALIFIERS[item["quantity_qualifier"]], quantity=counted(count, unit)).strip()


def counted(count: int, unit: str) -> str:
    """Write a count with its unit, in the form that the language has for that number."""
    if unit in UNITS:
        one, many = UNITS[unit]
        return _n(one, many, count)
    return _("{count} {unit}", count=count, unit=unit.removesuffix("s") if count == 1 else unit)


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
        _(words, stated=item[column])
        for column, words in (
            ("calibre", N_("calibre {stated}")),
            ("country_of_manufacture", N_("made in {stated}")),
            ("marking", N_("marking: {stated}")),
        )
        if item.get(column) and str(item[column]).partition(" (")[0].lower() not in said
    ]
    return comma().join(parts)


UNITS = {
    "weapons": N_("{count} weapon", "{count} weapons"),
    "rounds": N_("{count} round", "{count} rounds"),
    "pieces": N_("{count} piece", "{count} pieces"),
    "missiles": N_("{count} missile", "{count} missiles"),
    "launchers": N_("{count} launcher", "{count} launchers"),
    "rockets": N_("{count} rocket", "{count} rockets"),
    "vehicles": N_("{count} vehicle", "{count} vehicles"),
    "crates": N_("{count} crate", "{count} crates"),
    "boxes": N_("{count} box", "{count} boxes"),
    "listings": N_("{count} listing", "{count} listings"),
    "kg": N_("{count} kg", "{count} kg"),
    "containers": N_("{count} container", "{count} containers"),
    "systems": N_("{count} system", "{count} systems"),
    "tonnes": N_("{count} tonne", "{count} tonnes"),
}
"""Units of the shipped data, with a form for each kind of number; others are written as stated."""

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
    documents = _n("{count} document", "{count} documents", len(source_ids))
    groups = by_origin(identifier, source_ids, dataset)
    known = [group for label, group in groups if label]
    if len(source_ids) > 1 and sum(map(len, known)) == len(source_ids):
        origins = _n("{count} origin", "{count} origins", len(known))
        return _("{documents}, {origins}", documents=documents, origins=origins)
    repeated = [len(group) for group in known if len(group) > 1]
    if not repeated:
        return documents
    return _n(
        "{documents}, {repeated} of them of one origin",
        "{documents}, {repeated} of them of {count} origins",
        len(repeated),
        documents=documents,
        repeated=sum(repeated),
    )


def reading_words(identifier: str, dataset: Dataset) -> str:
    """Say when a row was last read against its sources; empty if the package does not say."""
    if identifier not in dataset.reviews.index:
        return ""
    review: Any = dataset.reviews.loc[identifier]
    if review["result"] == "first_reading":
        return _("read once against its sources")
    day = dates.label(review["reviewed"])
    return _("read twice against its sources, last on {day}", day=day)


PRECISIONS = {
    "district": N_("the place is known only as a district"),
    "region": N_("the place is known only as a region"),
    "country": N_("the place is known only as a country"),
}
"""What is not established of a place, by its precision."""


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
        gaps.append(_("not counted: {meaning}", meaning=kind_words(meaning)))
    if not incident["corridor_id"] and incident["destination"] != "libya":
        gaps.append(_("the route is not stated"))
    if incident["precision"] != "place":
        # A package may describe a precision of its own.
        words = PRECISIONS.get(
            incident["precision"], N_("the place is known only as a {precision}")
        )
        gaps.append(_(words, precision=incident["precision"]))
    basis = incident.get("date_basis", "")
    if basis == "report":
        gaps.append(_("the day of the event is not stated; the date is that of the report"))
    elif basis == "inferred":
        gaps.append(_("the date is inferred"))
    elif len(incident["date"]) < 10:
        year = len(incident["date"]) == 4
        gaps.append(_("only the year is stated") if year else _("the day is not stated"))
    unknown = int(items["quantity"].isna().sum())
    if unknown:
        gaps.append(_n("no number for {count} item", "no number for {count} items", unknown))
    if incident["link_basis"] == "media_report":
        gaps.append(_("only press reports tie the arms to Libya"))
    if len(incident["source_ids"]) == 1:
        gaps.append(_("only one document was found"))
    elif incident.get("witnesses") == 1:
        gaps.append(_("all documents repeat one statement or report"))
    return gaps


def short_source(source: Any) -> str:
    """Name a source shortly: publisher and document symbol, or publisher and date.

    Parameters
    ----------
    source
        Row of ``Dataset.sources``.
    """
    publisher = isolated(str(source["publisher"]))
    if source["document_symbol"]:
        symbol = source["document_symbol"]
        return _("{publisher}, {symbol}", publisher=publisher, symbol=symbol)
    if not source["published"]:
        return publisher
    day = dates.label(source["published"])
    return _("{publisher}, {published}", publisher=publisher, published=day)


def cited(identifiers: Iterable[str], dataset: Dataset) -> dict[str, dict[str, str]]:
    """Return address and words of sources, by identifier, in the order given.

    The language is named where it is known to be another than that in which words are said.
    """
    return {
        str(identifier): {
            "url": source["url"],
            "words": source_words(source),
            "name": short_source(source),
            "added": _(ADDED) if identifier in dataset.unpublished_sources else "",
            "language": language_name(language) if language not in ("", spoken()) else "",
        }
        for identifier, source in dataset.sources.loc[list(identifiers)].iterrows()
        for language in [source.get("language", "")]
    }


def as_markdown(text: str) -> str:
    """Escape a text so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$:<>])", r"\\\1", text)
