"""The page in a real browser: what is drawn, what a press does, where a view is kept."""

import random
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.recount import FOCUS, Asked, Recount, line_of
from tests.browser.visit import FREE_SPOT, Visit
from tests.depth import THOROUGH

CHANGES = 100 if THOROUGH else 15
SEED = 2011
MOST_CARDS = 40
MOST_BYTES = 600_000


def test_every_corridor_link_and_place_of_the_default_view_is_drawn(visit, recount):
    visit.open()
    visit.expect_view(recount.view(Asked()))
    assert visit.headline == f"All weapons: {recount.headline(Asked())}"
    outlines = visit.map_frame.evaluate(
        "() => [...document.querySelectorAll('path.corridor, path.link, path.place')]"
        ".map((path) => path.getAttribute('d'))"
    )
    assert [outline for outline in outlines if len(outline) < 10] == []


CLOSER = """
(line) => armsflow.map.fitBounds(armsflow.options.paths.region[line],
  { animate: false, padding: [40, 40] })
"""


def test_every_line_of_the_default_view_can_be_pressed_at_the_latest_from_nearer(visit, recount):
    visit.open()
    view = recount.view(Asked())
    drawn = {f"path.corridor.{name}": name for name in view["corridors"]}
    drawn |= {f"path.link.{name}": name for name in view["links"]}
    frame = visit.map_frame
    covered = [css for css in drawn if not frame.evaluate(FREE_SPOT, css)]
    assert len(covered) <= 3  # short ones, where many meet
    for css in covered:
        frame.evaluate(CLOSER, drawn[css].removeprefix("corridor-"))
        assert frame.evaluate(FREE_SPOT, css), css


# ---------------------------------------------------------------- filters


class Reader:
    """Changes filters at random, the way a reader would, and keeps in mind what was asked."""

    def __init__(self, visit: Visit, recount: Recount, seed: int) -> None:
        self.visit, self.recount = visit, recount
        self.random = random.Random(seed)
        self.asked = Asked()

    def change_something(self) -> str:
        kinds = [self.weapon] * 8 + [self.destination] * 6 + [self.years] * 4
        kinds += [self.basis] * 2 + [self.event] * 2 + [self.weapon_type, self.reset]
        return self.random.choice(kinds)()

    def weapon(self) -> str:
        code = self.random.choice(list(self.recount.groups))
        self.visit.press_pill("weapon", self.recount.groups[code])
        self.asked = replace(self.asked, weapon=self.asked.weapon ^ {code})
        return f"pill {code}"

    def destination(self) -> str:
        code = self.random.choice(list(self.recount.destinations))
        label = self.recount.destinations[code]["label"].split(" (")[0]
        self.visit.press_pill("destinations", label)
        self.asked = replace(self.asked, destinations=self.asked.destinations ^ {code})
        return f"destination {code}"

    def years(self) -> str:
        limits = (self.recount.first_year, self.recount.last_year)
        first, last = self.asked.years or limits
        if self.random.random() < 0.5:
            thumb, step = 0, 1 if first < last and self.random.random() < 0.8 else -1
            first = max(first + step, limits[0])
        else:
            thumb, step = 1, -1 if first < last and self.random.random() < 0.8 else 1
            last = min(last + step, limits[1])
        slider = self.visit.page.locator(".st-key-years input[type=range]").nth(thumb)
        slider.press("ArrowRight" if step > 0 else "ArrowLeft")
        years = (first, last)
        self.asked = replace(self.asked, years=None if years == limits else years)
        return f"years {years}"

    def basis(self) -> str:
        return self._choose("basis", self.recount.bases)

    def event(self) -> str:
        return self._choose("event", self.recount.events)

    def weapon_type(self) -> str:
        groups = set(self.recount.groups)
        types = {
            code: row["label"] for code, row in self.recount.types.items() if code not in groups
        }
        return self._choose("weapon_type", types)

    def _choose(self, key: str, labels: dict[str, str]) -> str:
        chosen = getattr(self.asked, key)
        page = self.visit.page
        box = page.locator(f".st-key-{key}")
        if chosen and self.random.random() < 0.6:
            code = self.random.choice(sorted(chosen))
            box.get_by_label(f"Remove {labels[code]}", exact=True).click()
        else:
            code = self.random.choice(sorted(set(labels) - chosen))
            box.locator("input").focus()
            page.keyboard.type(labels[code])
            expect(page.get_by_role("option", name=labels[code], exact=True)).to_be_visible()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            expect(box.get_by_label(f"Remove {labels[code]}", exact=True)).to_be_visible()
            page.keyboard.press("Escape")
        self.asked = replace(self.asked, **{key: chosen ^ {code}})
        return f"{key} {code}"

    def reset(self) -> str:
        self.visit.page.locator(".st-key-reset button").click()
        self.asked = Asked()
        return "reset"


