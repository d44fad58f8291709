"""Published rows corrected or withdrawn on purpose, and what corrections.csv then says of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from armsflow.curation.additions import KEYED, NAMED, cited_in, references
from armsflow.curation.upload import MEMBERS, Upload
from armsflow.language import _
from armsflow.package import translations
from armsflow.package.checks import canonical_text
from armsflow.package.columns import key_columns, list_parts, single
from armsflow.package.difference import CHANGED, WITHDRAWN, Change
from armsflow.package.evidence import KEPT_IDENTIFIERS
from armsflow.package.package import Package, with_table
from armsflow.package.problem import Problem, quoted, shorten
from armsflow.package.references import references_resolve
from armsflow.package.versions import version_numbers

LOG = "corrections"
LONGEST = 120
"""Letters of a value that corrections.csv repeats; ``diff`` shows longer ones in full."""

WITHDRAWABLE = {**NAMED, "corridors": "corridor_id"}
"""Tables whose rows can be withdrawn, with the column of the identifier."""

BELONGING = ("reviews", "origins")
"""Tables whose rows come and go with their incident, without a correction of their own."""


def with_rows(package: Package, name: str, rows: pd.DataFrame) -> Package:
    """Return a package with other rows in one table, in the order of its key."""
    rows = rows.set_axis(pd.RangeIndex(len(rows)))
    text = canonical_text(replace(package, tables=package.tables | {name: rows}), name)
    return with_table(package, name, text)[0]


def exchanged(found: Upload, package: Package) -> tuple[Upload, Package]:
    """Take the published rows that an upload holds anew out of the package.

    Items are exchanged all together: an incident keeps its published items only if the upload has
    none for it. Items alone are those of the published incident. So are the points of a route.
    """
    tables, handed = dict(package.tables), dict(found.tables)
    for name in [one for one in MEMBERS if one in handed]:
        parent, column = MEMBERS[name], KEYED[MEMBERS[name]]
        told = set(handed[name][column])
        published = tables[parent]
        bare = published[published[column].isin(told - set(handed[parent][column]))]
        first = max(handed[parent].index, default=1) + 1
        bare = bare.set_axis(range(first, first + len(bare)))
        handed[parent] = pd.concat([handed[parent], bare])
        tables[name] = tables[name][~tables[name][column].isin(told)]
    replaces: set[tuple[str, str]] = set()
    for name in [one for one in KEYED if one in handed]:
        column = KEYED[name]
        known = tables[name][column].isin(set(handed[name][column]))
        replaces |= {(name, identifier) for identifier in tables[name][column][known]}
        tables[name] = tables[name][~known]
    upload = replace(found, tables=handed, replaces=frozenset(replaces))
    return upload, replace(package, tables=tables)


def withdrawn(package: Package, identifiers: Collection[str]) -> tuple[Package, list[Problem]]:
    """Take rows out of a package, with the rows that belong to them and what tells them apart.

    Returns
    -------
    package, problems
        The package without the rows; or why they cannot go, such as rows that still cite them.
    """
    problems = []
    for identifier in identifiers:
        table = next(
            (
                name
                for name, column in WITHDRAWABLE.items()
                if (package.tables[name][column] == identifier).any()
            ),
            None,
        )
        if table is None:
            said = quoted(shorten(identifier))
            what = _("{identifier} is no incident, place, source or route.", identifier=said)
            fix = _("write the identifier as it is published.")
            problems.append(Problem("--withdraw", what, fix))
        else:
            package = _without(package, table, identifier)
    fix = _("correct that row first (add --replace), or withdraw it too.")
    problems += [replace(problem, fix=fix) for problem in references_resolve(package)]
    return package, problems


def _without(package: Package, table: str, identifier: str) -> Package:
    rows = package.tables[table]
    gone = rows[WITHDRAWABLE[table]] == identifier
    package = with_rows(package, table, rows[~gone])
    for name, other in list(package.tables.items()):
        for key in package.resource(name)["schema"].get("foreignKeys", []):
            column = single(key["fields"])
            if key["reference"].get("resource") == table and column in key_columns(package, name):
                package = with_rows(package, name, other[other[column] != identifier])
    if translations.TABLE in package.tables:
        told = package.tables[translations.TABLE]
        kept = told[(told["record"] != identifier) | (told["table"] != table)]
        package = with_rows(package, translations.TABLE, kept)
    if table == "incidents":
        [field] = (one for one in package.fields(table) if one["name"] == "distinct_from")
        others = package.tables[table]
        told_apart = [
            field["delimiter"].join(one for one in list_parts(field, value) if one != identifier)
            for value in others["distinct_from"]
        ]
        package = with_rows(package, table, others.assign(distinct_from=told_apart))
        resources = [
            one | {KEPT_IDENTIFIERS: [kept for kept in one[KEPT_IDENTIFIERS] if kept != identifier]}
            if KEPT_IDENTIFIERS in one
            else one
            for one in package.descriptor["resources"]
        ]
        package = replace(package, descriptor=package.descriptor | {"resources": resources})
    return package


def uncited(before: Package, after: Package) -> Iterator[tuple[str, str]]:
    """Yield table and identifier of the places and sources that a change left without a row."""
    lost = _cited(before) - _cited(after)
    for name in ("places", "sources"):
        left = set(after.tables[name][NAMED[name]])
        yield from sorted((table, one) for table, one in lost if table == name and one in left)


def _cited(package: Package) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for name, table in package.tables.items():
        for column, target, delimiter in references(package, name):
            for value in table[column].unique():
                found |= {(target, identifier) for identifier in cited_in(value, delimiter)}
    return found


def logged(
    package: Package, changes: Sequence[Change], why: str, last: str, coming: str, day: str
) -> Package:
    """Say in corrections.csv what was changed in published rows, and why.

    Parameters
    ----------
    package
        With the changes.
    changes
        What was changed. Rows that were added need no correction.
    why
        The reason, in a sentence.
    last, coming
        The last version, empty if there is none, and the one that will publish the changes.
    day
        Of the change (ISO 8601).
    """
    log = package.tables[LOG]
    lines: dict[tuple[str, str, str], tuple[str, str]] = {}
    for one in changes:
        # The items of a withdrawn incident go with it; they are the rows that still have a text.
        whole = one.kind == WITHDRAWN and not one.before
        if (one.kind == CHANGED or whole) and one.table not in BELONGING:
            said = (one.before, one.after) if one.field else ("", "")
            before, after = (text if len(text) <= LONGEST else "" for text in said)
            lines[one.table, one.record, one.field] = (before, after)
    rows: list[dict[Any, Any]] = log.to_dict("records")
    for (table, record, field), (before, after) in lines.items():
        again = next(
            (
                row
                for row in rows
                if (row["table"], row["record"], row["field"]) == (table, record, field)
                and _later(row["version"], last)
            ),
            None,
        )
        if again is None:
            rows.append(
                {
                    "version": coming, "date": day, "table": table, "record": record,
                    "field": field, "before": before, "after": after, "why": why,
                }
            )  # fmt: skip
        else:
            again["after"] = after
            if why not in again["why"]:
                again["why"] += f"; {why}"
    return with_rows(package, LOG, pd.DataFrame(rows, columns=log.columns, dtype="str"))


def released(package: Package, last: str, version: str, day: str) -> Package:
    """Give the corrections since the last version the number and day that publish them."""
    if LOG not in package.tables:
        return package
    log = package.tables[LOG]
    later = log["version"].map(lambda one: _later(one, last)).astype(bool)
    named = log.assign(
        version=log["version"].where(~later, version), date=log["date"].where(~later, day)
    )
    # Two lines for one value, of two versions that were never released, are left as they are.
    if named.duplicated(key_columns(package, LOG)).any():
        return package
    return with_rows(package, LOG, named)


def _later(version: str, last: str) -> bool:
    return (version_numbers(version) or ()) > (version_numbers(last) or ())
