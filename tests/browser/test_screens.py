"""Small and enlarged screens, wide letters, both themes: nothing is cut, lost or faint."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

PHONE = {"width": 390, "height": 844}
SMALL = [{"width": 320, "height": 256}, PHONE, {"width": 640, "height": 360}]

# Parts of a region that scrolls by itself, as wide tables do, may be wider than the window.
OUTSIDE = """
() => [...document.querySelectorAll('body *')].filter((one) => {
  const { left, right, width, height } = one.getBoundingClientRect();
  if (!width || !height || !one.checkVisibility()) return false;
  if (one.closest('.announcement, .skip')) return false;
  if (left >= -1 && right <= innerWidth + 1) return false;
  for (let part = one.parentElement; part; part = part.parentElement) {
    const box = part.getBoundingClientRect();
    if (getComputedStyle(part).overflowX !== 'visible' && box.left >= -1
      && box.right <= innerWidth + 1) return false;
  }
  return true;
}).map((one) => one.outerHTML.slice(0, 90))
"""

# WCAG 1.4.12, as its own bookmarklet sets it.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }
"""

OUT_OF_THEIR_BOX = """
() => [...document.querySelectorAll('button')].filter((one) => {
  if (!one.checkVisibility()) return false;
  const outer = one.getBoundingClientRect();
  const words = document.createTreeWalker(one, NodeFilter.SHOW_TEXT), range = new Range();
  while (words.nextNode()) {
    if (words.currentNode.parentElement.closest('[data-testid=stIconMaterial]')) continue;
    range.selectNodeContents(words.currentNode);
    const inner = range.getBoundingClientRect();
    if (inner.width && (inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1
      || inner.left < outer.left - 1 || inner.right > outer.right + 1)) return true;
  }
  return false;
}).map((one) => one.innerText)
"""

BOXES = """
(css) => [...document.querySelectorAll(css)].filter((one) => one.checkVisibility())
  .map((one) => [one.textContent, one.getBoundingClientRect().toJSON()])
"""

# Colours are painted one over the other on a canvas, so that every notation and opacity counts. A
# ground counts only where it lies behind the words.
FAINT = """
(least) => {
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
    .getContext('2d', { willReadFrequently: true });
  const luminance = (layers) => {
    for (const [colour, opacity] of [['#fff', 1], ...layers]) {
      Object.assign(pen, { fillStyle: colour, globalAlpha: opacity }).fillRect(0, 0, 1, 1);
    }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  };
  const faint = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
    if (!words || element.closest('svg, script, style, noscript, .name')) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    seen += 1;
    const range = new Range();
    range.selectNodeContents(texts.currentNode);
    const box = range.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const chain = [], grounds = [];
    for (let node = element; node; node = node.parentElement) chain.unshift(node);
    let opacity = 1;
    for (const node of chain) {
      const style = getComputedStyle(node);
      const { left, right, top, bottom } = node.getBoundingClientRect();
      opacity *= Number(style.opacity);
      const behind = left <= x && x <= right && top <= y && y <= bottom;
      if (behind || node === document.body) grounds.push([style.backgroundColor, opacity]);
    }
    const ink = luminance([...grounds, [getComputedStyle(element).color, opacity]]);
    const ground = luminance(grounds);
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    if (contrast < least) faint.push(`${contrast.toFixed(2)}: ${words.slice(0, 60)}`);
  }
  return { seen, faint };
}
"""

# Bars and badges: the ground, or else the edge around it, tells them from the page.
FAINT_SHAPES = (
    FAINT.partition("  const faint")[0]
    + """
  const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const page = luminance([[getComputedStyle(document.body).backgroundColor, 1]]);
  return [...document.querySelectorAll('.panel .bar, .chip b, .panel .number')].map((shape) => {
    const style = getComputedStyle(shape), edge = style.boxShadow.match(/rgba?\\([^)]*\\)/)?.[0];
    const colours = [style.backgroundColor, style.borderColor, ...(edge ? [edge] : [])];
    return Math.max(...colours.map((colour) => contrast(luminance([[colour, 1]]), page)));
  }).filter((most, place, all) => most < least || !all.length);
}
"""
)


@pytest.mark.parametrize("size", SMALL, ids=str)
@pytest.mark.parametrize("query", ["", "?show=routes", "?destinations=tunisia&focus=link-tunisia"])
def test_nothing_is_wider_than_a_small_window(visit: Visit, size: Any, query: str):
    visit.page.set_viewport_size(size)
    visit.open(query)
    for frame in (visit.page, visit.map_frame):
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit.page.evaluate(OUTSIDE) == []
    legend = visit.map.locator(".legend").bounding_box()
    frame_box = visit.page.locator(".st-key-map-frame iframe").bounding_box()
    assert legend
    assert frame_box
    assert legend["y"] + legend["height"] <= frame_box["y"] + frame_box["height"]


