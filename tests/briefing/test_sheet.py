"""The briefing sheet as PNG, SVG and PDF: what was drawn, what is printed, what cannot overlap.

Everything is read back from the files themselves: lines and words from the SVG, words, fonts and
language from the PDF, pixels from the PNG.
"""

import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, replace
from html import unescape
from itertools import combinations, cycle, pairwise

import numpy as np
import pypdf
import pytest
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from matplotlib.text import Text
from PIL import Image, ImageFilter
from pptx import Presentation

from armsflow.briefing import briefing, column, files, sheet, slides
from armsflow.briefing.cartography import apart
from armsflow.briefing.files import PIXEL_WIDTHS, pdf, png
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.letters import SANS, text_width, wrap
from armsflow.briefing.paper import blank_sheet
from armsflow.briefing.titles import own_title
from armsflow.dataset.dataset import labels
from armsflow.page.evidence import key_figures_html
from armsflow.picture import picture, style
from armsflow.picture.frames import REGION
from armsflow.picture.names import Name
from armsflow.picture.plane import to_plane
from armsflow.selection import selection
from armsflow.selection.cases import cautions_of
from armsflow.selection.selection import Selection
from armsflow.webmap.flows import flows
from tests.choices import random_selections

ADDRESS = "https://example.org/flows"
DATA_VERSION = re.compile(r"Data \d+\.\d+\.\d+, \d{4}-\d\d-\d\d")
SVG = "{http://www.w3.org/2000/svg}"
MARKING = "OFFICIAL-TEST"
EMPTY = Selection(weapon=("manpads",), destinations=("tunisia",), years=(2023, 2024))


@pytest.fixture(scope="session")
def ground(plate):
    return prepare_ground(plate.basemap, plate.fills, plate.names)


@pytest.fixture(scope="session")
def prepare(shipped, plate):
    def prepare(chosen, **words):
        return briefing.prepare(chosen, shipped, plate, **({"address": ADDRESS} | words))

    return prepare


@pytest.fixture(scope="module")
def draw(shipped, layouts):
    """The picture as the page draws it."""

    def draw(chosen):
        return picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)

    return draw


@pytest.fixture(scope="module")
def longest(shipped):
    """The selection with the longest headline that the shipped data can give."""
    codes = selection.destination_codes(shipped)
    names = shipped.weapon_types["label"]
    weapons = sorted(names.index, key=lambda code: (-len(names[code]), code))[:3]
    return Selection(
        weapon=selection.in_order(weapons, selection.weapon_codes(shipped)),
        destinations=codes[1:],
        years=(2011, 2023),
        basis=tuple(labels(shipped, "incidents", "link_basis"))[1:],
        event=tuple(labels(shipped, "incidents", "event_type"))[1:],
    )


class Drawn:
    """An SVG file taken apart: its words in order, and its lines by identifier."""

    def __init__(self, content):
        root = ET.fromstring(content)
        self.title = root.findtext(f"{SVG}title")
        self.texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
        self.lines = {
            group.get("id"): group.find(f"{SVG}path")
            for group in root.iter(f"{SVG}g")
            if group.find(f"{SVG}path") is not None
        }


def squeeze(words):
    """Leave out blanks: where a line is broken, and how a reader spaces letters, is no matter."""
    return re.sub(r"\s+", "", " ".join(words) if not isinstance(words, str) else words)


def printed_on(prepared):
    """Every text that must stand on a sheet, by what it is; sources and address apart."""
    sentence, caption = prepared.picture.sentence, prepared.caption
    return {
        "headline": sentence.headline,
        "counts": sentence.counts,
        "aside": sentence.aside,
        "filters": sentence.filters,
        "data version": caption.data,
        "number": caption.number,
        "first fact": caption.facts[0],
        **{
            f"case {case.number}": f"{case.number} {case.date}, {case.place}"[:30]
            for case in prepared.picture.cases
        },
        **{caution: caution for caution in cautions_of(prepared.picture.cases)},
        **{f"note {number}": note for number, note in enumerate(prepared.picture.notes)},
        "sources": column.sources_heading(prepared.picture, caption.sources)
        if caption.sources
        else "",
    }


