"""Headlines, answers and cautions in another language: no word is said outside of a message."""

import gettext
import re
from dataclasses import replace

import pandas as pd
import pytest

from armsflow import language
from armsflow.dataset import knowledge
from armsflow.dataset.dataset import labels
from armsflow.dataset.loader import SHIPPED, load_earlier
from armsflow.language import ENGLISH, LOCALES, _, month, speaking
from armsflow.selection import cases, numbering, questions, selection
from armsflow.selection.finding import outcome_words
from armsflow.selection.history import since
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe
from armsflow.words import kind_words, started
from tests.choices import random_selections

SAID = re.compile(r"«[^»]*»")
NUMBERS = {
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    "eleven": "11", "twelve": "12",
}  # fmt: skip
"""Numbers that only English writes as words."""
JOINTS = {"et", "ou"}
"""Words that the customs of the language put between the last two of a list."""


class Marked(gettext.NullTranslations):
    """Sentences in which everything but the places stands between « and »."""

    def gettext(self, message):
        parts = re.split(r"({\w+})", message)
        return "".join(part if part.startswith("{") else f"«{part}»" for part in parts if part)

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, _context, message):
        return self.gettext(message)


@pytest.fixture
def marked(monkeypatch, shipped):
    """The shipped data while every sentence is said with its words between « and ».

    The language is French, whose lists and numbers are not those of English. The dataset is another
    one than that of other tests, since it keeps words that were said of it.
    """
    others = dict.fromkeys(LOCALES, gettext.NullTranslations())
    catalogues = others | {"fr": Marked()}
    monkeypatch.setattr(language, "catalogue", catalogues.__getitem__)
    with speaking("fr"):
        yield replace(shipped, language="fr")


@pytest.fixture(scope="module")
def chosen(shipped):
    """Selections of every size: random ones, all, none, and more than can be named."""
    every = selection.destination_codes(shipped)
    many = [Selection(destinations=every[:count], years=(2013, 2013)) for count in (5, 7, 9, 12)]
    few = [Selection(destinations=every[count:], weapon=("manpads",)) for count in (3, 6, 8, 11)]
    found = [Selection(), selection.default_selection(shipped), *many, *few]
    found += [Selection(destinations=every[6:12], event=("seizure",), weapon=("manpads",))]
    found += [Selection(destinations=("chad",))]
    return [*found, *random_selections(shipped, 40, seed=77)]


def in_short(dataset, chosen):
    """Say a selection and what was found."""
    sentence = describe(chosen, selection.apply(dataset, chosen), dataset)
    return [sentence.headline, sentence.counts, sentence.filters, sentence.aside]


def in_cases(dataset, chosen):
    """Say the numbered incidents of a selection."""
    shown = selection.apply(dataset, chosen)
    numbered = cases.read_cases(shown, cases.chosen_cases(shown), dataset)
    said = [cases.cases_heading(len(numbered), shown.totals.events)]
    said += [text for one in numbered for text in (cases.headline(one), one.found, one.short)]
    return said + cases.cautions_of(numbered)


def answers(dataset):
    """Say and answer all questions; the sentence on the link to Libya has a test of its own."""
    sinai = selection.apply(dataset, questions.QUESTIONS["sinai"].choose(dataset)).totals
    link = knowledge.link_words(sinai.strong, sinai.events)
    return [
        text.removesuffix(link)
        for code, question in questions.QUESTIONS.items()
        for text in (question.words, questions.answer(code, dataset))
    ]


def words_of_codes(dataset):
    """Collect what codes are called, also as it stands in a sentence."""
    said = {str(text) for text in (*dataset.destinations["label"], *dataset.weapon_types["label"])}
    for table, column in (
        ("weapon_types", "group"), ("incidents", "link_basis"), ("incidents", "event_type"),
        ("incidents", "outcome"),
    ):  # fmt: skip
        said.update(labels(dataset, table, column).values())
    said |= {text.partition(" (")[0] for text in said}
    return said | {kind_words(text) for text in said} | {text.lower() for text in said}


def words_of_rows(dataset):
    """Collect what is stated of incidents, and names of months."""
    items = dataset.items
    said = {*dataset.incidents["place"], *items["designation"], *items["note"], *items["unit"]}
    said |= {month(position) for position in range(1, 13)}
    return said | {started(text) for text in said}


def bare(words, known=()):
    """Return the words of a text that no message said, and that are not those of the data."""
    left = SAID.sub(" ", words)
    for text in sorted(filter(None, known), key=len, reverse=True):
        if text in left:
            left = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", " ", left)
    return set(re.findall(r"[^\W\d_]+", left)) - JOINTS


def numbers(words):
    """Return the numbers of a text in their order, also those that are words in English."""
    plain = re.sub(rf"\b({'|'.join(NUMBERS)})\b", lambda match: NUMBERS[match[0]], words)
    return re.findall(r"\d+", re.sub(r"(?<=\d)[,\u202f](?=\d{3})", "", plain))


def test_a_selection_is_said_in_messages_with_the_numbers_of_english(shipped, chosen, marked):
    codes = words_of_codes(marked)
    rows = codes | words_of_rows(marked)
    counted = 0
    for one in chosen:
        short, long = in_short(marked, one), in_cases(marked, one)
        assert not [text for text in short if bare(text, codes)]
        assert not [text for text in long if bare(text, rows)]
        with speaking(ENGLISH):
            english = in_short(shipped, one) + in_cases(shipped, one)
        assert [numbers(text) for text in short + long] == [numbers(text) for text in english]
        counted += sum(len(numbers(text)) for text in english)
    assert counted > 1000


def test_answers_are_said_in_messages_with_the_numbers_of_english(shipped, marked):
    codes = words_of_codes(marked)
    parts = [Selection(), *(
        Selection(years=(year, year), weapon=weapon)
        for year in (2011, 2013, 2016, 2020) for weapon in ((), ("manpads",), ("unspecified",))
    )]  # fmt: skip
    for part in parts:
        said = answers(selection.apply(marked, part))
        assert not [text for text in said if bare(text, codes)]
        with speaking(ENGLISH):
            english = answers(selection.apply(shipped, part))
        assert [numbers(text) for text in said] == [numbers(text) for text in english]
        assert not [text for text in said + english if re.search(r"\b2[,\u202f]0\d\d\b", text)]


@pytest.mark.usefixtures("marked")
def test_arms_from_abroad_are_marked_in_messages(small):
    other = replace(small, language="fr")
    transit = pd.DataFrame({"incident_id": ["2013-tassili-convoy"]})
    (case,) = cases.read_cases(other, transit, other)
    assert "passed through Libya" in case.status
    assert not bare(case.status)


@pytest.mark.usefixtures("marked")
def test_what_became_of_incidents_is_said_in_messages():
    for count in (1, 2, 7):
        for stopped in range(count + 1):
            assert not bare(outcome_words(count, stopped, (count - stopped) // 2))


def test_what_changed_is_said_in_messages(marked):
    earlier = next(load_earlier(SHIPPED, marked.version))
    for one in (Selection(), Selection(destinations=("tunisia",))):
        assert not bare(since(one, marked, earlier).words)
        assert not bare(since(one, marked, marked).words)


@pytest.mark.parametrize("text", ["nonsense", "4-7KQ2MZZ", "2ZZ80000-Y8E5EZZ"])
def test_a_picture_number_is_refused_in_messages(text, marked):
    with pytest.raises(ValueError, match="«") as refused:
        numbering.read_number(text, marked)
    assert not bare(str(refused.value), [repr(text), numbering.EXAMPLE])
    assert not bare(_(numbering.MAY_BE_MISTYPED))
