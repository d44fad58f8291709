"""Strokes and shapes of a picture as artists of matplotlib; nothing is decided here."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import Stroke as OutlineEffect
from matplotlib.text import Text

from armsflow.briefing.letters import BOLD, FACES, SANS, for_words, lettered
from armsflow.picture.legend import Part, Rule
from armsflow.picture.plane import Points
from armsflow.picture.shapes import WORDS_EDGE, ArrowTag, Disc, Fade, Letters, Square, TagBox
from armsflow.picture.strokes import Arrowhead, Stroke

POINTS: Final = 0.72
"""Points in a pixel at 100 dots an inch, the resolution of a 1280-pixel sheet."""

FADE_RINGS: Final = 14
"""Rings of which a soft disc is made: there is no gradient that stays vector in SVG and PDF."""

FONT_OF_WEIGHT: Final = {FACES[font][2]: font for font in (SANS, BOLD)}


class Halo(OutlineEffect):
    """The edge of a word on the map."""

    def __init__(self, edge: Stroke, share: float = 1.0) -> None:
        super().__init__(linewidth=share * edge.width * POINTS, foreground=edge.colour)
        self.edge = edge


def shrink(figure: Figure, share: float) -> None:
    """Make a finished figure smaller or larger, with its letters and lines."""
    for artist in figure.findobj():
        if isinstance(artist, Text):
            artist.set_fontsize(share * float(artist.get_fontsize()))
            effects: Sequence[Any] = artist.get_path_effects() or ()
            artist.set_path_effects([Halo(effect.edge, share) for effect in effects])
        elif isinstance(artist, Line2D | Patch):
            artist.set_linewidth(share * artist.get_linewidth())
        elif isinstance(artist, Collection):
            artist.set_linewidth((share * np.atleast_1d(artist.get_linewidth())).tolist())
    across, down = figure.get_size_inches()
    figure.set_size_inches(share * across, share * down)


@dataclass(frozen=True)
class Pen:
    """Draws on axes in pixels of a 1280-pixel sheet.

    Parameters
    ----------
    axes
        What is drawn on.
    scale
        Units of the axes in a pixel.
    layer
        Order among what is drawn on the axes; what is drawn later lies above in its own layer.
    """

    axes: Axes
    scale: float = 1.0
    layer: float = 1.0

    def strokes(self, parts: Sequence[Points], stroke: Stroke, gid: str | None = None) -> None:
        """Draw the parts of a line, between which nothing is drawn."""
        apart = np.full((1, 2), np.nan)
        self.stroke(np.vstack([row for part in parts for row in (apart, part)][1:]), stroke, gid)

    def stroke(self, path: Points, stroke: Stroke, gid: str | None = None) -> None:
        """Draw a line through points of the axes."""
        ends = _ends(stroke)
        self.axes.add_artist(
            Line2D(
                *path.T,
                color=stroke.colour,
                linewidth=stroke.width * POINTS,
                linestyle=line_style(stroke),
                dash_capstyle=ends,
                solid_capstyle=ends,
                dash_joinstyle="round",
                solid_joinstyle="round",
                gid=gid,
                zorder=self.layer,
            )
        )

    def arrowhead(self, end: Points, heading: Points, head: Arrowhead) -> None:
        """Draw a head at the end of a line that arrives in a direction of length 1."""
        left = np.array([-heading[1], heading[0]])
        along, aside = self.scale * np.array(head.corners).T
        corners = end + along[:, None] * heading + aside[:, None] * left
        self._add(Polygon(corners, closed=True), head.casing.colour, head.casing)
        self._add(Polygon(corners, closed=True), head.fill, head.edge)

    def shape(self, middle: Points, part: Part | ArrowTag) -> None:
        """Draw a shape around a point of the axes."""
        x, y = map(float, middle)
        match part:
            case Rule(stroke, length):
                half = length * self.scale / 2
                self.stroke(np.array([(x - half, y), (x + half, y)]), stroke)
            case Disc(radius, fill, edge):
                if isinstance(fill, Fade):
                    self._soft_disc((x, y), radius, fill)
                    fill = None
                if fill or edge:
                    self._add(Circle((x, y), radius * self.scale), fill, edge)
            case Square(half, fill, edge):
                side = 2 * half * self.scale
                self._add(Rectangle((x - side / 2, y - side / 2), side, side), fill, edge)
            case TagBox():
                self._tag_box((x, y), part)
            case ArrowTag():
                self._arrow_tag((x, y), part)
            case Letters():
                self.letters(middle, part)

    def letters(self, middle: Points, letters: Letters, edge: Stroke | None = None) -> None:
        """Write letters around a point of the axes, with a white edge where one is asked for."""
        down = self.scale if self.axes.yaxis_inverted() else -self.scale
        options: dict[str, Any] = {
            "fontproperties": lettered(FONT_OF_WEIGHT[letters.weight], letters.size * POINTS),
            "ha": "center",
            "va": "baseline",
            "zorder": self.layer,
        }
        where = np.array([middle[0], middle[1] + down * letters.drop])
        self.words(where, letters.text, letters.colour, options, edge)

    def words(
        self,
        where: Points,
        words: str,
        colour: str,
        options: dict[str, Any],
        edge: Stroke | None = WORDS_EDGE,
    ) -> None:
        """Write words on the map with a white edge, so that they are read on any ground."""
        font = for_words(options["fontproperties"], words)
        options = {"parse_math": False} | options | {"fontproperties": font}
        if edge:
            below = self.axes.text(where[0], where[1], words, color=edge.colour, **options)
            below.set_path_effects([Halo(edge)])
            below.set_gid("halo")
        self.axes.text(where[0], where[1], words, color=colour, **options)

    def _tag_box(self, middle: tuple[float, float], tag: TagBox) -> None:
        for colour, margin in ((tag.margin_colour, tag.margin), (tag.fill, 0.0)):
            width, height, corner = (
                self.scale * size
                for size in (
                    tag.width + 2 * margin,
                    tag.height + 2 * margin,
                    tag.corner + margin,
                )
            )
            box = FancyBboxPatch(
                (middle[0] - width / 2, middle[1] - height / 2),
                width,
                height,
                boxstyle=f"round,pad=0,rounding_size={corner}",
            )
            self._add(box, colour, None)
        self.letters(np.array(middle), tag.letters)

    def _arrow_tag(self, middle: tuple[float, float], tag: ArrowTag) -> None:
        width, height, corner = (self.scale * size for size in (tag.width, tag.height, tag.corner))
        box = FancyBboxPatch(
            (middle[0] - width / 2, middle[1] - height / 2),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={corner}",
        )
        self._add(box, tag.fill, tag.edge)
        down = self.scale if self.axes.yaxis_inverted() else -self.scale
        for letters, line in zip((tag.name, tag.outcome), tag.lines, strict=True):
            where = np.array([middle[0], middle[1] + down * (line - letters.drop)])
            self.letters(where, letters)

    def _soft_disc(self, middle: tuple[float, float], radius: float, fade: Fade) -> None:
        # Each ring adds one step to the opacity of the wider ones below it.
        offsets, stops = (np.array(values) for values in zip(*fade.stops, strict=True))
        step = stops[0] / FADE_RINGS
        shares = np.interp(np.arange(FADE_RINGS) * step, stops[::-1], offsets[::-1])
        wanted = (np.arange(FADE_RINGS) + 0.5) * step
        added = [1 - (1 - more) / (1 - less) for less, more in pairwise([0.0, *wanted])]
        circle = Path.unit_circle()
        rings = [
            Path(circle.vertices * share * radius * self.scale + middle, circle.codes)
            for share in shares
        ]
        colours = [to_rgba(fade.colour, alpha) for alpha in added]
        self.axes.add_artist(
            PathCollection(rings, facecolors=colours, edgecolors="none", zorder=self.layer)
        )

    def _add(self, patch: Patch, fill: str | None, edge: Stroke | None) -> None:
        patch.set(fill=bool(fill), facecolor=fill, edgecolor="none", joinstyle="round")
        if edge:
            patch.set(edgecolor=edge.colour, linewidth=edge.width * POINTS)
            patch.set(linestyle=line_style(edge), capstyle=_ends(edge))
        patch.set_zorder(self.layer)
        self.axes.add_artist(patch)


def _ends(stroke: Stroke) -> Literal["round", "butt"]:
    return "round" if stroke.rounded else "butt"


def line_style(stroke: Stroke) -> Any:
    """Return the dashes of a stroke as matplotlib wants them: in widths of the stroke."""
    return (0, [part / stroke.width for part in stroke.dash]) if stroke.dash else "-"
