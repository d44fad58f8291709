"""The evidence in three languages, as a reader presses it."""

import pytest
from playwright.sync_api import expect

from armsflow.dataset.languages import in_language
from armsflow.dataset.loader import load
from tests.browser.visit import Visit

# Room to the left and to the right of the first line of a text.
GAPS = """
(one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  const { left, right } = range.getClientRects()[0];
  const box = one.getBoundingClientRect();
  return [left - box.left, box.right - right];
}
"""

NAMES = {"fr": "Français", "ar": "العربية"}


@pytest.mark.parametrize("language", NAMES)
def test_a_card_is_read_in_another_language_and_the_address_keeps_it(visit: Visit, language: str):
    said = in_language(load(), language).incidents
    visit.open("?destinations=tunisia")
    visit.page.locator(".grid.incidents button[data-press]").nth(2).press("Enter")
    card = visit.page.locator(".panel article.focused")
    expect(card).to_be_visible()
    assert visit.page.locator(".st-key-language").count() == 1
    with visit.rerun():
        visit.page.locator(".st-key-language button", has_text=NAMES[language]).press("Enter")
    title = said.loc[visit.focus, "title"]
    expect(card.locator(".title")).to_have_text(title)
    expect(visit.page.locator(".panel").first).to_have_attribute("lang", language)
    assert f"lang={language}" in visit.page.url
    left, right = card.locator(".title").evaluate(GAPS)
    assert (right <= 1) == (language == "ar")
    assert (left <= 1) == (language != "ar")
    visit.page.reload()
    visit.wait_for_map()
    expect(card.locator(".title")).to_have_text(title)
    with visit.rerun():
        visit.page.locator(".st-key-language button", has_text="English").press("Enter")
    expect(card.locator(".title")).not_to_have_text(title)
    assert "lang=" not in visit.page.url


@pytest.mark.parametrize("typed", ["قردان", "medenine"])
def test_the_search_offers_places_by_their_names_in_other_languages(visit: Visit, typed: str):
    visit.open()
    field = visit.page.locator(".st-key-focus input")
    field.fill(typed)
    option = visit.page.locator("[role=option]").first
    expect(option).to_contain_text("Place: ")


def test_the_search_offers_rows_in_the_language_that_was_chosen(visit: Visit):
    titles = in_language(load(), "ar").incidents["title"]
    visit.open("?lang=ar")
    visit.page.locator(".st-key-focus input").fill(titles.iloc[0])
    expect(visit.page.locator("[role=option]").first).to_contain_text(titles.iloc[0])


@pytest.mark.parametrize("given", ["tlh", "", "<b>", "fr,ar"])
def test_a_language_that_there_is_not_is_english(visit: Visit, given: str):
    visit.open(f"?destinations=tunisia&focus=link-tunisia&lang={given}")
    expect(visit.page.locator(".panel").first).to_have_attribute("lang", "en")
    assert "lang=" not in visit.page.url
