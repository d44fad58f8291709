"""The broad arrows of the overview: one for each destination, as far as arms were documented.

An arrow follows the destination's link, so it starts at the ring that stands for "Libya, place not
stated". Where more incidents were stopped on the way than found or used at the destination, its
shaft ends in a bar where they were stopped on average, and a dotted tail goes on to where the arms
were said to go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.language import _
from armsflow.picture import style
from armsflow.picture.frames import ROOM, Frame
from armsflow.picture.plane import Points, lengths_along, on_plane, points_at, to_plane
from armsflow.selection.finding import outcome_words
from armsflow.selection.selection import destination_codes
from armsflow.words import place_words, started

LETTER: Final = (7.3, 5.5)
"""Pixels for each letter of the first and the second line of a tag."""
TAG_HEIGHT: Final = 36.0
PADDING: Final = 14.0
REACHES: Final = np.array([[34.0], [48.0], [64.0], [84.0], [108.0]])
TURNS: Final = np.radians(np.arange(0, 360, 30))
SPOT_ROOM: Final = 14.0
"""Pixels around a numbered place that tags leave to its number."""
SPACING: Final = 9.0
"""Pixels between the points of arrows that tags keep clear of."""


@dataclass(frozen=True)
class Arrow:
    """The arrow of a destination.

    Parameters
    ----------
    destination, colour
        Code and colour of the destination.
    name, outcome
        The two lines of its tag, e.g. "Mali 12" and "3 there, 8 stopped on the way".
    shaft, tail
        Longitude, latitude of what is drawn full and, where arms were stopped, dotted; degrees.
    width
        Index of the width class (``style.ARROW_CLASS_STARTS``).
    longitude, latitude
        End of the arrow, degrees.
    right, down
        Pixels from there to the middle of the tag.
    """

    destination: str
    colour: str
    name: str
    outcome: str
    shaft: Points = field(compare=False, repr=False)
    tail: Points | None = field(compare=False, repr=False)
    width: int
    longitude: float
    latitude: float
    right: float = 0.0
    down: float = 0.0

    @property
    def tag_width(self) -> float:
        """Pixels across the tag, as wide as the longer of its two lines."""
        return PADDING + max(len(self.name) * LETTER[0], len(self.outcome) * LETTER[1])


def draw_arrows(
    shown: Dataset, layout: gpd.GeoDataFrame, frame: Frame, spots: Sequence[str] = ()
) -> Iterator[Arrow]:
    """Decide how the arrows of an overview look.

    Parameters
    ----------
    shown
        The dataset after a selection.
    layout
        Where links run in the frame.
    frame
        The ground that is shown.
    spots
        Places that tags keep clear of, since numbers are to be near them.
    """
    counts = summary.count_by(shown, "destination")
    stops = middles_of_stops(shown, "destination")
    arrows = []
    for code in destination_codes(shown, "focus", "onward"):
        if code not in counts.index or not counts["events"][code]:
            continue
        events, stopped, there = (
            int(counts[column][code]) for column in ("events", "stopped", "there")
        )
        path = layout["path"][f"link-{code}"]
        cut = where_stopped(stops[code], path) if stopped > there else len(path) - 1
        label = place_words(str(shown.destinations.loc[code, "label"]))
        arrows.append(
            Arrow(
                destination=code,
                colour=style.destination_colour(code),
                name=_("{destination} {count}", destination=started(label), count=events),
                outcome=outcome_words(events, stopped, there),
                shaft=path[: cut + 1],
                tail=path[cut:] if cut < len(path) - 1 else None,
                width=style.class_index(events, style.ARROW_CLASS_STARTS),
                longitude=float(path[-1][0]),
                latitude=float(path[-1][1]),
            )
        )
    points = to_plane(shown.spots.loc[[*spots], ["lon", "lat"]].to_numpy("float64").reshape(-1, 2))
    yield from _tagged(arrows, frame, points)


def middles_of_stops(shown: Dataset, column: str) -> dict[str, Points]:
    """Return where arms were stopped on average, in the plane of the map.

    Parameters
    ----------
    shown
        The dataset after a selection.
    column
        What the averages are of: ``line`` or ``destination``.
    """
    counts = summary.count_by(shown, "spot", column)["stopped"]
    counts = counts[counts > 0]
    spots, values = (counts.index.get_level_values(level) for level in (0, 1))
    points = to_plane(shown.spots.loc[spots, ["lon", "lat"]].to_numpy("float64"))
    codes, named = pd.factorize(values)
    sums = [np.bincount(codes, counts * axis) for axis in points.T]
    middles = np.column_stack(sums) / np.bincount(codes, counts)[:, None]
    return dict(zip(named, middles, strict=True))


def where_stopped(middle: Points, path: Points) -> int:
    """Return the point of a path (longitude, latitude) that is nearest to where arms were stopped.

    Parameters
    ----------
    middle
        From :func:`middles_of_stops`.
    path
        Longitude, latitude.
    """
    away = np.hypot(*(to_plane(path) - middle).T)
    # Some of the tail must be seen, and some of the shaft.
    return int(np.clip(np.argmin(away), len(path) // 3, len(path) - 5))


def _tagged(arrows: Sequence[Arrow], frame: Frame, points: Points) -> Iterator[Arrow]:
    """Give each arrow's tag its room: over no arrow, no other tag and no numbered place."""
    scale = frame.scale * ROOM
    low, high = frame.corners / scale
    taken = [box for arrow in arrows for box in _covered(arrow, scale)]
    taken += [(float(x), float(y), SPOT_ROOM, SPOT_ROOM) for x, y in points / scale]
    cosines, sines = np.cos(TURNS), np.sin(TURNS)
    for arrow in arrows:
        end = on_plane(arrow.longitude, arrow.latitude) / scale
        half = np.array([arrow.tag_width, TAG_HEIGHT]) / 2 + 3
        boxes = np.array(taken).reshape(-1, 4)
        ways = np.column_stack(
            [
                ((REACHES + half[0] * np.abs(cosines)) * cosines).ravel(),
                ((0.6 * REACHES + half[1] * np.abs(sines)) * sines).ravel(),
            ]
        )
        middles = end + ways
        over = np.abs(boxes[:, :2] - middles[:, None]) < boxes[:, 2:] + half
        cut = ((middles - half < low) | (middles + half > high)).any(axis=1)
        tried = np.where(cut, len(taken) + 1, over.all(axis=2).sum(axis=1))
        best = int(np.argmin(tried))
        right, up = (0.0, 0.0) if cut[best] else ways[best].tolist()
        taken.append((end[0] + right, end[1] + up, half[0] - 3, half[1] - 3))
        yield replace(arrow, right=round(right, 1), down=round(0.0 - up, 1))


def _covered(arrow: Arrow, scale: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield boxes (middle, half size, pixels) along shaft and tail of an arrow."""
    half = style.ARROW_WIDTHS[arrow.width] / 2 + 3
    for path in (arrow.shaft, arrow.tail):
        if path is None:
            continue
        points = to_plane(path) / scale
        along = lengths_along(points)
        for x, y in points_at(points, along, np.arange(0, along[-1], SPACING)).tolist():
            yield x, y, half, half


def boxes_of(arrows: Sequence[Arrow], scale: float) -> list[tuple[float, float, float, float]]:
    """Return what arrows and their tags cover: middle and half size of boxes, in pixels.

    Parameters
    ----------
    arrows
        Arrows with their tags.
    scale
        Metres in a pixel.
    """
    boxes = [box for arrow in arrows for box in _covered(arrow, scale)]
    for arrow in arrows:
        x, y = on_plane(arrow.longitude, arrow.latitude) / scale
        middle = (float(x) + arrow.right, float(y) - arrow.down)
        boxes.append((*middle, arrow.tag_width / 2 + 3, TAG_HEIGHT / 2 + 3))
    return boxes
