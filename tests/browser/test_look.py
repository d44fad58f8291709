"""How the page looks, as far as a machine can tell: nothing overlaps, nothing is too small."""

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import Browser, expect

from armsflow.dataset.knowledge import NOTES
from armsflow.picture.legend import legend
from tests.browser.visit import Visit

SMALLEST_PIXELS = 12
LEAST_CONTRAST = 4.5
SCREENS = [(1600, 900), (1280, 720)]

LETTERING = """
() => [...document.querySelectorAll('.name:not(.cut) > div, .tag > div')].map((box) => {
  const { left, top, right, bottom, width } = box.getBoundingClientRect();
  return { text: box.innerText, left, top, right, bottom, width };
}).filter((box) => box.width > 0)
"""

SMALL_TEXT = """
(smallest) => {
  const small = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    if (!words || element.closest('canvas, script, style, noscript, template')) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < smallest) small.push(`${size}: ${words.slice(0, 60)}`);
  }
  return small;
}
"""

# Colours are painted one over the other on a canvas, so that every notation and opacity counts.
FAINT_TEXT = """
([selector, least]) => {
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
    .getContext('2d', { willReadFrequently: true });
  const paint = (colours) => {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, 1, 1);
    for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (colour) => colour.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const faint = [];
  let seen = 0;
  for (const root of document.querySelectorAll(selector)) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const words = texts.currentNode.textContent.trim();
      const element = texts.currentNode.parentElement;
      if (!words || element.closest('svg') || !element.checkVisibility()) continue;
      seen += 1;
      const grounds = [];
      for (let node = element; node; node = node.parentElement) {
        grounds.unshift(getComputedStyle(node).backgroundColor);
      }
      const ink = luminance(paint([...grounds, getComputedStyle(element).color]));
      const ground = luminance(paint(grounds));
      const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
      if (contrast < least) faint.push(`${contrast.toFixed(2)}: ${words.slice(0, 60)}`);
    }
  }
  return { seen, faint };
}
"""


pytestmark = pytest.mark.xdist_group("look")  # one visit a screen for all that only look


@pytest.fixture(scope="module", params=SCREENS, ids=str)
def seen(request, lasting_visit):
    """The default view on a screen."""
    width, height = request.param
    lasting_visit.page.set_viewport_size({"width": width, "height": height})
    return lasting_visit.open()


def test_the_map_with_its_legend_and_notes_is_in_one_window(seen):
    """A screenshot without scrolling holds the boundary note."""
    expect_map_in_one_window(seen)


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_map_of_a_selection_is_in_one_window(visit, width, height):
    visit.page.set_viewport_size({"width": width, "height": height})
    expect_map_in_one_window(visit.open("?weapon=manpads"))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_map_is_in_one_window_in_every_language(visit, language):
    visit.page.set_viewport_size({"width": 1600, "height": 900})
    expect_map_in_one_window(visit.open(f"?lang={language}"))


def expect_map_in_one_window(visit):
    width, height = (visit.page.viewport_size[side] for side in ("width", "height"))
    frame = visit.page.locator(".st-key-map-frame iframe").bounding_box()
    note = visit.map.locator(".legend p").bounding_box()
    assert note
    assert note["y"] + note["height"] <= frame["y"] + frame["height"] <= height
    # Dragged by nobody, the sidebar is as wide as the style sheet says.
    sidebar = visit.page.get_by_test_id("stSidebar").bounding_box()
    assert sidebar["width"] == (256 if width > 1420 else 226)


def test_names_and_end_tags_overlap_nowhere_and_lie_inside_the_map(seen):
    boxes = seen.map_frame.evaluate(LETTERING)
    assert len(boxes) > 2
    touching = [
        (one["text"], other["text"])
        for one, other in combinations(boxes, 2)
        if one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] < other["bottom"]
        and other["top"] < one["bottom"]
    ]
    assert touching == []
    frame = seen.map_frame.evaluate(
        "() => document.getElementById('map_armsflow').getBoundingClientRect().toJSON()"
    )
    outside = [
        box["text"]
        for box in boxes
        if box["left"] < frame["left"]
        or box["right"] > frame["right"]
        or box["top"] < frame["top"]
        or box["bottom"] > frame["bottom"]
    ]
    assert outside == []


