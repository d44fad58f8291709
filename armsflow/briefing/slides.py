"""A sheet as a slide: live text around a picture of the map, citations in the notes.

Only this module uses python-pptx. Everything that a reader may want to edit or translate is text.
The map is one picture, sharp on a 4K screen, with its legend and scale.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.packuri import PackURI
from pptx.opc.serialized import PackageWriter
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from armsflow.briefing import sheet
from armsflow.briefing.column import SMALLEST, set_cases, sources_heading
from armsflow.briefing.files import map_png
from armsflow.briefing.ground import Ground
from armsflow.briefing.letters import SANS, wrap
from armsflow.briefing.titles import BY_THE_USER, says_more
from armsflow.package.archive import Archive
from armsflow.picture import style
from armsflow.picture.picture import Picture
from armsflow.selection.cases import cautions_of

WIDTH: Final = Inches(13.333)
HEIGHT: Final = Inches(7.5)
MARGIN: Final = Inches(0.4)
FONT: Final = "Arial"
"""Every office machine has it; LibreOffice replaces it by a font of the same widths."""
TITLE_ONLY: Final = 5
PROPERTY_LETTERS: Final = 255
"""Longest text of a document property (ISO/IEC 29500)."""
MAP_PIXELS: Final = 2560
"""Width of the map's picture: two thirds of a 3840-pixel slide."""
MAP_SIZE: Final = (842.0, 520.0)
MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed date, so that one selection gives one file)


@dataclass(frozen=True, eq=False)
class Slide:
    """What one slide says.

    Parameters
    ----------
    picture
        What is drawn.
    caption
        Facts, short sources, data version, number, marking.
    alt
        The picture in words.
    sources
        Full citations, for the notes.
    """

    picture: Picture
    caption: sheet.Caption
    alt: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """One destination in the comparison of a briefing pack.

    Parameters
    ----------
    destination, colour
        Its name and colour.
    events, sources
        Documented incidents, and the sources that they cite.
    routes, single
        Incidents with a stated route; incidents that rest on one origin.
    """

    destination: str
    events: int
    sources: int
    routes: int
    single: int
    colour: str


Row = tuple[str, float, bool, str]
"""Words of a paragraph, their size in points, whether they are bold, their colour."""

FEW_CASES: Final = 6
"""Up to so many numbered incidents leave room for facts and sources; they are in the notes too."""
SOURCES_LISTED: Final = 8
TITLE_SIZES: Final = (20, 18, 16, 14, 12, 10)
LINE: Final = 1.2
SPACE_AFTER: Final = 4
"""Points; a line is so many times as high as its letters."""
CROWDED: Final = 16
"""From so many paragraphs on they are set closer."""
TEXT_SHARE: Final = 0.9
"""Share of a text box that is counted on, since its letters are wider than those measured."""
CASES_SHARE: Final = 0.93
"""Share of the height that numbered incidents are set in, since lines are higher than measured."""
POINTS: Final = 0.75
"""Points in a pixel of a 1280-pixel sheet, which is as wide as a slide."""


def slide(content: Slide, ground: Ground) -> bytes:
    """Write one selection as a presentation of one slide."""
    deck = _deck(content)
    _map_slide(deck, content, ground)
    return _bytes(deck)


def pack(
    overview: Slide,
    comparison: Sequence[Comparison],
    destinations: Iterable[Slide],
    ground: Ground,
) -> bytes:
    """Write a briefing pack: the comparison, then a slide for each destination.

    Parameters
    ----------
    overview
        All destinations together.
    comparison
        One row a destination.
    destinations
        One slide a destination, in the same order.
    ground
        What the maps are drawn on.
    """
    deck = _deck(overview)
    _comparison_slide(deck, overview, comparison, ground)
    for content in destinations:
        _map_slide(deck, content, ground)
    return _bytes(deck)


def _deck(first: Slide) -> Any:
    title = first.caption.title.words or first.picture.sentence.headline
    deck = Presentation()
    properties = deck.core_properties
    properties.title = title[:PROPERTY_LETTERS]
    properties.author = properties.last_modified_by = "armsflow"
    properties.language, properties.comments = "en-GB", first.caption.data
    properties.created = properties.modified = MADE
    _widen(deck)
    return deck


def _widen(deck: Any) -> None:
    """Bring what comes with python-pptx, made for 4:3, to the width of our slides."""
    share = WIDTH / deck.slide_width
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.part.presentation.element.sldSz.attrib.pop("type", None)
    for page in (deck.slide_master, *deck.slide_layouts):
        for place in page.element.iter(qn("a:xfrm")):
            place.off.x, place.ext.cx = (Emu(int(share * n)) for n in (place.off.x, place.ext.cx))
    package = deck.part.package
    [thumbnail] = [name for name, rel in package._rels.items() if rel.reltype == RT.THUMBNAIL]
    package.drop_rel(thumbnail)


