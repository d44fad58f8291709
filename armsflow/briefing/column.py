"""The column beside the map of a sheet: what was found, how much is known, who says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from armsflow.briefing.letters import BOLD, SANS, apart, cut, text_width, wrap
from armsflow.briefing.paper import Paper
from armsflow.briefing.shapes import Pen
from armsflow.dataset import knowledge
from armsflow.language import _, _n, _p, listed
from armsflow.picture import style
from armsflow.picture.numbers import number_width
from armsflow.picture.picture import Picture
from armsflow.picture.shapes import number_box
from armsflow.selection.cases import Case, cautions_of, headline

WIDTH: Final = 404.0
"""Width of the column in pixels of a 1280-pixel sheet."""
INDENT: Final = 32.0
NAMED: Final = 2
"""Sources or origins of a numbered incident that are named before the rest is counted."""
SMALLEST: Final = style.SMALLEST
"""Size of the smallest words."""
SIZE: Final = 12.5
LEADING: Final = 15.2
"""Size of the words below the cases, and distance of their lines."""
HEADING: Final = 23.0
"""Pixels from the last line to the next heading."""
LEAST_SOURCES: Final = 2
SOURCE_LEADING: Final = 14.6
"""Lines of sources for which room is kept, and their distance."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Setting:
    """How closely the cases are set.

    Parameters
    ----------
    size, leading
        Size of the words and distance of their lines.
    found, says
        Most lines of what was found, and of who says so; 0 leaves it out.
    gap
        Pixels between two cases.
    """

    size: float
    leading: float
    found: int
    says: int
    gap: float


SETTINGS: Final = (
    Setting(16.0, 20.5, 4, 2, 10.0),
    Setting(14.0, 18.0, 4, 2, 9.0),
    Setting(13.5, 17.0, 3, 1, 7.0),
    Setting(13.0, 16.0, 2, 1, 6.0),
    Setting(12.5, 15.2, 1, 1, 5.0),
    Setting(12.5, 15.2, 1, 0, 5.0),
    Setting(SMALLEST, 13.8, 1, 0, 2.0),
    CLOSEST := Setting(SMALLEST, 12.8, 1, 0, 1.0),
    Setting(SMALLEST, 14.2, 0, 0, 4.0),
)
"""Tried from the most generous on; the first that fits is taken, and the last where none does.
The closest may take more room: what was found is more than who says so."""


def draw_column(
    paper: Paper, picture: Picture, facts: Sequence[str], sources: Sequence[str], box: Box
) -> None:
    """Draw the column.

    Parameters
    ----------
    paper
        The sheet.
    picture
        What is drawn beside it.
    facts, sources
        How much is known; short names of all sources, the firmest first.
    box
        Left, top, right, bottom.
    """
    left, top, right, bottom = box
    width = right - left
    cautions = [
        row for words in cautions_of(picture.cases) for row in wrap(words, width, SIZE, SANS)
    ]
    known = [wrap(fact, width, SIZE, SANS) for fact in facts]
    y = top + 12
    if picture.cases:
        y = _heading(paper, picture.cases_heading, (left, y), width)
        height = bottom - y - 8 - (len(cautions) + len(known[0])) * apart(LEADING, SIZE) - HEADING
        spare = HEADING + LEAST_SOURCES * SOURCE_LEADING
        rows, setting = set_cases(picture.cases, width - INDENT, height - spare, spare)
        y += 6
        for case, words in zip(picture.cases, rows, strict=True):
            y = _case(paper, case, words, setting, (left, y))
        y = _rows(paper, left, y, cautions) + HEADING
    y = _heading(paper, _("How much is known"), (left, y), width) + 2
    for fact in known:
        if (
            fact == known[0]
            or y + (len(fact) + LEAST_SOURCES) * apart(LEADING, SIZE) + HEADING < bottom
        ):
            y = _rows(paper, left, y, fact)
    _sources(paper, picture, sources, (left, y + HEADING, right, bottom))


def _heading(paper: Paper, words: str, place: tuple[float, float], width: float) -> float:
    """Write a heading, in several rows if it must be, and return where the last one is."""
    left, y = place
    first, *rows = wrap(words, width, 14.5, BOLD)
    paper.text(left, y, first, 14.5, BOLD)
    return _rows(paper, left, y, rows, 14.5, BOLD)


