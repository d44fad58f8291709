"""Rules for rows that a reader hands in, in addition to those of the package."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from armsflow.curation.upload import MEMBERS, Upload
from armsflow.language import N_, _, enumerated, isolated, number
from armsflow.package.package import Package
from armsflow.package.problem import Kind, Problem, quoted, shorten

NAMED = {"incidents": "incident_id", "places": "place_id", "sources": "source_id"}
"""Tables whose rows readers add and cite, with the column of the identifier."""

KEYED = NAMED | {
    "corridors": "corridor_id", "destinations": "destination", "weapon_types": "weapon_type",
}  # fmt: skip
"""The same for whoever keeps the package."""

FIRST_YEAR = "2011"
"""The year in which the period begins that the data are about."""

DAY = "2013-05-14"
"""How a date is written, as an example."""

FAR = 50.0
"""Kilometres between a point and the town whose name it has; a town may be drawn at its edge."""

MOST_LOOKED_UP = 50
"""Places without a point for which names that are alike are looked for."""

PUBLISHED_PARENT = {
    "incidents": (
        N_("{identifier} is a published incident."),
        N_("add items to incidents of your own only; published ones are never changed."),
    ),
    "corridors": (
        N_("{identifier} is a published route."),
        N_("add waypoints to corridors of your own only; published ones are never changed."),
    ),
}
"""What is said of a row that would belong to a published one."""

POINT = re.compile(r"-?\d{1,3}(\.\d{1,12})?", re.ASCII)

SheetRow = tuple[str, int]
"""A row of the reader's file: table, and row number in the reader's sheet."""

Finding = tuple[SheetRow | None, Problem]
"""A problem, and the reader's row that has it; ``None`` if no row of the reader's has it."""


def citing_rows(found: Upload, package: Package) -> dict[tuple[str, str], list[SheetRow]]:
    """Return the rows that cite each incident, place and source."""
    citing: dict[tuple[str, str], list[SheetRow]] = defaultdict(list)
    for table in found.tables:
        for column, target, delimiter in references(package, table):
            for row, value in found.column(table, column).items() if target in found.tables else ():
                for identifier in cited_in(value, delimiter):
                    citing[target, identifier].append((table, row))
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


def cited_only(found: Upload) -> tuple[str, ...]:
    """Return the tables whose rows are there for others only.

    A reader's route comes with an incident that took it, which is marked as unpublished. Whoever
    keeps the package may add a route alone.
    """
    return ("places", "sources", *(() if "destinations" in found.tables else ("corridors",)))


def users(table: str, rows: Sequence[SheetRow]) -> list[SheetRow]:
    """Return the rows that cite a row, without those that belong to it."""
    return [sheet_row for sheet_row in rows if MEMBERS.get(sheet_row[0]) != table]


def idle_rows(found: Upload, package: Package) -> list[SheetRow]:
    """Return the rows that are there for others only, and that none cites."""
    citing = citing_rows(found, package)
    return [
        (table, row)
        for table in cited_only(found)
        for row, identifier in found.column(table, KEYED[table]).items()
        if (table, identifier) not in found.replaces
        and not users(table, citing.get((table, identifier), []))
    ]


def cited_in(value: str, delimiter: str) -> list[str]:
    """Return the identifiers in a cell of a column that cites (:func:`references`)."""
    return [one for one in (value.split(delimiter) if delimiter else [value]) if one]


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
        for name, column in KEYED.items()
        for identifier in package.tables[name][column]
    }
    withdrawn = set(withdrawn_records(package))
    for table in [one for one in KEYED if one in found.tables]:
        column = KEYED[table]
        for row, identifier in found.column(table, column).items():
            if identifier in used:
                what = _(
                    "{identifier} is already published, in {table}.",
                    identifier=quoted(shorten(identifier)),
                    table=isolated(used[identifier]),
                )
                fix = _("choose another identifier; published rows are never overwritten.")
                if used[identifier] == table != "incidents":
                    fix = _("delete this row and cite the published one, or choose another.")
                yield _finding(found, (table, row), column, what, fix)
            elif (table, identifier) in withdrawn:
                said = quoted(shorten(identifier))
                what = _("{identifier} was published and withdrawn.", identifier=said)
                fix = _("choose another identifier; none is ever used again.")
                yield _finding(found, (table, row), column, what, fix)


def withdrawn_records(package: Package) -> Iterator[tuple[str, str]]:
    """Yield table and identifier of the rows that corrections.csv says were withdrawn."""
    if "corrections" not in package.tables:
        return
    log = package.tables["corrections"]
    for table, record in log.loc[log["field"] == "", ["table", "record"]].to_numpy():
        if table in NAMED and record not in set(package.tables[table][NAMED[table]]):
            yield table, record


def _unique_cells_are_new(found: Upload, package: Package) -> Iterator[Finding]:
    """No added row repeats a value that only one row may have, such as the address of a source."""
    for table in [one for one in KEYED if one in found.tables]:
        key = KEYED[table]
        published = package.tables[table].set_index(key)
        identifiers = found.column(table, key)
        for described in package.fields(table):
            column = described["name"]
            if column != key and described.get("constraints", {}).get("unique"):
                used = {value: record for record, value in published[column].items() if value}
                for row, value in found.column(table, column).items():
                    if value in used and identifiers[row] not in published.index:
                        record = quoted(used[value])
                        what = _(
                            "{value} is already published, as {identifier}.",
                            value=quoted(shorten(value)),
                            identifier=record,
                        )
                        fix = _("cite {identifier} instead and delete this row.", identifier=record)
                        yield _finding(found, (table, row), column, what, fix)


def _members_have_an_added_parent(found: Upload, package: Package) -> Iterator[Finding]:
    """No item is added to a published incident, and no point to a published route."""
    for table in [one for one in MEMBERS if one in found.tables]:
        parent = MEMBERS[table]
        column = KEYED[parent]
        published = set(package.tables[parent][column]) - set(found.tables[parent][column])
        for row, identifier in found.column(table, column).items():
            if identifier in published:
                what, fix = PUBLISHED_PARENT[parent]
                said = _(what, identifier=quoted(shorten(identifier)))
                yield _finding(found, (table, row), column, said, _(fix))


def added_rows_are_cited(found: Upload, package: Package) -> Iterator[Finding]:
    """No place, source or route is added that no added row cites."""
    for table, row in idle_rows(found, package):
        if identifier := record_of(found, (table, row)):
            said = quoted(shorten(identifier))
            what = _("no row of yours cites {identifier}.", identifier=said)
            fix = _("cite it in an incident, or delete the row.")
            yield _finding(found, (table, row), KEYED[table], what, fix, "not cited")


def _dates_are_in_the_period(found: Upload, package: Package) -> Iterator[Finding]:
    """No added incident is from before the period of the data, and no source from the future."""
    for column in ("date", "date_end"):
        for row, day in found.column("incidents", column).items():
            if day[:4].isdecimal() and day < FIRST_YEAR:
                what = _(
                    "{date} is before {year}, when these data begin.",
                    date=isolated(shorten(day)),
                    year=FIRST_YEAR,
                )
                fix = _(
                    "write the date that the source states, for example {date}.", date=isolated(DAY)
                )
                yield _finding(found, ("incidents", row), column, what, fix)
    today = str(package.descriptor["created"])[:10]
    for row, day in found.column("sources", "published").items():
        if day[:4].isdecimal() and day > today:
            what = _("{date} is in the future.", date=isolated(shorten(day)))
            fix = _("write the date that the source bears, for example {date}.", date=isolated(DAY))
            yield _finding(found, ("sources", row), "published", what, fix)


def _places_are_where_their_name_is(found: Upload, _package: Package) -> Iterator[Finding]:
    """No added place has the name of a town that is far away, and none is without a point."""
    new = [
        (row, place)
        for row, place in zip(
            found.tables["places"].index, found.tables["places"].to_dict("records"), strict=True
        )
        if place["name"] and ("places", place["place_id"]) not in found.replaces
    ]
    if not new:
        return
    # It reads a file of its own, which nobody needs who adds no place.
    from armsflow.curation.gazetteer import MOST_OFFERED, Town, towns_alike, towns_named

    def offered(towns: Sequence[Town]) -> str:
        return enumerated([isolated(str(town)) for town in towns[:MOST_OFFERED]], "or")

    offers = MOST_LOOKED_UP
    for row, place in new:
        name, country, typed = place["name"], place["country"], (place["lat"], place["lon"])
        if "" in typed and offers:
            offers -= 1
            towns = towns_named(name, country) or towns_alike(name, country)
            if towns:
                what = _("the point is missing.")
                fix = _("fill both; GeoNames has {towns}.", towns=offered(towns))
                yield _finding(found, ("places", row), "lat + lon", what, fix)
        elif place["precision"] == "place" and place["surface"] == "land" and not place["note"]:
            towns = towns_named(name, country) if all(map(POINT.fullmatch, typed)) else ()
            lat, lon = map(float, typed) if towns else (0.0, 0.0)
            nearest = min((town.kilometres_from(lat, lon) for town in towns), default=0.0)
            if nearest > FAR and abs(lat) <= 90 and abs(lon) <= 180:
                what = _(
                    "the point is {distance} km from any {name} of {country}.",
                    distance=number(round(nearest)),
                    name=isolated(shorten(name)),
                    country=isolated(country),
                )
                fix = _(
                    "GeoNames has {towns}: write that, or say in the column note what the point "
                    "stands for.",
                    towns=offered(towns),
                )
                if any(town.kilometres_from(lon, lat) <= FAR for town in towns):
                    fix = _("exchange lat and lon: the other way round the place fits.")
                yield _finding(found, ("places", row), "lat + lon", what, fix)


OWN_RULES = (
    _places_are_where_their_name_is,
    _dates_are_in_the_period,
    _identifiers_are_new,
    _unique_cells_are_new,
    _members_have_an_added_parent,
)


def _finding(
    found: Upload, sheet_row: SheetRow, column: str, what: str, fix: str, kind: Kind = ""
) -> Finding:
    table, row = sheet_row
    record = record_of(found, sheet_row)
    return sheet_row, Problem(found.files[table], what, fix, row, record, column, kind)
