"""What a selection found, in three languages: the same numbers, and no English word."""

import re

import pytest

from armsflow.dataset.languages import in_language
from armsflow.language import speaking
from armsflow.selection import selection
from armsflow.selection.questions import QUESTIONS, answer
from armsflow.selection.sentence import describe
from tests.choices import random_selections
from tests.english import english_of

NUMBER = re.compile(r"\d{1,3}(?:[,\u202f]\d{3})+|\d+")


def numbers(*sentences):
    """Return the numbers of sentences but one and two, which may be words, in order of size."""
    found = (int(re.sub(r"\D", "", one)) for text in sentences for one in NUMBER.findall(text))
    return sorted(number for number in found if number > 2)


def said(chosen, whole):
    with speaking(whole.language):
        return describe(chosen, selection.apply(whole, chosen), whole)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_selection_says_the_same_numbers_and_no_english_word(language, shipped):
    told = in_language(shipped, language)
    for chosen in random_selections(shipped, 40, seed=19):
        english, other = said(chosen, shipped), said(chosen, told)
        for part in ("headline", "counts", "filters", "aside"):
            before, after = getattr(english, part), getattr(other, part)
            missing = [one for one in numbers(before) if one not in numbers(after)]
            assert missing == [], (before, after)
            assert bool(before) == bool(after), (before, after)
            assert english_of([after]) == []


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("code", QUESTIONS)
def test_an_answer_says_the_same_numbers_and_no_english_word(code, language, shipped):
    told = in_language(shipped, language)
    with speaking(language):
        words = answer(code, told)
    english = answer(code, shipped)
    assert [one for one in numbers(english) if one not in numbers(words)] == []
    assert english_of([words]) == []
