"""What the page must show, worked out a second time from the tables with the csv module alone.

Nothing of the package is used here, so a mistake in it cannot hide. Only the words for codes
come from ``datapackage.json``.
"""

import calendar
import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"

FOCUS = ("mali", "algeria", "tunisia", "egypt", "sinai")
STORES = "libya"


@dataclass(frozen=True)
class Asked:
    """What a reader asked for: groups, single types, destinations, years, bases, events."""

    weapon: frozenset[str] = frozenset()
    weapon_type: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset(FOCUS)
    years: tuple[int, int] | None = None
    basis: frozenset[str] = frozenset()
    event: frozenset[str] = frozenset()


class Recount:
    def __init__(self, directory: Path = DATA) -> None:
        self.incidents = _rows(directory / "incidents.csv")
        self.items = _rows(directory / "items.csv")
        self.corridors = {row["corridor_id"]: row for row in _rows(directory / "corridors.csv")}
        self.places = {row["place_id"]: row for row in _rows(directory / "places.csv")}
        self.destinations = {
            row["destination"]: row
            for row in sorted(
                _rows(directory / "destinations.csv"), key=lambda row: int(row["order"])
            )
        }
        self.origins: dict[str, list[set[str]]] = {}
        for row in _rows(directory / "origins.csv"):
            documents = set(row["source_ids"].split(";"))
            self.origins.setdefault(row["incident_id"], []).append(documents)
        weapon_types = _rows(directory / "weapon_types.csv")
        self.types = {row["weapon_type"]: row for row in weapon_types}
        ordered = sorted(weapon_types, key=lambda row: int(row["order"]))
        self.group_of = {row["weapon_type"]: row["group"] for row in ordered}
        described = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
        self.version = described["version"]
        self.groups = _labels(described, "weapon_types", "group")
        self.bases = _labels(described, "incidents", "link_basis")
        self.events = _labels(described, "incidents", "event_type")
        spans = [_span(row) for row in self.incidents]
        self.first_year = int(min(first for first, _ in spans)[:4])
        self.last_year = int(max(last for _, last in spans)[:4])
        self.types_of: dict[str, set[str]] = {}
        for item in self.items:
            self.types_of.setdefault(item["incident_id"], set()).add(item["weapon_type"])

    # ------------------------------------------------------------ rows

    def rows(self, asked: Asked) -> list[dict[str, str]]:
        """Every shown incident, claims and running totals included."""
        wanted = self._wanted(asked)
        return [
            row
            for row in self.incidents
            if self.types_of[row["incident_id"]] & wanted
            and (not asked.destinations or row["destination"] in asked.destinations)
            and (not asked.basis or row["link_basis"] in asked.basis)
            and (not asked.event or row["event_type"] in asked.event)
            and (asked.years is None or _overlaps(row, *asked.years))
        ]

    def witnesses(self, row: dict[str, str]) -> int:
        """The origins of an incident's documents; a document of no known origin is one."""
        groups = self.origins.get(row["incident_id"], [])
        return len(groups) + len(set(row["source_ids"].split(";")).difference(*groups))

    def rows_in_focus(self, focus: str, asked: Asked) -> list[dict[str, str]]:
        """The shown incidents on a line or at a place."""
        return [row for row in self.rows(asked) if focus in (line_of(row), row["place_id"])]

    def _wanted(self, asked: Asked) -> set[str]:
        if not asked.weapon and not asked.weapon_type:
            return set(self.types)
        wanted = set(asked.weapon_type)
        for group in asked.weapon:
            members = {code for code, its in self.group_of.items() if its == group}
            wanted |= members & asked.weapon_type or members
        return wanted

    # ------------------------------------------------------------ what the page shows

    def view(self, asked: Asked) -> dict[str, Any]:
        """The page as ``Visit.view`` reads it: what is drawn, pills, counts and address."""
        rows = self.rows(asked)
        lines = {line_of(row) for row in rows}
        corridors = lines & set(self.corridors)
        unfiltered = not (
            asked.weapon or asked.weapon_type or asked.years or asked.basis or asked.event
        )
        if unfiltered:
            corridors |= {
                code
                for code, row in self.corridors.items()
                if not asked.destinations or row["destination"] in asked.destinations
            }
        events = [row for row in rows if row["scope"] == "event"]
        everything = [row for row in self.incidents if row["scope"] == "event"]
        sources = {source for row in events for source in row["source_ids"].split(";") if source}
        return {
            "corridors": sorted(f"corridor-{code}" for code in corridors),
            "links": sorted(line for line in lines if line.startswith("link-")),
            "places": sorted({f"place-{row['place_id']}" for row in rows}),
            "pills": self._pills(asked),
            "pressed": self._pressed(asked),
            "counts": f"{len(events)} of {_plural(len(everything), 'documented incident')}, "
            f"{_plural(len(sources), 'source')}",
            "query": self.query(asked),
        }

    def headline(self, asked: Asked) -> str:
        """The end of the headline: everything after the weapons."""
        events = [row for row in self.rows(asked) if row["scope"] == "event"]
        inside = sum(row["destination"] == STORES for row in events)
        outside = len(events) - inside
        towards = [code for code in self.destinations if code in asked.destinations - {STORES}]
        one = "1 documented store or find"
        stores = f"{one if inside == 1 else f'{inside} documented stores and finds'} inside Libya"
        if asked.destinations and not towards:
            missing = "no documented store or find inside Libya in these sources"
            found = stores if inside else missing
        else:
            if not asked.destinations:
                where = "all destinations"
            elif set(towards) == set(FOCUS):
                where = "all five destinations"
            else:
                labels = [self.destinations[code]["label"] for code in towards]
                where = " and ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))
            if outside:
                found = f"{_plural(outside, 'documented incident')} in or on the way to {where}"
            else:
                found = f"no documented incident in these sources for {where}"
            if inside:
                found += f", and {stores}"
        if asked.years:
            first, last = map(str, asked.years)
        elif events:
            first = min(_span(row)[0] for row in events)[:4]
            last = max(_span(row)[1] for row in events)[:4]
        else:
            return found
        return f"{found}, {first}" if first == last else f"{found}, {first}–{last}"

    def query(self, asked: Asked) -> list[list[str]]:
        """The address's parameters: what differs from the default."""
        pairs = [["weapon", code] for code in asked.weapon | asked.weapon_type]
        if asked.destinations != frozenset(FOCUS):
            pairs += [["destinations", code] for code in asked.destinations or {"all"}]
        if asked.years:
            pairs.append(["years", f"{asked.years[0]}-{asked.years[1]}"])
        pairs += [["basis", code] for code in asked.basis]
        pairs += [["event", code] for code in asked.event]
        return sorted(pairs)

    def _pills(self, asked: Asked) -> list[str]:
        """Each group with the events that have an item of it, under all the other filters."""
        loose = Asked(
            destinations=asked.destinations,
            years=asked.years,
            basis=asked.basis,
            event=asked.event,
        )
        counts = Counter(
            group
            for row in self.rows(loose)
            if row["scope"] == "event"
            for group in {self.group_of[kind] for kind in self.types_of[row["incident_id"]]}
        )
        return [f"{label} {counts[group]}" for group, label in self.groups.items()]

    def _pressed(self, asked: Asked) -> list[str]:
        weapons = [label for code, label in self.groups.items() if code in asked.weapon]
        places = [
            row["label"].split(" (")[0]
            for code, row in self.destinations.items()
            if code in asked.destinations
        ]
        return weapons + places


def line_of(row: dict[str, str]) -> str:
    """The one line that carries an incident; none for what stayed inside Libya."""
    if row["corridor_id"]:
        return row["corridor_id"]
    return "" if row["destination"] == STORES else f"link-{row['destination']}"


def _span(row: dict[str, str]) -> tuple[str, str]:
    """First and last day of an incident as ISO dates, which sort like dates."""
    first, last = row["date"], row["date_end"] or row["date"]
    first += "-01" * (first.count("-") < 1)
    first += "-01" * (first.count("-") < 2)
    if last.count("-") == 0:
        last += "-12"
    if last.count("-") == 1:
        year, month = map(int, last.split("-"))
        last += f"-{calendar.monthrange(year, month)[1]}"
    return first, last


def _overlaps(row: dict[str, str], first_year: int, last_year: int) -> bool:
    first, last = _span(row)
    return first <= f"{last_year}-12-31" and last >= f"{first_year}-01-01"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _labels(described: dict[str, Any], table: str, column: str) -> dict[str, str]:
    [resource] = [part for part in described["resources"] if part["name"] == table]
    schema = resource["schema"]
    [field] = [part for part in schema["fields"] if part["name"] == column]
    return {category["value"]: category["label"] for category in field["categories"]}
