"""What makes a data package trustworthy: every rule, each naming file, row, column and cure.

The rules run in four stages, and a stage runs only when the one before found nothing, so that
one mistake gives one line: the files can be read (:mod:`armsflow.package`), every value is of
its kind (as ``datapackage.json`` says), the evidence holds together, the files are in canonical
form.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from armsflow import basemap, dates
from armsflow.package import Package, Problem, read_package, shorten, write_csv

OUTLINE_TOLERANCE = 0.05
"""Degrees that a place may lie outside its country's outline, which is simplified to 0.01."""

LONGEST_NUMBER = 15
"""Digits of the largest number that a cell may hold."""

CONTROL_CHARACTERS = "[\x00-\x1f\x7f\u2028\u2029\ufeff\ufffe\uffff]"
"""A pattern that reads the same to Python and to Arrow."""

Rule = Callable[[Package], Iterator[Problem]]


def check(directory: Path) -> tuple[Package | None, list[Problem]]:
    """Read a data package and hold it against every rule.

    Parameters
    ----------
    directory
        Folder with ``datapackage.json``.

    Returns
    -------
    package, problems
        The package as text, or ``None`` if any problem was found.
    """
    package, problems = read_package(directory)
    if package is None:
        return None, problems
    for stage in (VALUE_RULES, EVIDENCE_RULES, FORM_RULES):
        problems = [problem for rule in stage for problem in rule(package)]
        if problems:
            return None, problems
    return package, []


def describe_rules() -> list[str]:
    """Return the first sentence of every rule, in the order in which they run."""
    stages = (VALUE_RULES, EVIDENCE_RULES, FORM_RULES)
    return [(rule.__doc__ or "").strip().split("\n")[0] for stage in stages for rule in stage]


# ---------------------------------------------------------------- every value is of its kind


def required_cells_are_filled(package: Package) -> Iterator[Problem]:
    """Cells that a record cannot do without are filled."""
    for name, field, column in _columns(package):
        if field.get("constraints", {}).get("required"):
            for row in column.index[column == ""]:
                yield _problem(package, name, row, field["name"], "the cell is empty.", "fill it.")


def text_is_clean(package: Package) -> Iterator[Problem]:
    """Text has no outer blanks, line breaks or control characters."""
    for name, field, column in _columns(package):
        text = pa.array(column, pa.large_string())
        unclean = pc.or_(
            pc.match_substring_regex(text, CONTROL_CHARACTERS),
            pc.not_equal(text, pc.utf8_trim_whitespace(text)),
        )
        for row, value in column[unclean.to_numpy(zero_copy_only=False)].items():
            if re.search(CONTROL_CHARACTERS, value):
                what = f"{shorten(value)!r} holds a line break, tab or control character."
                yield _problem(package, name, row, field["name"], what, "delete that character.")
            else:
                what = f"{shorten(value)!r} begins or ends with a blank."
                yield _problem(package, name, row, field["name"], what, "delete the blank.")


def values_are_of_their_type(package: Package) -> Iterator[Problem]:
    """Numbers, true/false, dates and patterned texts can be read as what they are."""
    for name, field, column in _columns(package):
        if field["type"] == "string" and not {"partialDate", "pattern"} & {
            *field,
            *field.get("constraints", {}),
        }:
            continue  # any text will do
        faults = {
            value: fault
            for value in _distinct(column)
            if value and (fault := _value_fault(field, value))
        }
        for row, value in column[column.isin(faults)].items() if faults else ():
            yield _problem(package, name, row, field["name"], *faults[value])


def codes_are_known(package: Package) -> Iterator[Problem]:
    """Every code is one that datapackage.json defines."""
    for name, field, column in _columns(package):
        known = [str(category["value"]) for category in field.get("categories", [])]
        if known:
            for row, value in column[(column != "") & ~column.isin(known)].items():
                what = f"{shorten(value)!r} is not a known code."
                cure = f"use one of: {', '.join(known)}."
                yield _problem(package, name, row, field["name"], what, cure)


def keys_are_unique(package: Package) -> Iterator[Problem]:
    """No key is used twice in a table."""
    for name, table in package.tables.items():
        schema = package.resource(name)["schema"]
        unique = [
            [field["name"]]
            for field in schema["fields"]
            if field.get("constraints", {}).get("unique")
        ]
        key = _key(package, name)
        copied: set[int] = set()
        for columns in [key, *(other for other in unique if other != key)]:
            for row in table.index[table.duplicated(columns)]:
                if row in copied:
                    continue
                copied.add(row)
                values = list(table.loc[row, columns])
                first = table.index[(table[columns] == values).all(axis=1)][0]
                what = f"{' / '.join(map(shorten, values))!r} is already used in row {first}."
                cure = "give this record a key of its own, or delete it if it is a copy."
                yield _problem(package, name, row, " + ".join(columns), what, cure)


