"""Bend lines aside from one another, and from the marks of places that they do not mean.

What makes a map of flows readable was measured by Jenny and others (Design principles for
origin-destination flow maps, CaGIS 45:1, 2018): few crossings, none of them acute, no line under
a foreign mark, gentle curves. Points of a line are moved within the room that its source leaves
them, by simulated annealing: at first also to worse places, so that lines can change sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from armsflow.picture.plane import Points

STEPS: Final = 8
"""Pieces of a curve between two of its points while courses are compared."""
TRIES: Final = 200
"""Moves that are tried for each point that may be moved."""
HOT: Final = 8.0
COLD: Final = 0.05
"""How much worse a move may make the map, about, at first and at last."""

CROSSING: Final = 10.0
ACUTE: Final = 16.0
"""What a crossing costs, and how much more one at no angle; none more at a right angle."""
COVERED: Final = 7.0
BESIDE: Final = 0.5
ARCS_BESIDE: Final = 1.5
ELSEWHERE: Final = 4.0
"""What a foreign mark under a line costs, each piece of a line or link beside another, and each
point of a corridor on ground that its straight way does not touch: another country, or the sea."""
STRAYED: Final = 1.2
BENT: Final = 3.0
"""What a point at the edge of its room costs, and a right-angled bend."""
CLEAR: Final = 6.0
ARCS_CLEAR: Final = 28.0
"""Pixels between two lines that run side by side, and between two links, which arrows follow."""
JOINED: Final = 11.0
WHERE_JOINED: Final = 0.15
"""Pixels from the end of a line within which a crossing counts only so much: lines join there."""
GAP: Final = (0.36, 0.66)
"""From which to which share of a link nothing is drawn: only its ends are known."""
NEAR_BY: Final = 0.5
"""Share of moves that go a third of the way only."""


@dataclass(frozen=True, eq=False)
class Course:
    """A line that may be bent.

    Parameters
    ----------
    points
        The points that its curve goes through, in pixels, as the source has them.
    first
        Where they are tried first.
    room
        How far each of them may be moved, in pixels.
    foreign
        Which marks it must not cover.
    arc
        Whether it is the arc of a link, whose middle is not drawn where routes are shown.
    hub
        Middle of the ring on which a link starts.
    """

    points: Points
    first: Points
    room: Points
    foreign: NDArray[np.bool_]
    arc: bool = False
    hub: Points | None = None

    def place(self, vertex: int, tried: Points) -> Points:
        """Return where a point is put that was tried somewhere: the start of a link on its ring."""
        if self.hub is None or vertex:
            return tried
        radius = np.hypot(*(self.points[0] - self.hub))
        away = tried - self.hub
        return np.asarray(self.hub + radius * away / max(float(np.hypot(*away)), 1e-9))

    def way(self, points: Points) -> Points:
        """Return where it runs if it goes through other points."""
        return arc(points, STEPS) if self.arc else curve(points, STEPS)


def arc(points: Points, steps: int) -> Points:
    """Draw a parabola through a start, a middle and an end: twice as many pieces as steps."""
    start, middle, end = points
    t = np.linspace(0, 1, 2 * steps + 1)[:, None]
    control = 2 * middle - (start + end) / 2
    return np.asarray((1 - t) ** 2 * start + 2 * (1 - t) * t * control + t**2 * end)


def curve(points: Points, steps: int) -> Points:
    """Draw a centripetal Catmull-Rom curve through points (Barry and Goldman's recursion)."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    knots = np.sqrt(np.hypot(*np.diff(padded, axis=0).T))
    times = np.concatenate([[0.0], np.cumsum(np.maximum(knots, 1e-6))])
    t0, t1, t2, t3 = (times[start : len(times) - 3 + start, None, None] for start in range(4))
    p0, p1, p2, p3 = (padded[start : len(padded) - 3 + start, None] for start in range(4))
    t = t1 + (t2 - t1) * (np.arange(1, steps + 1) / steps)[:, None]
    a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
    a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
    a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
    b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
    b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
    between = (t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2
    return np.vstack([points[:1], between.reshape(-1, 2)])


@dataclass(frozen=True, eq=False)
class Terrain:
    """What ground each square of the window is.

    Parameters
    ----------
    low
        Lower left corner of the window, in pixels.
    square
        Side of a square, in pixels.
    area
        Number of the country or sea of each square, by row from below and column.
    """

    low: Points
    square: float
    area: NDArray[np.int16]

    def at(self, points: Points) -> NDArray[np.int16]:
        """Return the number of the ground of points; -1 outside the window."""
        across, upward = ((points - self.low) // self.square).astype(int).T
        rows, columns = self.area.shape
        inside = (across >= 0) & (across < columns) & (upward >= 0) & (upward < rows)
        found = np.full(len(points), -1, dtype=np.int16)
        found[inside] = self.area[upward[inside], across[inside]]
        return found


def untangle(
    courses: Sequence[Course],
    marks: Points,
    window: Points,
    seed: int = 1,
    terrain: Terrain | None = None,
) -> tuple[float, list[Points]]:
    """Move the points of courses until the map is as easy to read as they allow.

    Parameters
    ----------
    courses
        What may be moved.
    marks
        Middle and radius of marks, in pixels.
    window
        Lower left and upper right corner of what is seen, in pixels.
    seed
        Start of the series of random numbers, so that the same is found twice.
    terrain
        The ground; a corridor keeps to the countries that its straight way passes.

    Returns
    -------
    cost
        How hard the map is to read; says something only beside that of another seed.
    points
        For each course the points that it goes through.
    """
    random = np.random.default_rng(seed)
    sheet = _Sheet(courses, marks, window, terrain)
    movable = [
        (number, int(vertex))
        for number, course in enumerate(courses)
        for vertex in np.flatnonzero(course.room)
        if sheet.sees(course.points[max(0, vertex - 1) : vertex + 2])
    ]
    for heat in np.geomspace(HOT, COLD, TRIES * len(movable)) if movable else ():
        number, vertex = movable[random.integers(len(movable))]
        course, now = courses[number], sheet.points[number][vertex]
        reach, turn = course.room[vertex] * np.sqrt(random.random()), 2 * np.pi * random.random()
        tried = course.points[vertex] + reach * np.array([np.cos(turn), np.sin(turn)])
        if random.random() < NEAR_BY:
            tried = now + (tried - now) / 3
        tried = course.place(vertex, tried)
        worse = sheet.worse(number, vertex, tried)
        if worse <= 0 or random.random() < np.exp(-worse / heat):
            sheet.move(number, vertex, tried)
    return sheet.cost(), sheet.points


class _Sheet:
    """All courses as they are, and what a move would change."""

    def __init__(
        self, courses: Sequence[Course], marks: Points, window: Points, terrain: Terrain | None
    ) -> None:
        self.courses, self.window, self.terrain = courses, window, terrain
        self.points = [course.first.copy() for course in courses]
        ways = [course.way(points) for course, points in zip(courses, self.points, strict=True)]
        lengths = [len(way) for way in ways]
        self.begin = np.cumsum([0, *lengths])
        self.line = np.repeat(np.arange(len(ways)), lengths)
        self.at = np.vstack(ways)
        self.arc = np.array([course.arc for course in courses])[self.line]
        share = np.concatenate([np.linspace(0, 1, length) for length in lengths])
        self.hidden = self.arc & (share > GAP[0]) & (share <= GAP[1])
        self.marks = [marks[course.foreign] for course in courses]
        self.grounds = [
            {-1, *terrain.at(curve(course.points, 4 * STEPS)).tolist()} if terrain else {-1}
            for course in courses
        ]

    def sees(self, points: Points) -> bool:
        """Say whether some of a few points may lie in the window."""
        low, high = points.min(axis=0), points.max(axis=0)
        return bool((high >= self.window[0]).all() and (low <= self.window[1]).all())

    def cost(self) -> float:
        """Say how hard the whole map is to read."""
        return sum(
            _strain(course, self.points[number], slice(None))
            + self._meets(number, self.at[slice(*self.begin[number : number + 2])], 0)
            for number, course in enumerate(self.courses)
        )

    def worse(self, number: int, vertex: int, tried: Points) -> float:
        """Say by how much the map would be harder to read if a point were moved."""
        course, points = self.courses[number], self.points[number]
        moved = points.copy()
        moved[vertex] = tried
        near = slice(max(0, vertex - 2), vertex + 3)
        first, last = self._touched(number, vertex)
        old, new = self.at[first:last], self._piece(number, vertex, moved)
        start = first - int(self.begin[number])
        return (
            _strain(course, moved, near)
            - _strain(course, points, near)
            + self._meets(number, new, start)
            - self._meets(number, old, start)
        )

    def move(self, number: int, vertex: int, tried: Points) -> None:
        """Move a point."""
        self.points[number][vertex] = tried
        first, last = self._touched(number, vertex)
        self.at[first:last] = self._piece(number, vertex, self.points[number])

    def _touched(self, number: int, vertex: int) -> tuple[int, int]:
        """Return the first and past the last sample that move with a point: two legs each side."""
        begin, last = int(self.begin[number]), len(self.points[number]) - 1
        return begin + STEPS * max(0, vertex - 2), begin + STEPS * min(last, vertex + 2) + 1

    def _piece(self, number: int, vertex: int, points: Points) -> Points:
        begin = int(self.begin[number])
        first, last = self._touched(number, vertex)
        return self.courses[number].way(points)[first - begin : last - begin]

    def _meets(self, number: int, way: Points, start: int) -> float:
        """Add up crossings, pieces beside another line, and covered marks of a part of a line.

        Parameters
        ----------
        number
            Which line.
        way
            Its part.
        start
            Which sample of the line the part begins with.
        """
        clear = ARCS_CLEAR if self.courses[number].arc else CLEAR
        low = np.maximum(way.min(axis=0) - clear, self.window[0])
        high = np.minimum(way.max(axis=0) + clear, self.window[1])
        one, two = self.at[:-1], self.at[1:]
        other = (self.line[:-1] == self.line[1:]) & (self.line[:-1] != number)
        other &= (np.maximum(one, two) >= low).all(axis=1)
        other &= (np.minimum(one, two) <= high).all(axis=1)
        starts, legs, lines = one[other], two[other] - one[other], self.line[:-1][other]
        own_starts, own = way[:-1], np.diff(way, axis=0)
        cost = self._marks_under(number, own_starts, own, low, high)
        if self.terrain and not self.courses[number].arc:
            own_ground = np.isin(self.terrain.at(way), [*self.grounds[number]])
            cost += ELSEWHERE * float((~own_ground).sum())
        if not len(starts):
            return cost
        arc = self.courses[number].arc
        mine = self.begin[number] + start + np.arange(1, len(way))
        # Nothing is drawn in the middle of an arc, but arrows of the overview run along arcs.
        unseen = self.hidden[mine][:, None] | self.hidden[1:][other]
        arcs = arc & self.arc[1:][other]
        unseen &= ~arcs
        apart = starts - own_starts[:, None]
        # Where two pieces meet, as shares of both (2D cross products).
        turn = own[:, :1] * legs[:, 1] - own[:, 1:] * legs[:, 0]
        turn[turn == 0] = 1e-9
        here = (apart[..., 0] * legs[:, 1] - apart[..., 1] * legs[:, 0]) / turn
        there = (apart[..., 0] * own[:, 1:] - apart[..., 1] * own[:, :1]) / turn
        met = (here >= 0) & (here < 1) & (there >= 0) & (there < 1) & ~unseen
        if met.any():
            ours, theirs = np.nonzero(met)
            at = own_starts[ours] + here[ours, theirs, None] * own[ours]
            ends = np.stack([self.begin[lines[theirs]], self.begin[lines[theirs] + 1] - 1], axis=1)
            ends = np.hstack(
                [ends, np.tile(self.begin[number : number + 2] - (0, 1), (len(at), 1))]
            )
            far = np.hypot(*(at[:, None] - self.at[ends]).transpose(2, 0, 1)).min(axis=1)
            lengths = np.hypot(*own[ours].T) * np.hypot(*legs[theirs].T)
            sine = np.abs(turn[ours, theirs]) / np.maximum(lengths, 1e-9)
            worth = CROSSING + ACUTE * (1 - sine)
            cost += float((worth * np.where(far > JOINED, 1.0, WHERE_JOINED)).sum())
        beside = np.hypot(*(apart + legs / 2 - own[:, None] / 2).transpose(2, 0, 1))
        wide, weight = np.where(arcs, ((ARCS_CLEAR,), (ARCS_BESIDE,)), ((CLEAR,), (BESIDE,)))
        return cost + float((np.maximum(0, 1 - beside / wide) * ~unseen * weight).sum())

    def _marks_under(
        self, number: int, starts: Points, legs: Points, low: Points, high: Points
    ) -> float:
        marks = self.marks[number]
        marks = marks[((marks[:, :2] >= low - 4) & (marks[:, :2] <= high + 4)).all(axis=1)]
        if not len(marks):
            return 0.0
        far = _distances(starts, legs, marks[:, :2])
        return COVERED * float(np.clip(1.6 - far / marks[:, 2], 0, 1).sum())


def _strain(course: Course, points: Points, part: slice) -> float:
    """Say how far points strayed from where they began, and how sharply their way bends."""
    points = points[part]
    strayed = np.hypot(*(points - course.points[part]).T) / np.maximum(course.room[part], 1.0)
    legs = np.diff(points, axis=0)
    turns = np.abs(np.diff(np.arctan2(legs[:, 1], legs[:, 0])))
    turns = np.minimum(turns, 2 * np.pi - turns) / (np.pi / 2)
    return float(STRAYED * (strayed**2).sum() + BENT * (turns**2).sum())


def _distances(starts: Points, legs: Points, points: Points) -> Points:
    """Return how far points are from pieces of a line."""
    square = np.maximum((legs**2).sum(axis=1), 1e-9)
    share = np.clip(((points[:, None] - starts) * legs).sum(axis=2) / square, 0, 1)
    apart = points[:, None] - starts - share[..., None] * legs
    return np.asarray(np.hypot(*apart.transpose(2, 0, 1)).min(axis=1))
