"""Words and marks that everybody can read: contrast and sizes, read back from style and files."""

import io
import math
from dataclasses import replace
from itertools import combinations

import pypdf
import pytest
from matplotlib.text import Text
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Emu

from armsflow.briefing import briefing, slides
from armsflow.briefing.files import A4_INCHES, pdf
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.paper import blank_sheet
from armsflow.briefing.shapes import POINTS
from armsflow.briefing.sheet import A4, _map_and_legend, draw_sheet
from armsflow.picture import style
from armsflow.selection import selection
from armsflow.selection.selection import Selection

SMALLEST_ON_PAPER, SMALLEST_ON_A_SLIDE = 8.0, 9.0
"""Points."""
LANDS = (
    style.LAND,
    style.FOCUS_LAND,
    style.ORIGIN_LAND,
    style.SINAI_LAND,
    style.DISPUTED_LAND,
)


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(
    ("words", "grounds"),
    [
        (style.LAND_NAME, LANDS),
        (style.ORIGIN_NAME, LANDS),
        (style.WATER_NAME, (style.WATER, style.LAND)),
        (style.INK, (*LANDS, style.WATER, style.CASING)),
        (style.QUIET_INK, (style.CASING,)),
        *((style.text_on(colour), (colour,)) for colour in style.DESTINATION_COLOURS.values()),
        (style.text_on(style.ONWARD_COLOUR), (style.ONWARD_COLOUR,)),
    ],
)
def test_words_stand_out_from_whatever_they_lie_on(words, grounds):
    assert min(contrast(words, ground) for ground in grounds) >= 4.5


@pytest.mark.parametrize(
    ("mark", "grounds"),
    [
        (style.BOUNDARY, LANDS),
        (style.COAST, (style.WATER, style.LAND, style.FOCUS_LAND)),
        *((colour, (style.CASING,)) for colour in style.DESTINATION_COLOURS.values()),
        (style.ONWARD_COLOUR, (style.CASING,)),
        (style.SEVERAL_COLOUR, LANDS),
    ],
)
def test_lines_and_marks_stand_out_from_land_sea_and_their_casing(mark, grounds):
    assert min(contrast(mark, ground) for ground in grounds) >= 3


def test_land_neighbours_and_disputed_areas_can_be_told_apart_in_grey():
    grey = [116 * luminance(one) ** (1 / 3) - 16 for one in LANDS[:2] + LANDS[-1:]]
    apart = [abs(one - other) for one, other in combinations(grey, 2)]
    assert min(apart) > 6  # lightness of CIE L*a*b*


@pytest.fixture(scope="module")
def ground(plate):
    return prepare_ground(plate.basemap, plate.fills, plate.names)


@pytest.fixture(
    scope="module",
    params=["all", "every destination", "one destination", "compared", "nothing", "marked"],
)
def prepared(request, shipped, plate):
    focus = selection.destination_codes(shipped, "focus")
    chosen = {
        "all": selection.default_selection(shipped),
        "every destination": Selection(weapon=("manpads",)),
        "one destination": Selection(destinations=focus[:1]),
        "compared": Selection(destinations=focus[:3], basis=("media_report",)),
        "nothing": Selection(weapon=("manpads",), destinations=("tunisia",), years=(2023, 2024)),
        "marked": replace(selection.default_selection(shipped), show="routes"),
    }[request.param]
    marking = "OFFICIAL \u0645\u0642\u064a\u062f" if request.param == "marked" else ""
    address = "https://arms.example.org/a/rather/long/address"
    return briefing.prepare(chosen, shipped, plate, address=address, marking=marking)


def test_no_word_of_a_sheet_of_paper_is_smaller_than_eight_points(prepared, ground):
    figure = draw_sheet(prepared.picture, prepared.caption, ground, A4)
    share = 72 * A4_INCHES / A4[0] / POINTS
    texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
    assert len(texts) > 10
    small = [text.get_text() for text in texts if text.get_fontsize() * share < SMALLEST_ON_PAPER]
    assert small == []


def test_a_pdf_has_its_words_in_the_sizes_of_the_sheet(shipped, plate, ground):
    chosen = Selection(weapon=("manpads",), destinations=("tunisia",), years=(2023, 2024))
    one = briefing.prepare(chosen, shipped, plate)
    sizes = []

    def note(text, current, matrix, _font, size):
        if text.strip():
            scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
            outer = math.sqrt(abs(current[0] * current[3] - current[1] * current[2]))
            sizes.append(size * scale * outer)

    document = pdf(one.picture, one.caption, ground)
    pypdf.PdfReader(io.BytesIO(document)).pages[0].extract_text(visitor_text=note)
    assert len(sizes) > 10
    assert min(sizes) >= SMALLEST_ON_PAPER


def words_in_the_map(picture, ground, size):
    figure, paper = blank_sheet(size)
    _map_and_legend(paper, picture, ground, (0.0, 0.0, size[0], size[1]), 0.0)
    return [
        (text.get_text(), text.get_fontsize() / POINTS)
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible()
    ]


def test_no_word_of_a_slide_is_smaller_than_nine_points(prepared, ground):
    content = briefing.as_slide(prepared)
    deck = Presentation(io.BytesIO(slides.deck_of([content], ground)))
    [page] = deck.slides
    runs = [
        run
        for shape in page.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    ]
    assert min(run.font.size.pt for run in runs) >= SMALLEST_ON_A_SLIDE
    [shown] = [one for one in page.shapes if one.shape_type == MSO_SHAPE_TYPE.PICTURE]
    share = Emu(shown.width).pt / slides.MAP_SIZE[0]
    small = [
        (words, size * share)
        for words, size in words_in_the_map(prepared.picture, ground, slides.MAP_SIZE)
        if size * share < SMALLEST_ON_A_SLIDE
    ]
    assert small == []


def test_a_slide_is_read_from_the_title_to_the_notes(prepared, ground):
    content = briefing.as_slide(prepared)
    [page] = Presentation(io.BytesIO(slides.deck_of([content], ground))).slides
    names = [shape.name for shape in page.shapes]
    marks = [slides.MARKING] * 2 if prepared.caption.marking else []
    order = ["Counts and filters", "Map", "Facts and sources", slides.FOOT, *marks]
    assert page.shapes[0] == page.shapes.title
    assert names[1:] == order
    for shape in page.shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
            assert shape._element.nvPicPr.cNvPr.get("descr") == content.alt
        else:
            languages = {
                run.font.language_id
                for paragraph in shape.text_frame.paragraphs
                for run in paragraph.runs
            }
            assert {str(one) for one in languages} == {"ENGLISH_UK (2057)"}
