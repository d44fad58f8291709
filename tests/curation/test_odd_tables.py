"""Tables as people type them: what means one thing is read and told, what may mean two is named."""

import csv
import io
from datetime import date

import pytest

from armsflow.curation import upload
from armsflow.curation.submission import read_upload
from tests.forms import ITEM, ROWS, csv_files, with_rows, workbook, zipped

TODAY = date(2026, 11, 24)
INCIDENT = ROWS["incidents"][0]["incident_id"]


def read(content, published):
    found, problems = upload.read("rows.zip", content, published)
    assert [str(problem) for problem in problems] == []
    return found, [str(note) for note in found.notes]


def told(published, content):
    return [str(one) for one in read_upload("rows.zip", content, published, TODAY).problems]


def equal(found, expected):
    return all(
        found.tables[name].to_numpy().tolist() == table.to_numpy().tolist()
        for name, table in expected.tables.items()
    )


@pytest.mark.parametrize(
    ("table", "column", "typed", "meant"),
    [
        ("places", "country", "Mali", "MLI"),
        ("places", "country", "MALI", "MLI"),
        ("places", "country", "mli", "MLI"),
        ("places", "country", "Côte d’Ivoire", "CIV"),
        ("places", "country", "Ivory Coast", "CIV"),
        ("places", "country", "Égypte", "EGY"),
        ("places", "lat", "18°26'N", "18.43333"),
        ("places", "lat", "18° 26′ 24″ N", "18.44000"),
        ("places", "lat", "18.45 S", "-18.45"),
        ("places", "lat", "N18,45", "18.45"),
        ("places", "lat", "18.45°", "18.45"),
        ("places", "lat", "\u221218.45", "-18.45"),
        ("places", "lon", "1°24'W", "-1.40000"),
        ("items", "quantity", "١٢", "12"),
        ("items", "quantity", "\u200f12", "12"),
        ("incidents", "date", "٢٠١٤-٠٦", "2014-06"),
        ("incidents", "date", "2014\u201306", "2014-06"),
        ("incidents", "destination", "mali\u200b", "mali"),
        ("items", "weapon_type", "assault rifle", "assault_rifle"),
        ("incidents", "event_type", "Cache-Found", "cache_found"),
        ("incidents", "incident_id", f"\ufeff{INCIDENT}", INCIDENT),
    ],
)
def test_a_spelling_of_one_meaning_is_read_and_told(table, column, typed, meant, published):
    found, notes = read(
        zipped(csv_files(published, with_rows(**{table: {column: typed}}))), published
    )
    assert found.column(table, column) == {2: meant}
    [note] = notes
    assert note.startswith(f"{table}.csv, row 2 ")
    assert f"column {column}: " in note
    assert f"was read as '{meant}'." in note or "invisible characters were taken out." in note