def missing_sources(words, prepared):
    """Sources that should be printed first and are not: of the first number, else of the list."""
    first = [case.sources[0] for case in prepared.picture.cases[:1]] or prepared.caption.sources[:1]
    return [name for name in first if squeeze(name)[:25] not in words]


# ---------------------------------------------------------------- 60 selections


@pytest.fixture(scope="session")
def water(ground):
    """No land to draw, which takes most of the time."""
    return replace(ground, areas=(), rivers=(), lakes=(), boundaries=(), disputed=())


@pytest.fixture(scope="session")
def drawn(prepare, shipped, water):
    """The SVG of 60 random selections, on water alone, and what they were made from.

    A third opens with the routes, and some ask for a frame.
    """
    sheets = []
    shows = cycle(["", "", selection.LEVELS[-1]])
    frames = cycle(["", "", "", *selection.FRAMES])
    for chosen in random_selections(shipped, 60, seed=50):
        chosen = replace(chosen, show=next(shows), frame=next(frames))
        prepared = prepare(chosen)
        content = files.svg(prepared.picture, prepared.caption, water)
        sheets.append((chosen, prepared, Drawn(content)))
    return sheets


def test_a_sheet_has_the_lines_of_the_page_for_random_selections(drawn, draw):
    differences = []
    for chosen, _, svg in drawn:
        expected = draw(chosen).lines
        seen = [name for name in svg.lines if name in {line.line for line in expected}]
        if seen != [line.line for line in expected]:
            differences.append((chosen, seen))
        for line in expected:
            look = dict(
                part.strip().split(": ", 1)
                for part in svg.lines[line.line].get("style", "").split(";")
                if ": " in part
            )
            if look_of(look) != expected_look(line):
                differences.append((chosen, line.line, look, expected_look(line)))
    assert differences == []
    assert all(svg.lines for _, _, svg in drawn)


def test_no_sheet_says_twice_that_nothing_was_found(drawn):
    said = [squeeze(svg.texts).lower().count("nodocumented") for _, _, svg in drawn]
    assert set(said) == {0, 1}
    empty = [not prepared.shown.totals.events for _, prepared, _ in drawn]
    assert [bool(times) for times in said] == empty


def test_no_line_is_drawn_that_the_page_does_not_draw(drawn, draw, layout):
    for chosen, _, svg in drawn:
        assert set(svg.lines) & set(layout.index) == {line.line for line in draw(chosen).lines}


def look_of(look):
    dash = look.get("stroke-dasharray", "")
    form = "solid"
    if dash and dash != "none":
        on, off = (float(part) for part in dash.split(",")[:2])
        form = "dashed" if on > off else "dotted"
    return look["stroke"].lower(), round(float(look["stroke-width"]), 2), form


def expected_look(line):
    width = (style.LINE_WIDTHS if line.kind == "corridor" else style.LINK_WIDTHS)[line.width]
    if line.kind == "link" and line.form == "dotted":
        width = style.LINE_WIDTHS[0]
    return line.colour.lower(), round(width * 0.72, 2), line.form


def test_the_briefing_and_the_page_decide_the_same_picture(drawn, draw):
    for chosen, prepared, _ in drawn:
        page = draw(chosen)
        assert prepared.picture == page
        for ours, theirs in zip(prepared.picture.lines, page.lines, strict=True):
            assert np.array_equal(ours.path, theirs.path)


def test_an_svg_says_everything_that_must_travel_with_the_picture(drawn):
    lost = []
    for chosen, prepared, svg in drawn:
        words = squeeze(svg.texts)
        lost += [
            (chosen, what)
            for what, text in printed_on(prepared).items()
            if squeeze(text) not in words
        ]
        lost += [(chosen, name) for name in missing_sources(words, prepared)]
    assert lost == []
    assert all(DATA_VERSION.search(" ".join(svg.texts)) for _, _, svg in drawn)


