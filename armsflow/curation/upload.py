"""A filled template as a reader hands it in: text, row by row, within bounds.

Two forms are read: an Excel workbook with the sheets of the template, and a ZIP with the same
tables as CSV files. The contents decide which of them a file is, not its name. One CSV file alone
is refused, because an incident is never complete without its items. Nothing is written to disk.
Whatever cannot be read as it was meant is a :class:`~armsflow.package.problem.Problem`.
:mod:`armsflow.curation.submission` checks what the rows say.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from armsflow.curation.workbook import Cell, Row, Workbook, WorkbookError
from armsflow.package.package import Package
from armsflow.package.problem import Problem, shorten

SHEETS = ("incidents", "items", "places", "sources")
"""Tables to which rows can be added; the sheets of the template."""

REQUIRED_SHEETS = ("incidents", "items")
"""Sheets without which nothing can be added; places and sources may all be published ones."""

ABOUT, CODES = "About", "codes"
"""Sheets of the template that explain and have no rows."""

LARGEST_UPLOAD = 5_000_000
"""Bytes; a template with all published rows has less than a tenth of it."""

LARGEST_UNPACKED = 25_000_000
"""Bytes of all files inside; text and XML pack to about a fifth."""

LARGEST_TEXT = 5_000_000
"""Characters of all cells; a workbook can repeat one long text in any number of cells."""

MOST_MEMBERS = 200
"""Files inside an upload; a workbook has about twenty."""

MOST_ROWS = 2_000
"""Rows of a sheet; ten times the published incidents."""

LONGEST_CELL = 32_767
"""Characters that Excel can keep in a cell."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an old Excel file (.xls), and of any with a password."""

MEMBER = re.compile(r"(?:(?!__MACOSX)[\w -]+/)?(\w+)\.csv", re.ASCII)
"""A CSV file in a ZIP, at most in one folder."""


IGNORED = re.compile(r"__MACOSX/.*|(?:[\w -]+/)?(?:README\.txt|\.DS_Store)", re.ASCII | re.DOTALL)
"""Files in a ZIP that have no rows: the guide of the template, and what a Mac adds."""


