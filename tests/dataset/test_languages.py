"""Texts in other languages, and how they are found."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from armsflow.dataset.dataset import labels
from armsflow.dataset.languages import folded, in_language, named, rows_that_say
from armsflow.language import speaking
from armsflow.package.translations import made_from
from armsflow.page import search
from armsflow.selection.cards import write_cards

ROW = "2013-05-gao-missiles"


@pytest.fixture
def told(small):
    """The tiny dataset with a few translations."""
    rows = [
        (ROW, "incidents", "title", "fr", "Missiles trouvés à Gao", made_from("Missiles found")),
        (ROW, "incidents", "summary", "fr", "Deux missiles.", made_from("Two missiles.")),
        (ROW, "incidents", "title", "ar", "العثور على صواريخ", made_from("Missiles found")),
        (ROW, "incidents", "summary", "ar", "قديم", made_from("One missile.")),
        ("gao", "places", "name", "ar", "غاو", made_from("Gao")),
    ]
    return replace(small, translations=pd.DataFrame(rows, columns=small.translations.columns))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Médenine", "medenine"),
        ("ÉGYPTE", "egypte"),
        ("بِن قِرْدان", "بن قردان"),
        ("أسلحة", "اسلحه"),
        ("مدنـــين", "مدنين"),
        ("إليزي", "اليزى"),
    ],
)
def test_texts_are_compared_without_what_people_leave_out(one, other):
    assert folded(one) == folded(other)
    assert folded(one) != folded(other + "x")


def test_a_dataset_in_a_language_has_its_texts_and_the_same_rows(told):
    french, arabic = (in_language(told, language) for language in ("fr", "ar"))
    assert list(french.incidents.index) == list(told.incidents.index)
    assert french.incidents.loc[ROW, "title"] == "Missiles trouvés à Gao"
    assert french.incidents.loc[ROW, "place"] == "Gao"
    assert arabic.incidents.loc[ROW, "place"] == "غاو"
    assert arabic.spots.loc["gao", "name"] == "غاو"
    assert in_language(told, "fr") is french
    assert told.incidents.loc[ROW, "title"] == "Missiles found"
    assert arabic.places.loc["gao", "name"] == "غاو"
    assert arabic.original("places").loc["gao", "name"] == "Gao"
    assert told.original("places") is told.places


def test_a_mark_of_several_places_names_one_and_counts_the_others(told):
    gathered = replace(told, spots=told.spots.assign(members=6))
    name = in_language(gathered, "ar").spots.loc["gao", "name"]
    assert name.startswith("غاو")
    assert "5" in name


def test_what_was_not_translated_or_changed_since_stays_english(told):
    arabic = in_language(told, "ar")
    assert arabic.incidents.loc[ROW, "summary"] == "Two missiles."
    assert arabic.incidents["is_told"].to_dict() == {
        row: row == ROW for row in told.incidents.index
    }


def test_words_for_columns_and_codes_are_in_the_language(told):
    found = made_from("Hidden store found")
    rows = [("", "incidents", "event_type", "fr", "Cache découverte", found)]
    table = pd.DataFrame(rows, columns=told.translations.columns)
    french = in_language(replace(told, translations=table), "fr")
    assert labels(french, "incidents", "event_type")["cache_found"] == "Cache découverte"
    assert labels(told, "incidents", "event_type")["cache_found"] == "Hidden store found"
    with speaking("fr"):
        [card] = write_cards(french.incidents.loc[[ROW]], french.items, french)
    assert card["kind"] == "Cache découverte"
    assert card["weapons"][0]["words"] == "SA-7\u00a0: 2 missiles"


def test_a_package_without_translations_has_the_same_words_in_every_language(small):
    said = in_language(small, "fr")
    assert (said.language, said.texts, said.descriptor) == ("fr", {}, small.descriptor)


def test_rows_and_places_are_found_in_every_language(told):
    assert rows_that_say(["trouves", "GAO"], told, "incidents") == [ROW]
    assert rows_that_say(["صواريخ"], told, "incidents") == [ROW]
    assert rows_that_say(["trouves", "صواريخ"], told, "incidents") == []
    assert named(told) == {"gao": ["غاو"]}
    assert named(in_language(told, "ar"))["gao"] == ["Gao"]
    assert list(search.hits("TROUVES missiles", told)[0]) == [ROW]
    assert list(search.hits("على صواريخ", told)[0]) == [ROW]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_cards_of_the_shipped_data_hold_no_english_and_the_same_facts(shipped, language):
    said = in_language(shipped, language)
    assert said.incidents["is_told"].all()
    with speaking(language):
        cards = write_cards(said.incidents, said.items, said)
    plain = write_cards(shipped.incidents, shipped.items, shipped)
    names = set(shipped.places["name"]) | set(shipped.items["designation"])
    for card, english in zip(cards, plain, strict=True):
        assert card["identifier"] == english["identifier"]
        assert len(card["weapons"]) == len(english["weapons"])
        assert len(card["gaps"]) == len(english["gaps"])
        assert [len(documents) for _, documents in card["origins"]] == [
            len(documents) for _, documents in english["origins"]
        ]
        for field in ("title", "summary", "kind", "link", "read"):
            assert card[field] != english[field] or english[field] in names, card[field]
        for one, other in zip(card["weapons"], english["weapons"], strict=True):
            assert numbers(other["words"]) - numbers(one["words"]) <= {"1", "2", "1970"}, one[
                "words"
            ]


def numbers(words):
    """The numbers of a text, however its thousands are written."""
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[,\u202f](?=\d{3})", "", words)))
