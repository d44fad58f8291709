"""The small map in a corner of a close-up that says where its frame lies."""

from typing import Final

import numpy as np
import shapely
from matplotlib.patches import PathPatch, Rectangle

from armsflow.briefing.ground import Ground
from armsflow.briefing.paper import Paper
from armsflow.briefing.shapes import POINTS
from armsflow.picture import style
from armsflow.picture.frames import REGION, WIDE
from armsflow.picture.picture import Picture
from armsflow.picture.plane import to_plane

WIDTH: Final = 118.0
"""Pixels; the height follows from the ground that is shown."""
INSET: Final = 8.0
"""Pixels to the edge of the map."""
EDGE_WIDTH: Final = 1.4

Box = tuple[float, float, float, float]


def draw_locator(
    paper: Paper, picture: Picture, ground: Ground, box: Box, scale: float
) -> shapely.Polygon | None:
    """Draw where the frame lies, in the corner of the map that holds least; not for the region.

    Parameters
    ----------
    paper, ground
        The sheet, and what maps are drawn on.
    picture
        What is drawn.
    box
        The map on the sheet: left, top, right, bottom in pixels.
    scale
        Metres in a pixel of the map.

    Returns
    -------
    hidden
        The ground that it covers (EPSG:3857); ``None`` if it is not drawn.
    """
    frame = picture.frame
    if frame in (REGION, WIDE):
        return None
    around = REGION if REGION.holds(frame.corners) else WIDE
    extent = np.diff(around.corners, axis=0)[0]
    height = WIDTH * extent[1] / extent[0]
    left, top = _corner(picture, box, scale, height)
    across, down = paper.size
    axes = paper.figure.add_axes(
        (left / across, 1 - (top + height) / down, WIDTH / across, height / down)
    )
    axes.set_zorder(2)
    (west, south), (east, north) = around.corners
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_facecolor(style.WATER)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(color=style.QUIET_INK, linewidth=0.8 * POINTS)
    axes.add_artist(PathPatch(ground.land, facecolor=style.LOCATOR_LAND, edgecolor="none"))
    low, high = frame.corners
    axes.add_artist(
        Rectangle(
            (low[0], low[1]),
            *(high - low),
            fill=False,
            edgecolor=style.INK,
            linewidth=EDGE_WIDTH * POINTS,
        )
    )
    middle = frame.corners.mean(axis=0)
    window = np.array([(left, top + height), (left + WIDTH, top)])
    centre = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    return shapely.box(*(middle + (window - centre) * (scale, -scale)).ravel())


def _corner(picture: Picture, box: Box, scale: float, height: float) -> tuple[float, float]:
    """Return the corner where the fewest points of lines, places and numbers would be covered."""
    left, top, right, bottom = box
    points = [tuple(point) for line in picture.lines for point in line.path]
    points += [(mark.longitude, mark.latitude) for mark in picture.places]
    points += [(mark.longitude, mark.latitude) for mark in picture.tags]
    points += [(mark.longitude, mark.latitude) for mark in picture.numbers for _ in range(9)]
    middle = picture.frame.corners.mean(axis=0)
    away = (to_plane(np.array(points).reshape(-1, 2)) - middle) / scale
    x, y = (left + right) / 2 + away[:, 0], (top + bottom) / 2 - away[:, 1]
    best = (len(points) + 1, (0.0, 0.0))
    for corner in (
        (right - INSET - WIDTH, bottom - INSET - height),
        (right - INSET - WIDTH, top + INSET),
        (left + INSET, top + INSET),
    ):
        inside = (x > corner[0] - INSET) & (x < corner[0] + WIDTH + INSET)
        inside &= (y > corner[1] - INSET) & (y < corner[1] + height + INSET)
        best = min(best, (int(inside.sum()), corner), key=lambda one: one[0])
    return best[1]
