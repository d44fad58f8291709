"""A reader's rows, checked together with the published data by every rule.

The rules are those of :mod:`armsflow.package.checks`. They run over the published rows together
with the reader's. Only rows of the reader's are ever left out. An incident is taken whole or not at
all: a fault in one of its items, its place or a source leaves out the incident too. So nothing is
shown that rests on a row that was refused.
"""

import csv
import io
import itertools
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from armsflow.curation import upload
from armsflow.curation.additions import (
    NAMED,
    OWN_RULES,
    Finding,
    SheetRow,
    citing_rows,
    record_of,
    references,
)
from armsflow.curation.upload import CODES, SHEETS, Upload
from armsflow.package import checks
from armsflow.package.columns import Rule
from armsflow.package.evidence import identifiers_begin_with_the_date
from armsflow.package.package import NOTE, UNPUBLISHED, Package
from armsflow.package.problem import FIRST_DATA_ROW, Problem, shorten
from armsflow.package.references import keys_are_unique, references_resolve
from armsflow.package.values import basemap_can_be_drawn

MOST_ROUNDS = 10
"""Rounds of checking. A row that is left out can make another fault appear, e.g. when the first of
three equal incidents goes. Two rounds were enough for all that was tried."""

MOST_PROBLEMS = 2_000
"""Problems after which the search ends and no row is taken. Each takes up to a millisecond to
describe, and nobody fixes a file line by line from a longer list."""


@dataclass(frozen=True)
class Submission:
    """What became of an upload.

    Parameters
    ----------
    package
        The published data together with every row that passed: a valid package, its version
        marked ``+own``. The published package itself if no incident passed.
    problems
        What is wrong, each naming sheet, row, column and fix.
    left_out
        Rows that have no fault but depend on a row that has one; each names that row.
    own
        Identifiers of the reader's rows in the package, by table: incidents, places, sources.
    """

    package: Package
    problems: list[Problem]
    left_out: list[Problem] = field(default_factory=list)
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def incident_ids(self) -> frozenset[str]:
        """Identifiers of the reader's incidents in the package."""
        return frozenset(self.own.get("incidents", ()))


def read_upload(
    name: str, content: bytes, package: Package, today: date | None = None
) -> Submission:
    """Read a filled template and add what passes every rule to the published data.

    Parameters
    ----------
    name
        What the reader calls the file; only repeated in messages.
    content
        The file: an Excel workbook, or a ZIP of CSV files.
    package
        The published data, a package without problems.
    today
        Day on which the new package is made; today (UTC) unless stated.

    Returns
    -------
    submission
        Whatever is wrong with the file is among its problems; nothing is raised.
    """
    found, problems = upload.read(name, content, package)
    if found is None:
        return Submission(package, problems)
    if not any(map(len, found.tables.values())):
        fix = "add rows below the headings of the sheets."
        problem = Problem(shorten(name), "no row is filled in.", fix)
        return Submission(package, [*problems, problem])
    package_now = _made(package, today or datetime.now(UTC).date())
    tables = {file: table for table, file in found.files.items()}
    findings: list[Finding] = [
        ((tables[problem.file], problem.row) if problem.row else None, problem)
        for problem in problems
    ]
    kept, causes = _sift(found, package_now, findings)
    left_out = [
        _left_out(found, sheet_row, causes[sheet_row])
        for sheet_row in sorted(
            causes, key=lambda sheet_row: (SHEETS.index(sheet_row[0]), sheet_row[1])
        )
    ]
    all_problems = [problem for _, problem in findings]
    if len(all_problems) > MOST_PROBLEMS:
        what = f"there are more than {MOST_PROBLEMS:,} problems, so no row is taken."
        fix = "fix those named above first."
        all_problems[MOST_PROBLEMS:] = [Problem(shorten(name), what, fix)]
    if kept.tables["incidents"].empty:
        return Submission(package, all_problems, left_out)
    own = {table: tuple(kept.tables[table][column]) for table, column in NAMED.items()}
    return Submission(_marked(_joined(kept, package_now), own), all_problems, left_out, own)


