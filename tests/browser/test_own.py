"""Incidents of a reader's own, in a real browser: shown here, nowhere else, as what they are."""

import csv
import gc
import io
import re
import weakref
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from playwright.sync_api import expect
from pptx import Presentation

from armsflow.briefing import briefing
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.letters import unit_width
from armsflow.curation.likeness import likely_same
from armsflow.curation.submission import read_upload
from armsflow.dataset.loader import SHIPPED, build
from armsflow.package.checks import check
from armsflow.package.package import Package
from armsflow.page import search
from armsflow.page.matrix import matrix
from armsflow.page.sections import load_sections
from armsflow.selection import numbering
from armsflow.selection.selection import Selection, default_selection
from tests.browser.recount import Asked, Recount
from tests.browser.serving import start
from tests.browser.test_other_data import HOSTILE, hacked, in_words
from tests.browser.visit import Visit
from tests.forms import INCIDENT, ITEM, ROUTE, SOURCE, csv_files, workbook, zipped

SECRET = "Quartz-Heron"
"""A word that stands in every row handed in, and nowhere else in the world."""

OWN = INCIDENT | {"title": f"Rifles found by {SECRET}", "summary": f"{SECRET} said so."}
CITED = SOURCE | {"title": f"Statement of {SECRET}", "publisher": SECRET}
ROWS = {"incidents": [OWN], "items": [ITEM | {"note": SECRET}], "sources": [CITED]}
OF_ALL = {
    "incidents": [
        OWN,
        OWN | {"incident_id": "2015-03-kidal-bad", "date": "2015-13"},
        OWN | {"incident_id": "2016-03-kidal-claim", "date": "2016-03", "scope": "claim"},
    ],
    "items": [
        ITEM,
        ITEM | {"incident_id": "2015-03-kidal-bad"},
        ITEM | {"incident_id": "2016-03-kidal-claim", "quantity": "many"},
    ],
    "sources": [CITED],
}
"""Three incidents, of which one is good."""


@pytest.fixture(scope="module")
def package() -> Package:
    package, problems = check(SHIPPED)
    assert problems == []
    assert package
    return package


@pytest.fixture(scope="module")
def filled(package: Package) -> bytes:
    return workbook(package, ROWS)


