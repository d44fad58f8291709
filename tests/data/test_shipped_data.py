"""The shipped package, rule by rule and as a whole."""

import re

import pytest

from armsflow.curation.additions import withdrawn_records
from armsflow.curation.release import unreleased
from armsflow.dataset.loader import SHIPPED
from armsflow.package import checks
from armsflow.package.difference import compare
from armsflow.package.package import read_package
from armsflow.package.versions import VERSIONS, read_releases, read_version

RULES = [*checks.VALUE_RULES, *checks.EVIDENCE_RULES, *checks.FORM_RULES]


@pytest.fixture(scope="module")
def package():
    found, problems = read_package(SHIPPED)
    assert problems == []
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_shipped_package_holds(rule, package):
    assert [str(problem) for problem in rule(package)] == []


def coded_fields(package):
    for name, table in package.tables.items():
        for field in package.fields(name):
            if "categories" in field:
                yield name, field, table[field["name"]]


def test_every_code_of_every_vocabulary_is_used(package):
    unused = {
        (name, field["name"], category["value"])
        for name, field, column in coded_fields(package)
        for category in field["categories"]
        if str(category["value"]) not in set(column)
    }
    assert unused == set()


def test_every_code_has_a_label_and_says_the_same_as_the_enum(package):
    for name, field, _ in coded_fields(package):
        values = [category["value"] for category in field["categories"]]
        words = [category["label"] for category in field["categories"]]
        assert len(set(words)) == len(words), (name, field["name"])
        assert all(word.strip() for word in words), (name, field["name"])
        assert field["constraints"].get("enum", values) == values, (name, field["name"])


def test_every_column_says_what_it_means(package):
    for name in package.tables:
        for field in package.fields(name):
            assert field.get("title"), (name, field["name"])
            assert field.get("description"), (name, field["name"])


@pytest.mark.parametrize(
    ("destination", "least"),
    [("mali", 10), ("algeria", 10), ("tunisia", 20), ("egypt", 20), ("sinai", 5)],
)
def test_every_destination_in_focus_keeps_its_events(destination, least, shipped):
    assert (shipped.events["destination"] == destination).sum() >= least


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("incidents", 150),
        ("items", 400),
        ("sources", 400),
        ("places", 140),
        ("corridors", 20),
        ("weapon_types", 18),
        ("destinations", 13),
    ],
)
def test_no_table_loses_its_rows(name, least, shipped):
    assert len(getattr(shipped, name)) >= least


def test_every_weapon_group_has_events(shipped):
    groups = {c["value"] for c in group_categories(shipped)}
    events = shipped.items["incident_id"].isin(shipped.events.index)
    assert set(shipped.items.loc[events, "group"]) == groups


def group_categories(shipped):
    table = next(r for r in shipped.descriptor["resources"] if r["name"] == "weapon_types")
    field = next(f for f in table["schema"]["fields"] if f["name"] == "group")
    return field["categories"]


def test_every_row_that_others_can_cite_is_cited(shipped):
    cited = set().union(
        *(
            set().union(*getattr(shipped, table)[column])
            for table, column in (
                ("incidents", "source_ids"),
                ("corridors", "source_ids"),
                ("figures", "source_ids"),
                ("timeline", "source_ids"),
                ("claims", "other_source_ids"),
                ("items", "note_source_ids"),
            )
        ),
        set(shipped.reports["source_id"]),
    )
    places = {*shipped.incidents["place_id"], *shipped.waypoints["place_id"]}
    assert set(shipped.sources.index) - cited == set()
    # A published place keeps its identifier, though no row needs it any more.
    published = set(read_version(SHIPPED, "1.0.0")[0].tables["places"]["place_id"])
    assert set(shipped.places.index) - places <= published
    assert set(shipped.weapon_types.index) - set(shipped.items["weapon_type"]) == set()
    assert set(shipped.destinations.index) - set(shipped.incidents["destination"]) == set()


def test_an_incident_on_a_corridor_goes_where_some_corridor_leads(shipped):
    on_way = shipped.incidents[shipped.incidents["corridor_id"] != ""]
    assert set(on_way["corridor_id"]) <= set(shipped.corridors.index)
    assert not (on_way["destination"] == "libya").any()


def test_every_row_says_how_its_date_is_known(shipped):
    assert set(shipped.incidents["date_basis"]) == {"event", "report", "inferred"}


def test_an_identifier_that_is_kept_exists(package):
    kept = package.resource("incidents")["keptIdentifiers"]
    assert set(kept) <= set(package.tables["incidents"]["incident_id"])


def test_every_correction_names_a_row_of_today_or_one_that_was_withdrawn(package):
    keys = {"items": "incident_id", "incidents": "incident_id", "corridors": "corridor_id"}
    keys |= {"places": "place_id"}
    for table, records in package.tables["corrections"].groupby("table"):
        withdrawn = {record for name, record in withdrawn_records(package) if name == table}
        known = withdrawn | set(package.tables[table][keys[table]])
        assert set(records["record"]) <= known, table


def test_every_published_row_that_changed_has_a_correction(package):
    first, _ = read_version(SHIPPED, "1.0.0")
    explained = set(package.tables["corrections"]["record"])
    changed = {
        one.record
        for one in compare(first, package)
        if one.kind == "changed" and one.table != "reviews"
    }
    assert len(changed) > 100
    assert changed <= explained


def test_the_descriptor_names_every_file_of_the_package(package):
    described = {resource["path"] for resource in package.descriptor["resources"]}
    lying = {
        str(path.relative_to(SHIPPED))
        for pattern in ("*.csv", "basemap/*.json")
        for path in SHIPPED.glob(pattern)
    }
    # The list of versions tells of the package and is no part of it.
    assert described == lying - {VERSIONS}


def test_frictionless_finds_nothing_wrong_either():
    frictionless = pytest.importorskip("frictionless", reason="needs requirements-dev.txt")
    report = frictionless.Package(str(SHIPPED / "datapackage.json")).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "message"]) == []
    assert report.valid


def test_the_tables_are_those_of_the_last_release(package):
    assert [str(problem) for problem in unreleased(package)] == []


def test_every_release_stands_in_the_change_log(package):
    releases, problems = read_releases(package.directory)
    assert problems == []
    log = (SHIPPED.parent / "CHANGELOG.md").read_text("utf-8")
    headed = dict(re.findall(r"^## (\d+\.\d+\.\d+) – (\d{4}-\d\d-\d\d)$", log, re.MULTILINE))
    assert {one.version: one.date for one in releases}.items() <= headed.items()
    for one in releases:
        entry = re.split(r"^## ", log.split(f"## {one.version} ")[1], flags=re.MULTILINE)[0]
        assert "### Data" in entry, one.version