def _rows(
    paper: Paper,
    left: float,
    y: float,
    rows: Sequence[str],
    size: float = SIZE,
    font: Path = SANS,
) -> float:
    """Write rows of words one below the other and return where the last one is."""
    for row in rows:
        y += apart(LEADING, SIZE)
        paper.text(left, y, row, size, font)
    return y


class Words(NamedTuple):
    """The lines of a case: its date, place and outcome, what was found, who says so."""

    head: list[str]
    found: list[str]
    says: list[str]


def set_cases(
    cases: Sequence[Case], width: float, height: float, spare: float
) -> tuple[list[Words], Setting]:
    """Break the words of cases into lines, as generously as the room allows.

    Parameters
    ----------
    cases
        What to set.
    width, height, spare
        The room, in pixels of a 1280-pixel sheet, and how much higher it may be before cases do
        not say what was found.

    Returns
    -------
    rows, setting
        The lines of each case; how they were set.
    """
    for tried in SETTINGS:
        setting = replace(tried, leading=apart(tried.leading, tried.size))
        rows = [_words(case, width, setting) for case in cases]
        lines = sum(len(part) for words in rows for part in words)
        too_wide = tried == SETTINGS[0] and any(len(words.head) > 1 for words in rows)
        room = height + (spare if tried == CLOSEST else 0.0)
        if not too_wide and lines * setting.leading + len(rows) * setting.gap <= room:
            break
    return rows, setting


def _words(case: Case, width: float, setting: Setting) -> Words:
    size = setting.size
    # Where room is short the place is cut, never what became of the arms.
    head, place = headline(case), headline(replace(case, status=""))
    status = head[len(place) :] if head.startswith(place) else ""
    room = width - text_width(status, size, BOLD)
    short = cut(place if status else head, room, size, BOLD) + status
    found = _("{sentence}.", sentence=case.found if setting.found > 2 else case.short)
    says = _("{link}: {origins}", link=case.link, origins=_few(case.says))
    return Words(
        wrap(head, width, size, BOLD, 2) if setting.found > 1 else [short],
        wrap(found, width, size, SANS, setting.found) if setting.found else [],
        wrap(says, width, size, SANS, setting.says) if setting.says else [],
    )


def _case(
    paper: Paper, case: Case, words: Words, setting: Setting, place: tuple[float, float]
) -> float:
    left, y = place
    y += setting.leading
    colour = style.destination_colour(case.destination)
    text = str(case.number)
    width = number_width(text)
    box = number_box(text, width, colour, stopped=case.stopped)
    Pen(paper.axes, 1.0, layer=8).shape(np.array([left + width / 2 + 2, y - 4.5]), box)
    for part, font, ink in (
        (words.head, BOLD, style.INK),
        (words.found, SANS, style.INK),
        (words.says, SANS, style.QUIET_INK),
    ):
        for row in part:
            paper.text(left + INDENT, y, row, setting.size, font, ink)
            y += setting.leading
    return y - setting.leading + setting.gap


def _few(names: Sequence[str]) -> str:
    more, named = len(names) - NAMED, listed(names[:NAMED])
    if more <= 0:
        return named
    return _n("{names} and {count} more", "{names} and {count} more", more, names=named)


def sources_heading(picture: Picture, sources: Sequence[str]) -> str:
    """Head the sources of a picture: those of its incidents, or of what it only lists."""
    counted = picture.shown.totals.events > 0
    return knowledge.sources_heading(len(sources), counted=counted)


def _sources(paper: Paper, picture: Picture, sources: Sequence[str], box: Box) -> None:
    """List the sources of the numbered incidents by number, or the firmest of all."""
    left, y, right, bottom = box
    if not sources or bottom - y < SOURCE_LEADING:
        return
    y = _heading(paper, sources_heading(picture, sources), (left, y), right - left)
    rows = int((bottom - y) // SOURCE_LEADING)
    between = _p("between names that hold commas", "; ")
    said = f"{between} ".join(f"{case.number}  {_few(case.sources)}" for case in picture.cases)
    said = said or between.join(sources)
    for row in wrap(said, right - left, SMALLEST, SANS, max(rows, 1)):
        y += SOURCE_LEADING
        paper.text(left, y, row, SMALLEST, SANS, style.QUIET_INK)
