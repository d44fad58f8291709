"""A sheet as a slide: live text around a picture of the map, citations in the notes.

Everything that a reader may want to edit or translate is text.
The map is one picture, sharp on a 4K screen, with its legend and scale.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Inches, Pt

from armsflow.briefing import sheet
from armsflow.briefing.column import SMALLEST, set_cases, sources_heading
from armsflow.briefing.deck import MARGIN, WIDTH, Deck, open_deck
from armsflow.briefing.files import map_png
from armsflow.briefing.ground import Ground
from armsflow.briefing.letters import BOLD, SANS, wrap
from armsflow.briefing.paragraphs import SPACE_AFTER, box_of, cell_of, rgb, say, seen, write
from armsflow.briefing.titles import (
    BY_THE_USER,
    Caption,
    made_words,
    says_more,
    view_words,
)
from armsflow.language import ENGLISH, N_, _, _p, direction, enumerated, number, speaking, spoken
from armsflow.picture import style
from armsflow.picture.lettering import Lettering
from armsflow.picture.picture import Picture
from armsflow.selection.cases import cautions_of

MAP_PIXELS: Final = 2560
"""Width of the map's picture: two thirds of a 3840-pixel slide."""
MAP_SIZE: Final = (842.0, 520.0)


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
    names
        The names that its map may carry, in its language.
    """

    picture: Picture
    caption: Caption
    alt: str
    sources: tuple[str, ...]
    names: Lettering

    @property
    def language(self) -> str:
        """The language in which everything on it is said."""
        return self.picture.whole.language


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


@dataclass(frozen=True, eq=False)
class Pack:
    """The slides of a briefing pack in one language.

    Parameters
    ----------
    overview
        All destinations together.
    comparison
        One row a destination.
    destinations
        One slide a destination, in the same order.
    """

    overview: Slide
    comparison: Sequence[Comparison]
    destinations: Sequence[Slide]


Row = tuple[str, float, bool, str]
"""Words of a paragraph, their size in points, whether they are bold, their colour, or none."""

FOOT, MARKING = N_("Notes and data"), N_("Marking")
FEW_CASES: Final = 6
"""Up to so many numbered incidents leave room for facts and sources; they are in the notes too."""
SOURCES_LISTED: Final = 8
TITLE_SIZES: Final = (20, 18, 16, 14, 12, 10)
LINE: Final = 1.2
"""A line is so many times as high as its letters."""
TEXT_SHARE: Final = {"ltr": 0.9, "rtl": 0.88}
BOLD_SHARE: Final = {"ltr": 0.87, "rtl": 0.8}
"""Share of a text box that is counted on, since its letters are wider than those measured. Arabic
ones of DejaVu Sans, which LibreOffice takes, are wider by a tenth, and bold by a quarter."""
CASES_SHARE: Final = 0.98
"""Share of the height that numbered incidents are set in, since lines are higher than measured."""
POINTS: Final = 0.75
"""Points in a pixel of a 1280-pixel sheet, which is as wide as a slide."""


def deck_of(contents: Sequence[Slide], ground: Ground, template: bytes | None = None) -> bytes:
    """Write selections as a presentation, one slide each, each in its own language.

    Parameters
    ----------
    contents
        At least one; the first names the presentation.
    ground
        What the maps are drawn on.
    template
        A house template, whose layout, fonts and footers are used; see :func:`deck.open_deck`.

    Raises
    ------
    titles.TemplateError
        If the template leaves no room for our slides.
    """
    deck = _deck(contents[0], template)
    for content in contents:
        with speaking(content.language):
            _map_slide(deck, content, ground)
    return deck.content()


def _deck(first: Slide, template: bytes | None) -> Deck:
    title = first.caption.title.words or first.picture.sentence.headline
    with speaking(first.language):
        return open_deck(title, first.caption.data, template)


def pack(packs: Sequence[Pack], ground: Ground, template: bytes | None = None) -> bytes:
    """Write a briefing pack: the comparison, then a slide for each destination.

    Parameters
    ----------
    packs
        The same in each language; a slide follows in all of them before the next one.
    ground, template
        As for :func:`deck_of`.
    """
    deck = _deck(packs[0].overview, template)
    for one in packs:
        with speaking(one.overview.language):
            _comparison_slide(deck, one.overview, one.comparison, ground)
    for contents in zip(*(one.destinations for one in packs), strict=True):
        for content in contents:
            with speaking(content.language):
                _map_slide(deck, content, ground)
    return deck.content()


def _map_slide(deck: Deck, content: Slide, ground: Ground) -> None:
    page, top, bottom = _page(deck, content)
    left, width = MARGIN, Inches(8.62)
    _place_map(page, content, ground, (left, top, width, bottom - top), MAP_SIZE, MAP_PIXELS)
    right = left + width + Inches(0.3)
    _facts(page, content, (right, top, WIDTH - right - MARGIN, bottom - top))
    _read_last(page)


def _comparison_slide(
    deck: Deck, content: Slide, comparison: Sequence[Comparison], ground: Ground
) -> None:
    page, top, bottom = _page(deck, content)
    width = Inches(6.6)
    _place_map(page, content, ground, (MARGIN, top, width, bottom - top), (645.0, 523.0), 2048)
    headings = (
        _("Destination"),
        _("Incidents"),
        _("Sources"),
        _("Route stated"),
        _("One origin"),
    )
    left = MARGIN + width + Inches(0.3)
    row_height = min(Inches(0.42), Inches(3.6) // (len(comparison) + 1))
    box = (left, top, WIDTH - left - MARGIN, row_height * (len(comparison) + 1))
    frame = page.shapes.add_table(len(comparison) + 1, len(headings), *seen(box))
    frame.name = _("Comparison of the destinations")
    counted = [f"{one.destination} {number(one.events)}" for one in comparison]
    described = _("Documented incidents of each destination: {counts}.", counts=enumerated(counted))
    frame.element.nvGraphicFramePr.cNvPr.set("descr", described)
    table = frame.table
    if direction() == "rtl":
        table._tbl.tblPr.set("rtl", "1")
    table.first_row, table.horz_banding = True, False
    for column, words in enumerate(headings):
        cell_of(table.cell(0, column), words, bold=True, ground=style.LAND)
    for row, one in enumerate(comparison, 1):
        counts = map(number, (one.events, one.sources, one.routes, one.single))
        for column, said in enumerate([one.destination, *counts]):
            cell_of(table.cell(row, column), said, bold=column == 0, ground=style.CASING)
        key = table.cell(row, 0)
        key.fill.solid()
        key.fill.fore_color.rgb = rgb(one.colour)
        key.text_frame.paragraphs[0].runs[0].font.color.rgb = rgb(style.text_on(one.colour))
    table.columns[0].width = Inches(1.5)
    rest = (box[2] - Inches(1.5)) // (len(headings) - 1)
    for column in range(1, len(headings)):
        table.columns[column].width = Emu(rest)
    below = top + box[3] + Inches(0.15)
    _facts(page, content, (left, below, box[2], bottom - below), sources=False)
    _read_last(page)


def _read_last(page: Any) -> None:
    """Put notes and marking behind all else in the order in which a slide is read aloud."""
    for shape in [one for one in page.shapes if one.name in {_(FOOT), _(MARKING)}]:
        page.shapes.element.append(shape.element)


def _page(deck: Deck, content: Slide) -> tuple[Any, int, int]:
    """Make a slide with title, counts, notes and marking; return it, and the room between them."""
    page = deck.add_slide()
    sentence, title = content.picture.sentence, page.shapes.title
    own = content.caption.title
    finding = own.words or sentence.headline
    heights = {size: _height([(finding, size, True)], title.width) for size in TITLE_SIZES}
    fitting = [size for size in TITLE_SIZES if heights[size] <= title.height] or [TITLE_SIZES[-1]]
    # A little smaller where that saves a line, which may hold a single word.
    saved = [size for size in fitting[1:2] if heights[size] < 0.7 * heights[fitting[0]]]
    size = [*saved, *fitting][0]
    title.text_frame.word_wrap = True
    write(title.text_frame, [(finding, size, True, "" if deck.is_house else style.INK)])
    counts = " · ".join(filter(None, [sentence.counts, sentence.aside, sentence.filters]))
    if own.words:
        said = _(BY_THE_USER) if says_more(own, content.picture) else ""
        counts = " · ".join(filter(None, [own.note, said, sentence.headline, counts]))
    across = WIDTH - 2 * MARGIN
    size = 12 if _height([(counts, 12)], across) <= Inches(0.22) else 10
    above, high = title.top + title.height + Inches(0.06), _height([(counts, size)], across)
    strip = box_of(page, MARGIN, above, across, high, _("Counts and filters"))
    write(strip, [(counts, size, False, style.QUIET_INK)])
    stamp = _("{sentence}.", sentence=made_words(content.caption))
    words = [" ".join([stamp, *content.picture.notes])]
    if content.caption.address:
        words.append(view_words(content.caption))
    room = _height([(line, 9) for line in words], across)
    marked = bool(content.caption.marking)
    lowest = deck.bottom - Inches(0.28)
    below = min(
        Inches(6.8), (lowest - Inches(0.02) if marked else deck.bottom - MARGIN // 5) - room
    )
    foot = box_of(page, MARGIN, below, across, room, _(FOOT))
    write(foot, [(line, 9, False, style.QUIET_INK) for line in words])
    if marked:
        for y in (Inches(0.02), lowest):
            mark = box_of(page, MARGIN, y, WIDTH - 2 * MARGIN, Inches(0.26), _(MARKING))
            write(mark, [(content.caption.marking, 11, True, style.INK)], PP_ALIGN.CENTER)
    marks = [content.caption.marking] if marked else []
    notes = page.notes_slide.notes_text_frame
    notes.text = "\n".join(
        [
            *marks,
            finding,
            counts,
            *content.caption.facts,
            "",
            *content.sources,
            "",
            content.alt,
            *marks,
        ]
    )
    if spoken() != ENGLISH:
        for paragraph in notes.paragraphs:
            say(paragraph, None)
    return page, max(above + Inches(0.36), above + high + Inches(0.06)), below - Inches(0.05)


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
    image = map_png(content.picture, ground.named(content.names), (across, down), pixels)
    height = Emu(int(width * down / across))
    shown = page.shapes.add_picture(io.BytesIO(image), *seen((left, top, width, height)))
    shown.name = _("Map")
    shown.element.nvPicPr.cNvPr.set("descr", content.alt)


def _facts(
    page: Any, content: Slide, box: tuple[int, int, int, int], *, sources: bool = True
) -> None:
    frame = box_of(page, *box, _("Facts and sources"))
    width, height = box[2:]
    cases = content.picture.cases if sources else ()
    crowded = len(cases) > FEW_CASES
    known: list[Row] = []
    if not crowded:
        known.append((_("How much is known"), 12 if cases else 13, True, style.INK))
        facts = content.caption.facts
        known += [(fact, 10 if cases else 12, False, style.INK) for fact in facts]
        while len(known) > 1 and _height(known, width) > height:
            known.pop()  # the notes have every one
    room = height - _height(known, width)
    rows = [*(_case_rows(content.picture, width, room) if cases else ()), *known]
    if sources and content.caption.sources and not crowded:
        heading = (sources_heading(content.picture, content.caption.sources), 12, True, style.INK)
        # Of several sources one line would name none.
        for listed in range(SOURCES_LISTED, min(len(content.caption.sources), 2) - 1, -1):
            names = _p("between names that hold commas", "; ").join(
                sheet.short_list(content.caption.sources, listed)
            )
            line = (names, 10, False, style.INK)
            if _height([*rows, heading, line], width) <= height:
                rows += [heading, line]
                break
    write(frame, rows)


def _height(rows: Sequence[tuple[Any, ...]], width: int) -> int:
    """Estimate how high paragraphs are in a column.

    Of each come first its words, their size in points, and, where it is known, if they are bold.
    """
    across = Emu(width).pt / POINTS
    return sum(
        Pt(LINE * size * len(wrap(words, share * across, size / POINTS, font)) + SPACE_AFTER)
        for words, size, *rest in rows
        for font, shares in ((BOLD, BOLD_SHARE) if rest[:1] == [True] else (SANS, TEXT_SHARE),)
        for share in [shares[direction()]]
    )


def _case_rows(picture: Picture, width: int, height: int) -> Iterator[Row]:
    """Yield the numbered incidents as paragraphs."""
    # A number stands before each; in Arabic the bold line with it is what needs most room.
    share = BOLD_SHARE["rtl"] if direction() == "rtl" else TEXT_SHARE["ltr"]
    across, down = share * Emu(width).pt / POINTS, Emu(height).pt / POINTS
    cautions = cautions_of(picture.cases)
    lines = 2 + sum(len(wrap(words, across, SMALLEST, SANS)) for words in cautions)
    rows, setting = set_cases(
        picture.cases, across - 20, CASES_SHARE * down - 1.2 * SMALLEST * lines, 0.0
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
