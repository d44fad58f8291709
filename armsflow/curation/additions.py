"""Rules for rows that a reader hands in, in addition to those of the package."""

from collections import defaultdict
from collections.abc import Iterator

from armsflow.curation.upload import SHEETS, Upload
from armsflow.package.package import Package
from armsflow.package.problem import Problem, shorten

NAMED = {"incidents": "incident_id", "places": "place_id", "sources": "source_id"}
"""Tables whose rows other rows cite, with the column of the identifier."""

SheetRow = tuple[str, int]
"""A row of the reader's file: table, and row number in the reader's sheet."""

Finding = tuple[SheetRow | None, Problem]
"""A problem, and the reader's row that has it; ``None`` if no row of the reader's has it."""


def citing_rows(found: Upload, package: Package) -> dict[tuple[str, str], list[SheetRow]]:
    """Return the rows that cite each incident, place and source."""
    citing: dict[tuple[str, str], list[SheetRow]] = defaultdict(list)
    for table in SHEETS:
        for column, target, delimiter in references(package, table):
            for row, value in found.column(table, column).items() if target in NAMED else ():
                for part in filter(None, value.split(delimiter) if delimiter else [value]):
                    citing[target, part].append((table, row))
    return dict(citing)


def references(package: Package, table: str) -> Iterator[tuple[str, str, str]]:
    """Yield the columns that cite, the table they cite, and the delimiter of a list."""
    schema = package.resource(table)["schema"]
    for key in schema.get("foreignKeys", []):
        column = key["fields"] if isinstance(key["fields"], str) else key["fields"][0]
        yield column, key["reference"].get("resource") or table, ""
    for described in schema["fields"]:
        if "references" in described:
            target = described["references"]["resource"]
            yield described["name"], target, described.get("delimiter", ";")


def record_of(found: Upload, sheet_row: SheetRow) -> str:
    """Return the identifier in the first column of a row."""
    table, row = sheet_row
    return str(found.tables[table].loc[row].iloc[0])


def _identifiers_are_new(found: Upload, package: Package) -> Iterator[Finding]:
    """No added row has an identifier that is published in any table."""
    used = {
        f"link-{code}": "destinations" for code in package.tables["destinations"]["destination"]
    } | {
        identifier: name
        for name, column in {**NAMED, "corridors": "corridor_id"}.items()
        for identifier in package.tables[name][column]
    }
    for table, column in NAMED.items():
        for row, identifier in found.column(table, column).items():
            if identifier in used:
                what = f"{shorten(identifier)!r} is already published, in {used[identifier]}."
                fix = "choose another identifier; published rows are never overwritten."
                if used[identifier] == table != "incidents":
                    fix = "delete this row and cite the published one, or choose another."
                yield _finding(found, (table, row), column, what, fix)


def _unique_cells_are_new(found: Upload, package: Package) -> Iterator[Finding]:
    """No added row repeats a value that only one row may have, such as the address of a source."""
    for table, key in NAMED.items():
        published = package.tables[table].set_index(key)
        identifiers = found.column(table, key)
        for described in package.fields(table):
            column = described["name"]
            if column != key and described.get("constraints", {}).get("unique"):
                used = {value: record for record, value in published[column].items() if value}
                for row, value in found.column(table, column).items():
                    if value in used and identifiers[row] not in published.index:
                        what = f"{shorten(value)!r} is already published, as {used[value]!r}."
                        fix = f"cite {used[value]!r} instead and delete this row."
                        yield _finding(found, (table, row), column, what, fix)


def _items_have_an_added_incident(found: Upload, package: Package) -> Iterator[Finding]:
    """No item is added to a published incident."""
    added = set(found.tables["incidents"]["incident_id"])
    published = set(package.tables["incidents"]["incident_id"]) - added
    for row, incident in found.column("items", "incident_id").items():
        if incident in published:
            what = f"{shorten(incident)!r} is a published incident."
            fix = "add items to incidents of your own only; published ones are never changed."
            yield _finding(found, ("items", row), "incident_id", what, fix)


def _added_rows_are_cited(found: Upload, package: Package) -> Iterator[Finding]:
    """No place or source is added that no added row cites."""
    citing = citing_rows(found, package)
    for table in ("places", "sources"):
        for row, identifier in found.column(table, NAMED[table]).items():
            if identifier and (table, identifier) not in citing:
                what = f"no row of yours cites {shorten(identifier)!r}."
                fix = "cite it in an incident, or delete the row."
                yield _finding(found, (table, row), NAMED[table], what, fix)


OWN_RULES = (
    _identifiers_are_new,
    _unique_cells_are_new,
    _items_have_an_added_incident,
    _added_rows_are_cited,
)


def _finding(found: Upload, sheet_row: SheetRow, column: str, what: str, fix: str) -> Finding:
    table, row = sheet_row
    record = record_of(found, sheet_row)
    return sheet_row, Problem(found.files[table], what, fix, row, record, column)