def references_resolve(package: Package) -> Iterator[Problem]:
    """Every identifier that a row cites exists, inside list columns too."""
    for name, table in package.tables.items():
        schema = package.resource(name)["schema"]
        for key in schema.get("foreignKeys", []):
            field = _single(key["fields"])
            target = key["reference"].get("resource") or name
            cited = package.tables[target][_single(key["reference"]["fields"])].to_numpy()
            column = table[field]
            for row, value in column[(column != "") & ~_among(column, cited)].items():
                yield _dangling(package, name, row, field, value, target)
        for field in schema["fields"]:
            if "references" in field:
                target = field["references"]["resource"]
                known = set(package.tables[target][field["references"]["field"]].to_numpy())
                column = table[field["name"]]
                dangling = {
                    value: parts
                    for value in _distinct(column)
                    if (parts := [p for p in _parts(field, value) if p.strip() and p not in known])
                }
                for row, value in column[column.isin(dangling)].items() if dangling else ():
                    for part in dangling[value]:
                        yield _dangling(package, name, row, field["name"], part, target)


def links_are_web_addresses(package: Package) -> Iterator[Problem]:
    """Every source has a web address that begins with http:// or https://."""
    for row, value in package.tables["sources"]["url"].items():
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.netloc or " " in value:
            what = f"{shorten(value)!r} is not a web address."
            yield _problem(
                package, "sources", row, "url", what, "write it in full, beginning with https://."
            )


def basemap_can_be_drawn(package: Package) -> Iterator[Problem]:
    """Land, boundaries, water and names are there and can be read."""
    for name, columns in basemap.COLUMNS.items():
        path = f"basemap/{name}.json"
        cure = "restore the file, or build it again as basemap/README.md says."
        try:
            found = basemap.read_layer(package.directory, name)
        except Exception:
            yield Problem(path, "the file is missing or is no GeoJSON.", cure)
            continue
        for column in columns:
            if column not in found.columns:
                yield Problem(path, f"no feature has the property {column!r}.", cure)


VALUE_RULES: list[Rule] = [
    basemap_can_be_drawn,
    required_cells_are_filled,
    text_is_clean,
    values_are_of_their_type,
    codes_are_known,
    keys_are_unique,
    references_resolve,
    links_are_web_addresses,
]


# ---------------------------------------------------------------- the evidence holds together


def periods_run_forward(package: Package) -> Iterator[Problem]:
    """No end date lies before its start date."""
    incidents = package.tables["incidents"]
    spans = incidents.loc[incidents["date_end"] != "", ["date", "date_end"]]
    for row, (start, end) in zip(spans.index, spans.to_numpy(), strict=True):
        if dates.span(end)[1] < dates.span(start)[0]:
            what = f"the event ends on {end}, before it begins on {start}."
            yield _problem(package, "incidents", row, "date_end", what, "exchange or correct them.")


def incidents_precede_their_sources(package: Package) -> Iterator[Problem]:
    """No incident is dated after the publication of every source that reports it."""
    incidents, sources = package.tables["incidents"], package.tables["sources"]
    # A source that does not say when it was published may have been at any time.
    published = {
        source: dates.span(text)[1] if text else date.max
        for source, text in sources[["source_id", "published"]].to_numpy()
    }
    begun = {text: dates.span(text)[0] for text in _distinct(incidents["date"])}
    told = incidents[["date", "source_ids"]].to_numpy()
    for row, (text, cited) in zip(incidents.index, told, strict=True):
        latest = max(map(published.__getitem__, cited.split(";")))
        if begun[text] > latest:
            what = f"{text} is after its last source was published ({latest})."
            cure = "correct the date, or the publication date in sources.csv."
            yield _problem(package, "incidents", row, "date", what, cure)


def nothing_lies_in_the_future(package: Package) -> Iterator[Problem]:
    """No incident is dated after the data package was made."""
    made = date.fromisoformat(str(package.descriptor["created"])[:10])
    column = package.tables["incidents"]["date"]
    late = [value for value in _distinct(column) if dates.span(value)[0] > made]
    for row, value in column[column.isin(late)].items():
        what = f"{value} is after the data package was made ({made})."
        cure = "correct the date, or the field created in datapackage.json."
        yield _problem(package, "incidents", row, "date", what, cure)