def test_the_address_is_printed_whole_however_long_it_is(drawn):
    cut = [
        prepared.caption.address
        for _, prepared, svg in drawn
        if squeeze(prepared.caption.address) not in squeeze(svg.texts)
    ]
    assert cut == []


def test_the_legend_of_an_svg_is_complete(drawn):
    for _, prepared, svg in drawn:
        legend = prepared.picture.legend
        wanted = Counter(entry.label for entry in legend)
        wanted += Counter({entry.section for entry in legend})
        assert len(wanted) > 2
        assert wanted - Counter(svg.texts) == Counter()


def test_the_title_of_an_svg_is_the_headline(drawn):
    for _, prepared, svg in drawn:
        assert svg.title == prepared.picture.sentence.headline


def test_the_places_of_a_sheet_are_those_of_the_page(shipped, prepare, draw, ground):
    for chosen in [Selection(), *random_selections(shipped, 8, seed=9)]:
        prepared = prepare(chosen)
        figure = sheet.draw_sheet(prepared.picture, prepared.caption, ground, sheet.WIDE)
        _, window, *_ = figure.axes
        frame = window.get_position()
        scale = float(np.diff(window.get_xlim())[0] / (frame.width * sheet.WIDE[0]))
        marks = Counter()
        for patch in window.patches:
            if isinstance(patch, Circle) and patch.get_fill() and patch.get_zorder() == 4:
                marks[tuple(np.round(patch.get_center()))] += 1
            elif isinstance(patch, Rectangle) and patch.get_zorder() == 4:
                middle = np.add(patch.get_xy(), patch.get_width() / 2)
                marks[tuple(np.round(middle))] += 1
        discs = Counter(
            tuple(np.round(collection.get_paths()[0].get_extents().get_points().mean(axis=0)))
            for collection in window.collections
            if isinstance(collection, PathCollection) and collection.get_zorder() == 4
        )
        wanted, soft = Counter(), Counter()
        for place in draw(chosen).places:
            point = to_plane(np.array([[place.longitude, place.latitude]]))[0]
            # A claim's ring is empty where the disc below it is soft.
            wanted[tuple(np.round(point))] += place.mark != "area"
            soft[tuple(np.round(point))] += place.mark == "area"
            if place.mark == "place" and place.events:
                radius = style.PLACE_RADII[place.size] * scale
                assert any(
                    isinstance(patch, Circle)
                    and np.allclose(patch.get_center(), point)
                    and patch.get_radius() == pytest.approx(radius)
                    and patch.get_facecolor()[:3] == pytest.approx(_rgb(place.colour))
                    for patch in window.patches
                ), place
        assert marks == +wanted
        assert discs == +soft


def _rgb(colour):
    return tuple(int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))


# ---------------------------------------------------------------- the numbers of incidents

NUMBERS = re.compile(r"\d+(, \d+)*")


@dataclass
class Numbered:
    """The numbers of incidents as a reader finds them: on the map, and beside it with words."""

    marks: list[str]
    listed: dict[str, str]


def numbered_on_page(drawn):
    """Read the numbers that the map is sent, and those of the list in the evidence panel."""
    marks = flows(drawn)["numbers"]
    html = key_figures_html(drawn) if drawn.shown.totals.events else "<ol></ol>"
    [ordered] = re.findall("<ol.*?</ol>", html, re.DOTALL)
    rows = re.findall(r'<b class="number">(\d+)</b>\s*<div><b>(.*?)</b>', ordered)
    places = drawn.shown.incidents["place"]
    listed = {number: unescape(words) for number, words in rows}
    for mark in marks:
        if mark["focus"] in places.index:
            assert str(places[mark["focus"]]) in listed[mark["text"]]
    return Numbered(sorted(mark["text"] for mark in marks), listed)


def numbered_on_sheet(texts, picture):
    """Read the numbers from the words of a sheet, which come in the order of drawing."""
    end = texts.index("How much is known")
    on_map = Counter(text for text in texts[end:] if NUMBERS.fullmatch(text))
    on_map -= Counter(str(place.members) for place in picture.places if place.members > 1)
    beside = texts[texts.index(picture.cases_heading) : end] if picture.cases else []
    rows = [(one, words) for one, words in pairwise(beside) if NUMBERS.fullmatch(one)]
    return Numbered(sorted(on_map.elements()), dict(rows))