def hand_in(visit: Visit, content: bytes, name: str = "rows.xlsx", *, add_all: bool = True) -> None:
    """Give a file to the page, wait until it says what came of it, and add what it took."""
    visit.page.locator(".st-key-own input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    expect(result(visit)).to_contain_text(name)
    visit.settle()
    add = visit.page.locator(".st-key-own-add button")
    if add_all and add.count():
        with visit.rerun():
            visit.press(add)


def count_events(rows: list[dict[str, str]]) -> int:
    return sum(row["scope"] == "event" for row in rows)


def result(visit: Visit):
    return visit.page.locator(".st-key-own [data-testid=stAlert]")


def download(visit: Visit, key: str) -> bytes:
    with visit.page.expect_download() as info:
        visit.press(visit.page.locator(f".st-key-{key} button"))
    return Path(info.value.path()).read_bytes()


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize("form", ["workbook", "csv"])
def test_rows_handed_in_are_on_the_map_as_unpublished(form, visit, recount, package, filled):
    visit.open()
    visit.map_frame.evaluate("() => { window.marked = true; }")
    content = filled if form == "workbook" else zipped(csv_files(package, ROWS))
    hand_in(visit, content, "rows.xlsx" if form == "workbook" else "rows.zip")
    expect(result(visit)).to_contain_text("1 incident of yours is on the map")
    events = count_events(recount.rows(Asked()))
    every = count_events(recount.rows(Asked(destinations=frozenset())))
    expect(visit.page.locator(".counts b")).to_contain_text(
        f"{events + 1} of {every + 1} documented incidents (1 of the {events + 1} unpublished)"
    )
    assert visit.map_frame.evaluate("() => window.marked")  # the same map, not a new one
    frame = visit.map.locator("path.unpublished")
    expect(frame).to_have_count(1)
    expect(visit.map.locator(".legend li.unpublished")).to_be_visible()
    place = visit.map.locator("path.place-kidal")
    assert "unpublished: 1" in (place.get_attribute("aria-label") or "")
    square, mark = frame.bounding_box(), place.bounding_box()
    assert square
    assert mark
    assert square["x"] < mark["x"]
    assert square["x"] + square["width"] > mark["x"] + mark["width"]

    visit.press_on_map("path.place-kidal")
    visit.expect_focus("kidal")
    card = visit.page.locator(".panel article").filter(has_text=SECRET)
    expect(card.locator(".uncounted")).to_have_text("Unpublished")
    expect(card).to_contain_text("about 12")
    expect(card.locator("li").filter(has_text="Statement of")).to_contain_text("added by a reader")

    visit.press(visit.page.locator(".st-key-own-off button"))
    expect(result(visit)).to_have_count(0)
    visit.expect_view(recount.view(Asked()))
    expect(visit.map.locator("path.unpublished")).to_have_count(0)
    expect(visit.map.locator(".legend li.unpublished")).to_be_hidden()
    assert SECRET not in visit.page.locator("body").inner_text()


def test_a_route_of_ones_own_is_shown_before_and_on_the_map_and_goes_with_its_incident(
    visit, package
):
    rows = {**ROUTE, "places": []}
    rows["incidents"] = [OWN | {"corridor_id": ROUTE["incidents"][0]["corridor_id"]}]
    rows["sources"] = [CITED]
    visit.open()
    hand_in(visit, workbook(package, rows), add_all=False)
    expect(visit.page.locator(".own-taken")).to_contain_text(
        "New route: Ghat to Kidal, to Mali, by way of Ghat, Kidal."
    )
    line = visit.map.locator(f"path.corridor-{ROUTE['corridors'][0]['corridor_id']}")
    expect(line).to_have_count(0)
    with visit.rerun():
        visit.press(visit.page.locator(".st-key-own-add button"))
    with visit.rerun():
        visit.press(visit.page.get_by_text("Only yours on the map"))
    expect(line.first).to_be_visible()
    assert "unpublished: 1" in (line.first.get_attribute("aria-label") or "")
    visit.press(visit.page.locator(".st-key-own-off button"))
    expect(line).to_have_count(0)


def test_every_problem_is_listed_with_its_cure_and_good_rows_are_shown(visit, package):
    visit.open()
    hand_in(visit, workbook(package, OF_ALL))
    expect(result(visit)).to_contain_text("1 incident of yours is on the map")
    expect(result(visit)).to_contain_text("2 problems found, and 2 rows left out with them")
    rows = [
        [cell.text_content() for cell in row.locator("td").all()]
        for row in visit.page.locator(".st-key-own table.problems tbody tr").all()
    ]
    places = [tuple(row[:3]) for row in rows]
    assert places[:2] == [("incidents", "3", "date"), ("items", "4", "quantity")]
    assert all(row[3] and row[4] for row in rows)
    text = download(visit, "own-problems").decode("utf-8-sig").splitlines()
    assert len(text) == len(rows)
    assert all(row[3] in line for row, line in zip(rows, text, strict=True))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("rows.csv", b"incident_id,date\n", "is the table incidents alone"),
        ("rows.xlsx", b"PK\x03\x04 damaged", "damaged"),
        ("rows.xlsx", b"", "the file is empty"),
        (
            "rows.zip",
            zipped({"datapackage.json": b"{}"}),
            "a data package without rows of your own",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(visit, recount, name, content, words):
    visit.open()
    hand_in(visit, content, name)
    expect(result(visit)).to_contain_text("no incident of yours was taken. 1 problem found.")
    expect(visit.page.locator(".st-key-own table.problems")).to_contain_text(words)
    visit.expect_view(recount.view(Asked()))


def test_a_filter_that_was_on_stays_on(visit, recount, filled):
    asked = Asked(weapon=frozenset({"small_arms"}), years=(2013, 2015))
    visit.open("?weapon=small_arms&years=2013-2015")
    visit.expect_view(recount.view(asked))
    hand_in(visit, filled)
    events = count_events(recount.rows(asked))
    expect(visit.page.locator(".counts b")).to_contain_text(f"{events + 1} of")
    assert visit.view()["query"] == recount.view(asked)["query"]


def test_what_was_read_is_shown_before_it_joins_the_map(visit, recount, filled):
    visit.open()
    hand_in(visit, filled, add_all=False)
    expect(result(visit)).to_contain_text("1 incident of yours can be added")
    visit.expect_view(recount.view(Asked()))
    row = visit.page.locator(".own-taken tbody tr")
    expect(row).to_have_count(1)
    for words in (OWN["title"], "June 2014", "Kidal", "Mali", "about 12 weapons", CITED["url"]):
        expect(row).to_contain_text(words)
    expect(visit.page.locator(".own-taken a")).to_have_count(0)
    image = visit.page.locator(".own-taken img")
    assert "Kidal" in (image.get_attribute("alt") or "")
    assert image.evaluate("image => image.naturalWidth") > 0
    visit.press(visit.page.locator(".st-key-own-off button"))
    expect(result(visit)).to_have_count(0)
    visit.expect_view(recount.view(Asked()))


def test_words_say_how_many_own_rows_the_filters_leave_and_show_them_all(visit, filled):
    visit.open("?weapon=manpads")
    hand_in(visit, filled)
    expect(result(visit)).to_contain_text("1 incident of yours, none on the map now")
    visit.press(visit.page.locator(".st-key-own-all button"))
    expect(result(visit)).to_contain_text("1 incident of yours is on the map")
    expect(visit.page.locator(".st-key-own-all")).to_have_count(0)
    assert visit.page.locator(".st-key-own a[href='#map']").count() == 1
    expect(visit.page.locator("#map")).to_have_count(1)


def test_nothing_but_own_rows_can_be_shown(visit, recount, filled):
    visit.open()
    hand_in(visit, filled)
    visit.press(visit.page.locator(".st-key-own-only label"))
    expect(visit.page.locator(".counts b")).to_contain_text("1 documented incident (unpublished)")
    expect(visit.map.locator("path.place")).to_have_count(1)
    assert visit.map.locator("path.corridor").count() == 0
    visit.press(visit.page.locator(".st-key-own-only label"))
    events = count_events(recount.rows(Asked()))
    expect(visit.page.locator(".counts b")).to_contain_text(f"{events + 1} of")


def test_identifiers_of_own_rows_stay_out_of_the_address(visit, filled):
    visit.open("?years=2014-2014")
    hand_in(visit, filled)
    visit.press(visit.page.locator(f".grid button[data-press='row {OWN['incident_id']}']"))
    card = visit.page.locator(".panel article.focused")
    expect(card).to_contain_text(SECRET)
    assert OWN["incident_id"] not in visit.page.url
    visit.press_pill("weapon", "Small arms")
    expect(card).to_contain_text(SECRET)


def like_a_published_one(package: Package) -> tuple[bytes, str]:
    """Fill in an event that may be one published event on the map, and return that one's title."""
    incidents, items = package.tables["incidents"], package.tables["items"]
    exact = incidents["date"].str.len() == len("2013-05-14")
    for row in incidents[(incidents["scope"] == "event") & exact].to_dict("records"):
        weapons = items.loc[items["incident_id"] == row["incident_id"], "weapon_type"]
        month = row["date"][:7]
        own = OWN | {"incident_id": f"{month}-again", "date": month}
        own |= {column: row[column] for column in ("place_id", "destination")}
        rows = {
            "incidents": [own],
            "items": [ITEM | {"incident_id": own["incident_id"], "weapon_type": weapons.iloc[0]}],
            "sources": [CITED | {"published": package.descriptor["created"][:4]}],
        }
        content = workbook(package, rows)
        submission = read_upload("rows.xlsx", content, package)
        pairs = likely_same(submission.package, submission.incident_ids)
        if row["destination"] == "mali" and [pair.other for pair in pairs] == [row["incident_id"]]:
            return content, row["title"]
    raise AssertionError("no published event will do")


def test_a_row_like_a_published_event_is_counted_only_if_it_is_another(visit, recount, package):
    content, title = like_a_published_one(package)
    visit.open()
    hand_in(visit, content, add_all=False)
    pair = visit.page.locator(".own-pair")
    expect(pair).to_contain_text(f"Yours: {OWN['title']}")
    expect(pair).to_contain_text(f"Published: {title}")
    add = visit.page.locator(".st-key-own-add button")
    expect(add).to_have_text("Nothing to add")
    expect(add).to_be_disabled()
    answers = visit.page.get_by_role("radiogroup", name="Are these two the same incident?")
    visit.press(answers.get_by_role("radio", name="The same"))
    expect(result(visit)).to_contain_text("1 incident left out as the same as another")
    expect(add).to_be_disabled()
    visit.expect_view(recount.view(Asked()))
    visit.press(answers.get_by_role("radio", name="Different"))
    expect(add).to_have_text("Add this incident to the map")
    visit.press(add)
    events = count_events(recount.rows(Asked()))
    expect(visit.page.locator(".counts b")).to_contain_text(f"{events + 1} of")
    expect(result(visit)).to_contain_text("1 incident of yours is on the map")


def paste_into(visit: Visit, package: Package, table: str, record: dict[str, str]) -> None:
    """Paste a record into the first row of a table, as it is copied from a spreadsheet."""
    page = visit.page
    visit.press(page.get_by_role("tab", name=table))
    grid = page.get_by_role("tabpanel", name=table).locator("canvas[data-testid=data-grid-canvas]")
    visit.settle()
    for _ in range(5):  # a cell that is drawn anew under the pointer is not chosen
        visit.bring_into_sight(grid)
        box = grid.bounding_box()
        assert box
        # Below the headings, right of the numbers.
        page.mouse.click(box["x"] + 200, box["y"] + 50)
        with suppress(AssertionError):
            chosen = grid.locator("[aria-selected=true][role=gridcell]")
            expect(chosen).to_have_count(1, timeout=5000)
            break
    row = "\t".join(record.get(field["name"], "") for field in package.fields(table))
    page.evaluate("text => navigator.clipboard.writeText(text)", row)
    with visit.rerun():
        page.keyboard.press("Control+v")


def test_rows_typed_here_are_checked_added_and_seen_by_nobody_else(
    visit_to, address, recount, package
):
    one, other = visit_to(address), visit_to(address)
    heard = other.listen()
    other.open()
    one.open()
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with one.rerun():
        one.press(one.page.locator(".st-key-own-edit button"))
    for table in ("items", "sources", "incidents"):
        paste_into(one, package, table, ROWS[table][0])
    expect(result(one)).to_contain_text("Rows typed here: 1 incident of yours can be added")
    planted = HOSTILE[0]
    for key in ["ArrowRight"] * 4:  # from the identifier to the title
        one.page.keyboard.press(key)
    one.page.keyboard.press("Enter")
    one.page.locator("#portal textarea").fill(f"{SECRET} {planted}")
    with one.rerun():
        one.page.keyboard.press("Enter")
    expect(one.page.locator(".own-taken tbody th")).to_contain_text(f"{SECRET} {planted}")
    one.press(one.page.locator(".st-key-own-add button"))
    expect(result(one)).to_contain_text("1 incident of yours is on the map")
    expect(one.map.locator("path.unpublished")).to_have_count(1)
    assert hacked(one) == []
    one.press_pill("weapon", "Small arms")
    expect(one.page).to_have_url(re.compile("weapon=small_arms"))
    expect(one.page.locator(".counts b")).to_contain_text("unpublished")
    expect(one.page.locator(".st-key-own-undo button")).to_be_enabled()

    other.press_pill("weapon", "Small arms")
    expected = recount.view(Asked(weapon=frozenset({"small_arms"})))
    other.expect_view(expected)
    assert SECRET not in other.page.locator("body").inner_text()
    assert heard
    assert SECRET.encode() not in heard
    assert OWN["incident_id"] not in one.page.url + other.page.url
    one.page.reload()
    one.wait_for_map()
    one.expect_view(expected)
    assert SECRET not in one.page.locator("body").inner_text()


# ---------------------------------------------------------------- the way back


def test_the_saved_package_is_valid_and_the_page_shows_it_as_what_it_is(
    visit, start_server, visit_to, filled, shipped, tmp_path
):
    visit.open()
    hand_in(visit, filled)
    with zipfile.ZipFile(io.BytesIO(download(visit, "own-package"))) as archive:
        archive.extractall(tmp_path / "saved")
    saved, problems = check(tmp_path / "saved")
    assert problems == []
    assert saved
    assert len(saved.tables["incidents"]) == len(shipped.incidents) + 1
    other = visit_to(start_server(data=tmp_path / "saved")).open()
    expect(other.page.locator(".counts b")).to_contain_text("unpublished)")
    expect(other.map.locator("path.unpublished")).to_have_count(1)
    expect(other.page.locator(".masthead")).to_contain_text("+own")


def test_exported_rows_handed_in_again_and_exported_again_are_the_same(visit, filled):
    def cells(content: bytes) -> dict[str, list]:
        book = openpyxl.load_workbook(io.BytesIO(content))
        return {name: [list(r) for r in book[name].values] for name in ("incidents", "items")}

    visit.open()
    hand_in(visit, filled)
    first = download(visit, "own-rows")
    hand_in(visit, first, "again.xlsx")
    expect(result(visit)).to_contain_text("1 incident of yours is on the map")
    assert cells(download(visit, "own-rows")) == cells(first)


def test_a_template_taken_from_the_page_can_be_filled_and_handed_in(visit):
    visit.open()
    book = openpyxl.load_workbook(io.BytesIO(download(visit, "own-template")))
    for table, records in ROWS.items():
        columns = [cell.value for cell in book[table][1]]
        for number, record in enumerate(records, 2):
            for column, value in record.items():
                book[table].cell(number, columns.index(column) + 1).value = value
    stream = io.BytesIO()
    book.save(stream)
    hand_in(visit, stream.getvalue())
    expect(result(visit)).to_contain_text("1 incident of yours is on the map")
    assert set(zipfile.ZipFile(io.BytesIO(download(visit, "own-csv"))).namelist()) >= {
        "incidents.csv", "items.csv", "places.csv", "sources.csv",
    }  # fmt: skip


def test_every_file_that_leaves_the_page_says_that_rows_are_unpublished(visit, filled):
    visit.open("?destinations=mali")
    hand_in(visit, filled)
    visit.page.locator(".st-key-brief button").first.click()
    expect(visit.page.locator(".st-key-file-pack button")).to_be_visible()
    visit.settle()
    expect(visit.page.locator("[data-testid=stPopoverBody]")).to_contain_text("published rows only")
    caption = visit.page.locator("[data-testid=stPopoverBody] [data-testid=stCode]").first
    expect(caption).to_contain_text("unpublished")
    svg = "".join(ET.fromstring(download(visit, "file-svg")).itertext())
    assert "unpublished, added by a reader" in svg
    assert f"{Recount().version}+own" in svg
    (slide,) = Presentation(io.BytesIO(download(visit, "file-pptx"))).slides
    said = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert "unpublished" in said
    notes = slide.notes_slide.notes_text_frame.text
    (cited,) = [line for line in notes.splitlines() if SECRET in line]
    assert cited.endswith(" (added by a reader)")
    rows = list(csv.DictReader(io.StringIO(download(visit, "file-csv").decode("utf-8-sig"))))
    own = [row["Id"] for row in rows if row["Published"] != "yes"]
    assert own == [OWN["incident_id"]]
    book = openpyxl.load_workbook(io.BytesIO(download(visit, "file-xlsx")))
    assert "Published" in [cell.value for cell in book["Incidents"][1]]


# ---------------------------------------------------------------- nobody else


def test_another_session_sees_nothing_of_it_on_the_page_on_the_wire_in_files_or_logs(
    visit_to: Callable[..., Visit], recount: Recount, filled: bytes
):
    with start() as server:
        one, other = visit_to(server.address), visit_to(server.address)
        heard = other.listen()
        other.open()
        one.open()
        hand_in(one, filled)
        one.page.locator(".st-key-brief button").first.click()
        expect(one.page.locator(".st-key-file-pack button")).to_be_visible()
        assert SECRET.encode() in download(one, "file-csv")
        third = visit_to(server.address)
        for visit in (other, third):
            heard_now = heard if visit is other else visit.listen()
            visit.open(f"?focus={OWN['incident_id']}")
            visit.expect_view(recount.view(Asked()))
            assert visit.focus == ""
            box = visit.page.get_by_label("Search and focus")
            box.click()
            box.fill(SECRET)
            expect(visit.page.get_by_text("No results")).to_be_visible()
            visit.page.keyboard.press("Escape")
            visit.page.locator(".st-key-brief button").first.click()
            expect(visit.page.locator(".st-key-file-pack button")).to_be_visible()
            visit.settle()
            for kind in ("csv", "svg", "xlsx", "png"):
                content = download(visit, f"file-{kind}")
                assert SECRET.encode() not in content
                assert b"unpublished" not in content
            assert heard_now
            assert SECRET.encode() not in heard_now
        for visit in (one, other, third):
            visit.leave()
        told = server.log.read_text("utf-8")
    assert SECRET not in told
    assert OWN["incident_id"] not in told
    assert "Traceback" not in told


def test_a_reload_forgets_the_rows_and_two_tabs_are_two_sessions(
    visit_to, address, recount, filled
):
    one = visit_to(address).open()
    hand_in(one, filled)
    second = Visit(one.page.context.new_page(), address).open()
    second.expect_view(recount.view(Asked()))
    expect(one.map.locator("path.unpublished")).to_have_count(1)
    second.leave()
    one.page.reload()
    one.wait_for_map()
    one.expect_view(recount.view(Asked()))
    assert SECRET not in one.page.locator("body").inner_text()


def test_no_script_planted_in_rows_handed_in_is_run(visit, package):
    visit.open()
    incidents, items, sources = [], [], []
    for number, text in enumerate(HOSTILE):
        if any(ord(letter) in {0x202E, 0x202C} for letter in text):
            text = text.replace("\u202e", "").replace("\u202c", "")
        incident, source = f"2013-0{number + 1}-hostile", f"hostile-{number}"
        incidents.append(
            OWN | {"incident_id": incident, "date": f"2013-0{number + 1}", "title": text,
                   "summary": text, "source_ids": source}
        )  # fmt: skip
        items.append(ITEM | {"incident_id": incident, "designation": text, "note": text})
        sources.append(
            SOURCE | {"source_id": source, "title": text, "publisher": text,
                      "document_symbol": text, "url": f"https://example.org/{number}"}
        )  # fmt: skip
    hand_in(visit, workbook(package, {"incidents": incidents, "items": items, "sources": sources}))
    expect(result(visit)).to_contain_text(f"{len(HOSTILE)} incidents of yours are on the map")
    assert hacked(visit) == []
    visit.press_on_map("path.place-kidal")
    visit.expect_focus("kidal")
    cards = visit.page.locator(".panel article")
    seen = in_words(" ".join(cards.all_inner_texts()))
    for incident in incidents:
        assert in_words(incident["title"]) in seen
    assert hacked(visit) == []
    visit.page.locator(".st-key-brief button").first.click()
    expect(visit.page.locator(".st-key-file-pack button")).to_be_visible()
    visit.settle()
    rows = list(csv.reader(io.StringIO(download(visit, "file-csv").decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if re.match(r"[=+@\t\r]|-(?![\d.]+$)", cell)]
    assert hacked(visit) == []


def test_problems_that_quote_scripts_are_shown_as_text(visit, package):
    visit.open()
    bad = [
        OWN | {"incident_id": f"2014-06-bad-{n}", "date": text[:200], "event_type": text[:200]}
        for n, text in enumerate(HOSTILE)
    ]
    items = [ITEM | {"incident_id": row["incident_id"]} for row in bad]
    hand_in(visit, workbook(package, {"incidents": bad, "items": items, "sources": [CITED]}))
    expect(result(visit)).to_contain_text("no incident of yours was taken")
    expect(visit.page.locator(".st-key-own table.problems").first).to_contain_text("onerror")
    assert hacked(visit) == []


# ---------------------------------------------------------------- bad moments


def test_a_server_killed_during_an_upload_loses_nothing_that_was_published(
    visit_to, recount, filled
):
    before = {path: path.read_bytes() for path in SHIPPED.rglob("*") if path.is_file()}
    with start() as server:
        visit = visit_to(server.address).open()
        large = filled + b"\0" * 4_000_000
        visit.page.locator(".st-key-own input[type=file]").set_input_files(
            {"name": "rows.xlsx", "mimeType": "application/octet-stream", "buffer": large}
        )
        server.process.kill()
        server.process.wait()
        assert {path: path.read_bytes() for path in SHIPPED.rglob("*") if path.is_file()} == before
        with start(port=server.port):
            visit.errors.clear()
            visit.page.reload()
            visit.wait_for_map()
            visit.expect_view(recount.view(Asked()))
            hand_in(visit, filled)
            expect(result(visit)).to_contain_text("1 incident of yours is on the map")
            visit.errors.clear()  # the lost connection
            visit.leave()


# ---------------------------------------------------------------- numbers, memory


def test_a_picture_number_with_own_rows_says_that_it_was_made_from_other_data(
    package, filled, shipped
):
    own = build(read_upload("rows.xlsx", filled, package).package)
    number = numbering.picture_number(default_selection(own), own)
    assert numbering.read_number(number, own).same_data
    assert not numbering.read_number(number, shipped).same_data


def test_what_was_made_of_own_rows_goes_with_the_session(package, filled, plate):
    """No cache holds on to them, however they were drawn."""
    ground = prepare_ground(plate.basemap, plate.fills, plate.names)
    own = build(read_upload("rows.xlsx", filled, package).package)
    prepared = briefing.prepare(Selection(destinations=("mali",)), own, plate)
    for ending, write in briefing.writers(ground).items():
        if ending != "zip":
            assert write(prepared)
    search.options(own, plate)
    load_sections(own)
    matrix(own, Selection(), "weapon")
    assert unit_width.cache_info().currsize == 0
    gone = weakref.ref(own)
    del own, prepared
    gc.collect()
    assert gone() is None
