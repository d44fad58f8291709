"""The rows shown, as CSV and XLSX that a spreadsheet opens without running anything."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from armsflow.cache import once
from armsflow.dataset import citation
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import N_, _, _p, direction
from armsflow.package.archive import workbook_bytes
from armsflow.package.tables import harmless, spreadsheet_csv

WIDTHS = {
    "Id": 23, "Incident": 30, "Summary": 90, "Place": 15, "Precision": 10, "Country": 9,
    "Latitude": 9, "Longitude": 10, "Corridor": 15, "Stopped or found by": 16,
    "Weapons as stated": 60, "Cautions": 36, "Documents and origins": 15, "Sources": 150,
    "Last reading": 16,
}  # fmt: skip
"""Letters that the columns of a workbook are wide; the others have :data:`NARROW`."""
NARROW = 12.5

SIZE, LINE, HIGHEST = 10, 13.5, 409
"""Points of the letters, points that a line takes, and most that a row may have."""
EDGE = 0.4
"""Inches of paper around what is printed."""

HEADINGS = (
    N_("Id"), N_("Published"), N_("Date"), N_("Date to"), N_("First day"), N_("Last day"),
    N_("Date known to the"), N_("Date is that of"), N_("Incident"), N_("Summary"), N_("Place"),
    N_("Precision"), N_("Country"), N_("Latitude"), N_("Longitude"), N_("Destination"),
    N_("Corridor"), N_("Kind of event"), N_("Link to Libya"), N_("Official link rests on"),
    N_("Counted as"), N_("Outcome"), N_("Whose stock"), N_("Through Libya only"), N_("Carried by"),
    N_("Stopped or found by"), N_("Weapons as stated"), N_("Cautions"),
    N_("Documents and origins"), N_("Sources"), N_("Last reading"), N_("Marking"),
)  # fmt: skip
"""Columns of the rows: programs know them by these names, readers of a workbook in its language."""

DATE_LENGTHS = {4: N_("year"), 7: N_("month"), 10: N_("day")}


def rows_shown(dataset: Dataset, marking: str = "") -> pd.DataFrame:
    """Write every incident of a dataset as one row, in the order of the page.

    Parameters
    ----------
    dataset
        What is shown.
    marking
        Protective marking of every row; empty for none.

    Returns
    -------
    rows
        Text and whole numbers; one column a heading. ``Published`` is there when a reader
        added rows.
    """
    incidents = dataset.incidents
    names = dataset.weapon_types["label"]
    counting = labels(dataset, "items", "counting")
    stated: dict[Any, list[str]] = {}
    cautions: dict[Any, list[str]] = {}
    for item in dataset.items.to_dict("records"):
        named = str(item["designation"] or names[item["weapon_type"]])
        said = _stated(item, named)
        if item["counting"] != "own":
            said = _("{item} — {counting}", item=said, counting=counting[item["counting"]].lower())
        stated.setdefault(item["incident_id"], []).append(said)
        if item["note"]:
            cautions.setdefault(item["incident_id"], []).append(
                _("{item}: {note}", item=named, note=item["note"])
            )
    sources = source_lines(dataset)
    between = _p("between names that hold commas", "; ")
    lengths = {letters: _(words) for letters, words in DATE_LENGTHS.items()}

    def words(column: str) -> list[str]:
        known = labels(dataset, "incidents", column)
        return [known.get(code, "") for code in incidents[column]]

    rows = pd.DataFrame(
        {
            "Id": incidents.index,
            "Date": incidents["date"],
            "Date to": incidents["date_end"],
            "First day": incidents["first_day"].dt.strftime("%Y-%m-%d"),
            "Last day": incidents["last_day"].dt.strftime("%Y-%m-%d"),
            "Date known to the": incidents["date"].map(len).map(lengths),
            "Date is that of": words("date_basis"),
            "Incident": incidents["title"],
            "Summary": incidents["summary"],
            "Place": incidents["place"],
            "Precision": incidents["precision"].map(labels(dataset, "places", "precision")),
            "Country": incidents["country"],
            "Latitude": incidents.geometry.y,
            "Longitude": incidents.geometry.x,
            "Destination": incidents["destination"].map(dataset.destinations["label"]),
            "Corridor": incidents["corridor_id"],
            "Kind of event": words("event_type"),
            "Link to Libya": words("link_basis"),
            "Official link rests on": words("link_rests_on"),
            "Counted as": words("scope"),
            "Outcome": words("outcome"),
            "Whose stock": words("stock"),
            "Through Libya only": [
                _("yes") if one == "true" else _("no") for one in incidents["through_libya"]
            ],
            "Carried by": words("conveyance"),
            "Stopped or found by": incidents["seizing_authority"],
            "Weapons as stated": [between.join(stated.get(one, [])) for one in incidents.index],
            "Cautions": [between.join(cautions.get(one, [])) for one in incidents.index],
            "Documents and origins": [
                citation.document_words(incident, cited, dataset)
                for incident, cited in incidents["source_ids"].items()
            ],
            "Sources": [
                between.join(sources[one] for one in cited) for cited in incidents["source_ids"]
            ],
            "Last reading": [citation.reading_words(one, dataset) for one in incidents.index],
        }
    ).reset_index(drop=True)
    if dataset.unpublished:
        own = rows["Id"].isin(dataset.unpublished)
        rows.insert(1, "Published", own.map({True: _("no, added by a reader"), False: _("yes")}))
    if marking:
        rows["Marking"] = marking
    return rows


@once
def source_lines(dataset: Dataset) -> dict[str, str]:
    """Write every source as its citation and address, by its identifier."""
    return {
        str(identifier): citation.source_line(source)
        + (_(citation.ADDED) if identifier in dataset.unpublished_sources else "")
        for identifier, source in zip(
            dataset.sources.index, dataset.sources.to_dict("records"), strict=True
        )
    }


def _stated(item: Any, named: str) -> str:
    details, quantity = citation.item_details(item), citation.quantity_words(item)
    if not details:
        return _("{item}: {quantity}", item=named, quantity=quantity)
    return _("{item}: {quantity} ({details})", item=named, quantity=quantity, details=details)


def _height(row: Iterable[Any], widths: Iterable[float]) -> float:
    """Return the points that a row takes: Calc does not make room for lines that are wrapped."""
    lines = max(
        -(-len(str(cell)) * 11 // (width * 10)) for cell, width in zip(row, widths, strict=True)
    )
    return min(LINE * max(lines, 1) + 2, HIGHEST)


def csv_file(dataset: Dataset, marking: str = "") -> bytes:
    """Write the rows shown as CSV (UTF-8 with a mark, so that Excel reads the accents)."""
    rows = rows_shown(dataset, marking)
    return spreadsheet_csv(rows.columns, rows.itertuples(index=False))


def xlsx_file(dataset: Dataset, about: Sequence[tuple[str, str]], marking: str = "") -> bytes:
    """Write the rows shown as a workbook, with a sheet that says what they are.

    Parameters
    ----------
    dataset
        What is shown.
    about
        Heading and words of each line of the second sheet.
    marking
        Protective marking, also printed above and below every page; empty for none.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    start = "right" if direction() == "rtl" else "left"
    rows = rows_shown(dataset, marking)
    book = Workbook()
    sheet = book.active
    sheet.title = _("Incidents")
    sheet.append([_(heading) for heading in rows.columns])
    for row in rows.itertuples(index=False):
        sheet.append([harmless(value) for value in row])
    widths = [WIDTHS.get(heading, NARROW) for heading in rows.columns]
    for column, width in enumerate(widths, 1):
        sheet.cell(1, column).font = Font(name="Calibri", bold=True, size=SIZE)
        sheet.cell(1, column).alignment = Alignment(vertical="top", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = 3 * LINE
    body = [cell for cells in sheet.iter_rows(min_row=2) for cell in cells]
    for cell in body[:1]:
        cell.font = Font(name="Calibri", size=SIZE)
        # Numbers too begin where words do: at the other end they run into the words beside them.
        cell.alignment = Alignment(horizontal=start, vertical="top", wrap_text=True)
    for cell in body[1:]:
        # An alignment of its own for each would take half the time of the file.
        cell._style = body[0]._style
    for place, row in enumerate(rows.itertuples(index=False), 2):
        sheet.row_dimensions[place].height = _height(row, widths)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    notes = book.create_sheet(_p("sheet of a workbook", "About"))
    for heading, words in about:
        notes.append([heading, harmless(words)])
    notes.column_dimensions["A"].width = 22
    notes.column_dimensions["B"].width = 110
    for cells in notes.iter_rows():
        notes.row_dimensions[cells[0].row].height = _height((cells[1].value,), (90,))
        cells[0].font = Font(name="Calibri", bold=True)
        cells[0].alignment = Alignment(vertical="top")
        cells[1].alignment = Alignment(wrap_text=True, vertical="top")
    for printed in book:
        printed.sheet_view.rightToLeft = True if direction() == "rtl" else None
        for line in (printed.oddHeader, printed.oddFooter):
            # An ampersand begins a command there.
            line.center.text = marking.replace("&", "&&") or None
        printed.page_setup.orientation = "landscape"
        printed.page_setup.fitToHeight = 0
        printed.page_margins = PageMargins(EDGE, EDGE, 2 * EDGE, 2 * EDGE, EDGE, EDGE)
        printed.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = "A:A"
    # On one page the letters of thirty columns are too small to read.
    sheet.page_setup.fitToWidth = 3
    return workbook_bytes(book)
