"""A reader's rows, checked together with the published data by every rule.

The rules are those of :mod:`armsflow.package.checks`. They run over the published rows together
with the reader's. Only rows of the reader's are ever left out. An incident is taken whole or not at
all: a fault in one of its items, its place or a source leaves out the incident too. So nothing is
shown that rests on a row that was refused.
"""

import csv
import io
import itertools
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from armsflow.curation import upload
from armsflow.curation.additions import (
    KEYED,
    NAMED,
    OWN_RULES,
    Finding,
    SheetRow,
    added_rows_are_cited,
    cited_only,
    citing_rows,
    idle_rows,
    record_of,
    users,
)
from armsflow.curation.findings import as_the_reader_sees, told
from armsflow.curation.revision import exchanged
from armsflow.curation.upload import MEMBERS, SHEETS, Upload
from armsflow.language import _, isolated
from armsflow.package import checks
from armsflow.package.columns import Rule
from armsflow.package.evidence import identifiers_begin_with_the_date
from armsflow.package.package import NOTE, UNPUBLISHED, Package
from armsflow.package.problem import FIRST_DATA_ROW, Problem, shorten
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
    notes
        What was read otherwise than typed, or not used at all.
    """

    package: Package
    problems: list[Problem]
    left_out: list[Problem] = field(default_factory=list)
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)

    @property
    def incident_ids(self) -> frozenset[str]:
        """Identifiers of the reader's incidents in the package."""
        return frozenset(self.own.get("incidents", ()))


