"""An Excel workbook, cell by cell: what a spreadsheet stores, and what it may not do."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from armsflow.curation import workbook
from armsflow.curation.workbook import Cell, Workbook, WorkbookError
from tests.forms import workbook_parts as parts

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def at(text):
    return datetime.fromisoformat(text)


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def stored(book):
    stream = io.BytesIO()
    book.save(stream)
    return parts_of(stream.getvalue())


def read(value, form=None, book=None):
    """Return the cell that openpyxl writes for a value with a number format."""
    book = book or openpyxl.Workbook()
    cell = book.active["B2"]
    cell.value = value
    if form:
        cell.number_format = form
    ((row, cells),) = Workbook(stored(book)).rows("Sheet")
    assert row == 2
    assert list(cells) == [2]
    return cells[2]


def rows(*arguments, **named):
    return list(Workbook(parts(*arguments, **named)).rows("Sheet"))


# ---------------------------------------------------------------- what a spreadsheet stores


@pytest.mark.parametrize(
    ("value", "form", "cell"),
    [
        ("Ténéré", None, Cell("Ténéré")),
        ("2013-05", "@", Cell("2013-05")),
        (2013, None, Cell("2013", "integer")),
        (2013.0, None, Cell("2013", "integer")),
        (-0.04, None, Cell("-0.04", "decimal")),
        (18.0 + 1e-13, None, Cell("18.0000000000001", "decimal")),
        (1e-7, None, Cell("0.0000001", "decimal")),
        (True, None, Cell("true", "boolean")),
        (False, None, Cell("false", "boolean")),
        (date(2013, 5, 14), None, Cell("2013-05-14", "day")),
        (at("2013-05-14"), "dd/mm/yyyy", Cell("2013-05-14", "day")),
        (at("2013-05-14"), '[$-F800]dddd\\,\\ mmmm\\ dd"m"', Cell("2013-05-14", "day")),
        (41408, '0 "days"', Cell("41408", "integer")),
        (41408, "[Red]0.00", Cell("41408", "integer")),
        (date(9999, 12, 31), None, Cell("9999-12-31", "day")),
    ],
)
def test_a_value_is_read_as_it_was_meant(value, form, cell):
    assert read(value, form) == cell


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        ("=1+1", None, "the cell holds a formula."),
        ("#N/A", None, "the cell holds the error #N/A."),
        (10**15, None, "the number is too long for a spreadsheet to keep."),
        (1e300, None, "the number is too long for a spreadsheet to keep."),
        (at("2013-05-14 12:30"), None, "the cell holds a time, or a date that cannot be"),
        (time(12, 30), None, "the cell holds a time, or a date that cannot be read."),
        (timedelta(days=1, hours=2), None, "the cell holds a time, or a date that cannot be"),
        (date(2013, 5, 1), "mmm-yy", "the cell shows no day, but holds 2013-05-01."),
        (date(2013, 1, 1), "yyyy", "the cell shows no day, but holds 2013-01-01."),
        (60, "yyyy-mm-dd", "the cell holds a time, or a date that cannot be read."),
        (3_000_000, "yyyy-mm-dd", "the cell holds a time, or a date that cannot be read."),
    ],
)
def test_what_would_have_to_be_guessed_is_refused_with_a_fix(value, form, words):
    cell = read(value, form)
    assert cell.kind == "refused"
    assert cell.text.startswith(words)
    assert cell.fix


def test_may_2013_typed_into_excel_is_not_the_first_of_may():
    """Excel stores 2013-05-01 and shows May-13 when "2013-05" is typed into an open cell."""
    cell = read(at("2013-05-01"), openpyxl.styles.numbers.BUILTIN_FORMATS[17])
    assert cell.kind == "refused"
    assert "YYYY-MM" in cell.fix


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert read(date(2013, 5, 14), None, book) == Cell("2013-05-14", "day")
    assert rows('<row><c s="1"><v>2957004</v></c></row>', styles=DATE, book=MAC)[0][1][1].kind == (
        "refused"
    )


DATE = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
MAC = '<workbookPr date1904="1"/>'


def test_text_with_formats_in_it_is_read_whole():
    book = openpyxl.Workbook()
    book.active["A1"] = CellRichText("two ", TextBlock(InlineFont(b=True), "bold"), " words")
    ((_, cells),) = Workbook(stored(book)).rows("Sheet")
    assert cells[1] == Cell("two bold words")


def test_the_reading_aid_of_japanese_text_is_no_part_of_it():
    strings = "<si><t>東</t><rPh><t>ひがし</t></rPh><r><t>京</t></r></si>"
    assert rows('<row><c t="s"><v>0</v></c></row>', strings) == [(1, {1: Cell("東京")})]


def test_a_cell_may_carry_its_text_itself():
    sheet = '<row r="3"><c r="C3" t="inlineStr"><is><t>a</t><r><t>b</t></r></is></c></row>'
    assert rows(sheet) == [(3, {3: Cell("ab")})]


def test_rows_and_cells_without_a_number_follow_each_other():
    sheet = (
        '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    )
    assert [(row, list(cells)) for row, cells in rows(sheet)] == [(1, [1, 4, 5]), (2, [1])]


def test_empty_cells_and_rows_are_not_told():
    sheet = '<row r="1"/><row r="2"><c r="A2" s="1"/><c r="B2" t="s"><v>0</v></c></row>'
    assert rows(sheet, "<si><t></t></si>") == []


def test_the_strict_form_of_the_standard_is_read_too():
    found = rows('<row><c t="d" s="1"><v>2013-05-14</v></c></row>', styles=DATE, namespace=STRICT)
    assert found == [(1, {1: Cell("2013-05-14", "day")})]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x005F_x0041_", "_x0041_"),
        ("_xD800_", "_xD800_"),
        ("_x41_", "_x41_"),
    ],
)
def test_characters_that_xml_does_not_allow_are_read_back(written, text):
    assert rows('<row><c t="s"><v>0</v></c></row>', f"<si><t>{written}</t></si>") == [
        (1, {1: Cell(text)})
    ]


def test_sheets_are_found_where_the_workbook_says():
    book = openpyxl.Workbook()
    book.create_sheet("items").append(["x"])
    found = Workbook(stored(book))
    assert found.sheets == ("Sheet", "items")
    assert list(found.rows("items")) == [(1, {1: Cell("x")})]


letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff_=#")
values = st.one_of(
    st.none(),
    st.text(letters),
    st.integers(-(10**14), 10**14),
    st.floats(-1e14, 1e14, allow_subnormal=False).map(lambda number: round(number, 4)),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(9999, 12, 31)),
)  # fmt: skip


@settings(deadline=None, derandomize=True, database=None, max_examples=25)
@given(st.lists(st.lists(values, max_size=4), max_size=4))
def test_it_reads_what_openpyxl_reads(table):
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    theirs = openpyxl.load_workbook(stream).active
    expected = {
        (cell.row, cell.column): cell.value
        for row in theirs.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }
    ours = {
        (row, column): cell
        for row, cells in Workbook(parts_of(stream.getvalue())).rows("Sheet")
        for column, cell in cells.items()
    }
    assert ours.keys() == expected.keys()
    for place, cell in ours.items():
        value = expected[place]
        match cell.kind:
            case "boolean":
                assert cell.text == str(value).lower()
            case "day":
                assert cell.text == value.date().isoformat()
            case "integer" | "decimal":
                assert float(cell.text) == value
            case _:
                assert cell.text == value


# ---------------------------------------------------------------- what it may not do

LAUGHS = '<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

BROKEN = {
    "a row twice": (parts('<row r="2"/><row r="2"/>'), "row 2 is there twice or out of order"),
    "a row before": (parts('<row r="2"/><row r="1"/>'), "row 1 is there twice or out of order"),
    "a cell twice": (parts('<row><c r="A1"/><c r="A1"/></row>'), "a cell of row 1 is there twice"),
    "a cell elsewhere": (
        parts('<row><c r="A9"/></row>'),
        "a cell of row 1 says that it is elsewhere",
    ),
    "a cell nowhere": (
        parts('<row><c r="ZZZZ1"/></row>'),
        "a cell of row 1 says that it is elsewhere",
    ),
    "a row too far": (parts('<row r="%s"/>' % ("9" * 4999)), "the number of a row cannot be read"),
    "row zero": (parts('<row r="0"/>'), "the number of a row cannot be read"),
    "text missing": (parts('<row><c t="s"><v>0</v></c></row>'), "a cell names a text that is not"),
    "text before": (parts('<row><c t="s"><v>-1</v></c></row>', "<si/>"), "a cell names a text"),
    "no number": (
        parts("<row><c><v>1_000</v></c></row>"),
        "a cell has a number that cannot be read",
    ),
    "infinite": (parts("<row><c><v>inf</v></c></row>"), "a cell has a number that cannot be read"),
    "no XML": (parts("<row>"), "a part of it is damaged"),
    "a name without meaning": (parts("<x:row/>"), "a part of it is damaged"),
    "an encoding that nobody knows": (
        parts("") | {"xl/styles.xml": b'<?xml version="1.0" encoding="x-none"?><a/>'},
        "a part of it is damaged",
    ),
    "entities": (
        parts("") | {"xl/sharedStrings.xml": f"{LAUGHS}<sst><si>&b;</si></sst>".encode()},
        "it defines words of its own",
    ),
    "entities in another encoding": (
        parts("") | {"xl/sharedStrings.xml": f"{LAUGHS}<sst><si>&b;</si></sst>".encode("utf-16")},
        "it defines words of its own",
    ),
    "no list of sheets": ({"[Content_Types].xml": b"<Types/>"}, "a part of it is missing"),
    "a sheet that is not there": (
        {k: v for k, v in parts("").items() if k != "xl/worksheets/sheet1.xml"},
        "a part of it is missing",
    ),
    "two sheets of a name": (parts("", book='<sheet name="Sheet"/>'), "two sheets have the same"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_workbook_is_refused_in_words(broken):
    found, words = BROKEN[broken]
    with pytest.raises(WorkbookError, match=words):
        list(Workbook(found).rows("Sheet"))


@pytest.mark.parametrize("part", ["sheet", "strings", "styles"])
def test_what_is_in_it_is_counted_over_all_its_parts(part, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ELEMENTS", 100)
    assert rows("<row/>" * 70) == []
    with pytest.raises(WorkbookError, match="it has too many cells"):
        rows("<row/>" * 70, **{part: "<x/>" * 100} if part != "sheet" else {"strings": "<x/>" * 30})


def test_a_file_outside_the_workbook_is_not_opened():
    found = parts("")
    found["xl/_rels/workbook.xml.rels"] = found["xl/_rels/workbook.xml.rels"].replace(
        b"worksheets/sheet1.xml", b"../../../../etc/hostname"
    )
    with pytest.raises(WorkbookError, match="a part of it is missing"):
        list(Workbook(found).rows("Sheet"))
