"""A picture as a briefing sheet: PNG, SVG and PDF, the only module that knows matplotlib.

Everything that must not get lost when a picture travels is part of it: headline, filters,
legend, scale, counts, facts, sources, data version, notes, address and number. All sizes are in
pixels of a sheet 1280 wide; larger files have more of them, not other proportions.
"""

from collections.abc import Sequence
from typing import Final

from matplotlib import rcParams
from matplotlib.figure import Figure

from armsflow.briefing.cartography import draw_map
from armsflow.briefing.column import WIDTH, draw_column
from armsflow.briefing.ground import Ground
from armsflow.briefing.legend import draw_legend_entry, legend_lines
from armsflow.briefing.letters import BOLD, SANS, SERIF, apart, cut, forget_words, wrap
from armsflow.briefing.paper import MARGIN, Paper, blank_sheet
from armsflow.briefing.titles import (
    BY_THE_USER,
    Caption,
    says_more,
    stamp_words,
    view_words,
)
from armsflow.language import N_, _, _n, comma
from armsflow.picture import style
from armsflow.picture.legend import legend
from armsflow.picture.picture import Picture

WIDE: Final = (1280.0, 720.0)
"""Sheet for slides and screens, 16:9."""
COMPARED: Final = (1920.0, 1080.0)
"""Sheet of several small maps, 16:9: more room, so that lines and words stay in proportion."""
A4: Final = (1280.0, 905.0)
"""Sheet for paper, A4 landscape."""
GUTTER: Final = 24.0

# Fonts are embedded in a PDF, the same sheet gives the same bytes.
rcParams["svg.hashsalt"] = "armsflow"
rcParams["pdf.fonttype"] = 42
rcParams["path.simplify_threshold"] = 0.2
# Letters keep the widths that they are measured with, at every resolution.
rcParams["text.hinting"] = "none"

SUBJECT: Final = N_("Documented arms smuggling out of Libya")
SMALLER: Final = (1.0, 0.94, 0.88, 0.83)
"""Shares of its size in which a headline may be set."""
NOTHING: Final = N_("No documented incident")
"""Said below a small map, which has no headline."""


def draw_sheet(
    picture: Picture, caption: Caption, ground: Ground, size: tuple[float, float]
) -> Figure:
    """Draw a whole sheet.

    Parameters
    ----------
    picture
        What to draw.
    caption
        The words around it.
    ground
        What to draw it on.
    size
        Width and height in pixels of a 1280-pixel sheet.
    """
    figure, paper = blank_sheet(size)
    width, height = size
    top, bottom = 16.0, height - 12.0
    if caption.marking:
        for y in (15.0, height - 9.0):
            paper.text(width / 2, y, caption.marking, 13, BOLD, align="center")
        top, bottom = 26.0, height - 24.0
    inner = width - 2 * MARGIN
    sentence = picture.sentence
    paper.text(MARGIN, top + 10, subject(picture, caption), 12.5, BOLD, style.QUIET_INK)
    stamp = stamp_words(caption)
    paper.text(width - MARGIN, top + 10, stamp, 12.5, SANS, style.QUIET_INK, align="right")
    y = top + 42
    finding_size = 27.0
    if caption.title.words:
        rows, smaller = headline_rows(caption.title.words, inner, finding_size, 2)
        for line in rows:
            paper.text(MARGIN, y, line, smaller, SERIF)
            y += apart(32.0, smaller)
        y += 24 - apart(32.0, smaller)
        for line in (
            wrap(caption.title.note, inner, 14.5, SANS, most=2) if caption.title.note else ()
        ):
            paper.text(MARGIN, y, line, 14.5, SANS)
            y += 20
        y += 4
        finding_size = 17.0
    rows, finding_size = headline_rows(sentence.headline, inner, finding_size, 4)
    for line in rows:
        paper.text(MARGIN, y, line, finding_size, SERIF)
        y += apart(1.2 * finding_size, finding_size)
    y += (19.4 if caption.title.words else 24.4) - apart(1.2 * finding_size, finding_size)
    rest = " · ".join(filter(None, [sentence.aside, sentence.filters]))
    end = MARGIN
    if sentence.counts:
        end = paper.text(MARGIN, y, sentence.counts, 14.5, BOLD)
        rest = f"\u00a0· {rest}"
    rows = wrap(rest, max(width - MARGIN - end, 80.0), 14.5, SANS, most=40)
    paper.text(end, y, rows[0], 14.5, SANS, style.QUIET_INK)
    for line in wrap(" ".join(rows[1:]), inner, 14.5, SANS, most=3) if rows[1:] else ():
        y += 18
        paper.text(MARGIN, y, line, 14.5, SANS, style.QUIET_INK)
    top = y + 14
    bottom = _foot(paper, picture, caption, width, bottom)
    split = width - MARGIN - WIDTH
    _map_and_legend(paper, picture, ground, (MARGIN, top, split - GUTTER, bottom), 4.0)
    box = (split, top, width - MARGIN, bottom)
    draw_column(paper, picture, caption.facts, caption.sources, box)
    forget_words([picture])
    return figure


