"""Published rows corrected and withdrawn on purpose, from the command line."""

import csv
import io
import json
from datetime import date

import pytest

from armsflow import __main__
from armsflow.curation.release import add, release
from armsflow.curation.template import template_csv, template_xlsx
from armsflow.curation.upload import ALL_SHEETS
from armsflow.dataset.loader import load
from armsflow.package.checks import check
from armsflow.package.package import read_package
from armsflow.package.versions import read_releases
from armsflow.page.sections import corrections_html
from tests import tiny
from tests.forms import INCIDENT, ITEM, PLACE, ROWS, SOURCE, workbook, zipped
from tests.killed import content

DAY = date(2026, 11, 25)
RIFLES = "2014-01-20-tassili-rifles"


@pytest.fixture
def published(package):
    """The tiny package, released, without a least number of rows."""
    descriptor = json.loads((package / "datapackage.json").read_text("utf-8"))
    for resource in descriptor["resources"]:
        resource.pop("expectations", None)
        if resource["name"] == "incidents":
            resource["keptIdentifiers"] = [RIFLES]
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    tiny.change(package / "corrections.csv", "1.0.1,2015", "1.0.0,2015")
    assert release(package, "First rows.", today=DAY)[:2] == ("1.0.0", [])
    return package


def run(*arguments):
    return __main__.main([str(one) for one in arguments])


def rows_of(package, table, key=None, value=None):
    with (package / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if key is None or row[key] == value]


def log_of(package):
    """Return the corrections since the first version."""
    rows = rows_of(package, "corrections")
    return [tuple(row.values()) for row in rows if row["version"] != "1.0.0"]


def form(package, tmp_path, rows):
    file = tmp_path / "rows.xlsx"
    file.write_bytes(workbook(read_package(package)[0], rows))
    return file


# ---------------------------------------------------------------- corrected


def test_a_published_row_is_replaced_on_purpose_and_the_log_says_what_changed(
    published, tmp_path, capsys
):
    [row] = rows_of(published, "incidents", "incident_id", RIFLES)
    row |= {
        "title": "Nine rifles seized",
        "source_ids": f"{row['source_ids']};{SOURCE['source_id']}",
    }
    [rifles, pistols] = rows_of(published, "items", "incident_id", RIFLES)
    rows = {
        "incidents": [row], "items": [rifles | {"quantity": "9"}, pistols], "sources": [SOURCE],
    }  # fmt: skip
    file = form(published, tmp_path, rows)
    before = content(published)
    assert run("add", published, file) == 1
    assert f"'{RIFLES}' is already published" in capsys.readouterr().out
    assert run("add", published, file, "--replace") == 2
    assert "--why" in capsys.readouterr().err
    assert content(published) == before
    assert run("add", published, file, "--replace", "--why", "A second report.") == 0
    said = capsys.readouterr().out.splitlines()
    assert "sources: 1 row added." in said
    assert f"incidents/{RIFLES}: changed, title: Rifles seized → Nine rifles seized" in said
    assert any(
        line.startswith(f"items/{RIFLES}: changed: ") and "quantity 9" in line for line in said
    )
    assert check(published)[1] == []
    assert rows_of(published, "incidents", "incident_id", RIFLES) == [row]
    [entry] = rows_of(published, "reviews", "incident_id", RIFLES)
    assert entry["result"] == "agreed"
    assert {one[2:] for one in log_of(published)} == {
        ("incidents", RIFLES, "title", "Rifles seized", "Nine rifles seized", "A second report."),
        ("incidents", RIFLES, "source_ids", "un-2014-03-10-panel", row["source_ids"],
         "A second report."),
        ("items", RIFLES, "", "", "", "A second report."),
    }  # fmt: skip
    assert {one[0] for one in log_of(published)} == {"1.1.0"}


def test_only_what_is_handed_in_is_replaced(published, tmp_path):
    """A place alone, or the items of an incident alone, may be corrected."""
    [gao] = rows_of(published, "places", "place_id", "gao")
    [rifles, _] = rows_of(published, "items", "incident_id", RIFLES)
    file = form(published, tmp_path, {"places": [gao | {"note": "The town."}], "items": [rifles]})
    told, problems = add(published, file, DAY, replacing=True, why="Read again.")
    assert problems == []
    assert "places/gao: changed, note: (nothing) → The town." in told
    assert rows_of(published, "items", "incident_id", RIFLES) == [rifles]
    assert len(rows_of(published, "incidents")) == 5
    assert {one[2:5] for one in log_of(published)} == {
        ("places", "gao", "note"), ("items", RIFLES, ""),
    }  # fmt: skip


