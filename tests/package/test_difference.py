"""What two versions differ in: rows that come, go and change, as text, CSV and XLSX."""

import csv
import io

import openpyxl
import pytest

from armsflow import __main__
from armsflow.dataset.loader import SHIPPED
from armsflow.package import difference
from armsflow.package.difference import Change
from armsflow.package.package import read_package
from armsflow.package.versions import kept_versions, read_version
from tests import tiny


@pytest.fixture
def old(tmp_path):
    return read_package(tiny.write(tmp_path / "old"))[0]


def changed(package, *changes):
    for file, before, after in changes:
        tiny.change(package / file, before, after)
    return read_package(package)[0]


def test_a_package_does_not_differ_from_itself(old, package):
    assert difference.compare(old, read_package(package)[0]) == []
    assert difference.count_words([]) == "No difference."


def test_items_are_compared_whatever_their_number(old, package):
    rows = (
        "2013-01-16-raid,1,assault_rifle,Kalashnikov,20,about,weapons,own,,\n"
        "2013-01-16-raid,2,manpads,,,,,own,Seen once.,afp-2013-01-17-raid\n"
    )
    turned = (
        "2013-01-16-raid,1,manpads,,,,,own,Seen once.,afp-2013-01-17-raid\n"
        "2013-01-16-raid,2,assault_rifle,Kalashnikov,20,about,weapons,own,,\n"
    )
    assert difference.compare(old, changed(package, ("items.csv", rows, turned))) == []


def test_an_item_that_came_and_one_that_went_are_named_with_what_they_say(old, package):
    new = changed(package, ("items.csv", "SA-7,2,exact", "SA-7,3,exact"))
    item = (
        "weapon_type manpads, designation SA-7, quantity {}, quantity_qualifier exact, "
        "unit missiles, counting own"
    )
    assert difference.compare(old, new) == [
        Change("items", "changed", "2013-05-gao-missiles", before=item.format(2)),
        Change("items", "changed", "2013-05-gao-missiles", after=item.format(3)),
    ]


@pytest.mark.parametrize(
    ("kind", "part"), [("added", "minor"), ("withdrawn", "major"), ("changed", "patch")]
)
def test_rows_that_come_go_or_change_raise_another_part_of_the_version(kind, part):
    assert difference.part_of([Change("incidents", kind, "2013-x")]) == part


def test_an_item_that_went_with_a_correction_is_no_withdrawn_row():
    went = Change("items", "withdrawn", "2013-x", before="weapon_type pistol")
    assert difference.part_of([went]) == "patch"
    assert difference.withdrawn([went]) == []


def test_versions_1_0_and_1_1_differ_in_what_the_second_reading_changed():
    before, now = read_version(SHIPPED, "1.0.0")[0], read_version(SHIPPED, "1.1.0")[0]
    changes = difference.compare(before, now)
    rows = {}
    for one in changes:
        if one.record:
            rows.setdefault((one.table, one.kind), set()).add(one.record)
    counted = {key: len(found) for key, found in rows.items()}
    assert counted["incidents", "added"] == 55
    assert len(rows["incidents", "changed"] | rows["items", "changed"]) == 106
    assert counted["places", "added"] == 22
    assert counted["places", "changed"] == 2
    assert counted["corridors", "added"] == 5
    assert counted["corridors", "changed"] == 11
    assert counted["sources", "added"] == 266
    assert counted["reports", "added"] == 2
    assert not [key for key in counted if key[1] == "withdrawn"]
    assert ("sources", "changed") not in counted
    assert difference.part_of(changes) == "minor"


def test_the_command_writes_differences_as_text_csv_and_xlsx(old, package, tmp_path, capsys):
    tiny.change(package / "incidents.csv", "Two missiles.", "=Two missiles.")
    run = [str(old.directory), str(package)]
    assert __main__.main(["diff", *run]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "incidents: 1 changed",
        "incidents/2013-05-gao-missiles: changed, summary: Two missiles. → =Two missiles.",
        "1 difference",
    ]
    for ending in ("csv", "xlsx"):
        assert __main__.main(["diff", *run, str(tmp_path / f"x.{ending}")]) == 0
    rows = list(csv.reader(io.StringIO((tmp_path / "x.csv").read_bytes().decode("utf-8-sig"))))
    assert rows[1][-1] == "'=Two missiles."
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert [cell.value for cell in sheet[2]] == [cell or None for cell in rows[1]]


def test_a_difference_of_the_shipped_package_can_name_a_kept_version(capsys):
    assert __main__.main(["diff", "1.0.0", "1.1.0"]) == 0
    assert capsys.readouterr().out.startswith("incidents: 55 added")
    assert __main__.main(["diff", "9.9.9", "1.1.0"]) == 1
    kept = ", ".join(kept_versions(SHIPPED))
    assert f"name a version that is kept: {kept}." in capsys.readouterr().out
