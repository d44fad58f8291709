"""The form in which rows are added: what it explains, offers and keeps as typed."""

import csv
import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from armsflow.curation.submission import read_upload
from armsflow.curation.template import export_xlsx, template_csv, template_xlsx
from armsflow.curation.upload import LARGEST_UPLOAD, SHEETS
from armsflow.dataset.loader import SHIPPED
from armsflow.package import checks
from armsflow.package.package import read_package
from tests.forms import csv_files, with_rows, workbook, zipped


@pytest.fixture(scope="module")
def published():
    package, problems = read_package(SHIPPED)
    assert problems == []
    return package


@pytest.fixture(scope="module")
def book(published):
    return openpyxl.load_workbook(io.BytesIO(template_xlsx(published)))


def heading(sheet, name):
    return next(cell for cell in sheet[1] if cell.value == name)


def offered(book, table, name):
    """Return the codes that the list of a column offers, and whether it keeps others out."""
    sheet = book[table]
    letter = heading(sheet, name).column_letter
    (found,) = [one for one in sheet.data_validations.dataValidation if f"{letter}2" in one.sqref]
    if found.formula1.startswith('"'):
        return found.formula1.strip('"').split(","), found.showErrorMessage
    where, cells = found.formula1.split("!")
    return [cell.value for (cell,) in book[where][cells.replace("$", "")]], found.showErrorMessage


def test_the_sheets_have_the_columns_of_the_package_and_no_row(book, published):
    assert book.sheetnames == ["About", *SHEETS, "codes"]
    for table in SHEETS:
        assert [cell.value for cell in book[table][1]] == list(published.tables[table].columns)
        assert book[table].max_row == 1


def test_every_column_is_explained_at_its_heading_and_on_the_first_sheet(book, published):
    about = {(row[0], row[1]): row for row in book["About"].iter_rows(values_only=True)}
    for table in SHEETS:
        for field in published.fields(table):
            note = heading(book[table], field["name"]).comment.text
            assert field["description"] in note
            assert field["description"] in about[table, field["name"]][3]
            required = field.get("constraints", {}).get("required", False)
            assert ("Required." in note) == required


def test_every_coded_column_offers_its_codes_and_no_other(book, published):
    coded = 0
    for table in SHEETS:
        for field in published.fields(table):
            if "categories" in field:
                codes = [str(category["value"]) for category in field["categories"]]
                assert offered(book, table, field["name"]) == (codes, True)
                coded += 1
    assert coded == 15
    assert offered(book, "places", "drawing_point") == (["true", "false"], True)


@pytest.mark.parametrize(
    ("table", "column", "target", "strict"),
    [
        ("incidents", "place_id", "places", False),
        ("incidents", "destination", "destinations", True),
        ("incidents", "corridor_id", "corridors", False),
        ("items", "weapon_type", "weapon_types", True),
    ],
)
def test_columns_that_cite_offer_what_is_published(table, column, target, strict, book, published):
    identifiers = list(published.tables[target].iloc[:, 0])
    assert offered(book, table, column) == (identifiers, strict)


def test_published_sources_can_be_looked_up_with_their_titles(book, published):
    codes = book["codes"]
    first = heading(codes, "incidents.source_ids")
    rows = codes.iter_rows(min_row=2, min_col=first.column, max_col=first.column + 1)
    found = {identifier.value: title.value for identifier, title in rows}
    found.pop(None, None)
    sources = published.tables["sources"]
    assert found == dict(zip(sources["source_id"], sources["title"], strict=True))


def test_every_column_keeps_what_is_typed_as_text(book):
    for table in SHEETS:
        for cell in book[table][1]:
            assert book[table].column_dimensions[cell.column_letter].number_format == "@"


def test_the_example_stands_on_the_first_sheet_only_and_is_a_published_incident(book, published):
    examples = {(row[0], row[1]): row[4] for row in book["About"].iter_rows(values_only=True)}
    incident = examples["incidents", "incident_id"]
    assert incident == examples["items", "incident_id"]
    assert incident in set(published.tables["incidents"]["incident_id"])
    assert examples["Sheet", "Column"] == "Example (do not send it in)"


def test_the_csv_form_holds_the_same_and_opens_in_excel(published):
    with zipfile.ZipFile(io.BytesIO(template_csv(published))) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in (*SHEETS, "codes")] + ["README.txt"]
        for table in SHEETS:
            content = archive.read(f"{table}.csv")
            assert content.startswith(b"\xef\xbb\xbf")
            assert list(csv.reader([content.decode("utf-8-sig")])) == [
                list(published.tables[table].columns)
            ]
        codes = archive.read("codes.csv").decode("utf-8-sig")
    assert "items.weapon_type,manpads,Shoulder-fired" in codes


HOSTILE = [
    "=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)", "#N/A", "_x0041_", "007", "2013-05", "1e5", "TRUE",
]  # fmt: skip


def test_words_that_look_like_something_else_are_exported_as_text(published):
    items = [
        {"incident_id": "2014-06-kidal-rifles", "seq": str(seq), "weapon_type": "manpads",
         "designation": words, "counting": "own"}
        for seq, words in enumerate(HOSTILE, 2)
    ]  # fmt: skip
    rows = with_rows({"items": items}, places={"place_id": "kidal-own"},
                     incidents={"place_id": "kidal-own"})  # fmt: skip
    submitted = read_upload("a.zip", zipped(csv_files(published, rows)), published)
    assert [str(problem) for problem in submitted.problems] == []
    exported = export_xlsx(submitted.package, submitted.incident_ids)
    sheet = openpyxl.load_workbook(io.BytesIO(exported))["items"]
    column = heading(sheet, "designation").column
    cells = [sheet.cell(row, column) for row in range(3, 3 + len(HOSTILE))]
    assert {cell.data_type for cell in cells} == {"s"}
    again = read_upload("b.xlsx", exported, published)
    assert again.package.texts == submitted.package.texts


def test_a_filled_template_of_the_shipped_package_gives_a_valid_package(published):
    rows = with_rows(places={"place_id": "kidal-own"}, incidents={"place_id": "kidal-own"})
    submitted = read_upload("a.xlsx", workbook(published, rows), published)
    assert [str(problem) for problem in submitted.problems] == []
    stages = (checks.VALUE_RULES, checks.EVIDENCE_RULES, checks.FORM_RULES)
    found = [problem for stage in stages for rule in stage for problem in rule(submitted.package)]
    assert found == []


def test_all_published_incidents_fit_the_bounds_of_an_upload_ten_times(published):
    named = {name: list(published.tables[name].iloc[:, 0]) for name in ("places", "sources")}
    package = replace(published, descriptor=published.descriptor | {"unpublished": named})
    incidents = published.tables["incidents"]["incident_id"]
    content = export_xlsx(package, list(incidents))
    assert len(content) * 10 < LARGEST_UPLOAD
    submitted = read_upload("all.xlsx", content, published)
    refused = [problem.record for problem in submitted.problems if problem.file == "incidents"]
    assert refused == list(incidents)
    assert {
        problem.what.endswith("is already published, in incidents.")
        for problem in submitted.problems
        if problem.file == "incidents"
    } == {True}
    assert submitted.package is published
