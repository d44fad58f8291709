"""The page speaks one language: of the address, of the browser at first, or the one pressed."""

from dataclasses import replace

import pytest
import streamlit as st

from armsflow.dataset.languages import in_language
from armsflow.language import speaking
from armsflow.selection.numbering import picture_number, read_number
from armsflow.selection.query import LANGUAGE_KEY
from armsflow.selection.selection import default_selection, destination_codes
from tests.app.opening import address, open_page, panel, run


@pytest.fixture
def browser_asks(monkeypatch):
    """Return how to say which language the browser of a reader asks for."""

    def ask(locale):
        monkeypatch.setattr(type(st.context), "locale", property(lambda _: locale))

    return ask


def destinations(at):
    return at.pills(key="destinations").options


def destinations_in(shipped, language):
    names = in_language(shipped, language).destinations["label"]
    return [names[code].partition(" (")[0] for code in destination_codes(shipped)]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_an_address_names_the_language_and_keeps_it(language, shipped):
    at = open_page(lang=language, weapon="manpads")
    assert destinations(at) == destinations_in(shipped, language)
    assert address(at) == {"weapon": ["manpads"], "lang": [language]}


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr-CA", "fr"), ("ar-TN", "ar"), ("AR", "ar"), ("en-US", "en"), ("de", "en"), (None, "en")],
)
def test_the_browser_says_the_language_at_first(locale, language, browser_asks, shipped):
    browser_asks(locale)
    at = open_page()
    assert destinations(at) == destinations_in(shipped, language)
    assert address(at) == {}


def test_the_address_is_stronger_than_the_browser(browser_asks, shipped):
    browser_asks("fr-FR")
    at = open_page(lang="en")
    assert destinations(at) == destinations_in(shipped, "en")
    assert address(at) == {"lang": ["en"]}


def test_a_press_changes_the_language_of_all_and_nothing_else(shipped):
    at = open_page(weapon="manpads", focus="link-mali")
    pressed = run(at.segmented_control(key="language").set_value("ar"))
    assert destinations(pressed) == destinations_in(shipped, "ar")
    assert 'lang="ar" dir="rtl"' in panel(pressed)
    assert address(pressed) == {"weapon": ["manpads"], "focus": ["link-mali"], "lang": ["ar"]}
    with speaking("ar"):  # the test itself reads the words of widgets
        again = run(pressed.segmented_control(key="language").set_value("en"))
    assert address(again) == {"weapon": ["manpads"], "focus": ["link-mali"]}
    assert 'lang="en" dir="ltr"' in panel(again)


def test_going_back_brings_back_the_language_too(shipped):
    at = open_page(weapon="manpads")
    run(at.segmented_control(key="language").set_value("fr"))
    del at.query_params[LANGUAGE_KEY]
    with speaking("fr"):
        run(at)
    assert destinations(at) == destinations_in(shipped, "en")
    assert at.pills(key="weapon").value == ["manpads"]


@pytest.mark.parametrize("language", ["", "fr", "ar"])
def test_a_picture_number_holds_the_language(language, shipped):
    chosen = replace(default_selection(shipped), weapon=("manpads",), language=language)
    number = picture_number(chosen, shipped)
    assert read_number(number, shipped).selection == chosen
    at = open_page(picture=number)
    assert destinations(at) == destinations_in(shipped, language or "en")
    assert address(at).get("lang", [""]) == [language]
    assert at.pills(key="weapon").value == ["manpads"]
    # Whatever language the data are in, they are the same data.
    assert read_number(number, in_language(shipped, "fr")).same_data
    assert len(at.info) == 1
