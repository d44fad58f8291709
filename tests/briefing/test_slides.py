"""Slides: live text around a picture of the map, and the pack that compares destinations."""

import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from itertools import pairwise

import pypdf
import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches

from armsflow.briefing import briefing, collection, column, slides
from armsflow.briefing.files import map_png
from armsflow.briefing.ground import prepare_ground
from armsflow.picture import picture
from armsflow.selection import selection
from armsflow.selection.cases import cautions_of
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe
from tests.browser.recount import Asked, Recount
from tests.choices import random_selections

ADDRESS = "https://example.org/flows"
MARKING = "OFFICIAL-TEST"
EMPTY = Selection(weapon=("manpads",), destinations=("tunisia",), years=(2023, 2024))
PAGE = {"width": 13.333, "height": 7.5}


@pytest.fixture(scope="module")
def ground(plate):
    return prepare_ground(plate.basemap, plate.fills, plate.names)


@pytest.fixture(scope="module")
def longest(shipped):
    """The selection with the longest headline that the shipped data can give."""
    names = shipped.weapon_types["label"]
    weapons = sorted(names.index, key=lambda code: (-len(names[code]), code))[:3]
    return Selection(
        weapon=selection.in_order(weapons, selection.weapon_codes(shipped)),
        destinations=selection.destination_codes(shipped)[1:],
        years=(2011, 2023),
    )


@pytest.fixture(scope="module")
def prepared(shipped, plate):
    """Briefings of a few selections; one has a marking."""
    chosen = [
        selection.default_selection(shipped),
        EMPTY,
        Selection(),
        Selection(
            weapon=selection.weapon_codes(shipped)[1:5],
            destinations=selection.destination_codes(shipped)[1:],
            years=(2011, 2023),
        ),
        *random_selections(shipped, 2, seed=17),
    ]
    markings = ["", "", MARKING, "", "", ""]
    return [
        briefing.prepare(one, shipped, plate, ADDRESS, marking)
        for one, marking in zip(chosen, markings, strict=True)
    ]


@pytest.fixture(scope="module")
def files(prepared, ground):
    return [slides.deck_of([briefing.as_slide(one)], ground) for one in prepared]


@pytest.fixture(scope="module")
def decks(prepared, files):
    return [
        (one, Presentation(io.BytesIO(content)))
        for one, content in zip(prepared, files, strict=True)
    ]


def shapes_of(deck):
    return [shape for slide in deck.slides for shape in slide.shapes]


def words_of(slide):
    words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    return " ".join(" ".join(words).split())


def the_map(slide):
    [shape] = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    return shape


# ---------------------------------------------------------------- one slide


def test_a_slide_is_wide_and_alone(decks):
    for _, deck in decks:
        assert (deck.slide_width, deck.slide_height) == (Inches(13.333), Inches(7.5))
        assert len(deck.slides) == 1


def test_the_title_is_the_headline(decks):
    for one, deck in decks:
        assert deck.slides[0].shapes.title.text_frame.text == one.picture.sentence.headline
        assert deck.core_properties.title == one.picture.sentence.headline


def test_a_slide_says_everything_that_must_travel_with_the_picture(decks):
    lost = []
    for one, deck in decks:
        words = words_of(deck.slides[0])
        sentence, caption = one.picture.sentence, one.caption
        texts = [sentence.headline, sentence.counts, sentence.aside, sentence.filters,
                 *one.picture.notes, caption.data, caption.number, caption.address,
                 *cautions_of(one.picture.cases)]  # fmt: skip
        lost += [text for text in texts if text not in words]
        notes = deck.slides[0].notes_slide.notes_text_frame.text
        crowded = len(one.picture.cases) > slides.FEW_CASES
        lost += [fact for fact in caption.facts if fact not in (notes if crowded else words)]
        for case in one.picture.cases:
            lost += [] if f"{case.number} {case.date}" in words else [case]
    assert lost == []


def test_a_slide_names_its_sources_and_counts_the_rest(decks):
    for one, deck in decks:
        words, sources = words_of(deck.slides[0]), one.caption.sources
        if len(one.picture.cases) > slides.FEW_CASES:
            assert "Sources (" not in words  # they are in the notes
            continue
        rest = re.search(r"and (\d+) more$", words) or re.search(r"and (\d+) more", words)
        listed = sources[: len(sources) - int(rest[1])] if rest else sources
        assert [name for name in listed if name not in words] == []
        assert bool(listed) == bool(sources)
        assert (column.sources_heading(one.picture, sources) in words) == bool(sources)


