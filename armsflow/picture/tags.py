"""End labels that tell a line's destination without colour, and where they find room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from armsflow.dataset.dataset import Dataset
from armsflow.picture.frames import Frame
from armsflow.picture.marks import Line
from armsflow.picture.numbers import HEIGHT, NumberMark
from armsflow.picture.plane import Points, dense, to_plane

SMALL: Final = 2**0.65
"""Tags find room in a frame that is so many times smaller than usual, so a larger one has room."""
TAG_SIZE = (23.0, 17.0)
TAG_REACH = {"corridor": (17.0, 24.0, 32.0, 42.0, 54.0), "link": (33.0, 40.0, 48.0, 60.0)}
"""Pixels from the end of a line to the middle of its tag, nearest first; links have long heads."""
NEAR: Final = 96.0
"""Pixels from the end of a line within which other lines are looked at."""
STEP: Final = 5.0
TAG_TURNS = (0, 20, -20, 40, -40, 60, -60, 80, -80, 100, -100, 120, -120, 150, -150, 180)


@dataclass(frozen=True)
class Tag:
    """A short end label that tells a line's destination without colour.

    Parameters
    ----------
    line
        Identifier of the line.
    text
        Abbreviation of the destination, e.g. ``ML``.
    colour
        Colour of the destination.
    longitude, latitude
        End of the line, degrees.
    right, down
        Where the middle of the tag is from there, in pixels of the default view.
    """

    line: str
    text: str
    colour: str
    longitude: float
    latitude: float
    right: float
    down: float


def place_tags(
    lines: Sequence[Line], whole: Dataset, frame: Frame, numbers: Sequence[NumberMark] = ()
) -> Iterator[Tag]:
    """Place one tag beyond each arrowhead, where it covers no other tag and no number.

    An arrowhead within a tag's width of a tag of the same destination shares that tag.
    """
    placed: list[tuple[float, float, str]] = []
    scale = frame.scale * SMALL
    covered = _covered(numbers, scale)
    low, high = frame.corners / scale + np.array([[1], [-1]]) * np.array(TAG_SIZE) / 2
    abbreviations = whole.destinations["abbreviation"]
    courses = [dense(to_plane(line.path) / scale, STEP) for line in lines]
    towards = np.repeat([line.destination for line in lines], [len(way) for way in courses])
    ways = np.vstack(courses) if courses else np.zeros((0, 2))
    for line, course in zip(reversed(lines), reversed(courses), strict=True):
        end, heading = course[-1], course[-1] - course[-4]
        text = str(abbreviations[line.destination])
        if any(
            text == other and np.hypot(x - end[0], y - end[1]) < 2 * TAG_SIZE[0]
            for x, y, other in placed
        ):
            continue
        # Lines are seen from the end of this one, on a small map and on one of the usual size.
        foreign = ways[towards != line.destination] - end
        foreign = np.vstack([foreign, foreign * SMALL])
        foreign = end + foreign[np.abs(foreign).max(axis=1) < NEAR]
        tried = _places(end, heading / np.hypot(*heading), TAG_REACH[line.kind])
        others = np.array([(x, y, *TAG_SIZE) for x, y, _ in placed]).reshape(-1, 4)
        uncut = ((tried > low) & (tried < high)).all(axis=1)
        free = tried[uncut & _are_free(tried, np.vstack([covered, others]))]
        if not len(free):
            continue
        # A tag on the line of another destination would name the wrong one.
        x, y = next((spot for spot in free if not _lies_on(spot, foreign)), free[0])
        placed.append((x, y, text))
        right, down = round(x - end[0], 1), round(end[1] - y, 1)
        longitude, latitude = map(float, line.path[-1])
        yield Tag(line.line, text, line.colour, longitude, latitude, float(right), float(down))


def _places(end: Points, heading: Points, reaches: Sequence[float]) -> Points:
    """Return where a tag may be: nearest to the end of its line and straight on, first."""
    turns, far = np.radians(TAG_TURNS), np.array(reaches)[:, None]
    cosines, sines = np.cos(turns), np.sin(turns)
    across = end[0] + far * (cosines * heading[0] - sines * heading[1])
    upward = end[1] + far * (sines * heading[0] + cosines * heading[1])
    return np.column_stack([across.ravel(), upward.ravel()])


def _are_free(spots: Points, covered: Points) -> NDArray[np.bool_]:
    """Tell which spots cover nothing: what is there as middles, and how far they keep from it."""
    apart = np.abs(spots[:, None] - covered[:, :2]) >= covered[:, 2:]
    return np.asarray(np.all(apart.any(axis=2), axis=1))


def _lies_on(spot: Points, points: Points) -> bool:
    """Tell whether a tag covers one of some points of lines."""
    return bool((np.abs(points - spot) < np.array(TAG_SIZE) / 2 + 1).all(axis=1).any())


def _covered(numbers: Sequence[NumberMark], scale: float) -> Points:
    """Return the middles of numbers, and how far a tag's middle keeps from them, in pixels."""
    places = np.array([(mark.longitude, mark.latitude) for mark in numbers]).reshape(-1, 2)
    aside = np.array([(mark.right, -mark.down) for mark in numbers]).reshape(-1, 2)
    sizes = np.array([(mark.width, HEIGHT) for mark in numbers]).reshape(-1, 2)
    return np.hstack([to_plane(places) / scale + aside, (sizes + TAG_SIZE) / 2])