def numbered_on_slide(deck):
    [frame] = [shape.text_frame for shape in deck.slides[0].shapes
               if shape.name == "Facts and sources"]  # fmt: skip
    found = (re.fullmatch(r"(\d+)  (.*)", row.text) for row in frame.paragraphs)
    return dict(row.groups() for row in found if row)


def same_words(listed, page):
    """Tell whether a list has the numbers of the page with its words.

    A place may be cut short, never what became of the arms; a line may go on in the next.
    """
    return list(listed) == list(page) and all(
        page[number].startswith(start.rstrip()) and len(start) > 12
        and page[number].endswith(end if cut else "")
        for number, words in listed.items()
        for start, cut, end in [words.partition("…")]
    )  # fmt: skip


def test_page_and_svg_number_the_same_incidents_alike_for_random_selections(drawn, draw):
    numbered = 0
    for chosen, prepared, svg in drawn:
        page = numbered_on_page(draw(chosen))
        printed = numbered_on_sheet(svg.texts, prepared.picture)
        assert printed.marks == page.marks, chosen
        assert same_words(printed.listed, page.listed), chosen
        numbered += bool(page.marks)
    assert len(drawn) / 2 < numbered < len(drawn)


@pytest.mark.parametrize(
    ("chosen", "title"),
    [
        (Selection(weapon=("manpads",)), ("", "")),
        (Selection(destinations=("chad", "niger", "nigeria", "sudan")), ("T " * 60, "N " * 90)),
    ],
    ids=["with a caution", "below a long title"],
)
def test_a_sheet_says_what_was_found_in_every_numbered_incident(
    chosen, title, drawn, prepare, water
):
    one = prepare(chosen, marking=MARKING, title=own_title(*title))
    content = files.svg(one.picture, one.caption, water)
    assert len(one.picture.cases) == 12
    for prepared, svg in [(one, Drawn(content)), *((known, svg) for _, known, svg in drawn)]:
        texts = svg.texts
        beside = squeeze(texts[: texts.index("How much is known")])
        silent = [
            case
            for case in prepared.picture.cases
            if not any(squeeze(words)[:12] in beside for words in (case.found, case.short))
        ]
        assert silent == [], prepared.chosen


def test_page_and_slide_number_the_same_incidents_alike_for_random_selections(
    drawn, draw, water, monkeypatch
):
    stream = io.BytesIO()
    Image.new("RGB", (1, 1)).save(stream, "PNG")
    # That the map of a slide is drawn from the picture of the page is tried with the slides.
    monkeypatch.setattr(slides, "map_png", lambda *_: stream.getvalue())
    for chosen, prepared, _ in drawn:
        content = slides.deck_of([briefing.as_slide(prepared)], water)
        listed = numbered_on_slide(Presentation(io.BytesIO(content)))
        assert same_words(listed, numbered_on_page(draw(chosen)).listed), chosen


def test_png_and_pdf_number_incidents_as_the_svg_does(drawn, water, monkeypatch):
    figures = []
    for made in ("_png", "_save"):
        monkeypatch.setattr(files, made, lambda figure, *_, **__: figures.append(figure))
    monkeypatch.setattr(files, "titled", lambda *_: None)
    for chosen, prepared, svg in drawn[::4]:
        expected = numbered_on_sheet(svg.texts, prepared.picture)
        files.png(prepared.picture, prepared.caption, water)
        files.pdf(prepared.picture, prepared.caption, water)
        for figure in figures[-2:]:
            texts = sorted(figure.findobj(Text), key=lambda text: text.axes is not figure.axes[0])
            words = [text.get_text() for text in texts if text.get_text()]
            seen = numbered_on_sheet(words, prepared.picture)
            assert seen.marks == expected.marks, chosen
            assert same_words(seen.listed, expected.listed), chosen


