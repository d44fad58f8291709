"""A filled template as a reader hands it in: text, row by row, within bounds.

Three forms are read: a workbook (Excel or OpenDocument) with the sheets of the template, a ZIP with
the same tables as CSV files, and a data package with rows of a reader's own. The contents decide
which of them a file is, not its name. One CSV file alone is refused, because an incident is never
complete without its items. Nothing is written to disk.
Whatever cannot be read as it was meant is a :class:`~armsflow.package.problem.Problem`.
:mod:`armsflow.curation.submission` checks what the rows say.
"""

import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pandas as pd

from armsflow.curation.dialects import (
    LONGEST_CELL,
    TOP_ROWS,
    UploadError,
    codes_of,
    csv_rows,
    decoded,
    heading_of,
    row_texts,
    separator_of,
)
from armsflow.curation.headings import headings_of, rows_below
from armsflow.curation.old_workbook import OldWorkbook
from armsflow.curation.spreadsheet import Spreadsheet
from armsflow.curation.workbook import Cell, Row, Workbook, WorkbookError
from armsflow.language import N_, _, _n, comma, enumerated, isolated
from armsflow.package.package import DESCRIPTOR, UNPUBLISHED, Package
from armsflow.package.problem import Problem, shorten

SHEETS = ("incidents", "items", "places", "sources", "corridors", "waypoints")
"""Tables to which readers can add rows; the sheets of the template."""

ALL_SHEETS = (*SHEETS, "destinations", "weapon_types")
"""The same for whoever keeps the package."""

MEMBERS = {"items": "incidents", "waypoints": "corridors"}
"""Tables whose rows belong to one of another, named in their first column."""

REQUIRED_SHEETS = ("incidents", "items")
"""Sheets without which nothing can be added; places and sources may all be published ones."""

ABOUT, CODES = "About", "codes"
"""Sheets of the template that explain and have no rows."""

LARGEST_UPLOAD = 5_000_000
"""Bytes; a template with all published rows has less than a tenth of it."""

LARGEST_UNPACKED = 25_000_000
"""Bytes of all files inside; text and XML pack to about a fifth."""

MOST_NAMED = 8
"""Sheets or files of an upload that a message names."""

LARGEST_TEXT = 5_000_000
"""Characters of all cells; a workbook can repeat one long text in any number of cells."""

MOST_MEMBERS = 200
"""Files inside an upload; a workbook has about twenty."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a file of the old Excel (.xls), and of any with a password."""

FOLDER = r"(?:(?!__MACOSX)[\w ()-]+/)?"

MEMBER = re.compile(rf"{FOLDER}(\w+)\.(?:csv|tsv|txt)", re.IGNORECASE)
"""A CSV file in a ZIP, at most in one folder."""

IGNORED = re.compile(
    rf"__MACOSX/.*|{FOLDER}(?:README\.txt|\.DS_Store|desktop\.ini|Thumbs\.db)",
    re.DOTALL | re.IGNORECASE,
)
"""Files in a ZIP that have no rows: the guide of the template, and what Mac and Windows add."""

