"""What rows say in other languages, and texts as a search compares them."""

import unicodedata
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset
from armsflow.package.translations import TRANSLATED, WORDS, made_from

ONE_LETTER: Final = str.maketrans({"ٱ": "ا", "ى": "ي", "ة": "ه", "\u0640": ""})
"""Arabic letters that are written one for another; the lengthening of a line is none."""


@once
def in_language(dataset: Dataset, language: str) -> Dataset:
    """Return a whole dataset whose texts are in a language; the rows are the same.

    Words for codes, and what stands in tables, are said in it where they were translated. Texts
    that were changed since then stay English.
    """
    if language == dataset.language:
        return dataset
    told = dataset.translations
    told = told[told["language"] == language]
    if told.empty:
        return replace(dataset, language=language, english=dataset)
    texts: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    columns = told[["table", "column", "record", "made_from", "text"]]
    for name, column, record, digest, text in columns.to_numpy():
        texts.setdefault((name, column), {})[record, digest] = text
    said = replace(
        dataset,
        texts=texts,
        descriptor=_described(dataset.descriptor, texts),
        language=language,
        english=dataset,
    )
    tables: dict[str, Any] = {
        name: said.said(getattr(dataset, name), name)
        for name in TRANSLATED
        if name not in {"incidents", "items"}
    }
    names = dict(tables["places"]["name"])
    spots = dataset.spots
    renamed = [names.get(spot, name) for spot, name in spots["name"].items()]
    return replace(said, **tables, spots=spots.assign(name=renamed))


def _described(
    descriptor: dict[str, Any], texts: dict[tuple[str, str], dict[tuple[str, str], str]]
) -> dict[str, Any]:
    """Return a descriptor whose titles, labels and definitions are in another language."""

    def field_said(table: str, field: dict[str, Any]) -> dict[str, Any]:
        told = texts.get((table, field["name"]), {})

        def said(described: dict[str, Any]) -> dict[str, Any]:
            return {
                key: told.get(("", made_from(value)), value) if key in WORDS else value
                for key, value in described.items()
            }

        codes = {"categories": [said(code) for code in field.get("categories", ())]}
        return said(field) | (codes if "categories" in field else {})

    resources = [
        one
        if "schema" not in one
        else one
        | {
            "schema": one["schema"]
            | {"fields": [field_said(one["name"], field) for field in one["schema"]["fields"]]}
        }
        for one in descriptor["resources"]
    ]
    return descriptor | {"resources": resources}


def folded(text: str) -> str:
    """Write a text so that it is found however it is typed.

    Without case, accents, Arabic marks of vowels and hamza, and with one letter for those that
    are written one for the other.

    Examples
    --------
    >>> folded("Médenine"), folded("بِن قِردان") == folded("بن قردان")
    ('medenine', True)
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return bare.translate(ONE_LETTER)


def named(dataset: Dataset) -> dict[str, list[str]]:
    """Return the names of places in other languages, by place."""
    told = dataset.translations
    told = told[(told["table"] == "places") & (told["column"] == "name")]
    return {str(place): list(names) for place, names in told.groupby("record")["text"]}


def rows_that_say(words: Collection[str], dataset: Dataset, table: str) -> list[str]:
    """Return the rows of a table whose translation into one language has all of some words."""
    told = dataset.translations
    told = told[(told["table"] == table) & (told["record"] != "")]
    said = told["text"].map(folded).groupby([told["record"], told["language"]]).agg(" ".join)
    for word in words:
        said = said[said.str.contains(folded(word), regex=False)]
    return list(dict.fromkeys(said.index.get_level_values(0)))
