"""What a stranger hands in: read within bounds, and refused in one clear line."""

import csv
import io
import json
import random
import shutil
import struct
import subprocess
import tracemalloc
import zipfile
import zlib
from datetime import datetime

import pytest

from armsflow.curation import dialects as dialects_module
from armsflow.curation import headings, upload
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


def read(content, published, name=NAME):
    found, problems = upload.read(name, content, published)
    return found, [str(problem) for problem in problems]


def refused(content, published):
    """Return the one line with which an upload is refused as a whole."""
    found, problems = read(content, published)
    assert found is None
    (line,) = problems
    return line


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("form", ["workbook", "csv", "csv in a folder", "csv from a Mac"])
def test_both_forms_give_the_same_rows(form, published):
    rows = with_rows(SECOND)
    files = csv_files(published, rows)
    content = {
        "workbook": lambda: workbook(published, rows),
        "csv": lambda: zipped(files),
        "csv in a folder": lambda: zipped({f"my rows/{k}": v for k, v in files.items()}),
        "csv from a Mac": lambda: zipped(
            {f"rows/{k}": v for k, v in files.items()}
            | {"__MACOSX/rows/._items.csv": b"\0", "rows/.DS_Store": b"\1"}
        ),
    }[form]()
    found, problems = read(content, published)
    assert problems == []
    for table, records in rows.items():
        columns = list(found.tables[table].columns)
        assert columns == [field["name"] for field in published.fields(table)]
        assert found.tables[table].to_numpy().tolist() == [
            [record.get(column, "") for column in columns] for record in records
        ]
        assert list(found.tables[table].index) == list(range(2, 2 + len(records)))


def test_numbers_and_days_that_excel_made_are_read_without_guessing(published):
    rows = with_rows(
        incidents={"date": 2014, "title": 1914},
        items={"seq": 1.0, "quantity": 12},
        places={"lat": 18.44, "lon": -1, "drawing_point": False},
        sources={"published": datetime.fromisoformat("2014-07-03")},
    )
    found, problems = read(workbook(published, rows), published)
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
    table, column, value, line, published
):
    def change(book):
        sheet = book[table]
        columns = [cell.value for cell in sheet[1]]
        sheet.cell(2, columns.index(column) + 1).value = value

    found, problems = read(workbook(published, ROWS, change), published)
    (told,) = problems
    record = next(iter(ROWS[table][0].values()))
    assert told.startswith(f"{table}, row 2 ({record}), column {column}: {line}")
    assert found.column(table, column)[2] == ""


def test_text_that_looks_like_a_formula_is_text(published):
    found, problems = read(
        zipped(csv_files(published, with_rows(items={"designation": "=1+1"}))), published
    )
    assert problems == []
    assert found.column("items", "designation") == {2: "=1+1"}


def test_a_cell_under_no_heading_is_told(published):
    content = workbook(published, ROWS, lambda book: book["items"].cell(2, 40, "stray"))
    _, problems = read(content, published)
    assert problems == [
        "items, row 2 (2014-06-kidal-rifles): 'stray' is under no heading. "
        "Fix: move it under a heading of the template, or delete it."
    ]


def notes_of(content, published):
    found, problems = read(content, published)
    assert problems == []
    return found, [str(note) for note in found.notes]


def test_a_sheet_or_file_that_is_not_known_is_told_and_the_rest_is_read(published):
    content = workbook(published, ROWS, lambda book: book.create_sheet("Incidents 2"))
    found, notes = notes_of(content, published)
    assert notes == [
        "Incidents 2: the template has no sheet of this name, and nothing of it is used. "
        "Fix: delete it, or rename it; the sheets are: incidents, items, places, sources, "
        "corridors, waypoints."
    ]
    assert len(found.tables["incidents"]) == 1
    content = zipped(csv_files(published, ROWS) | {"incident.csv": b"x"})
    found, notes = notes_of(content, published)
    assert notes == [
        "incident.csv: no table has this name, and nothing of the file is used. Fix: delete it, "
        "or rename it; the files are: incidents.csv, items.csv, places.csv, sources.csv, "
        "corridors.csv, waypoints.csv."
    ]
    assert len(found.tables["incidents"]) == 1


