"""From a checked package to typed tables."""

import json
from dataclasses import FrozenInstanceError

import pandas as pd
import pytest
import shapely

from armsflow.dataset import dataset
from armsflow.dataset.loader import DataError, load
from tests import tiny


def test_tables_are_indexed_by_their_identifiers(small):
    assert {
        name: getattr(small, name).index.name
        for name in ("sources", "places", "destinations", "weapon_types", "incidents", "corridors")
    } == {
        "sources": "source_id",
        "places": "place_id",
        "destinations": "destination",
        "weapon_types": "weapon_type",
        "incidents": "incident_id",
        "corridors": "corridor_id",
    }


def test_a_table_with_two_key_columns_keeps_them_as_columns(small):
    assert small.items.index.tolist() == list(range(8))
    assert {"incident_id", "seq"} <= set(small.items.columns)


def test_an_incident_stands_at_its_place_and_spans_its_date(small):
    raid = small.incidents.loc["2013-01-16-raid"]
    assert (raid.geometry.x, raid.geometry.y) == (9.56, 28.05)
    assert (raid["place"], raid["country"], raid["precision"]) == ("In Amenas", "DZA", "place")
    assert raid["first_day"] == pd.Timestamp(2013, 1, 16)
    assert raid["last_day"] == pd.Timestamp(2013, 1, 19)
    assert raid["source_ids"] == ("afp-2013-01-17-raid", "un-2014-03-10-panel")
    assert raid["distinct_from"] == ()


def test_a_month_is_kept_as_its_span_and_never_becomes_a_day(small):
    missiles = small.incidents.loc["2013-05-gao-missiles"]
    assert missiles["date"] == "2013-05"
    assert missiles["first_day"] == pd.Timestamp(2013, 5, 1)
    assert missiles["last_day"] == pd.Timestamp(2013, 5, 31)


def test_a_quantity_that_is_not_stated_stays_unknown(small):
    quantities = small.items["quantity"]
    assert quantities.isna().tolist() == [True, True, False, True, False, False, False, True]
    assert quantities.dropna().tolist() == [20, 2, 43, 7]
    assert small.items["unit"].tolist()[:3] == ["", "", "weapons"]


def test_every_item_knows_the_group_of_its_weapon_type(small):
    assert small.items["group"].tolist() == [
        "small_arms",
        "ammunition",
        "small_arms",
        "manpads",
        "manpads",
        "manpads",
        "small_arms",
        "small_arms",
    ]
    assert small.items["matches"].all()


def test_a_corridor_runs_through_its_waypoints_in_their_order(small):
    assert small.corridors.geometry["mali-sabha-gao"].equals(
        shapely.LineString([(14.43, 27.04), (10.18, 24.96), (-0.04, 16.27)])
    )


def test_geometry_is_in_degrees(small):
    for table in (small.places, small.incidents, small.corridors):
        assert table.crs.to_epsg() == 4326


def test_only_events_count(small):
    assert small.events.index.tolist() == [
        "2012-03-sabha-depot",
        "2013-01-16-raid",
        "2013-05-gao-missiles",
        "2014-01-20-tassili-rifles",
    ]


def test_true_and_false_are_not_words_any_more(small):
    assert small.places["drawing_point"].tolist() == [False, False, True, False, False, False]


def test_words_for_codes_come_from_the_descriptor_in_their_order(package):
    descriptor = json.loads((package / "datapackage.json").read_text("utf-8"))
    incidents = next(r for r in descriptor["resources"] if r["name"] == "incidents")
    scope = next(f for f in incidents["schema"]["fields"] if f["name"] == "scope")
    scope["categories"] = [
        {"value": "event", "label": "Yes", "definition": "It was."},
        {"value": "claim", "label": "Maybe", "definition": "It may have been."},
    ]
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    words = dataset.labels(load(package), "incidents", "scope")
    assert list(words.items()) == [("event", "Yes"), ("claim", "Maybe")]


def test_the_version_and_the_day_come_from_the_descriptor(small):
    assert small.version == small.descriptor["version"]
    assert small.created == small.descriptor["created"][:10]


def test_a_dataset_is_never_changed_in_place(small):
    with pytest.raises(FrozenInstanceError):
        small.incidents = small.places


def test_a_broken_package_is_refused_with_every_problem_on_a_line_of_its_own(package):
    tiny.change(package / "incidents.csv", "cache_found", "cache_lost")
    tiny.change(package / "places.csv", "sea,true", "sea,yes")
    with pytest.raises(DataError) as refused:
        load(package)
    lines = str(refused.value).split("\n")
    assert sorted(line.partition(",")[0] for line in lines) == ["incidents.csv", "places.csv"]
    assert lines == [str(problem) for problem in refused.value.problems]


def test_a_hostile_text_is_kept_letter_for_letter(package):
    hostile = "<img src=x onerror=alert(1)> `{{'x'}}` </script> \u202eevil"
    tiny.change(package / "incidents.csv", "Two missiles.", hostile)
    assert load(package).incidents.loc["2013-05-gao-missiles", "summary"] == hostile


@pytest.mark.parametrize("words", ["NA", "null", "None", "nan", "0", "-", "N/A"])
def test_only_the_empty_cell_is_missing(words, package):
    tiny.change(package / "incidents.csv", "Two missiles.", words)
    assert load(package).incidents.loc["2013-05-gao-missiles", "summary"] == words


def test_a_log_whose_rows_name_no_version_is_read_all_the_same(package):
    file = package / "corrections.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line.partition(",")[2] for line in lines), "utf-8")
    descriptor = json.loads((package / "datapackage.json").read_text("utf-8"))
    schema = next(r for r in descriptor["resources"] if r["name"] == "corrections")["schema"]
    schema["fields"] = [field for field in schema["fields"] if field["name"] != "version"]
    schema["primaryKey"] = ["date", "table", "record", "field"]
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    assert list(load(package).corrections["version"]) == [""]
