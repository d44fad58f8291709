"""The shipped translations: all there, with every number, in the terms of the glossary."""

import re

import pytest

from armsflow.dataset.loader import SHIPPED
from armsflow.language import FOLDER
from armsflow.package.package import read_package
from armsflow.package.translations import LANGUAGES, TABLE, in_use, made_from, texts, untranslated

NUMBER = re.compile(r"\d+")
THOUSANDS = {"fr": re.compile(r"(?<=\d)\u202f(?=\d{3})"), "ar": re.compile(r"(?<=\d),(?=\d{3})")}
DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def package():
    return read_package(SHIPPED)[0]


@pytest.fixture(scope="module")
def told(package):
    """Each translation beside its English text."""
    english = texts(package).drop_duplicates("made_from").set_index("made_from")["english"]
    table = package.tables[TABLE]
    return table.assign(english=table["made_from"].map(english))


def test_every_text_is_translated_and_no_translation_is_left_over(package):
    for language in LANGUAGES:
        assert untranslated(package, language).empty
    assert len(in_use(package)) == len(package.tables[TABLE])


def test_every_number_of_two_digits_or_more_stands_in_the_translation(told):
    def numbers(text, language):
        return {one for one in NUMBER.findall(THOUSANDS[language].sub("", text)) if len(one) > 1}

    lost = [
        (row.record, row.language, row.english, row.text)
        for row in told.itertuples()
        if not numbers(row.english, "ar") <= numbers(row.text, row.language)
        and "1970s" not in row.english  # a decade may be a word
    ]
    assert lost == []


def test_texts_hold_nothing_that_is_not_seen(told):
    for text in told["text"]:
        assert not DIRECTION.search(text), text
        assert text == " ".join(text.split(" ")).strip(), text
        assert "  " not in text


def test_arabic_is_written_in_arabic_with_latin_digits(told):
    arabic = told[told["language"] == "ar"]
    assert not arabic["text"].str.contains("[٠-٩۰-۹]").any()
    sentences = arabic[arabic["column"].isin(["title", "summary", "description", "definition"])]
    bare = sentences[~sentences["text"].str.contains("[؀-ۿ]")]
    assert bare["text"].tolist() == []


def forbidden():
    lines = (FOLDER / "GLOSSARY.md").read_text("utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("| ")]
    terms = [term.strip() for row in rows[1:] for term in row[3].split(";") if term.strip()]
    assert len(rows) > 60
    assert len(terms) > 10
    return terms


@pytest.mark.parametrize("term", forbidden())
def test_no_translation_has_a_term_that_the_glossary_forbids(term, told):
    found = re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)
    catalogues = [
        (FOLDER / language / "LC_MESSAGES" / "armsflow.po").read_text("utf-8")
        for language in LANGUAGES
    ]
    assert [text for text in [*told["text"], *catalogues] if found.search(text)] == []


def test_every_translation_names_the_text_that_it_was_made_from(told):
    assert told["made_from"].equals(told["english"].map(made_from))