def headline_rows(words: str, width: float, size: float, most: int) -> tuple[list[str], float]:
    """Break a headline into lines, a little smaller where that saves one.

    Returns
    -------
    rows, size
        At most so many lines, and the size in which they are set.
    """
    sizes = [share * size for share in SMALLER]
    least = len(wrap(words, width, sizes[-1], SERIF))
    size = next(one for one in sizes if len(wrap(words, width, one, SERIF)) <= least)
    return wrap(words, width, size, SERIF, most), size


def subject(picture: Picture, caption: Caption) -> str:
    """Name the subject of every picture, and say whose title it bears where that says more."""
    own = caption.title.words and says_more(caption.title, picture)
    return f"{_(SUBJECT)} · {_(BY_THE_USER)}" if own else _(SUBJECT)


def draw_comparison(
    parts: Sequence[tuple[str, Picture]], caption: Caption, ground: Ground
) -> Figure:
    """Draw two to six selections as small maps with the same scale, classes and legend.

    Parameters
    ----------
    parts
        What distinguishes each selection, in words, and its picture.
    caption
        Data, number, address and marking; its facts and sources are not printed.
    ground
        What to draw them on.
    """
    figure, paper = blank_sheet(COMPARED)
    width, height = COMPARED
    if caption.marking:
        for y in (22.0, height - 12.0):
            paper.text(width / 2, y, caption.marking, 19, BOLD, align="center")
    inner = width - 2 * MARGIN
    own, pictures = caption.title, [picture for _words, picture in parts]
    compared = comma().join(words for words, _picture in parts)
    finding = _("{subject}: {parts}", subject=_(SUBJECT), parts=compared)
    paper.text(MARGIN, 68, cut(own.words or finding, inner, 34, SERIF), 34, SERIF)
    y = 96.0
    if own.words:
        said = _(BY_THE_USER) if says_more(own, *pictures) else ""
        rest = " · ".join(filter(None, [own.note, said, finding]))
        paper.text(MARGIN, y, cut(rest, inner, 18, SANS), 18, SANS)
        y += 24
    stamp = stamp_words(caption)
    shared = {picture.sentence.filters for picture in pictures}
    filters = shared.pop() if len(shared) == 1 else ""
    paper.text(MARGIN, y, " · ".join(filter(None, [stamp, filters])), 18, SANS, style.QUIET_INK)
    words = " ".join([*parts[0][1].notes, view_words(caption)])
    rows = wrap(words.strip(), inner, 16.5, SANS)
    foot = height - 30.0 - 20 * (len(rows) - 1)
    for number, row in enumerate(rows):
        paper.text(MARGIN, foot + 20 * number, row, 16.5, SANS, style.QUIET_INK)
    held = frozenset[str]().union(*(picture.held for picture in pictures))
    entries = [entry for entry in legend(parts[0][1].whole) if entry.key in held]
    legend_rows = list(legend_lines(entries, inner))
    bottom = foot - 24 - 22 * len(legend_rows)
    for number, legend_row in enumerate(legend_rows):
        x = MARGIN
        for entry in legend_row:
            x = draw_legend_entry(paper, entry, x, bottom + 24 + 22 * number)
    columns = 2 if len(parts) <= 2 else 3
    lines = -(-len(parts) // columns)
    cell_width = (inner - (columns - 1) * GUTTER) / columns
    cell_height = (bottom - y - 20 - (lines - 1) * 12) / lines
    for number, (words, picture) in enumerate(parts):
        left = MARGIN + number % columns * (cell_width + GUTTER)
        top = y + 20 + number // columns * (cell_height + 12)
        end = paper.text(left, top + 24, words, 23, BOLD)
        paper.text(
            end + 14, top + 24, picture.sentence.counts or _(NOTHING), 17, SANS, style.QUIET_INK
        )
        draw_map(paper, picture, ground, (left, top + 36, left + cell_width, top + cell_height))
    forget_words(pictures)
    return figure


def _foot(paper: Paper, picture: Picture, caption: Caption, width: float, bottom: float) -> float:
    words = " ".join(filter(None, [*picture.notes, view_words(caption)]))
    rows = wrap(words, width - 2 * MARGIN, style.SMALLEST, SANS)
    y = bottom - 15 * (len(rows) - 1)
    for number, row in enumerate(rows):
        paper.text(MARGIN, y + 15 * number - 2, row, style.SMALLEST, SANS, style.QUIET_INK)
    return y - 18


def short_list(entries: Sequence[str], rows: int) -> list[str]:
    """Return as many entries as fit into some rows, and how many more there are."""
    if len(entries) <= rows:
        return list(entries)
    shown = max(rows - 1, 0)
    more = _n("and {count} more", "and {count} more", len(entries) - shown)
    return [*entries[:shown], more]


def _map_and_legend(
    paper: Paper,
    picture: Picture,
    ground: Ground,
    box: tuple[float, float, float, float],
    inset: float,
) -> None:
    left, top, right, bottom = box
    rows = list(legend_lines(picture.legend, right - left - 2 * inset - 8))
    foot = bottom - 19.5 * len(rows) - 6
    draw_map(paper, picture, ground, (left, top, right, foot))
    y = foot + 17
    for row in rows:
        x = left + inset
        for entry in row:
            x = draw_legend_entry(paper, entry, x, y)
        y += 19.5