def quantities_have_a_qualifier(package: Package) -> Iterator[Problem]:
    """Quantity and qualifier (exact, at least, about, up to) stand together."""
    items = package.tables["items"]
    alone = (items["quantity"] != "") != (items["quantity_qualifier"] != "")
    for row, record in items[alone].iterrows():
        absent = "quantity_qualifier" if record["quantity"] else "quantity"
        present = "quantity" if record["quantity"] else "quantity_qualifier"
        what = f"{present} is {record[present]!r}, but {absent} is empty."
        cure = "fill both, or leave both empty when the source gives no number."
        yield _problem(package, "items", row, absent, what, cure)


def places_lie_in_their_country(package: Package) -> Iterator[Problem]:
    """Every place on land lies inside its country's outline, every sea point outside all land."""
    land = basemap.read_land(package.directory)
    places = package.tables["places"]
    latitudes, longitudes = (places[name].astype("float64") for name in ("lat", "lon"))
    fits = _lie_in_their_country(places["country"], longitudes, latitudes, land)
    swapped = _lie_in_their_country(places["country"], latitudes, longitudes, land)
    for place, (row, record) in enumerate(places.iterrows()):
        where = f"{record['lat']}, {record['lon']} (lat, lon)"
        if record["surface"] == "sea":
            point = shapely.Point(float(record["lon"]), float(record["lat"]))
            if shapely.contains(land.geometry.to_numpy(), point).any():
                what = f"{where} lies on land, but the surface is sea."
                yield _problem(package, "places", row, "lat + lon", what, "correct one of them.")
        elif record["country"] not in set(land["iso3"]):
            what = f"the basemap has no outline for {record['country']!r}."
            cure = "use the ISO 3166-1 alpha-3 code of a country on the map."
            yield _problem(package, "places", row, "country", what, cure)
        elif not fits[place]:
            what = f"{where} lies outside {record['country']}."
            cure = "correct the coordinates or the country."
            if swapped[place]:
                cure = "exchange lat and lon: the other way round the place fits."
            yield _problem(package, "places", row, "lat + lon", what, cure)


def _lie_in_their_country(
    countries: pd.Series, longitudes: pd.Series, latitudes: pd.Series, land: gpd.GeoDataFrame
) -> Any:
    """Tell for each point whether it lies in its country's outline or nearly so."""
    points = shapely.points(longitudes, latitudes)
    fits = np.zeros(len(points), dtype=bool)
    for country in _distinct(countries):
        outline = shapely.union_all(land.geometry[land["iso3"] == country].to_numpy())
        shapely.prepare(outline)
        there = (countries == country).to_numpy()
        fits[there] = shapely.dwithin(outline, points[there], OUTLINE_TOLERANCE)
    return fits


def incidents_have_items(package: Package) -> Iterator[Problem]:
    """Every incident has at least one item."""
    incidents = package.tables["incidents"]
    itemised = _among(incidents["incident_id"], package.tables["items"]["incident_id"].to_numpy())
    cure = "add a row for it in items.csv (weapon_type weapons_unspecified if none is known)."
    for row in incidents.index[~itemised]:
        yield _problem(package, "incidents", row, "incident_id", "the incident has no item.", cure)


def corridors_run_from_libya(package: Package) -> Iterator[Problem]:
    """Every corridor has two or more waypoints, numbered 1, 2, 3 …, the first in Libya."""
    country = package.tables["places"].set_index("place_id")["country"]
    waypoints = package.tables["waypoints"]
    for row, corridor in package.tables["corridors"]["corridor_id"].items():
        legs = waypoints[waypoints["corridor_id"] == corridor]
        sequence = [int(seq) for seq in legs["seq"]]
        if sequence != list(range(1, len(sequence) + 1)) or len(sequence) < 2:
            numbers = ", ".join(map(str, sequence)) or "none"
            what = f"its waypoints are numbered {numbers}."
            cure = "number them 1, 2, 3 … in waypoints.csv, in the order of travel from Libya."
            yield _problem(package, "corridors", row, "corridor_id", what, cure)
        elif country[legs["place_id"].iloc[0]] != "LBY":
            what = f"its first waypoint, {legs['place_id'].iloc[0]!r}, is not in Libya."
            cure = "begin the corridor in Libya, in waypoints.csv."
            yield _problem(package, "corridors", row, "corridor_id", what, cure)


