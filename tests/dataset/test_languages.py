"""Texts in other languages, and how they are found."""

from dataclasses import replace

import pandas as pd
import pytest

from armsflow.dataset.languages import folded, named, rows_that_say, translated
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


def test_a_translation_of_another_text_is_none(told):
    assert translated(told, "incidents", {"Missiles found", "Two missiles."}) == {
        "fr": {"Missiles found": "Missiles trouvés à Gao", "Two missiles.": "Deux missiles."},
        "ar": {"Missiles found": "العثور على صواريخ"},
    }


def test_a_card_has_what_was_translated_from_its_present_text(told):
    card = write_cards(told.incidents.loc[[ROW]], told.items, told)[0]
    french, arabic = card["languages"]
    assert (french["title"], french["summary"]) == ("Missiles trouvés à Gao", "Deux missiles.")
    assert (arabic["direction"], arabic["summary"]) == ("rtl", "")


def test_a_package_without_translations_says_nothing_of_languages(small):
    assert write_cards(small.incidents.loc[[ROW]], small.items, small)[0]["languages"] == []


def test_rows_and_places_are_found_in_every_language(told):
    assert rows_that_say(["trouves", "GAO"], told, "incidents") == [ROW]
    assert rows_that_say(["صواريخ"], told, "incidents") == [ROW]
    assert rows_that_say(["trouves", "صواريخ"], told, "incidents") == []
    assert named(told) == {"gao": ["غاو"]}
    assert list(search.hits("TROUVES missiles", told)[0]) == [ROW]
    assert list(search.hits("على صواريخ", told)[0]) == [ROW]
