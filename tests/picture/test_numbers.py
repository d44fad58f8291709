"""Numbers on the map: every numbered incident has one, and none covers another."""

from itertools import combinations

import numpy as np
import shapely

from armsflow.picture import numbers, picture
from armsflow.picture.plane import to_plane
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests.choices import random_selections


def pictures(shipped, layouts, count):
    default = selection.default_selection(shipped)
    focus = [Selection(destinations=(code,)) for code in default.destinations]
    for chosen in [Selection(), default, *focus, *random_selections(shipped, count, seed=51)]:
        yield picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)


def box(mark, drawn):
    scale = drawn.frame.scale * numbers.ROOM
    x, y = to_plane(np.array([[mark.longitude, mark.latitude]]))[0] / scale
    x, y = x + mark.right, y - mark.down
    half = np.array([mark.width, numbers.HEIGHT]) / 2 - 0.01
    return shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])


def test_every_numbered_incident_has_its_number_at_its_place_and_no_other(shipped, layouts):
    for drawn in pictures(shipped, layouts, 30):
        marked = {int(number): mark for mark in drawn.numbers for number in mark.text.split(", ")}
        assert sorted(marked) == [case.number for case in drawn.cases]
        assert sum(len(mark.text.split(", ")) for mark in drawn.numbers) == len(marked)
        for case in drawn.cases:
            mark = marked[case.number]
            assert (mark.spot, mark.stopped) == (case.spot, case.stopped)
            assert mark.incident in {"", case.incident}


def test_no_number_covers_another_or_leaves_the_frame(shipped, layouts):
    for drawn in pictures(shipped, layouts, 30):
        boxes = [box(mark, drawn) for mark in drawn.numbers]
        assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
        scale = drawn.frame.scale * numbers.ROOM
        window = shapely.box(*(drawn.frame.corners / scale).ravel())
        assert all(window.contains(one) for one in boxes)


def test_a_number_lies_on_its_place_where_nothing_is_in_the_way(shipped, layouts):
    chosen = Selection(weapon=("manpads",), destinations=("mali",))
    drawn = picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)
    assert {(mark.right, mark.down) for mark in drawn.numbers} == {(0.0, 0.0)}


def test_no_number_is_so_far_from_its_place_that_a_reader_would_miss_it(shipped, layouts):
    for drawn in pictures(shipped, layouts, 30):
        away = [np.hypot(mark.right, mark.down) for mark in drawn.numbers]
        assert max(away, default=0.0) < 45, drawn.selection