@pytest.mark.parametrize("size", SMALL, ids=str)
def test_the_filters_are_reached_on_a_small_window(visit: Visit, size: Any):
    visit.page.set_viewport_size(size)
    visit.open()
    opener = visit.page.get_by_test_id("stExpandSidebarButton")
    if not opener.count():  # where there is room the filters are open
        return
    expect(opener).to_be_in_viewport(ratio=1)
    opener.click()
    expect(visit.page.locator(".st-key-destinations button").nth(1)).to_be_in_viewport()
    closer = visit.page.get_by_test_id("stSidebarCollapseButton")
    expect(closer.get_by_role("button")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", SMALL, ids=str)
def test_every_destination_drawn_is_told_without_colour(visit: Visit, size: Any):
    """Letters at the end of a line, apart from each other and inside the map."""
    visit.page.set_viewport_size(size)
    for query, marks in (("", ".label > div"), ("?show=routes", ".tag > div")):
        visit.open(query)
        boxes = visit.map_frame.evaluate(BOXES, marks)
        wanted = visit.map_frame.evaluate(
            "armsflow.spread.map(([, { tag, words, parts }]) =>"
            " tag ?? (parts ? words.join('') : ''))"
        )
        assert {words for words, _ in boxes} == set(filter(None, wanted))
        around = visit.map_frame.evaluate(BOXES, "#map_armsflow")[0][1]
        for _, box in boxes:
            assert around["left"] <= box["left"] <= box["right"] <= around["right"]
            assert around["top"] <= box["top"] <= box["bottom"] <= around["bottom"]
        controls = visit.map_frame.evaluate(BOXES, ".leaflet-control:not(.back)")
        assert touching([*boxes, *controls] if size["width"] < 640 else boxes) == []


def touching(boxes: list[tuple[str, dict[str, float]]]) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, here), (other, there) in combinations(boxes, 2)
        if here["left"] < there["right"] - 0.5
        and there["left"] < here["right"] - 0.5
        and here["top"] < there["bottom"] - 0.5
        and there["top"] < here["bottom"] - 0.5
    ]


@pytest.mark.parametrize("size", SMALL, ids=str)
def test_words_in_charts_lie_apart(visit: Visit, size: Any):
    visit.page.set_viewport_size(size)
    visit.open()
    for chart in visit.page.get_by_test_id("stVegaLiteChart").all():
        chart.locator("svg text").first.wait_for(state="attached")
        chart.scroll_into_view_if_needed()
        boxes = chart.locator("svg text").evaluate_all(
            "texts => texts.filter((one) => one.textContent && one.getAttribute('opacity') !== '0')"
            ".map((one) => [one.textContent, one.getBoundingClientRect().toJSON()])"
        )
        assert len(boxes) > 5
        # The box of a line of text is higher than its letters.
        for _, box in boxes:
            box["top"] += 3
            box["bottom"] -= 3
        assert touching(boxes) == []
        drawn = chart.bounding_box()
        assert drawn
        for _, box in boxes:
            assert drawn["x"] - 1 <= box["left"] <= box["right"] <= drawn["x"] + drawn["width"] + 1


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 720}], ids=str)
def test_wide_letters_and_lines_cut_nothing(visit: Visit, size: Any):
    visit.page.set_viewport_size(size)
    visit.open()
    for frame in (visit.page, visit.map_frame):
        frame.add_style_tag(content=SPACING)
    visit.map.locator(".legend").wait_for()
    assert visit.page.evaluate(OUTSIDE) == []
    assert visit.page.evaluate(OUT_OF_THEIR_BOX) == []
    assert visit.map_frame.evaluate(OUT_OF_THEIR_BOX) == []
    visit.map_frame.wait_for_function(
        "document.querySelector('.legend').getBoundingClientRect().bottom <= innerHeight + 1"
    )
    around = visit.map.locator("#map_armsflow").bounding_box()
    assert around
    assert around["height"] >= 298


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?destinations=tunisia&focus=link-tunisia"])
def test_all_words_and_bars_stand_out(
    visit_to: Callable[..., Visit], address: str, scheme: str, query: str
):
    visit = visit_to(address, color_scheme=scheme).open(query)
    visit.page.locator(".st-key-brief button").first.click()
    expect(visit.page.locator(".st-key-file-pptx button")).to_be_visible()
    visit.settle()
    visit.page.wait_for_timeout(500)  # what opens is faint at first
    for frame, least in ((visit.page, 300), (visit.map_frame, 20)):
        found = frame.evaluate(FAINT, 4.5)
        assert found["seen"] > least
        assert found["faint"] == []
    assert visit.page.evaluate(FAINT_SHAPES, 3) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_back_from_the_briefing_view_stands_out(
    visit_to: Callable[..., Visit], address: str, scheme: str
):
    visit = visit_to(address, color_scheme=scheme)
    visit.page.goto(address + "?view=briefing")
    expect(visit.page.locator(".briefing a")).to_be_visible()
    found = visit.page.evaluate(FAINT, 4.5)
    assert found["seen"] >= 1
    assert found["faint"] == []


def test_every_control_has_a_name(visit: Visit):
    visit.open()
    for frame in (visit.page, visit.map_frame):
        nameless = [
            line
            for line in frame.locator("body").aria_snapshot().splitlines()
            if line.strip(" -:") in {"button", "link", "combobox", "slider", "checkbox", "radio"}
        ]
        assert nameless == []
    sliders = visit.page.get_by_role("slider", name="Years")
    expect(sliders).to_have_count(2)
    assert len(set(sliders.evaluate_all("all => all.map((one) => one.ariaLabel)"))) == 2


def test_motion_is_left_out_where_it_is_not_wanted(visit: Visit):
    visit.page.emulate_media(reduced_motion="reduce")
    visit.open()
    moving = visit.page.evaluate(
        "() => [...document.querySelectorAll('*')].filter((one) => {"
        " const { transitionDuration, animationDuration } = getComputedStyle(one);"
        " return [transitionDuration, animationDuration].join().split(',').some((time) =>"
        " parseFloat(time) > 0); }).map((one) => one.outerHTML.slice(0, 80))"
    )
    assert moving == []
    visit.page.emulate_media(reduced_motion="no-preference")
