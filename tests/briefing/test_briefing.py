"""A briefing: the words to paste, the names of files, and texts that try to break them."""

import csv
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pypdf
import pytest
from matplotlib.font_manager import get_font
from PIL import Image
from pptx import Presentation

from armsflow.briefing import briefing, sources
from armsflow.briefing.files import png, svg
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.letters import BOLD, SANS, SERIF
from armsflow.dataset import citation, knowledge
from armsflow.dataset.dataset import labels
from armsflow.dataset.loader import load
from armsflow.package.checks import check
from armsflow.picture import picture
from armsflow.picture.names import Name
from armsflow.picture.plate import make_plate
from armsflow.selection import selection
from armsflow.selection.query import from_query
from armsflow.selection.selection import Selection
from tests import tiny
from tests.choices import random_selections

ADDRESS = "https://example.org/flows"


@pytest.fixture(scope="module")
def ground(plate):
    return prepare_ground(plate.basemap, plate.fills, plate.names)


@pytest.fixture(scope="module")
def prepare(shipped, plate):
    def prepare(chosen, **words):
        return briefing.prepare(chosen, shipped, plate, **({"address": ADDRESS} | words))

    return prepare


@pytest.fixture(scope="module")
def sinai(prepare):
    return prepare(Selection(weapon=("manpads",), destinations=("sinai",), years=(2011, 2014)))


# ---------------------------------------------------------------- address and file name


def test_the_printed_address_opens_the_same_view(shipped):
    for chosen in random_selections(shipped, 100, seed=23):
        address = briefing.view_address(chosen, shipped, ADDRESS)
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc, parts.path.rstrip("/")) == (
            "https",
            "example.org",
            "/flows",
        )
        query = parse_qs(parts.query, keep_blank_values=True)
        assert from_query(query, shipped) == chosen


def test_the_address_of_the_default_view_names_the_data_only(shipped):
    default = selection.default_selection(shipped)
    named = f"{ADDRESS}/?data={shipped.version}"
    assert briefing.view_address(default, shipped, ADDRESS) == named
    assert briefing.view_address(default, shipped, "") == ""


@pytest.mark.parametrize("address", ["https://example.org/", "https://example.org"])
def test_a_slash_at_the_end_of_the_address_does_not_matter(address, shipped):
    chosen = Selection(
        weapon=("manpads",), destinations=selection.destination_codes(shipped, "focus")
    )
    named = f"https://example.org/?weapon=manpads&data={shipped.version}"
    assert briefing.view_address(chosen, shipped, address) == named


@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        (
            {"weapon": ("manpads",), "destinations": ("sinai",), "years": (2011, 2014)},
            "libya-arms-flows_sinai_manpads_2011-2014_v{}.png",
        ),
        ({}, "libya-arms-flows_v{}.png"),
        ({"destinations": ()}, "libya-arms-flows_all-destinations_v{}.png"),
        ({"years": (2013, 2013)}, "libya-arms-flows_2013_v{}.png"),
        (
            {"weapon": ("small_arms", "ammunition")},
            "libya-arms-flows_small-arms-ammunition_v{}.png",
        ),
        ({"basis": ("traced",)}, "libya-arms-flows_traced_v{}.png"),
        ({"event": ("seizure",)}, "libya-arms-flows_seizure_v{}.png"),
    ],
)  # fmt: skip
def test_a_file_name_says_what_is_in_the_file(chosen, name, shipped, prepare):
    asked = replace(selection.default_selection(shipped), **chosen)
    assert briefing.file_name(prepare(asked), "png") == name.format(shipped.version)


def test_every_file_name_is_one_that_any_system_can_store(shipped, prepare):
    full = Selection(
        weapon=selection.weapon_codes(shipped),
        destinations=selection.destination_codes(shipped),
        years=(2012, 2013),
        basis=tuple(labels(shipped, "incidents", "link_basis")),
        event=tuple(labels(shipped, "incidents", "event_type")),
    )
    for chosen in (full, *random_selections(shipped, 30, seed=29)):
        name = briefing.file_name(prepare(chosen), "pptx")
        assert re.fullmatch(r"libya-arms-flows(_[a-z0-9-]+)*_v[\d.]+\.pptx", name)
        assert len(name) < 200


# ---------------------------------------------------------------- words to paste


