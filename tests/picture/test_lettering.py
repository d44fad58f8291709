"""Names on the map: none covers another, none stands on a line."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
import shapely

from armsflow.picture import lettering, picture, plane
from armsflow.picture.plane import to_plane
from armsflow.picture.routes import lay_out_frames
from armsflow.selection.selection import Selection

ZOOMS = [4.0, 4.5, 4.75, 5.5, 6.5, 8.0]


@pytest.fixture(scope="module")
def names(plate):
    return plate.names


def printed(names, zoom, kind=None):
    return [name for name in names if name.min_zoom <= zoom and kind in {None, name.kind}]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_no_two_printed_names_overlap(names, zoom):
    boxes = [(name, lettering.name_box(name, zoom)) for name in printed(names, zoom)]
    assert len(boxes) > 10
    overlaps = [
        (one.text, other.text)
        for (one, a), (other, b) in combinations(boxes, 2)
        if shapely.intersection(a, b).area > 0
    ]
    assert overlaps == []


@pytest.mark.parametrize("zoom", ZOOMS)
def test_no_name_of_a_town_crosses_a_line_of_the_default_view(names, zoom, default):
    lines = [(line.line, shapely.LineString(to_plane(line.path))) for line in default.lines]
    crossed = [
        (name.text, line)
        for name in printed(names, zoom, "town")
        for line, path in lines
        if path.intersects(lettering.name_box(name, zoom))
    ]
    assert crossed == []


@pytest.mark.parametrize("zoom", ZOOMS)
def test_no_name_of_a_town_covers_a_place_of_the_default_view(names, zoom, default):
    spots = to_plane(np.array([(p.longitude, p.latitude) for p in default.places]))
    points = shapely.points(spots)
    covered = [
        name.text
        for name in printed(names, zoom, "town")
        if lettering.name_box(name, zoom).intersects(points).any()
    ]
    assert covered == []


def test_every_town_has_at_most_one_name(names):
    towns = Counter(name.text for name in names if name.kind == "town")
    assert towns
    assert max(towns.values()) == 1


def test_a_town_is_printed_no_sooner_than_the_basemap_allows(names, plate):
    table = plate.basemap.names
    towns = table[table["kind"] == "town"]
    least = dict(zip(towns["name"], towns["min_zoom"], strict=True))
    assert all(name.min_zoom >= least[name.text] for name in names if name.kind == "town")


def test_names_of_countries_and_waters_all_stand_where_the_basemap_puts_them(names, plate):
    table = plate.basemap.names
    fixed = table[table["kind"] != "town"]
    assert sorted(name.text for name in names if name.kind != "town") == sorted(fixed["name"])
    assert all(name.side == "centre" for name in names if name.kind != "town")


@pytest.mark.parametrize(
    ("side", "right", "up"),
    [("e", 1, 0), ("w", -1, 0), ("n", 0, 1), ("s", 0, -1), ("ne", 1, 1), ("sw", -1, -1)],
)
def test_a_name_stands_on_its_side_of_the_town(side, right, up):
    town = lettering.Name("Sabha", "town", 14.43, 27.04, side, 4)
    middle = lettering.name_box(town, 5).centroid
    x, y = to_plane(np.array([[14.43, 27.04]]))[0]
    assert np.sign(np.round([middle.x - x, middle.y - y], 3)).tolist() == [right, up]


def test_a_name_covers_half_the_ground_at_the_next_zoom():
    town = lettering.Name("Sabha", "town", 14.43, 27.04, "e", 4)
    near, far = lettering.name_box(town, 6), lettering.name_box(town, 5)
    assert near.length == pytest.approx(far.length / 2)


def test_the_scale_halves_with_every_zoom():
    assert plane.metres_per_pixel(0) == pytest.approx(40075016.68 / 256)
    assert plane.metres_per_pixel(5) == pytest.approx(plane.metres_per_pixel(4) / 2)


def test_a_town_without_room_is_left_out(small, plate):
    table = plate.basemap.names
    rows = (
        table[table["kind"] == "town"]
        .iloc[[0] * 12]
        .assign(name=[f"Town {number}" for number in range(12)], rank=range(12), min_zoom=0.0)
    )
    asked = Selection()
    drawn = picture.draw(asked, small, small, lay_out_frames(small))
    placed = lettering.place_names(rows, drawn)
    assert 0 < len(placed) < 12
    assert "Town 0" in {name.text for name in placed}