def test_a_slide_says_what_was_found_and_heads_no_sources_without_naming_one(
    shipped, plate, ground
):
    for chosen in (Selection(weapon=("manpads",)), Selection(destinations=("mali", "algeria"))):
        one = briefing.prepare(chosen, shipped, plate, ADDRESS, MARKING)
        deck = Presentation(io.BytesIO(slides.deck_of([briefing.as_slide(one)], ground)))
        words = words_of(deck.slides[0])
        [frame] = [shape.text_frame for shape in deck.slides[0].shapes if "Facts" in shape.name]
        rows = [paragraph.text for paragraph in frame.paragraphs]
        said = {head.partition("  ")[0]: below for head, below in pairwise(rows)}
        assert one.picture.cases
        for case in one.picture.cases:
            assert said[str(case.number)][:8] in {case.found[:8], case.short[:8]}, case
        assert ("Sources (" in words) == (one.caption.sources[0] in words)


def test_the_notes_hold_the_full_citation_of_every_source(decks):
    recount = Recount()
    for one, deck in decks:
        notes = deck.slides[0].notes_slide.notes_text_frame.text
        cited = {
            source
            for row in recount.incidents
            if row["incident_id"] in one.shown.incidents.index
            for source in row["source_ids"].split(";")
        }
        lost = []
        for source, row in one.whole.sources.loc[sorted(cited)].iterrows():
            line = next((line for line in notes.splitlines() if line.endswith(row["url"])), "")
            if row["publisher"] not in line or row["title"] not in line:
                lost.append(source)
        assert lost == []
        assert len([line for line in notes.splitlines() if " http" in line]) == len(cited)


def test_the_same_selection_twice_gives_the_same_slide(prepared, files, ground):
    assert slides.deck_of([briefing.as_slide(prepared[1])], ground) == files[1]


def test_no_shape_leaves_the_slide(decks):
    for one, deck in decks:
        outside = [
            (shape.name, one.chosen)
            for shape in shapes_of(deck)
            if min(shape.left, shape.top) < 0
            or shape.left + shape.width > deck.slide_width
            or shape.top + shape.height > deck.slide_height
        ]
        assert outside == []


def test_the_map_keeps_its_shape_and_is_sharp(decks):
    for _, deck in decks:
        shape = the_map(deck.slides[0])
        image = Image.open(io.BytesIO(shape.image.blob))
        shown = shape.width / shape.height
        assert image.width / image.height == pytest.approx(shown, rel=0.003)
        assert (shape.crop_left, shape.crop_right, shape.crop_top, shape.crop_bottom) == (0,) * 4
        share = shape.width / deck.slide_width
        assert image.width / share >= 3840 * 0.99  # sharp on a 4K screen


def test_the_map_of_a_slide_is_drawn_from_the_picture_of_the_page(decks, shipped, layouts, ground):
    for one, deck in decks[-2:]:
        shown = selection.apply(shipped, one.chosen)
        page = picture.draw(one.chosen, shown, shipped, layouts)
        shape, across = the_map(deck.slides[0]), slides.MAP_SIZE[0]
        size = across, float(round(across * shape.height / shape.width))
        assert size[1] <= slides.MAP_SIZE[1]
        drawn = map_png(page, ground, size, slides.MAP_PIXELS)
        assert the_map(deck.slides[0]).image.blob == drawn


def test_the_map_has_its_words_for_those_who_do_not_see_it(decks):
    for one, deck in decks:
        described = the_map(deck.slides[0]).element.nvPicPr.cNvPr.get("descr")
        assert described == briefing.alt_text(one)
        assert one.picture.sentence.headline in described
        assert "PNG" not in described


def test_a_marking_stands_on_a_slide_twice_and_nowhere_when_there_is_none(decks):
    seen = [words_of(deck.slides[0]).count(MARKING) for _, deck in decks]
    assert seen == [0, 0, 2, 0, 0, 0]
    [marked] = [deck for one, deck in decks if one.caption.marking]
    first, *_, last = marked.slides[0].notes_slide.notes_text_frame.text.splitlines()
    assert first == last == MARKING
    tops = [shape.top for shape in shapes_of(marked) if shape.name == "Marking"]
    assert min(tops) < Inches(0.3)
    assert max(tops) > Inches(7)


def test_a_marking_and_the_notes_of_a_slide_do_not_share_their_place(decks):
    [marked] = [deck for one, deck in decks if one.caption.marking]
    [notes] = [shape for shape in shapes_of(marked) if shape.name == "Notes and data"]
    *_, mark = [shape for shape in shapes_of(marked) if shape.name == "Marking"]
    # At least three lines of nine points fit above the marking.
    assert notes.height >= Inches(3 * 9 * 1.2 / 72 - 0.05)
    assert notes.top + notes.height <= mark.top