class UploadError(Exception):
    """An upload of which nothing can be used.

    Parameters
    ----------
    problem
        What is wrong with it.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Upload:
    """The rows of an upload as text.

    Parameters
    ----------
    tables
        One frame of strings a sheet, with all columns of the template. The index is the row
        number in the reader's sheet. Cells that are empty or were refused are the empty string.
    files
        What the reader calls each table: the sheet, or the file in the ZIP.
    """

    tables: dict[str, pd.DataFrame]
    files: dict[str, str]

    def column(self, table: str, name: str) -> dict[int, str]:
        """Return a column of a table by row number."""
        column = self.tables[table][name]
        return dict(zip(map(int, column.index), map(str, column), strict=True))


def read(name: str, content: bytes, package: Package) -> tuple[Upload | None, list[Problem]]:
    """Read an upload without trusting it.

    Parameters
    ----------
    name
        What the reader calls the file; only repeated in messages.
    content
        The file.
    package
        Whose columns the sheets have.

    Returns
    -------
    upload, problems
        The rows, or ``None`` if nothing can be used; problems with a row number concern that
        row only.
    """
    try:
        return _read(shorten(name), content, package)
    except UploadError as error:
        return None, [error.problem]


def _read(name: str, content: bytes, package: Package) -> tuple[Upload | None, list[Problem]]:
    if len(content) > LARGEST_UPLOAD:
        what = f"the file is larger than {LARGEST_UPLOAD // 1_000_000} MB."
        raise UploadError(Problem(name, what, "leave out pictures, or split the rows."))
    if content.startswith(OLE):
        what = "the file is an Excel file of the old kind, or has a password."
        raise UploadError(Problem(name, what, "save it as .xlsx without a password."))
    if not content.startswith(b"PK"):
        what = "the file is neither an Excel workbook (.xlsx) nor a ZIP of CSV files."
        fix = "fill in the template and send it as .xlsx, or its CSV files together in one ZIP."
        raise UploadError(Problem(name, what, fix))
    parts = _unpack(name, content)
    if "mimetype" in parts:
        what = "the file is an OpenDocument file."
        raise UploadError(Problem(name, what, "save it as .xlsx."))
    if "datapackage.json" in parts:
        what = "the file is a whole data package."
        raise UploadError(Problem(name, what, "send only rows of your own, in the template."))
    problems: list[Problem] = []
    if "[Content_Types].xml" in parts:
        try:
            return _from_workbook(name, Workbook(parts), package, problems)
        except WorkbookError as error:
            what = f"the workbook cannot be read: {error}."
            fix = "copy the rows into a fresh template and save it as .xlsx."
            raise UploadError(Problem(name, what, fix)) from None
    return _from_csv(name, parts, package, problems)


def _unpack(name: str, content: bytes) -> dict[str, bytes]:
    """Return the files inside a ZIP; never unpacks more than allowed, whatever it announces."""
    broken = Problem(name, "the file is damaged and cannot be unpacked.", "save it again.")
    too_large = Problem(
        name,
        f"unpacked, the file is larger than {LARGEST_UNPACKED // 1_000_000} MB.",
        "copy only the filled rows into a fresh template.",
    )
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_MEMBERS:
                what = f"more than {MOST_MEMBERS} files are in it."
                raise UploadError(Problem(name, what, "send the filled template only."))
            if sum(member.file_size for member in members) > LARGEST_UNPACKED:
                raise UploadError(too_large)
            room = LARGEST_UNPACKED
            for member in members:
                if member.flag_bits & 1:
                    raise UploadError(
                        Problem(name, "the file has a password.", "save it without one.")
                    )
                # Other methods may ask for gigabytes before the first byte comes out.
                known = member.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
                if not known or member.filename in parts:
                    raise UploadError(broken)
                with archive.open(member) as stream:
                    parts[member.filename] = stream.read(room + 1)
                room -= len(parts[member.filename])
                if room < 0:
                    raise UploadError(too_large)
    except UploadError:
        raise
    except Exception:
        # zipfile fails in many ways on a damaged file: BadZipFile, zlib.error, struct.error,
        # EOFError, RuntimeError, OverflowError, UnicodeDecodeError …
        raise UploadError(broken) from None
    return parts


def _from_workbook(
    name: str, workbook: Workbook, package: Package, problems: list[Problem]
) -> tuple[Upload | None, list[Problem]]:
    for sheet in workbook.sheets:
        if sheet not in {*SHEETS, ABOUT, CODES}:
            what = "the template has no sheet of this name, and nothing of it is used."
            problems.append(Problem(shorten(sheet), what, _name_fix("sheet", SHEETS)))
    tables = {sheet: workbook.rows(sheet) for sheet in SHEETS if sheet in workbook.sheets}
    return _collect(name, tables, {sheet: sheet for sheet in SHEETS}, package, problems)


def _from_csv(
    name: str, parts: dict[str, bytes], package: Package, problems: list[Problem]
) -> tuple[Upload | None, list[Problem]]:
    tables: dict[str, Iterator[Row]] = {}
    files = {table: f"{table}.csv" for table in SHEETS}
    for path, content in parts.items():
        found = MEMBER.fullmatch(path)
        if found and found[1] in tables:
            raise UploadError(Problem(files[found[1]], "the file is there twice.", "send one."))
        if found and found[1] in SHEETS:
            tables[found[1]] = _csv_rows(files[found[1]], content)
        elif not (found and found[1] == CODES) and not IGNORED.fullmatch(path):
            what = "no table has this name, and nothing of the file is used."
            problems.append(Problem(shorten(path), what, _name_fix("file", files.values())))
    return _collect(name, tables, files, package, problems)


def _csv_rows(file: str, content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} is not UTF-8 text."
        raise UploadError(Problem(file, what, "save it as “CSV UTF-8”.")) from None
    width = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            width = width or len(cells)
            if number == 1 and width == 1 and re.search("[;\t]", cells[0]):
                what = "the columns are not separated by commas."
                raise UploadError(Problem(file, what, "save it with commas.", 1))
            if len(cells) not in {0, width}:
                what = f"{len(cells)} cells where the header has {width}."
                fix = "put text that holds a comma in quotation marks."
                yield number, {0: Cell(what, "refused", fix)}
            elif any(cells):
                yield (
                    number,
                    {column: Cell(value) for column, value in enumerate(cells, 1) if value},
                )
    except csv.Error as error:
        fix = "close the quotation mark, or shorten the cell, near that line."
        raise UploadError(Problem(file, f"the file is not valid CSV ({error}).", fix)) from None


def _collect(
    name: str,
    rows: dict[str, Iterator[Row]],
    files: dict[str, str],
    package: Package,
    problems: list[Problem],
) -> tuple[Upload | None, list[Problem]]:
    absent = [files[table] for table in REQUIRED_SHEETS if table not in rows]
    if absent:
        what = f"there is no {' and no '.join(absent)}."
        fix = f"fill in the template; it has: {', '.join(files.values())}."
        return None, [*problems, Problem(name, what, fix)]
    tables: dict[str, pd.DataFrame] = {}
    room = LARGEST_TEXT
    for table in SHEETS:
        fields = package.fields(table)
        columns = [field["name"] for field in fields]
        texts: dict[int, list[str]] = {}
        if table in rows:
            for number, cells in _bounded(files[table], rows[table], fields):
                room -= sum(len(cell.text) for cell in cells.values())
                if room < 0:
                    what = f"the cells hold more than {LARGEST_TEXT:,} characters."
                    raise UploadError(Problem(files[table], what, "split the rows."))
                texts[number], found = _row_texts(fields, cells)
                record = texts[number][0]
                problems += [
                    Problem(files[table], what, fix, number, record, column)
                    for column, what, fix in found
                ]
        tables[table] = pd.DataFrame(
            list(texts.values()), columns=columns, dtype="str", index=list(texts)
        )
    return Upload(tables, files), problems


def _bounded(
    file: str, rows: Iterator[Row], fields: list[dict[str, Any]]
) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Name the cells of each row by the header; a cell outside its columns has the empty name."""
    number, header = next(rows, (0, {}))
    if number != 1:
        what, fix = "the header row is missing.", "copy row 1 from the template."
        raise UploadError(Problem(file, what, fix, 1))
    names = {column: cell.text for column, cell in header.items()}
    known = [field["name"] for field in fields]
    for name in known:
        if name not in names.values():
            what = "the column is missing."
            raise UploadError(Problem(file, what, "copy row 1 from the template.", 1, column=name))
    for column, name in names.items():
        if name not in known:
            what, fix = "the template has no such column.", "delete the column."
            raise UploadError(Problem(file, what, fix, 1, column=shorten(name)))
        if name in list(names.values())[: list(names).index(column)]:
            raise UploadError(
                Problem(file, "the column is there twice.", "delete one.", 1, column=name)
            )
    for number, cells in rows:
        if number > MOST_ROWS + 1:
            what = f"a sheet may hold {MOST_ROWS:,} rows."
            raise UploadError(Problem(file, what, "split the rows.", number))
        named = {names[column]: cell for column, cell in cells.items() if column in names}
        outside = next((cell for column, cell in cells.items() if column not in names), None)
        if outside:
            named[""] = outside
            if outside.kind != "refused":
                what = f"{shorten(outside.text)!r} is under no heading."
                fix = "move it under a heading of the template, or delete it."
                named[""] = Cell(what, "refused", fix)
        yield number, named


