"""What two versions of a package differ in: rows added, withdrawn, and changed field by field."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Final

import pandas as pd

from armsflow.language import N_, _, _n, _p, comma, isolated
from armsflow.package.archive import workbook_bytes
from armsflow.package.columns import key_columns
from armsflow.package.package import Package
from armsflow.package.tables import harmless, spreadsheet_csv

NOT_COMPARED: Final = ("corrections", "translations")
"""Tables that say of themselves what changed: corrections, and translations of which text."""

ADDED: Final = "added"
WITHDRAWN: Final = "withdrawn"
CHANGED: Final = "changed"


@dataclass(frozen=True)
class Change:
    """One difference between two versions.

    Parameters
    ----------
    table
        Name of the table.
    kind
        ``added``, ``withdrawn`` or ``changed``.
    record
        Identifier of the row; of its parent for rows that have only a number of their own, such as
        items; empty where a whole table or column came or went.
    field
        The column; empty where a whole row came or went.
    before, after
        What the column, or the row of a parent, said and says.
    """

    table: str
    kind: str
    record: str
    field: str = ""
    before: str = ""
    after: str = ""


def compare(old: Package, new: Package) -> list[Change]:
    """List every difference between two packages, table by table in the order of the new one.

    Rows with a key of their own are compared column by column. Rows that belong to another and
    only have a number there (items, points of a route, origins) are compared as a whole, whatever
    their number.
    """
    changes: list[Change] = []
    for name in [*new.tables, *(name for name in old.tables if name not in new.tables)]:
        if name in NOT_COMPARED:
            continue
        if name not in old.tables:
            changes.append(Change(name, ADDED, ""))
        elif name not in new.tables:
            changes.append(Change(name, WITHDRAWN, ""))
        else:
            changes += _compare_table(name, old, new)
    return changes


def _compare_table(name: str, old: Package, new: Package) -> Iterator[Change]:
    before, after = old.tables[name], new.tables[name]
    for column in after.columns.difference(before.columns, sort=False):
        yield Change(name, ADDED, "", str(column))
    for column in before.columns.difference(after.columns, sort=False):
        yield Change(name, WITHDRAWN, "", str(column))
    columns = [str(column) for column in after.columns if column in before.columns]
    key = key_columns(new, name)
    if len(key) == 1:
        yield from _compare_rows(name, before[columns], after[columns], key[0])
    else:
        yield from _compare_members(name, before[columns], after[columns], key)


def _compare_rows(
    name: str, before: pd.DataFrame, after: pd.DataFrame, key: str
) -> Iterator[Change]:
    old = {row[key]: row for row in before.to_dict("records")}
    new = {row[key]: row for row in after.to_dict("records")}
    for record in sorted({*old, *new}):
        if record not in old:
            yield Change(name, ADDED, record)
        elif record not in new:
            yield Change(name, WITHDRAWN, record)
        else:
            for column, value in new[record].items():
                if value != old[record][column]:
                    yield Change(name, CHANGED, record, str(column), old[record][column], value)


def _compare_members(
    name: str, before: pd.DataFrame, after: pd.DataFrame, key: Sequence[str]
) -> Iterator[Change]:
    old, new = _members(before, key), _members(after, key)
    for record in sorted({*old, *new}):
        gone = old.get(record, Counter()) - new.get(record, Counter())
        come = new.get(record, Counter()) - old.get(record, Counter())
        if record not in old or record not in new:
            yield from (Change(name, ADDED, record, after=text) for text in come.elements())
            yield from (Change(name, WITHDRAWN, record, before=text) for text in gone.elements())
        else:
            yield from (Change(name, CHANGED, record, before=text) for text in gone.elements())
            yield from (Change(name, CHANGED, record, after=text) for text in come.elements())


def _members(table: pd.DataFrame, key: Sequence[str]) -> dict[str, Counter[str]]:
    """Write the rows of each parent as texts, without their numbers."""
    said = [column for column in table.columns if column not in key]
    found: dict[str, Counter[str]] = {}
    for row in table.to_dict("records"):
        text = ", ".join(f"{column} {row[column]}" for column in said if row[column])
        found.setdefault(str(row[key[0]]), Counter())[text] += 1
    return found


def part_of(changes: Sequence[Change]) -> str:
    """Choose the part of the version that changes raise (Semantic Versioning).

    ``major`` where a row or column was withdrawn, ``minor`` where one was added, else ``patch``.
    Sources and members of a row may come and go with a correction: they raise no more than
    ``minor``.
    """
    raised = "patch"
    for change in changes:
        whole = change.kind != CHANGED and not (change.before or change.after)
        if whole and change.kind == WITHDRAWN:
            return "major"
        if change.kind == ADDED:
            raised = "minor"
    return raised


def withdrawn(changes: Sequence[Change]) -> list[Change]:
    """Return the rows that were withdrawn."""
    return [one for one in changes if one.kind == WITHDRAWN and one.record and not one.before]


def count_words(changes: Sequence[Change]) -> str:
    """Count differences by table, e.g. "incidents: 55 added, 106 changed"."""
    said = []
    for table in dict.fromkeys(change.table for change in changes):
        rows = {kind: set[str]() for kind in (ADDED, WITHDRAWN, CHANGED)}
        columns = []
        for one in changes:
            if one.table == table and one.record:
                rows[one.kind].add(one.record)
            elif one.table == table:
                columns.append(_column_words(one))
        counted = [_row_words(kind, len(found)) for kind, found in rows.items() if found]
        counts = comma().join([*counted, *columns])
        said.append(_("{table}: {changes}", table=isolated(table), changes=counts))
    return "\n".join(said) or _("No difference.")


def _row_words(kind: str, count: int) -> str:
    if kind == ADDED:
        return _n("{count} added", "{count} added", count)
    if kind == WITHDRAWN:
        return _n("{count} withdrawn", "{count} withdrawn", count)
    return _n("{count} changed", "{count} changed", count)


def _column_words(change: Change) -> str:
    column = isolated(change.field)
    if change.kind == ADDED:
        return _("{column} added", column=column) if change.field else _("the table added")
    return _("{column} withdrawn", column=column) if change.field else _("the table withdrawn")


def line_of(change: Change) -> str:
    """Write one difference as a line to read."""
    row = isolated(f"{change.table}/{change.record}")
    kind = {
        ADDED: _p("a row", "added"),
        WITHDRAWN: _p("a row", "withdrawn"),
        CHANGED: _p("a row", "changed"),
    }[change.kind]
    before, after = (
        isolated(text) if text else _("(nothing)") for text in (change.before, change.after)
    )
    if change.field and change.kind == CHANGED:
        column = isolated(change.field)
        return _(
            "{row}: {kind}, {column}: {before} → {after}",
            row=row, kind=kind, column=column, before=before, after=after,
        )  # fmt: skip
    if change.kind == CHANGED or change.before or change.after:
        return _(
            "{row}: {kind}: {before} → {after}", row=row, kind=kind, before=before, after=after
        )
    return _("{row}: {kind}", row=row, kind=kind)


def record_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Name the rows that were added, withdrawn and changed, a line for each table and kind."""
    rows = {(one.table, one.kind, one.record): None for one in changes if one.record}
    kinds = {
        ADDED: N_("{table} added: {rows}"),
        WITHDRAWN: N_("{table} withdrawn: {rows}"),
        CHANGED: N_("{table} changed: {rows}"),
    }
    for table, kind in sorted({(table, kind) for table, kind, _record in rows}):
        records = [record for *where, record in rows if where == [table, kind]]
        yield _(kinds[kind], table=isolated(table), rows=isolated(", ".join(records)))


def text_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Write differences as lines to read, counts first."""
    yield from count_words(changes).split("\n")
    for one in changes:
        if one.record:
            yield line_of(one)
    yield _n("{count} difference", "{count} differences", len(changes))


def csv_file(changes: Sequence[Change]) -> bytes:
    """Write differences as CSV, UTF-8 with a byte order mark for Excel."""
    return spreadsheet_csv((field.name for field in fields(Change)), map(astuple, changes))


def xlsx_file(changes: Sequence[Change]) -> bytes:
    """Write differences as an Excel workbook with one sheet."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("A new workbook has no sheet.")
    sheet.title = "Differences"
    sheet.append([field.name for field in fields(Change)])
    for one in changes:
        sheet.append([str(harmless(cell)) for cell in astuple(one)])
    sheet.freeze_panes = "A2"
    return workbook_bytes(book)
