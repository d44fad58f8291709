"""The map as layers: the counts of the page, its looks, what it says of itself, and no script."""

import io
import json
import sqlite3
import tempfile
import time
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest
import shapely

from armsflow.briefing import briefing
from armsflow.picture import style
from armsflow.picture.plate import make_plate
from armsflow.picture.strokes import line_strokes
from armsflow.selection.selection import Selection
from tests import tiny
from tests.briefing.selected import HOSTILE, NOTHING, counted, forty, marked_and_own

MAKERS = briefing.writers(None)
MAPPED = ("incidents", "places", "areas", "corridors", "links", "onward")
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def whole(shipped, plate):
    return briefing.prepare(Selection(show="routes"), shipped, plate, "https://example.org/flows")


@pytest.fixture(scope="module")
def odd(package, small):
    return marked_and_own(small, make_plate(small, package))


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("layers") / "package")


def layers_of(content, wanted=None, **options):
    """Read layers of a file that GDAL knows, by name."""
    ending = {b"SQLi": "gpkg", b"PK\3\4": "kmz"}.get(content[:4], "geojson")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"map.{ending}"
        file.write_bytes(content)
        names = [name for name, _ in pyogrio.list_layers(file) if not wanted or name in wanted]
        return {name: pyogrio.read_dataframe(file, layer=name, **options) for name in names}


def kml_of(content):
    return ET.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("doc.kml"))


def tallies(layers, names):
    """Events and others of each row of some layers, by its identifier."""
    return {
        row.id: Counter(events=row.incidents, others=row.not_counted)
        for name in names
        if name in layers
        for row in layers[name].itertuples()
    }


def test_a_geopackage_counts_what_the_page_counts(shipped, plate):
    seen = Counter()
    for chosen in forty(shipped):
        content = MAKERS["gpkg"](briefing.prepare(chosen, shipped, plate))
        layers = layers_of(content, MAPPED, read_geometry=False)
        rows, lines, places = counted(chosen, shipped)
        incidents = layers.get("incidents")
        shown = (
            []
            if incidents is None
            else list(zip(incidents["id"], incidents["counted_as"], strict=True))
        )
        assert [one for one, _ in shown] == [row["incident_id"] for row in rows]
        events = sum(row["scope"] == "event" for row in rows)
        assert sum(words == "Single event" for _, words in shown) == events
        drawn = tallies(layers, ("corridors", "links"))
        assert {line: tally for line, tally in drawn.items() if tally.total()} == lines
        assert tallies(layers, ("places", "areas")) == places
        seen.update(layers.keys())
    assert min(seen[name] for name in ("incidents", "areas", "corridors", "links", "onward")) > 3


def test_every_form_has_the_same_rows(whole):
    layers = layers_of(MAKERS["gpkg"](whole))
    counts = {name: len(rows) for name, rows in layers.items() if "geometry" in rows}
    assert len(counts) == 6
    collection = json.loads(MAKERS["geojson"](whole))
    assert Counter(one["properties"]["layer"] for one in collection["features"]) == counts
    assert {name: len(rows) for name, rows in layers_of(MAKERS["kmz"](whole)).items()} == counts
    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert shapely.is_valid(shapely.from_geojson(json.dumps(feature["geometry"])))


def test_points_and_lines_lie_where_the_tables_and_the_map_have_them(whole, shipped):
    layers = layers_of(MAKERS["gpkg"](whole))
    incidents = layers["incidents"].set_index("id")
    assert {rows.crs.to_epsg() for rows in layers.values() if "geometry" in rows} == {4326}
    for identifier, point in shipped.incidents.geometry.items():
        assert incidents.geometry[identifier].equals(point)
    for corridor in layers["corridors"].itertuples():
        stops = shapely.get_coordinates(shipped.corridors.geometry[corridor.id])
        ends = shapely.get_coordinates(corridor.geometry)[[0, -1]]
        assert abs(ends - stops[[0, -1]]).max() < 0.7
    for link in layers["links"].itertuples():
        assert len(shapely.get_parts(link.geometry)) == 2
    assert set(layers["onward"]["id"]) <= set(layers["links"]["id"])