BOOK = re.compile(r".*\.(?:xlsx|xlsm|xls|ods)", re.DOTALL | re.IGNORECASE)
"""A workbook in a ZIP."""


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
    notes
        What was read otherwise than typed, or not used: where, and in words.
    replaces
        Table and identifier of the published rows that it holds anew.
    """

    tables: dict[str, pd.DataFrame]
    files: dict[str, str]
    notes: list[Problem] = field(default_factory=list)
    replaces: frozenset[tuple[str, str]] = frozenset()

    def column(self, table: str, name: str) -> dict[int, str]:
        """Return a column of a table by row number."""
        column = self.tables[table][name]
        return dict(zip(map(int, column.index), map(str, column), strict=True))


def read(
    name: str, content: bytes, package: Package, sheets: Sequence[str] = SHEETS
) -> tuple[Upload | None, list[Problem]]:
    """Read an upload without trusting it.

    Parameters
    ----------
    name
        What the reader calls the file; only repeated in messages.
    content
        The file.
    package
        Whose columns the sheets have.
    sheets
        Tables that are read.

    Returns
    -------
    upload, problems
        The rows, or ``None`` if nothing can be used; problems with a row number concern that
        row only.
    """
    try:
        return _read(shorten(name), content, package, sheets)
    except UploadError as error:
        return None, [error.problem]


def _read(
    name: str, content: bytes, package: Package, sheets: Sequence[str]
) -> tuple[Upload | None, list[Problem]]:
    if len(content) > LARGEST_UPLOAD:
        what = _("the file is larger than {count} MB.", count=LARGEST_UPLOAD // 1_000_000)
        raise UploadError(Problem(name, what, _("leave out pictures, or split the rows.")))
    if content.startswith(OLE):
        what = N_("the file of the old Excel cannot be read: {reason}.")
        with _readable(name, what, _("save it as .xlsx without a password.")):
            return _from_workbook(name, OldWorkbook(content), package, sheets)
    if not content.startswith(b"PK"):
        raise UploadError(_alone(name, content, package))
    parts = _unpack(name, content)
    if "mimetype" in parts:
        what = N_("the OpenDocument file cannot be read: {reason}.")
        with _readable(name, what, _("save it as .xlsx.")):
            return _from_workbook(name, Spreadsheet(content, parts), package, sheets)
    if DESCRIPTOR in parts:
        return _from_package(name, parts, package)
    if "[Content_Types].xml" in parts:
        fix = _("copy the rows into a fresh template and save it as .xlsx.")
        with _readable(name, N_("the workbook cannot be read: {reason}."), fix):
            return _from_workbook(name, Workbook(parts), package, sheets)
    return _from_csv(name, parts, package, sheets)


@contextmanager
def _readable(name: str, what: str, fix: str) -> Iterator[None]:
    """Say of a file that cannot be read why, and what to do."""
    try:
        yield
    except WorkbookError as error:
        raise UploadError(Problem(name, _(what, reason=error), fix)) from None


def _alone(name: str, content: bytes, package: Package) -> Problem:
    """Say what is needed besides a single CSV file, or that a file is none of what is read."""
    if not content:
        fix = _("fill in the template and send it as .xlsx.")
        return Problem(name, _("the file is empty."), fix)
    text, _taken_for = decoded(content[:LONGEST_CELL])
    columns = {table: {field["name"] for field in package.fields(table)} for table in SHEETS}
    separator = separator_of(text, set().union(*columns.values()))
    headings = {
        heading_of(cell.strip('"'))
        for line in text.splitlines()[:TOP_ROWS]
        for cell in line.split(separator)
    }
    table = max(SHEETS, key=lambda table: len(headings & columns[table]))
    if len(headings & columns[table]) < 2:
        what = _("the file is neither a spreadsheet (.xlsx, .xls, .ods) nor a ZIP of CSV files.")
        fix = _("fill in the template and send it as .xlsx, or its CSV files together in one ZIP.")
        return Problem(name, what, fix)
    absent = [isolated(sheet) for sheet in REQUIRED_SHEETS if sheet != table]
    what = _n(
        "the file is the table {table} alone, and {absent} are needed too.",
        "the file is the table {table} alone, and {absent} are needed too.",
        len(absent),
        table=isolated(table),
        absent=enumerated(absent),
    )
    fix = _(
        "put the tables as {incidents}, {items} and, for new ones, {places} and {sources} "
        "into one ZIP, or copy the rows into the workbook of the template.",
        **{sheet: isolated(f"{sheet}.csv") for sheet in SHEETS},
    )
    return Problem(name, what, fix)


def _unpack(name: str, content: bytes) -> dict[str, bytes]:
    """Return the files inside a ZIP; never unpacks more than allowed, whatever it announces."""
    what = _("the file is damaged and cannot be unpacked.")
    broken = Problem(name, what, _("save it again."))
    too_large = Problem(
        name,
        _("unpacked, the file is larger than {count} MB.", count=LARGEST_UNPACKED // 1_000_000),
        _("copy only the filled rows into a fresh template."),
    )
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_MEMBERS:
                what = _("more than {count} files are in it.", count=MOST_MEMBERS)
                raise UploadError(Problem(name, what, _("send the filled template only.")))
            if sum(member.file_size for member in members) > LARGEST_UNPACKED:
                raise UploadError(too_large)
            room = LARGEST_UNPACKED
            for member in members:
                if member.flag_bits & 1:
                    what, fix = _("the file has a password."), _("save it without one.")
                    raise UploadError(Problem(name, what, fix))
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
    name: str,
    workbook: Workbook | Spreadsheet | OldWorkbook,
    package: Package,
    sheets: Sequence[str],
) -> tuple[Upload | None, list[Problem]]:
    notes, tables = [], {}
    for sheet in workbook.sheets:
        table = heading_of(sheet)
        if table in sheets and table not in tables:
            tables[table] = workbook.rows(sheet)
        elif table not in {heading_of(ABOUT), CODES}:
            what = _("the template has no sheet of this name, and nothing of it is used.")
            if table in tables:
                what = _("another sheet has this name too, and nothing of this one is used.")
            fix = _("delete it, or rename it; the sheets are: {names}.", names=_listed(sheets))
            notes.append(Problem(shorten(sheet), what, fix))
    files = {sheet: sheet for sheet in sheets}
    return _collect(name, tables, files, package, notes, workbook.sheets)


def _from_package(
    name: str, parts: dict[str, bytes], package: Package
) -> tuple[Upload | None, list[Problem]]:
    """Read the rows of a saved data package that its descriptor names as a reader's own."""
    try:
        named = json.loads(parts[DESCRIPTOR]).get(UNPUBLISHED, {})
        own = {table: frozenset(map(str, named.get(table, ()))) for table in SHEETS}
    except (ValueError, AttributeError, TypeError, RecursionError):
        own = {}
    if not own.get("incidents"):
        what = _("the file is a data package without rows of your own.")
        raise UploadError(Problem(name, what, _("send only rows of your own, in the template.")))
    own |= {table: own[parent] for table, parent in MEMBERS.items()}
    files = {table: f"{table}.csv" for table in SHEETS}

    def rows(table: str) -> Iterator[Row]:
        text, _taken_for = decoded(parts[files[table]])
        header, *others = csv_rows(files[table], text)
        kept = [cells for _number, cells in others if cells.get(1, Cell("")).text in own[table]]
        yield from enumerate([header[1], *kept], 1)

    tables = {table: rows(table) for table in SHEETS if files[table] in parts}
    return _collect(name, tables, files, package, [], parts)


