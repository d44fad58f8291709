"""The page in French and Arabic: no English word is left, nothing is lost, nothing overflows."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from armsflow.language import RIGHT_TO_LEFT
from tests.browser.visit import Visit
from tests.english import english_of

# Every text that is on the page or is told of it, but what says itself that it is English, the
# titles and publishers of sources, and names. Answers of closed parts count too.
TEXTS = r"""
(names) => {
  const told = ["aria-label", "title", "placeholder", "alt"];
  const own = (one) => one.closest(names);
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    if (own(one) || ["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"].includes(one.tagName)) continue;
    for (const name of told) if (one.getAttribute(name)) found.push(one.getAttribute(name));
    for (const node of one.childNodes) {
      if (node.nodeType === Node.TEXT_NODE && node.data.trim()) found.push(node.data.trim());
    }
  }
  return found;
}
"""
NAMES = "[lang=en], bdi, cite, pre, code, .source, iframe[title^='armsflow.'], .vega-embed"
NUMBERS = re.compile(r"\d+")
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


VIEWS = [
    "",
    "destinations=tunisia&focus=link-tunisia",
    "weapon=manpads&destinations=algeria",
    "destinations=all&weapon=small_arms",
]


@pytest.mark.parametrize("query", VIEWS)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_english_word_is_left_on_the_page(visit: Visit, language: str, query: str):
    visit.open(f"?lang={language}&{query}")
    visit.page.locator(".st-key-own").wait_for(state="attached")
    page = visit.page.evaluate(TEXTS, NAMES)
    frame = visit.map_frame.evaluate(TEXTS, NAMES)
    assert len(page) > 150
    assert len(frame) > 30
    assert english_of(page) == []
    assert english_of(frame) == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_page_runs_from_the_side_of_its_language(visit: Visit, language: str):
    visit.open(f"?lang={language}")
    root = visit.page.locator("html")
    expect(root).to_have_attribute("lang", language)
    expect(root).to_have_attribute("dir", "rtl" if language in RIGHT_TO_LEFT else "ltr")
    panel = visit.page.locator(".st-key-panel").bounding_box()
    frame = visit.page.locator('iframe[title^="armsflow.webmap"]').bounding_box()
    assert panel
    assert frame
    assert (panel["x"] < frame["x"]) == (language in RIGHT_TO_LEFT)
    body = visit.page.frame_locator('iframe[title^="armsflow.webmap"]').locator(
        ".leaflet-container"
    )
    assert body.evaluate("(one) => getComputedStyle(one).direction") == "ltr"


@pytest.mark.parametrize("size", [(1600, 900), (1280, 720), (390, 844)])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_nothing_is_wider_than_the_window(visit_to: Any, address: str, language: str, size: Any):
    visit = visit_to(address, viewport={"width": size[0], "height": size[1]})
    visit.open(f"?lang={language}")
    assert visit.page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_words_of_streamlit_are_said_in_the_language_of_the_page(visit: Visit, language: str):
    visit.open(f"?lang={language}")
    box = visit.page.locator("[data-testid=stFileUploader]").first
    expect(box).to_be_attached()
    expect(box).not_to_contain_text("Upload")
    expect(box).not_to_contain_text("per file")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_press_says_the_same_numbers_as_in_english(visit: Visit, language: str):
    visit.open(f"?lang={language}")
    counts = visit.page.locator(".counts")
    before = counts.inner_text()
    with visit.rerun():
        visit.page.locator(".st-key-weapon button").first.click()
    after = counts.inner_text()
    assert after != before
    visit.open("?" + visit.page.url.partition("?")[2].replace(f"lang={language}", "lang=en"))
    assert NUMBERS.findall(counts.inner_text()) == NUMBERS.findall(after)
