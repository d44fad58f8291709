"""A data package as it lies on disk: what cannot be read is one line for the curator."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from armsflow.dataset.loader import SHIPPED
from armsflow.package.checks import check
from armsflow.package.package import read_package
from armsflow.package.problem import Problem, shorten
from armsflow.package.tables import read_rows, read_written, write_csv
from tests import tiny

Disaster = Callable[[Path], None]


def edit(file: str, how: Callable[[bytes], bytes]) -> Disaster:
    """Return how to break a file of a package."""

    def broken(directory: Path) -> None:
        (directory / file).write_bytes(how((directory / file).read_bytes()))

    return broken


def cells(file: str, row: int, how: Callable[[list[str]], list[str]]) -> Disaster:
    """Return how to break the cells of one row without quotes."""

    def broken(text: bytes) -> bytes:
        lines = text.decode().split("\n")
        lines[row - 1] = ",".join(how(lines[row - 1].split(",")))
        return "\n".join(lines).encode()

    return edit(file, broken)


def describe(how: Callable[[dict[str, Any]], Any]) -> Disaster:
    """Return how to break the descriptor."""

    def broken(text: bytes) -> bytes:
        descriptor = json.loads(text)
        how(descriptor)
        return json.dumps(descriptor).encode()

    return edit("datapackage.json", broken)


def table(descriptor: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the resource of a table."""
    return next(found for found in descriptor["resources"] if found["name"] == name)


def repoint(path: str) -> Disaster:
    """Return how to make the table of claims point to another path."""
    return describe(lambda descriptor: table(descriptor, "claims").update(path=path))


def without_column(text: bytes) -> bytes:
    """Delete the first column of a table without quotes in its first column."""
    return b"\n".join(line.partition(b",")[2] for line in text.split(b"\n"))


def swapped(row: list[str]) -> list[str]:
    """Exchange latitude and longitude of a place."""
    return [*row[:4], row[5], row[4], *row[6:]]


def swap_in_amenas(directory: Path) -> None:
    """Exchange latitude and longitude of a place that stands in both packages."""
    row = tiny.row_of(directory / "places.csv", "in-amenas,")
    cells("places.csv", row, swapped)(directory)


def set_cell(file: str, row: int, column: int, value: str) -> Disaster:
    """Return how to set one cell."""
    return cells(file, row, lambda row: [*row[:column], value, *row[column + 1 :]])


def first_code(descriptor):
    fields = table(descriptor, "incidents")["schema"]["fields"]
    return next(field for field in fields if "categories" in field)["categories"][0]


