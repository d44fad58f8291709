"""The headings of a reader's table: where they are, which cells are below them, and which are not.

Titles and blank lines may come before them, and other columns between. What is not used is noted.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from armsflow.curation.dialects import (
    INVISIBLE,
    TOP_ROWS,
    UploadError,
    are_headings,
    heading_of,
    of_one,
)
from armsflow.curation.wording import in_every_language
from armsflow.curation.workbook import Cell, Row
from armsflow.language import N_, _
from armsflow.package.package import Package
from armsflow.package.problem import Problem, quoted, shorten

MOST_ROWS = 2_000
"""Rows of a sheet; ten times the published incidents."""

TOTALS: Final = frozenset(
    {"total", "totals", "totaux", "sum", "summe", "somme", "gesamt", "المجموع"}
)
"""First words of a line with totals."""
TOTAL_CELLS: Final = 3
"""Most filled cells of a line with totals; no row of a table has so few."""

COPY: Final = N_("copy the row of headings from the template.")


def headings_of(package: Package, table: str) -> dict[str, str]:
    """Return the columns of a table by each heading that stands for them: name and title.

    Titles of every language that the package has are known, but only those of one column.
    """
    english, *others = (
        [(heading_of(field["title"]), field["name"]) for field in said.fields(table)]
        for said in in_every_language(package)
    )
    titles = of_one(pair for pairs in (english, *others) for pair in pairs) | dict(english)
    return titles | {field["name"]: field["name"] for field in package.fields(table)}


def rows_below(
    file: str,
    rows: Iterator[Row],
    fields: list[dict[str, Any]],
    known: Mapping[str, str],
    notes: list[Problem],
    optional: bool = False,
) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Name the cells of each row by the headings; a cell under none has the empty name.

    Parameters
    ----------
    file
        What the reader calls the table.
    rows
        Its rows.
    fields
        Columns of the template.
    known
        Their names by heading (:func:`headings_of`).
    notes
        Takes what is not used.
    optional
        Whether the table may be quite empty.

    Raises
    ------
    UploadError
        If a column is missing that has to be filled, or is there twice.
    """
    first, header = _header(file, rows, known, notes)
    if optional and not first:
        return
    if not header:
        raise UploadError(Problem(file, _("the header row is missing."), _(COPY), 1))
    names = {column: heading_of(cell.text) for column, cell in header.items()}
    columns = [field["name"] for field in fields]
    absent = set(columns).difference(names.values())
    for column, name in names.items():
        if name not in columns and known.get(name) in absent:
            names[column] = known[name]
    for described in fields:
        name = described["name"]
        if name not in names.values():
            if described.get("constraints", {}).get("required"):
                what = _("the column is missing.")
                raise UploadError(Problem(file, what, _(COPY), first, column=name))
            what = _("the column is not there; it is empty.")
            notes.append(Problem(file, what, "", first, column=name))
    unused = {column for column, name in names.items() if name not in columns}
    for column, name in names.items():
        if column in unused:
            what = _("the template has no such column, and nothing of it is used.")
            notes.append(Problem(file, what, "", first, column=shorten(header[column].text)))
        elif name in list(names.values())[: list(names).index(column)]:
            what, fix = _("the column is there twice."), _("delete one.")
            raise UploadError(Problem(file, what, fix, first, column=name))
    for number, cells in rows:
        if number > MOST_ROWS + first:
            what = _("a sheet may hold {count} rows.", count=MOST_ROWS)
            raise UploadError(Problem(file, what, _("split the rows."), number))
        cells = {
            column: cell
            for column, cell in cells.items()
            if column not in unused and INVISIBLE.sub("", cell.text).strip()
        }
        if not cells:
            continue
        if what := _is_no_record(number == first + 1, cells, names, known):
            notes.append(Problem(file, what, "", number))
            continue
        named = {names[column]: cell for column, cell in cells.items() if column in names}
        outside = next((cell for column, cell in cells.items() if column not in names), None)
        if outside:
            named[""] = outside
            if outside.kind != "refused":
                what = _("{value} is under no heading.", value=quoted(shorten(outside.text)))
                fix = _("move it under a heading of the template, or delete it.")
                named[""] = Cell(what, "refused", fix)
        yield number, named


def _header(
    file: str, rows: Iterator[Row], known: Mapping[str, str], notes: list[Problem]
) -> tuple[int, dict[int, Cell]]:
    """Return the row of the headings; if no row has any, the first one; 0 for an empty table."""
    above: list[Row] = []
    for number, cells in rows:
        if are_headings([cell.text for cell in cells.values()], known):
            for one, _cells in above:
                what = _("it is above the headings, and nothing of it is used.")
                notes.append(Problem(file, what, "", one))
            return number, cells
        above.append((number, cells))
        if number >= TOP_ROWS:
            break
    if not above:
        return 0, {}
    return above[0] if above[0][0] == 1 else (1, {})


def _is_no_record(
    is_first: bool, cells: dict[int, Cell], names: dict[int, str], known: Mapping[str, str]
) -> str:
    """Say what a row is that is there for who reads the table; nothing if it is a record."""
    if is_first and all(
        column in names and known.get(heading_of(cell.text)) == names[column]
        for column, cell in cells.items()
    ):
        return _("it repeats the titles of the columns, and nothing of it is used.")
    word = next(iter(cells.values())).text
    if len(cells) <= TOTAL_CELLS and heading_of(word) in TOTALS:
        return _(
            "it begins with {word} and has totals, and nothing of it is used.",
            word=quoted(shorten(word)),
        )
    return ""
