"""Problems as a reader is told of them: in the order of the file, and one for each slip.

A slip in an identifier shows at every row that cites it, and at the row that was meant and that
nothing cites now. Those rows are left out all the same; only the slip itself is told.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from armsflow.curation.additions import (
    KEYED,
    Finding,
    SheetRow,
    cited_in,
    citing_rows,
    references,
)
from armsflow.curation.upload import CODES, Upload
from armsflow.language import N_, _, _n, comma, enumerated, isolated
from armsflow.package.coherence import nothing_lies_in_the_future
from armsflow.package.columns import Rule, or_empty
from armsflow.package.evidence import DAY_OF_IDENTIFIER, identifiers_begin_with_the_date
from armsflow.package.package import Package
from armsflow.package.problem import FIRST_DATA_ROW, Problem, quoted, shorten
from armsflow.package.references import (
    KEY_JOINT,
    already_used,
    keys_are_unique,
    references_resolve,
)
from armsflow.package.values import values_are_of_their_type

MOST_NAMED = 20
"""Codes that a message names; of more it says where they are."""

NONE_OF = {
    "destinations": N_("{value} is none of the destinations."),
    "weapon_types": N_("{value} is none of the weapon types."),
}
"""What is said of a code that is not in a table to which readers add nothing."""


def as_the_reader_sees(problem: Problem, rule: Rule, found: Upload, package: Package) -> Finding:
    """Write a problem with the row number and the names of the reader's sheet."""
    paths = {package.resource(name)["path"]: name for name in found.tables}
    table = paths.get(problem.file)
    row = _own_row(problem.row, table, found, package) if table and problem.row else None
    if table is None or row is None:
        return None, problem
    what, fix, kind = problem.what, problem.fix, problem.kind
    if rule is nothing_lies_in_the_future:
        fix = _("correct the date.")  # not the day on which the package was made
    if rule is identifiers_begin_with_the_date:
        fix = _date_fix(*found.tables[table].loc[row, ["incident_id", "date"]])
    if rule is keys_are_unique:
        # The row that has the key already is one of the reader's too: keys that are published were
        # found before.
        what = already_used(found.tables[table], row, problem.column.split(KEY_JOINT))
    if rule in {references_resolve, values_are_of_their_type}:
        targets = {column: target for column, target, _mark in references(package, table)}
        target = targets.get(problem.column, table)
        if target not in found.tables:
            known = package.tables[target].iloc[:, 0]
            typed = str(found.tables[table].loc[row, problem.column])
            none_of = NONE_OF.get(target, N_("{value} is not published."))
            what, kind = _(none_of, value=quoted(shorten(typed))), ""
            fix = _("use one that is published; {codes} lists them.", codes=isolated(CODES))
            if len(known) <= MOST_NAMED:
                fix = _("use one of: {codes}.", codes=comma().join(map(isolated, known)))
            fix = or_empty(package, table, problem.column, fix)
    for name, file in found.files.items():
        if file == f"{name}.csv":
            continue
        sheet = _("the sheet {name}", name=isolated(file))
        for written in (isolated(f"{name}.csv"), f"{name}.csv"):
            what, fix = what.replace(written, sheet), fix.replace(written, sheet)
    return (table, row), replace(
        problem, file=found.files[table], what=what, fix=fix, row=row, kind=kind
    )


def _date_fix(identifier: str, day: str) -> str:
    """Say how an identifier and its date come to agree, in an incident that is not published."""
    begins, said = DAY_OF_IDENTIFIER.match(identifier), isolated(shorten(day))
    if begins is None:
        return _("begin it with {date}.", date=said)
    return _(
        "if {begun} is right, write it as the date; else begin it with {date}.",
        begun=isolated(begins[0]),
        date=said,
    )


def _own_row(row: int, table: str, found: Upload, package: Package) -> int | None:
    """Return the reader's number for a row of the joined sheet, ``None`` if it is published."""
    position = row - FIRST_DATA_ROW - len(package.tables[table])
    return int(found.tables[table].index[position]) if position >= 0 else None