def test_the_caption_says_finding_counts_facts_notes_and_number(sinai):
    words = briefing.caption_words(sinai)
    sentence = sinai.picture.sentence
    for part in (sentence.headline, sentence.counts, sentence.aside, sentence.filters,
                 *sinai.caption.facts, knowledge.LINES_NOTE,
                 knowledge.ABSENCE_NOTE, sinai.caption.data, sinai.caption.number):  # fmt: skip
        assert part in words
    assert ".." not in words


def test_the_citation_names_version_number_year_and_address(sinai, shipped):
    words = briefing.citation_words(sinai)
    for part in (shipped.created[:4], shipped.version, sinai.caption.number, sinai.caption.address):
        assert part in words


def test_the_alt_text_tells_the_finding_and_every_line_or_how_many_more(shipped, prepare):
    for chosen in (selection.default_selection(shipped), *random_selections(shipped, 10, seed=31)):
        ready = prepare(chosen)
        words = briefing.alt_text(ready)
        lines = [line for line in ready.picture.lines if line.events]
        assert ready.picture.sentence.headline in words
        assert ready.picture.sentence.counts in words
        for text in (words, briefing.caption_words(ready)):
            assert ready.picture.sentence.filters in text
            assert text.lower().count("no documented") == (not ready.shown.totals.events)
            assert not re.search(r"\.\.|[.;] ?[.;]|  ", text)
        named = [line for line in lines if f"{line.name} ({line.events} incident" in words]
        more = re.search(r"; and (\d+) more\.", words)
        for case in ready.picture.cases:
            assert f"{case.number}: {case.date}, {case.place}" in words
            assert case.found in words
        assert len(named) + (int(more[1]) if more else 0) == len(lines)


def test_the_facts_are_two_to_five_sentences_and_one_when_there_is_nothing(shipped, prepare):
    for chosen in random_selections(shipped, 20, seed=37):
        ready = prepare(chosen)
        facts = ready.caption.facts
        assert 2 <= len(facts) <= 5 if ready.shown.totals.events else len(facts) == 1
        assert all(fact.endswith(".") for fact in facts)


def test_the_short_sources_are_as_many_as_the_counts_say(shipped, prepare):
    for chosen in random_selections(shipped, 30, seed=41):
        ready = prepare(chosen)
        if not len(ready.shown.events):
            continue
        counted = re.search(r", ([\d,]+) sources?$", ready.picture.sentence.counts)[1]
        assert len(ready.caption.sources) == int(counted.replace(",", ""))


def test_short_sources_name_reports_of_offices_before_the_press(shipped, prepare):
    cited = shipped.sources.loc[sorted(set().union(*shipped.events["source_ids"]))]
    short = {citation.short_source(row): row["kind"] for _, row in cited.iterrows()}
    order = [short[name] for name in prepare(Selection()).caption.sources]
    offices = [kind in sources.WEIGHT for kind in order]
    assert any(offices)
    assert offices == sorted(offices, reverse=True)


def test_the_full_sources_end_with_their_addresses(sinai, shipped):
    cited = set().union(*sinai.shown.incidents["source_ids"])
    lines = briefing.full_sources(sinai.shown)
    urls = [line.rsplit(" ", 1)[1] for line in lines if "http" in line]
    assert sorted(urls) == sorted(shipped.sources.loc[list(cited), "url"])


def test_sources_of_rows_that_are_not_counted_are_listed_apart(shipped, prepare):
    for chosen in random_selections(shipped, 30, seed=42):
        ready = prepare(chosen)
        lines = briefing.full_sources(ready.shown)
        heads = {words: int(number.replace(",", "")) for words, number in
                 re.findall(r"^(Sources.*) \(([\d,]+)\)$", "\n".join(lines), re.M)}  # fmt: skip
        counted = re.search(r", ([\d,]+) sources?$", ready.picture.sentence.counts)
        assert heads.get("Sources", 0) == int(counted[1].replace(",", "") if counted else 0)
        assert sum(heads.values()) == sum("http" in line for line in lines)
        assert len(ready.caption.sources) == next(iter(heads.values()), 0)


# ---------------------------------------------------------------- files


