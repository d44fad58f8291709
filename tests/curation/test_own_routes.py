"""Routes of a reader's own: they come with an incident, and their lines are drawn beside ours."""

import copy
from datetime import date

import numpy as np
import pytest

from armsflow.curation.storage import package_zip
from armsflow.curation.submission import read_upload
from armsflow.curation.template import export_xlsx
from armsflow.curation.upload import ALL_SHEETS
from armsflow.dataset.loader import build
from armsflow.package import checks
from armsflow.picture.picture import draw
from armsflow.picture.plate import make_plate, plate_for
from armsflow.selection.selection import Selection
from armsflow.webmap.flows import flows
from tests.forms import ROUTE, csv_files, workbook, zipped

TODAY = date(2026, 11, 24)
LINE = "mali-ghat-kidal"


def changed(table, number, **cells):
    rows = copy.deepcopy(ROUTE)
    rows[table][number] |= cells
    return rows


def submit(published, rows=ROUTE, **named):
    return read_upload("a.zip", zipped(csv_files(published, rows)), published, TODAY, **named)


@pytest.mark.parametrize("form", [workbook, lambda *given: zipped(csv_files(*given))])
def test_a_route_with_its_points_is_taken_and_named_as_unpublished(form, published):
    submitted = read_upload("a", form(published, ROUTE), published, TODAY)
    assert [str(one) for one in submitted.problems] == []
    assert submitted.own["corridors"] == (LINE,)
    assert submitted.package.descriptor["unpublished"]["corridors"] == [LINE]
    rules = [*checks.VALUE_RULES, *checks.EVIDENCE_RULES, *checks.FORM_RULES]
    assert [str(one) for rule in rules for one in rule(submitted.package)] == []


@pytest.mark.parametrize("form", ["rows", "package"])
def test_a_route_that_was_handed_back_can_be_handed_in_again(form, published):
    first = submit(published)
    content = package_zip(first.package)
    if form == "rows":
        content = export_xlsx(first.package, first.incident_ids)
    again = read_upload("a", content, published, TODAY)
    assert [str(one) for one in again.problems] == []
    assert again.package.texts == first.package.texts
    assert again.own == first.own


def test_rows_of_an_incident_without_a_route_are_handed_back_without_it(published):
    first = submit(published)
    again = read_upload("a", export_xlsx(first.package, []), published, TODAY)
    assert "no row is filled in" in str(again.problems[0])


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (changed("waypoints", 0, seq="3"), "corridors.csv, row 2 (mali-ghat-kidal), column "
         "corridor_id: its waypoints are numbered 3, 2. Fix: number them 1, 2, 3"),
        (changed("waypoints", 0, place_id="gao"), "is not in Libya. Fix: begin the corridor in"),
        (changed("waypoints", 1, place_id="kidall"), "'kidall' is not in places.csv."),
        (changed("incidents", 0, scope="x"), "'x' is not a known code."),
    ],
)  # fmt: skip
def test_a_route_and_its_incident_are_taken_together_or_not_at_all(rows, line, published):
    submitted = submit(published, rows)
    [problem] = [str(one) for one in submitted.problems]
    assert line in problem
    assert submitted.package is published
    named = {(problem.file, problem.row) for problem in submitted.left_out}
    faulty = {(one.file, one.row) for one in submitted.problems}
    every = {(f"{table}.csv", row) for table in rows for row in range(2, 2 + len(rows[table]))}
    assert named | faulty == every


def test_a_route_that_no_incident_took_is_refused_and_the_incident_taken(published):
    submitted = submit(published, changed("incidents", 0, corridor_id=""))
    [problem] = [str(one) for one in submitted.problems]
    assert f"no row of yours cites '{LINE}'. Fix: cite it in an incident, or delete" in problem
    assert submitted.incident_ids
    assert "corridors" not in submitted.own
    assert LINE not in set(submitted.package.tables["waypoints"]["corridor_id"])


def test_whoever_keeps_the_package_may_add_a_route_alone(published):
    rows = changed("incidents", 0, corridor_id="")
    submitted = submit(published, rows, sheets=ALL_SHEETS)
    assert [str(one) for one in submitted.problems] == []
    assert LINE in set(submitted.package.tables["corridors"]["corridor_id"])


def test_no_point_is_added_to_a_published_route(published):
    rows = {**ROUTE, "incidents": changed("incidents", 0, corridor_id="")["incidents"],
            "corridors": [], "waypoints": [{"corridor_id": "mali-sabha-gao", "seq": "4",
                                            "place_id": "kidal"}]}  # fmt: skip
    [problem] = [str(one) for one in submit(published, rows).problems]
    assert "'mali-sabha-gao' is a published route." in problem


def test_the_line_of_an_own_route_is_sent_with_its_course_and_ours_stay_where_they_are(published):
    plate = make_plate(build(published), published.directory)
    dataset = build(submit(published).package)
    own = plate_for(dataset, plate)
    for frame, layout in plate.layouts.of_frame.items():
        kept = own.layouts.of_frame[frame]
        assert set(kept.index) == {*layout.index, LINE}
        for line, path in layout["path"].items():
            assert np.array_equal(path, kept["path"][line])
    said = flows(draw(Selection(), dataset, dataset, own.layouts))
    courses = {line["focus"]: line.get("course") for line in said["lines"]}
    assert [line for line, course in courses.items() if course] == [LINE]
    places = dataset.places.geometry
    start, end = courses[LINE][0], courses[LINE][-1]
    assert start == pytest.approx([places["ghat"].y, places["ghat"].x], abs=0.01)
    assert end == pytest.approx([places["kidal"].y, places["kidal"].x], abs=0.01)


def test_a_package_without_own_routes_keeps_its_plate(published):
    plate = make_plate(build(published), published.directory)
    assert plate_for(build(published), plate) is plate
