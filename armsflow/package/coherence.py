"""Rules about rows together: dates, places, quantities, routes and counts that must agree."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from armsflow.language import N_, _, _n, isolated
from armsflow.package import basemap, dates
from armsflow.package.columns import among, distinct_values, problem_in_row
from armsflow.package.package import Package
from armsflow.package.problem import Problem, quoted

OR_THE_DAY = N_(", or the field created in datapackage.json")
"""What else may be wrong with a date in the future, for whoever keeps the package."""

OUTLINE_TOLERANCE = 0.05
"""Degrees that a place may lie outside its country's outline, which is simplified to 0.01."""


def periods_run_forward(package: Package) -> Iterator[Problem]:
    """No end date lies before its start date."""
    incidents = package.tables["incidents"]
    spans = incidents.loc[incidents["date_end"] != "", ["date", "date_end"]]
    for row, (start, end) in zip(spans.index, spans.to_numpy(), strict=True):
        if dates.span(end)[1] < dates.span(start)[0]:
            what = _(
                "the event ends on {end}, before it begins on {start}.",
                end=isolated(end),
                start=isolated(start),
            )
            fix = _("exchange or correct them.")
            yield problem_in_row(package, "incidents", row, "date_end", what, fix)


def incidents_precede_their_sources(package: Package) -> Iterator[Problem]:
    """No incident is dated after the publication of every source that reports it."""
    incidents, sources = package.tables["incidents"], package.tables["sources"]
    # A source that does not say when it was published may have been at any time.
    published = {
        source: dates.span(text)[1] if text else date.max
        for source, text in sources[["source_id", "published"]].to_numpy()
    }
    begun = {text: dates.span(text)[0] for text in distinct_values(incidents["date"])}
    told = incidents[["date", "source_ids"]].to_numpy()
    for row, (text, cited) in zip(incidents.index, told, strict=True):
        latest = max(map(published.__getitem__, cited.split(";")))
        if begun[text] > latest:
            what = _(
                "{date} is after its last source was published ({published}).",
                date=isolated(text),
                published=isolated(str(latest)),
            )
            fix = _("correct the date, or the publication date in sources.csv.")
            yield problem_in_row(package, "incidents", row, "date", what, fix)


def nothing_lies_in_the_future(package: Package) -> Iterator[Problem]:
    """No incident is dated after the data package was made."""
    made = date.fromisoformat(str(package.descriptor["created"])[:10])
    for name in ("date", "date_end"):
        column = package.tables["incidents"][name]
        late = [one for one in distinct_values(column) if one and dates.span(one)[0] > made]
        for row, value in column[column.isin(late)].items():
            what = _(
                "{date} is after the data package was made ({made}).",
                date=isolated(value),
                made=isolated(str(made)),
            )
            fix = _("correct the date{or_the_day}.", or_the_day=_(OR_THE_DAY))
            yield problem_in_row(package, "incidents", row, name, what, fix)


def quantities_have_a_qualifier(package: Package) -> Iterator[Problem]:
    """Quantity and qualifier (exact, at least, about, up to) stand together."""
    items = package.tables["items"]
    alone = (items["quantity"] != "") != (items["quantity_qualifier"] != "")
    for row, record in items[alone].iterrows():
        absent = "quantity_qualifier" if record["quantity"] else "quantity"
        present = "quantity" if record["quantity"] else "quantity_qualifier"
        what = _(
            "{filled} is {value}, but {empty} is empty.",
            filled=isolated(present),
            value=quoted(record[present]),
            empty=isolated(absent),
        )
        fix = _("fill both, or leave both empty when the source gives no number.")
        yield problem_in_row(package, "items", row, absent, what, fix)


def places_lie_in_their_country(package: Package) -> Iterator[Problem]:
    """Every place on land lies inside its country's outline, every sea point outside all land."""
    land = basemap.read_land(package.directory)
    places = package.tables["places"]
    latitudes, longitudes = (places[name].astype("float64") for name in ("lat", "lon"))
    fits = _lie_in_their_country(places["country"], longitudes, latitudes, land)
    swapped = _lie_in_their_country(places["country"], latitudes, longitudes, land)
    for place, (row, record) in enumerate(places.iterrows()):
        country = record["country"]
        point = isolated(f"{record['lat']}, {record['lon']} (lat, lon)")
        if record["surface"] == "sea":
            at_sea = shapely.Point(float(record["lon"]), float(record["lat"]))
            if shapely.contains(land.geometry.to_numpy(), at_sea).any():
                what = _("{point} lies on land, but the surface is sea.", point=point)
                fix = _("correct one of them.")
                yield problem_in_row(package, "places", row, "lat + lon", what, fix)
        elif country not in set(land["iso3"]):
            what = _("the basemap has no outline for {country}.", country=quoted(country))
            fix = _("use the ISO 3166-1 alpha-3 code of a country on the map.")
            yield problem_in_row(package, "places", row, "country", what, fix)
        elif not fits[place]:
            what = _("{point} lies outside {country}.", point=point, country=isolated(country))
            fix = _("correct the coordinates or the country.")
            if swapped[place]:
                fix = _("exchange lat and lon: the other way round the place fits.")
            yield problem_in_row(package, "places", row, "lat + lon", what, fix)


def _lie_in_their_country(
    countries: pd.Series, longitudes: pd.Series, latitudes: pd.Series, land: gpd.GeoDataFrame
) -> Any:
    """Tell for each point whether it lies in its country's outline or nearly so."""
    points = shapely.points(longitudes, latitudes)
    fits = np.zeros(len(points), dtype=bool)
    for country in distinct_values(countries):
        outline = shapely.union_all(land.geometry[land["iso3"] == country].to_numpy())
        shapely.prepare(outline)
        there = (countries == country).to_numpy()
        fits[there] = shapely.dwithin(outline, points[there], OUTLINE_TOLERANCE)
    return fits


