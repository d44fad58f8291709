"""Numbers of incidents on the map: one mark for each place, destination and outcome.

A mark lies on its place where it has room, else beside it with a leader; no mark covers another,
or the mark of another place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from armsflow.picture import style
from armsflow.picture.arrows import Arrow, boxes_of
from armsflow.picture.frames import ROOM, Frame
from armsflow.picture.marks import Line, Place
from armsflow.picture.plane import Points, dense, to_plane

HEIGHT: Final = 17.0
PADDING: Final = 10.0
DIGIT: Final = 6.3
"""Height of a mark; its width is the padding and so many pixels for each letter."""
GAP: Final = 2.0
REACHES: Final = (19.0, 25.0, 33.0, 43.0, 55.0, 70.0, 90.0, 115.0)
NEAR: Final = 25.0
FARTHER: Final = 2.5
"""Pixels within which a mark is found, and those beyond that are as bad as a point of a line."""
LINE_STEP: Final = 4.0
LINE_HALF: Final = 2.0
"""Pixels between points of lines that numbers keep clear of, and half the width of a line."""
TURNS: Final = tuple(np.radians(np.arange(0, 360, 22.5)))
WAYS: Final = np.array(
    [
        (0.0, 0.0),
        *(
            (round(float(reach * np.cos(turn)), 1), round(float(reach * np.sin(turn)), 1))
            for reach in REACHES
            for turn in TURNS
        ),
    ]
)
"""Where a mark may be, in pixels right of and above its place."""


@dataclass(frozen=True)
class NumberMark:
    """The numbers of the incidents of one place, destination and outcome.

    Parameters
    ----------
    text
        The numbers, e.g. ``2, 5``.
    spot
        The place that it belongs to.
    colour
        Colour of the destination.
    stopped
        Whether the arms were stopped there on their way: the mark is then hollow.
    area
        Whether the place is only known as an area: a soft disc is then around it.
    incident
        Identifier of its incident; empty if it has several.
    longitude, latitude
        The place, degrees.
    right, down
        Pixels from there to the middle of the mark; both 0 if it lies on the place.
    """

    text: str
    spot: str
    colour: str
    stopped: bool
    area: bool
    incident: str
    longitude: float
    latitude: float
    right: float = 0.0
    down: float = 0.0

    @property
    def width(self) -> float:
        """Pixels across."""
        return number_width(self.text)


def number_width(text: str) -> float:
    """Return how wide the mark of some numbers is, in pixels."""
    return max(HEIGHT, PADDING + DIGIT * len(text))


def place_numbers(
    chosen: pd.DataFrame,
    places: Sequence[Place],
    frame: Frame,
    arrows: Sequence[Arrow] = (),
    lines: Sequence[Line] = (),
) -> Iterator[NumberMark]:
    """Place the numbers of the chosen incidents.

    Parameters
    ----------
    chosen
        Incidents in the order of their numbers: ``incident_id``, ``spot``, ``destination``,
        ``stopped``.
    places
        What else is marked.
    frame
        The ground that is shown.
    arrows
        Arrows of an overview, which numbers keep clear of.
    lines
        Lines; numbers keep clear of those of other destinations.
    """
    if chosen.empty:
        return
    scale = frame.scale * ROOM
    known = {place.place: place for place in places}
    points = to_plane(np.array([(place.longitude, place.latitude) for place in places])) / scale
    where = dict(zip(known, points, strict=True))
    groups: dict[tuple[str, str, bool], list[int]] = {}
    for number, (spot, destination, stopped) in enumerate(
        zip(chosen["spot"], chosen["destination"], chosen["stopped"], strict=True), 1
    ):
        groups.setdefault((str(spot), str(destination), bool(stopped)), []).append(number)
    numbered = {spot for spot, _, _ in groups}
    radii = {"area": 4.0, "place": style.PLACE_RADII[0], "store": style.PLACE_RADII[0]}
    taken = [
        (*where[place.place], radii[place.mark], radii[place.mark])
        for place in places
        if place.place not in numbered
    ]
    taken += boxes_of(arrows, scale)
    drawn = [(line.destination, part) for line in lines for part in line.parts]
    ways = [(towards, dense(to_plane(part) / scale, LINE_STEP)) for towards, part in drawn]
    low, high = frame.corners / scale
    for (spot, destination, stopped), numbers in groups.items():
        place = known[spot]
        mark = NumberMark(
            text=", ".join(map(str, numbers)),
            spot=spot,
            colour=style.destination_colour(destination),
            stopped=stopped,
            area=place.mark == "area",
            incident=str(chosen["incident_id"].iloc[numbers[0] - 1]) if len(numbers) == 1 else "",
            longitude=place.longitude,
            latitude=place.latitude,
        )
        half = np.array([mark.width, HEIGHT]) / 2 + GAP
        foreign = [way for towards, way in ways if towards != destination]
        away = np.vstack([np.zeros((0, 2)), *foreign]) - where[spot]
        # Seen from the place, on a small map and on one of the usual size.
        near = where[spot] + np.vstack([away, away * ROOM])
        near = near[(np.abs(near - where[spot]) < REACHES[-1] + half).all(axis=1)]
        boxes = [np.array(taken).reshape(-1, 4), np.hstack([near, np.full_like(near, LINE_HALF)])]
        right, up = _room(where[spot], half, boxes, low, high)
        taken.append((*(where[spot] + (right, up)), *(half - GAP)))
        yield replace(mark, right=float(right), down=float(0.0 - up))


def _room(
    point: Points, half: Points, taken: Sequence[Points], low: Points, high: Points
) -> tuple[float, float]:
    """Return how far from its point a box of half a size finds most room, nearest first.

    Over some points of lines is better than far off, where a reader would not find it; over
    another mark is worse than both.
    """
    middles = point + WAYS
    cost = np.maximum(np.hypot(*WAYS.T) - NEAR, 0) / FARTHER
    for boxes, weight in zip(taken, (len(WAYS), 1), strict=True):
        room = boxes[:, 2:] + half
        # Each axis alone: numpy is slow along an axis of two.
        across, upward = (
            np.abs(boxes[:, axis] - middles[:, axis, None]) < room[:, axis] for axis in (0, 1)
        )
        cost += weight * (across & upward).sum(axis=1)
    cut = ((middles - half < low) | (middles + half > high)).any(axis=1)
    right, up = WAYS[int(np.argmin(np.where(cut, np.inf, cost)))].tolist()
    return right, up