def test_no_part_of_a_slide_lies_on_another(decks, pack):
    _, packed = pack
    for slide in [*(deck.slides[0] for _, deck in decks), *packed.slides]:
        boxes = [
            (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
            for shape in slide.shapes
        ]
        touching = [
            (one, other)
            for place, one in enumerate(boxes)
            for other in boxes[place + 1 :]
            if min(one[2], other[2]) > max(one[0], other[0])
            and min(one[3], other[3]) - max(one[1], other[1]) > Inches(0.05)
        ]
        assert touching == []


def test_the_longest_headline_can_be_a_slide(longest, shipped, plate, ground):
    one = briefing.prepare(longest, shipped, plate, ADDRESS)
    assert len(one.picture.sentence.headline) > 255
    deck = Presentation(io.BytesIO(slides.deck_of([briefing.as_slide(one)], ground)))
    assert deck.slides[0].shapes.title.text_frame.text == one.picture.sentence.headline
    assert deck.core_properties.title[:100] == one.picture.sentence.headline[:100]


def test_a_deck_is_ours_and_a_slide_added_by_hand_is_as_wide(decks):
    for one, deck in decks:
        said = deck.core_properties
        assert (said.author, said.last_modified_by) == ("armsflow", "armsflow")
        assert said.comments == one.caption.data
        for layout in deck.slide_layouts:
            added = deck.slides.add_slide(layout)
            edges = [(shape.left, shape.left + shape.width) for shape in added.placeholders]
            assert all(left >= 0 and right <= deck.slide_width for left, right in edges)
            assert not edges or max(edges)[1] > Inches(10)
        assert deck.part.presentation.element.sldSz.get("type") is None


def test_a_deck_brings_no_thumbnail_of_another(files):
    for content in files:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert [name for name in names if "thumbnail" in name] == []


# ---------------------------------------------------------------- the pack

DESTINATIONS = ("mali", "algeria", "tunisia", "egypt", "sinai")
CHOSEN = Selection(weapon=("small_arms",), destinations=DESTINATIONS, years=(2011, 2016))


@pytest.fixture(scope="module")
def pack(shipped, plate, ground):
    content = collection.pack(shipped, plate, ground, CHOSEN, address=ADDRESS, marking=MARKING)
    return content, Presentation(io.BytesIO(content))


def test_a_pack_is_a_comparison_and_a_slide_for_each_destination(pack, shipped):
    _, deck = pack
    assert len(deck.slides) == 6
    for slide, code in zip(list(deck.slides)[1:], DESTINATIONS, strict=True):
        assert str(shipped.destinations.loc[code, "label"]) in slide.shapes.title.text_frame.text
        assert "2011–2016" in slide.shapes.title.text_frame.text
        assert words_of(slide).count(MARKING) == 2
        assert the_map(slide)


def test_a_pack_has_the_destinations_that_were_chosen_and_all_if_none_was(shipped, plate, ground):
    for chosen in ((), ("mali",), ("niger", "chad")):
        content = collection.pack(shipped, plate, ground, replace(CHOSEN, destinations=chosen))
        deck = Presentation(io.BytesIO(content))
        [table] = [shape.table for shape in deck.slides[0].shapes if shape.has_table]
        names = [row.cells[0].text_frame.text for row in list(table.rows)[1:]]
        codes = chosen or selection.destination_codes(shipped)
        assert names == [shipped.destinations.loc[code, "label"] for code in codes]
        assert len(deck.slides) == 1 + len(codes)


def test_the_comparison_of_a_pack_equals_a_recount(pack):
    _, deck = pack
    recount = Recount()
    [table] = [shape.table for shape in deck.slides[0].shapes if shape.has_table]
    header, *rows = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    assert header == ["Destination", "Incidents", "Sources", "Route stated", "One origin"]
    expected = []
    for code in DESTINATIONS:
        asked = Asked(
            weapon=frozenset(CHOSEN.weapon), destinations=frozenset({code}), years=CHOSEN.years
        )
        events = [row for row in recount.rows(asked) if row["scope"] == "event"]
        cited = [row["source_ids"].split(";") for row in events]
        expected.append(
            [
                recount.destinations[code]["label"],
                str(len(events)),
                str(len(set().union(*cited))),
                str(sum(bool(row["corridor_id"]) for row in events)),
                str(sum(recount.witnesses(row) == 1 for row in events)),
            ]
        )
    assert rows == expected
    assert sum(int(row[1]) for row in rows) > 10


def test_the_table_of_a_pack_has_a_heading_row_and_says_its_counts(pack):
    _, deck = pack
    [frame] = [shape for shape in deck.slides[0].shapes if shape.has_table]
    assert frame.table.first_row
    cells = [[cell.text for cell in row.cells] for row in frame.table.rows]
    said = frame._element.nvGraphicFramePr.cNvPr.get("descr")
    assert all(f"{row[0]} {row[1]}" in said for row in cells[1:])


def test_every_slide_of_a_pack_says_its_own_numbers(pack, shipped):
    _, deck = pack
    for slide, code in zip(list(deck.slides)[1:], DESTINATIONS, strict=True):
        chosen = replace(CHOSEN, destinations=(code,))
        said = describe(chosen, selection.apply(shipped, chosen), shipped)
        assert slide.shapes.title.text_frame.text == said.headline
        assert said.counts in words_of(slide)


def test_no_shape_of_a_pack_leaves_its_slide(pack):
    _, deck = pack
    assert [
        shape.name
        for shape in shapes_of(deck)
        if min(shape.left, shape.top) < 0
        or shape.left + shape.width > deck.slide_width
        or shape.top + shape.height > deck.slide_height
    ] == []


# ---------------------------------------------------------------- as an office program shows it


@pytest.fixture(scope="module")
def shown_by_office(tmp_path_factory, files, pack):
    """The slides as LibreOffice prints them: words with their place, in points."""
    if not shutil.which("soffice"):
        pytest.skip("with LibreOffice: apt-get install libreoffice-impress")
    if not shutil.which("pdftotext"):
        pytest.skip("with poppler: apt-get install poppler-utils")
    folder = tmp_path_factory.mktemp("office")
    for number, content in enumerate([*files, pack[0]]):
        (folder / f"{number}.pptx").write_bytes(content)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(folder / 'home').as_uri()}",
         "--convert-to", "pdf", "--outdir", folder, *sorted(folder.glob("*.pptx"))],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    printed = sorted(folder.glob("*.pdf"))
    assert len(printed) == len(files) + 1
    return printed


