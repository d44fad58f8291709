"""What leaves the page, in a real browser: clipboard, files, briefing view, print, numbers."""

import base64
import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pyogrio
import pypdf
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pptx import Presentation

from armsflow.dataset.dataset import Dataset
from armsflow.selection.numbering import picture_number
from armsflow.selection.selection import Selection
from tests.browser.recount import DATA, Asked, Recount
from tests.browser.visit import QUIET, Visit

ASKED = Asked(weapon=frozenset({"manpads"}), destinations=frozenset({"sinai"}), years=(2011, 2014))
QUERY = "?weapon=manpads&destinations=sinai&years=2011-2014"
VERSION = json.loads((DATA / "datapackage.json").read_text("utf-8"))["version"]
NAME = f"libya-arms-flows_sinai_manpads_2011-2014_v{VERSION}"
PATIENCE = 60_000
"""Milliseconds for what has to be made first, on a machine that does other things as well."""
READ_CLIPBOARD = """
async () => {
  const [item] = await navigator.clipboard.read();
  const bytes = new Uint8Array(await (await item.getType("image/png")).arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return { types: item.types, image: btoa(text) };
}
"""
CONTROLS = "button:visible, input:visible, [role=slider]:visible, [data-testid=stSidebar]:visible"


pytestmark = pytest.mark.xdist_group("brief")  # one visit for all that only look


def open_control(visit: Visit) -> Visit:
    visit.open(QUERY)
    visit.page.locator(".st-key-brief button").first.click()
    # What draws is imported when the control is first opened: that may take some seconds.
    expect(visit.page.locator(".st-key-file-pack button")).to_be_visible(timeout=PATIENCE)
    expect(visit.page.locator("[data-testid=stPopoverBody] [data-testid=stCode]")).to_have_count(
        3, timeout=PATIENCE
    )
    visit.settle()
    return visit


@pytest.fixture(scope="module")
def opened(lasting_visit: Visit) -> Visit:
    """A visit with the Brief control open, which stays as it is."""
    return open_control(lasting_visit)


# ---------------------------------------------------------------- the control


def test_copy_image_is_the_first_thing_in_the_brief_control(opened: Visit):
    body = opened.page.locator("[data-testid=stPopoverBody]")
    copy = body.frame_locator("iframe").get_by_role("button", name="Copy image")
    expect(copy).to_be_visible()
    frame = body.locator("iframe").first.bounding_box()
    others = [button.bounding_box() for button in body.locator("button").all()]
    assert frame["y"] < min(box["y"] for box in others if box)
    assert frame["height"] >= 38


def test_one_press_puts_the_picture_onto_the_clipboard(opened: Visit):
    page = opened.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    frame = page.frame_locator("[data-testid=stPopoverBody] iframe")
    frame.get_by_role("button", name="Copy image").click()
    expect(frame.get_by_role("button")).to_have_text(re.compile("^Copied"), timeout=PATIENCE)
    found = page.evaluate(READ_CLIPBOARD)
    assert "image/png" in found["types"]
    image = Image.open(io.BytesIO(base64.b64decode(found["image"])))
    assert image.size == (1920, 1080)
    assert len(image.convert("RGB").getcolors(1 << 24)) > 100


def test_caption_citation_and_alt_text_are_ready_to_paste(opened: Visit, recount: Recount):
    texts = opened.page.locator("[data-testid=stPopoverBody] [data-testid=stCode]")
    caption, cite, alt = (" ".join(text.split()) for text in texts.all_inner_texts())
    finding = recount.headline(ASKED)
    assert finding in caption
    assert recount.view(ASKED)["counts"] in caption
    assert "Absence of a line is not evidence of absence." in caption
    assert VERSION in cite
    assert QUERY in cite
    assert opened.address.rstrip("/") in cite
    assert alt.startswith("Map: ")
    assert finding in alt
    labels = opened.page.locator("[data-testid=stPopoverBody] [data-testid=stCaptionContainer]")
    assert [words.strip() for words in labels.all_inner_texts()][-3:] == [
        "Caption",
        "Citation",
        "Alt text",
    ]


# ---------------------------------------------------------------- files


def size_of(file: Path) -> tuple[int, int]:
    with Image.open(file) as image:
        return image.size