def _sift(
    found: Upload, package: Package, findings: list[Finding]
) -> tuple[Upload, dict[SheetRow, SheetRow]]:
    """Leave out what has a fault until the rest passes every rule.

    Adds to the findings. Returns the rows that are kept, and the rows that are left out without
    having a fault, each with the row on which it depends.
    """
    stated = {(sheet_row, problem.column) for sheet_row, problem in findings}
    added = (finding for rule in OWN_RULES for finding in rule(found, package))
    # Nothing refers to items. Without the published ones, added items are not compared with those
    # of a published incident as well.
    items = {"items": package.tables["items"].iloc[:0]}
    without_items = replace(package, tables=package.tables | items)
    for sheet_row, problem in itertools.chain(
        added, _broken(found, without_items, checks.VALUE_RULES)
    ):
        if (sheet_row, problem.column) not in stated:
            stated.add((sheet_row, problem.column))
            findings.append((sheet_row, problem))
        if len(findings) > MOST_PROBLEMS:
            break
    citing = citing_rows(found, package)
    causes: dict[SheetRow, SheetRow] = {}
    faulty = {sheet_row for sheet_row, _ in findings if sheet_row}
    nothing = _without(found, set(_sheet_rows(found)))
    for _ in range(MOST_ROUNDS):
        if len(findings) > MOST_PROBLEMS:
            return nothing, {}
        _spread(faulty, causes, found, citing)
        kept = _without(found, {*faulty, *causes})
        if kept.tables["incidents"].empty:
            break
        fresh = list(
            itertools.islice(
                _broken(
                    kept,
                    package,
                    checks.VALUE_RULES,
                    checks.EVIDENCE_RULES,
                    [identifiers_begin_with_the_date],
                ),
                MOST_PROBLEMS + 1,
            )
        )
        if not fresh:
            break
        own = [finding for finding in fresh if finding[0]]
        findings += own or fresh
        if not own:
            # It is not known which row of the reader's is at fault, so none is taken.
            return nothing, {}
        faulty |= {sheet_row for sheet_row, _ in own if sheet_row}
    else:
        what = "rows are still at fault without those above, so none is taken."
        findings.append((None, Problem("all sheets", what, "fix the rows named above first.")))
        return nothing, {}
    still_cited = citing_rows(kept, package)
    for sheet_row in _sheet_rows(kept):
        named = (sheet_row[0], record_of(kept, sheet_row))
        if sheet_row[0] in {"places", "sources"} and named not in still_cited:
            causes[sheet_row] = citing[named][0]
    kept = _without(kept, set(causes))
    return kept, {
        sheet_row: cause for sheet_row, cause in causes.items() if sheet_row not in faulty
    }


def _spread(
    faulty: set[SheetRow],
    causes: dict[SheetRow, SheetRow],
    found: Upload,
    citing: Mapping[tuple[str, str], list[SheetRow]],
) -> None:
    """Find every row that depends on a faulty one, and note on which."""
    incidents: dict[str, list[SheetRow]] = defaultdict(list)
    for row, incident in found.column("incidents", "incident_id").items():
        incidents[incident].append(("incidents", row))
    waiting = deque(sorted(faulty))
    while waiting:
        sheet_row = waiting.popleft()
        table = sheet_row[0]
        if table == "items":
            dependent = incidents.get(record_of(found, sheet_row), [])
        else:
            dependent = citing.get((table, record_of(found, sheet_row)), [])
        for other in dependent:
            if other not in causes and other not in faulty:
                causes[other] = sheet_row
                waiting.append(other)


def _sheet_rows(found: Upload) -> Iterator[SheetRow]:
    for table in SHEETS:
        for row in found.tables[table].index:
            yield table, int(row)


def _without(found: Upload, sheet_rows: set[SheetRow]) -> Upload:
    gone: dict[str, list[int]] = defaultdict(list)
    for table, row in sheet_rows:
        gone[table].append(row)
    return Upload(
        {
            name: table.drop(index=gone[name], errors="ignore")
            for name, table in found.tables.items()
        },
        found.files,
    )


def _left_out(found: Upload, sheet_row: SheetRow, cause: SheetRow) -> Problem:
    table, row = sheet_row
    what = f"left out together with row {cause[1]} of {found.files[cause[0]]}."
    fix = "fix what is wrong there, and this row is taken too."
    return Problem(found.files[table], what, fix, row, record_of(found, sheet_row))


