"""What is drawn, decided once: lines, places, end tags, legend."""

from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely

from armsflow.briefing import briefing
from armsflow.briefing.files import svg
from armsflow.briefing.ground import prepare_ground
from armsflow.dataset import knowledge, preparation
from armsflow.dataset.loader import SHIPPED, load
from armsflow.picture import picture, style
from armsflow.picture.courses import LANE_PIXELS
from armsflow.picture.frames import REGION
from armsflow.picture.legend import legend
from armsflow.picture.marks import line_form
from armsflow.picture.plane import to_plane
from armsflow.picture.plate import make_plate
from armsflow.picture.routes import THINNED, lay_out, lay_out_frames
from armsflow.picture.tags import SMALL, TAG_SIZE
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from armsflow.webmap.flows import flows
from tests import tiny
from tests.choices import random_selections


def draw(whole, **chosen):
    asked = Selection(**chosen)
    return picture.draw(asked, selection.apply(whole, asked), whole, lay_out_frames(whole))


def line(drawn, name):
    return next(line for line in drawn.lines if line.line == name)


def place(drawn, name):
    return next(place for place in drawn.places if place.place == name)


def plane(path):
    return shapely.LineString(to_plane(np.asarray(path)))


def pixels(metres):
    return metres / REGION.scale


# ---------------------------------------------------------------- form and width


@pytest.mark.parametrize(
    ("events", "strong", "form"),
    [(0, False, "dotted"), (1, False, "dashed"), (9, False, "dashed"), (1, True, "solid")],
)
def test_the_form_of_a_line_says_how_its_best_event_is_known(events, strong, form):
    assert line_form(events, strong) == form


@pytest.mark.parametrize(
    ("name", "kind", "events", "others", "form"),
    [
        ("algeria-ghat-in-amenas", "corridor", 1, 0, "solid"),
        ("mali-sabha-gao", "corridor", 0, 0, "dotted"),
        ("link-mali", "link", 1, 0, "dashed"),
        ("link-algeria", "link", 1, 1, "dashed"),
    ],
)
def test_every_incident_is_on_its_corridor_or_on_the_link_of_its_destination(
    name, kind, events, others, form, small
):
    drawn = line(draw(small), name)
    assert (drawn.kind, drawn.events, drawn.others, drawn.form) == (kind, events, others, form)


def test_a_traced_claim_does_not_make_a_line_solid(small):
    assert line(draw(small, basis=("traced",)), "link-algeria").form == "dotted"


def with_copies(package, scope, copies):
    """Return the tiny package with more incidents like the seized rifles, of one scope."""
    row = tiny.TABLES["incidents"].splitlines()[-1]
    item = "2014-01-20-tassili-rifles,1,assault_rifle,,7,exact,weapons,own,,"
    new = [f"2014-02-{number:02d}" for number in range(1, copies + 1)]
    review = "2014-01-20-tassili-rifles,2015-02,agreed"
    for file, line in (("incidents.csv", row), ("items.csv", item), ("reviews.csv", review)):
        with (package / file).open("a", encoding="utf-8") as table:
            for day in new:
                table.write(
                    line.replace("2014-01-20-tassili-rifles", f"{day}-x")
                    .replace("2014-01-20", day)
                    .replace(",false,event,", f",false,{scope},")
                    + "\n"
                )
    return load(package)


@pytest.mark.parametrize(
    ("scope", "copies", "width", "size"),
    [
        ("event", 0, 0, 0),
        ("event", 1, 0, 1),
        ("event", 2, 1, 1),
        ("event", 4, 1, 2),
        ("event", 5, 2, 2),
        ("claim", 12, 0, 0),
        ("running_total", 12, 0, 0),
    ],
)
def test_events_widen_a_line_and_claims_never_do(scope, copies, width, size, package):
    drawn = draw(with_copies(package, scope, copies))
    assert line(drawn, "link-algeria").width == width
    assert place(drawn, "tassili").size == size


def test_width_classes_depend_on_the_count_alone(shipped, layouts):
    for chosen in random_selections(shipped, 60, seed=3):
        drawn = picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)
        for found in drawn.lines:
            assert found.width == (found.events >= 3) + (found.events >= 6), (chosen, found)
        for found in drawn.places:
            assert found.size == (found.events >= 2) + (found.events >= 5), (chosen, found)