def equal(found, expected):
    return all(found.tables[name].equals(table) for name, table in expected.tables.items())


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("utf-16-le", ""),
     ("utf-16-be", ""), ("cp1252", "Windows-1252"),
     ("cp1256", "Windows-1256")],
)  # fmt: skip
def test_every_usual_encoding_gives_the_same_letters(encoding, told, published):
    title = "وزارة الدفاع" if encoding == "cp1256" else "Médenine, Ténéré"
    files = csv_files(published, with_rows(incidents={"title": title}))
    coded = {name: text.decode("utf-8-sig").encode(encoding) for name, text in files.items()}
    found, notes = notes_of(zipped(coded), published)
    assert list(found.tables["incidents"]["title"]) == [title]
    assert [told in note for note in notes] == ([True] if told else [])


@pytest.mark.parametrize(
    ("table", "typed", "meant"),
    [
        ("incidents", {"destination": " Mali "}, {"destination": "mali"}),
        ("incidents", {"event_type": "hidden store FOUND"}, {"event_type": "cache_found"}),
        ("incidents", {"scope": "Single event"}, {"scope": "event"}),
        ("incidents", {"title": "Rifles\nfound  there"}, {"title": "Rifles found there"}),
        ("incidents", {"source_ids": "a; b ;"}, {"source_ids": "a;b"}),
        ("places", {"lat": "18,44"}, {"lat": "18.44"}),
        ("places", {"drawing_point": "FALSE"}, {"drawing_point": "false"}),
        ("places", {"drawing_point": "Oui"}, {"drawing_point": "true"}),
        ("sources", {"url": "www.example.org/a"}, {"url": "https://www.example.org/a"}),
    ],
)
def test_what_can_mean_one_thing_only_is_read_and_told(table, typed, meant, published):
    found, notes = notes_of(workbook(published, with_rows(**{table: typed})), published)
    expected, _ = read(workbook(published, with_rows(**{table: meant})), published)
    assert equal(found, expected)
    [note] = notes
    assert note.startswith(f"{table}, row 2 ")
    assert f"column {next(iter(typed))}: " in note


def test_what_can_mean_two_things_is_left_as_it_was_typed(published):
    for typed in ("1.234", "1,234", "3.000", "1.234,5"):
        found, _ = read(workbook(published, with_rows(items={"quantity": typed})), published)
        assert list(found.tables["items"]["quantity"]) == [typed]


def test_headings_are_matched_without_case_blanks_and_order_and_others_left_out(published):
    def change(book):
        sheet = book["incidents"]
        for cell in sheet[1]:
            cell.value = f" {cell.value.upper().replace('_', ' ')} " if cell.value else None
        sheet.cell(1, 30, "colour")
        sheet.cell(2, 30, "blue")

    found, notes = notes_of(workbook(published, ROWS, change), published)
    expected, _ = read(workbook(published, ROWS), published)
    assert equal(found, expected)
    [note] = notes
    assert "column colour: the template has no such column, and nothing of it is used" in note


def test_titles_stand_for_headings_and_a_row_of_titles_below_them_is_left_out(published):
    titles = [field["title"] for field in published.fields("incidents")]

    def in_place(sheet):
        for column, title in enumerate(titles, 1):
            sheet.cell(1, column).value = title

    def below(sheet):
        sheet.insert_rows(2)
        for column, title in enumerate(titles, 1):
            sheet.cell(2, column).value = title

    expected, _ = read(workbook(published, ROWS), published)
    for change in (in_place, below):
        found, problems = read(headed(published, change), published)
        assert problems == []
        rows = found.tables["incidents"].to_numpy().tolist()
        assert rows == expected.tables["incidents"].to_numpy().tolist()
    assert [str(note) for note in found.notes] == [
        "incidents, row 2: it repeats the titles of the columns, and nothing of it is used."
    ]


def test_an_optional_column_may_be_missing_and_is_told(published):
    content = headed(published, lambda sheet: sheet.delete_cols(3))
    found, notes = notes_of(content, published)
    assert set(found.tables["incidents"]["date_end"]) == {""}
    assert notes == ["incidents, row 1, column date_end: the column is not there; it is empty."]


