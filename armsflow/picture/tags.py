"""End labels that tell a line's destination without colour, and where they find room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from armsflow.dataset.dataset import Dataset
from armsflow.picture.frames import Frame
from armsflow.picture.marks import Line
from armsflow.picture.numbers import HEIGHT, NumberMark
from armsflow.picture.plane import Points, to_plane

SMALL: Final = 2**0.65
"""Tags find room in a frame that is so many times smaller than usual, so a larger one has room."""
TAG_SIZE = (23.0, 17.0)
TAG_REACH = {"corridor": (17.0, 24.0, 32.0, 42.0), "link": (33.0, 40.0, 48.0)}
"""Pixels from the end of a line to the middle of its tag, nearest first; links have long heads."""
TAG_TURNS = (0.0, 40.0, -40.0, 80.0, -80.0, 120.0, -120.0, 180.0)


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
    width, height = TAG_SIZE
    covered = _covered(numbers, scale)
    abbreviations = whole.destinations["abbreviation"]
    if not lines:
        return
    ends = to_plane(np.vstack([line.path[-3:] for line in lines])).reshape(-1, 3, 2) / scale
    for line, path in zip(reversed(lines), ends[::-1], strict=True):
        end, heading = path[-1], path[-1] - path[0]
        heading = heading / np.hypot(*heading)
        text = str(abbreviations[line.destination])
        if any(
            text == other and np.hypot(x - end[0], y - end[1]) < 2 * width for x, y, other in placed
        ):
            continue
        for reach in TAG_REACH[line.kind]:
            for turn in np.radians(TAG_TURNS):
                cosine, sine = np.cos(turn), np.sin(turn)
                way = np.array(
                    [
                        cosine * heading[0] - sine * heading[1],
                        sine * heading[0] + cosine * heading[1],
                    ]
                )
                x, y = end + reach * way
                free = (np.abs(covered[:, :2] - (x, y)) >= covered[:, 2:]).any(axis=1).all()
                if free and all(abs(x - a) >= width or abs(y - b) >= height for a, b, _ in placed):
                    break
            else:
                continue
            break
        else:
            continue
        placed.append((x, y, text))
        right, down = np.round([x - end[0], end[1] - y], 1)
        longitude, latitude = map(float, line.path[-1])
        yield Tag(line.line, text, line.colour, longitude, latitude, float(right), float(down))


def _covered(numbers: Sequence[NumberMark], scale: float) -> Points:
    """Return the middles of numbers, and how far a tag's middle keeps from them, in pixels."""
    places = np.array([(mark.longitude, mark.latitude) for mark in numbers]).reshape(-1, 2)
    aside = np.array([(mark.right, -mark.down) for mark in numbers]).reshape(-1, 2)
    sizes = np.array([(mark.width, HEIGHT) for mark in numbers]).reshape(-1, 2)
    return np.hstack([to_plane(places) / scale + aside, (sizes + TAG_SIZE) / 2])
