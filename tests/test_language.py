"""Catalogues of sentences, and what each language makes of numbers and dates."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

from armsflow.language import (
    ENGLISH,
    FOLDER,
    LOCALES,
    _n,
    _p,
    number,
    speaking,
    spoken,
)
from armsflow.package import dates

OTHERS = [language for language in LOCALES if language != ENGLISH]
KEYWORDS = parse_keywords(["_", "_n:1,2", "_p:1c,2", "N_:1,1t", "N_:1,2,2t"])
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
PLACE = re.compile(r"{(\w+)}")


@pytest.fixture(scope="module")
def sentences():
    """Every sentence of the code that is said in other languages: context, and its forms."""
    root = Path(FOLDER).parent
    found = extract_from_dir(root, METHODS, keywords=KEYWORDS)
    return {
        (context, forms if isinstance(forms, str) else tuple(forms))
        for _, _, forms, _, context in found
    }


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_sentence_and_no_other(language, sentences):
    with (FOLDER / language / "LC_MESSAGES" / "armsflow.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    messages = {(one.context, one.id): one for one in catalogue if one.id}
    assert set(messages) == sentences
    for (_context, forms), message in messages.items():
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        assert len(said) == (1 if isinstance(forms, str) else catalogue.num_plurals)
        english = forms if isinstance(forms, str) else forms[1]
        for one in said:
            assert one.strip() or not english.strip(), forms
            # A language may have a word for one and two; everything else has its place.
            assert set(PLACE.findall(english)) - set(PLACE.findall(one)) <= {"count"}, one
            assert set(PLACE.findall(one)) <= set(PLACE.findall(english)), one
        assert set(PLACE.findall(said[-1])) == set(PLACE.findall(english)), forms


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 weapons", "1 weapon", "2 weapons", "3 weapons", "10 weapons", "11 weapons",
                "100 weapons", "1,234 weapons", "2,000,000 weapons"]),
        ("fr", ["0 arme", "1 arme", "2 armes", "3 armes", "10 armes", "11 armes", "100 armes",
                "1\u202f234 armes", "2\u202f000\u202f000 d’armes"]),
        ("ar", ["0 سلاح", "سلاح واحد", "سلاحان", "3 أسلحة", "10 أسلحة", "11 سلاحا", "100 سلاح",
                "1,234 سلاحا", "2,000,000 سلاح"]),
    ],
)  # fmt: skip
def test_each_number_has_the_form_of_its_language(language, said):
    with speaking(language):
        counts = (0, 1, 2, 3, 10, 11, 100, 1234, 2_000_000)
        assert [_n("{count} weapon", "{count} weapons", count) for count in counts] == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["14 May 2013", "1 March 2013", "6–9 November 2011", "January–February 2012"]),
        ("fr", ["14 mai 2013", "1er mars 2013", "6–9 novembre 2011", "janvier–février 2012"]),
        ("ar", ["14 مايو 2013", "1 مارس 2013", "6–9 نوفمبر 2011", "يناير–فبراير 2012"]),
    ],
)
def test_dates_are_written_as_the_language_writes_them(language, said):
    spans = [("2013-05-14", ""), ("2013-03-01", ""), ("2011-11-06", "2011-11-09"),
             ("2012-01", "2012-02")]  # fmt: skip
    with speaking(language):
        assert [dates.label(*span) for span in spans] == said


def test_a_language_ends_with_its_block_even_if_that_fails():
    def fail():
        with speaking("fr"):
            assert number(1234) == "1\u202f234"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert spoken() == ENGLISH
    assert number(1234) == "1,234"
    assert _p("day of a month", "1") == "1"


def test_a_language_that_the_product_does_not_have_is_refused():
    with pytest.raises(KeyError), speaking("tlh"):
        pass
