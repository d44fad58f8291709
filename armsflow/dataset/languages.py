"""What rows say in other languages, and texts as a search compares them."""

import unicodedata
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from armsflow.cache import once
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import mark_words
from armsflow.language import ENGLISH, speaking
from armsflow.package.translations import TRANSLATED, described, told_in

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
    texts = told_in(language, dataset.translations)
    said = replace(
        dataset,
        texts=texts,
        descriptor=described(dataset.descriptor, texts),
        language=language,
    )
    originals: dict[str, Any] = {
        name: getattr(dataset, name) for name in TRANSLATED if name not in {"incidents", "items"}
    }
    tables: dict[str, Any] = {name: said.said(rows, name) for name, rows in originals.items()}
    spots, names = dataset.spots, dict(tables["places"]["name"])
    with speaking(language):
        renamed = [mark_words(names[spot], count) for spot, count in spots["members"].items()]
    originals |= {"descriptor": dataset.descriptor, "spots": spots}
    return replace(said, **tables, spots=spots.assign(name=renamed), originals=originals)


def in_english(dataset: Dataset) -> Dataset:
    """Return a whole dataset as it was before it was translated."""
    if not dataset.originals:
        return dataset
    return replace(dataset, **dataset.originals, texts={}, language=ENGLISH, originals={})


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
    """Return the names of places in other languages than that of a dataset, by place."""
    told = dataset.translations
    told = told[(told["table"] == "places") & (told["column"] == "name")]
    told = told[told["language"] != dataset.language]
    found = {str(place): list(names) for place, names in told.groupby("record")["text"]}
    if dataset.originals:
        for place, name in dataset.original("places")["name"].items():
            found.setdefault(str(place), []).insert(0, str(name))
    return found


def rows_that_say(words: Collection[str], dataset: Dataset, table: str) -> list[str]:
    """Return the rows of a table whose translation into one language has all of some words."""
    told = dataset.translations
    told = told[(told["table"] == table) & (told["record"] != "")]
    said = told["text"].map(folded).groupby([told["record"], told["language"]]).agg(" ".join)
    for word in words:
        said = said[said.str.contains(folded(word), regex=False)]
    return list(dict.fromkeys(said.index.get_level_values(0)))
