"""The map in one file, opened from a disk: it asks for nothing and draws what Python says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from armsflow.briefing import briefing
from armsflow.picture.picture import Picture
from armsflow.selection.selection import Selection, default_selection
from armsflow.webmap.flows import flows

Open = Callable[..., tuple[Page, Picture]]
WIDE, PHONE = (1280, 720), (390, 844)


@pytest.fixture
def wrong() -> list[str]:
    """What the browser complained of, and what was asked of another place than the disk."""
    return []


@pytest.fixture
def open_file(
    chromium: Browser, shipped: Any, plate: Any, tmp_path: Path, wrong: list[str]
) -> Iterator[Open]:
    """Write the map of a selection, open it, and find afterwards that nothing went wrong."""
    contexts = []

    def start(
        chosen: Selection, size: tuple[int, int] = WIDE, **options: Any
    ) -> tuple[Page, Picture]:
        prepared = briefing.prepare(chosen, shipped, plate)
        file = tmp_path / "map.html"
        file.write_bytes(briefing.map_file(prepared))
        contexts.append(
            chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        )
        page = contexts[-1].new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda asked: asked.url.startswith(("file:", "data:")) or wrong.append(asked.url),
        )
        page.goto(file.as_uri())
        return page, prepared.picture

    yield start
    for context in contexts:
        context.close()
    assert wrong == []


def on_map(page: Page, marks: str) -> list[str]:
    return page.eval_on_selector_all(marks, "found => found.map(mark => mark.classList[1])")


@pytest.mark.parametrize(
    "chosen", [None, Selection(weapon=("manpads",)), Selection(destinations=("mali",))]
)
def test_it_draws_the_lines_places_and_numbers_that_python_says(
    chosen: Selection | None, open_file: Open, shipped: Any
) -> None:
    page, picture = open_file(chosen or default_selection(shipped))
    said = flows(picture)
    for kind, marks in (("lines", "path.corridor, path.link"), ("places", "path.place")):
        assert sorted(on_map(page, marks)) == sorted(
            mark["classes"].split()[1] for mark in said[kind]
        )
    numbers = page.locator(".case .box").all_inner_texts()
    assert numbers == [mark["text"] for mark in said["numbers"]]
    expect(page.locator("path.land").first).to_be_attached()
    expect(page.locator("path.boundary").first).to_be_attached()
    assert page.evaluate("document.fonts.check('12px \"Source Sans 3\"')")


def test_a_press_and_the_enter_key_open_the_cards_of_a_line_a_place_and_a_number(
    open_file: Open,
) -> None:
    page, picture = open_file(Selection(weapon=("manpads",), destinations=("mali",)))
    cards = page.locator("#found article")
    said = {line.line: line.name for line in picture.lines}
    incidents = picture.shown.incidents
    for mark, line in zip(page.locator("path.hit").all(), said, strict=True):
        mark.dispatch_event("click")
        expect(page.locator("#found h2")).to_have_text(said[line])
        wanted = list(incidents.index[incidents["line"] == line])
        assert cards.evaluate_all("all => all.map(card => card.dataset.incident)") == wanted
        expect(cards.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#numbered")).to_be_visible()
    marks = page.locator(".list")
    marks.focus()
    for _ in said:
        page.keyboard.press("ArrowDown")
    expect(page.locator(".cursor")).to_be_visible()
    page.keyboard.press("Enter")
    wanted = list(incidents.index[incidents["spot"] == picture.places[0].place])
    assert cards.evaluate_all("all => all.map(card => card.dataset.incident)") == wanted
    expect(page.locator("#found h2")).to_be_focused()
    page.locator("#back").click()
    expect(marks).to_be_focused()
    page.locator(".case .box").first.click()
    expect(cards).to_have_count(1)
    assert cards.get_attribute("data-incident") == picture.numbers[0].incident
    expect(cards.locator("h4").first).to_have_text("Weapons, as stated")


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_it_is_readable_on_a_screen_and_on_a_phone(
    size: tuple[int, int], open_file: Open, shipped: Any
) -> None:
    page, _ = open_file(default_selection(shipped), size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    box = page.locator("#map_armsflow").bounding_box()
    assert box
    assert box["y"] + box["height"] < size[1]
    assert box["height"] >= 300
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("body *")].filter((element) =>
          [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
          && !["SCRIPT", "STYLE", "NOSCRIPT"].includes(element.tagName))
          .map((element) => parseFloat(getComputedStyle(element).fontSize)))"""
    )
    assert smallest >= 12


def test_without_scripts_every_incident_can_be_read(open_file: Open) -> None:
    page, picture = open_file(Selection(weapon=("manpads",)), java_script_enabled=False)
    expect(page.locator("article")).to_have_count(len(picture.shown.incidents))
    expect(page.locator(".frame")).to_be_hidden()
    expect(page.locator("noscript p")).to_be_visible()
    page.locator("#numbered a").first.click()
    expect(page.locator("article:target")).to_be_visible()


def test_a_script_that_is_not_its_own_does_not_run(open_file: Open, wrong: list[str]) -> None:
    page, _ = open_file(Selection(weapon=("manpads",), destinations=("mali",)))
    reported = page.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("securitypolicyviolation",
            (event) => done(event.violatedDirective));
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
        })"""
    )
    assert reported == "script-src-elem"
    assert page.evaluate("window.ran") is None
    [said] = wrong
    assert "Content Security Policy" in said
    wrong.clear()