def test_the_days_that_a_date_may_mean_are_dates(whole, shipped):
    rows = layers_of(MAKERS["gpkg"](whole))["incidents"].set_index("id")
    for column in ("first_day", "last_day"):
        assert [day.date() for day in rows[column]] == list(shipped.incidents[column].dt.date)
    lengths = {"year": 4, "month": 7, "day": 10}
    assert [lengths[one] for one in rows["date_known_to_the"]] == list(rows["date"].map(len))


def test_a_selection_without_rows_still_says_what_it_is(shipped, plate):
    nothing = briefing.prepare(NOTHING, shipped, plate)
    layers = layers_of(MAKERS["gpkg"](nothing))
    assert list(layers) == ["about"]
    assert json.loads(MAKERS["geojson"](nothing))["features"] == []
    name = kml_of(MAKERS["kmz"](nothing)).find(f"{KML}Document/{KML}name").text
    assert name == nothing.picture.sentence.headline


def test_every_form_says_version_licence_filters_number_and_marking(odd, whole):
    for prepared in (odd, whole):
        about = dict(briefing.briefing_words(prepared))
        [licence] = prepared.whole.descriptor["licenses"]
        assert licence["title"] in about["Licence"]
        assert prepared.whole.version in about["Citation"]
        assert ("Marking" in about) is (prepared is odd)
        table = layers_of(MAKERS["gpkg"](prepared))["about"]
        assert dict(zip(table["heading"], table["words"], strict=True)) == about
        assert json.loads(MAKERS["geojson"](prepared))["about"] == about
        described = kml_of(MAKERS["kmz"](prepared)).find(f"{KML}Document/{KML}description").text
        told = ["".join(paragraph.itertext()) for paragraph in ET.fromstring(described)]
        assert told == [f"{heading}: {words}" for heading, words in about.items()]


def test_cautions_markings_and_unpublished_rows_are_in_every_form(odd):
    for content in (MAKERS["gpkg"](odd), MAKERS["geojson"](odd)):
        layers = layers_of(content)
        rows = next(iter(layers.values())) if len(layers) == 1 else layers["incidents"]
        rows = rows[rows["published"].notna()].set_index("id")
        assert rows["published"]["2013-05-gao-missiles"] == "no, added by a reader"
        assert set(rows["published"].drop("2013-05-gao-missiles")) == {"yes"}
        assert rows["cautions"]["2013-01-16-raid"] == "Shoulder-fired missiles: Seen once."
        assert set(rows["marking"]) == {"OFFICIAL & <TEST>"}
    for rows in layers_of(MAKERS["gpkg"](odd)).values():
        if "geometry" in rows:
            assert set(rows["marking"]) == {"OFFICIAL & <TEST>"}
    text = MAKERS["kmz"](odd)
    described = " ".join(layers_of(text)["incidents"]["description"])
    for words in ("Seen once.", "no, added by a reader", "OFFICIAL &amp; &lt;TEST&gt;"):
        assert words in described
    own = layers_of(MAKERS["gpkg"](odd))
    assert own["places"].set_index("id")["unpublished"]["gao"] == 1
    marked = own["incidents"].set_index("id")["legend"].str.endswith(", unpublished")
    assert list(marked[marked].index) == ["2013-05-gao-missiles"]
    qml = own["layer_styles"].set_index("f_table_name")["styleQML"]["incidents"]
    assert qml.count('value="square"') == 1


def test_hostile_text_is_text_in_google_earth_and_unchanged_elsewhere(odd):
    root = kml_of(MAKERS["kmz"](odd))
    names = [element.text for element in root.iter(f"{KML}name")]
    assert names.count(HOSTILE) > 8
    for description in root.iter(f"{KML}description"):
        tags = {element.tag for element in ET.fromstring(description.text).iter()}
        assert tags <= {"div", "p"}
        assert "<script" not in description.text
    assert any(HOSTILE in "".join(ET.fromstring(one.text).itertext())
               for one in root.iter(f"{KML}description"))  # fmt: skip
    assert set(layers_of(MAKERS["gpkg"](odd))["incidents"]["place"]) == {HOSTILE}