@pytest.mark.parametrize(
    ("table", "column", "typed"),
    [
        ("places", "country", "ML"),  # Mali with ISO, something else elsewhere
        ("places", "lat", "18.45E"),
        ("places", "lat", "18 26 24"),
        ("places", "lat", "18.44, 1.41"),
        ("places", "lat", "18°76'N"),
        ("places", "lat", "N18.45S"),
        ("places", "lat", "18.5°26'N"),
        ("places", "lon", "1.41O"),  # west in French, east in German
        ("items", "quantity", "10-15"),
        ("incidents", "date", "05/06/2014"),
        ("incidents", "source_ids", "Statement on the find"),
        ("incidents", "title", "\u200fبنادق\u200f"),
        ("sources", "url", "https://example.org/a\u2013b"),
    ],
)
def test_what_may_mean_two_things_and_free_text_stay_as_typed(table, column, typed, published):
    found, notes = read(
        zipped(csv_files(published, with_rows(**{table: {column: typed}}))), published
    )
    assert found.column(table, column) == {2: typed}
    assert notes == []


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"items": {"quantity": "ca. 12"}}, "column quantity: 'ca. 12' is not a whole number. Fix: "
         "write 12 alone, and how exact it is in quantity_qualifier, or leave it empty."),
        ({"items": {"quantity": "10-15"}}, "Fix: write 10 or 15 alone, and how exact"),
        ({"items": {"unit": "-"}}, "listings, or leave the cell empty."),
        ({"incidents": {"corridor_id": "N/A"}}, "or leave the cell empty."),
        ({"incidents": {"date": "June 14, 2014"}}, "Fix: write 2014-06-14, as the source has it."),
        ({"incidents": {"date": "14th June 2014"}}, "Fix: write 2014-06-14, as the source has it."),
        ({"incidents": {"date": "2014-06-14 10:30"}}, "Fix: write 2014-06-14, as the source"),
        ({"incidents": {"date": "201406"}}, "Fix: write 2014-06, as the source has it."),
        ({"incidents": {"date_end": "-"}}, "YYYY-MM-DD, or leave the cell empty."),
        ({"incidents": {"date": "mid-2014"}}, "YYYY-MM-DD, for example 2014."),
        ({"places": {"country": "Wakanda"}}, "ISO 3166-1, for example TUN for Tunisia."),
        ({"sources": {"published": "2034-07"}}, "column published: 2034-07 is in the future. Fix:"),
        ({"sources": {"url": "https://a.org/1 https://a.org/2"}}, "write one address in full"),
        ({"incidents": {"incident_id": "kidal-rifles"}}, "column incident_id: 'kidal-rifles' has"),
        ({"incidents": {"place_id": "Kid Al"}}, "column place_id: 'Kid Al' has the wrong form."),
        ({"places": {"place_id": "ki_dal"}}, "column place_id: 'ki_dal' has the wrong form."),
    ],
)  # fmt: skip
def test_one_slip_is_told_once_with_what_to_write(changed, line, published):
    [problem] = told(published, zipped(csv_files(published, with_rows(**changed))))
    assert line in problem


def edited(published, change, rows=ROWS):
    """Return the CSV form with every file changed as text."""
    files = csv_files(published, rows)
    return zipped({
        name: change(content.decode("utf-8-sig")).encode() if name.endswith(".csv") else content
        for name, content in files.items()
    })  # fmt: skip


def with_separator(text, separator, first=""):
    stream = io.StringIO()
    rows = csv.reader(io.StringIO(text, newline=""))
    csv.writer(stream, delimiter=separator).writerows(rows)
    return first + stream.getvalue()


@pytest.mark.parametrize(
    ("change", "notes"),
    [
        (lambda text: with_separator(text, ";", "sep=;\r\n"), ""),
        (lambda text: with_separator(text, ";", '"sep=;"\r\n'), ""),
        (lambda text: with_separator(text, "|"), ""),
        (lambda text: "Seizures; Libya; 2014; all\r\n" + text, "above the headings"),
        (lambda text: "My incidents,,,\r\n\r\n" + text, "above the headings"),
        (lambda text: "\r\n\r\n" + text, ""),
        (lambda text: text.replace("\r\n", "\r"), ""),
        (lambda text: text + "\x1a\0\0", ""),
        (lambda text: f"{text}Total{',' * text.splitlines()[0].count(',')}\r\n",
         "begins with 'Total' and has totals"),
        (lambda text: text.replace("place_id", "Place\u200b\u00a0ID *"), ""),
    ],
)  # fmt: skip
def test_what_programs_and_people_put_around_a_table_is_left_out(change, notes, published):
    expected, _ = read(zipped(csv_files(published, ROWS)), published)
    found, said = read(edited(published, change), published)
    assert equal(found, expected)
    assert {notes in note for note in said} == ({True} if notes else set())