def test_after_many_filter_changes_the_page_shows_exactly_what_was_asked(visit, recount):
    visit.open()
    for _ in range(2):
        visit.map.locator(".leaflet-control-zoom-in").click()
        visit.map_frame.wait_for_function("() => !armsflow.map._animatingZoom")
    before = visit.map_state()
    visit.page.locator('iframe[title^="armsflow.webmap"]').evaluate(
        "(frame) => { frame.marked = frame.contentWindow.marked = true; }"
    )
    reader = Reader(visit, recount, SEED)
    history = []
    for _ in range(CHANGES):
        history.append(reader.change_something())
        try:
            visit.expect_view(recount.view(reader.asked))
            assert visit.headline.endswith(f": {recount.headline(reader.asked)}")
            assert visit.map_state() == before
        except AssertionError as error:
            raise AssertionError(f"{error}\nafter {history}") from None
    marks = visit.page.locator('iframe[title^="armsflow.webmap"]').evaluate(
        "(frame) => [frame.marked, frame.contentWindow.marked]"
    )
    assert marks == [True, True]


# ---------------------------------------------------------------- focus


def busiest(recount: Recount, kind: str) -> str:
    """The corridor, link or place of the default view with the most incidents."""
    rows = recount.rows(Asked())
    keys = [row["place_id"] if kind == "place" else line_of(row) for row in rows]
    if kind != "place":
        keys = [key for key in keys if key and key.startswith("link-") == (kind == "link")]
    return max(sorted(set(keys)), key=keys.count)


@pytest.mark.parametrize("kind", ["corridor", "link", "place"])
def test_a_press_opens_the_evidence_and_so_does_the_next_press_of_the_same(visit, recount, kind):
    focus = busiest(recount, kind)
    name = {
        "corridor": lambda: recount.corridors[focus]["name"],
        "place": lambda: recount.places[focus]["name"],
        "link": lambda: (
            "Libya to "
            f"{recount.destinations[focus.removeprefix('link-')]['label']}, route not stated"
        ),
    }[kind]()
    css = f"path.{focus}" if kind == "link" else f"path.{kind}-{focus}"
    visit.open()
    for _ in range(2):
        visit.press_on_map(css)
        visit.expect_focus(focus)
        panel = visit.page.locator(".st-key-panel .panel")
        expect(panel.locator("h2")).to_have_text(name)
        cards = len(recount.rows_in_focus(focus, Asked()))
        expect(panel.locator("article")).to_have_count(min(cards, MOST_CARDS))
        links = panel.locator("a:not(.skip)").evaluate_all(
            "(links) => links.map((link) => [link.target, link.rel, link.protocol])"
        )
        assert links
        assert all(
            target == "_blank" and "noopener" in rel and protocol.startswith("http")
            for target, rel, protocol in links
        )
        expect(visit.map.locator("path.halo").first).to_be_attached()
        visit.clear_focus()
        expect(visit.map.locator("path.halo")).to_have_count(0)
        visit.settle()


