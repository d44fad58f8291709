"""What rows say in other languages, and texts as a search compares them."""

import unicodedata
from collections.abc import Collection
from typing import Final

from armsflow.dataset.dataset import Dataset
from armsflow.package.translations import LANGUAGES, made_from

RIGHT_TO_LEFT: Final = frozenset({"ar"})

ONE_LETTER: Final = str.maketrans({"ٱ": "ا", "ى": "ي", "ة": "ه", "\u0640": ""})
"""Arabic letters that are written one for another; the lengthening of a line is none."""


def translated(dataset: Dataset, table: str, texts: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the translations of English texts of a table, by language and text.

    A text that was changed since it was translated has none.
    """
    digests = {made_from(text): text for text in texts}
    told = dataset.translations
    told = told[(told["table"] == table) & told["made_from"].isin(digests)]
    found: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for language, digest, text in zip(
        told["language"], told["made_from"], told["text"], strict=True
    ):
        found[language][digests[digest]] = text
    return found


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