def _bytes(deck: Any) -> bytes:
    # save() of python-pptx dates the entries by the clock and fails with one before 1980.
    package = deck.part.package
    writer = PackageWriter("", package._rels, tuple(package.iter_parts()))
    stream = io.BytesIO()
    with Archive(stream) as archive:
        entries: Any = _Entries(archive)
        writer._write_content_types_stream(entries)
        writer._write_pkg_rels(entries)
        writer._write_parts(entries)
    return stream.getvalue()


class _Entries:
    """What python-pptx hands the parts of a deck to, one by one."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def write(self, pack_uri: PackURI, blob: bytes) -> None:
        """Put a part into the archive."""
        self.archive.writestr(pack_uri.membername, blob)


def _map_slide(deck: Any, content: Slide, ground: Ground) -> None:
    page, top, bottom = _page(deck, content)
    left, width = MARGIN, Inches(8.62)
    _place_map(page, content, ground, (left, top, width, bottom - top), MAP_SIZE, MAP_PIXELS)
    right = left + width + Inches(0.3)
    _facts(page, content, (right, top, WIDTH - right - MARGIN, bottom - top))


def _comparison_slide(
    deck: Any, content: Slide, comparison: Sequence[Comparison], ground: Ground
) -> None:
    page, top, bottom = _page(deck, content)
    width = Inches(6.6)
    _place_map(page, content, ground, (MARGIN, top, width, bottom - top), (660.0, 535.0), 2048)
    headings = ("Destination", "Incidents", "Sources", "Route stated", "One origin")
    left = MARGIN + width + Inches(0.3)
    row_height = min(Inches(0.42), Inches(3.6) // (len(comparison) + 1))
    box = (left, top, WIDTH - left - MARGIN, row_height * (len(comparison) + 1))
    frame = page.shapes.add_table(len(comparison) + 1, len(headings), *box)
    frame.name = "Comparison of the destinations"
    table = frame.table
    table.first_row = table.horz_banding = False
    for column, words in enumerate(headings):
        _cell(table.cell(0, column), words, bold=True, ground=style.LAND)
    for row, one in enumerate(comparison, 1):
        values = (one.destination, one.events, one.sources, one.routes, one.single)
        for column, value in enumerate(values):
            _cell(table.cell(row, column), str(value), bold=column == 0, ground=style.CASING)
        key = table.cell(row, 0)
        key.fill.solid()
        key.fill.fore_color.rgb = _rgb(one.colour)
        key.text_frame.paragraphs[0].runs[0].font.color.rgb = _rgb(style.text_on(one.colour))
    table.columns[0].width = Inches(1.5)
    rest = (box[2] - Inches(1.5)) // (len(headings) - 1)
    for column in range(1, len(headings)):
        table.columns[column].width = Emu(rest)
    below = top + box[3] + Inches(0.15)
    _facts(page, content, (left, below, box[2], bottom - below), sources=False)


def _page(deck: Any, content: Slide) -> tuple[Any, int, int]:
    """Make a slide with title, counts, notes and marking; return it, and the room between them."""
    page = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    sentence = content.picture.sentence
    title = page.shapes.title
    title.left, title.top, title.width, title.height = (
        MARGIN,
        Inches(0.24),
        WIDTH - 2 * MARGIN,
        Inches(0.76),
    )
    title.text_frame.word_wrap = True
    title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    title.text_frame.margin_left = title.text_frame.margin_right = 0
    title.text_frame.margin_top = title.text_frame.margin_bottom = 0
    own = content.caption.title
    finding = own.words or sentence.headline
    size = next(
        (size for size in TITLE_SIZES if _height([(finding, size)], title.width) <= title.height),
        TITLE_SIZES[-1],
    )
    _write(title.text_frame, [(finding, size, True, style.INK)])
    counts = " · ".join(filter(None, [sentence.counts, sentence.aside, sentence.filters]))
    if own.words:
        said = BY_THE_USER if says_more(own, content.picture) else ""
        counts = " · ".join(filter(None, [own.note, said, sentence.headline, counts]))
    across = WIDTH - 2 * MARGIN
    size = 12 if _height([(counts, 12)], across) <= Inches(0.22) else 10
    above, high = Inches(1.06), _height([(counts, size)], across)
    strip = _box(page, MARGIN, above, across, high, "Counts and filters")
    _write(strip, [(counts, size, False, style.QUIET_INK)])
    stamp = f"{content.caption.data}, picture {content.caption.number}."
    words = [" ".join([stamp, *content.picture.notes])]
    if content.caption.address:
        words.append(f"This view: {content.caption.address}")
    room = _height([(line, 9) for line in words], across)
    end = Inches(7.2) if content.caption.marking else Inches(7.42)
    below = min(Inches(6.8), int(end) - room)
    foot = _box(page, MARGIN, below, across, room, "Notes and data")
    _write(foot, [(line, 9, False, style.QUIET_INK) for line in words])
    if content.caption.marking:
        for y in (Inches(0.02), HEIGHT - Inches(0.28)):
            mark = _box(page, MARGIN, y, WIDTH - 2 * MARGIN, Inches(0.26), "Marking")
            _write(mark, [(content.caption.marking, 11, True, style.INK)], PP_ALIGN.CENTER)
    marked = [content.caption.marking] if content.caption.marking else []
    notes = page.notes_slide.notes_text_frame
    notes.text = "\n".join(
        [
            *marked,
            finding,
            counts,
            *content.caption.facts,
            "",
            *content.sources,
            "",
            content.alt,
            *marked,
        ]
    )
    return page, max(Inches(1.42), above + high + Inches(0.06)), below - Inches(0.05)


def _place_map(
    page: Any,
    content: Slide,
    ground: Ground,
    box: tuple[int, int, int, int],
    size: tuple[float, float],
    pixels: int,
) -> None:
    left, top, width, room = box
    across, down = size[0], min(size[1], float(int(size[0] * room / width)))
    image = map_png(content.picture, ground, (across, down), pixels)
    height = Emu(int(width * down / across))
    shown = page.shapes.add_picture(io.BytesIO(image), left, top, width, height)
    shown.name = "Map"
    shown.element.nvPicPr.cNvPr.set("descr", content.alt)


def _facts(
    page: Any, content: Slide, box: tuple[int, int, int, int], *, sources: bool = True
) -> None:
    frame = _box(page, *box, "Facts and sources")
    width, height = box[2:]
    cases = content.picture.cases if sources else ()
    crowded = len(cases) > FEW_CASES
    known: list[Row] = []
    if not crowded:
        known.append(("How much is known", 12 if cases else 13, True, style.INK))
        facts = content.caption.facts
        known += [(fact, 10 if cases else 12, False, style.INK) for fact in facts]
        while len(known) > 1 and _height(known, width) > height:
            known.pop()  # the notes have every one
    room = height - _height(known, width)
    rows = [*(_case_rows(content.picture, width, room) if cases else ()), *known]
    if sources and content.caption.sources and not crowded:
        heading = (sources_heading(content.picture, content.caption.sources), 12, True, style.INK)
        for listed in range(SOURCES_LISTED, 0, -1):
            names = "; ".join(sheet.short_list(content.caption.sources, listed))
            line = (names, 10, False, style.INK)
            if _height([*rows, heading, line], width) <= height:
                rows += [heading, line]
                break
    _write(frame, rows)


def _height(rows: Sequence[tuple[Any, ...]], width: int) -> int:
    """Estimate how high paragraphs are in a column: their words and size in points come first."""
    across = TEXT_SHARE * Emu(width).pt / POINTS
    return sum(
        Pt(LINE * size * max(len(wrap(words, across, size / POINTS, SANS)), 1) + SPACE_AFTER)
        for words, size, *_ in rows
    )


def _case_rows(picture: Picture, width: int, height: int) -> Iterator[Row]:
    """Yield the numbered incidents as paragraphs."""
    # A number stands before each.
    across, down = (TEXT_SHARE * Emu(side).pt / POINTS for side in (width, height))
    cautions = cautions_of(picture.cases)
    lines = 2 + sum(len(wrap(words, across, SMALLEST, SANS)) for words in cautions)
    rows, setting = set_cases(
        picture.cases, across - 20, CASES_SHARE * down - 1.25 * SMALLEST * lines
    )
    size = round(2 * POINTS * setting.size) / 2
    yield picture.cases_heading, max(11, size), True, style.INK
    for case, words in zip(picture.cases, rows, strict=True):
        yield f"{case.number}  {' '.join(words.head)}", size, True, style.INK
        for part, colour in ((words.found, style.INK), (words.says, style.QUIET_INK)):
            if part:
                yield " ".join(part), size, False, colour
    for caution in cautions:
        yield caution, POINTS * SMALLEST, False, style.INK


def _box(page: Any, left: int, top: int, width: int, height: int, name: str) -> Any:
    shape = page.shapes.add_textbox(left, top, width, height)
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def _write(
    frame: Any,
    rows: Sequence[tuple[str, float, bool, str]],
    align: Any = PP_ALIGN.LEFT,
) -> None:
    for number, (words, size, bold, colour) in enumerate(rows):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = align
        paragraph.space_after = Pt(1 if len(rows) > CROWDED else SPACE_AFTER)
        run = paragraph.add_run()
        run.text = words
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        run.font.color.rgb = _rgb(colour)
        run.font.language_id = None


def _cell(cell: Any, words: str, *, bold: bool, ground: str) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(ground)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    _write(cell.text_frame, [(words, 12, bold, style.INK)])


def _rgb(colour: str) -> RGBColor:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]
