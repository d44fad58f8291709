"""OpenDocument spreadsheets (.ods), read by calamine, within bounds.

Excel's own workbooks (.xlsx) are read by :mod:`armsflow.curation.workbook`, which also sees
formulas and how a date is shown. calamine sees neither, so the first day of a month is refused
here: whether a day was typed cannot be told.
"""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final
from xml.parsers import expat

from armsflow.curation.workbook import Cell, Row, WorkbookError, number_cell
from armsflow.language import N_, _, isolated

MOST_CELLS: Final = 2_000_000
"""Cells of a file, empty ones between included; more than four full sheets have."""
CONTENT: Final = "content.xml"
CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
UNSEEN: Final = {
    "error": N_("a cell holds an error, such as #N/A"),
    "percentage": N_("a cell holds a percentage"),
}
"""Kinds of cells of which calamine gives nothing, or a number that the sheet does not show."""
FILLED: Final = re.compile(r".*value.*|formula")
"""Attributes of a cell that calamine keeps; it goes by prefixes as written, here by none."""


class Spreadsheet:
    """A spreadsheet that is not Excel's own.

    Parameters
    ----------
    content
        The file.
    parts
        The files inside, by name, if it is an OpenDocument file; else empty.

    Raises
    ------
    WorkbookError
        If it cannot be read, or holds more than :data:`MOST_CELLS`.
    """

    def __init__(self, content: bytes, parts: dict[str, bytes]) -> None:
        import python_calamine

        if parts and _cells(parts.get(CONTENT, b"")) > MOST_CELLS:
            raise WorkbookError(_("it has too many cells"))
        try:
            self._book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        except Exception:
            # Whatever calamine says of a damaged file is no sentence for a reader.
            raise WorkbookError(_("it is damaged, or has a password")) from None

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, in their order."""
        return tuple(self._book.sheet_names)

    def rows(self, sheet: str) -> Iterator[Row]:
        """Read the rows of a sheet that have a filled cell."""
        found = self._book.get_sheet_by_name(sheet)
        # Rows are counted from the first cell of the sheet, however many empty ones come before.
        row, column = found.end or (0, 0)
        if (row + 1) * (column + 1) > MOST_CELLS:
            raise WorkbookError(_("it has too many cells"))
        for number, values in enumerate(found.to_python(skip_empty_area=False), 1):
            cells = {column: _cell(value) for column, value in enumerate(values, 1) if value != ""}
            if cells:
                yield number, cells


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell("true" if value else "false", "boolean")
    if isinstance(value, (int, float)):
        return number_cell(float(value))
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return Cell(_("the cell holds a time."), "refused", _("write the day alone, as text."))
    if isinstance(value, (datetime, date)):
        day = value.strftime("%Y-%m-%d").rjust(10, "0")
        if value.day == 1:
            what = _(
                "the cell holds {day}; whether its day or only its month was typed is not seen.",
                day=isolated(day),
            )
            fix = _("format the cell as text and write what the source has.")
            return Cell(what, "refused", fix)
        return Cell(day, "day")
    if isinstance(value, str):
        return Cell(value)
    return Cell(_("the cell holds a time."), "refused", _("format the cell as text."))


def _cells(content: bytes) -> int:
    """Count the cells of all sheets up to the last filled one, as calamine builds them."""
    before = area = bottom = last = right = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal before, area, bottom, last, right
        tag = tag.rpartition(":")[2]
        for name, stated in attributes.items():
            if name.endswith(":value-type") and stated in UNSEEN:
                raise WorkbookError(_(UNSEEN[stated]))
        attributes = {name.rpartition(":")[2]: stated for name, stated in attributes.items()}
        if tag == "table":
            before += area
            area = bottom = last = right = 0
        elif tag == "table-row":
            bottom += _times(attributes, "rows")
            last = 0
        elif tag in CELLS:
            last += _times(attributes, "columns")
            if any(map(FILLED.fullmatch, attributes)):
                right = max(right, last)
                area = bottom * right

    def refuse(*_given: object) -> None:
        raise WorkbookError(_("it defines words of its own, which no spreadsheet does"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = opened
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise WorkbookError(_("a part of it is damaged")) from None
    return before + area


def _times(attributes: dict[str, str], what: str) -> int:
    stated = attributes.get(f"number-{what}-repeated", "1")
    return int(stated) if stated.isascii() and stated.isdigit() else 1