def test_no_text_is_smaller_than_twelve_pixels(seen):
    assert seen.page.evaluate(SMALL_TEXT, SMALLEST_PIXELS) == []
    assert seen.map_frame.evaluate(SMALL_TEXT, SMALLEST_PIXELS) == []


def test_the_legend_has_what_is_shown_and_a_press_shows_all_of_it(seen, shipped):
    entries = legend(shipped)
    rows = seen.map.locator(".legend li:visible")
    assert 5 < rows.count() < len(entries)
    seen.map.get_by_role("button", name="Whole legend").click()
    words = seen.map.locator(".legend").inner_text()
    assert [entry.label for entry in entries if entry.label not in words] == []
    assert [entry.section for entry in entries if entry.section not in words] == []
    assert [note for note in NOTES if note not in words] == []
    assert rows.count() == len(entries)
    seen.map.get_by_role("button", name="Only what is shown").click()
    assert rows.count() < len(entries)


def test_no_line_of_the_legend_ends_with_a_heading(visit):
    visit.open("?weapon=manpads")
    for width in range(1160, 1320, 40):
        visit.page.set_viewport_size({"width": width, "height": 720})
        visit.page.wait_for_timeout(300)
        alone = visit.map_frame.evaluate(
            "() => [...document.querySelectorAll('.legend h2')].filter((heading) => {"
            "  const rows = [...heading.nextElementSibling.children];"
            "  const first = rows.find((row) => row.offsetHeight);"
            "  const end = heading.getBoundingClientRect().bottom;"
            "  return first && first.getBoundingClientRect().top >= end;"
            "}).map((heading) => heading.innerText)"
        )
        assert alone == []


def test_the_first_screen_holds_headline_pills_map_legend_and_panel(seen):
    page = seen.page
    for part in ("h1", ".counts", ".st-key-weapon", 'iframe[title^="armsflow.webmap"]'):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-panel")).to_be_in_viewport(ratio=1)
    hidden = seen.map_frame.evaluate(
        "() => [...document.querySelectorAll('.legend, .legend li, .legend p')].filter((part) => {"
        "  const box = part.getBoundingClientRect();"
        "  return box.bottom > innerHeight || box.right > innerWidth || box.left < 0;"
        "}).map((part) => part.innerText)"
    )
    assert hidden == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit_to, address, scheme):
    visit = visit_to(address, color_scheme=scheme).open()
    legend_text = visit.map_frame.evaluate(FAINT_TEXT, [".legend", LEAST_CONTRAST])
    assert legend_text["seen"] > 10
    assert legend_text["faint"] == []
    parts = ".masthead, h1, .counts, .panel, .note, .st-key-weapon, .table-title"
    page_text = visit.page.evaluate(FAINT_TEXT, [parts, LEAST_CONTRAST])
    assert page_text["seen"] > 20
    assert page_text["faint"] == []


@pytest.mark.parametrize("query", ["", "?destinations=tunisia", "?destinations=egypt"])
def test_numbers_on_a_phone_lie_apart_and_can_be_pressed(
    visit_to: Callable[..., Visit], address: str, query: str
):
    visit = visit_to(address, viewport={"width": 390, "height": 844})
    visit.open(query)
    boxes = visit.map_frame.evaluate(
        "[...document.querySelectorAll('.case .box')].map((one) => {"
        " const { x, y, width, height } = one.getBoundingClientRect();"
        " return [x + width / 2, y + height / 2, Math.max(width, 24) / 2]; })"
    )
    assert len(boxes) > 4
    for one, other in combinations(boxes, 2):
        apart = abs(one[0] - other[0]) >= one[2] + other[2] - 1 or abs(one[1] - other[1]) >= 23
        assert apart, (one, other)