def incidents_are_told_once(package: Package) -> Iterator[Problem]:
    """No two incidents share date, place and weapon types unless marked as distinct."""
    incidents, items = package.tables["incidents"], package.tables["items"]
    # Only those that share date and place can be told twice; the rest need not be looked at.
    shared = incidents[incidents.duplicated(["date", "place_id"], keep=False)]
    kinds = items[_among(items["incident_id"], shared["incident_id"].to_numpy())]
    types = kinds["weapon_type"].groupby(kinds["incident_id"]).agg(frozenset)
    of_incident = dict(zip(types.index.to_numpy(), types, strict=True))
    seen: dict[tuple[str, str, frozenset[str]], tuple[str, str]] = {}
    told = shared[["incident_id", "date", "place_id", "distinct_from"]].to_numpy()
    for row, (incident, day, place, distinct) in zip(shared.index, told, strict=True):
        signature = (day, place, of_incident.get(incident, frozenset()))
        twin, marked = seen.setdefault(signature, (incident, distinct))
        if twin == incident or incident in marked.split(";") or twin in distinct.split(";"):
            continue
        what = f"same date, place and weapon types as {twin!r}."
        cure = "merge the two rows, or name the other one in distinct_from."
        yield _problem(package, "incidents", row, "distinct_from", what, cure)


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
        for row, value in values[_among(values, seen)].items():
            what = f"{value!r} is also an identifier in {seen[value]}.csv."
            yield _problem(package, name, row, column, what, "rename one of the two.")
        seen |= dict.fromkeys(values.to_numpy(), name)


def weapon_codes_mean_one_thing(package: Package) -> Iterator[Problem]:
    """No weapon type has the code of a group, unless it is the group's only type."""
    types = package.tables["weapon_types"]
    for row, record in types.iterrows():
        members = types.loc[types["group"] == record["weapon_type"], "weapon_type"]
        if len(members) and list(members) != [record["weapon_type"]]:
            what = f"{record['weapon_type']!r} is also the code of a weapon group."
            cure = "rename the group, in weapon_types.csv and datapackage.json."
            yield _problem(package, "weapon_types", row, "weapon_type", what, cure)


def destinations_have_a_link_end(package: Package) -> Iterator[Problem]:
    """Every destination outside Libya has a point where its link ends."""
    for row, record in package.tables["destinations"].iterrows():
        if record["role"] != "origin" and not (record["link_lat"] and record["link_lon"]):
            what = "the destination has no end point for its link."
            cure = "fill link_lat and link_lon with a point inside it."
            yield _problem(package, "destinations", row, "link_lat", what, cure)


def expectations_are_met(package: Package) -> Iterator[Problem]:
    """No table and no focus destination has fewer rows than datapackage.json expects."""
    for resource in package.descriptor["resources"]:
        expected = resource.get("expectations", {})
        table = package.tables.get(resource["name"])
        if table is None:
            continue
        if len(table) < expected.get("minimumRows", 0):
            what = f"{len(table)} rows, where at least {expected['minimumRows']} are expected."
            yield Problem(resource["path"], what, "restore the rows that were lost.")
        for destination, minimum in expected.get("minimumEventsByDestination", {}).items():
            events = table[(table["scope"] == "event") & (table["destination"] == destination)]
            if len(events) < minimum:
                what = f"{len(events)} events for {destination}, at least {minimum} are expected."
                yield Problem(resource["path"], what, "restore the rows that were lost.")


EVIDENCE_RULES: list[Rule] = [
    periods_run_forward,
    incidents_precede_their_sources,
    nothing_lies_in_the_future,
    quantities_have_a_qualifier,
    places_lie_in_their_country,
    incidents_have_items,
    corridors_run_from_libya,
    incidents_are_told_once,
    identifiers_share_one_namespace,
    weapon_codes_mean_one_thing,
    destinations_have_a_link_end,
    expectations_are_met,
]


# ---------------------------------------------------------------- the files are in canonical form


def canonical_text(package: Package, name: str) -> str:
    """Write a table as it should lie on disk: sorted by key, quoted only where needed."""
    return write_csv(package.tables[name].loc[_in_order(package, name)])


def _in_order(package: Package, name: str) -> pd.Index:
    """Return the rows of a table in the order of its key."""
    table = package.tables[name]
    key = _key(package, name)
    types = {field["name"]: field.get("type") for field in package.fields(name)}
    sortable = table[key].apply(
        lambda column: column.astype("int64") if types[column.name] == "integer" else column
    )
    order: pd.Index = sortable.sort_values(key, kind="stable").index
    return order