def test_the_own_rows_of_a_saved_package_can_be_handed_in_again(published):
    files = csv_files(published, with_rows(SECOND))
    named = {"incidents": ["2014-06-kidal-rifles"], "places": ["kidal"],
             "sources": ["ministry-2014-07-kidal"]}  # fmt: skip
    descriptor = json.dumps({"unpublished": named}).encode()
    found, problems = read(zipped(files | {"datapackage.json": descriptor}), published)
    assert problems == []
    assert list(found.tables["incidents"]["incident_id"]) == named["incidents"]
    assert set(found.tables["items"]["incident_id"]) == set(named["incidents"])
    assert list(found.tables["places"]["place_id"]) == named["places"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_a_file_of_another_program_gives_the_same_rows(ending, published, tmp_path):
    source = tmp_path / "rows.xlsx"
    source.write_bytes(workbook(published, with_rows(SECOND)))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", ending, "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    found, _ = notes_of((tmp_path / f"rows.{ending}").read_bytes(), published)
    expected, _ = read(source.read_bytes(), published)
    assert equal(found, expected)


def test_a_thousand_tables_in_ten_dialects_say_the_same():
    chance = random.Random(7)
    dialects = [
        (separator, encoding) for separator in ",;\t"
        for encoding in ("utf-8", "utf-8-sig", "utf-16")
    ] + [(";", "cp1252")]  # fmt: skip
    letters = "abcéèçüñ 0123456789'\"-/()"
    for number in range(1000):
        separator, encoding = dialects[number % len(dialects)]
        rows = [["a", "b", "c"]] + [
            ["x" + "".join(chance.choices(letters + ",;", k=chance.randint(0, 12))) + "é"
             for _ in range(3)]
            for _ in range(chance.randint(1, 4))
        ]  # fmt: skip
        stream = io.StringIO()
        csv.writer(stream, delimiter=separator).writerows(rows)
        text, _ = dialects_module.decoded(stream.getvalue().encode(encoding))
        read_back = list(dialects_module.csv_rows("a.csv", text))
        assert [[cells[one].text for one in (1, 2, 3)] for _, cells in read_back] == rows


def test_places_and_sources_may_be_left_away(published):
    def change(book):
        del book["places"]
        del book["sources"]

    found, problems = read(workbook(published, {"incidents": ROWS["incidents"]}, change), published)
    assert problems == []
    assert found.tables["places"].empty


@pytest.mark.parametrize(
    "path",
    ["../incidents.csv", "/incidents.csv", "a/b/incidents.csv", "..\\incidents.csv",
     "C:\\incidents.csv", "./incidents.csv", "incidents.csv\0.exe", "\u202eincidents.csv"],
)  # fmt: skip
def test_a_file_with_a_path_is_not_taken_for_a_table(path, published, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = csv_files(published, ROWS)
    files[path] = files.pop("incidents.csv")
    found, problems = read(zipped(files), published)
    if found is None:
        assert "there is no incidents.csv" in problems[-1]
    else:
        # Python's zipfile ends a name at a NUL byte.
        assert "\0" in path
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- what is refused as a whole


def headed(published, change):
    """Return a workbook whose header row of incidents was changed."""
    return workbook(published, ROWS, lambda book: change(book["incidents"]))


def csv_with(published, name, content):
    return zipped(csv_files(published, ROWS) | {name: content})


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


def unfolding():
    """Return a sheet of OpenDocument in which one cell is repeated a hundred million times."""
    return (
        b'<x xmlns:t="t" xmlns:o="o"><t:table>'
        b'<t:table-row t:number-rows-repeated="100000"><t:table-cell o:value-type="string" '
        b't:number-columns-repeated="1000"/></t:table-row></t:table></x>'
    )


def filled_down(sheet):
    for row in range(2, headings.MOST_ROWS + 3):
        sheet.cell(row, 1, "x")


REFUSED = {
    "nothing": (
        lambda _: b"",
        "the file is empty.",
    ),
    "words": (
        lambda _: b"Guns, seen in Kidal",
        "is neither a spreadsheet (.xlsx, .xls, .ods) nor a ZIP of CSV files.",
    ),
    "a workbook in a ZIP": (
        lambda p: zipped({"rows.xlsx": workbook(p, ROWS)}),
        "the ZIP holds a workbook. Fix: send the workbook itself, without a ZIP.",
    ),
    "tables of other names": (
        lambda p: zipped({f"Our {name}": text for name, text in csv_files(p, ROWS).items()}),
        "there is no incidents.csv and no items.csv, only Our incidents.csv, ",
    ),
    "one CSV": (
        lambda p: csv_files(p, ROWS)["incidents.csv"],
        "the file is the table incidents alone, and items are needed too. Fix: put the tables as "
        "incidents.csv, items.csv and, for new ones, places.csv and sources.csv into one ZIP, or",
    ),
    "one CSV of another dialect": (
        lambda p: csv_files(p, ROWS)["places.csv"].decode("utf-8-sig").replace(",", ";").encode(
            "utf-16-le"
        ),
        "the file is the table places alone, and incidents and items are needed too. Fix: put the",
    ),
    "one CSV of something else": (
        lambda _: b"name,price\nbread,2",
        "is neither a spreadsheet (.xlsx, .xls, .ods) nor a ZIP of CSV files. Fix: fill in the "
        "template and send it as .xlsx, or its CSV files together in one ZIP.",
    ),
    "old Excel": (lambda _: upload.OLE + b"x" * 600, "save it as .xlsx without a password."),
    "a damaged OpenDocument file": (
        lambda _: zipped({"mimetype": b"x", "content.xml": b"<x"}),
        "the OpenDocument file cannot be read: a part of it is damaged.",
    ),
    "an OpenDocument file that unfolds": (
        lambda _: zipped({"mimetype": b"x", "content.xml": unfolding()}),
        "the OpenDocument file cannot be read: it has too many cells.",
    ),
    "a data package": (
        lambda _: zipped({"datapackage.json": b"{}"}),
        "is a data package without rows of your own.",
    ),
    "a password": (lambda p: locked(zipped(csv_files(p, ROWS))), "the file has a password."),
    "LZMA": (lambda _: compressed(zipfile.ZIP_LZMA), "is damaged and cannot be unpacked."),
    "BZIP2": (lambda _: compressed(zipfile.ZIP_BZIP2), "is damaged and cannot be unpacked."),
    "half a file": (lambda p: workbook(p, ROWS)[:5000], "is damaged and cannot be unpacked."),
    "an empty ZIP": (lambda _: zipped({}), "there is no incidents.csv and no items.csv."),
    "another ZIP": (
        lambda _: zipped({"README.txt": b"x"}),
        "there is no incidents.csv and no items.csv, only README.txt. Fix: fill in the template, "
        "or name them as it does: incidents.csv, ",
    ),
    "no sheet of items": (
        lambda p: workbook(p, ROWS, lambda book: book.remove(book["items"])),
        "there is no items, only About, incidents, places, sources, corridors, waypoints and "
        "codes. Fix: fill in the template, or name them as it does: incidents, items, places, ",
    ),
    "no header": (
        lambda p: headed(p, lambda sheet: sheet.delete_rows(1)),
        "incidents, row 1, column incident_id: the column is missing.",
    ),
    "an empty sheet": (
        lambda p: headed(p, lambda sheet: sheet.delete_rows(1, 9)),
        "incidents, row 1: the header row is missing. Fix: copy the row of headings",
    ),
    "a column less": (
        lambda p: headed(p, lambda sheet: sheet.delete_cols(2)),
        "incidents, row 1, column date: the column is missing.",
    ),
    "a column twice": (
        lambda p: headed(p, lambda sheet: sheet.cell(1, 20, "title")),
        "incidents, row 1, column title: the column is there twice.",
    ),
    "too many rows": (
        lambda p: headed(p, filled_down),
        "incidents, row 2002: a sheet may hold 2,000 rows.",
    ),
    "a workbook that is none": (
        lambda _: zipped({"[Content_Types].xml": b"<Types/>"}),
        "the workbook cannot be read: a part of it is missing.",
    ),
    "no XML": (
        lambda p: with_part(workbook(p, ROWS), "xl/styles.xml", lambda _: b"<styleSheet"),
        "the workbook cannot be read: a part of it is damaged. "
        "Fix: copy the rows into a fresh template and save it as .xlsx.",
    ),
    "an open quotation mark": (
        lambda p: csv_with(p, "items.csv", csv_files(p, {})["items.csv"] + b'"x,y'),
        "items.csv: the file cannot be read near line 2. Fix: look at the quotation marks",
    ),
    "a table twice": (
        lambda p: csv_with(p, "more/items.csv", b""),
        "items.csv: the file is there twice.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_give_the_same_rows_as_commas(separator, published):
    files = csv_files(published, with_rows(SECOND))
    others = {}
    for name, content in files.items():
        stream = io.StringIO()
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        csv.writer(stream, delimiter=separator).writerows(rows)
        others[name] = stream.getvalue().encode()
    expected, _ = read(zipped(files), published)
    found, problems = read(zipped(others), published)
    assert problems == []
    for table, rows in expected.tables.items():
        assert found.tables[table].equals(rows)


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line(case, published):
    make, words = REFUSED[case]
    line = refused(make(published), published)
    assert words in line
    assert "Fix: " in line


def test_a_csv_row_with_a_comma_too_many_is_told_and_the_others_are_read(published):
    files = csv_files(published, ROWS)
    files["sources.csv"] += b"id,Title, with a comma,p,,news,,,https://example.org\r\n"
    found, problems = read(zipped(files), published)
    assert problems == [
        "sources.csv, row 3: 9 cells where the header has 8. "
        'Fix: put text that holds a comma in straight quotation marks ("…").'
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
    name, announced, published
):
    bomb = zip_of_one(name, deflated_zeros(2048), announced)
    assert len(bomb) < upload.LARGEST_UPLOAD
    tracemalloc.start()
    try:
        line = refused(bomb, published)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "larger than 25 MB" in line or "damaged" in line
    assert peak < 4 * upload.LARGEST_UNPACKED


def test_many_files_that_are_large_only_together_are_refused(published):
    files = {f"{number}.csv": bytes(1_000_000) for number in range(26)}
    assert "unpacked, the file is larger than 25 MB." in refused(zipped(files), published)


def test_a_file_that_is_too_large_is_not_even_opened(published):
    content = b"PK" + bytes(upload.LARGEST_UPLOAD)
    assert refused(content, published).startswith("rows.xlsx: the file is larger than 5 MB. Fix: ")


def test_more_files_than_a_workbook_has_are_refused(published):
    files = {f"{number}.csv": b"" for number in range(upload.MOST_MEMBERS + 1)}
    assert "more than 200 files are in it." in refused(zipped(files), published)


def test_one_long_text_in_thousands_of_cells_is_refused(published):
    """Each cell of a workbook names its text; a small file can mean gigabytes of them."""
    columns = [field["name"] for field in published.fields("incidents")]
    strings = "".join(f"<si><t>{text}</t></si>" for text in ["x" * 30_000, *columns])
    header = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(1, len(columns) + 1))
    row = '<row><c t="s"><v>0</v></c></row>'
    sheets = '<sheet name="incidents" r:id="b"/><sheet name="items" r:id="b"/>'
    content = zipped(workbook_parts(f"<row>{header}</row>{row * 1000}", strings, book=sheets))
    assert len(content) < 10_000
    assert refused(content, published) == (
        "incidents: the cells hold more than 5,000,000 characters. Fix: split the rows."
    )


def test_a_cell_longer_than_excel_can_keep_is_told(published):
    content = zipped(csv_files(published, with_rows(incidents={"summary": "x" * 32_768})))
    _, problems = read(content, published)
    assert problems == [
        "incidents.csv, row 2 (2014-06-kidal-rifles), column summary: the cell holds more than "
        "32,767 characters. Fix: shorten it."
    ]


def test_a_row_at_the_very_end_of_a_sheet_costs_nothing(published):
    content = headed(published, lambda sheet: sheet.cell(1_048_576, 16_384, "x"))
    assert "row 1048576: a sheet may hold 2,000 rows." in refused(content, published)


def test_formatted_empty_rows_below_the_rows_do_no_harm(published):
    def change(book):
        for row in range(2, headings.MOST_ROWS + 500):
            book["items"].cell(row, 1).number_format = "@"

    assert read(workbook(published, {}, change), published)[1] == []