def test_a_form_with_published_rows_changes_nothing_when_handed_back(published, tmp_path, capsys):
    file = tmp_path / "rows.xlsx"
    asked = [RIFLES, "2013-01-16-raid", "gao", "rfi-2013-06-gao"]
    assert run("template", file, "--rows", *asked, "--data", published) == 0
    before = content(published)
    capsys.readouterr()
    assert run("add", published, file, "--replace", "--why", "Nothing.") == 0
    assert capsys.readouterr().out == "Nothing to change.\n"
    assert content(published) == before
    assert run("template", tmp_path / "x.zip", "--rows", "nobody", "--data", published) == 2
    said = capsys.readouterr().err
    assert "items, places, sources, corridors or waypoints is published as nobody." in said


def test_both_forms_hold_the_rows_that_are_asked_for(published, tmp_path):
    package, _ = read_package(published)
    for name, write in (("a.xlsx", template_xlsx), ("a.zip", template_csv)):
        (tmp_path / name).write_bytes(write(package, [RIFLES]))
        _, problems = add(published, tmp_path / name, DAY)
        assert [problem.record for problem in problems] == [RIFLES] * len(problems)


@pytest.mark.parametrize(
    ("incident", "change", "told"),
    [
        (RIFLES, {"place_id": "nowhere"}, "'nowhere' is not in"),
        ("2013-01-16-raid", {"date": "2013-01-15"}, "begins with 2013-01-16, but the date is"),
        (RIFLES, {"source_ids": "rfi-2013-06-gao"}, "is after its last source was published"),
    ],
)
def test_a_correction_is_held_to_every_rule(incident, change, told, published, tmp_path):
    [row] = rows_of(published, "incidents", "incident_id", incident)
    before = content(published)
    file = form(published, tmp_path, {"incidents": [row | change]})
    _, problems = add(published, file, DAY, replacing=True, why="Wrong.")
    assert told in str(problems[0])
    assert content(published) == before


def test_two_corrections_of_one_value_are_one_line_and_the_release_gives_its_version(
    published, tmp_path
):
    [gao] = rows_of(published, "places", "place_id", "gao")
    for note, why in (("A town.", "First."), ("The town.", "Second."), ("The town.", "Third.")):
        file = form(published, tmp_path, {"places": [gao | {"note": note}]})
        assert add(published, file, DAY, replacing=True, why=why)[1] == []
    [line] = rows_of(published, "corrections", "record", "gao")
    assert (line["before"], line["after"], line["why"]) == ("", "The town.", "First.; Second.")
    assert add(published, form(published, tmp_path, ROWS), DAY)[1] == []
    assert release(published, "More.", today=date(2026, 12, 1))[:2] == ("1.1.0", [])
    [line] = rows_of(published, "corrections", "record", "gao")
    assert (line["version"], line["date"]) == ("1.1.0", "2026-12-01")
    assert check(published)[1] == []


def test_a_row_that_is_not_released_yet_is_replaced_without_a_correction(published, tmp_path):
    assert add(published, form(published, tmp_path, ROWS), DAY)[1] == []
    before = (published / "corrections.csv").read_bytes()
    rows = {"incidents": [INCIDENT | {"title": "Rifles"}], "items": [ITEM], "places": [PLACE]}
    told, problems = add(published, form(published, tmp_path, rows), DAY, True, why="Wording.")
    assert problems == []
    assert told == [
        "incidents/2014-06-kidal-rifles: changed, title: Rifles found near Kidal → Rifles"
    ]
    assert (published / "corrections.csv").read_bytes() == before


# ---------------------------------------------------------------- withdrawn