DISASTERS: dict[str, tuple[Disaster, tuple[str, ...]]] = {
    "column deleted": (
        edit("waypoints.csv", without_column),
        ("waypoints.csv, row 1, column corridor_id: the column is missing.", "add it again"),
    ),
    "coordinates swapped": (
        swap_in_amenas,
        ("(in-amenas), column lat + lon: ", "lies outside DZA.", "Fix: exchange lat and lon"),
    ),
    "date 2013-13": (
        set_cell("incidents.csv", 2, 1, "2013-13"),
        ("incidents.csv, row 2 (", "column date: '2013-13' names month 13", "YYYY-MM"),
    ),
    "unknown source cited": (
        edit("corridors.csv", lambda text: text.rstrip(b"\n") + b";no-such-source\n"),
        ("corridors.csv, row ", "column source_ids: 'no-such-source'", "add that record"),
    ),
    "id repeated": (
        edit("incidents.csv", lambda text: text + text.splitlines(keepends=True)[1]),
        ("incidents.csv, row ", "column incident_id: ", "already used in row 2", "a copy"),
    ),
    "file emptied": (
        edit("items.csv", lambda _: b""),
        ("items.csv: the file is empty.", "restore the file"),
    ),
    "file missing": (
        lambda directory: (directory / "items.csv").unlink(),
        ("items.csv: the file is missing", "restore the file"),
    ),
    "byte order mark": (
        edit("incidents.csv", lambda text: b"\xef\xbb\xbf" + text),
        ("incidents.csv", "Fix: "),
    ),
    "Windows line ends": (
        edit("incidents.csv", lambda text: text.replace(b"\n", b"\r\n")),
        ("incidents.csv, row 1: the file is not in canonical form", "a line feed"),
    ),
    "NUL byte": (
        edit("incidents.csv", lambda text: text[:-2] + b"\0" + text[-2:]),
        ("incidents.csv: the file holds a NUL byte.", "save it again as plain text"),
    ),
    "not UTF-8": (
        edit("incidents.csv", lambda text: text[:-2] + b"\xe9" + text[-2:]),
        ("incidents.csv: byte ", "is not UTF-8 text", "save the file again as UTF-8"),
    ),
    "unclosed quote": (
        edit("places.csv", lambda text: text.replace(b",Gao,", b',"Gao,', 1)),
        ("places.csv: the file cannot be read near line", "close the quotation mark"),
    ),
    "row with too many cells": (
        set_cell("waypoints.csv", 3, 2, "debdeb,debdeb"),
        ("waypoints.csv, row 3 (", "4 cells where the header has 3.", "in quotation marks"),
    ),
    "descriptor broken": (
        edit("datapackage.json", lambda text: text[:1000]),
        ("datapackage.json: ", "restore datapackage.json"),
    ),
    "descriptor is a list": (
        edit("datapackage.json", lambda _: b"[]"),
        ("datapackage.json: ", "has no list of resources", "restore datapackage.json"),
    ),
    "descriptor missing": (
        lambda directory: (directory / "datapackage.json").unlink(),
        ("datapackage.json: ", "cannot be opened", "restore datapackage.json"),
    ),
    "path outside": (
        repoint("../claims.csv"),
        ("datapackage.json: ", "'../claims.csv' outside the package", "restore datapackage.json"),
    ),
    "absolute path": (
        repoint("/etc/hostname"),
        ("datapackage.json: ", "'/etc/hostname' outside the package", "restore datapackage.json"),
    ),
    "descriptor without a table": (
        describe(lambda d: d["resources"].remove(table(d, "items"))),
        ("datapackage.json", "items", "Fix: "),
    ),
    "descriptor without fields": (
        describe(lambda d: table(d, "items")["schema"].pop("fields")),
        ("datapackage.json", "Fix: "),
    ),
    "descriptor without a key": (
        describe(lambda d: table(d, "items")["schema"].pop("primaryKey")),
        ("datapackage.json", "Fix: "),
    ),
    "code without a label": (
        describe(lambda d: first_code(d).pop("label")),
        ("datapackage.json", "without value, label or definition", "Fix: "),
    ),
    "courses broken": (
        edit("basemap/courses.json", lambda _: b'{"region": {"link-mali": [[1, 2'),
        ("basemap/courses.json", "cannot be read", "restore the file"),
    ),
    "courses of other points": (
        edit("basemap/courses.json", lambda _: b'{"region": {"link-mali": [[1, "two"]]}}'),
        ("basemap/courses.json", "no longitude and latitude", "restore the file"),
    ),
    "descriptor without its date": (
        describe(lambda d: d.pop("created")),
        ("datapackage.json", "created", "Fix: "),
    ),
    "descriptor without its version": (
        describe(lambda d: d.pop("version")),
        ("datapackage.json", "version", "Fix: "),
    ),
    "basemap missing": (
        lambda directory: (directory / "basemap" / "land.json").unlink(),
        ("basemap/land.json: the file is missing", "restore the file"),
    ),
    "names of the map missing": (
        lambda directory: (directory / "basemap" / "names.json").unlink(),
        ("basemap/names.json: the file is missing", "restore the file"),
    ),
    "basemap broken": (
        edit("basemap/land.json", lambda text: text[:500]),
        ("basemap/land.json", "Fix: "),
    ),
}


@pytest.mark.parametrize(("disaster", "words"), DISASTERS.values(), ids=DISASTERS)
def test_a_disaster_is_told_in_one_line_with_its_fix(disaster, words, package):
    assert_one_line(package, disaster, words)


@pytest.mark.parametrize("name", [name for name in DISASTERS if " without " not in name])
def test_a_disaster_of_the_shipped_package_is_told_in_one_line_too(name, tmp_path):
    directory = shutil.copytree(SHIPPED, tmp_path / "package")
    assert_one_line(directory, *DISASTERS[name])