def files_are_canonical(package: Package) -> Iterator[Problem]:
    """Files are sorted by key and quoted the same way, so that changes can be read line by line."""
    for name, text in package.texts.items():
        if name in package.written and _in_order(package, name).is_monotonic_increasing:
            continue
        canonical = canonical_text(package, name)
        if text != canonical:
            pairs = zip(text.split("\n"), canonical.split("\n"), strict=False)
            line = next((n for n, (is_, should) in enumerate(pairs, 1) if is_ != should), None)
            where = f"line {line} differs" if line else "the end of the file differs"
            what = f"the file is not in canonical form ({where})."
            cure = (
                f"sort by {' + '.join(_key(package, name))}, quote only where needed, "
                "end every line with a line feed."
            )
            yield Problem(package.resource(name)["path"], what, cure, line)


FORM_RULES: list[Rule] = [files_are_canonical]


# ---------------------------------------------------------------- shared by the rules


def _columns(package: Package) -> Iterator[tuple[str, dict[str, Any], pd.Series]]:
    for name, table in package.tables.items():
        for field in package.fields(name):
            yield name, field, table[field["name"]]


def _distinct(column: pd.Series) -> Any:
    """Return every value of a column once, as Python strings, which Arrow's are slow to become."""
    distinct: Any = column.unique()
    return distinct.to_numpy()


def _among(column: pd.Series, known: Iterable[Any]) -> Any:
    """Tell for each value whether it is known; faster than ``isin`` where both are long."""
    wanted = set(known)
    return np.fromiter((value in wanted for value in column.to_numpy()), bool, len(column))


def _key(package: Package, name: str) -> list[str]:
    key = package.resource(name)["schema"]["primaryKey"]
    return [key] if isinstance(key, str) else list(key)


def _single(fields: str | list[str]) -> str:
    return fields if isinstance(fields, str) else fields[0]


def _parts(field: dict[str, Any], value: str) -> list[str]:
    return value.split(field.get("delimiter", ";")) if value else []


def _problem(package: Package, name: str, row: Any, column: str, what: str, cure: str) -> Problem:
    record = " / ".join(package.tables[name].loc[row, _key(package, name)])
    return Problem(str(package.resource(name)["path"]), what, cure, int(row), record, column)


def _dangling(
    package: Package, name: str, row: Any, column: str, value: str, target: str
) -> Problem:
    path = package.resource(target)["path"]
    what = f"{shorten(value)!r} is not in {path}."
    return _problem(package, name, row, column, what, f"correct it, or add that record to {path}.")


def _value_fault(field: dict[str, Any], value: str) -> tuple[str, str] | None:
    constraints = field.get("constraints", {})
    if field.get("partialDate"):
        try:
            dates.span(value)
        except ValueError as error:
            said = str(error).replace(repr(value), repr(shorten(value)))
            return (
                f"{said}.",
                "write the date as precisely as the source: YYYY, YYYY-MM or YYYY-MM-DD.",
            )
    elif field["type"] in {"integer", "number"}:
        pattern = r"-?\d+" if field["type"] == "integer" else r"-?\d+(\.\d+)?"
        if not re.fullmatch(pattern, value, re.ASCII):
            kind = "a whole number" if field["type"] == "integer" else "a decimal number"
            return f"{shorten(value)!r} is not {kind}.", "write digits only, or leave it empty."
        if len(value.lstrip("-")) > LONGEST_NUMBER:
            return f"{shorten(value)!r} is too long for a number.", "correct the number."
        low, high = constraints.get("minimum"), constraints.get("maximum")
        if (low is not None and float(value) < low) or (high is not None and float(value) > high):
            return f"{value} is outside {low} to {high}.", "correct the number."
    elif field["type"] == "boolean":
        if value not in {"true", "false"}:
            return f"{shorten(value)!r} is not true or false.", "write true or false."
    elif field["type"] == "list":
        parts = _parts(field, value)
        if any(not part or part != part.strip() for part in parts) or len(set(parts)) < len(parts):
            return (
                f"{shorten(value)!r} has an empty, padded or repeated entry.",
                "separate the entries with a single semicolon and name each once.",
            )
    elif "pattern" in constraints and not re.fullmatch(constraints["pattern"], value, re.ASCII):
        return (
            f"{shorten(value)!r} has the wrong form.",
            f"follow the pattern {constraints['pattern']}.",
        )
    return None