def test_a_png_is_drawn_from_the_picture_of_the_page(shipped, layouts, prepare, ground):
    for chosen in random_selections(shipped, 3, seed=43):
        ready = prepare(chosen)
        page = picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)
        drawn = png(page, ready.caption, ground, 640)
        assert briefing.writers(ground, 640)["png"](ready) == drawn


@pytest.fixture(scope="module")
def bundle(sinai, ground):
    makers = briefing.writers(ground, 640)
    return zipfile.ZipFile(io.BytesIO(makers["zip"](sinai))), makers


def test_a_zip_holds_every_picture_and_the_rows(bundle, sinai):
    archive, makers = bundle
    endings = ("png", "pdf", "pptx", "svg", "html", "csv", "xlsx")
    assert archive.namelist() == [briefing.file_name(sinai, ending) for ending in endings]
    assert set(endings) < set(makers)
    assert archive.testzip() is None


def test_the_files_of_a_zip_are_those_that_one_gets_alone(bundle, sinai):
    archive, makers = bundle
    for ending in ("png", "svg", "html", "csv"):
        assert archive.read(briefing.file_name(sinai, ending)) == makers[ending](sinai)


def test_the_files_of_a_zip_open(bundle, sinai):
    archive, _ = bundle
    files = {name.rsplit(".", 1)[1]: io.BytesIO(archive.read(name)) for name in archive.namelist()}
    assert Image.open(files["png"]).size == (640, 360)
    assert len(pypdf.PdfReader(files["pdf"]).pages) == 1
    assert len(Presentation(files["pptx"]).slides) == 1
    assert ET.fromstring(files["svg"].read()).tag.endswith("svg")
    rows = list(csv.reader(io.TextIOWrapper(files["csv"], "utf-8-sig", newline="")))
    assert len(rows) == 1 + len(sinai.shown.incidents)
    assert openpyxl.load_workbook(files["xlsx"])["Incidents"].max_row == len(rows)


def test_the_fonts_have_every_letter_of_the_shipped_data(shipped):
    short = [citation.short_source(row) for _, row in shipped.sources.iterrows()]
    words = [*short, *shipped.destinations["label"], *shipped.weapon_types["label"],
             *selection.weapon_groups(shipped).values(),
             *labels(shipped, "incidents", "link_basis").values(),
             *labels(shipped, "incidents", "event_type").values()]  # fmt: skip
    letters = {ord(letter) for letter in "".join(words)}
    for font in (SANS, BOLD, SERIF):
        missing = letters - set(get_font(font).get_charmap())
        assert {chr(letter) for letter in missing} == set()


# ---------------------------------------------------------------- texts that try to break files

MATHS = r"$x^2$ costs $5, \$5 or \alpha"
MARKUP = "<img src=x onerror=alert(1)> & \"q\" 'a' ]]> <!-- -->"
ARABIC = "\u202eمرحبا\u202c עברית"
EMOJI = "🚀👩‍🚀 zero\u200bwidth"
LONG = "x" * 10_000
FORMULA = "=1+1"


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"') else text


def hostile_package(directory, changes):
    tiny.write(directory)
    for file, old, new in changes:
        tiny.change(directory / f"{file}.csv", old, f",{quoted(new)},")
    return directory


