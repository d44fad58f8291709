"""Rows of the reader's own, held against the published data and every rule.

The rules are those of :mod:`armsflow.package.checks`; they run over the published rows together
with the reader's, and only rows of the reader's are ever left out. An incident is taken whole or
not at all: a fault in one of its items, its place or a source leaves out the incident too, so that
nothing is shown that rests on a row that was refused.
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
    Spot,
    citing_rows,
    record_of,
    references,
)
from armsflow.curation.upload import CODES, SHEETS, Upload
from armsflow.package import checks
from armsflow.package.columns import Rule
from armsflow.package.package import UNPUBLISHED, Package
from armsflow.package.problem import FIRST_DATA_ROW, Problem, shorten
from armsflow.package.references import keys_are_unique, references_resolve
from armsflow.package.values import basemap_can_be_drawn

NOTE = (
    "This copy holds rows that are not published: a reader added them, and they passed the same "
    "rules, but nobody compared them with their sources."
)

MOST_ROUNDS = 10
"""Rounds of checking. A row left out can bring another fault to light, as when the first of three
equal incidents goes; two rounds are enough for all that was tried."""

MOST_PROBLEMS = 2_000
"""Problems after which the search is given up and no row is taken; each costs up to a millisecond
to tell, and nobody fixes a file line by line from a longer list."""


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
        Rows without a fault of their own that hang on one with a fault, and on which.
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
    standing, causes = _sift(found, package_now, findings)
    left_out = [
        _left_out(found, spot, causes[spot])
        for spot in sorted(causes, key=lambda spot: (SHEETS.index(spot[0]), spot[1]))
    ]
    all_problems = [problem for _, problem in findings]
    if len(all_problems) > MOST_PROBLEMS:
        what = f"there are more than {MOST_PROBLEMS:,} problems, so no row is taken."
        fix = "fix those named above first."
        all_problems[MOST_PROBLEMS:] = [Problem(shorten(name), what, fix)]
    if standing.tables["incidents"].empty:
        return Submission(package, all_problems, left_out)
    own = {table: tuple(standing.tables[table][column]) for table, column in NAMED.items()}
    return Submission(_marked(_joined(standing, package_now), own), all_problems, left_out, own)


def _sift(
    found: Upload, package: Package, findings: list[Finding]
) -> tuple[Upload, dict[Spot, Spot]]:
    """Leave out what has a fault until the rest passes every rule.

    Adds to the findings. Returns the rows that stand, and the rows left out without a fault of
    their own, each with the row on which it hangs.
    """
    stated = {(spot, problem.column) for spot, problem in findings}
    added = (finding for rule in OWN_RULES for finding in rule(found, package))
    # Nothing refers to items; without the published ones, none of a published incident's is
    # compared with them as well.
    items = {"items": package.tables["items"].iloc[:0]}
    without_items = replace(package, tables=package.tables | items)
    for spot, problem in itertools.chain(added, _broken(found, without_items, checks.VALUE_RULES)):
        if (spot, problem.column) not in stated:
            stated.add((spot, problem.column))
            findings.append((spot, problem))
        if len(findings) > MOST_PROBLEMS:
            break
    citing = citing_rows(found, package)
    causes: dict[Spot, Spot] = {}
    faulty = {spot for spot, _ in findings if spot}
    nothing = _without(found, set(_spots(found)))
    for _ in range(MOST_ROUNDS):
        if len(findings) > MOST_PROBLEMS:
            return nothing, {}
        _spread(faulty, causes, found, citing)
        standing = _without(found, {*faulty, *causes})
        if standing.tables["incidents"].empty:
            break
        fresh = list(
            itertools.islice(
                _broken(standing, package, checks.VALUE_RULES, checks.EVIDENCE_RULES),
                MOST_PROBLEMS + 1,
            )
        )
        if not fresh:
            break
        own = [finding for finding in fresh if finding[0]]
        findings += own or fresh
        if not own:
            # No row of the reader's can be told to be at fault, so none is taken.
            return nothing, {}
        faulty |= {spot for spot, _ in own if spot}
    else:
        what = "rows are still at fault without those above, so none is taken."
        findings.append((None, Problem("all sheets", what, "fix the rows named above first.")))
        return nothing, {}
    still_cited = citing_rows(standing, package)
    for spot in _spots(standing):
        named = (spot[0], record_of(standing, spot))
        if spot[0] in {"places", "sources"} and named not in still_cited:
            causes[spot] = citing[named][0]
    standing = _without(standing, set(causes))
    return standing, {spot: cause for spot, cause in causes.items() if spot not in faulty}


def _spread(
    faulty: set[Spot],
    causes: dict[Spot, Spot],
    found: Upload,
    citing: Mapping[tuple[str, str], list[Spot]],
) -> None:
    """Find every row that hangs on a faulty one, and note on which."""
    incidents: dict[str, list[Spot]] = defaultdict(list)
    for row, incident in found.column("incidents", "incident_id").items():
        incidents[incident].append(("incidents", row))
    waiting = deque(sorted(faulty))
    while waiting:
        spot = waiting.popleft()
        table = spot[0]
        if table == "items":
            hanging = incidents.get(record_of(found, spot), [])
        else:
            hanging = citing.get((table, record_of(found, spot)), [])
        for other in hanging:
            if other not in causes and other not in faulty:
                causes[other] = spot
                waiting.append(other)


def _spots(found: Upload) -> Iterator[Spot]:
    for table in SHEETS:
        for row in found.tables[table].index:
            yield table, int(row)


def _without(found: Upload, spots: set[Spot]) -> Upload:
    gone: dict[str, list[int]] = defaultdict(list)
    for table, row in spots:
        gone[table].append(row)
    return Upload(
        {
            name: table.drop(index=gone[name], errors="ignore")
            for name, table in found.tables.items()
        },
        found.files,
    )


def _left_out(found: Upload, spot: Spot, cause: Spot) -> Problem:
    table, row = spot
    what = f"left out together with row {cause[1]} of {found.files[cause[0]]}."
    fix = "fix what is wrong there, and this row is taken too."
    return Problem(found.files[table], what, fix, row, record_of(found, spot))


def _broken(found: Upload, package: Package, *stages: Iterable[Rule]) -> Iterator[Finding]:
    """Run stages of rules over published and added rows; the first that finds something ends it."""
    together = _together(found, package)
    for stage in stages:
        whole = True
        for rule in stage:
            # The basemap is the published one, and reading it takes longest.
            for problem in () if rule is basemap_can_be_drawn else rule(together):
                whole = False
                yield _as_the_reader_sees(problem, rule, found, package)
        if not whole:
            return


def _together(found: Upload, package: Package) -> Package:
    """Put the added rows below the published ones, numbered on as in one sheet."""
    tables = dict(package.tables)
    for name in SHEETS:
        published = package.tables[name]
        added = found.tables[name].astype(published.dtypes.to_dict())
        joined = pd.concat([published, added])
        joined.index = pd.RangeIndex(FIRST_DATA_ROW, FIRST_DATA_ROW + len(joined))
        tables[name] = joined
    return replace(package, tables=tables)


def _as_the_reader_sees(problem: Problem, rule: Rule, found: Upload, package: Package) -> Finding:
    """Give a problem the row and the words of the reader's own sheet."""
    table = next((name for name in SHEETS if package.resource(name)["path"] == problem.file), None)
    row = _own_row(problem.row, table, found, package) if table and problem.row else None
    if table is None or row is None:
        return None, problem
    what, fix = problem.what, problem.fix
    if rule is keys_are_unique:
        # It ends with the row that has the key already, which is one of the reader's too: keys
        # that are published were told before.
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
    """Return the number in the reader's sheet of a row of both, ``None`` if it is published."""
    position = row - FIRST_DATA_ROW - len(package.tables[table])
    return int(found.tables[table].index[position]) if position >= 0 else None


def _joined(standing: Upload, package: Package) -> Package:
    """Return the package as it would lie on disk: sorted, in canonical form."""
    together = _together(standing, package)
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
    """Say that the package is made today; what happened since the last release may be added."""
    if str(today) <= str(package.descriptor["created"])[:10]:
        return package
    created = {"created": f"{today}T00:00:00Z"}
    return replace(package, descriptor=package.descriptor | created)


def _marked(package: Package, own: Mapping[str, tuple[str, ...]]) -> Package:
    """Say in the descriptor that rows are not published, and which."""
    version = str(package.descriptor["version"])
    if not version.endswith("+own"):
        # Build metadata of Semantic Versioning: the same published data, and something more.
        version += ".own" if "+" in version else "+own"
    before: dict[str, Any] = package.descriptor.get(UNPUBLISHED, {})
    named = {table: sorted({*before.get(table, ()), *own[table]}) for table in NAMED}
    descriptor = package.descriptor | {"version": version, UNPUBLISHED: {"note": NOTE, **named}}
    return replace(package, descriptor=descriptor)