def test_another_press_moves_the_focus(visit, recount):
    visit.open()
    corridor, place = busiest(recount, "corridor"), busiest(recount, "place")
    visit.press_on_map(f"path.corridor-{corridor}")
    visit.expect_focus(corridor)
    visit.press_on_map(f"path.place-{place}")
    visit.expect_focus(place)
    expect(visit.page.locator(".panel h2")).to_have_text(recount.places[place]["name"])


def test_a_row_of_the_table_is_chosen_with_the_keyboard_alone(visit, recount):
    visit.open()
    rows = recount.rows(Asked())
    table = visit.page.locator(".grid.incidents")
    table.get_by_role("button", name=rows[1]["title"]).focus()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.expect_focus(rows[2]["incident_id"])
    card = visit.page.locator(".panel article.focused")
    expect(card.locator("h3.title")).to_have_text(rows[2]["title"])
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    expect(visit.page.locator(".announcement")).to_contain_text(rows[2]["title"])


def test_a_column_of_the_table_sorts_it_both_ways(visit):
    visit.open("?destinations=tunisia,mali")
    table = visit.page.locator(".grid.incidents")
    head = table.get_by_role("columnheader", name="Sources")
    for order in ("ascending", "descending"):
        visit.press(head.get_by_role("button"))
        expect(head).to_have_attribute("aria-sort", order)
        place = visit.page.evaluate("(head) => head.cellIndex", head.element_handle())
        counts = [
            int(row.locator("td").nth(place).inner_text())
            for row in table.locator("tbody tr").all()
        ]
        assert len(set(counts)) > 2
        assert counts == sorted(counts, reverse=order == "descending")


def test_what_a_filter_leads_to_is_said_aloud(visit, recount):
    visit.open()
    said = visit.page.locator(".announcement")
    expect(said).to_have_attribute("aria-live", "polite")
    last = ""
    for code in ("mali", "tunisia"):
        visit.press_pill("destinations", recount.destinations[code]["label"])
        expect(said).not_to_have_text(last)
        visit.settle()
        last = f"{visit.headline}. {visit.page.locator('.counts b').inner_text()}."
        expect(said).to_have_text(last)


def test_the_select_box_is_used_with_the_keyboard_alone(visit, recount):
    place = busiest(recount, "place")
    visit.open()
    visit.page.get_by_label("Search and focus").focus()
    visit.page.keyboard.type(f"Place: {recount.places[place]['name']}")
    expect(visit.page.get_by_role("option").first).to_be_visible()
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    visit.expect_focus(place)
    expect(visit.page.locator(".panel h2")).to_have_text(recount.places[place]["name"])


# ---------------------------------------------------------------- the address


def test_the_address_gives_the_same_view_again(visit, recount):
    asked = Asked(weapon=frozenset({"ammunition"}), destinations=frozenset({"tunisia", "mali"}))
    visit.open()
    visit.press_pill("weapon", "Ammunition")
    for code in FOCUS:
        if code not in asked.destinations:
            visit.press_pill("destinations", recount.destinations[code]["label"])
    visit.expect_view(recount.view(asked))
    place = recount.rows(asked)[0]["place_id"]
    visit.press_on_map(f"path.place-{place}")
    visit.expect_focus(place)
    headline = visit.headline
    visit.page.reload()
    visit.wait_for_map()
    visit.expect_view(recount.view(asked))
    assert visit.headline == headline
    assert headline.endswith(f": {recount.headline(asked)}")
    assert visit.focus == place
    expect(visit.page.locator(".panel h2")).to_have_text(recount.places[place]["name"])


def test_back_and_forward_bring_earlier_selections_back(visit, recount):
    steps = [Asked(), Asked(weapon=frozenset({"ammunition"}))]
    steps.append(replace(steps[-1], destinations=frozenset(FOCUS) - {"egypt"}))
    visit.open()
    visit.press_pill("weapon", "Ammunition")
    visit.expect_view(recount.view(steps[1]))
    visit.press_pill("destinations", "Egypt")
    visit.expect_view(recount.view(steps[2]))
    visit.page.go_back()
    visit.expect_view(recount.view(steps[1]))
    visit.page.go_back()
    visit.expect_view(recount.view(steps[0]))
    visit.page.go_forward()
    visit.expect_view(recount.view(steps[1]))
    visit.press_pill("weapon", "MANPADS")
    both = replace(steps[1], weapon=frozenset({"ammunition", "manpads"}))
    visit.expect_view(recount.view(both))


