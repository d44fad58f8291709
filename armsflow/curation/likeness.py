"""Incidents that may be the same: found before both are counted, for a person to say."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from armsflow.curation.gazetteer import kilometres_between
from armsflow.language import _
from armsflow.package import dates
from armsflow.package.columns import list_parts
from armsflow.package.package import Package

NEAR: Final = 40.0
"""Kilometres between two named places of one event, as reports place it: the town, or the check
point outside it."""
NEAR_AREA: Final = 150.0
"""The same where one of both is an area, whose point only stands for it."""


@dataclass(frozen=True)
class Likeness:
    """Two incidents that may be one.

    Parameters
    ----------
    added, other
        Their ``incident_id``; the first was added.
    reasons
        What they have in common, in words.
    """

    added: str
    other: str
    reasons: tuple[str, ...]


class _Spot(NamedTuple):
    """Where an incident was, and whether as a place or an area."""

    place: str
    lon: float
    lat: float
    exact: bool


@dataclass(frozen=True)
class _Told:
    """What is compared of an incident."""

    identifier: str
    first: date
    last: date
    spot: _Spot
    weapons: frozenset[str]
    sources: frozenset[str]
    distinct: frozenset[str]


def likely_same(package: Package, added: Collection[str]) -> list[Likeness]:
    """Find the added incidents that may be published already, or added twice.

    Two are likely the same if their dates may be the same day, and if they also share place or
    neighbourhood and a kind of weapon, or a source and one of both. Reports of one event differ in
    the rest: one has the month only, another the next town. Those that name each other in
    ``distinct_from`` were told apart by a person and are not asked about. Claims and running
    totals are left out, since they are not counted.

    Parameters
    ----------
    package
        Published and added rows together.
    added
        Identifiers of the added incidents.
    """
    told = list(_read(package))
    first = np.array([one.first for one in told], "datetime64[D]")
    last = np.array([one.last for one in told], "datetime64[D]")
    # Near is asked of many pairs of incidents that have the same two places.
    near = cache(_near)
    found: list[Likeness] = []
    asked: set[str] = set()
    for position, one in enumerate(told):
        if one.identifier not in added:
            continue
        asked.add(one.identifier)
        for at in np.flatnonzero((first <= last[position]) & (last >= first[position])):
            other = told[at]
            if other.identifier in asked or other.identifier in one.distinct:
                continue
            if one.identifier not in other.distinct and (reasons := _alike(one, other, near)):
                found.append(Likeness(one.identifier, other.identifier, reasons))
    return found


def _read(package: Package) -> Iterator[_Told]:
    places = package.tables["places"].set_index("place_id")
    where: dict[Any, Any] = places[["lat", "lon", "precision"]].to_dict("index")
    weapons: dict[str, set[str]] = {}
    items = package.tables["items"]
    for incident, weapon in zip(items["incident_id"], items["weapon_type"], strict=True):
        weapons.setdefault(incident, set()).add(weapon)
    incidents = package.tables["incidents"]
    lists = {one["name"]: one for one in package.fields("incidents") if one["type"] == "list"}
    for row in incidents[incidents["scope"] == "event"].to_dict("records"):
        first, last = dates.event_span(row["date"], row["date_end"])
        place = where[row["place_id"]]
        yield _Told(
            identifier=row["incident_id"],
            first=first,
            last=last,
            spot=_Spot(
                row["place_id"],
                float(place["lon"]),
                float(place["lat"]),
                exact=place["precision"] == "place",
            ),
            weapons=frozenset(weapons.get(row["incident_id"], ())),
            sources=frozenset(list_parts(lists["source_ids"], row["source_ids"])),
            distinct=frozenset(list_parts(lists["distinct_from"], row["distinct_from"])),
        )


def _alike(one: _Told, other: _Told, near: Callable[[_Spot, _Spot], str]) -> tuple[str, ...]:
    """Return what two incidents of dates that overlap have in common, if it is enough."""
    weapons, sources = one.weapons & other.weapons, one.sources & other.sources
    if not weapons and not sources:
        return ()
    where = near(one.spot, other.spot)
    if not where and not (sources and weapons):
        return ()
    same_days = (one.first, one.last) == (other.first, other.last)
    reasons = [_("the same date") if same_days else _("dates that may be the same day"), where]
    reasons += [_("a kind of weapon")] if weapons else []
    reasons += [_("a source")] if sources else []
    return tuple(filter(None, reasons))


def _near(one: _Spot, other: _Spot) -> str:
    if one.place == other.place:
        return _("the same place")
    apart = kilometres_between((one.lon, one.lat), (other.lon, other.lat))
    if apart > (NEAR if one.exact and other.exact else NEAR_AREA):
        return ""
    return _("places {kilometres} km apart", kilometres=max(round(apart), 1))