def test_a_pdf_lists_the_numbered_incidents_of_the_page(documents, draw):
    for prepared, _, _, words in documents:
        page = numbered_on_page(draw(prepared.chosen))
        places = [words.find(squeeze(number + text)[:30]) for number, text in page.listed.items()]
        assert -1 not in places
        assert places == sorted(places)
        assert len(page.marks) <= len(places)


# ---------------------------------------------------------------- SVG


@pytest.fixture(scope="module")
def one(prepare):
    return prepare(
        Selection(weapon=("manpads",), destinations=("sinai", "egypt"), years=(2011, 2014))
    )


def test_the_words_of_an_svg_lie_unseen_over_their_outlines(one, ground):
    root = ET.fromstring(files.svg(one.picture, one.caption, ground))
    groups = [
        group for group in root.iter(f"{SVG}g") if (group.get("id") or "").startswith("text_")
    ]
    assert len(groups) > 40
    for group in groups:
        assert list(group.iter(f"{SVG}use"))
    texts = list(root.iter(f"{SVG}text"))
    assert len(texts) >= len(groups)
    assert [text.text for text in texts if "opacity: 0" not in text.get("style", "")] == []
    assert "@font-face" not in ET.tostring(root, "unicode")


def test_another_program_draws_an_svg_as_we_draw_the_png(one, ground, tmp_path):
    if not shutil.which("rsvg-convert"):
        pytest.skip("with rsvg-convert: apt-get install librsvg2-bin")
    (tmp_path / "sheet.svg").write_bytes(files.svg(one.picture, one.caption, ground))
    command = ["rsvg-convert", "-w", "1280", "-h", "720", "-b", "white", tmp_path / "sheet.svg"]
    drawn = subprocess.run(command, capture_output=True, check=True).stdout
    theirs, ours = (
        np.asarray(
            Image.open(io.BytesIO(content)).convert("L").filter(ImageFilter.BoxBlur(3)), float
        )
        for content in (drawn, png(one.picture, one.caption, ground, 1280))
    )
    assert theirs.shape == ours.shape
    assert np.abs(theirs - ours).max() < 60
    assert np.abs(theirs - ours).mean() < 1


def test_an_svg_fetches_nothing_and_runs_nothing(one, ground):
    content = files.svg(one.picture, one.caption, ground).decode()
    assert "<script" not in content
    assert re.findall(r"(?:href|src)=\"(?!#|data:)[^\"]*\"", content) == []
    assert re.findall(r"url\((?!#|\"?data:|'?data:)[^)]*\)", content) == []


# ---------------------------------------------------------------- the same bytes


@pytest.mark.parametrize("form", ["png", "svg", "xlsx"])
def test_the_same_selection_twice_gives_the_same_bytes(form, prepare, ground):
    chosen = Selection(destinations=("mali", "niger"), basis=("traced", "markings"))
    makers = briefing.writers(ground, 1280)
    first, again = (makers[form](prepare(replace(chosen))) for _ in range(2))
    assert first == again


# ---------------------------------------------------------------- PNG


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)])
def test_a_png_has_exactly_the_size_that_was_asked_for(size, one, ground):
    assert size[0] in PIXEL_WIDTHS
    image = Image.open(io.BytesIO(png(one.picture, one.caption, ground, size[0])))
    assert image.format == "PNG"
    assert image.size == size


def test_a_larger_png_shows_the_same_in_more_pixels(one, ground):
    small, large = (
        Image.open(io.BytesIO(png(one.picture, one.caption, ground, width))).convert("L")
        for width in (1280, 2560)
    )
    difference = np.asarray(small, float) - np.asarray(large.resize(small.size), float)
    assert np.abs(difference).mean() < 4


def test_a_focus_can_be_seen_on_the_sheet(shipped, prepare, ground):
    chosen = selection.default_selection(shipped)
    lines = [line for line in prepare(chosen).picture.lines if line.kind == "corridor"]
    line = max(lines, key=lambda line: len(line.path)).line
    images = [
        np.asarray(Image.open(io.BytesIO(png(ready.picture, ready.caption, ground, 1280))))
        for ready in (prepare(chosen), prepare(replace(chosen, focus=line)))
    ]
    halo = np.array([round(255 * part) for part in _rgb(style.FOCUS_HALO)])
    seen = [int((np.abs(image[..., :3].astype(int) - halo).max(axis=2) < 12).sum())
            for image in images]  # fmt: skip
    assert seen[0] < 50
    assert seen[1] > 200