def incidents_have_items(package: Package) -> Iterator[Problem]:
    """Every incident has at least one item."""
    incidents = package.tables["incidents"]
    itemised = among(incidents["incident_id"], package.tables["items"]["incident_id"].to_numpy())
    what = _("the incident has no item.")
    fix = _("add a row for it in items.csv (weapon_type weapons_unspecified if none is known).")
    for row in incidents.index[~itemised]:
        yield problem_in_row(package, "incidents", row, "incident_id", what, fix, "no item")


def corridors_run_from_libya(package: Package) -> Iterator[Problem]:
    """Every corridor has two or more waypoints, numbered 1, 2, 3 …, the first in Libya."""
    country = package.tables["places"].set_index("place_id")["country"]
    waypoints = package.tables["waypoints"]
    for row, corridor in package.tables["corridors"]["corridor_id"].items():
        legs = waypoints[waypoints["corridor_id"] == corridor]
        sequence = [int(seq) for seq in legs["seq"]]
        if sequence != list(range(1, len(sequence) + 1)) or len(sequence) < 2:
            what = _("the corridor has no waypoints.")
            if sequence:
                numbers = isolated(", ".join(map(str, sequence)))
                what = _("its waypoints are numbered {numbers}.", numbers=numbers)
            fix = _("number them 1, 2, 3 … in waypoints.csv, in the order of travel from Libya.")
            yield problem_in_row(package, "corridors", row, "corridor_id", what, fix)
        elif country[legs["place_id"].iloc[0]] != "LBY":
            place = quoted(legs["place_id"].iloc[0])
            what = _("its first waypoint, {place}, is not in Libya.", place=place)
            fix = _("begin the corridor in Libya, in waypoints.csv.")
            yield problem_in_row(package, "corridors", row, "corridor_id", what, fix)


def incidents_are_told_once(package: Package) -> Iterator[Problem]:
    """No two incidents share date, place and weapon types unless marked as distinct."""
    incidents, items = package.tables["incidents"], package.tables["items"]
    # Only those that share date and place can be told twice; the rest need not be looked at.
    shared = incidents[incidents.duplicated(["date", "place_id"], keep=False)]
    kinds = items[among(items["incident_id"], shared["incident_id"].to_numpy())]
    types = kinds["weapon_type"].groupby(kinds["incident_id"]).agg(frozenset)
    of_incident = dict(zip(types.index.to_numpy(), types, strict=True))
    seen: dict[tuple[str, str, frozenset[str]], tuple[str, str]] = {}
    told = shared[["incident_id", "date", "place_id", "distinct_from"]].to_numpy()
    for row, (incident, day, place, distinct) in zip(shared.index, told, strict=True):
        signature = (day, place, of_incident.get(incident, frozenset()))
        twin, marked = seen.setdefault(signature, (incident, distinct))
        if twin == incident or incident in marked.split(";") or twin in distinct.split(";"):
            continue
        what = _("same date, place and weapon types as {incident}.", incident=quoted(twin))
        fix = _("merge the two rows, or name the other one in distinct_from.")
        yield problem_in_row(package, "incidents", row, "distinct_from", what, fix)


def weapon_codes_mean_one_thing(package: Package) -> Iterator[Problem]:
    """No weapon type has the code of a group, unless it is the group's only type."""
    types = package.tables["weapon_types"]
    for row, record in types.iterrows():
        members = types.loc[types["group"] == record["weapon_type"], "weapon_type"]
        if len(members) and list(members) != [record["weapon_type"]]:
            code = quoted(record["weapon_type"])
            what = _("{code} is also the code of a weapon group.", code=code)
            fix = _("rename the group, in weapon_types.csv and datapackage.json.")
            yield problem_in_row(package, "weapon_types", row, "weapon_type", what, fix)


def destinations_have_a_link_end(package: Package) -> Iterator[Problem]:
    """Every destination outside Libya has a point where its link ends."""
    for row, record in package.tables["destinations"].iterrows():
        if record["role"] != "origin" and not (record["link_lat"] and record["link_lon"]):
            what = _("the destination has no end point for its link.")
            fix = _("fill link_lat and link_lon with a point inside it.")
            yield problem_in_row(package, "destinations", row, "link_lat", what, fix)


def expectations_are_met(package: Package) -> Iterator[Problem]:
    """No table and no focus destination has fewer rows than datapackage.json expects."""
    fix = _("restore the rows that were lost.")
    for resource in package.descriptor["resources"]:
        expected = resource.get("expectations", {})
        table = package.tables.get(resource["name"])
        if table is None:
            continue
        if len(table) < expected.get("minimumRows", 0):
            what = _n(
                "{count} row, where at least {least} are expected.",
                "{count} rows, where at least {least} are expected.",
                len(table),
                least=expected["minimumRows"],
            )
            yield Problem(resource["path"], what, fix)
        for destination, minimum in expected.get("minimumEventsByDestination", {}).items():
            events = table[(table["scope"] == "event") & (table["destination"] == destination)]
            if len(events) < minimum:
                what = _n(
                    "{count} event for {destination}, at least {least} are expected.",
                    "{count} events for {destination}, at least {least} are expected.",
                    len(events),
                    destination=isolated(destination),
                    least=minimum,
                )
                yield Problem(resource["path"], what, fix)