def _from_csv(
    name: str,
    parts: dict[str, bytes],
    package: Package,
    sheets: Sequence[str],
) -> tuple[Upload | None, list[Problem]]:
    tables: dict[str, Iterator[Row]] = {}
    notes: list[Problem] = []
    files = {table: f"{table}.csv" for table in sheets}
    for path, content in parts.items():
        found = MEMBER.fullmatch(path)
        table = heading_of(found[1]) if found else ""
        if table in tables:
            what, fix = _("the file is there twice."), _("send one.")
            raise UploadError(Problem(files[table], what, fix))
        if table in sheets:
            text, taken_for = decoded(content)
            if taken_for:
                fix = _("look whether its letters are right; if not, save it as “CSV UTF-8”.")
                notes.append(Problem(files[table], taken_for, fix))
            tables[table] = csv_rows(files[table], text, headings_of(package, table))
        elif table != CODES and not IGNORED.fullmatch(path):
            what = _("no table has this name, and nothing of the file is used.")
            names = _listed(files.values())
            fix = _("delete it, or rename it; the files are: {names}.", names=names)
            notes.append(Problem(shorten(path), what, fix))
    if not tables and any(map(BOOK.fullmatch, parts)):
        what, fix = _("the ZIP holds a workbook."), _("send the workbook itself, without a ZIP.")
        raise UploadError(Problem(name, what, fix))
    return _collect(name, tables, files, package, notes, parts)


def _collect(
    name: str,
    rows: dict[str, Iterator[Row]],
    files: dict[str, str],
    package: Package,
    notes: list[Problem],
    there: Collection[str],
) -> tuple[Upload | None, list[Problem]]:
    absent = [files[table] for table in REQUIRED_SHEETS if table not in rows]
    if absent:
        seen = [isolated(shorten(one)) for one in there][:MOST_NAMED]
        fix = _(
            "fill in the template, or name them as it does: {names}.",
            names=_listed(files.values()),
        )
        return None, [Problem(name, _absent_words(absent, enumerated(seen)), fix)]
    problems: list[Problem] = []
    tables: dict[str, pd.DataFrame] = {}
    room = LARGEST_TEXT
    for table in files:
        fields = package.fields(table)
        columns = [field["name"] for field in fields]
        codes, known = codes_of(package, table), headings_of(package, table)
        texts: dict[int, list[str]] = {}
        above = ""
        if table in rows:
            optional = table not in REQUIRED_SHEETS
            given = rows_below(files[table], rows[table], fields, known, notes, optional)
            for number, cells in given:
                room -= sum(len(cell.text) for cell in cells.values())
                if room < 0:
                    what = _("the cells hold more than {count} characters.", count=LARGEST_TEXT)
                    raise UploadError(Problem(files[table], what, _("split the rows.")))
                texts[number], found, changed = row_texts(fields, cells, codes)
                if table in MEMBERS and above and not texts[number][0] and not found:
                    texts[number][0] = above
                    said = isolated(shorten(above))
                    what = _("it is empty; {identifier} above was taken.", identifier=said)
                    changed.append((columns[0], what))
                record = above = texts[number][0]
                notes += [
                    Problem(files[table], what, "", number, record, column)
                    for column, what in changed
                ]
                problems += [
                    Problem(files[table], what, fix, number, record, column)
                    for column, what, fix in found
                ]
        tables[table] = pd.DataFrame(
            list(texts.values()), columns=columns, dtype="str", index=list(texts)
        )
    return Upload(tables, files, notes), problems


def _absent_words(absent: Sequence[str], seen: str) -> str:
    """Say which of the two tables that are needed is not there, and what is."""
    file, *others = map(isolated, absent)
    if others and seen:
        words = N_("there is no {file} and no {other}, only {seen}.")
    elif others:
        words = N_("there is no {file} and no {other}.")
    else:
        words = N_("there is no {file}, only {seen}.") if seen else N_("there is no {file}.")
    return _(words, file=file, other="".join(others), seen=seen)


def _listed(names: Iterable[str]) -> str:
    return comma().join(map(isolated, names))