def opens_as_csv(file: Path, incidents: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert [row["Id"] for row in rows] == incidents


def opens_as_html(file: Path, incidents: list[str]) -> None:
    assert re.findall(r'<article id="incident-([^"]+)"', file.read_text("utf-8")) == incidents


def opens_as_pdf(file: Path, _incidents: list[str]) -> None:
    [page] = pypdf.PdfReader(file).pages
    assert "MANPADS" in page.extract_text()


def opens_as_png(file: Path, _incidents: list[str]) -> None:
    assert size_of(file) == (1920, 1080)


def opens_as_pptx(file: Path, _incidents: list[str]) -> None:
    [slide] = Presentation(str(file)).slides
    assert "MANPADS" in slide.shapes.title.text_frame.text


def opens_as_svg(file: Path, _incidents: list[str]) -> None:
    assert "MANPADS" in "".join(ET.parse(file).getroot().itertext())


def opens_as_xlsx(file: Path, incidents: list[str]) -> None:
    rows = openpyxl.load_workbook(file)["Incidents"].iter_rows(min_row=2, values_only=True)
    assert [row[0] for row in rows] == incidents


def opens_as_zip(file: Path, _incidents: list[str]) -> None:
    endings = ("csv", "html", "pdf", "png", "pptx", "svg", "xlsx")
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [f"{NAME}.{ending}" for ending in endings]


def opens_as_layers(file: Path, incidents: list[str]) -> None:
    layers = [name for name, _ in pyogrio.list_layers(file)]
    layer = "incidents" if "incidents" in layers else layers[0]
    rows = pyogrio.read_dataframe(file, layer=layer, read_geometry=False)
    assert list(rows["id"])[: len(incidents)] == incidents


def opens_as_kmz(file: Path, incidents: list[str]) -> None:
    rows = pyogrio.read_dataframe(file, layer="incidents", read_geometry=False)
    assert all(one in said for one, said in zip(incidents, rows["description"], strict=True))


def opens_as_parquet(file: Path, incidents: list[str]) -> None:
    assert list(pd.read_parquet(file)["incident_id"].unique()) == incidents


def opens_as_data_package(file: Path, incidents: list[str]) -> None:
    with zipfile.ZipFile(file) as archive:
        lines = archive.read("incidents.csv").decode().splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == incidents


OPENS: dict[str, Callable[[Path, list[str]], None]] = {
    "png": opens_as_png,
    "pdf": opens_as_pdf,
    "pptx": opens_as_pptx,
    "svg": opens_as_svg,
    "html": opens_as_html,
    "csv": opens_as_csv,
    "xlsx": opens_as_xlsx,
    "zip": opens_as_zip,
    "gpkg": opens_as_layers,
    "geojson": opens_as_layers,
    "kmz": opens_as_kmz,
    "datapackage.zip": opens_as_data_package,
    "parquet": opens_as_parquet,
}


def test_every_button_delivers_a_file_that_opens_under_the_right_name(
    opened: Visit, recount: Recount, tmp_path: Path
):
    incidents = [row["incident_id"] for row in recount.rows(ASKED)]
    assert incidents
    for ending, opens in OPENS.items():
        file = download(opened, f"file-{ending.replace('.', '-')}", tmp_path)
        assert file.name == f"{NAME}.{ending}"
        opens(file, incidents)
    pack = download(opened, "file-pack", tmp_path)
    assert pack.name == NAME.replace("flows_", "flows_briefing-pack_") + ".pptx"
    assert len(Presentation(str(pack)).slides) == 1 + len(ASKED.destinations)


def test_the_width_that_was_chosen_is_the_width_of_the_png(visit: Visit, tmp_path: Path):
    opened = open_control(visit)
    with opened.rerun():
        opened.page.locator(".st-key-png-width button", has_text="1280").click()
    assert size_of(download(opened, "file-png", tmp_path)) == (1280, 720)


def download(visit: Visit, key: str, folder: Path) -> Path:
    with visit.page.expect_download(timeout=PATIENCE) as started:
        visit.press(visit.page.locator(f".st-key-{key} button"))
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    visit.settle()
    return file


def test_the_marking_of_the_reader_is_on_the_page_and_in_the_files(visit: Visit, tmp_path: Path):
    visit.open(QUERY)
    page = visit.page
    expect(page.locator(".marking")).to_have_count(0)
    page.locator("[data-testid=stSidebar]").get_by_text("Marking", exact=True).click()
    page.locator(".st-key-marking input").fill("OFFICIAL-TEST")
    page.locator(".st-key-marking input").press("Enter")
    expect(page.locator(".marking")).to_have_text(["OFFICIAL-TEST"] * 2, timeout=PATIENCE)
    visit.settle()
    page.locator(".st-key-brief button").first.click()
    expect(page.locator(".st-key-file-svg button")).to_be_visible(timeout=PATIENCE)
    visit.settle()
    drawn = ET.parse(download(visit, "file-svg", tmp_path)).getroot()
    assert "".join(drawn.itertext()).count("OFFICIAL-TEST") == 2


# ---------------------------------------------------------------- the briefing view


# The script that hears Escape is in a frame, which comes after the picture.
LISTENING = """
() => [...document.querySelectorAll('iframe')].some(({ contentDocument: inside }) =>
  inside?.scripts.length && inside.readyState === 'complete')
"""


def open_briefing(visit: Visit, query: str = QUERY) -> Page:
    visit.page.goto(f"{visit.address}{query}{'&' if query else '?'}view=briefing")
    visit.page.locator(".briefing img").wait_for(timeout=PATIENCE)
    visit.page.wait_for_function(QUIET)
    visit.page.wait_for_function("() => document.querySelector('.briefing img').complete")
    return visit.page


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900)])
def test_the_briefing_view_fills_the_window_with_one_picture(visit_to, address: str, size):
    width, height = size
    visit = visit_to(address, viewport={"width": width, "height": height})
    page = open_briefing(visit)
    box = page.locator(".briefing img").bounding_box()
    assert box["x"] == pytest.approx(0, abs=1)
    assert box["y"] == pytest.approx(0, abs=1)
    assert box["width"] == pytest.approx(width, abs=1)
    assert box["height"] == pytest.approx(height, abs=1)
    natural = page.evaluate(
        "() => { const { naturalWidth: w, naturalHeight: h } ="
        " document.querySelector('.briefing img'); return [w, h]; }"
    )
    assert natural == [1920, 1080]
    over = page.evaluate(
        "() => [...document.querySelectorAll('html, body, [data-testid=stMain],"
        " [data-testid=stAppViewContainer]')].filter((part) => {"
        " const style = getComputedStyle(part);"
        " const rolls = (way) => way === 'auto' || way === 'scroll';"
        " return (rolls(style.overflowY) && part.scrollHeight > part.clientHeight + 1)"
        " || (rolls(style.overflowX) && part.scrollWidth > part.clientWidth + 1); })"
        ".map((part) => part.dataset.testid ?? part.tagName)"
    )
    rolled = page.evaluate("() => [innerWidth - document.documentElement.clientWidth]")
    assert over == []
    assert rolled == [0]