def all_files(directory):
    whole = load(directory)
    plate = make_plate(whole, directory)
    ground = prepare_ground(plate.basemap, plate.fills, plate.names)
    ready = briefing.prepare(Selection(), whole, plate, ADDRESS)
    makers = briefing.writers(ground, 640)
    return ready, {ending: make(ready) for ending, make in makers.items() if ending != "zip"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A valid package whose texts look like markup, formulas, mathematics or other scripts."""
    directory = hostile_package(
        tmp_path_factory.mktemp("hostile") / "package",
        [
            ("sources", ",AFP,", MATHS),
            ("sources", ",A blog,", LONG),
            ("sources", ",HRW,", MARKUP),
            ("sources", ",RFI,", ARABIC),
            ("sources", ",UN,", EMOJI),
            ("incidents", ",Gas plant attacked,", MATHS),
            ("incidents", ",Depot left open,", LONG),
            ("incidents", ",Missiles found,", MARKUP),
            ("incidents", ",Report of a convoy,", ARABIC),
            ("incidents", ",Rifles seized,", FORMULA),
            ("places", ",In Amenas,", MARKUP),
            ("places", ",Tassili,", FORMULA),
            ("corridors", ",Ghat to In Amenas,", f"{MATHS} {MARKUP} {EMOJI}"),
            ("destinations", ",Algeria,", f"{MATHS[:13]} & <b>A</b>"),
        ],
    )
    return all_files(directory)


# Letters that the fonts do not have are drawn as boxes, with a warning; the files must not break.
drawn_as_boxes = pytest.mark.filterwarnings("ignore:Glyph .* missing from font")


@drawn_as_boxes
def test_an_svg_prints_hostile_texts_as_they_are(hostile):
    _, files = hostile
    root = ET.fromstring(files["svg"])
    texts = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    printed = "".join("".join(texts).split())
    for words in (MATHS, MARKUP, ARABIC):
        assert "".join(words.split()) in printed, words
    assert "$x^2$ costs $ & <b>A</b>" in " ".join(texts)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "img", "image", "b", "foreignObject"}
    assert max(map(len, texts)) < 400


@drawn_as_boxes
def test_a_pdf_prints_hostile_texts_as_they_are(hostile):
    ready, files = hostile
    reader = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    words = re.sub(r"\s+", "", reader.pages[0].extract_text())
    for text in (MATHS, MARKUP, ready.picture.sentence.headline):
        assert re.sub(r"\s+", "", text) in words
    assert reader.metadata.title == ready.picture.sentence.headline


@drawn_as_boxes
def test_a_slide_says_hostile_texts_as_they_are(hostile):
    ready, files = hostile
    [slide] = Presentation(io.BytesIO(files["pptx"])).slides
    notes = slide.notes_slide.notes_text_frame.text
    for text in (MATHS, MARKUP, ARABIC):
        assert text in notes
    assert slide.shapes.title.text_frame.text == ready.picture.sentence.headline
    [described] = [shape.element.nvPicPr.cNvPr.get("descr") for shape in slide.shapes
                   if shape.name == "Map"]  # fmt: skip
    assert f"{MATHS} {MARKUP} {EMOJI}" in described


@drawn_as_boxes
def test_tables_hold_hostile_texts_as_plain_text(hostile):
    _, files = hostile
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    assert {row["Incident"] for row in rows} == {MATHS, LONG, MARKUP, ARABIC, f"'{FORMULA}"}
    assert {row["Place"] for row in rows} >= {MARKUP, f"'{FORMULA}"}
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    [titles] = [
        cells[1:] for cells in book["Incidents"].iter_cols() if cells[0].value == "Incident"
    ]
    assert {cell.value for cell in titles} == {row["Incident"] for row in rows}


@drawn_as_boxes
def test_a_png_of_hostile_texts_has_its_size(hostile):
    _, files = hostile
    assert Image.open(io.BytesIO(files["png"])).size == (640, 360)


@drawn_as_boxes
def test_a_character_that_no_one_sees_is_refused_by_the_checks_or_breaks_no_file(tmp_path):
    def package(name, text):
        cells = [("sources", ",AFP,"), ("places", ",In Amenas,"),
                 ("corridors", ",Ghat to In Amenas,")]  # fmt: skip
        return hostile_package(tmp_path / name, [(*cell, text) for cell in cells])

    passed = ""
    for strange in "\x85\x9b\u061c\u2060\ufeff\ufffe\uffff":
        _, problems = check(package(f"{ord(strange):x}", f"a{strange}b"))
        assert all("control character" in str(problem) for problem in problems)
        passed += "" if problems else f"a{strange}"
    _, files = all_files(package("passed", f"{passed}b"))
    ET.fromstring(files["svg"])
    assert len(Presentation(io.BytesIO(files["pptx"])).slides) == 1
    assert openpyxl.load_workbook(io.BytesIO(files["xlsx"]))["Incidents"].max_row == 6


def test_a_town_with_dollars_in_its_name_is_no_formula(shipped, plate):
    town = Name("$x^2$", "town", 28.0, 20.0, "e", 0.0)
    ground = prepare_ground(plate.basemap, plate.fills, replace(plate.names, towns=(town,)))
    prepared = briefing.prepare(selection.default_selection(shipped), shipped, plate)
    drawn = ET.fromstring(svg(prepared.picture, prepared.caption, ground))
    texts = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "$x^2$" in texts