BAD_QUERIES = [
    "?weapon=nothing&destinations=<script>&years=9999-1&basis=%00&event=&focus=../../etc/passwd",
    "?weapon=%F0%9F%99%82&years=²011&focus=link-libya&destinations=" + "x" * 2000,
    "?years=-1&years=2011-2012-2013&unknown=1&focus=None&weapon=,,,",
]


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_bad_values_in_the_address_give_the_default_view(visit, recount, query):
    visit.open(query)
    expected = recount.view(Asked())
    expected.pop("query")
    visit.expect_view(expected)
    expect(visit.page.locator("[data-testid=stException], [data-testid=stAlert]")).to_have_count(0)


# ---------------------------------------------------------------- the machine


def test_no_request_leaves_the_machine(visit, recount):
    visit.open()
    visit.press_pill("weapon", "Ammunition")
    visit.expect_view(recount.view(Asked(weapon=frozenset({"ammunition"}))))
    visit.page.locator(".st-key-reset button").click()
    visit.expect_view(recount.view(Asked()))
    corridor = busiest(recount, "corridor")
    visit.press_on_map(f"path.corridor-{corridor}")
    visit.expect_focus(corridor)
    for control in ("in", "in", "out"):
        visit.map.locator(f".leaflet-control-zoom-{control}").click()
        visit.map_frame.wait_for_function("() => !armsflow.map._animatingZoom")
    assert len(visit.requests) > 10
    assert visit.outside == []
    assert visit.errors == []


def test_the_map_is_drawn_below_a_base_path(start_server, visit_to, recount):
    visit = visit_to(start_server(base_path="/briefing/")).open()
    visit.expect_view(recount.view(Asked()))


def test_the_first_load_of_the_map_is_small(visit_to, address):
    visit = visit_to(address, fresh=True)
    answered = []
    visit.page.on("requestfinished", lambda request: answered.append(request))
    visit.open()
    parts = [request for request in answered if "/component/" in request.url]
    sizes = {request.url: request.sizes()["responseBodySize"] for request in parts}
    assert len(sizes) >= 6
    assert sum(sizes.values()) <= MOST_BYTES, sizes


# ---------------------------------------------------------------- access


def test_every_line_and_place_has_a_name_for_screen_readers(visit):
    visit.open()
    nameless = visit.map_frame.evaluate(
        "() => [...document.querySelectorAll('path.corridor, path.link, path.place')]"
        ".filter((path) => !path.getAttribute('aria-label')?.trim())"
        ".map((path) => path.getAttribute('class'))"
    )
    assert nameless == []


def test_the_map_is_one_stop_whose_lines_and_places_the_arrow_keys_reach(visit):
    visit.open("?destinations=tunisia")
    inside = visit.map_frame.evaluate(
        "() => [...document.querySelectorAll('[tabindex=\"0\"], a[href], button')]"
        ".filter((one) => one.checkVisibility()).map((one) => one.className || one.textContent)"
    )
    assert [name for name in inside if name == "list"] == ["list"]
    assert len(inside) <= 5
    names = visit.map_frame.evaluate("() => armsflow.items.map(({ words }) => [words].flat()[0])")
    focuses = visit.map_frame.evaluate("() => armsflow.items.map(({ focus }) => focus)")
    assert len(focuses) > 20
    visit.map.locator(".list").focus()
    ring = visit.map.locator(".cursor")
    expect(ring).to_be_visible()
    for number in (1, 2, 3):
        before = ring.bounding_box()
        visit.page.keyboard.press("ArrowDown")
        active = visit.map.locator("[role=option][aria-selected=true]")
        expect(active).to_contain_text(names[number])
        expect(visit.map.locator(".list")).to_have_attribute(
            "aria-activedescendant", f"item-{number}"
        )
        expect(visit.map.locator(".tip strong")).to_have_text(names[number])
        assert ring.bounding_box() != before
    visit.page.keyboard.press("Enter")
    visit.expect_focus(focuses[3])
    visit.page.keyboard.press("End")
    visit.page.keyboard.press("Space")
    visit.expect_focus(focuses[-1])
    visit.page.keyboard.press("Tab")
    expect(ring).to_be_hidden()


