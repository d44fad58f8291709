"""Room for names: the squares of a map that are free or taken.

A grid of small squares is as good as comparing outlines, and hundreds of times faster.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Final

import numpy as np
from numpy.typing import NDArray

from armsflow.picture import style
from armsflow.picture.arrows import boxes_of
from armsflow.picture.courses import LINK_START_PIXELS
from armsflow.picture.frames import Frame
from armsflow.picture.numbers import HEIGHT
from armsflow.picture.picture import Picture
from armsflow.picture.plane import Points, on_plane
from armsflow.picture.tags import TAG_SIZE

CUT: Final = 10**6
SQUARE: Final = 3.0
"""Side of a square of the grid, in pixels."""
BAR_ROOM: Final = (175.0, 38.0)
"""Width and height of the lower left corner, where the scale bar is."""
AREA_ROOM: Final = 6.0
"""Pixels around the middle of an area that names keep clear of; over the rest of its soft disc
they may lie."""


class Grid:
    """The squares of a frame at a scale that are free or taken, by a line or by something solid.

    Parameters
    ----------
    frame
        The ground that is shown.
    scale
        Metres in a pixel.
    """

    def __init__(self, frame: Frame, scale: float) -> None:
        self.scale = scale
        self.low, high = frame.corners / scale
        across, upward = np.ceil((high - self.low) / SQUARE).astype(int)
        self.taken: NDArray[np.bool_] = np.zeros((upward, across), dtype=bool)
        self.solid = self.taken.copy()

    def copy(self) -> "Grid":
        """Return the same squares, to be taken apart from these."""
        other = copy(self)
        other.taken, other.solid = self.taken.copy(), self.solid.copy()
        return other

    def take_points(self, points: Points) -> None:
        """Take the squares that points of the plane (metres) lie in."""
        across, upward = ((points / self.scale - self.low) // SQUARE).astype(int).T
        rows, columns = self.taken.shape
        inside = (across >= 0) & (across < columns) & (upward >= 0) & (upward < rows)
        self.taken[upward[inside], across[inside]] = True

    def _window(self, box: Sequence[float]) -> tuple[slice, slice] | None:
        """Return the squares of a box (middle and half size in pixels); none if it is cut."""
        x, y = box[0] - self.low[0], box[1] - self.low[1]
        left, right = int((x - box[2]) // SQUARE), int((x + box[2]) // SQUARE) + 1
        lower, upper = int((y - box[3]) // SQUARE), int((y + box[3]) // SQUARE) + 1
        rows, columns = self.taken.shape
        if left < 0 or lower < 0 or right > columns or upper > rows:
            return None
        return slice(lower, upper), slice(left, right)

    def covered(self, box: Sequence[float]) -> int:
        """Count the taken squares of a box; very many if the frame would cut it."""
        window = self._window(box)
        return CUT if window is None else int(np.count_nonzero(self.taken[window]))

    def crossed(self, box: Sequence[float]) -> int:
        """Count the squares of a box that lines take; very many if anything else takes one."""
        window = self._window(box)
        if window is None or self.solid[window].any():
            return CUT
        return int(np.count_nonzero(self.taken[window]))

    def hidden(self, box: Sequence[float]) -> float:
        """Return the share of a box that something solid takes; none where the frame cuts it."""
        window = self._window(box)
        return 0.0 if window is None else float(self.solid[window].mean())

    def take(self, box: Sequence[float]) -> None:
        """Take the squares of a box."""
        if window := self._window(box):
            self.taken[window] = self.solid[window] = True


def taken_by(picture: Picture, paths: Sequence[Points], scale: float) -> Grid:
    """Return a grid on which everything but names is taken.

    Parameters
    ----------
    picture
        What is drawn.
    paths
        Its lines in the plane of the map.
    scale
        Metres in a pixel.
    """
    grid = Grid(picture.frame, scale)
    corner = (slice(int(BAR_ROOM[1] // SQUARE)), slice(int(BAR_ROOM[0] // SQUARE)))
    grid.taken[corner] = grid.solid[corner] = True
    if paths:
        grid.take_points(_dense(paths, SQUARE * scale / 2))
    for place in picture.places:
        radius = style.PLACE_RADII[place.size] if place.mark != "area" else AREA_ROOM
        x, y = on_plane(place.longitude, place.latitude) / scale
        grid.take((x, y, radius, radius))
    if picture.arrows:
        turns = np.linspace(0, 2 * np.pi, 120)
        ring = LINK_START_PIXELS * scale * np.column_stack([np.cos(turns), np.sin(turns)])
        grid.take_points(on_plane(*picture.frame.origin[::-1]) + ring)
    for box in covered_boxes(picture, scale):
        grid.take(box)
    return grid


def covered_boxes(picture: Picture, scale: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield what arrows, tags and numbers cover: middle and half size, in pixels."""
    yield from boxes_of(picture.arrows, scale)
    for tag in picture.tags:
        x, y = on_plane(tag.longitude, tag.latitude) / scale
        yield x + tag.right, y - tag.down, TAG_SIZE[0] / 2, TAG_SIZE[1] / 2
    for mark in picture.numbers:
        x, y = on_plane(mark.longitude, mark.latitude) / scale
        yield x + mark.right, y - mark.down, mark.width / 2, HEIGHT / 2


def _dense(paths: Sequence[Points], step: float) -> Points:
    """Return points of lines that are nowhere farther apart than a step."""
    starts = np.vstack([path[:-1] for path in paths])
    ways = np.vstack([np.diff(path, axis=0) for path in paths])
    counts = np.ceil(np.hypot(*ways.T) / step).astype(int) + 1
    which = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(starts[which] + ways[which] * (within / counts[which])[:, None])
