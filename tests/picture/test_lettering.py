"""Names on the map: none covers another, a line or a mark, and numbered places come first."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import shapely

from armsflow.dataset.languages import in_language
from armsflow.dataset.loader import SHIPPED
from armsflow.language import ENGLISH, LOCALES, speaking
from armsflow.package.basemap import names_in
from armsflow.picture import lettering, picture, plane, room
from armsflow.picture.frames import FRAMES, REGION
from armsflow.picture.names import SIZES, SPREAD_KINDS, Name, letters_of, name_box
from armsflow.picture.plane import to_plane, zoom_of
from armsflow.picture.plate import make_plate, plate_in_language
from armsflow.picture.routes import lay_out_frames
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests.choices import random_selections

OTHERS = [language for language in LOCALES if language != ENGLISH]


@pytest.fixture(scope="module")
def lettered(shipped, layouts, plate):
    """Pictures with their names: the region, each destination, and some at random."""
    default = selection.default_selection(shipped)
    chosen = [Selection(), default]
    chosen += [Selection(destinations=(code,)) for code in selection.destination_codes(shipped)]
    chosen += random_selections(shipped, 15, seed=61)
    found = []
    for one in chosen:
        drawn = picture.draw(one, selection.apply(shipped, one), shipped, layouts)
        found.append((drawn, lettering.letter(drawn, plate.names)))
    return found


def zooms(drawn):
    """Return the zooms of a small map and of one of the usual size; nearer, the reader moves it."""
    return [zoom_of(drawn.frame.scale * smaller) for smaller in lettering.SMALLER[:3]]


def printed(names, zoom, *kinds):
    return [
        name for name in names
        if name.min_zoom <= zoom and (not kinds or name.kind in kinds)
    ]  # fmt: skip


def test_no_two_names_that_are_placed_overlap(lettered):
    for drawn, names in lettered:
        for zoom in zooms(drawn):
            boxes = [(name, name_box(name, zoom)) for name in printed(names, zoom, "town", "found")]
            overlaps = [
                (one.text, other.text)
                for (one, a), (other, b) in combinations(boxes, 2)
                if shapely.intersection(a, b).area > 0
            ]
            assert overlaps == [], drawn.selection


def test_no_name_of_a_town_crosses_a_line(lettered):
    for drawn, names in lettered:
        lines = [
            (line.line, shapely.LineString(to_plane(part)))
            for line in drawn.lines
            for part in line.parts
        ]
        for zoom in zooms(drawn):
            crossed = [
                (name.text, line)
                for name in printed(names, zoom, "town")
                for line, path in lines
                if path.intersects(name_box(name, zoom))
            ]
            assert crossed == [], drawn.selection


def test_no_name_of_a_town_or_a_numbered_place_covers_a_place(lettered):
    for drawn, names in lettered:
        if not drawn.places:
            continue
        spots = to_plane(np.array([(place.longitude, place.latitude) for place in drawn.places]))
        points = shapely.points(spots)
        for zoom in zooms(drawn):
            covered = [
                name.text
                for name in printed(names, zoom, "town", "found")
                if name_box(name, zoom).intersects(points).any()
            ]
            assert covered == [], drawn.selection


def test_nearly_every_place_of_a_numbered_incident_is_named(lettered):
    wanted, missing = 0, []
    for drawn, names in lettered:
        spots = {mark.spot for mark in drawn.numbers}
        zoom = zoom_of(drawn.frame.scale * lettering.ROOM)
        named = {name.text for name in printed(names, zoom, "found")}
        for place in drawn.places:
            if place.place in spots:
                wanted += 1
                short = place.name.partition(" (")[0]
                missing += [] if short in named else [(drawn.frame.code, short)]
    assert wanted > 100
    assert len(missing) < 0.15 * wanted, missing
    near = [name for frame, name in missing if frame not in {"region", "wide"}]
    assert len(near) < 0.05 * wanted, near


def test_every_town_has_at_most_one_name(lettered):
    for _, names in lettered:
        towns = Counter(name.text for name in names if name.kind in {"town", "found"})
        assert max(towns.values(), default=1) == 1


def test_a_town_is_printed_no_sooner_than_the_basemap_allows(lettered, plate):
    table = plate.basemap.names
    towns = table[table["kind"] == "town"]
    least = dict(zip(towns["name"], towns["min_zoom"], strict=True))
    for _, names in lettered:
        assert all(name.min_zoom >= least[name.text] for name in names if name.kind == "town")


def test_the_region_names_what_the_basemap_names_unless_a_mark_would_hide_it(lettered, plate):
    table = plate.basemap.names
    fixed = table[table["kind"] != "town"]
    drawn, names = next(pair for pair in lettered if pair[0].frame == REGION)
    seen = {name.text for name in names if name.side == "centre"}
    assert seen <= set(fixed["name"])
    tagged = {arrow.name.rpartition(" ")[0] for arrow in drawn.arrows}
    assert {"Libya", "Algeria", "Egypt", "Mali"} <= seen | tagged
    assert "Libya" in seen
    assert len(seen) > 0.7 * len(fixed)


def test_a_close_up_names_a_country_on_its_own_land(plate):
    land = plate.basemap.land.set_index("name").geometry
    close = [frame for frame in FRAMES if frame.code not in {"region", "wide"}]
    for frame in close:
        spread = plate.names.spread[frame.code]
        assert any(name.kind == "origin" for name in spread), frame.code
        for name in spread:
            if name.kind not in SPREAD_KINDS or name.text not in land.index:
                continue
            points = plane.to_degrees(name.points)
            assert shapely.contains_xy(land[name.text].buffer(0.1), *points.T).all(), name.text
            assert frame.holds(name.points)


@pytest.mark.parametrize(
    ("side", "right", "up"),
    [("e", 1, 0), ("w", -1, 0), ("n", 0, 1), ("s", 0, -1), ("ne", 1, 1), ("sw", -1, -1)],
)
def test_a_name_stands_on_its_side_of_the_town(side, right, up):
    town = Name("Sabha", "town", 14.43, 27.04, side, 4)
    middle = name_box(town, 5).centroid
    x, y = to_plane(np.array([[14.43, 27.04]]))[0]
    assert np.sign(np.round([middle.x - x, middle.y - y], 3)).tolist() == [right, up]


def test_a_name_covers_half_the_ground_at_the_next_zoom():
    town = Name("Sabha", "town", 14.43, 27.04, "e", 4)
    near, far = name_box(town, 6), name_box(town, 5)
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
    drawn = picture.draw(Selection(frame="region"), small, small, lay_out_frames(small))
    known = lettering.prepare_lettering(rows, plate.basemap.land)
    placed = {name.text for name in lettering.letter(drawn, known) if name.kind == "town"}
    assert 0 < len(placed) < 12
    assert "Town 0" in placed


def test_a_square_is_free_until_it_is_taken():
    grid = room.Grid(REGION, REGION.scale)
    middle = REGION.corners.mean(axis=0) / REGION.scale
    box = (*middle, 10.0, 5.0)
    assert grid.covered(box) == 0
    grid.take(box)
    assert grid.covered(box) > 10
    assert grid.covered((middle[0] + 25, middle[1], 10.0, 5.0)) == 0
    assert grid.covered((*(REGION.corners[0] / REGION.scale), 10.0, 5.0)) > 10**5


def test_names_are_kept_by_what_is_drawn_and_never_for_rows_of_a_reader(shipped, layouts, plate):
    known = lettering.prepare_lettering(plate.basemap.names, plate.basemap.land)
    pictures = [
        picture.draw(one, selection.apply(shipped, one), shipped, layouts)
        for one in (Selection(destinations=("mali",)), Selection(destinations=("tunisia",)))
    ]
    first = [lettering.letter(drawn, known) for drawn in pictures]
    assert first[0] != first[1]
    assert len(known.kept) == 2
    again = picture.draw(pictures[0].selection, pictures[0].shown, shipped, layouts)
    assert lettering.letter(again, known) is first[0]
    own = replace(shipped, descriptor={**shipped.descriptor, "unpublished": {"incidents": ["x"]}})
    assert lettering.letter(replace(pictures[0], whole=own), known) == first[0]
    assert len(known.kept) == 2


# ---------------------------------------------------------------- other languages


def texts(known):
    spread = {name.text for names in known.spread.values() for name in names}
    return spread | {town.text for town in known.towns}


def test_every_name_is_there_in_every_language_and_agrees_with_the_data(shipped, plate):
    names = plate.basemap.names.set_index("name")
    for language in OTHERS:
        assert names[language].map(lambda text: isinstance(text, str) and bool(text.strip())).all()
        told = in_language(shipped, language).places["name"]
        for place, name in shipped.places["name"].items():
            short = name.partition(" (")[0]
            if short in names.index:
                assert names[language][short] == told[place].partition(" (")[0]


@pytest.mark.parametrize("language", OTHERS)
def test_a_plate_has_the_names_of_its_language_and_the_lines_of_every_other(
    shipped, plate, language
):
    dataset = in_language(shipped, language)
    with speaking(language):
        told = plate_in_language(plate, dataset)
    names = plate.basemap.names.set_index("name")[language]
    assert texts(told.names) == {names[text] for text in texts(plate.names)}
    assert (told.basemap, told.fills) == (plate.basemap, plate.fills)
    for code, layout in plate.layouts.of_frame.items():
        other = told.layouts.of_frame[code]
        assert other.drop(columns="name").equals(layout.drop(columns="name"))
        assert other["name"][dataset.corridors.index].equals(dataset.corridors["name"])
    # A close-up may have no room for a longer name.
    counts = [sum(map(len, one.names.spread.values())) for one in (told, plate)]
    assert counts[0] > 0.95 * counts[1]


def test_a_new_plate_has_the_names_of_its_dataset(shipped):
    french = in_language(shipped, "fr")
    assert texts(make_plate(french, SHIPPED).names) >= {"Libye", "Le Caire", "Mer Méditerranée"}


@pytest.mark.parametrize("language", OTHERS)
def test_english_stands_where_a_basemap_lacks_a_name(plate, language):
    plain, land = plate.basemap.names.drop(columns=OTHERS), plate.basemap.land
    assert texts(lettering.prepare_lettering(plain, land, language)) == texts(plate.names)
    some = plain.assign(**{language: ["Name", "", None, 7, *[float("nan")] * (len(plain) - 4)]})
    assert names_in(language, some) == ["Name", *plain["name"][1:]]


def test_letters_that_join_are_not_set_apart(plate):
    for name in plate.basemap.names.itertuples():
        for text, spaced in ((name.name, True), (name.fr, True), (name.ar, False)):
            size, spacing = letters_of(Name(text, name.kind, 0, 0, "e", 0))
            assert (size, spacing) == (SIZES[name.kind][0], SIZES[name.kind][1] * spaced)