def test_the_briefing_view_shows_no_control(visit: Visit):
    page = open_briefing(visit)
    # What lies on top decides: at every point of a grid it is the picture or the small way back.
    seen = page.evaluate(
        "() => { const seen = new Set(); for (let x = 5; x < innerWidth; x += 20)"
        " for (let y = 5; y < innerHeight; y += 20) { const part = document.elementFromPoint(x, y);"
        " seen.add(part.closest('.briefing') ? part.tagName : `${part.tagName}.${part.className}`);"
        " } return [...seen].sort(); }"
    )
    assert seen == ["A", "IMG"]
    assert page.locator(CONTROLS).count() == 0


def test_the_picture_of_the_briefing_view_has_its_words(visit: Visit, recount: Recount):
    page = open_briefing(visit)
    alt = page.locator(".briefing img").get_attribute("alt")
    assert recount.headline(ASKED) in alt
    assert recount.view(ASKED)["counts"] in alt


def test_escape_leads_back_to_the_same_selection(visit: Visit, recount: Recount):
    page = open_briefing(visit)
    page.wait_for_function(LISTENING)
    page.keyboard.press("Escape")
    visit.wait_for_map()
    assert "view=" not in page.url
    visit.expect_view(recount.view(ASKED))


def test_the_link_leads_back_to_the_same_selection(visit: Visit, recount: Recount):
    page = open_briefing(visit)
    page.locator(".briefing a").click()
    visit.wait_for_map()
    assert "view=" not in page.url
    visit.expect_view(recount.view(ASKED))


def test_the_brief_control_leads_to_the_briefing_view(visit: Visit, recount: Recount):
    opened = open_control(visit)
    opened.page.locator("[data-testid=stPopoverBody] a.view").click()
    opened.page.locator(".briefing img").wait_for(timeout=PATIENCE)
    assert recount.headline(ASKED) in opened.page.locator(".briefing img").get_attribute("alt")


# ---------------------------------------------------------------- picture numbers


def test_a_picture_number_opens_the_view_it_names(visit: Visit, recount: Recount, shipped: Dataset):
    chosen = Selection(weapon=("manpads",), destinations=("sinai",), years=(2011, 2014))
    number = picture_number(chosen, shipped)
    visit.open(f"?picture={number}")
    notice = visit.page.locator("[data-testid=stAlert]")
    expect(notice).to_contain_text(number)
    expect(notice).to_contain_text("these data")
    visit.expect_view(recount.view(ASKED))