# ---------------------------------------------------------------- PDF


@pytest.fixture(scope="module")
def documents(shipped, prepare, ground, longest):
    """PDFs of a few selections with what they were made from; one has a marking."""
    prepared = [
        prepare(selection.default_selection(shipped)),
        prepare(EMPTY),
        prepare(longest, marking=MARKING),
        *map(prepare, random_selections(shipped, 1, seed=77)),
    ]
    made = []
    for one in prepared:
        content = pdf(one.picture, one.caption, ground)
        reader = pypdf.PdfReader(io.BytesIO(content))
        made.append((one, content, reader, squeeze(reader.pages[0].extract_text())))
    return made


def test_a_pdf_is_one_page_of_a4_landscape(documents):
    for _, _, reader, _ in documents:
        assert len(reader.pages) == 1
        box = reader.pages[0].mediabox
        assert float(box.width) == pytest.approx(841.89, abs=1)
        assert float(box.height) == pytest.approx(595.28, abs=1)


def test_the_same_selection_twice_gives_the_same_pdf(documents, prepare, ground):
    prepared, content, _, _ = documents[1]
    again = prepare(replace(prepared.chosen))
    assert pdf(again.picture, again.caption, ground) == content


def test_a_pdf_has_title_and_language(documents):
    for prepared, _, reader, _ in documents:
        assert reader.metadata.title == prepared.picture.sentence.headline
        assert reader.root_object["/Lang"].startswith("en")
        assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]


def test_every_font_of_a_pdf_is_embedded(documents):
    for _, _, reader, _ in documents:
        fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
        assert len(fonts) >= 3
        for font in fonts:
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            described = inner["/FontDescriptor"].get_object()
            assert any(f"/FontFile{kind}" in described for kind in ("", "2", "3")), inner
            assert "SourceS" in inner["/BaseFont"].replace("-", "")


def test_a_pdf_says_everything_that_must_travel_with_the_picture(documents):
    lost = []
    for prepared, _, _, words in documents:
        lost += [what for what, text in printed_on(prepared).items() if squeeze(text) not in words]
        lost += missing_sources(words, prepared)
        lost += [entry.label for entry in prepared.picture.legend
                 if squeeze(entry.label) not in words]  # fmt: skip
    assert lost == []


def test_a_pdf_prints_the_address_whole(documents):
    cut = [
        prepared.caption.address
        for prepared, _, _, words in documents
        if squeeze(prepared.caption.address) not in words
    ]
    assert cut == []


def test_the_words_of_a_pdf_come_in_reading_order(documents):
    for prepared, _, _, words in documents:
        sentence, caption = prepared.picture.sentence, prepared.caption
        assert words.startswith(
            squeeze([*([MARKING] * 2 if caption.marking else []), sheet.SUBJECT])
        )
        parts = [sentence.headline, sentence.counts, sentence.filters, caption.facts[0],
                 *([column.sources_heading(prepared.picture, caption.sources)]
                   if caption.sources else [])]  # fmt: skip
        places = [words.index(squeeze(part)) for part in filter(None, parts)]
        assert places == sorted(places)