def _row_texts(
    fields: list[dict[str, Any]], cells: dict[str, Cell]
) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Return the texts of a row, and column, fault and fix of each cell that is refused."""
    faults = [("", cells[""].text, cells[""].fix)] if "" in cells else []
    texts = []
    for field in fields:
        cell = cells.get(field["name"], Cell(""))
        fault = _fault(field, cell)
        if fault:
            faults.append((field["name"], *fault))
        texts.append("" if fault else cell.text)
    return texts, faults


def _fault(field: dict[str, Any], cell: Cell) -> tuple[str, str] | None:
    fix = "format the cell as text and write again what the source says."
    if cell.kind == "refused":
        return cell.text, cell.fix
    if len(cell.text) > LONGEST_CELL:
        return f"the cell holds more than {LONGEST_CELL:,} characters.", "shorten it."
    if cell.kind == "decimal" and field["type"] != "number":
        return f"the spreadsheet made the number {shorten(cell.text)} of the cell.", fix
    if cell.kind == "boolean" and field["type"] != "boolean":
        return f"the spreadsheet made {cell.text} of the cell.", fix
    if cell.kind == "day" and not field.get("partialDate"):
        return f"the spreadsheet made the day {cell.text} of the cell.", fix
    return None


def _name_fix(thing: str, names: Iterable[str]) -> str:
    return f"delete it, or rename it; the {thing}s are: {', '.join(names)}."
