"""The overview: an arrow for each destination with incidents, and none beyond what is known."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import shapely

from armsflow.picture import arrows, picture, style
from armsflow.picture.numbers import HEIGHT
from armsflow.picture.plane import to_plane
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests.browser.recount import Recount
from tests.choices import random_selections


def draw(shipped, layouts, chosen):
    return picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)


@pytest.fixture(scope="module")
def overviews(shipped, layouts):
    default = selection.default_selection(shipped)
    chosen = [default, Selection(destinations=("mali", "egypt"))]
    chosen += [replace(default, weapon=(group,)) for group in selection.weapon_groups(shipped)]
    chosen += [replace(default, years=(year, year + 2)) for year in range(2011, 2022, 3)]
    chosen += [one for one in random_selections(shipped, 40, seed=71) if not one.focus]
    drawn = [draw(shipped, layouts, one) for one in chosen]
    return [one for one in drawn if one.arrows]


def tag_box(arrow, scale):
    x, y = to_plane(np.array([[arrow.longitude, arrow.latitude]]))[0] / scale
    x, y = x + arrow.right, y - arrow.down
    half = arrow.tag_width / 2, arrows.TAG_HEIGHT / 2
    return shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])


def way_of(arrow):
    return arrow.shaft if arrow.tail is None else np.vstack([arrow.shaft, arrow.tail[1:]])


def test_the_whole_region_opens_with_the_overview_and_a_close_up_with_the_routes(shipped, layouts):
    default = selection.default_selection(shipped)
    assert draw(shipped, layouts, default).arrows
    for routes in (
        Selection(destinations=default.destinations, show="routes"),
        Selection(destinations=default.destinations, focus="link-mali"),
        Selection(destinations=("tunisia",)),
        Selection(destinations=("tunisia",), show="overview"),
    ):
        drawn = draw(shipped, layouts, routes)
        assert not drawn.arrows, routes
        assert not any(line.quiet for line in drawn.lines)
        assert drawn.tags


def test_each_destination_with_incidents_has_one_arrow_that_says_its_recounted_number(overviews):
    recount = Recount()
    assert len(overviews) > 5
    for drawn in overviews:
        counts = dict.fromkeys(recount.destinations, 0)
        outcomes = {code: dict.fromkeys(("on_the_way", "there", ""), 0) for code in counts}
        shown = set(drawn.shown.incidents.index)
        for row in recount.incidents:
            if row["incident_id"] in shown and row["scope"] == "event":
                counts[row["destination"]] += 1
                there = row["outcome"] in {"found", "used"}
                outcomes[row["destination"]]["there" if there else row["outcome"]] += 1
        wanted = {code: count for code, count in counts.items() if count and code != "libya"}
        assert {arrow.destination for arrow in drawn.arrows} == set(wanted)
        for arrow in drawn.arrows:
            count, found = wanted[arrow.destination], outcomes[arrow.destination]
            assert arrow.name.endswith(f" {count:,}")
            assert (arrow.tail is not None) == (found["on_the_way"] > found["there"])
            for words, number in (("there", found["there"]), ("stopped", found["on_the_way"])):
                assert (
                    f"{number} {words}" in arrow.outcome or f"all {words}" in arrow.outcome
                ) == bool(number)


def test_what_lies_under_arrows_is_all_there_thin_and_pale(overviews, layouts):
    for drawn in overviews:
        routes = picture.draw(
            Selection(**{**vars(drawn.selection), "show": "routes"}),
            drawn.shown,
            drawn.whole,
            layouts,
        )
        assert {line.line for line in drawn.lines} == {line.line for line in routes.lines}
        assert {place.place for place in drawn.places} == {place.place for place in routes.places}
        assert all(line.quiet for line in drawn.lines)
        vivid = {*style.DESTINATION_COLOURS.values(), style.ONWARD_COLOUR}
        assert not vivid & {mark.colour for mark in (*drawn.lines, *drawn.places)}
        assert drawn.tags == ()


def test_no_arrow_crosses_another(overviews):
    for drawn in overviews:
        ways = [shapely.LineString(to_plane(way_of(arrow))) for arrow in drawn.arrows]
        assert not any(one.crosses(other) for one, other in combinations(ways, 2)), drawn.selection


def test_no_tag_covers_a_tag_or_a_number_or_leaves_the_frame(overviews):
    for drawn in overviews:
        scale = drawn.frame.scale * arrows.ROOM
        tags = [tag_box(arrow, scale) for arrow in drawn.arrows]
        window = shapely.box(*(drawn.frame.corners / scale).ravel())
        assert all(window.contains(tag) for tag in tags)
        assert not any(one.intersects(other) for one, other in combinations(tags, 2))
        for mark in drawn.numbers:
            x, y = to_plane(np.array([[mark.longitude, mark.latitude]]))[0] / scale
            x, y = x + mark.right, y - mark.down
            box = shapely.box(
                x - mark.width / 2, y - HEIGHT / 2, x + mark.width / 2, y + HEIGHT / 2
            )
            assert not any(tag.intersects(box) for tag in tags), drawn.selection


def test_the_firmest_cases_of_each_destination_are_numbered(overviews):
    for drawn in overviews:
        per = {}
        for case in drawn.cases:
            per[case.destination] = per.get(case.destination, 0) + 1
        assert set(per.values()) <= {1, 2}
        assert len(drawn.cases) <= 12
        shown = {arrow.destination for arrow in drawn.arrows}
        assert len(drawn.cases) == 12 or shown <= set(per)


def test_the_legend_of_an_overview_says_what_arrows_mean(overviews):
    for drawn in overviews:
        assert {f"arrow-{arrow.width}" for arrow in drawn.arrows} <= drawn.held
        assert ("bar" in drawn.held) == any(arrow.tail is not None for arrow in drawn.arrows)
        assert "ring" in drawn.held