def test_google_earth_gets_days_colours_and_nothing_from_elsewhere(whole, shipped):
    content = MAKERS["kmz"](whole)
    root = kml_of(content)
    spans = [(one[0].text, one[1].text) for one in root.iter(f"{KML}TimeSpan")]
    days = [shipped.incidents[day].dt.strftime("%Y-%m-%d") for day in ("first_day", "last_day")]
    assert spans == list(zip(*days, strict=True))
    assert {one.text for one in root.iter(f"{KML}href")} == {"dot.png"}
    assert zipfile.ZipFile(io.BytesIO(content)).read("dot.png").startswith(b"\x89PNG")
    [look] = root.iter(f"{KML}LookAt")
    libya = shipped.incidents[shipped.incidents["country"] == "LBY"].geometry.union_all()
    assert libya.convex_hull.buffer(2).contains(
        shapely.Point(*(float(look.find(KML + side).text) for side in ("longitude", "latitude")))
    )
    lines = list(root.iter(f"{KML}LineString"))
    assert lines
    assert all(line.find(f"{KML}tessellate").text == "1" for line in lines)
    colours = {one.text[2:] for one in root.iter(f"{KML}color")}
    turned = style.destination_colour("mali")[1:].lower()
    assert turned[4:] + turned[2:4] + turned[:2] in colours


def test_the_styles_of_qgis_draw_each_row_as_the_page_does(whole):
    content = MAKERS["gpkg"](whole)
    layers = layers_of(content)
    styles = layers["layer_styles"].set_index("f_table_name")
    assert set(styles.index) == {name for name, rows in layers.items() if "geometry" in rows}
    assert styles["useAsDefault"].all()
    assert set(styles["f_geometry_column"]) == {"geom"}
    for name, text in styles["styleQML"].items():
        root = ET.fromstring(text)
        renderer = root.find("renderer-v2")
        assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "legend")
        drawn = {one.get("value"): one.get("symbol") for one in renderer.find("categories")}
        assert set(drawn) == set(layers[name]["legend"])
        symbols = {one.get("name"): one for one in renderer.find("symbols")}
        assert set(symbols) == set(drawn.values())
        for row in layers[name].itertuples():
            options = [
                {option.get("name"): option.get("value") for option in part.find("Option")}
                for part in symbols[drawn[row.legend]].findall("layer")
            ]
            red, green, blue = bytes.fromhex(row.colour[1:])
            assert any(f"{red},{green},{blue}," in str(part.values()) for part in options)
            if name in {"corridors", "links"}:
                assert options[1]["use_custom_dash"] == str(int(row.form != "solid"))


def test_a_dash_is_as_long_in_qgis_as_on_the_page(whole):
    text = layers_of(MAKERS["gpkg"](whole))["layer_styles"].set_index("f_table_name")["styleQML"]
    written = {
        (option["line_width"], option["customdash"])
        for name in ("corridors", "links")
        for part in ET.fromstring(text[name]).iter("layer")
        if part.get("class") == "SimpleLine"
        for option in [{one.get("name"): one.get("value") for one in part.find("Option")}]
    }
    looks = map(line_strokes, [line for line in whole.picture.lines if not line.quiet])
    for look in looks:
        assert (f"{look.line.width:g}", ";".join(f"{p:g}" for p in look.line.dash)) in written


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "kmz"])
def test_the_same_rows_give_the_same_bytes_whatever_the_clock_says(ending, shipped, plate):
    chosen = Selection(weapon=("manpads",))
    first = MAKERS[ending](briefing.prepare(chosen, shipped, plate))
    time.sleep(1.1 if ending == "gpkg" else 0)  # GDAL asks the clock itself
    again = MAKERS[ending](briefing.prepare(chosen, shipped, plate))
    assert first == again


def test_a_geopackage_bears_the_day_of_the_data(whole, tmp_path):
    file = tmp_path / "map.gpkg"
    file.write_bytes(MAKERS["gpkg"](whole))
    with closing(sqlite3.connect(file)) as database:
        days = {row[0] for row in database.execute("SELECT last_change FROM gpkg_contents")}
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert days == {f"{whole.whole.created}T00:00:00Z"}
