"""The look in one place: colours, classes with their widths and sizes, line forms and fonts.

No other module knows a colour. What else a stroke or a mark needs is in
:mod:`armsflow.picture.strokes` and :mod:`armsflow.picture.shapes`.

Colours of destinations were measured for contrast (at least 3:1 against the white casing under
every line) and for distance under simulated colour-vision deficiency (smallest CIE76 difference
17, Machado et al. 2009); see DECISIONS.md.
"""

from collections.abc import Sequence
from typing import Final

from armsflow.language import _

DESTINATION_COLOURS: Final[dict[str, str]] = {
    "mali": "#D55E00",
    "algeria": "#0072B2",
    "tunisia": "#009E73",
    "egypt": "#AA3377",
    "sinai": "#000000",
    "libya": "#7A5C1E",
}
ONWARD_COLOUR: Final = "#6E6E6E"
SEVERAL_COLOUR: Final = "#3C4650"

INK: Final = "#22282E"
QUIET_INK: Final = "#5B646C"
QUIET_PAPER: Final = "#A9B1B8"
"""Quiet words on a dark ground."""
CASING: Final = "#FFFFFF"
BLACK: Final = "#000000"
FOCUS_HALO: Final = "#F2B705"

GRID: Final = "#88888844"
SHADE: Final = "#1B4F72"
"""Darkest shade of a table cell."""

WATER: Final = "#D6E3EA"
RIVER: Final = "#B4CCD8"
LAND: Final = "#E4E0D6"
FOCUS_LAND: Final = "#FBFAF7"
ORIGIN_LAND: Final = "#F3E3C3"
SINAI_LAND: Final = "#EFE8DA"
DISPUTED_LAND: Final = "#D0CBC0"
COAST: Final = "#6B7880"
BOUNDARY: Final = "#767066"
LOCATOR_LAND: Final = "#A39E94"
ORIGIN_NAME: Final = "#5E4A20"
LAND_NAME: Final = "#544F48"
WATER_NAME: Final = "#46677A"

SMALLEST: Final = 12.25
"""Smallest words of a picture, in pixels of a sheet of 1280: 8 points on A4, 9 on a slide."""
FONT_FAMILY: Final = (
    '"Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif'
)

# Lines: number of documented incidents in three fixed classes, so that two pictures of
# different selections can be laid side by side. The last class has no upper end.
LINE_CLASS_STARTS: Final = (1, 3, 6)
LINE_WIDTHS: Final = (2.2, 3.9, 6.0)
LINK_WIDTHS: Final = (4.4, 6.2, 8.6)

# Arrows of the overview: number of documented incidents of a destination in three fixed classes.
ARROW_CLASS_STARTS: Final = (1, 10, 25)
ARROW_WIDTHS: Final = (7.0, 11.5, 17.0)

# Places: number of documented incidents in three fixed classes.
PLACE_CLASS_STARTS: Final = (1, 2, 5)
PLACE_RADII: Final = (3.6, 5.4, 7.6)
AREA_RADII: Final = (9.0, 12.0, 16.0)

# Line forms: how well the best-evidenced incident on a line is tied to Libya (the rule is in
# marks.line_form). Dashes are pixels drawn and left out by turns, on a line of up to 3 pixels.
SOLID: Final = "solid"
DASHED: Final = "dashed"
DOTTED: Final = "dotted"
DASHES: Final[dict[str, tuple[float, ...]]] = {
    SOLID: (),
    DASHED: (9.0, 5.0),
    DOTTED: (1.6, 4.6),
}


def destination_colour(destination: str) -> str:
    """Return the hue of a destination; every onward destination shares one grey."""
    return DESTINATION_COLOURS.get(destination, ONWARD_COLOUR)


def pale(colour: str) -> str:
    """Return a colour mixed with the land: for what lies quietly under something else."""
    parts = zip(bytes.fromhex(colour[1:]), bytes.fromhex(FOCUS_LAND[1:]), strict=True)
    return "#" + "".join(f"{round(0.45 * one + 0.55 * land):02X}" for one, land in parts)


def text_on(ground: str) -> str:
    """Return black or white, whichever is easier to read on a colour.

    Parameters
    ----------
    ground
        ``#RRGGBB``; luminance and contrast as WCAG 2.2 defines them.
    """
    channels = [int(ground[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return BLACK if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else CASING


def class_index(count: int, starts: Sequence[int]) -> int:
    """Return which fixed class a count falls into.

    Parameters
    ----------
    count
        Number of documented incidents; 0 (claims alone) falls into the first class, because
        claims never widen a line.
    starts
        Smallest count of each class, ascending.
    """
    return max(0, sum(count >= start for start in starts) - 1)


def class_labels(starts: Sequence[int]) -> list[str]:
    """Write the limits of each class, e.g. ``['1–2', '3–5', '6 or more']``."""
    labels = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        if following is None:
            labels.append(_("{start} or more", start=start))
        elif following - 1 == start:
            labels.append(str(start))
        else:
            labels.append(f"{start}–{following - 1}")
    return labels


def shade(count: int, most: int) -> str:
    """Return the ground of a cell that holds a count: the more, the darker; white for none.

    Parameters
    ----------
    count, most
        The count of the cell, and the greatest count of its table.
    """
    share = (8 + 62 * count / most) / 100 if count else 0
    ink = bytes.fromhex(SHADE.removeprefix("#"))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02X}" for part in ink)
