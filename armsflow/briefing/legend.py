"""The legend of a sheet."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from armsflow.briefing.letters import BOLD, SANS, text_width
from armsflow.briefing.paper import Paper
from armsflow.briefing.shapes import Pen
from armsflow.picture import style
from armsflow.picture.legend import LegendEntry


def legend_lines(entries: Sequence[LegendEntry], width: float) -> Iterator[list[LegendEntry | str]]:
    """Break the legend into lines no wider than *width*; headings are among their entries."""
    # A section stays together where it can; only one that is wider than the sheet is broken.
    row: list[LegendEntry | str] = []
    used = 0.0
    for section, members in groupby(entries, key=lambda entry: entry.section):
        block: list[LegendEntry | str] = [section, *members]
        whole = sum(map(_legend_width, block))
        for part in block:
            needed = whole if part is section and whole <= width else _legend_width(part)
            if row and used + needed > width:
                yield row
                row, used = [], 0.0
            row.append(part)
            used += _legend_width(part)
    if row:
        yield row


def _legend_width(part: LegendEntry | str) -> float:
    if isinstance(part, str):
        return text_width(part, style.SMALLEST, BOLD) + 15
    return part.symbol.width + 4 + text_width(part.label, style.SMALLEST, SANS) + 11


def draw_legend_entry(paper: Paper, part: LegendEntry | str, x: float, y: float) -> float:
    """Draw a heading or an entry and return where the next one begins."""
    if isinstance(part, str):
        gap = 7 if x > paper.left_edge else 0
        paper.text(x + gap, y, part, style.SMALLEST, BOLD)
        return x + gap + text_width(part, style.SMALLEST, BOLD) + 8
    pen = Pen(paper.axes, layer=8)
    for shape in part.symbol.parts:
        pen.shape(np.array([x + part.symbol.width / 2, y - 4.2]), shape)
    after = x + part.symbol.width + 4
    paper.text(after, y, part.label, style.SMALLEST, SANS)
    return after + text_width(part.label, style.SMALLEST, SANS) + 11