def told(found: Upload, package: Package, findings: Sequence[Finding]) -> list[Problem]:
    """Return what a reader is told of findings: file by file, row by row, one for each slip."""
    faulty = {
        (sheet_row[0], _cell(found, sheet_row, problem.column))
        for sheet_row, problem in findings
        if sheet_row
        and problem.column == KEYED.get(sheet_row[0])
        and problem.kind not in {"no item", "not cited"}
    }
    citing = {_target(package, sheet_row, problem) for sheet_row, problem in findings if sheet_row}
    cited = citing_rows(found, package)
    # An identifier that is wrong and that nothing cites: others cite the right one.
    slipped = {target for target, identifier in faulty if (target, identifier) not in cited}
    for table in {
        sheet_row[0] for sheet_row, problem in findings if sheet_row and not problem.column
    }:
        # A row that cannot be read may be the one that is missing, or that cites another.
        slipped.add(table)
        citing |= {target for _column, target, _delimiter in references(package, table)}
    alone = [problem for sheet_row, problem in findings if sheet_row is None]
    if found.replaces and len(alone) < len(findings):
        # Published rows miss the one that was to be replaced, for as long as its new form is wrong.
        alone = [problem for problem in alone if problem.row is None]
    kept = [
        (sheet_row, problem)
        for sheet_row, problem in findings
        if sheet_row
        and not _follows(found, package, sheet_row, problem, faulty)
        and not (problem.kind == "not cited" and sheet_row[0] in citing)
        and not (problem.kind == "no item" and "incidents" in citing)
        and not (problem.kind == "absent" and _target(package, sheet_row, problem) in slipped)
    ]
    columns = {table: list(found.tables[table]) for table in found.tables}

    def place(finding: tuple[SheetRow, Problem]) -> tuple[int, int, int]:
        (table, row), problem = finding
        known = columns[table]
        at = known.index(problem.column) if problem.column in known else -1
        return list(columns).index(table), row, at

    return [*alone, *by_row(_once(found, sorted(kept, key=place)))]


def by_row(problems: Iterable[Problem]) -> list[Problem]:
    """Name the columns of a row that have the same fault in one: a row that was begun has many."""
    columns: dict[Problem, list[str]] = {}
    for problem in problems:
        columns.setdefault(replace(problem, column=""), []).append(problem.column)
    return [
        replace(problem, column=comma().join(filter(None, named)))
        for problem, named in columns.items()
    ]


def _follows(
    found: Upload,
    package: Package,
    sheet_row: SheetRow,
    problem: Problem,
    faulty: set[tuple[str, str]],
) -> bool:
    """Tell whether a problem is only that of an identifier which its own row has wrong."""
    for column, target, delimiter in references(package, sheet_row[0]):
        if column == problem.column:
            cell = _cell(found, sheet_row, column)
            cited = cited_in(cell, delimiter)
            named = [one for one in cited if _names(problem, one)]
            return bool(named) and all((target, one) in faulty for one in named)
    return False


def _names(problem: Problem, identifier: str) -> bool:
    """Tell whether a problem names an identifier, however its language quotes it."""
    alone = rf"(?<![\w-]){re.escape(shorten(identifier))}(?![\w-])"
    return re.search(alone, problem.what) is not None


def _target(package: Package, sheet_row: SheetRow, problem: Problem) -> str:
    """Return the table that the column of a problem cites; empty if it cites none."""
    targets = {column: target for column, target, _delimiter in references(package, sheet_row[0])}
    return targets.get(problem.column, "")


def _cell(found: Upload, sheet_row: SheetRow, column: str) -> str:
    table, row = sheet_row
    return str(found.tables[table].loc[row, column])


def _once(found: Upload, findings: Iterable[tuple[SheetRow, Problem]]) -> list[Problem]:
    """Tell once what is cited in several rows and is not there."""
    first: dict[object, tuple[SheetRow, Problem]] = {}
    others: dict[object, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for sheet_row, problem in findings:
        key: object = problem.what if problem.kind == "absent" else (sheet_row, problem)
        if key in first:
            table, row = sheet_row
            others[key][found.files[table]].append(row)
        else:
            first[key] = (sheet_row, problem)
    return [
        replace(
            problem,
            what=_(
                "{problem}; also in {rows}.",
                problem=problem.what.removesuffix("."),
                rows=_rows(others[key]),
            ),
        )
        if key in others
        else problem
        for key, (_row, problem) in first.items()
    ]


def _rows(rows: dict[str, list[int]]) -> str:
    return enumerated(
        [
            _n(
                "{file}, row {rows}",
                "{file}, rows {rows}",
                len(found),
                file=isolated(file),
                rows=comma().join(map(str, found)),
            )
            for file, found in rows.items()
        ]
    )