@pytest.mark.parametrize("locale", ["en-GB", "ar-EG", "he-IL", "fa-IR", "ur-PK"])
def test_the_years_stand_over_their_handles_in_every_locale(
    chromium: Browser, address: str, locale: str
):
    context = chromium.new_context(locale=locale, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(address)
    slider = page.get_by_test_id("stSlider").first
    expect(slider).to_be_visible(timeout=60_000)
    page.wait_for_timeout(500)
    labels, handles = slider.evaluate(
        "(slider) => [[...slider.querySelectorAll('*')].filter((one) =>"
        " /^20[0-9][0-9]$/.test(one.textContent) && !one.children.length).slice(0, 2),"
        " [...slider.querySelectorAll('input, [role=slider]')].slice(0, 2)].map((ones) =>"
        " ones.map((one) => [one.value || one.textContent || one.getAttribute('aria-valuenow'),"
        " one.getBoundingClientRect().x]))"
    )
    assert [year for year, _ in labels] == [year for year, _ in handles]
    assert labels[0][1] < labels[1][1]
    assert handles[0][1] < handles[1][1]
    context.close()


def test_one_finger_on_the_map_scrolls_the_page_and_a_mouse_moves_the_map(
    chromium: Browser, address: str
):
    for touch in (True, False):
        context = chromium.new_context(
            viewport={"width": 390, "height": 844}, has_touch=touch, is_mobile=touch
        )
        page = context.new_page()
        page.goto(address)
        page.wait_for_function(
            "document.querySelector('iframe[title^=\"armsflow.webmap\"]')"
            "?.contentWindow.armsflow?.map?._loaded"
        )
        frame = page.locator('iframe[title^="armsflow.webmap"]').element_handle().content_frame()
        assert frame
        assert frame.evaluate("armsflow.map.dragging.enabled()") is not touch
        action = frame.evaluate(
            "getComputedStyle(document.querySelector('.leaflet-container')).touchAction"
        )
        if touch:
            assert action.replace(" ", "") in {"pan-xpan-y", "auto", "manipulation"}
        context.close()


def test_one_finger_on_the_map_scrolls_the_page_and_is_told_of_two(chromium: Browser, address: str):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    visit = Visit(context.new_page(), address)
    visit.open()
    page = visit.page
    frame = page.locator('iframe[title^="armsflow.webmap"]')
    frame.scroll_into_view_if_needed()
    before, view = frame.bounding_box(), visit.map_state()
    assert before
    touches = context.new_cdp_session(page)

    def touch(kind: str, *heights: float) -> None:
        points = [{"x": before["x"] + 150, "y": before["y"] + height} for height in heights]
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 200)
    for height in range(190, 80, -10):
        touch("touchMove", height)
    expect(visit.map.locator(".hint")).to_be_visible()
    touch("touchEnd")
    expect(visit.map.locator(".hint")).to_be_hidden()
    after = frame.bounding_box()
    assert after
    assert after["y"] < before["y"] - 40
    assert visit.map_state() == view
    context.close()


def test_no_edge_of_the_map_cuts_a_tip(visit: Visit):
    visit.open()
    for x, y in (("0", "0"), ("innerWidth - 1", "0"), ("0", "innerHeight - 1"),
                 ("innerWidth - 1", "innerHeight - 1")):  # fmt: skip
        box = visit.map_frame.evaluate(
            f"() => {{ armsflow.tell(['A long name '.repeat(16), 'Second line'], {x}, {y});"
            " const box = document.querySelector('.tip').getBoundingClientRect();"
            " return [box.left, box.top, innerWidth - box.right, innerHeight - box.bottom]; }"
        )
        assert min(box) >= 0


@pytest.mark.parametrize("width", [820, 1024, 1280])
def test_the_brief_button_holds_its_words(width: int, visit: Visit):
    visit.page.set_viewport_size({"width": width, "height": 768})
    visit.open()
    words = visit.page.locator(".st-key-brief button p")
    inside = words.evaluate(
        "(words) => { const [inner, outer] = [words, words.closest('button')].map("
        "(part) => part.getBoundingClientRect());"
        " return words.scrollWidth <= words.clientWidth && inner.left > outer.left"
        " && inner.right < outer.right; }"
    )
    assert inside