@pytest.mark.skipif(
    not shutil.which("pdffonts"), reason="with poppler: apt-get install poppler-utils"
)
def test_poppler_finds_every_font_embedded_and_reads_the_same_words(documents, tmp_path):
    for number, (prepared, content, _, _) in enumerate(documents):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(content)
        fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True)
        _, _, *rows = fonts.stdout.splitlines()
        assert rows
        assert [row for row in rows if row.split()[-5] != "yes"] == []
        read = subprocess.run(
            ["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True
        )
        words = squeeze(read.stdout)
        sentence = prepared.picture.sentence
        parts = [sentence.headline, sentence.counts, prepared.caption.facts[0]]
        places = [words.find(squeeze(part)) for part in filter(None, parts)]
        assert -1 not in places, prepared.chosen
        assert places == sorted(places)


# ---------------------------------------------------------------- room


BAR = re.compile(r"\d+ km")


def boxes_of(figure):
    """Every text of the sheet (not of the map) with the pixels that it covers."""
    renderer = figure.canvas.get_renderer()
    paper, window, *_ = figure.axes  # a locator may follow
    height = figure.bbox.height
    boxes = []
    for text in paper.texts:
        if text.get_text().strip() and text.get_gid() != "halo":
            box = text.get_window_extent(renderer)
            boxes.append((text.get_text(), box.x0, height - box.y1, box.x1, height - box.y0))
    box = window.get_window_extent(renderer)
    return boxes, (box.x0, height - box.y1, box.x1, height - box.y0)


def outside(boxes, size):
    """The texts that do not lie whole on a sheet of that size."""
    return [
        text
        for text, *box in boxes
        if box[0] < 0 or box[1] < 0 or box[2] > size[0] or box[3] > size[1]
    ]


def overlap(one, other):
    """How far two boxes reach into each other, in pixels; nothing if they only touch."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return min(across, down)


@pytest.fixture(scope="module")
def cases(shipped, prepare, longest):
    default = selection.default_selection(shipped)
    return {
        "default": prepare(default),
        "all destinations": prepare(Selection()),
        "one destination": prepare(Selection(destinations=("sinai",))),
        "empty": prepare(EMPTY),
        "longest headline": prepare(longest),
        "with marking": prepare(default, marking="OFFICIAL"),
        "longest with marking": prepare(longest, marking="M" * 60),
    }


CASES = ("default", "all destinations", "one destination", "empty", "longest headline",
         "with marking", "longest with marking")  # fmt: skip


@pytest.mark.parametrize("size", [sheet.WIDE, sheet.A4], ids=["16:9", "A4"])
@pytest.mark.parametrize("case", CASES)
def test_no_text_of_a_sheet_overlaps_another_or_leaves_it(case, size, cases, ground):
    prepared = cases[case]
    figure = sheet.draw_sheet(prepared.picture, prepared.caption, ground, size)
    boxes, window = boxes_of(figure)
    assert len(boxes) > 10
    assert outside(boxes, size) == []
    over_each_other = [
        (one[0], other[0])
        for one, other in combinations(boxes, 2)
        if overlap(one[1:], other[1:]) > 1
    ]
    assert over_each_other == []
    over_the_map = [
        text for text, *box in boxes if not BAR.fullmatch(text) and overlap(box, window) > 1
    ]
    assert over_the_map == []


@pytest.mark.parametrize("case", ["default", "longest headline", "longest with marking"])
def test_the_map_stays_the_largest_thing_on_the_sheet(case, cases, ground):
    prepared = cases[case]
    figure = sheet.draw_sheet(prepared.picture, prepared.caption, ground, sheet.WIDE)
    _, (left, top, right, bottom) = boxes_of(figure)
    assert (right - left) / sheet.WIDE[0] > 0.6
    assert (bottom - top) / sheet.WIDE[1] > 0.35


@pytest.mark.parametrize("height", [720.0, 470.0], ids=["usual", "low"])
@pytest.mark.parametrize("code", [(), ("mali", "algeria"), ("tunisia",)])
def test_tags_and_scale_bar_lie_inside_a_map_and_apart(code, height, shipped, prepare, ground):
    default = selection.default_selection(shipped)
    one = prepare(replace(default, destinations=code or default.destinations))
    figure, paper = blank_sheet((827.0, height))
    sheet._map_and_legend(paper, one.picture, ground, (0.0, 0.0, 827.0, height), 0.0)
    _, window, *_ = figure.axes
    renderer = figure.canvas.get_renderer()
    frame = window.get_window_extent(renderer)
    [plate] = [patch for patch in window.patches if patch.get_zorder() == 1.5]
    bar = plate.get_window_extent(renderer)
    tags = [patch.get_window_extent(renderer) for patch in window.patches
            if isinstance(patch, FancyBboxPatch) and patch.get_zorder() == 5.3]  # fmt: skip
    assert len(tags) == len(one.picture.arrows)
    names = [text.get_window_extent(renderer) for text in window.texts
             if text.get_gid() != "halo" and not BAR.fullmatch(text.get_text())]  # fmt: skip
    inside = [frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and
              box.y1 <= frame.y1 for box in [bar, *tags]]  # fmt: skip
    assert all(inside)
    over = [box for box in [*tags, *names] if box.overlaps(bar) and frame.overlaps(box)]
    assert over == []


def test_of_two_names_of_countries_that_run_together_one_is_left_out():
    scale = REGION.scale
    near, far = (Name(text, "country", *place, "centre", 0.0)
                 for text, place in (("Egypt", (29.0, 27.0)), ("Chad", (19.0, 15.0))))  # fmt: skip
    origin = Name("Libya", "origin", 27.0, 27.0, "centre", 0.0)
    town = Name("Kufra", "town", 27.0, 27.0, "e", 0.0)
    assert {name.text for name in apart([near, far, town, origin], scale)} == {
        "Libya", "Chad", "Kufra"
    }  # fmt: skip
    assert len(apart([near, far], scale)) == 2


def test_no_symbol_of_the_legend_covers_a_word(cases, ground):
    prepared = cases["default"]
    figure = sheet.draw_sheet(prepared.picture, prepared.caption, ground, sheet.WIDE)
    boxes, _ = boxes_of(figure)
    renderer, height = figure.canvas.get_renderer(), figure.bbox.height
    rules = [
        line.get_window_extent(renderer)
        for line in figure.axes[0].lines
        if isinstance(line, Line2D)
    ]
    assert len(rules) > 8
    covered = [
        text
        for text, *box in boxes
        for rule in rules
        if not BAR.fullmatch(text)
        and overlap(box, (rule.x0, height - rule.y1, rule.x1, height - rule.y0 + 1)) > 1
    ]
    assert covered == []


# ---------------------------------------------------------------- marking


def test_a_marking_is_printed_twice_and_nowhere_when_there_is_none(prepare, ground):
    for marking, times in ((MARKING, 2), ("", 0)):
        ready = prepare(Selection(destinations=("mali",)), marking=marking)
        svg = Drawn(files.svg(ready.picture, ready.caption, ground))
        assert svg.texts.count(MARKING) == times


def test_a_marking_is_printed_twice_on_a_pdf_and_nowhere_when_there_is_none(documents):
    seen = [words.count(MARKING) for _, _, _, words in documents]
    assert seen == [2 if prepared.caption.marking else 0 for prepared, _, _, _ in documents]
    assert set(seen) == {0, 2}


def test_a_marking_stands_above_and_below_on_a_png(prepare, ground):
    dark = {}
    for marking in ("", "OFFICIAL"):
        ready = prepare(Selection(destinations=("mali",)), marking=marking)
        image = Image.open(io.BytesIO(png(ready.picture, ready.caption, ground, 1280)))
        pixels = np.asarray(image.convert("L"))[:, 560:720]
        dark[marking] = [int((strip < 90).sum()) for strip in (pixels[:22], pixels[-20:])]
    assert dark[""] == [0, 0]
    assert min(dark["OFFICIAL"]) > 100


# ---------------------------------------------------------------- words in their room


def test_words_are_broken_into_lines_that_fit_and_none_is_lost():
    words = "Lines join documented places; they are not surveyed tracks. " * 6
    lines = wrap(words.strip(), 300, 14, SANS)
    assert " ".join(lines) == words.strip()
    assert max(text_width(line, 14, SANS) for line in lines) <= 300
    assert len(lines) > 3


def test_a_short_list_says_how_many_it_leaves_out():
    names = [f"source {number}" for number in range(20)]
    assert sheet.short_list(names, 20) == names
    assert sheet.short_list(names, 13) == [*names[:12], "and 8 more"]
    assert sheet.short_list(names, 1) == ["and 20 more"]
    assert sheet.short_list([], 5) == []