def test_an_incident_is_withdrawn_with_what_belongs_to_it_and_released(published, capsys):
    raid = "2013-01-16-raid"
    tiny.change(
        published / "incidents.csv",
        "un-2014-03-10-panel,\n2014",
        f"un-2014-03-10-panel,{raid}\n2014",
    )
    assert release(published, "Told apart.", today=DAY)[:2] == ("1.0.1", [])
    assert run("add", published, "--withdraw", raid) == 2
    assert "--why" in capsys.readouterr().err
    assert run("add", published, "--withdraw", raid, "--why", "Never happened.") == 0
    said = capsys.readouterr().out.splitlines()
    assert f"incidents/{raid}: withdrawn" in said
    assert f"incidents/2013-tassili-convoy: changed, distinct_from: {raid} → (nothing)" in said
    for table in ("incidents", "items", "reviews", "origins"):
        assert rows_of(published, table, "incident_id", raid) == []
    assert check(published)[1] == []
    assert run("release", published) == 1
    assert f"incidents withdrawn: {raid}\n" in capsys.readouterr().out
    assert release(published, "Withdrawn.", today=DAY)[:2] == ("2.0.0", [])
    lines = rows_of(published, "corrections", "record", raid)
    assert [(one["version"], one["field"], one["why"]) for one in lines if one["field"] == ""] == [
        ("2.0.0", "", "Never happened.")
    ]
    html = corrections_html(load(published), [])
    assert raid not in html  # it belongs to its release


def test_what_is_withdrawn_is_shown_among_the_corrections(published):
    assert add(published, None, DAY, withdraw=[RIFLES], why="Never happened.")[1] == []
    assert release(published, "Withdrawn.", today=DAY)[0] == "2.0.0"
    html = corrections_html(load(published), read_releases(published)[0])
    assert "withdrawn" in html
    assert RIFLES in html
    assert RIFLES not in (published / "datapackage.json").read_text("utf-8")


def test_an_identifier_that_was_withdrawn_is_never_used_again(published, tmp_path):
    add(published, None, DAY, withdraw=[RIFLES], why="Never happened.")
    again = INCIDENT | {"incident_id": RIFLES, "date": "2014-01-20"}
    rows = ROWS | {"incidents": [again], "items": [ITEM | {"incident_id": RIFLES}]}
    rows["sources"] = [SOURCE]
    _, problems = add(published, form(published, tmp_path, rows), DAY)
    assert f"'{RIFLES}' was published and withdrawn. Fix: choose another" in str(problems[0])


@pytest.mark.parametrize(
    ("identifier", "told"),
    [
        ("nobody", "--withdraw: 'nobody' is no incident, place, source or route. Fix: write the"),
        ("gao", "column place_id: 'gao' is not in places.csv. Fix: correct that row first (add"),
        ("rfi-2013-06-gao", "'rfi-2013-06-gao' is not in sources.csv. Fix: correct that row"),
        (
            "algeria-ghat-in-amenas",
            "'algeria-ghat-in-amenas' is not in corridors.csv. Fix: ",
        ),
    ],
)
def test_what_does_not_exist_or_is_cited_is_not_withdrawn(identifier, told, published, capsys):
    before = content(published)
    assert run("add", published, "--withdraw", identifier, "--why", "Gone.") == 1
    assert told in capsys.readouterr().out
    assert content(published) == before


def test_a_route_is_withdrawn_with_its_points_and_a_source_that_nothing_cites_any_more(
    published, capsys
):
    assert run("add", published, "--withdraw", "mali-sabha-gao", "--why", "One report.") == 0
    assert rows_of(published, "waypoints", "corridor_id", "mali-sabha-gao") == []
    incident, source = "2013-05-gao-missiles", "rfi-2013-06-gao"
    capsys.readouterr()
    assert run("add", published, "--withdraw", incident, "--why", "Retracted.") == 0
    said = capsys.readouterr().out
    assert f"sources/{source}: no row cites it any more; withdraw it too if it is not" in said
    assert run("add", published, "--withdraw", source, "gao", "--why", "Retracted.") == 0
    assert check(published)[1] == []


def test_an_add_without_anything_to_add_says_what_to_name(published, capsys):
    assert run("add", published) == 2
    assert "Name the filled template, or what to withdraw" in capsys.readouterr().err


# ---------------------------------------------------------------- routes and codes

ROUTE = {
    "corridor_id": "chad-sabha-gao", "name": "Sabha to the east", "destination": "chad",
    "mode": "land", "description": "By trucks.", "active_from": "2014", "active_to": "2014",
    "source_ids": "un-2014-03-10-panel",
}  # fmt: skip
POINTS = [
    {"corridor_id": ROUTE["corridor_id"], "seq": "1", "place_id": "sabha"},
    {"corridor_id": ROUTE["corridor_id"], "seq": "2", "place_id": "kidal"},
]
DESTINATION = {
    "destination": "chad", "label": "Chad", "abbreviation": "TD", "role": "onward",
    "country": "TCD", "link_lat": "15.8", "link_lon": "18.9", "order": "5",
}  # fmt: skip
WEAPON = {
    "weapon_type": "mortar", "label": "Mortars", "group": "rockets_artillery",
    "definition": "Tubes.", "iti_class": "light_weapon", "order": "5",
}  # fmt: skip
WHOLE = {
    "incidents": [INCIDENT | {"destination": "chad", "corridor_id": ROUTE["corridor_id"]}],
    "items": [ITEM | {"weapon_type": "mortar"}],
    "places": [PLACE],
    "sources": [SOURCE],
    "corridors": [ROUTE],
    "waypoints": POINTS,
    "destinations": [DESTINATION],
    "weapon_types": [WEAPON],
}
"""An incident of a new weapon type, on a new route to a new destination."""


