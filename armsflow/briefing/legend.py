"""The legend of a sheet."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from armsflow.briefing.cartography import draw_dashed_square, soft_disc
from armsflow.briefing.letters import BOLD, SANS, text_width
from armsflow.briefing.paper import POINTS, Paper
from armsflow.picture import style
from armsflow.picture.legend import LegendEntry


def legend_lines(entries: Sequence[LegendEntry], width: float) -> Iterator[list[LegendEntry | str]]:
    """Break the legend into lines no wider than *width*; headings stand among their entries."""
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
        return text_width(part, 12.2, BOLD) + 15
    return _symbol_width(part) + 4 + text_width(part.label, 12.2, SANS) + 11


def _symbol_width(entry: LegendEntry) -> float:
    return {
        "colour": 21.0, "place": 14.0, "area": 22.0, "claim_place": 13.0, "store": 12.0,
        "unpublished": 16.0, "members": 16.0,
    }.get(entry.symbol, 32.0)  # fmt: skip


def draw_legend_entry(paper: Paper, part: LegendEntry | str, x: float, y: float) -> float:
    """Draw a heading or an entry and return where the next one begins."""
    if isinstance(part, str):
        gap = 7 if x > paper.left_edge else 0
        paper.text(x + gap, y, part, 12.2, BOLD)
        return x + gap + text_width(part, 12.2, BOLD) + 8
    _symbol(paper, part, x, y - 4.2)
    after = x + _symbol_width(part) + 4
    paper.text(after, y, part.label, 12.2, SANS)
    return after + text_width(part.label, 12.2, SANS) + 11


def _symbol(paper: Paper, entry: LegendEntry, x: float, y: float) -> None:
    colour, value = entry.colour, entry.value
    axes = paper.axes
    middle = np.array([x + _symbol_width(entry) / 2, y])
    match entry.symbol:
        case "colour":
            axes.add_artist(
                FancyBboxPatch(
                    (x, y - 7.5),
                    21,
                    15,
                    boxstyle="round,pad=0,rounding_size=3",
                    fc=colour,
                    ec="none",
                )
            )
            paper.text(x + 10.5, y + 4, str(value), 11, BOLD, style.text_on(colour), align="center")
        case "width":
            paper.rule(x, y, 32, colour, style.LINE_WIDTHS[int(value)])
        case "form":
            paper.rule(x, y, 32, colour, 3, style.DASHES[str(value)])
        case "link":
            width = style.LINK_WIDTHS[int(value)]
            paper.rule(x, y, 32, colour, width)
            paper.rule(x, y, 32, style.CASING, width * style.LINK_CORE)
        case "boundary":
            paper.rule(x, y, 32, colour, 1)
        case "disputed":
            paper.rule(x, y, 32, colour, 1.4, (4, 3.5))
        case "store":
            side = 1.8 * style.PLACE_RADII[int(value)]
            axes.add_artist(
                Rectangle((middle[0] - side / 2, y - side / 2), side, side, fc=colour, ec="none")
            )
        case "area":
            soft_disc(axes, middle, 10, colour, 1)
        case "claim_place":
            ring = {"fc": style.CASING, "ec": colour, "lw": 1.3 * POINTS, "ls": (0, (1.5, 2))}
            axes.add_artist(Circle((middle[0], middle[1]), 5.4, **ring))
        case "unpublished":
            draw_dashed_square(axes, middle, 7)
        case "members":
            paper.text(middle[0], y + 4, str(value), 11, BOLD, colour, align="center")
        case _:
            axes.add_artist(
                Circle((middle[0], middle[1]), style.PLACE_RADII[int(value)], fc=colour, ec="none")
            )
