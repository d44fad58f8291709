"""What a stranger hands in: read within bounds, and refused in one clear line."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from datetime import datetime

import pytest

from armsflow.curation import upload
from armsflow.package.package import read_package
from tests import tiny
from tests.forms import (
    ROWS,
    SECOND,
    csv_files,
    with_part,
    with_rows,
    workbook,
    workbook_parts,
    zipped,
)

NAME = "rows.xlsx"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    package, problems = read_package(tiny.write(tmp_path_factory.mktemp("upload") / "package"))
    assert problems == []
    return package


def read(content, package, name=NAME):
    found, problems = upload.read(name, content, package)
    return found, [str(problem) for problem in problems]


def refused(content, package):
    """Return the one line with which an upload is refused as a whole."""
    found, problems = read(content, package)
    assert found is None
    (line,) = problems
    return line


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("form", ["workbook", "csv", "csv in a folder", "csv from a Mac"])
def test_both_forms_give_the_same_rows(form, package):
    rows = with_rows(SECOND)
    files = csv_files(package, rows)
    content = {
        "workbook": lambda: workbook(package, rows),
        "csv": lambda: zipped(files),
        "csv in a folder": lambda: zipped({f"my rows/{k}": v for k, v in files.items()}),
        "csv from a Mac": lambda: zipped(
            {f"rows/{k}": v for k, v in files.items()}
            | {"__MACOSX/rows/._items.csv": b"\0", "rows/.DS_Store": b"\1"}
        ),
    }[form]()
    found, problems = read(content, package)
    assert problems == []
    for table, records in rows.items():
        columns = list(found.tables[table].columns)
        assert columns == [field["name"] for field in package.fields(table)]
        assert found.tables[table].to_numpy().tolist() == [
            [record.get(column, "") for column in columns] for record in records
        ]
        assert list(found.tables[table].index) == list(range(2, 2 + len(records)))


def test_numbers_and_days_that_excel_made_are_read_without_guessing(package):
    rows = with_rows(
        incidents={"date": 2014, "title": 1914},
        items={"seq": 1.0, "quantity": 12},
        places={"lat": 18.44, "lon": -1, "drawing_point": False},
        sources={"published": datetime.fromisoformat("2014-07-03")},
    )
    found, problems = read(workbook(package, rows), package)
    assert problems == []
    cells = {
        ("incidents", "date"): "2014", ("incidents", "title"): "1914", ("items", "seq"): "1",
        ("items", "quantity"): "12", ("places", "lat"): "18.44", ("places", "lon"): "-1",
        ("places", "drawing_point"): "false", ("sources", "published"): "2014-07-03",
    }  # fmt: skip
    assert {spot: found.column(*spot)[2] for spot in cells} == cells


@pytest.mark.parametrize(
    ("table", "column", "value", "line"),
    [
        ("items", "quantity", "=6+6",
         "the cell holds a formula. Fix: copy the cells and paste them as values."),
        ("items", "quantity", 1.5, "the spreadsheet made the number 1.5 of the cell. Fix: format "
         "the cell as text and write again what the source says."),
        ("items", "designation", 7.62, "the spreadsheet made the number 7.62 of the cell. Fix: "),
        ("places", "name", True, "the spreadsheet made true of the cell. Fix: "),
        ("sources", "title", datetime.fromisoformat("2014-07-03"),
         "the spreadsheet made the day 2014-07-03 of the cell. Fix: "),
        ("sources", "published", datetime.fromisoformat("2014-07-03 10:00"),
         "the cell holds a time, or a date that cannot be read. Fix: "),
        ("incidents", "summary", "#REF!", "the cell holds the error #REF!. Fix: "),
    ],
)  # fmt: skip
def test_a_cell_that_would_have_to_be_guessed_is_told_by_sheet_row_and_column(
    table, column, value, line, package
):
    def change(book):
        sheet = book[table]
        columns = [cell.value for cell in sheet[1]]
        sheet.cell(2, columns.index(column) + 1).value = value

    found, problems = read(workbook(package, ROWS, change), package)
    (told,) = problems
    record = next(iter(ROWS[table][0].values()))
    assert told.startswith(f"{table}, row 2 ({record}), column {column}: {line}")
    assert found.column(table, column)[2] == ""


def test_text_that_looks_like_a_formula_is_text(package):
    found, problems = read(
        zipped(csv_files(package, with_rows(items={"designation": "=1+1"}))), package
    )
    assert problems == []
    assert found.column("items", "designation") == {2: "=1+1"}


def test_a_cell_under_no_heading_is_told(package):
    content = workbook(package, ROWS, lambda book: book["items"].cell(2, 40, "stray"))
    _, problems = read(content, package)
    assert problems == [
        "items, row 2 (2014-06-kidal-rifles): 'stray' is under no heading. "
        "Fix: move it under a heading of the template, or delete it."
    ]


def test_a_sheet_or_file_that_is_not_known_is_told_and_the_rest_is_read(package):
    content = workbook(package, ROWS, lambda book: book.create_sheet("Incidents 2"))
    found, problems = read(content, package)
    assert problems == [
        "Incidents 2: the template has no sheet of this name, and nothing of it is used. "
        "Fix: delete it, or rename it; the sheets are: incidents, items, places, sources."
    ]
    assert len(found.tables["incidents"]) == 1
    content = zipped(csv_files(package, ROWS) | {"incident.csv": b"x"})
    found, problems = read(content, package)
    assert problems == [
        "incident.csv: no table has this name, and nothing of the file is used. Fix: delete it, "
        "or rename it; the files are: incidents.csv, items.csv, places.csv, sources.csv."
    ]
    assert len(found.tables["incidents"]) == 1


def test_places_and_sources_may_be_left_away(package):
    def change(book):
        del book["places"]
        del book["sources"]

    found, problems = read(workbook(package, {"incidents": ROWS["incidents"]}, change), package)
    assert problems == []
    assert found.tables["places"].empty


@pytest.mark.parametrize(
    "path",
    ["../incidents.csv", "/incidents.csv", "a/b/incidents.csv", "..\\incidents.csv",
     "C:\\incidents.csv", "./incidents.csv", "incidents.csv\0.exe", "\u202eincidents.csv"],
)  # fmt: skip
def test_a_file_with_a_path_is_not_taken_for_a_table(path, package, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = csv_files(package, ROWS)
    files[path] = files.pop("incidents.csv")
    found, problems = read(zipped(files), package)
    if found is None:
        assert "there is no incidents.csv" in problems[-1]
    else:
        # Python's zipfile ends a name at a NUL byte.
        assert "\0" in path
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- what is refused as a whole


def headed(package, change):
    """Return a workbook whose header row of incidents was changed."""
    return workbook(package, ROWS, lambda book: change(book["incidents"]))


def csv_with(package, name, content):
    return zipped(csv_files(package, ROWS) | {name: content})


def locked(content):
    """Say in both headers of a ZIP that its first file is encrypted."""
    first = content.index(b"PK\x03\x04") + 6
    listed = content.index(b"PK\x01\x02") + 8
    changed = bytearray(content)
    changed[first] |= 1
    changed[listed] |= 1
    return bytes(changed)


def compressed(method):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("incidents.csv", "x" * 1000)
    return stream.getvalue()


REFUSED = {
    "nothing": (lambda _: b"", "is neither an Excel workbook (.xlsx) nor a ZIP of CSV files."),
    "one CSV": (
        lambda p: csv_files(p, ROWS)["incidents.csv"],
        "is neither an Excel workbook (.xlsx) nor a ZIP of CSV files. Fix: fill in the template "
        "and send it as .xlsx, or its CSV files together in one ZIP.",
    ),
    "old Excel": (lambda _: upload.OLE + b"x" * 600, "save it as .xlsx without a password."),
    "OpenDocument": (lambda _: zipped({"mimetype": b"x"}), "is an OpenDocument file."),
    "a data package": (lambda _: zipped({"datapackage.json": b"{}"}), "is a whole data package."),
    "a password": (lambda p: locked(zipped(csv_files(p, ROWS))), "the file has a password."),
    "LZMA": (lambda _: compressed(zipfile.ZIP_LZMA), "is damaged and cannot be unpacked."),
    "BZIP2": (lambda _: compressed(zipfile.ZIP_BZIP2), "is damaged and cannot be unpacked."),
    "half a file": (lambda p: workbook(p, ROWS)[:5000], "is damaged and cannot be unpacked."),
    "an empty ZIP": (lambda _: zipped({}), "there is no incidents.csv and no items.csv."),
    "another ZIP": (
        lambda _: zipped({"README.txt": b"x"}),
        "there is no incidents.csv and no items.csv. Fix: fill in the template; it has:",
    ),
    "no sheet of items": (
        lambda p: workbook(p, ROWS, lambda book: book.remove(book["items"])),
        "there is no items. Fix: fill in the template; it has: incidents, items, places, sources.",
    ),
    "no header": (
        lambda p: headed(p, lambda sheet: sheet.delete_rows(1)),
        "incidents, row 1, column incident_id: the column is missing.",
    ),
    "an empty sheet": (
        lambda p: headed(p, lambda sheet: sheet.delete_rows(1, 9)),
        "incidents, row 1: the header row is missing. Fix: copy row 1 from the template.",
    ),
    "a column less": (
        lambda p: headed(p, lambda sheet: sheet.delete_cols(3)),
        "incidents, row 1, column date_end: the column is missing.",
    ),
    "a column more": (
        lambda p: headed(p, lambda sheet: sheet.cell(1, 20, "colour")),
        "incidents, row 1, column colour: the template has no such column.",
    ),
    "a column twice": (
        lambda p: headed(p, lambda sheet: sheet.cell(1, 20, "title")),
        "incidents, row 1, column title: the column is there twice.",
    ),
    "too many rows": (
        lambda p: headed(p, lambda sheet: sheet.cell(upload.MOST_ROWS + 2, 1, "x")),
        "incidents, row 2002: a sheet may hold 2,000 rows.",
    ),
    "a workbook that is none": (
        lambda _: zipped({"[Content_Types].xml": b"<Types/>"}),
        "the workbook cannot be read: a part of it is missing.",
    ),
    "no XML": (
        lambda p: with_part(workbook(p, ROWS), "xl/styles.xml", lambda _: b"<styleSheet"),
        "the workbook cannot be read: a part of it is not valid XML. "
        "Fix: copy the rows into a fresh template and save it as .xlsx.",
    ),
    "not UTF-8": (
        lambda p: csv_with(p, "places.csv", "Ténéré".encode("cp1252")),
        "places.csv: byte 2 is not UTF-8 text. Fix: save it as “CSV UTF-8”.",
    ),
    "UTF-16": (
        lambda p: csv_with(p, "places.csv", "place_id,name".encode("utf-16")),
        "places.csv: byte 1 is not UTF-8 text.",
    ),
    "semicolons": (
        lambda p: csv_with(p, "places.csv", b"place_id;name\r\n"),
        "places.csv, row 1: the columns are not separated by commas.",
    ),
    "an open quotation mark": (
        lambda p: csv_with(p, "items.csv", csv_files(p, {})["items.csv"] + b'"x,y'),
        "items.csv: the file is not valid CSV",
    ),
    "a table twice": (
        lambda p: csv_with(p, "more/items.csv", b""),
        "items.csv: the file is there twice.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line(case, package):
    make, words = REFUSED[case]
    line = refused(make(package), package)
    assert words in line
    assert "Fix: " in line


def test_a_csv_row_with_a_comma_too_many_is_told_and_the_others_are_read(package):
    files = csv_files(package, ROWS)
    files["sources.csv"] += b"id,Title, with a comma,p,,news,,https://example.org\r\n"
    found, problems = read(zipped(files), package)
    assert problems == [
        "sources.csv, row 3: 8 cells where the header has 7. "
        "Fix: put text that holds a comma in quotation marks."
    ]
    assert list(found.tables["sources"].index) == [2, 3]


# ---------------------------------------------------------------- bombs


def deflated_zeros(size):
    """Return a raw deflate stream of a number of zeros, in mebibytes, and their checksum."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    second = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush(zlib.Z_FINISH)
    return block + second * (size - 1) + end


