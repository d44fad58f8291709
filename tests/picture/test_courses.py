"""Lines that are bent aside: how far, from what, and what is kept of them."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import shapely

from armsflow.dataset.loader import SHIPPED
from armsflow.package.basemap import COURSES
from armsflow.picture import courses, picture, style
from armsflow.picture.frames import FRAME_OF_CODE, FRAMES, REGION
from armsflow.picture.plane import to_plane
from armsflow.picture.routes import lay_out, lay_out_frames
from armsflow.picture.untangle import Course, arc, curve, untangle
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from armsflow.webmap.flows import flows
from bench import clutter
from tests.browser.recount import Recount

KEPT = json.loads((SHIPPED / COURSES).read_text("utf-8"))


def draw(shipped, layouts, chosen):
    return picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)


def counts(shipped, layouts, chosen):
    return clutter.counts(draw(shipped, layouts, chosen), named=0)


@pytest.fixture(scope="module")
def bent(shipped):
    return courses.read(shipped, KEPT)


# ---------------------------------------------------------------- lines in each other's way


def crosses(one, other):
    return shapely.LineString(one).crosses(shapely.LineString(other))


def straight(points, room):
    points = np.array(points, dtype=float)
    middle = np.stack([points[0], points.mean(axis=0), points[-1]])
    return Course(middle, middle, np.array([0.0, room, 0.0]), np.ones(1, dtype=bool))


WINDOW = np.array([[0.0, 0.0], [400.0, 400.0]])
FAR_MARK = np.array([[390.0, 390.0, 6.0]])


def test_a_line_bends_around_a_mark_that_it_does_not_mean():
    mark = np.array([[200.0, 203.0, 6.0]])
    course = straight([(50, 200), (350, 200)], 40.0)
    _, (points,) = untangle([course], mark, WINDOW)
    way = shapely.LineString(curve(points, 14))
    assert way.distance(shapely.Point(mark[0, :2])) > 6
    _, (own,) = untangle([replace(course, foreign=np.zeros(1, dtype=bool))], mark, WINDOW)
    assert shapely.LineString(curve(own, 14)).distance(shapely.Point(200, 200)) < 2


def test_a_line_does_not_run_along_another_and_keeps_within_its_room():
    pair = [straight([(50, 200), (350, 200)], 20.0), straight([(50, 202), (350, 198)], 20.0)]
    _, points = untangle(pair, FAR_MARK, WINDOW)
    one, other = (curve(way, 14) for way in points)
    apart = shapely.LineString(one).distance(shapely.Point(other[len(other) // 2]))
    assert apart > 4
    for course, moved in zip(pair, points, strict=True):
        strayed = np.hypot(*(moved - course.points).T)
        assert (strayed <= course.room + 1e-9).all()


def test_two_lines_that_need_not_cross_do_not():
    # The second sags over the first, though its ends lie on one side of it.
    level = straight([(50, 200), (350, 200)], 0.0)
    sagging = Course(
        points=np.array([(60.0, 220.0), (200.0, 180.0), (340.0, 220.0)]),
        first=np.array([(60.0, 220.0), (200.0, 180.0), (340.0, 220.0)]),
        room=np.array([0.0, 60.0, 0.0]),
        foreign=np.ones(1, dtype=bool),
    )
    assert crosses(curve(level.first, 14), curve(sagging.first, 14))
    _, (one, other) = untangle([level, sagging], FAR_MARK, WINDOW)
    assert not crosses(curve(one, 14), curve(other, 14))


def test_the_same_seed_finds_the_same_courses():
    pair = [straight([(50, 200), (350, 200)], 20.0), straight([(50, 202), (350, 198)], 20.0)]
    first, second = (untangle(pair, FAR_MARK, WINDOW, seed=7) for _ in range(2))
    assert first[0] == second[0]
    assert all(np.array_equal(*ways) for ways in zip(first[1], second[1], strict=True))


def test_the_start_of_a_link_stays_on_its_ring():
    hub = np.array([200.0, 200.0])
    points = np.array([(240.0, 200.0), (300.0, 220.0), (380.0, 200.0)])
    link = Course(points, points, np.array([40.0, 30.0, 0.0]), np.ones(1, dtype=bool), True, hub)
    other = replace(link, points=points + 1, first=points + 1, hub=hub + 1)
    _, (one, two) = untangle([link, other], FAR_MARK, WINDOW)
    assert np.hypot(*(one[0] - hub)) == pytest.approx(40)
    assert np.hypot(*(two[0] - hub - 1)) == pytest.approx(40)
    assert np.hypot(*(one[0] - two[0])) > 10
    assert np.array_equal(one[2], points[2])


# ---------------------------------------------------------------- what is kept with the basemap


def test_the_shipped_lines_are_bent_for_the_places_that_they_join_now(shipped, bent):
    stops = courses.stops_of(shipped)
    assert set(KEPT) == {"joins", *(frame.code for frame in FRAMES)}
    assert set(bent["wide"]) == set(stops), "run: python -m armsflow bend data"
    for frame in FRAMES:
        assert set(bent[frame.code]) == set(KEPT[frame.code])


def test_what_is_written_is_what_is_read(shipped, bent):
    again = courses.read(shipped, json.loads(courses.write(shipped, bent)))
    for frame, lines in bent.items():
        assert set(again[frame]) == set(lines)
        assert all(np.array_equal(points, again[frame][line]) for line, points in lines.items())


def test_a_line_whose_places_have_changed_is_bent_no_longer(shipped, bent):
    line = next(iter(bent["region"]))
    changed = {**KEPT, "joins": {**KEPT["joins"], line: [[10.0, 30.0], [11.0, 31.0]]}}
    left = courses.read(shipped, changed)["region"]
    assert set(bent["region"]) - set(left) == {line}
    assert lay_out(shipped, REGION, left).index.equals(lay_out(shipped).index)


def test_a_package_without_bent_lines_has_all_of_them(shipped):
    plain = lay_out_frames(shipped)
    assert courses.read(shipped, {}) == {}
    assert set(plain.region.index) == set(courses.stops_of(shipped))


def test_every_corridor_passes_its_places_within_their_room_in_every_frame(shipped, bent):
    exact = shipped.places["precision"] == "place"
    stops = shipped.waypoints.sort_values("seq").groupby("corridor_id")["place_id"]
    checked = 0
    for frame in FRAMES:
        layout = lay_out(shipped, frame, bent[frame.code])
        for corridor, names in stops:
            names = list(names)
            points = to_plane(shapely.get_coordinates(shipped.places.geometry.loc[names]))
            room = np.where(exact[names], courses.PLACE_ROOM, courses.AREA_ROOM)
            way = shapely.LineString(to_plane(layout.loc[corridor, "path"]))
            far = shapely.distance(way, shapely.points(points)) / frame.scale
            inside = frame.inside(points)
            lanes = courses.LANE_PIXELS if corridor not in bent[frame.code] else 0.0
            assert (far[inside] <= room[inside] + lanes + 1).all(), (frame.code, corridor)
            checked += int(inside.sum())
    assert checked > 100


# ---------------------------------------------------------------- how well the maps are read


@pytest.fixture(scope="module")
def routes_of_the_region(shipped):
    default = selection.default_selection(shipped)
    return replace(default, show="routes")


def test_routes_of_the_region_cross_little_and_never_at_an_acute_angle(
    shipped, layouts, routes_of_the_region
):
    found = counts(shipped, layouts, routes_of_the_region)
    plain = counts(shipped, lay_out_frames(shipped), routes_of_the_region)
    assert found["crossings"] <= 16 < plain["crossings"]
    assert found["acute"] == 0 < plain["acute"]
    assert found["half covered"] <= 4
    assert found["tags on a foreign line"] == 0
    assert found["under a foreign line"] <= plain["under a foreign line"] / 4


def test_a_destination_alone_has_no_mark_half_covered(shipped, layouts):
    for code in selection.destination_codes(shipped, "focus"):
        found = counts(shipped, layouts, Selection(destinations=(code,)))
        assert found["half covered"] == 0, code
        assert found["tags on a foreign line"] == 0, code


def test_no_arrow_of_the_overview_touches_another(shipped, layouts):
    drawn = draw(shipped, layouts, selection.default_selection(shipped))
    scale = drawn.frame.scale
    for one in drawn.arrows:
        for other in drawn.arrows:
            if one.destination < other.destination:
                apart = shapely.LineString(to_plane(one.shaft)[6:]).distance(
                    shapely.LineString(to_plane(other.shaft)[6:])
                )
                wide = sum(style.ARROW_WIDTHS[arrow.width] for arrow in (one, other)) / 2
                assert apart / scale > wide, (one.destination, other.destination)


# ---------------------------------------------------------------- links: only the ends are known


def test_nothing_is_drawn_in_the_middle_of_a_link(shipped, layouts, routes_of_the_region):
    links = [
        line for line in draw(shipped, layouts, routes_of_the_region).lines if line.kind == "link"
    ]
    assert len(links) >= 3
    for link in links:
        start, end = link.parts
        whole = shapely.LineString(to_plane(link.path)).length
        drawn = sum(shapely.LineString(to_plane(part)).length for part in (start, end))
        assert drawn < 0.85 * whole
        assert np.array_equal(start[0], link.path[0])


def test_a_link_on_which_most_was_stopped_ends_in_a_bar_and_goes_on_as_a_tail(
    shipped, layouts, routes_of_the_region
):
    drawn = draw(shipped, layouts, routes_of_the_region)
    sent = {line["focus"]: line for line in flows(drawn)["lines"]}
    outcomes = {code: Counter() for code in drawn.selection.destinations}
    for row in Recount().incidents:
        if row["scope"] == "event" and not row["corridor_id"] and row["destination"] in outcomes:
            there = row["outcome"] in {"found", "used"}
            outcomes[row["destination"]]["there" if there else row["outcome"]] += 1
    wanted = {f"link-{code}" for code, one in outcomes.items() if one["on_the_way"] > one["there"]}
    assert {line.line for line in drawn.lines if line.tail is not None} == wanted != set()
    for line in drawn.lines:
        assert ("tail" in sent[line.line]) is (line.tail is not None)
        if line.tail is not None:
            assert np.array_equal(line.parts[-1][-1], line.tail[0])
            assert np.array_equal(line.tail[-1], line.path[-1])
    assert "bar" in drawn.held


def test_a_corridor_is_drawn_whole(shipped, layouts, routes_of_the_region):
    for line in draw(shipped, layouts, routes_of_the_region).lines:
        if line.kind == "corridor":
            (part,) = line.parts
            assert np.array_equal(part, line.path)


def test_an_arc_goes_through_its_middle():
    points = np.array([(0.0, 0.0), (50.0, 20.0), (100.0, 0.0)])
    way = arc(points, 14)
    assert np.allclose(way[[0, 14, 28]], points)


def test_a_corridor_is_bent_into_no_country_that_its_straight_way_does_not_pass(
    shipped, plate, bent
):
    land = plate.basemap.land
    countries = land[land["kind"] != "sinai"].to_crs("EPSG:3857").geometry
    for code in ("region", "tunisia", "sahara"):
        frame = FRAME_OF_CODE[code]
        layout = lay_out(shipped, frame, bent[code])
        window = shapely.box(*frame.corners.ravel())
        for corridor in shipped.corridors.index:
            straight = shapely.LineString(
                to_plane(shapely.get_coordinates(shipped.corridors.geometry[corridor]))
            )
            way = shapely.LineString(to_plane(layout.loc[corridor, "path"])).intersection(window)
            passed = countries[countries.intersects(straight)]
            elsewhere = countries[countries.intersects(way) & ~countries.index.isin(passed.index)]
            strayed = sum(elsewhere.intersection(way).length) / frame.scale
            assert strayed < 12, (code, corridor, strayed)
