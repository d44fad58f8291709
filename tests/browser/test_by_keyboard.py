"""What a reader can do without a mouse, and what is said aloud meanwhile."""

from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TimedOut

from tests.browser.recount import FOCUS, Asked, Recount
from tests.browser.visit import Visit

MOST_PRESSES = 62


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def go_to(self, css: str, key: str = "Tab") -> None:
        """Press a key until the keyboard is in an element."""
        for _ in range(MOST_PRESSES):
            self.press(key)
            if self.page.evaluate("(css) => Boolean(document.activeElement.closest(css))", css):
                return
        raise AssertionError(f"{css} is further than {MOST_PRESSES} presses of {key}")


def test_a_whole_task_takes_few_presses(visit: Visit, recount: Recount):
    """MANPADS and Tunisia, one incident opened, PowerPoint saved, a source reached, all reset."""
    visit.open()
    page, keys = visit.page, Keyboard(visit.page)
    start = visit.page.url
    keys.go_to(".st-key-destinations [role=toolbar]")
    for destination in FOCUS:  # all are chosen at first; all but one are taken out
        if destination != "tunisia":
            with visit.rerun():
                keys.press("Space")
        keys.press("ArrowRight")
    asked = Asked(destinations=frozenset({"tunisia"}))
    visit.expect_view(recount.view(asked))
    keys.go_to("[data-testid=stSkipToContent]", "Shift+Tab")
    expect(page.locator("a:focus")).to_be_in_viewport(ratio=1)
    keys.press("Enter")
    keys.go_to(".st-key-weapon")
    keys.press("Space")
    asked = Asked(weapon=frozenset({"manpads"}), destinations=asked.destinations)
    visit.expect_view(recount.view(asked))
    keys.go_to(".st-key-case")
    keys.press("Space")
    card = page.locator(".panel article.focused")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    assert visit.focus in {row["incident_id"] for row in recount.rows(asked)}
    keys.go_to(".st-key-brief", "Shift+Tab")
    keys.press("Enter")
    expect(page.locator("[data-testid=stPopoverBody] input").first).to_be_focused()
    keys.go_to(".st-key-file-pptx")
    with page.expect_download() as saved:
        keys.press("Enter")
    assert saved.value.suggested_filename.endswith(".pptx")
    keys.press("Escape")
    expect(page.locator(".st-key-brief button").first).to_be_focused()
    keys.go_to(".panel article a[href^=http]")
    keys.go_to(".st-key-reset", "Shift+Tab")
    keys.press("Enter")
    visit.expect_view(recount.view(Asked()))
    visit.expect_focus("")
    assert page.url == start
    assert keys.presses <= MOST_PRESSES


RECORD = """
() => {
  window.said = [];
  const live = '[aria-live], [role=status], [role=alert]';
  const watch = (page, note) => new MutationObserver((changes) => {
    const spoken = new Set(changes.map(({ target }) => target.closest?.(live)
      ?? target.parentElement?.closest(live)));
    for (const region of spoken) if (region) note(region);
  }).observe(page.body, { childList: true, characterData: true, subtree: true });
  watch(document, (region) => {
    if (region.matches('.announcement')) window.said.push(region.textContent);
  });
  for (const { contentDocument } of document.querySelectorAll('iframe')) {
    const hear = ({ textContent }) => window.said.push(textContent);
    if (contentDocument?.body) watch(contentDocument, hear);
  }
}
"""


def choose(visit: Visit, key: str, number: int) -> None:
    """Choose an option of a list by keyboard."""
    field = visit.page.locator(f".st-key-{key} input")
    field.press("ArrowDown")
    visit.page.locator("[role=option]").nth(number).click()
    field.press("Tab")  # closes the list


def press_in_map(visit: Visit, *keys: str) -> None:
    visit.map.locator(".list").focus()
    for key in keys:
        visit.page.keyboard.press(key)