def zip_of_one(name, packed, announced):
    """Write a ZIP by hand, with whatever size it announces."""
    common = struct.pack(
        "<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(packed), announced, len(name), 0
    )  # fmt: skip
    entry = b"PK\x03\x04" + common + name + packed
    listed = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0)
    listed += name
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(listed), len(entry), 0)
    return entry + listed + b"PK\x05\x06" + end


@pytest.mark.parametrize("announced", [2 * 2**30, 24_000_000, 100])
@pytest.mark.parametrize("name", [b"incidents.csv", b"[Content_Types].xml"])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused_with_little_memory(
    name, announced, package
):
    bomb = zip_of_one(name, deflated_zeros(2048), announced)
    assert len(bomb) < upload.LARGEST_UPLOAD
    tracemalloc.start()
    try:
        line = refused(bomb, package)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "larger than 25 MB" in line or "damaged" in line
    assert peak < 4 * upload.LARGEST_UNPACKED


def test_many_files_that_are_large_only_together_are_refused(package):
    files = {f"{number}.csv": bytes(1_000_000) for number in range(26)}
    assert "unpacked, the file is larger than 25 MB." in refused(zipped(files), package)


def test_a_file_that_is_too_large_is_not_even_opened(package):
    content = b"PK" + bytes(upload.LARGEST_UPLOAD)
    assert refused(content, package).startswith("rows.xlsx: the file is larger than 5 MB. Fix: ")


