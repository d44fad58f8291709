"""Rules about identifiers: each is used once, and every row that is named exists."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from armsflow.language import _, isolated
from armsflow.package.columns import (
    among,
    distinct_values,
    key_columns,
    list_parts,
    problem_in_row,
    single,
)
from armsflow.package.package import Package
from armsflow.package.problem import Problem, quoted, shorten

KEY_JOINT = " + "
"""What stands between the columns of a key that has several."""


def keys_are_unique(package: Package) -> Iterator[Problem]:
    """No key is used twice in a table."""
    for name, table in package.tables.items():
        schema = package.resource(name)["schema"]
        unique = [
            [field["name"]]
            for field in schema["fields"]
            if field.get("constraints", {}).get("unique")
        ]
        key = key_columns(package, name)
        copied: set[int] = set()
        for columns in [key, *(other for other in unique if other != key)]:
            filled = (table[columns] != "").any(axis=1)
            for row in table.index[table.duplicated(columns) & filled]:
                if row in copied:
                    continue
                copied.add(row)
                what = already_used(table, row, columns)
                fix = _("give this record a key of its own, or delete it if it is a copy.")
                yield problem_in_row(package, name, row, KEY_JOINT.join(columns), what, fix)


def already_used(table: pd.DataFrame, row: Any, columns: list[str]) -> str:
    """Say which row of a table has the key of another one before it."""
    values = list(table.loc[row, columns])
    first = table.index[(table[columns] == values).all(axis=1)][0]
    key = quoted(" / ".join(map(shorten, values)))
    return _("{key} is already used in row {row}.", key=key, row=str(first))


def references_resolve(package: Package) -> Iterator[Problem]:
    """Every identifier that a row cites exists, inside list columns too."""
    for name, table in package.tables.items():
        schema = package.resource(name)["schema"]
        for key in schema.get("foreignKeys", []):
            field = single(key["fields"])
            target = key["reference"].get("resource") or name
            cited = package.tables[target][single(key["reference"]["fields"])].to_numpy()
            column = table[field]
            for row, value in column[(column != "") & ~among(column, cited)].items():
                yield _dangling(package, name, row, field, value, target)
        for field in schema["fields"]:
            if "references" in field:
                target = field["references"]["resource"]
                known = set(package.tables[target][field["references"]["field"]].to_numpy())
                column = table[field["name"]]
                dangling = {
                    value: parts
                    for value in distinct_values(column)
                    if (
                        parts := [
                            p for p in list_parts(field, value) if p.strip() and p not in known
                        ]
                    )
                }
                for row, value in column[column.isin(dangling)].items() if dangling else ():
                    for part in dangling[value]:
                        yield _dangling(package, name, row, field["name"], part, target)


def identifiers_share_one_namespace(package: Package) -> Iterator[Problem]:
    """Incidents, corridors, places, sources and links never share an identifier (one URL key)."""
    links = {
        f"link-{code}": "destinations" for code in package.tables["destinations"]["destination"]
    }
    seen = dict(links)
    for name, column in (
        ("incidents", "incident_id"),
        ("corridors", "corridor_id"),
        ("places", "place_id"),
        ("sources", "source_id"),
    ):
        values = package.tables[name][column]
        for row, value in values[among(values, seen)].items():
            what = _(
                "{identifier} is also an identifier in {file}.",
                identifier=quoted(value),
                file=isolated(f"{seen[value]}.csv"),
            )
            yield problem_in_row(package, name, row, column, what, _("rename one of the two."))
        seen |= dict.fromkeys(values.to_numpy(), name)


def _dangling(
    package: Package, name: str, row: Any, column: str, value: str, target: str
) -> Problem:
    file = isolated(package.resource(target)["path"])
    what = _("{identifier} is not in {file}.", identifier=quoted(shorten(value)), file=file)
    fix = _("correct it, or add that record to {file}.", file=file)
    return problem_in_row(package, name, row, column, what, fix, "absent")
