"""The map of a sheet: land, lines, places, names, tags, scale bar."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath

from armsflow.briefing.ground import Ground, outline
from armsflow.briefing.letters import BOLD, ITALIC, SANS, for_words, lettered, text_width
from armsflow.briefing.locator import draw_locator
from armsflow.briefing.paper import Paper
from armsflow.briefing.shapes import POINTS, Pen, line_style
from armsflow.language import _
from armsflow.picture import style
from armsflow.picture.arrows import TAG_HEIGHT, Arrow
from armsflow.picture.courses import LINK_START_PIXELS
from armsflow.picture.frames import Frame
from armsflow.picture.lettering import letter
from armsflow.picture.marks import Line, Place
from armsflow.picture.names import CORNER_GAP, SIDE_GAP, SIZES, SPREAD_KINDS, Name, name_box
from armsflow.picture.numbers import NumberMark
from armsflow.picture.picture import Picture
from armsflow.picture.plane import Points, on_plane, to_degrees, to_plane, zoom_of
from armsflow.picture.room import covered_boxes
from armsflow.picture.shapes import (
    TOWN_DOT,
    WORDS_EDGE,
    Disc,
    arrow_tag,
    number_area,
    number_box,
    number_leader,
    number_letters,
    place_shapes,
    tag_box,
)
from armsflow.picture.strokes import (
    BOUNDARY,
    COAST,
    DISPUTED,
    LAKE,
    RING,
    RIVER,
    SEAM_WIDTH,
    LineStrokes,
    Stroke,
    arrow_strokes,
    line_strokes,
    tail_strokes,
)
from armsflow.picture.tags import Tag

BAR_KILOMETRES: Final = (10, 20, 50, 100, 200, 500, 1000)
"""Lengths that a scale bar may have; the longest that fits into 130 pixels is drawn."""
BAR_INSET: Final = 14.0
BAR_MARGIN: Final = 6.0
BAR_HEIGHT: Final = 15.0
"""Pixels from a scale bar to the corner of the map, to the edge of its ground, to the top of its
words."""
NAME_GAP: Final = 5.0
"""Pixels between the names of two countries."""
EDGE_ROOM: Final = 4.0
"""Pixels between the tag of an arrow and the edge of the map."""
BAR_STEP: Final = 20.0
"""Pixels between the places that are tried for it."""
BAR_OPACITY: Final = 0.85


def draw_map(
    paper: Paper, picture: Picture, ground: Ground, box: tuple[float, float, float, float]
) -> None:
    """Draw the map of a picture into a box of the sheet (left, top, right, bottom in pixels)."""
    box = paper.seen(box)
    axes, scale = paper.window(box, picture.frame)
    frame = shapely.box(
        *axes.get_xlim()[:1], *axes.get_ylim()[:1], *axes.get_xlim()[1:], *axes.get_ylim()[1:]
    )
    _ground(axes, ground)
    hidden = draw_locator(paper, picture, ground, box, scale)
    names = [
        name
        for name in letter(picture, ground.names)
        if not hidden or not name_box(name, zoom_of(scale)).intersects(hidden)
    ]
    names = apart(names, scale)
    _names(axes, names, frame, scale, points=False)
    for line in picture.lines:
        _line(Pen(axes, scale, layer=3), line)
    for place in picture.places:
        _place(Pen(axes, scale, layer=4), place)
    for place in picture.places:
        if place.members > 1 and scale <= place.number_scale:
            pen = Pen(axes, scale, layer=5)
            pen.letters(_point(place), number_letters(place.members), WORDS_EDGE)
    for arrow in picture.arrows:
        _arrow(axes, scale, arrow)
    if picture.arrows:
        ring = on_plane(*picture.frame.origin[::-1])
        Pen(axes, scale, layer=4.3).shape(ring, Disc(LINK_START_PIXELS, None, RING))
    for mark in picture.numbers:
        _number(axes, scale, mark)
    _names(axes, names, frame, scale, points=True)
    for tag in picture.tags:
        middle = _point(tag) + scale * np.array([tag.right, -tag.down])
        Pen(axes, scale, layer=6).shape(middle, tag_box(tag.text, tag.colour))
    covered = [name_box(name, zoom_of(scale)) for name in names]
    covered += [
        shapely.box(scale * (x - across), scale * (y - up), scale * (x + across), scale * (y + up))
        for x, y, across, up in covered_boxes(picture, scale)
    ]
    _scale_bar(axes, scale, picture.frame, [*covered, *([hidden] if hidden else [])])


def apart(names: Iterable[Name], scale: float) -> list[Name]:
    """Leave out names of countries that would run into another: on a low map they are nearer."""
    kept: list[Name] = []
    taken = shapely.Polygon()
    for name in sorted(names, key=lambda name: name.kind != "origin"):
        if name.kind in SPREAD_KINDS:
            west, south, east, north = name_box(name, zoom_of(scale)).bounds
            if taken.intersects(shapely.box(west - NAME_GAP * scale, south, east, north)):
                continue
            taken = taken.union(shapely.box(west, south, east + NAME_GAP * scale, north))
        kept.append(name)
    return kept


def _arrow(axes: Axes, scale: float, arrow: Arrow) -> None:
    """Draw an arrow: its shaft to where arms were found or stopped, its tail, its tag."""
    pen = Pen(axes, scale, layer=4.2)
    parts = [
        (arrow.shaft, arrow_strokes(arrow.width, arrow.colour, stopped=arrow.tail is not None))
    ]
    if arrow.tail is not None:
        parts.insert(0, (arrow.tail, tail_strokes(arrow.colour)))
    for way, strokes in parts:
        _shaft(pen, (to_plane(way),), strokes)
    half = np.array([arrow.tag_width, TAG_HEIGHT]) / 2
    middle = _inside(
        axes, scale, _point(arrow) + scale * np.array([arrow.right, -arrow.down]), half
    )
    tag = arrow_tag(arrow.name, arrow.outcome, arrow.tag_width, arrow.colour)
    # Where a map is so low that a tag meets a number, the number stays in sight.
    Pen(axes, scale, layer=5.3).shape(middle, tag)


def _inside(axes: Axes, scale: float, middle: Points, half: Points) -> Points:
    """Move the middle of a box, of which half the size is known, to where a low map holds it."""
    room = scale * (half + EDGE_ROOM)
    low, high = np.array([axes.get_xlim(), axes.get_ylim()]).T
    return np.clip(middle, low + room, high - room)


def _number(axes: Axes, scale: float, mark: NumberMark) -> None:
    point = _point(mark)
    middle = point + scale * np.array([mark.right, -mark.down])
    if mark.area:
        Pen(axes, scale, layer=3.9).shape(point, number_area(mark.colour))
    if mark.right or mark.down:
        Pen(axes, scale, layer=5.4).stroke(np.array([point, middle]), number_leader(mark.colour))
    box = number_box(mark.text, mark.width, mark.colour, stopped=mark.stopped)
    Pen(axes, scale, layer=5.5).shape(middle, box)


def _point(mark: Place | Tag | Name | NumberMark | Arrow) -> Points:
    return on_plane(mark.longitude, mark.latitude)


def _ground(axes: Axes, ground: Ground) -> None:
    outlines = [outline for outline, _ in ground.areas]
    fills = [fill for _, fill in ground.areas]
    axes.add_artist(_areas(outlines, "none", COAST, 1))
    seams = PathCollection(
        outlines, facecolors=fills, edgecolors=fills, linewidths=SEAM_WIDTH * POINTS, zorder=1
    )
    axes.add_artist(seams)
    axes.add_artist(_lines(ground.rivers, RIVER, 1.2))
    axes.add_artist(_areas(ground.lakes, style.WATER, LAKE, 1.3))
    axes.add_artist(_lines(ground.boundaries, BOUNDARY, 1.4))
    axes.add_artist(_lines(ground.disputed, DISPUTED, 1.4))


def _areas(outlines: Sequence[Outline], fill: str, edge: Stroke, layer: float) -> PathCollection:
    return PathCollection(
        outlines,
        facecolors=fill,
        edgecolors=edge.colour,
        linewidths=edge.width * POINTS,
        zorder=layer,
    )


def _lines(paths: Sequence[Points], stroke: Stroke, layer: float) -> LineCollection:
    return LineCollection(
        paths,
        colors=stroke.colour,
        linewidths=stroke.width * POINTS,
        linestyles=[line_style(stroke)],
        zorder=layer,
    )


def _line(pen: Pen, line: Line) -> None:
    if line.tail is not None:
        _shaft(pen, (to_plane(line.tail),), tail_strokes(line.colour))
    _shaft(pen, [to_plane(part) for part in line.parts], line_strokes(line), line.line)


def _shaft(pen: Pen, parts: Sequence[Points], strokes: LineStrokes, gid: str | None = None) -> None:
    """Draw all strokes of a line, and the head at the end of its last part."""
    heading = parts[-1][-1] - parts[-1][-min(3, len(parts[-1]))]
    if strokes.halo:
        pen.strokes(parts, strokes.halo)
    pen.strokes(parts, strokes.casing)
    pen.strokes(parts, strokes.line, gid)
    pen.arrowhead(parts[-1][-1], heading / np.hypot(*heading), strokes.arrowhead)
    if strokes.core:
        pen.strokes(parts, strokes.core)


def _place(pen: Pen, place: Place) -> None:
    shapes = place_shapes(place)
    for shape in (shapes.focus, shapes.mark, shapes.unpublished):
        if shape:
            pen.shape(_point(place), shape)


def _names(
    axes: Axes, names: Iterable[Name], frame: shapely.Polygon, scale: float, *, points: bool
) -> None:
    zoom = zoom_of(scale)
    for name in names:
        if (name.kind in {"town", "found"}) != points or name.min_zoom > zoom:
            continue
        if not frame.contains(name_box(name, zoom)):
            continue
        point = _point(name)
        size, spacing = SIZES[name.kind]
        if points:
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
    real = lettered(font, size * POINTS)
    if for_words(real, text) is not real:
        # The letters of Arabic are joined.
        options = {"fontproperties": real, "ha": "center", "va": "center", "zorder": 2}
        Pen(axes, scale, layer=2).words(point, text, colour, options, edge=None)
        return
    # Letters are drawn apart as shapes; the same word is there unseen, to be searched.
    face = FontProperties(fname=font)
    glyphs, x = [], 0.0
    for sign in text:
        if not sign.isspace():
            glyphs.append(TextPath((x, 0), sign, size=size, prop=face))
        x += text_width(sign, 64, font) * size / 64 + spacing * size
    word = Outline.make_compound_path(*glyphs)
    middle = np.array([(x - spacing * size) / 2, 0.34 * size])
    vertices = point + scale * (word.vertices - middle)
    shape = Outline(vertices, word.codes)
    axes.add_artist(PathPatch(shape, fc=colour, ec="none", zorder=2))
    axes.text(
        point[0], point[1], text, fontproperties=real, alpha=0, ha="center", va="center", zorder=2
    )


def _town(axes: Axes, name: Name, point: Points, size: float, scale: float) -> None:
    east, west, north, south = (letter in name.side for letter in "ewns")
    across, upward = CORNER_GAP if len(name.side) == 2 else SIDE_GAP
    aside = (name.right + (east - west) * across, (north - south) * upward - name.down)
    where = point + scale * np.array(aside)
    options: dict[str, Any] = {
        "fontproperties": lettered(BOLD if name.kind == "found" else SANS, size * POINTS),
        "ha": "left" if east else "right" if west else "center",
        "va": "bottom" if north else "top" if south else "center",
        "zorder": 5,
    }
    pen = Pen(axes, scale, layer=5)
    pen.words(where, name.text, style.INK, options)
    if name.kind == "town":
        pen.shape(point, TOWN_DOT)


def _scale_bar(axes: Axes, scale: float, frame: Frame, covered: Sequence[shapely.Geometry]) -> None:
    """Draw the scale at the lower edge of the map: at the left, or the next place that is free."""
    # Web Mercator stretches: the bar holds at the middle of the map, as the page's does.
    latitude = np.radians(to_degrees(frame.corners.mean(axis=0, keepdims=True))[0][1])
    kilometres = max(
        size for size in BAR_KILOMETRES if size * 1000 <= 130 * scale * np.cos(latitude)
    )
    length = kilometres * 1000 / np.cos(latitude)
    left, right = axes.get_xlim() + np.array([1, -1]) * BAR_INSET * scale
    y, around = axes.get_ylim()[0] + BAR_INSET * scale, BAR_MARGIN * scale
    grounds = [
        shapely.box(x - around, y - around, x + length + around, y + BAR_HEIGHT * scale + around)
        for x in np.arange(left, right - length, BAR_STEP * scale)
    ]
    taken = shapely.union_all(covered)
    ground = next((one for one in grounds if not one.intersects(taken)), grounds[0])
    x = ground.bounds[0] + around
    # Boundaries and rivers below it would read as part of it; lines and marks lie above its ground.
    plate = PathPatch(outline(ground), fc=style.CASING, ec="none", alpha=BAR_OPACITY, zorder=1.5)
    axes.add_artist(plate)
    xs, ys = (x, x, x + length, x + length), (y + 6 * scale, y, y, y + 6 * scale)
    axes.add_artist(Line2D(xs, ys, color=style.CASING, lw=3 * POINTS, zorder=9))
    axes.add_artist(Line2D(xs, ys, color=style.INK, lw=1.2 * POINTS, zorder=9))
    options = {
        "fontproperties": lettered(SANS, style.SMALLEST * POINTS),
        "ha": "center",
        "zorder": 9,
    }
    where = np.array([x + length / 2, y + 5 * scale])
    Pen(axes, layer=9).words(where, _("{count} km", count=str(kilometres)), style.INK, options)