def test_more_files_than_a_workbook_has_are_refused(package):
    files = {f"{number}.csv": b"" for number in range(upload.MOST_MEMBERS + 1)}
    assert "more than 200 files are in it." in refused(zipped(files), package)


def test_one_long_text_in_thousands_of_cells_is_refused(package):
    """Each cell of a workbook names its text; a small file can mean gigabytes of them."""
    columns = [field["name"] for field in package.fields("incidents")]
    strings = "".join(f"<si><t>{text}</t></si>" for text in ["x" * 30_000, *columns])
    header = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(1, len(columns) + 1))
    row = '<row><c t="s"><v>0</v></c></row>'
    sheets = '<sheet name="incidents" r:id="b"/><sheet name="items" r:id="b"/>'
    content = zipped(workbook_parts(f"<row>{header}</row>{row * 1000}", strings, book=sheets))
    assert len(content) < 10_000
    assert refused(content, package) == (
        "incidents: the cells hold more than 5,000,000 characters. Fix: split the rows."
    )


def test_a_cell_longer_than_excel_can_keep_is_told(package):
    content = zipped(csv_files(package, with_rows(incidents={"summary": "x" * 32_768})))
    _, problems = read(content, package)
    assert problems == [
        "incidents.csv, row 2 (2014-06-kidal-rifles), column summary: the cell holds more than "
        "32,767 characters. Fix: shorten it."
    ]


def test_a_row_at_the_very_end_of_a_sheet_costs_nothing(package):
    content = headed(package, lambda sheet: sheet.cell(1_048_576, 16_384, "x"))
    assert "row 1048576: a sheet may hold 2,000 rows." in refused(content, package)


def test_formatted_empty_rows_below_the_rows_do_no_harm(package):
    def change(book):
        for row in range(2, upload.MOST_ROWS + 500):
            book["items"].cell(row, 1).number_format = "@"

    assert read(workbook(package, {}, change), package)[1] == []