def _broken(found: Upload, package: Package, *stages: Iterable[Rule]) -> Iterator[Finding]:
    """Run stages of rules over published and added rows, up to the first that finds something."""
    together = _together(found, package)
    for stage in stages:
        sound = True
        for rule in stage:
            # The basemap is the published one, and reading it takes longest.
            for problem in () if rule is basemap_can_be_drawn else rule(together):
                sound = False
                yield _as_the_reader_sees(problem, rule, found, package)
        if not sound:
            return


def _together(found: Upload, package: Package) -> Package:
    """Put the added rows below the published ones, and number them all as in one sheet."""
    tables = dict(package.tables)
    for name in SHEETS:
        published = package.tables[name]
        added = found.tables[name].astype(published.dtypes.to_dict())
        joined = pd.concat([published, added])
        joined.index = pd.RangeIndex(FIRST_DATA_ROW, FIRST_DATA_ROW + len(joined))
        tables[name] = joined
    return replace(package, tables=tables)


def _as_the_reader_sees(problem: Problem, rule: Rule, found: Upload, package: Package) -> Finding:
    """Write a problem with the row number and the names of the reader's sheet."""
    table = next((name for name in SHEETS if package.resource(name)["path"] == problem.file), None)
    row = _own_row(problem.row, table, found, package) if table and problem.row else None
    if table is None or row is None:
        return None, problem
    what, fix = problem.what, problem.fix
    if rule is keys_are_unique:
        # The text ends with the row that has the key already. That is a row of the reader's too:
        # keys that are published were found before.
        what = re.sub(
            r"\d+(?=\.$)",
            lambda number: str(_own_row(int(number[0]), table, found, package) or number[0]),
            what,
        )
    if rule is references_resolve:
        targets = {column: target for column, target, _ in references(package, table)}
        if targets[problem.column] not in SHEETS:
            fix = f"use one that is published; {CODES} lists them."
    for name, file in found.files.items():
        words = file if file.endswith(".csv") else f"the sheet {file}"
        what, fix = what.replace(f"{name}.csv", words), fix.replace(f"{name}.csv", words)
    return (table, row), replace(problem, file=found.files[table], what=what, fix=fix, row=row)


def _own_row(row: int, table: str, found: Upload, package: Package) -> int | None:
    """Return the reader's number for a row of the joined sheet, ``None`` if it is published."""
    position = row - FIRST_DATA_ROW - len(package.tables[table])
    return int(found.tables[table].index[position]) if position >= 0 else None


def _joined(kept: Upload, package: Package) -> Package:
    """Return the package as it would be on disk: sorted, in canonical form."""
    together = _together(kept, package)
    tables, texts = dict(package.tables), dict(package.texts)
    for name in SHEETS:
        texts[name] = checks.canonical_text(together, name)
        columns, *rows = csv.reader(io.StringIO(texts[name], newline=""))
        tables[name] = pd.DataFrame(
            rows,
            columns=columns,
            index=range(FIRST_DATA_ROW, FIRST_DATA_ROW + len(rows)),
        ).astype(package.tables[name].dtypes.to_dict())
    return replace(package, tables=tables, texts=texts)


def _made(package: Package, today: date) -> Package:
    """Date the package today, so that incidents since the last release may be added."""
    if str(today) <= str(package.descriptor["created"])[:10]:
        return package
    created = {"created": f"{today}T00:00:00Z"}
    return replace(package, descriptor=package.descriptor | created)


def _marked(package: Package, own: Mapping[str, tuple[str, ...]]) -> Package:
    """Say in the descriptor that rows are not published, and which."""
    version = str(package.descriptor["version"])
    if not version.endswith("+own"):
        # Build metadata of Semantic Versioning: the published data are the same.
        version += ".own" if "+" in version else "+own"
    before: dict[str, Any] = package.descriptor.get(UNPUBLISHED, {})
    named = {table: sorted({*before.get(table, ()), *own[table]}) for table in NAMED}
    descriptor = package.descriptor | {"version": version, UNPUBLISHED: {"note": NOTE, **named}}
    return replace(package, descriptor=descriptor)