def zip_form(package, tmp_path, rows):
    """Fill in the form with all tables, as CSV."""
    read, _ = read_package(package)
    files = {}
    for table in ALL_SHEETS:
        stream = io.StringIO()
        writer = csv.DictWriter(stream, [field["name"] for field in read.fields(table)])
        writer.writeheader()
        writer.writerows(rows.get(table, ()))
        files[f"{table}.csv"] = stream.getvalue().encode()
    file = tmp_path / "rows.zip"
    file.write_bytes(zipped(files))
    return file


def test_a_route_a_destination_and_a_weapon_type_are_added_with_an_incident(published, tmp_path):
    told, problems = add(published, zip_form(published, tmp_path, WHOLE), DAY)
    assert list(map(str, problems)) == []
    assert set(told) == {
        f"{table}: {len(rows)} row{'s' if len(rows) > 1 else ''} added."
        for table, rows in WHOLE.items()
    }
    assert check(published)[1] == []
    assert rows_of(published, "corridors", "corridor_id", ROUTE["corridor_id"]) == [ROUTE]


def test_a_route_may_be_added_alone_and_its_points_corrected(published, tmp_path):
    alone = {"corridors": [ROUTE | {"destination": "mali"}], "waypoints": POINTS, "places": [PLACE]}
    assert add(published, zip_form(published, tmp_path, alone), DAY)[1] == []
    points = [POINTS[0], {**POINTS[1], "place_id": "ghat"}, {**POINTS[1], "seq": "3"}]
    file = zip_form(published, tmp_path, {"waypoints": points})
    _, problems = add(published, file, DAY)
    told = f"'{ROUTE['corridor_id']}' is a published route. Fix: add waypoints to"
    assert told in str(problems[0])
    assert add(published, file, DAY, replacing=True, why="By Ghat.")[1] == []
    assert rows_of(published, "waypoints", "corridor_id", ROUTE["corridor_id"]) == points
    assert len(rows_of(published, "corridors")) == 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"waypoints": [POINTS[0], POINTS[1] | {"place_id": "kidaal"}]},
         "waypoints.csv, row 3 (chad-sabha-gao / 2), column place_id: 'kidaal' is not in"),
        ({"waypoints": POINTS[:1]},
         "corridors.csv, row 2 (chad-sabha-gao), column corridor_id: its waypoints are numbered 1"),
        ({"corridors": [ROUTE | {"mode": "rail"}]},
         "corridors.csv, row 2 (chad-sabha-gao), column mode: 'rail' is not a known code."),
        ({"destinations": [DESTINATION | {"destination": "mali"}]},
         "destinations.csv, row 2 (mali), column destination: 'mali' is already published"),
        ({"corridors": []},
         "incidents.csv, row 2 (2014-06-kidal-rifles), column corridor_id: 'chad-sabha-gao' is"),
    ],
)  # fmt: skip
def test_a_fault_of_a_route_is_told_at_its_row(change, told, published, tmp_path):
    before = content(published)
    _, problems = add(published, zip_form(published, tmp_path, WHOLE | change), DAY)
    assert any(str(problem).startswith(told) for problem in problems), list(map(str, problems))
    assert content(published) == before


def test_the_form_with_all_tables_holds_published_routes_and_changes_nothing(
    published, tmp_path, capsys
):
    file = tmp_path / "rows.xlsx"
    asked = ["mali-sabha-gao", "mali", "pistol", RIFLES]
    assert run("template", file, "--all", "--rows", *asked, "--data", published) == 0
    assert "corridors, waypoints, destinations, weapon_types." in capsys.readouterr().out
    assert run("add", published, file, "--replace", "--why", "Nothing.") == 0
    assert capsys.readouterr().out == "Nothing to change.\n"
    assert run("template", file, "--rows", "pistol", "--data", published) == 2