def changes(visit: Visit) -> dict[str, Callable[[], object]]:
    """Twenty changes that readers make, one after the other."""
    page = visit.page
    reset = page.locator(".st-key-reset button")
    rows = page.locator(".grid.incidents button[data-press]")
    return {
        "a weapon": lambda: visit.press_pill("weapon", "MANPADS"),
        "a second weapon": lambda: visit.press_pill("weapon", "Small arms"),
        "one destination less": lambda: visit.press_pill("destinations", "Mali"),
        "one destination more": lambda: visit.press_pill("destinations", "Gaza"),
        "a row": lambda: rows.nth(0).press("Enter"),
        "another row": lambda: rows.nth(2).press("Enter"),
        "a weapon while a card is open": lambda: visit.press_pill("weapon", "Small arms"),
        "no card": visit.clear_focus,
        "a number": lambda: page.locator(".st-key-case button").first.press("Space"),
        "everything again": lambda: reset.press("Enter"),
        "a question": lambda: page.locator(".st-key-question button").nth(0).click(),
        "another question": lambda: page.locator(".st-key-question button").nth(1).click(),
        "a cell": lambda: page.locator(".matrix button").first.press("Enter"),
        "something on the map": lambda: press_in_map(visit, "Enter"),
        "the next on the map": lambda: press_in_map(visit, "End", "Enter"),
        "all of it": lambda: reset.press("Enter"),
        "a later year": lambda: page.locator(".st-key-years input").first.press("ArrowRight"),
        "a kind of link": lambda: choose(visit, "basis", 0),
        "a kind of event": lambda: choose(visit, "event", 0),
        "a frame, which changes no word": lambda: choose(visit, "frame", 1),
        "another frame": lambda: choose(visit, "frame", 3),
        "something searched for": lambda: choose(visit, "focus", 0),
        "what was before": lambda: page.go_back(),
    }


def test_twenty_changes_are_each_said_aloud_once_and_as_the_page_shows_them(visit: Visit):
    visit.open()
    visit.page.evaluate(RECORD)
    focus, heard = "", 0
    for name, change in changes(visit).items():
        change()
        with suppress(TimedOut):  # the next line says what was not said
            visit.page.wait_for_function(
                "(heard) => window.said.length > heard", arg=heard, timeout=20_000
            )
        visit.settle()
        said = visit.page.evaluate("window.said")
        assert len(said) == heard + 1, (name, said[heard:])
        assert said[-1:] != said[-2:-1], name  # the same text again would be heard by nobody
        words = said[-1].removesuffix("\u200b")
        if visit.focus and visit.focus != focus:
            assert words.startswith("In focus: "), name
            opened = visit.page.locator(".panel article.focused .title, .panel h2:not(.part)").first
            assert opened.inner_text() in words, name
            expect(opened).to_be_in_viewport()
        else:
            shown = [visit.headline, visit.view()["counts"]]
            assert words == " ".join(f"{part}." for part in shown if part), name
        focus, heard = visit.focus, len(said)
    assert heard >= 20


def test_a_card_comes_into_view_on_a_phone(visit: Visit):
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open("?destinations=tunisia")
    press_in_map(visit, "End", "Enter")
    expect(visit.page.locator(".panel article.focused .title")).to_be_in_viewport()
    visit.page.locator(".grid.incidents button[data-press]").nth(3).press("Enter")
    card = visit.page.locator(".panel article.focused")
    expect(card).to_be_focused()
    expect(card.locator(".title")).to_be_in_viewport()


def test_a_link_leads_past_an_open_card_to_the_map(visit: Visit):
    visit.open("?destinations=tunisia&focus=link-tunisia")
    skip = visit.page.locator(".panel a.skip")
    skip.focus()
    expect(skip).to_be_in_viewport(ratio=1)
    skip.press("Enter")
    visit.page.keyboard.press("ArrowDown")
    expect(visit.map.locator(".cursor")).to_be_visible()
