"""Problems as a reader is told of them: in the order of the file, and one for each slip.

A slip in an identifier shows at every row that cites it, and at the row that was meant and that
nothing cites now. Those rows are left out all the same; only the slip itself is told.
"""

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
from armsflow.curation.upload import Upload
from armsflow.package.package import Package
from armsflow.package.problem import Problem, shorten
from armsflow.words import enumerate_words


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
        citing |= {target for _, target, _ in references(package, table)}
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
        replace(problem, column=", ".join(filter(None, named)))
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
            named = [one for one in cited if repr(shorten(one)) in problem.what]
            return bool(named) and all((target, one) in faulty for one in named)
    return False


def _target(package: Package, sheet_row: SheetRow, problem: Problem) -> str:
    """Return the table that the column of a problem cites; empty if it cites none."""
    targets = {column: target for column, target, _ in references(package, sheet_row[0])}
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
        replace(problem, what=f"{problem.what[:-1]}; also in {_rows(others[key])}.")
        if key in others
        else problem
        for key, (_, problem) in first.items()
    ]


def _rows(rows: dict[str, list[int]]) -> str:
    return enumerate_words(
        [
            f"{file}, {'row' if len(found) == 1 else 'rows'} {', '.join(map(str, found))}"
            for file, found in rows.items()
        ]
    )