def assert_one_line(directory: Path, disaster: Disaster, words: tuple[str, ...]) -> None:
    """Break a package; the check must tell it in one line that holds some words."""
    disaster(directory)
    package, problems = check(directory)
    lines = [str(problem) for problem in problems]
    assert package is None
    assert len(lines) == 1, lines
    assert "\n" not in lines[0]
    assert [word for word in words if word not in lines[0]] == [], lines[0]


def test_an_extra_column_is_told(package):
    tiny.change(package / "waypoints.csv", "corridor_id,seq,place_id", "corridor_id,seq,place_id,x")
    (line,) = map(str, read_package(package)[1])
    assert line == (
        "waypoints.csv, row 1, column x: datapackage.json does not know this column. "
        "Fix: delete it, or describe it there."
    )


def test_a_repeated_column_is_told(package):
    (package / "claims.csv").write_text(
        (package / "claims.csv").read_text("utf-8").replace("note\n", "note,note\n"), "utf-8"
    )
    (line,) = map(str, read_package(package)[1])
    assert line.startswith("claims.csv, row 1, column note: the column stands there twice.")


def test_columns_may_stand_in_any_order_when_a_table_is_read(package):
    (package / "waypoints.csv").write_text("seq,place_id,corridor_id\n1,ghat,way\n", "utf-8")
    read, problems = read_package(package)
    assert problems == []
    assert read.tables["waypoints"].loc[2].to_dict() == {
        "corridor_id": "way",
        "seq": "1",
        "place_id": "ghat",
    }


def test_everything_is_read_as_text_and_rows_are_counted_as_in_a_spreadsheet(package):
    read, problems = read_package(package)
    places = read.tables["places"]
    assert problems == []
    assert list(places.index) == [2, 3, 4, 5, 6, 7]
    assert places.loc[2, ["place_id", "lat", "drawing_point", "note"]].tolist() == [
        "gao",
        "16.27",
        "false",
        "",
    ]


def test_two_broken_files_are_two_lines(package):
    (package / "items.csv").unlink()
    (package / "claims.csv").write_bytes(b"")
    assert sorted(problem.file for problem in read_package(package)[1]) == [
        "claims.csv",
        "items.csv",
    ]


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("a.csv", "wrong.", "fix it."), "a.csv: wrong. Fix: fix it."),
        (Problem("a.csv", "wrong.", "fix it.", 3), "a.csv, row 3: wrong. Fix: fix it."),
        (
            Problem("a.csv", "wrong.", "fix it.", 3, "x-1", "date"),
            "a.csv, row 3 (x-1), column date: wrong. Fix: fix it.",
        ),
    ],
)
def test_a_problem_says_where_what_and_the_fix(problem, line):
    assert str(problem) == line


@pytest.mark.parametrize(
    ("text", "short"),
    [("a\nb  c", "a b c"), ("x" * 80, "x" * 80), ("x" * 81, "x" * 79 + "…")],
)
def test_a_quoted_value_stays_short_and_on_one_line(text, short):
    assert shorten(text) == short


# ---------------------------------------------------------------- as written, and back

CELLS = st.text('a1,;" \né\u202e', max_size=5)


@settings(max_examples=500)
@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[CELLS] * width), max_size=5)))
def test_a_table_is_written_as_the_library_writes_it(rows):
    columns = [f"column {number}" for number in range(len(rows[0]) if rows else 2)]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    assert write_csv(pd.DataFrame(rows, columns=columns, dtype="str")) == stream.getvalue()


@settings(max_examples=2000)
@given(st.text('a,"\n\r é', max_size=14))
@example('a,"a"\n')  # quoted without need
@example('a,a"a\n')
@example("a,a\n\n")
@example("a\n")
@example("a,a")
@example('"a\na",a\n')
def test_what_is_read_fast_is_what_the_library_reads_or_is_not_read_at_all(body):
    columns = ["one", "two"]
    table = read_written(f"one,two\n{body}", columns)
    if table is not None:
        rows, problems = read_rows("file.csv", f"one,two\n{body}", columns)
        assert problems == []
        assert table.to_numpy().tolist() == rows


def test_the_shipped_package_is_read_fast():
    package, problems = read_package(SHIPPED)
    assert problems == []
    assert package.written == set(package.tables)
