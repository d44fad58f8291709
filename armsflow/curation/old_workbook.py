"""Workbooks of the old Excel (.xls), read by xlrd.

Rows are kept only as long as their last filled cell, so memory grows with the size of the file.
Formulas are not seen: of a cell with one, the value is read that Excel stored last.
"""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from armsflow.curation.workbook import Cell, Row, WorkbookError, stored_number
from armsflow.language import _, isolated

FIRST_DAYS: Final = (date(1899, 12, 30), date(1904, 1, 1))
"""Day 0 of the two ways in which Excel counts days."""


class _Silence(io.TextIOBase):
    """Where xlrd writes what it wonders about, which no reader asked for."""

    def write(self, words: str) -> int:
        """Take words and keep none."""
        return len(words)


class OldWorkbook:
    """A workbook of the old Excel.

    Parameters
    ----------
    content
        The file.

    Raises
    ------
    WorkbookError
        If it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        import xlrd

        self._error_words = xlrd.error_text_from_code
        try:
            self._book = xlrd.open_workbook(
                file_contents=content,
                formatting_info=True,
                ragged_rows=True,
                on_demand=True,
                logfile=_Silence(),
            )
        except Exception:
            # xlrd fails in many ways on a damaged file; none is a sentence for a reader.
            raise WorkbookError(_("it is damaged, or has a password")) from None
        self._first_day = FIRST_DAYS[self._book.datemode == 1]

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, in their order."""
        return tuple(self._book.sheet_names())

    def rows(self, sheet: str) -> Iterator[Row]:
        """Read the rows of a sheet that have a filled cell.

        Raises
        ------
        WorkbookError
            If the sheet is damaged.
        """
        try:
            found = self._book.sheet_by_name(sheet)
            rows = [found.row(number) for number in range(found.nrows)]
        except Exception:
            raise WorkbookError(_("a sheet of it is damaged")) from None
        for number, row in enumerate(rows, 1):
            cells = {column: cell for column, one in enumerate(row, 1) if (cell := self._cell(one))}
            if cells:
                yield number, cells

    def _cell(self, cell: Any) -> Cell | None:
        match cell.ctype:
            case 1:
                return Cell(cell.value) if cell.value else None
            case 2 | 3:
                return stored_number(cell.value, self._form(cell.xf_index), self._first_day)
            case 4:
                return Cell("true" if cell.value else "false", "boolean")
            case 5:
                error = isolated(self._error_words.get(cell.value, ""))
                what = _("the cell holds the error {error}.", error=error)
                return Cell(what, "refused", _("write what is meant, or empty the cell."))
        return None

    def _form(self, style: int) -> str:
        try:
            return str(self._book.format_map[self._book.xf_list[style].format_key].format_str)
        except (LookupError, TypeError):
            return ""