def test_search_and_brief_come_before_the_map(visit):
    visit.open()
    order = visit.page.evaluate(
        "() => ['.st-key-focus', '.st-key-brief', 'iframe[title^=\"armsflow.webmap\"]', '.grid']"
        ".map((mark) => document.querySelector(mark)).map((one, place, all) => place === 0 ||"
        " Boolean(all[place - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING))"
    )
    assert order == [True] * 4
    panel, frame = (visit.page.locator(mark).bounding_box()
                    for mark in (".st-key-panel", 'iframe[title^="armsflow.webmap"]'))  # fmt: skip
    assert frame["x"] + frame["width"] <= panel["x"]


def test_the_pills_are_reached_by_tab_and_used_by_keyboard(visit, recount):
    visit.open()
    first = next(iter(recount.groups))
    for _ in range(80):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("() => !!document.activeElement.closest('.st-key-weapon')"):
            break
    else:
        pytest.fail("no pill was reached within 80 presses of Tab")
    visit.page.keyboard.press("Space")
    visit.expect_view(recount.view(Asked(weapon=frozenset({first}))))


def test_the_page_has_exactly_one_main_heading(visit):
    visit.open()
    expect(visit.page.locator("h1")).to_have_count(1)
    assert visit.map.locator("h1").count() == 0


def test_a_press_on_a_number_on_the_map_opens_the_card_of_its_incident(visit):
    visit.open("?destinations=mali&weapon=manpads")
    numbers = visit.map.locator(".case .box")
    assert numbers.all_inner_texts() == ["1", "2"]
    numbers.nth(1).click()
    card = visit.page.locator(".panel article.focused")
    expect(card).to_be_visible()
    visit.page.wait_for_function("() => new URL(location).searchParams.has('focus')")
    assert visit.focus.startswith("2014-10")
    visit.clear_focus()
    first = visit.page.locator(".panel .cases li b.number").first
    expect(first).to_have_text("1")


ONE_PIXEL = 0.017
"""Degrees of longitude at the zoom of a close-up; Leaflet moves the map by whole pixels."""


def test_the_map_turns_to_the_frame_of_what_is_shown_and_a_button_brings_it_back(visit):
    visit.open()
    region = visit.map_state()
    visit.press_pill("destinations", "Mali")
    visit.page.wait_for_timeout(500)
    visit.settle()
    visit.page.locator(".st-key-reset button").click()
    visit.settle()
    assert visit.map_state() == pytest.approx(region, abs=ONE_PIXEL)
    visit.page.goto(visit.address + "?destinations=tunisia")
    visit.wait_for_map()
    near = visit.map_state()
    assert near[0] > region[0] + 1
    visit.map.locator(".leaflet-control-zoom-in").click()
    back = visit.map.get_by_role("button", name="Back to the frame")
    expect(back).to_be_visible()
    back.click()
    expect(back).to_be_hidden()
    assert visit.map_state() == pytest.approx(near, abs=ONE_PIXEL)


WHERE = """
() => {
  const at = document.activeElement, inside = at.contentDocument?.activeElement;
  if (inside) return `in the map: ${inside.className}`;
  if (at.closest('[data-testid=stSidebar]')) return 'sidebar';
  if (at.closest('.st-key-panel')) return 'panel';
  return at.closest('.grid')?.className ?? '';
}
"""