# ---------------------------------------------------------------- order and focus


def test_links_lie_under_corridors_and_wide_lines_under_narrow_ones(everything):
    kinds = [line.kind for line in everything.lines]
    assert kinds == sorted(kinds, key=["link", "corridor"].index)
    for kind in ("link", "corridor"):
        widths = [line.width for line in everything.lines if line.kind == kind]
        assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(
    ("focus", "lines", "places"),
    [
        ("", [], []),
        ("link-mali", ["link-mali"], []),
        ("algeria-ghat-in-amenas", ["algeria-ghat-in-amenas"], []),
        ("tassili", [], ["tassili"]),
        ("2013-01-16-raid", ["algeria-ghat-in-amenas"], ["in-amenas"]),
        ("2012-03-sabha-depot", [], ["sabha"]),
    ],
)
def test_focus_lights_up_a_line_a_place_or_both_of_an_incident(focus, lines, places, small):
    drawn = draw(small, focus=focus)
    assert [line.line for line in drawn.lines if line.focused] == lines
    assert [place.place for place in drawn.places if place.focused] == places


def test_the_line_in_focus_lies_on_top(small):
    assert draw(small, focus="link-mali").lines[-1].line == "link-mali"


def test_focus_filters_nothing(small):
    plain, focused = draw(small), draw(small, focus="tassili")
    assert {line.line for line in plain.lines} == {line.line for line in focused.lines}
    assert plain.sentence == focused.sentence


# ---------------------------------------------------------------- where lines run


def test_the_geometry_of_a_line_is_the_same_in_a_frame_under_every_selection(shipped, layouts):
    for chosen in random_selections(shipped, 60, seed=4):
        shown = selection.apply(shipped, chosen)
        drawn = picture.draw(chosen, shown, shipped, layouts)
        for found in drawn.lines:
            course = layouts.of_frame[drawn.frame.code].loc[found.line, "path"]
            assert np.array_equal(found.path, course), chosen


def test_the_layout_of_a_package_is_the_same_when_made_twice(shipped, layout):
    again = lay_out(shipped)
    assert again.index.equals(layout.index)
    assert again.geometry.geom_equals_exact(layout.geometry, 0).all()


def test_every_corridor_and_every_destination_outside_libya_has_one_line(shipped, layout):
    outside = shipped.destinations.index[shipped.destinations["role"] != "origin"]
    assert sorted(layout.index) == sorted(
        [*shipped.corridors.index, *(f"link-{code}" for code in outside)]
    )


def test_a_corridor_passes_every_waypoint_within_the_lanes_beside_it(shipped, layout):
    for corridor, stops in shipped.waypoints.groupby("corridor_id"):
        curve = plane(layout.loc[corridor, "path"])
        points = to_plane(shapely.get_coordinates(shipped.places.geometry.loc[stops["place_id"]]))
        shares = max(len(users) for users in shared_legs(shipped).values())
        most = LANE_PIXELS * (shares - 1) / 2 + 1
        far = pixels(shapely.distance(curve, shapely.points(points)))
        assert far.max() <= most, (corridor, far.max())


def test_a_corridor_that_nothing_bends_and_that_shares_no_leg_runs_through_its_waypoints(
    shipped, layout
):
    busy = {corridor for users in shared_legs(shipped).values() for corridor in users}
    alone = [corridor for corridor in shipped.corridors.index if corridor not in busy]
    assert len(alone) >= 3
    for corridor in alone:
        stops = to_plane(shapely.get_coordinates(shipped.corridors.geometry[corridor]))
        far = shapely.distance(plane(layout.loc[corridor, "path"]), shapely.points(stops))
        assert pixels(far).max() <= THINNED + 0.01, corridor


def test_a_corridor_leads_from_libya_outward(shipped, layout):
    for corridor in shipped.corridors.index:
        stops = shapely.get_coordinates(shipped.corridors.geometry[corridor])
        path = layout.loc[corridor, "path"]
        assert np.hypot(*(path[0] - stops[0])) < np.hypot(*(path[-1] - stops[0]))


