"""The map of a sheet: land, lines, places, names, tags, scale bar."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import Stroke
from matplotlib.textpath import TextPath

from armsflow.briefing.ground import Ground
from armsflow.briefing.letters import BOLD, ITALIC, SANS, lettered, text_width
from armsflow.briefing.paper import POINTS, Paper, draw_stroke
from armsflow.picture import style
from armsflow.picture.lettering import SIZES, Name, name_box
from armsflow.picture.marks import Line, Place
from armsflow.picture.picture import Picture
from armsflow.picture.plane import DEFAULT_BOUNDS, Points, to_plane
from armsflow.picture.tags import Tag


def draw_map(
    paper: Paper, picture: Picture, ground: Ground, box: tuple[float, float, float, float]
) -> None:
    """Draw the map of a picture into a box of the sheet (left, top, right, bottom in pixels)."""
    left, top, right, bottom = box
    axes, scale = paper.window(box)
    frame = shapely.box(
        *axes.get_xlim()[:1], *axes.get_ylim()[:1], *axes.get_xlim()[1:], *axes.get_ylim()[1:]
    )
    _land(axes, ground)
    _names(axes, ground.names, frame, scale, towns=False)
    for line in picture.lines:
        _line(axes, line, scale)
    for place in picture.places:
        _place(axes, place, scale)
    _numbers(axes, picture.places, scale)
    _names(axes, ground.names, frame, scale, towns=True)
    for tag in picture.tags:
        _tag(axes, tag, scale)
    paper.axes.add_artist(
        Rectangle(
            (left, top), right - left, bottom - top, fill=False, lw=0.7, ec=style.COAST, zorder=9
        )
    )
    _scale_bar(paper, left + 14, bottom - 14, scale)


def _land(axes: Axes, ground: Ground) -> None:
    outlines = [outline for outline, _ in ground.areas]
    axes.add_artist(
        PathCollection(
            outlines, facecolors="none", edgecolors=style.COAST, linewidths=1.3, zorder=1
        )
    )
    fills = [fill for _, fill in ground.areas]
    axes.add_artist(
        PathCollection(outlines, facecolors=fills, edgecolors=fills, linewidths=0.35, zorder=1)
    )
    axes.add_artist(LineCollection(ground.rivers, colors=style.RIVER, linewidths=0.75, zorder=1.2))
    axes.add_artist(
        PathCollection(
            ground.lakes, facecolors=style.WATER, edgecolors=style.COAST, linewidths=0.4, zorder=1.3
        )
    )
    axes.add_artist(
        LineCollection(ground.boundaries, colors=style.BOUNDARY, linewidths=0.65, zorder=1.4)
    )
    axes.add_artist(
        LineCollection(
            ground.disputed,
            colors=style.BOUNDARY,
            linewidths=0.9,
            linestyles=[(0, (4, 3.2))],
            zorder=1.4,
        )
    )


def _line(axes: Axes, line: Line, scale: float) -> None:
    path = to_plane(line.path)
    corridor = line.kind == "corridor"
    dotted = line.form == style.DOTTED
    width = (style.LINE_WIDTHS if corridor else style.LINK_WIDTHS)[line.width]
    if dotted and not corridor:
        width = style.LINE_WIDTHS[0]
    head = style.ARROW_SIZES[line.width] * 11 / 13
    if line.focused:
        draw_stroke(axes, path, style.FOCUS_HALO, width + 9)
    draw_stroke(axes, path, style.CASING, width + style.CASING_EXTRA)
    dash = style.DASHES[line.form]
    pattern = [max(part, part * width / 3) for part in dash] if dash else None
    draw_stroke(axes, path, line.colour, width, pattern, gid=line.line)
    if not corridor and not dotted:
        draw_stroke(axes, path, style.CASING, width * style.LINK_CORE)
    _arrowhead(
        axes, path, line.colour, head * (1 if corridor else 1.25) * scale, hollow=not corridor
    )


def _arrowhead(axes: Axes, path: Points, colour: str, length: float, *, hollow: bool) -> None:
    heading = path[-1] - path[-3]
    heading = heading / np.hypot(*heading)
    across = np.array([-heading[1], heading[0]])
    back = path[-1] - (0.05 if hollow else 0.3) * length * heading
    tip = back + length * heading
    notch = back if hollow else back + 0.18 * length * heading
    wing = 0.5 * length * across
    corners = [back + wing, tip, back - wing, notch]
    axes.add_artist(
        Polygon(corners, closed=True, fc=style.CASING, ec=style.CASING, lw=3.2 * POINTS, zorder=3)
    )
    axes.add_artist(
        Polygon(
            corners,
            closed=True,
            fc=style.CASING if hollow else colour,
            ec=colour if hollow else "none",
            lw=1.9 * POINTS if hollow else 0,
            joinstyle="round",
            zorder=3,
        )
    )


def _place(axes: Axes, place: Place, scale: float) -> None:
    point = to_plane(np.array([[place.longitude, place.latitude]]))[0]
    radius = (style.AREA_RADII if place.mark == "area" else style.PLACE_RADII)[place.size]
    claims = not place.events
    if place.unpublished:
        draw_dashed_square(axes, point, (radius + style.UNPUBLISHED_MARGIN) * scale)
    if place.focused:
        ring = {"fill": False, "ec": style.FOCUS_HALO, "lw": 4 * POINTS, "zorder": 4}
        axes.add_artist(Circle((point[0], point[1]), (radius + 5) * scale, **ring))
    if place.mark == "area":
        soft_disc(axes, point, radius * scale, place.colour, 0.55 if claims else 1.0)
    elif place.mark == "store":
        side = 1.8 * radius * scale
        corner = point - side / 2
        face = style.CASING if claims else place.colour
        edge = place.colour if claims else style.CASING
        axes.add_artist(
            Rectangle(
                (corner[0], corner[1]), side, side, fc=face, ec=edge, lw=1.4 * POINTS, zorder=4
            )
        )
        return
    else:
        face = style.CASING if claims else place.colour
        axes.add_artist(
            Circle(
                (point[0], point[1]),
                radius * scale,
                fc=face,
                ec=style.CASING,
                lw=1.5 * POINTS,
                zorder=4,
            )
        )
    if claims:
        ring = {
            "fill": False,
            "ec": place.colour,
            "lw": 1.3 * POINTS,
            "ls": (0, (1.5, 2)),
            "zorder": 4,
        }
        axes.add_artist(Circle((point[0], point[1]), radius * scale, **ring))


def _numbers(axes: Axes, places: Iterable[Place], scale: float) -> None:
    """Write on marks for how many places they stand, the largest first where room is scarce."""
    width, height = (scale * size for size in style.NUMBER_ROOM)
    several = sorted((place for place in places if place.members > 1), key=lambda p: -p.members)
    printed: list[Points] = []
    for place in several:
        point = to_plane(np.array([[place.longitude, place.latitude]]))[0]
        if all(abs(point[0] - x) >= width or abs(point[1] - y) >= height for x, y in printed):
            printed.append(point)
            _number(axes, point, place.members)


def _number(axes: Axes, point: Points, members: int) -> None:
    options: dict[str, Any] = {
        "fontproperties": lettered(BOLD, 11 * POINTS), "ha": "center", "va": "center",
        "zorder": 5,
    }  # fmt: skip
    _haloed(axes, point, str(members), options)


def draw_dashed_square(axes: Axes, point: Points, half: float) -> None:
    """Draw the frame of a mark whose incidents are not all published."""
    axes.add_artist(
        Rectangle(
            (point[0] - half, point[1] - half),
            2 * half,
            2 * half,
            fill=False,
            ec=style.INK,
            lw=style.UNPUBLISHED_WIDTH * POINTS,
            ls=(0, tuple(part / style.UNPUBLISHED_WIDTH for part in style.UNPUBLISHED_DASH)),
            zorder=4,
        )
    )


def soft_disc(axes: Axes, point: Points, radius: float, colour: str, share: float) -> None:
    """Draw a disc that fades towards its edge, as a stack of transparent rings."""
    for step in range(1, 9):
        axes.add_artist(
            Circle(
                (point[0], point[1]),
                radius * (1.04 - step / 9.2),
                fc=colour,
                ec="none",
                alpha=0.135 * share,
                zorder=4,
            )
        )


def _names(
    axes: Axes, names: Iterable[Name], frame: shapely.Polygon, scale: float, *, towns: bool
) -> None:
    zoom = float(np.log2(156543.03392804097 / scale))
    for name in names:
        if (name.kind == "town") != towns or name.min_zoom > zoom:
            continue
        if not frame.contains(name_box(name, zoom)):
            continue
        point = to_plane(np.array([[name.longitude, name.latitude]]))[0]
        size, spacing = SIZES[name.kind]
        if towns:
            _town(axes, name, point, size, scale)
            continue
        text = name.text.upper() if name.kind != "water" else name.text
        colour = style.WATER_NAME if name.kind == "water" else style.LAND_NAME
        if name.kind == "origin":
            colour = style.ORIGIN_NAME
        font = ITALIC if name.kind == "water" else BOLD
        _spaced(axes, point, text, font, size, spacing, colour, scale)


def _spaced(
    axes: Axes,
    point: Points,
    text: str,
    font: Path,
    size: float,
    spacing: float,
    colour: str,
    scale: float,
) -> None:
    # Letters are drawn apart as shapes; the same word stands there unseen, to be searched.
    face = FontProperties(fname=font)
    glyphs, x = [], 0.0
    for letter in text:
        if not letter.isspace():
            glyphs.append(TextPath((x, 0), letter, size=size, prop=face))
        x += text_width(letter, 64, font) * size / 64 + spacing * size
    word = Outline.make_compound_path(*glyphs)
    middle = np.array([(x - spacing * size) / 2, 0.34 * size])
    vertices = point + scale * (word.vertices - middle)
    shape = Outline(vertices, word.codes)
    axes.add_artist(PathPatch(shape, fc=colour, ec="none", zorder=2))
    real = lettered(font, size * POINTS)
    axes.text(
        point[0], point[1], text, fontproperties=real, alpha=0, ha="center", va="center", zorder=2
    )


def _haloed(axes: Axes, where: Points, words: str, options: dict[str, Any]) -> None:
    """Write words on the map with a white edge, so that they are read on any ground."""
    halo = axes.text(where[0], where[1], words, color=style.CASING, **options)
    halo.set_path_effects([Stroke(linewidth=2.4 * POINTS, foreground=style.CASING)])
    halo.set_gid("halo")
    axes.text(where[0], where[1], words, color=style.INK, **options)


def _town(axes: Axes, name: Name, point: Points, size: float, scale: float) -> None:
    east, west, north, south = (letter in name.side for letter in "ewns")
    corner = len(name.side) == 2
    right = (east - west) * (4 if corner else 6)
    up = (north - south) * (2 if corner else 4)
    where = point + scale * np.array([right, up])
    options: dict[str, Any] = {
        "fontproperties": lettered(SANS, size * POINTS),
        "ha": "left" if east else "right" if west else "center",
        "va": "bottom" if north else "top" if south else "center",
        "zorder": 5,
        "parse_math": False,
    }
    _haloed(axes, where, name.text, options)
    axes.add_artist(
        Circle(
            (point[0], point[1]),
            2.4 * scale,
            fc=style.CASING,
            ec=style.INK,
            lw=1 * POINTS,
            zorder=5,
        )
    )


def _tag(axes: Axes, tag: Tag, scale: float) -> None:
    end = to_plane(np.array([[tag.longitude, tag.latitude]]))[0]
    middle = end + scale * np.array([tag.right, -tag.down])
    width, height = 21 * scale, 15 * scale
    axes.add_artist(
        FancyBboxPatch(
            middle - (width / 2, height / 2),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={3 * scale}",
            fc=tag.colour,
            ec=style.CASING,
            lw=1.2 * POINTS,
            zorder=6,
        )
    )
    font = lettered(BOLD, 11 * POINTS)
    options: dict[str, Any] = {"ha": "center", "va": "center_baseline", "zorder": 7}
    options["parse_math"] = False
    axes.text(
        middle[0],
        middle[1],
        tag.text,
        fontproperties=font,
        color=style.text_on(tag.colour),
        **options,
    )


def _scale_bar(paper: Paper, x: float, y: float, scale: float) -> None:
    # Web Mercator stretches: the bar holds at the middle of the map, as the page's does.
    latitude = np.radians((DEFAULT_BOUNDS[0][0] + DEFAULT_BOUNDS[1][0]) / 2)
    length = 500_000 / (scale * np.cos(latitude))
    for shape in ([(x, y - 6), (x, y), (x + length, y), (x + length, y - 6)],):
        xs, ys = zip(*shape, strict=True)
        paper.axes.add_artist(Line2D(xs, ys, color=style.CASING, lw=3 * POINTS, zorder=9))
        paper.axes.add_artist(Line2D(xs, ys, color=style.INK, lw=1.2 * POINTS, zorder=9))
    paper.text(x + length / 2, y - 5, "500 km", 11, SANS, align="center", zorder=9)