@pytest.mark.parametrize(
    "name", ["INCIDENTS.CSV", "incidents.tsv", "incidents.txt", "Données (été)/incidents.csv"]
)
def test_a_table_is_known_by_its_name_in_any_usual_spelling(name, published):
    files = csv_files(published, ROWS)
    expected, _ = read(zipped(files), published)
    files[name] = files.pop("incidents.csv")
    files |= {"__MACOSX/._incidents.csv": b"\0", "desktop.ini": b"", "Thumbs.db": b""}
    found, notes = read(zipped(files), published)
    assert equal(found, expected)
    assert notes == []


def test_a_row_of_too_many_or_too_few_cells_is_told_once_and_not_what_follows_from_it(published):
    files = csv_files(published, with_rows(incidents={"summary": "Seen twice"}))
    for wrong, words in (
        (b"Seen, twice", 'put text that holds a comma in straight quotation marks ("\u2026").'),
        (b"Seen\r\ntwice", "write the commas of its empty cells too, and no line break inside."),
    ):
        content = files["incidents.csv"].replace(b"Seen twice", wrong)
        problems = told(published, zipped(files | {"incidents.csv": content}))
        assert problems
        assert all(line.startswith("incidents.csv, row ") and words in line for line in problems)


@pytest.mark.parametrize("rows", [1, 3])
def test_titles_and_blank_lines_may_come_above_the_headings_of_a_sheet(rows, published):
    def change(book):
        for sheet in ("incidents", "items", "places", "sources"):
            book[sheet].insert_rows(1, rows)
            book[sheet]["A1"] = "Seizures, Libya"

    expected, _ = read(workbook(published, ROWS), published)
    found, notes = read(workbook(published, ROWS, change), published)
    assert equal(found, expected)
    assert list(found.tables["incidents"].index) == [2 + rows]
    assert notes[0] == "incidents, row 1: it is above the headings, and nothing of it is used."


def test_a_row_of_blanks_and_an_optional_sheet_without_anything_are_no_slip(published):
    def change(book):
        book["items"]["B5"] = " \u200b"
        del book["sources"]
        book.create_sheet("sources")

    found, notes = read(workbook(published, ROWS, change), published)
    assert list(found.tables["items"].index) == [2]
    assert found.tables["sources"].empty
    assert notes == []


def test_a_line_with_totals_is_left_out_whatever_its_formula(published):
    def change(book):
        book["items"]["A4"], book["items"]["H4"] = "TOTAL", "=SUM(H2:H3)"

    found, notes = read(workbook(published, ROWS, change), published)
    assert list(found.tables["items"].index) == [2]
    assert notes == [
        "items, row 4: it begins with 'TOTAL' and has totals, and nothing of it is used."
    ]


def test_empty_cells_of_a_row_are_told_in_one_line(published):
    rows = with_rows({"incidents": [{"incident_id": "Source: own collection"}]})
    form, empty = told(published, zipped(csv_files(published, rows)))
    assert "column incident_id: 'Source: own collection' has the wrong form." in form
    assert "column date, title, summary, event_type" in empty
    assert empty.endswith(": the cell is empty. Fix: fill it.")


def test_a_percentage_is_never_read_as_a_number(published):
    def change(book):
        cell = next(one for one in book["items"][2] if str(one.value) == ITEM["quantity"])
        cell.value, cell.number_format = 12, "0%"

    problems = told(published, workbook(published, ROWS, change))
    assert [line.partition(" Fix: ")[0] for line in problems] == [
        f"items, row 2 ({INCIDENT}), column quantity: the cell shows a percentage, but holds 12."
    ]


@pytest.mark.parametrize(
    ("kind", "words"), [("error", "an error, such as #N/A"), ("percentage", "a percentage")]
)
def test_what_is_not_seen_of_an_opendocument_file_is_refused(kind, words, published):
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    )
    cell = f'<table:table-cell office:value-type="string" calcext:value-type="{kind}"/>'
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet><table:table "
        f'table:name="incidents"><table:table-row>{cell}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    book = zipped({"mimetype": mimetype, "content.xml": content.encode()})
    [line] = told(published, book)
    assert f"the OpenDocument file cannot be read: a cell holds {words}." in line