def test_a_curve_never_strays_far_from_the_straight_way(shipped, layout):
    for corridor in shipped.corridors.index:
        straight = plane(shapely.get_coordinates(shipped.corridors.geometry[corridor]))
        strayed = straight.hausdorff_distance(plane(layout.loc[corridor, "path"]))
        assert strayed < 0.25 * straight.length, corridor


def shared_legs(shipped):
    """Return the corridors that share a leg, by leg in either direction."""
    users = {}
    for corridor, stops in shipped.waypoints.sort_values("seq").groupby("corridor_id"):
        for leg in pairwise(stops["place_id"]):
            users.setdefault(frozenset(leg), set()).add(corridor)
    return {leg: found for leg, found in users.items() if len(found) > 1}


def test_corridors_that_share_a_leg_run_side_by_side(shipped, layout):
    legs = shared_legs(shipped)
    assert legs
    for leg, users in legs.items():
        ends = to_plane(shapely.get_coordinates(shipped.places.geometry.loc[sorted(leg)]))
        across = ends[1] - ends[0]
        across = np.array([-across[1], across[0]]) / np.hypot(*across)
        reach = 60 * REGION.scale * across
        cut = shapely.LineString([ends.mean(axis=0) - reach, ends.mean(axis=0) + reach])
        crossings = {
            user: shapely.intersection(plane(layout.loc[user, "path"]), cut) for user in users
        }
        for one, other in combinations(sorted(users), 2):
            apart = pixels(crossings[one].distance(crossings[other]))
            assert apart >= LANE_PIXELS / 2, (sorted(leg), one, other, apart)


def test_a_link_starts_in_libya_and_ends_at_the_point_of_its_destination(shipped, layout):
    for code in selection.destination_codes(shipped, "focus", "onward"):
        record = shipped.destinations.loc[code]
        path = layout.loc[f"link-{code}", "path"]
        assert path[-1] == pytest.approx([record["link_lon"], record["link_lat"]], abs=0.001)
        assert 9 < path[0][0] < 26
        assert 19 < path[0][1] < 34


def test_every_coordinate_is_a_number_on_the_map(layout):
    for path in layout["path"]:
        assert np.isfinite(path).all()
        assert (np.abs(path) < (180, 85)).all()


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("name", "mark", "events", "others", "colour"),
    [
        ("sabha", "store", 1, 0, style.DESTINATION_COLOURS["libya"]),
        ("in-amenas", "place", 1, 0, style.DESTINATION_COLOURS["algeria"]),
        ("gao", "place", 1, 0, style.DESTINATION_COLOURS["mali"]),
        ("tassili", "area", 1, 1, style.DESTINATION_COLOURS["algeria"]),
    ],
)
def test_a_mark_says_whether_a_place_is_a_spot_an_area_or_a_store(
    name, mark, events, others, colour, small
):
    found = place(draw(small), name)
    assert (found.mark, found.events, found.others, found.colour) == (mark, events, others, colour)


def test_a_place_with_several_destinations_is_neutral(package):
    tiny.change(package / "incidents.csv", "tassili,algeria,,traced", "tassili,niger,,traced")
    found = place(draw(load(package)), "tassili")
    assert found.colour == style.SEVERAL_COLOUR


def test_a_place_in_libya_on_the_way_to_another_country_is_no_store(package):
    tiny.change(package / "incidents.csv", "cache_found,gao", "cache_found,sabha")
    found = place(draw(load(package)), "sabha")
    assert found.mark == "place"
    assert found.colour == style.SEVERAL_COLOUR


def test_an_area_is_never_drawn_as_a_spot(everything, shipped):
    for found in everything.places:
        exact = shipped.places.loc[found.place, "precision"] == "place"
        assert found.mark != ("area" if exact else "place")


def test_areas_lie_under_spots(everything):
    marks = [place.mark == "area" for place in everything.places]
    assert marks == sorted(marks, reverse=True)


# ---------------------------------------------------------------- end tags


def test_every_destination_of_a_line_is_told_by_a_tag(everything, shipped):
    drawn = {
        shipped.destinations.loc[line.destination, "abbreviation"] for line in everything.lines
    }
    assert {tag.text for tag in everything.tags} == drawn


def test_a_tag_has_the_colour_of_its_line(everything):
    colours = {line.line: line.colour for line in everything.lines}
    assert all(tag.colour == colours[tag.line] for tag in everything.tags)