def read_upload(
    name: str,
    content: bytes,
    package: Package,
    today: date | None = None,
    replacing: bool = False,
    sheets: Sequence[str] = SHEETS,
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
    replacing
        Whether a row with a published identifier takes the place of the published one.
    sheets
        Tables to which rows can be added.

    Returns
    -------
    submission
        Whatever is wrong with the file is among its problems; nothing is raised.
    """
    found, problems = upload.read(name, content, package, sheets)
    if found is None:
        return Submission(package, problems)
    if not any(map(len, found.tables.values())):
        fix = _("add rows below the headings of the sheets.")
        problem = Problem(shorten(name), _("no row is filled in."), fix)
        return Submission(package, [*problems, problem], notes=found.notes)
    package_now = _made(package, today or datetime.now(UTC).date())
    if replacing:
        found, package_now = exchanged(found, package_now)
    tables = {file: table for table, file in found.files.items()}
    findings: list[Finding] = [
        ((tables[problem.file], problem.row) if problem.row else None, problem)
        for problem in problems
    ]
    kept, causes = _sift(found, package_now, findings)
    left_out = [
        _left_out(found, sheet_row, causes[sheet_row])
        for sheet_row in sorted(
            causes, key=lambda sheet_row: (sheets.index(sheet_row[0]), sheet_row[1])
        )
    ]
    all_problems = told(found, package_now, findings[:MOST_PROBLEMS])
    if len(findings) > MOST_PROBLEMS:
        what = _("there are more than {count} problems, so no row is taken.", count=MOST_PROBLEMS)
        fix = _("fix those named above first.")
        all_problems.append(Problem(shorten(name), what, fix))
    if _holds_nothing(kept):
        return Submission(package, all_problems, left_out, notes=found.notes)
    own = {table: tuple(kept.tables[table][column]) for table, column in NAMED.items()}
    if len(routes := kept.tables["corridors"]["corridor_id"]):
        own["corridors"] = tuple(routes)
    return Submission(
        _marked(_joined(kept, package_now), own), all_problems, left_out, own, found.notes
    )


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
    bare = {name: package.tables[name].iloc[:0] for name in MEMBERS}
    without_members = replace(package, tables=package.tables | bare)
    for sheet_row, problem in itertools.chain(
        added,
        _broken(found, without_members, checks.VALUE_RULES),
        added_rows_are_cited(found, package),
    ):
        if sheet_row and (sheet_row, "") in stated and not _is_filled(found, sheet_row):
            continue  # it was told that the row cannot be read
        if (sheet_row, problem.column) not in stated:
            stated |= {(sheet_row, one) for one in (problem.column, *problem.column.split(" + "))}
            findings.append((sheet_row, problem))
        if len(findings) > MOST_PROBLEMS:
            break
    citing = citing_rows(found, package)
    causes: dict[SheetRow, SheetRow] = {}
    faulty = {sheet_row for sheet_row, _problem in findings if sheet_row}
    nothing = _without(found, set(_sheet_rows(found)))
    for _round in range(MOST_ROUNDS):
        if len(findings) > MOST_PROBLEMS:
            return nothing, {}
        _spread(faulty, causes, found, citing)
        kept = _without(found, {*faulty, *causes})
        if _holds_nothing(kept):
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
        # What is wrong with one cell is told once, by the first rule that sees it.
        first = {(finding[0], finding[1].column): finding for finding in reversed(fresh)}
        own = [finding for finding in reversed(first.values()) if finding[0]]
        findings += own or fresh
        if not own:
            # It is not known which row of the reader's is at fault, so none is taken.
            return nothing, {}
        faulty |= {sheet_row for sheet_row, _problem in own if sheet_row}
    else:
        what = _("rows are still at fault without those above, so none is taken.")
        fix = _("fix the rows named above first.")
        findings.append((None, Problem(_("all sheets"), what, fix)))
        return nothing, {}
    while idle := idle_rows(kept, package):
        causes |= {row: users(row[0], citing[row[0], record_of(kept, row)])[0] for row in idle}
        _spread(set(idle), causes, found, citing)
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
    named: dict[tuple[str, str], list[SheetRow]] = defaultdict(list)
    for parent in set(MEMBERS.values()) & found.tables.keys():
        for row, identifier in found.column(parent, KEYED[parent]).items():
            named[parent, identifier].append((parent, row))
    waiting = deque(sorted(faulty))
    while waiting:
        sheet_row = waiting.popleft()
        table, record = sheet_row[0], record_of(found, sheet_row)
        parent = MEMBERS.get(table, "")
        dependent = named[parent, record] if parent else citing.get((table, record), [])
        for other in dependent:
            if other not in causes and other not in faulty:
                causes[other] = sheet_row
                waiting.append(other)


def _holds_nothing(kept: Upload) -> bool:
    """Tell whether no row is left but such as are there for others only."""
    others = {*MEMBERS, *cited_only(kept)}
    return not kept.replaces and all(
        table.empty for name, table in kept.tables.items() if name not in others
    )


def _is_filled(found: Upload, sheet_row: SheetRow) -> bool:
    table, row = sheet_row
    return bool(found.tables[table].loc[row].any())


def _sheet_rows(found: Upload) -> Iterator[SheetRow]:
    for table in found.tables:
        for row in found.tables[table].index:
            yield table, int(row)


def _without(found: Upload, sheet_rows: set[SheetRow]) -> Upload:
    gone: dict[str, list[int]] = defaultdict(list)
    for table, row in sheet_rows:
        gone[table].append(row)
    tables = {
        name: table.drop(index=gone[name], errors="ignore") for name, table in found.tables.items()
    }
    return replace(found, tables=tables, notes=[])


def _left_out(found: Upload, sheet_row: SheetRow, cause: SheetRow) -> Problem:
    table, row = sheet_row
    what = _(
        "left out together with row {row} of {file}.",
        row=str(cause[1]),
        file=isolated(found.files[cause[0]]),
    )
    fix = _("fix what is wrong there, and this row is taken too.")
    return Problem(found.files[table], what, fix, row, record_of(found, sheet_row))


def _broken(found: Upload, package: Package, *stages: Iterable[Rule]) -> Iterator[Finding]:
    """Run stages of rules over published and added rows, up to the first that finds something."""
    together = _together(found, package)
    # Published rows have passed the rules that look at each row by itself.
    added = {name: together.tables[name].iloc[len(package.tables[name]) :] for name in found.tables}
    alone = replace(together, tables=added)
    for stage in stages:
        sound = True
        for rule in stage:
            looked_at = alone if rule in checks.ROW_RULES else together
            # The basemap is the published one, and reading it takes longest.
            for problem in () if rule is basemap_can_be_drawn else rule(looked_at):
                sound = False
                yield as_the_reader_sees(problem, rule, found, package)
        if not sound:
            return


def _together(found: Upload, package: Package) -> Package:
    """Put the added rows below the published ones, and number them all as in one sheet."""
    tables = dict(package.tables)
    for name in found.tables:
        published = package.tables[name]
        added = found.tables[name].astype(published.dtypes.to_dict())
        joined = pd.concat([published, added])
        joined.index = pd.RangeIndex(FIRST_DATA_ROW, FIRST_DATA_ROW + len(joined))
        tables[name] = joined
    return replace(package, tables=tables)


def _joined(kept: Upload, package: Package) -> Package:
    """Return the package as it would be on disk: sorted, in canonical form."""
    together = _together(kept, package)
    tables, texts = dict(package.tables), dict(package.texts)
    for name in kept.tables:
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
    tables = [table for table in KEYED if table in {*NAMED, *own, *before}]
    named = {table: sorted({*before.get(table, ()), *own.get(table, ())}) for table in tables}
    descriptor = package.descriptor | {"version": version, UNPUBLISHED: {"note": NOTE, **named}}
    return replace(package, descriptor=descriptor)