def words_with_places(file):
    form = "{http://www.w3.org/1999/xhtml}"
    done = subprocess.run(
        ["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True
    )
    for page in ET.fromstring(done.stdout).iter(f"{form}page"):
        size = float(page.get("width")), float(page.get("height"))
        yield (
            size,
            [
                (word.text, *(float(word.get(side)) for side in ("xMin", "yMin", "xMax", "yMax")))
                for word in page.iter(f"{form}word")
            ],
        )


def test_an_office_program_prints_every_word_inside_the_slide(shown_by_office):
    pages = [page for file in shown_by_office for page in words_with_places(file)]
    assert len(pages) == 6 + 6
    for (width, height), words in pages:
        assert len(words) > 50
        assert [
            word
            for word, left, top, right, bottom in words
            if left < 0 or top < 0 or right > width or bottom > height
        ] == []


def test_an_office_program_prints_no_word_over_another(shown_by_office):
    for file in shown_by_office:
        for _, words in words_with_places(file):
            rows = sorted(words, key=lambda word: (word[1], word[2]))
            over = [
                (one[0], other[0])
                for place, one in enumerate(rows)
                for other in rows[place + 1 :]
                if min(one[3], other[3]) - max(one[1], other[1]) > 1.5
                and min(one[4], other[4]) - max(one[2], other[2]) > 3.5
            ]
            assert over == [], file


def test_an_office_program_has_all_the_letters(shown_by_office):
    for file in shown_by_office:
        reader = pypdf.PdfReader(file)
        for page in reader.pages:
            names = {str(font.get_object()["/BaseFont"]) for font
                     in page["/Resources"]["/Font"].values()}  # fmt: skip
            assert {name for name in names
                    if not re.search(r"Arial|Liberation ?Sans", name)} == set()  # fmt: skip


def test_an_office_program_keeps_the_order_of_title_counts_and_facts(shown_by_office, prepared):
    for file, one in zip(shown_by_office, prepared, strict=False):
        words = re.sub(r"\s+", "", pypdf.PdfReader(file).pages[0].extract_text())
        crowded = len(one.picture.cases) > slides.FEW_CASES
        facts = () if crowded else one.caption.facts
        cases = [f"{case.number}  {case.date}" for case in one.picture.cases]
        texts = [one.picture.sentence.headline, one.picture.sentence.counts, *cases, *facts]
        places = [words.find(re.sub(r"\s+", "", text)) for text in filter(None, texts)]
        assert -1 not in places
        assert all(first < second for first, second in pairwise(places))