@pytest.mark.parametrize(
    "number", ["NONSENSE", "0-ABCDU", "%3Cb%3E", "ZZZZZZZZZZZZZZZZZZZZZZZZ-22222"]
)
def test_a_bad_picture_number_gives_the_default_view_and_says_so(number: str, visit, recount):
    visit.open(f"?picture={number}")
    notice = visit.page.locator("[data-testid=stAlert]")
    expect(notice).to_contain_text("is not a picture number")
    expect(notice).to_contain_text("default view")
    visit.expect_view(recount.view(Asked()))


def test_a_picture_number_of_other_data_says_so(visit: Visit, recount: Recount, shipped: Dataset):
    chosen = Selection(weapon=("manpads",), destinations=("sinai",), years=(2011, 2014))
    other = replace(shipped, descriptor=shipped.descriptor | {"version": "99.0.0"})
    visit.open(f"?picture={picture_number(chosen, other)}")
    notice = visit.page.locator("[data-testid=stAlert]")
    expect(notice).to_contain_text("data that are not kept here")
    visit.expect_view(recount.view(ASKED))


def test_the_number_on_the_clipboard_text_opens_the_same_view(opened: Visit, visit_to, recount):
    texts = opened.page.locator("[data-testid=stPopoverBody] [data-testid=stCode]")
    caption = texts.first.inner_text()
    number = re.search(r"picture\s+([0-9A-Z]+-[0-9A-Z]{5})", caption)[1]
    other = visit_to(opened.address)
    other.open(f"?picture={number}")
    other.expect_view(recount.view(ASKED))


# ---------------------------------------------------------------- paper


def test_print_shows_map_finding_and_evidence_without_controls(visit: Visit, recount: Recount):
    visit.open(QUERY)
    page = visit.page
    page.emulate_media(media="print")
    for part in ("h1.finding", ".counts", ".panel", 'iframe[title^="armsflow.webmap"]'):
        expect(page.locator(part).first).to_be_visible()
    hidden = ["[data-testid=stSidebar]", ".st-key-weapon", ".st-key-brief", ".st-key-focus",
              "[data-testid=stHeader]", "[data-testid=stToolbar]"]  # fmt: skip
    for part in [*hidden, ".st-key-own"]:
        expect(page.locator(f"{part}:visible")).to_have_count(0)
    assert visit.headline.endswith(recount.headline(ASKED))
    # What is a button on the screen is a word on paper.
    buttons = page.locator("button:visible:not(.grid button, .loosen), input:visible")
    assert [button.inner_text() for button in buttons.all()] == []


def test_a_printed_page_holds_the_finding_and_the_sources(visit: Visit, recount: Recount):
    visit.open(f"{QUERY}&focus=link-sinai")
    content = visit.page.pdf(format="A4", print_background=True)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    assert re.sub(r"\s", "", recount.headline(ASKED)) in words
    assert "Whosaysso" in words
    for row in recount.rows(ASKED):
        assert re.sub(r"\s", "", row["title"]) in words
        assert row["incident_id"] in words


def test_views_are_collected_into_one_file_and_an_old_file_is_asked_whether_it_is_true(
    visit: Visit, tmp_path: Path
):
    visit.open(QUERY)
    page = visit.page
    page.locator(".st-key-brief button").first.click()
    add = page.locator(".st-key-collect button")
    expect(add).to_be_visible(timeout=PATIENCE)
    opened = page.locator(".st-key-collected-list")
    for count, words in ((1, "1 picture"), (2, "2 pictures")):
        visit.press(add)
        expect(opened.locator("summary")).to_contain_text(words)
        assert opened.count() == 1, count
    visit.press(opened.locator("summary"))
    file = download(visit, "collected-pptx", tmp_path)
    assert len(Presentation(file).slides) == 2
    listed = download(visit, "collected-text", tmp_path)
    assert listed.read_text("utf-8").count("\npicture ") == 2
    away = page.get_by_role("button", name="Take picture 1 out")
    visit.press(away.or_(page.locator(".st-key-collected-away-0 button")).first)
    expect(opened.locator("summary")).to_contain_text("1 picture")
    opened.locator("input[type=file]").set_input_files(listed)
    visit.press(page.locator(".st-key-collected-take button"))
    expect(opened.locator("summary")).to_contain_text("2 pictures")
    asked = page.locator(".st-key-verify")
    visit.press(asked.locator("summary"))
    asked.locator("input[type=file]").set_input_files(file)
    expect(asked.locator(".verified li")).to_have_count(1)
    expect(asked.locator(".verified li")).to_contain_text("Unchanged")
    expect(asked.locator(".st-key-verified-pdf button")).to_be_visible()
    asked.locator("input[type=file]").set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"picture 0-0EH0QCE"}
    )
    expect(asked.locator(".verified li")).to_contain_text("mistyped")