def test_the_tab_key_goes_through_the_page_and_changes_nothing(visit):
    visit.open("?destinations=tunisia")
    address, headline = visit.page.url, visit.headline
    passed = set()
    for _ in range(260):
        visit.page.keyboard.press("Tab")
        passed.add(visit.page.evaluate(WHERE))
    visit.settle()
    assert {"grid incidents", "grid matrix", "in the map: list", "sidebar", "panel"} <= passed
    assert visit.page.url == address
    assert visit.headline == headline


def test_the_map_is_there_in_words_and_a_line_of_them_opens_it(visit, recount):
    visit.open("?destinations=tunisia,mali")
    words = visit.page.locator(".in-words")
    visit.press(words.locator("summary"))
    names = words.locator("h3").all_inner_texts()
    assert {"Tunisia", "Mali"} <= set(names)
    drawn = visit.map_frame.evaluate(
        "() => armsflow.items.filter((item) => item.spans).map(({ words }) => words[0])"
    )
    lines = words.locator("li button")
    assert sorted(lines.all_inner_texts()) == sorted(drawn)
    said = " ".join(words.locator("li").all_inner_texts())
    for row in recount.rows(Asked(destinations=frozenset({"tunisia", "mali"}))):
        if row["scope"] == "event":
            assert recount.places[row["place_id"]]["name"] in said
    link = words.locator("button[data-press='row link-tunisia']")
    link.press("Enter")
    visit.expect_focus("link-tunisia")
    expect(visit.page.locator(".panel h2")).to_be_focused()


def test_a_hint_of_an_empty_view_is_a_button_that_loosens_the_filter(visit, recount):
    visit.open("?weapon=manpads&destinations=algeria")
    hint = visit.page.locator(".panel button.loosen", has_text="the filter on weapon type")
    count = int(hint.inner_text().rsplit(": ", 1)[1])
    hint.press("Enter")
    visit.expect_view(recount.view(Asked(destinations=frozenset({"algeria"}))))
    assert visit.view()["counts"].startswith(f"{count} of ")


def test_the_keyboard_goes_into_the_brief_control_and_back(visit):
    visit.open("?destinations=tunisia")
    button = visit.page.locator(".st-key-brief button").first
    button.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".st-key-file-pptx button")).to_be_visible()
    visit.page.wait_for_function(
        "() => document.activeElement.closest('[data-testid=stPopoverBody]')", polling=100
    )
    for _ in range(6):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement.closest('.st-key-file-pptx') !== null"):
            break
    else:
        pytest.fail("PowerPoint is further than six presses of Tab")
    visit.page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_contrast_themes_tell_what_is_chosen_and_how_long_bars_are(visit):
    visit.open("?destinations=tunisia&weapon=small_arms")
    visit.page.emulate_media(forced_colors="active")
    grounds = visit.page.evaluate(
        "() => [...document.querySelectorAll('.st-key-weapon button')].map((one) =>"
        " [one.getAttribute('aria-checked') ?? one.getAttribute('aria-pressed'),"
        " getComputedStyle(one).backgroundColor])"
    )
    chosen = {ground for state, ground in grounds if state == "true"}
    others = {ground for state, ground in grounds if state != "true"}
    assert len(chosen) == 1
    assert chosen.isdisjoint(others)
    bars = visit.page.evaluate(
        "() => [...document.querySelectorAll('.panel .bar')].map((one) =>"
        " getComputedStyle(one).backgroundColor)"
    )
    canvas = visit.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert bars
    assert canvas not in bars
    visit.page.locator(".st-key-years input").first.focus()
    handle, other = visit.page.locator(".st-key-years [data-rac]:has(> div > input)").evaluate_all(
        "all => all.map((one) => [getComputedStyle(one).backgroundColor,"
        " getComputedStyle(one).outlineStyle])"
    )
    assert handle[0] == other[0] != canvas
    assert (handle[1], other[1]) == ("solid", "none")
    marks = visit.map_frame.evaluate(
        "() => [...document.querySelectorAll('.tag > div, .case .box')].map((one) =>"
        " getComputedStyle(one).backgroundColor)"
    )
    assert len(set(marks)) > 1  # the map keeps the colours that its legend explains