def test_no_tag_covers_another(shipped, layouts):
    scale = REGION.scale * SMALL
    for chosen in [Selection(), *random_selections(shipped, 30, seed=6)]:
        drawn = picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)
        boxes = []
        for tag in drawn.tags:
            x, y = to_plane(np.array([[tag.longitude, tag.latitude]]))[0] / scale
            x, y = x + tag.right, y - tag.down
            half = np.array(TAG_SIZE) / 2 - 0.1
            boxes.append(shapely.box(x - half[0], y - half[1], x + half[0], y + half[1]))
        assert not any(one.intersects(other) for one, other in combinations(boxes, 2)), chosen


# ---------------------------------------------------------------- legend and notes


def test_the_legend_has_the_rows_of_what_is_drawn_in_the_order_of_the_whole(shipped, layouts):
    whole = legend(shipped)
    assert len({entry.key for entry in whole}) == len(whole)
    for chosen in random_selections(shipped, 20, seed=8):
        drawn = picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)
        assert list(drawn.legend) == [entry for entry in whole if entry.key in drawn.held]
        keys = {entry.key for entry in drawn.legend}
        assert keys == drawn.held
        for line in drawn.lines:
            assert {f"route-{line.kind}", f"form-{line.form}"} <= keys
            assert f"width-{line.width}" in keys or not line.events
        for place in drawn.places:
            assert ("area" in keys) or place.mark != "area"
            assert ("claims" in keys) or place.events
        assert ("number" in keys) == any(not mark.stopped for mark in drawn.numbers)
        assert ("stopped" in keys) == any(mark.stopped for mark in drawn.numbers)
        assert drawn.notes == knowledge.NOTES


def test_the_legend_explains_every_form_class_and_focus_colour(shipped):
    rows = legend(shipped)
    forms = [row.symbol.parts[0].stroke.dash for row in rows if row.symbol.kind == "form"]
    assert forms == list(style.DASHES.values())
    widths = [row.label for row in rows if "on a line" in row.section]
    assert widths == style.class_labels(style.LINE_CLASS_STARTS)
    sizes = [row.label for row in rows if row.symbol.kind == "place"]
    assert sizes == style.class_labels(style.PLACE_CLASS_STARTS)
    colours = {row.symbol.parts[0].fill for row in rows if row.symbol.kind in {"tag", "store"}}
    assert colours == {*style.DESTINATION_COLOURS.values(), style.ONWARD_COLOUR}


def test_the_notes_warn_of_what_a_map_hides():
    notes = " ".join(knowledge.NOTES)
    for words in (
        "not surveyed tracks",
        "not evidence of absence",
        "legal status",
        "Natural Earth",
    ):
        assert words in notes


def test_an_empty_selection_is_an_empty_picture_with_a_sentence(small):
    drawn = draw(small, destinations=("niger",))
    assert (drawn.lines, drawn.places, drawn.tags) == ((), (), ())
    assert "no documented incident" in drawn.sentence.headline
    assert drawn.legend


# ---------------------------------------------------------------- many places


def test_a_mark_of_several_places_says_for_how_many(monkeypatch):
    monkeypatch.setattr(preparation.gather_places, "__defaults__", (40,))
    gathered = load()
    drawn = draw(gathered)
    assert sum(one.members for one in drawn.places) == gathered.incidents["place_id"].nunique()
    several = [one for one in drawn.places if one.members > 1]
    assert several
    assert "members" in {entry.symbol.kind for entry in legend(gathered)}
    told = {one["focus"]: one["members"] for one in flows(drawn)["places"]}
    assert told == {one.place: one.members for one in drawn.places}
    plate = make_plate(gathered, SHIPPED)
    ground = prepare_ground(plate.basemap, plate.fills, plate.names)
    prepared = briefing.prepare(Selection(), gathered, plate)
    printed = ET.fromstring(svg(prepared.picture, prepared.caption, ground))
    words = [text.strip() for text in printed.itertext()]
    assert "so many places in one mark" in words
    assert str(several[0].members) in words


def test_where_every_place_has_its_mark_the_legend_says_nothing_of_numbers(shipped):
    assert "members" not in {entry.symbol.kind for entry in legend(shipped)}
