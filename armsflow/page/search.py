"""What the search box finds: lines, marks, incidents with their weapons, and sources."""

from typing import Any, Final

import narwhals as nw

from armsflow.dataset import citation
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.languages import named, rows_that_say
from armsflow.language import _, comma
from armsflow.picture.plate import Plate

OFFERED: Final = 2000
"""Incidents up to which all of them are offered while the reader types; more are looked up."""

HITS: Final = 20
"""Hits that are listed at once."""

WORDS: Final = 6
"""Words of a search that are looked for; further ones are ignored."""


def is_offered(dataset: Dataset) -> bool:
    """Tell whether a package is small enough to offer every incident while the reader types."""
    return dataset.totals.events + dataset.totals.others <= OFFERED


def options(dataset: Dataset, plate: Plate) -> dict[str, str]:
    """Return what can be put in focus from a list, with the words by which it is found.

    Parameters
    ----------
    dataset, plate
        The whole dataset, and its lines.

    Returns
    -------
    options
        Words by identifier: lines and marks and, in packages of up to :data:`OFFERED` incidents,
        every incident with the designations of its weapons and every source with its document
        symbol. Places have their names in other languages too.
    """
    found = {
        str(line): _("Line: {name}", name=line_name(str(line), dataset))
        for line in plate.layouts.region.index
        if line in dataset.corridors.index or str(line).startswith("link-")
    }
    names = dataset.spots["name"].sort_values()
    others = named(dataset)
    found |= {
        str(spot): _place(" · ".join(dict.fromkeys([name, *others.get(str(spot), ())])))
        for spot, name in names.items()
    }
    if not is_offered(dataset):
        return found
    incidents = dataset.incidents
    weapons = _designations(dataset.items)
    found |= {
        str(incident): incident_words(date, title, weapons.get(incident, ""))
        for incident, date, title in zip(
            incidents.index, incidents["date"], incidents["title"], strict=True
        )
    }
    cited = dataset.sources[dataset.sources.index.isin(set().union(*incidents["source_ids"]))]
    return found | {str(source): _source(row) for source, row in cited.iterrows()}


def line_name(line: str, dataset: Dataset) -> str:
    """Name a line: a corridor, or a link whose route is not stated."""
    if line in dataset.corridors.index:
        return str(dataset.corridors["name"][line])
    destination = str(dataset.destinations["label"][line.removeprefix("link-")])
    return _("Libya to {destination}, route not stated", destination=destination)


def incident_words(date: str, title: str, weapons: str = "") -> str:
    """Write an incident as one line, e.g. "2013-05: Missiles found (SA-7)"."""
    if not weapons:
        return _("{date}: {title}", date=date, title=title)
    return _("{date}: {title} ({weapons})", date=date, title=title, weapons=weapons)


def _place(name: str) -> str:
    return _("Place: {name}", name=name)


def _source(source: Any) -> str:
    return _("Source: {source}", source=citation.source_words(source))


def _designations(items: Any) -> dict[str, str]:
    named = items[items["designation"] != ""].groupby("incident_id")["designation"]
    return {incident: comma().join(dict.fromkeys(words)) for incident, words in named}


def words_of(identifier: str, dataset: Dataset) -> str:
    """Write what a focus is about as one line, for an identifier that no list offers."""
    if identifier in dataset.sources.index:
        return _source(dataset.sources.loc[identifier])
    if identifier in dataset.places.index:
        return _place(str(dataset.places.loc[identifier, "name"]))
    rows = dataset.engine.table("incidents").filter(nw.col("incident_id") == identifier)
    found = dataset.read(rows, 1)
    return incident_words(*found.iloc[0][["date", "title"]]) if len(found) else identifier


def hits(words: str, dataset: Dataset) -> tuple[dict[str, str], bool]:
    """Look words up in a whole package: in incidents, designations of weapons and sources.

    Incidents are found by their translations too, with or without accents.

    Parameters
    ----------
    words
        A reader's text; every word must occur, in any case and order.
    dataset
        The whole dataset.

    Returns
    -------
    hits, more
        Up to :data:`HITS` identifiers with their words, and whether there are more.
    """
    wanted = words.lower().split()[:WORDS]
    if not wanted:
        return {}, False

    def holds(*columns: str) -> list[nw.Expr]:
        return [
            nw.any_horizontal(
                *(
                    nw.col(column).str.to_lowercase().str.contains(word, literal=True)
                    for column in columns
                ),
                ignore_nulls=True,
            )
            for word in wanted
        ]

    rows = dataset.engine.table("incidents")
    told = rows.filter(*holds("incident_id", "date", "title", "summary", "place"))
    incidents = dataset.read(told, HITS + 1)
    if len(incidents) <= HITS and (told_elsewhere := rows_that_say(wanted, dataset, "incidents")):
        translated = rows.filter(nw.col("incident_id").is_in(told_elsewhere))
        incidents = incidents.combine_first(dataset.read(translated, HITS + 1))
    if len(incidents) <= HITS:
        items = dataset.engine.table("items").filter(*holds("designation"))
        armed = dataset.read(rows.join(items, on="incident_id", how="semi"), HITS + 1)
        incidents = incidents.combine_first(armed)
    incidents = incidents.sort_values("row")
    found = {
        str(incident): incident_words(row["date"], row["title"])
        for incident, row in incidents.iterrows()
    }
    sources = dataset.sources
    said = sources["publisher"] + " " + sources["title"] + " " + sources["document_symbol"]
    said = (said + " " + sources.index).str.lower()
    for word in wanted:
        said = said[said.str.contains(word, regex=False)]
    for source in said.index[: HITS + 1]:
        found[str(source)] = _source(sources.loc[source])
    return dict(list(found.items())[:HITS]), len(found) > HITS
