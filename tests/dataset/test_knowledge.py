"""Sentences on how much is known, for none, one, two, all and some."""

import re

import pytest

from armsflow.dataset import knowledge
from armsflow.selection import selection
from armsflow.words import aside_words, place_words, unpublished_words
from tests.choices import random_selections


@pytest.mark.parametrize(
    ("strong", "events", "words"),
    [
        (0, 1, "is only reported, not traced, marked or officially stated."),
        (0, 5, "is only reported, not traced, marked or officially stated."),
        (1, 1, "is traced, marked or officially stated."),
        (1, 2, "in one of the two incidents; in the other it is only reported."),
        (2, 2, "is traced, marked or officially stated in both incidents."),
        (3, 5, "in 3 of 5 incidents; in the other 2 it is only reported."),
        (5, 5, "in all 5 incidents."),
    ],
)
def test_how_the_link_is_known(strong, events, words):
    assert knowledge.link_words(strong, events).endswith(words)


@pytest.mark.parametrize(
    ("single", "events", "words"),
    [
        (0, 1, "The incident rests on more than one origin."),
        (1, 1, "The incident rests on one origin."),
        (0, 2, "Neither incident rests on one origin alone."),
        (1, 2, "One of the two incidents rests on one origin."),
        (2, 2, "Both incidents rest on one origin each."),
        (0, 5, "None of the 5 incidents rests on one origin alone."),
        (1, 5, "1 of 5 incidents rests on one origin."),
        (2, 5, "2 of 5 incidents rest on one origin each."),
        (5, 5, "All 5 incidents rest on one origin each."),
    ],
)
def test_how_many_rest_on_one_origin(single, events, words):
    assert knowledge.origin_words(single, events) == words


@pytest.mark.parametrize(
    ("stated", "items", "words"),
    [
        (0, 0, ""),
        (0, 1, "No number is stated for the weapon item."),
        (1, 1, "A number is stated for the weapon item."),
        (0, 2, "A number is stated for neither weapon item."),
        (1, 5, "A number is stated for 1 of 5 weapon items."),
        (5, 5, "A number is stated for all 5 weapon items; the numbers are not added up."),
    ],
)
def test_for_how_many_items_a_number_is_stated(stated, items, words):
    assert knowledge.quantity_words(stated, items) == words


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        ((0, 0, 0), "No documented incident"),
        ((1, 0, 1), "1 documented incident, 1 source"),
        ((0, 2, 3), f"No documented incident; {aside_words(2)}; 3 sources"),
        ((2, 1, 3), f"2 documented incidents; {aside_words(1)}; 3 sources"),
    ],
)
def test_rows_in_focus_are_counted_without_a_nought(tally, words):
    assert knowledge.tally_words(*tally) == words


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Mali", "Mali"),
        ("Inside Libya", "inside Libya"),
        ("Other (Central African Republic)", "the Central African Republic"),
        ("Other (Lebanon)", "Lebanon"),
        ("Other (Benin, Togo)", "other destinations (Benin, Togo)"),
    ],
)
def test_a_destination_is_named_as_in_a_sentence(label, words):
    assert place_words(label) == words


def test_unpublished_rows_are_some_all_or_the_one():
    said = [unpublished_words(count, of) for count, of in ((0, 3), (1, 1), (3, 3), (1, 3))]
    assert said == ["", " (unpublished)", " (all unpublished)", " (1 of the 3 unpublished)"]


def test_no_fact_counts_nought_or_one_of_one(shipped):
    clumsy = re.compile(r"\b0 |\b1 of 1\b|\b(\d+) of \1\b|\b1 \w+s\b(?! on)|\bof [01] ")
    for chosen in random_selections(shipped, 80, seed=23):
        facts = knowledge.facts(selection.apply(shipped, chosen))
        assert facts == [fact for fact in facts if not clumsy.search(fact)], chosen
        assert all(fact[0].isupper() or fact[0].isdigit() for fact in facts)
