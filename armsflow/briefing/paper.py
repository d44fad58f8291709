"""A sheet of paper: a matplotlib figure addressed in pixels."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfFile, Verbatim
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.text import Text

from armsflow.briefing.letters import UNSEEN, for_words, lettered, text_width
from armsflow.briefing.shapes import POINTS
from armsflow.language import TO_THE_LEFT, direction
from armsflow.picture import style
from armsflow.picture.frames import Frame

MARGIN: Final = 28.0
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
OPPOSITE: Final = {"left": "right", "right": "left", "center": "center"}
"""Ends of a line where words run from right to left."""


class ReadableText(Text):
    """Words of which a PDF says what they are.

    It holds the shapes of Arabic letters, in the order in which they are seen, and no program
    finds the words in those.
    """

    def draw(self, renderer: Any) -> None:
        """Draw the words; in a PDF between marks that say them."""
        document = getattr(renderer, "file", None)
        if not isinstance(document, PdfFile):
            super().draw(renderer)
        else:
            words = self.get_text().translate(dict.fromkeys(UNSEEN)).encode("utf-16-be")
            said = b"/Span <</ActualText <feff%s>>> BDC" % words.hex().encode()
            _write(document, said)
            super().draw(renderer)
            _write(document, b"EMC")


def _write(document: PdfFile, operator: bytes) -> None:
    document.output(Verbatim(operator))  # type: ignore[no-untyped-call]


class Paper:
    """A figure addressed in pixels of a 1280-pixel sheet, from the corner where one starts to read.

    That is the top left; in a language that is written from right to left it is the top right,
    and *left* is where a line starts.

    Parameters
    ----------
    figure
        The figure to draw on.
    size
        Width and height in pixels.
    """

    def __init__(self, figure: Figure, size: tuple[float, float]) -> None:
        self.figure = figure
        self.size = size
        self.left_edge = MARGIN + 6
        self.axes = figure.add_axes((0, 0, 1, 1))
        self.is_mirrored = direction() == "rtl"
        self.axes.set_xlim(*((size[0], 0) if self.is_mirrored else (0, size[0])))
        self.axes.set_ylim(size[1], 0)
        self.axes.axis("off")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        font: Path,
        colour: str = style.INK,
        *,
        align: str = "left",
        zorder: float = 8,
    ) -> float:
        """Write words on a baseline and return where they end."""
        options: dict[str, Any] = {
            "fontproperties": for_words(lettered(font, size * POINTS), words),
            "color": colour,
            "ha": OPPOSITE[align] if self.is_mirrored else align,
            "va": "baseline",
            "zorder": zorder,
            "parse_math": False,
        }
        if self.is_mirrored:
            line = ReadableText(x, y, TO_THE_LEFT + words, clip_on=False, **options)
            self.axes.add_artist(line)
        else:
            self.axes.text(x, y, words, **options)
        return x + text_width(words, size, font)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draw a full circle."""
        self.axes.add_artist(Circle((x, y), radius, fc=colour, ec="none"))

    def seen(self, box: Box) -> Box:
        """Return a box of the paper as it is seen: from the top left corner in every language."""
        left, top, right, bottom = box
        across = self.size[0]
        return (across - right, top, across - left, bottom) if self.is_mirrored else box

    def window(self, box: Box, frame: Frame) -> tuple[Axes, float]:
        """Open a window on a frame and return it with its scale, metres (EPSG:3857) in a pixel.

        Its box is one as it is seen; no map is ever mirrored.
        """
        left, top, right, bottom = box
        width, height = self.size
        window = self.figure.add_axes(
            (left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height)
        )
        # Above the paper, so that a file has its title before the names on its map.
        window.set_zorder(1)
        middle, extent = frame.corners.mean(axis=0), np.diff(frame.corners, axis=0)[0]
        scale = float(max(extent[0] / (right - left), extent[1] / (bottom - top)))
        half = scale * np.array([right - left, bottom - top]) / 2
        window.set_xlim(middle[0] - half[0], middle[0] + half[0])
        window.set_ylim(middle[1] - half[1], middle[1] + half[1])
        window.set_facecolor(style.WATER)
        window.set_xticks([])
        window.set_yticks([])
        for spine in window.spines.values():
            spine.set(color=style.COAST, linewidth=0.7)
        return window, scale


def blank_sheet(size: tuple[float, float]) -> tuple[Figure, Paper]:
    """Return an empty sheet of a size in pixels, and the paper to draw on."""
    figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    return figure, Paper(figure, size)
