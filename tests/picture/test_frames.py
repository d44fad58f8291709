"""Frames: everything that is shown lies inside the one that is chosen; no smaller one would do."""

import numpy as np
import pytest

from armsflow.picture import frames, picture
from armsflow.picture.courses import AREA_ROOM
from armsflow.picture.frames import FRAME_OF_CODE
from armsflow.picture.plane import to_plane
from armsflow.picture.routes import EDGE
from armsflow.selection import selection
from armsflow.selection.selection import FRAMES, Selection
from tests.choices import random_selections


def draw(shipped, layouts, chosen):
    return picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)


def drawn_points(drawn):
    """Return every point of every line, place and end tag in the plane."""
    points = [(place.longitude, place.latitude) for place in drawn.places]
    points += [(tag.longitude, tag.latitude) for tag in drawn.tags]
    points += [tuple(point) for line in drawn.lines for point in line.path]
    return to_plane(np.array(points).reshape(-1, 2))


def test_the_codes_of_selections_are_those_of_the_frames():
    assert tuple(frame.code for frame in frames.FRAMES) == FRAMES
    assert len({frame.label for frame in frames.FRAMES}) == len(FRAMES)


@pytest.mark.parametrize("frame", frames.FRAMES, ids=lambda frame: frame.code)
def test_a_frame_is_as_large_as_its_corners_say_and_its_links_start_inside(frame):
    (south, west), (north, east) = frame.bounds
    assert frame.holds(to_plane(np.array([(west, south), (east, north)])))
    assert not frame.holds(to_plane(np.array([(west - 0.1, south)])))
    assert frame.holds(to_plane(np.array([frame.origin[::-1]])), EDGE)


def test_everything_that_is_shown_lies_inside_its_frame(shipped, layouts):
    for chosen in [Selection(), *random_selections(shipped, 60, seed=31)]:
        drawn = draw(shipped, layouts, chosen)
        assert drawn.frame.holds(drawn_points(drawn)), (chosen, drawn.frame.code)


def test_no_smaller_frame_would_hold_the_places_and_the_lines_that_were_asked_for(shipped, layouts):
    for chosen in random_selections(shipped, 40, seed=32):
        drawn = draw(shipped, layouts, chosen)
        for frame in frames.BY_SIZE[: frames.BY_SIZE.index(drawn.frame)]:
            if not drawn.places:
                continue
            places = np.array([(place.longitude, place.latitude) for place in drawn.places])
            asked = [
                line.line
                for line in drawn.lines
                if not chosen.destinations or line.destination in chosen.destinations
            ]
            assert not (
                frame.holds(to_plane(places), EDGE)
                and all(frame.code in layouts.holding[line] for line in asked)
            ), (chosen, drawn.frame.code, frame.code)


def test_each_destination_alone_uses_at_least_half_of_its_frame(shipped, layouts):
    for code in selection.destination_codes(shipped, "focus"):
        drawn = draw(shipped, layouts, Selection(destinations=(code,)))
        extent = np.ptp(drawn_points(drawn), axis=0)
        share = (extent / np.diff(drawn.frame.corners, axis=0)[0]).max()
        assert share >= 0.5, (code, drawn.frame.code, share)


def test_a_line_that_leads_elsewhere_ends_at_the_edge_of_the_frame(shipped, layouts):
    cut = []
    for code in selection.destination_codes(shipped):
        drawn = draw(shipped, layouts, Selection(destinations=(code,)))
        whole = layouts.of_frame["wide"]["path"]
        for line in drawn.lines:
            # The same line passes an area beside its middle by so much in the widest frame.
            apart = np.hypot(*(to_plane(line.path) - to_plane(whole[line.line])[-1]).T)[-1]
            arrives = apart < 2 * AREA_ROOM * FRAME_OF_CODE["wide"].scale
            assert arrives or line.destination != code, line.line
            cut += [] if arrives else [line.line]
    assert cut


def test_the_frame_that_a_reader_chose_is_shown(shipped, layouts):
    for code in FRAMES:
        drawn = draw(shipped, layouts, Selection(destinations=("mali",), frame=code))
        assert drawn.frame.code == code
        for line in drawn.lines:
            assert drawn.frame.holds(to_plane(line.path))


def test_what_shows_nothing_shows_the_region(shipped, layouts):
    first, _ = selection.year_range(shipped)
    chosen = Selection(weapon=("manpads",), destinations=("other",), years=(first, first))
    drawn = draw(shipped, layouts, chosen)
    assert not drawn.places
    assert drawn.frame == frames.REGION
