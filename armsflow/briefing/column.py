"""The column beside the map of a sheet: what was found, how much is known, who says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from armsflow.briefing.letters import BOLD, SANS, cut, wrap
from armsflow.briefing.paper import Paper
from armsflow.briefing.shapes import Pen
from armsflow.picture import style
from armsflow.picture.numbers import number_width
from armsflow.picture.picture import Picture
from armsflow.picture.shapes import number_box
from armsflow.selection.cases import Case, cautions_of, headline

WIDTH: Final = 404.0
"""Width of the column in pixels of a 1280-pixel sheet."""
INDENT: Final = 32.0
NAMED: Final = 2
"""Sources of a numbered incident that are named before the rest is counted."""
SMALLEST: Final = 12.0
"""Size of the smallest words."""
SIZE: Final = 12.5
LEADING: Final = 15.2
"""Size of the words below the cases, and distance of their lines."""
HEADING: Final = 23.0
"""Pixels from the last line to the next heading."""
LEAST_SOURCES: Final = 2
"""Lines of sources for which room is kept."""

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
    Setting(14.0, 18.0, 4, 2, 9.0),
    Setting(13.5, 17.0, 3, 1, 7.0),
    Setting(13.0, 16.0, 2, 1, 6.0),
    Setting(12.5, 15.2, 1, 1, 5.0),
    Setting(12.5, 15.2, 1, 0, 5.0),
    Setting(SMALLEST, 14.2, 1, 0, 2.5),
    Setting(SMALLEST, 14.2, 0, 0, 1.0),
)
"""Tried from the most generous on; the first that leaves room for the rest is taken."""


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
        rest = len(cautions) + len(known[0]) + LEAST_SOURCES
        height = bottom - y - rest * LEADING - 3 * HEADING
        rows, setting = set_cases(picture.cases, width - INDENT, height, SETTINGS)
        paper.text(left, y, picture.cases_heading, 14.5, BOLD)
        y += 6
        for case, (found, says) in zip(picture.cases, rows, strict=True):
            y = _case(paper, case, found, says, setting, (left, y, right))
        y = _rows(paper, left, y, cautions) + HEADING
    paper.text(left, y, "How much is known", 14.5, BOLD)
    y += 2
    for fact in known:
        if fact == known[0] or y + (len(fact) + LEAST_SOURCES) * LEADING + HEADING < bottom:
            y = _rows(paper, left, y, fact)
    _sources(paper, picture, sources, (left, y + HEADING, right, bottom))


def _rows(paper: Paper, left: float, y: float, rows: Sequence[str]) -> float:
    """Write rows of words one below the other and return where the last one is."""
    for row in rows:
        y += LEADING
        paper.text(left, y, row, SIZE, SANS)
    return y


Rows = list[tuple[list[str], list[str]]]


def set_cases(
    cases: Sequence[Case], width: float, height: float, settings: Sequence[Setting]
) -> tuple[Rows, Setting]:
    """Break the words of cases into lines, as generously as the room allows.

    Parameters
    ----------
    cases
        What to set.
    width, height
        The room.
    settings
        Tried in this order; the last is taken where none fits.

    Returns
    -------
    rows, setting
        For each case the lines of what was found and of who says so; how they were set.
    """
    for setting in settings:
        rows = [
            (
                wrap(_found(case, setting), width, setting.size, SANS, setting.found)
                if setting.found
                else [],
                wrap(_says(case), width, setting.size, SANS, setting.says) if setting.says else [],
            )
            for case in cases
        ]
        lines = sum(1 + len(found) + len(says) for found, says in rows)
        if lines * setting.leading + len(rows) * setting.gap <= height:
            break
    return rows, setting


def _found(case: Case, setting: Setting) -> str:
    return f"{case.found if setting.found > 2 else case.short}."


def _says(case: Case) -> str:
    return f"{case.link}: {', '.join(case.says)}"


def _case(
    paper: Paper,
    case: Case,
    found: Sequence[str],
    says: Sequence[str],
    setting: Setting,
    place: tuple[float, float, float],
) -> float:
    left, y, right = place
    y += setting.leading
    colour = style.destination_colour(case.destination)
    text = str(case.number)
    width = number_width(text)
    box = number_box(text, width, colour, stopped=case.stopped)
    Pen(paper.axes, 1.0, layer=8).shape(np.array([left + width / 2 + 2, y - 4.5]), box)
    words = cut(headline(case), right - left - INDENT, setting.size, BOLD)
    paper.text(left + INDENT, y, words, setting.size, BOLD)
    for row in found:
        y += setting.leading
        paper.text(left + INDENT, y, row, setting.size, SANS)
    for row in says:
        y += setting.leading
        paper.text(left + INDENT, y, row, setting.size, SANS, style.QUIET_INK)
    return y + setting.gap


def _few(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _sources(paper: Paper, picture: Picture, sources: Sequence[str], box: Box) -> None:
    """List the sources of the numbered incidents by number, or the firmest of all."""
    left, y, right, bottom = box
    if not sources or bottom - y < 14.6:
        return
    paper.text(left, y, f"Sources ({len(sources):,})", 14.5, BOLD)
    rows = int((bottom - y) // 14.6)
    said = ";  ".join(f"{case.number}  {_few(case.sources)}" for case in picture.cases)
    said = said or "; ".join(sources)
    for row in wrap(said, right - left, SMALLEST, SANS, max(rows, 1)):
        y += 14.6
        paper.text(left, y, row, SMALLEST, SANS, style.QUIET_INK)
