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
EITHER = "in or on the way to"
NUMBERS = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
]  # fmt: skip


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
            "counts": self._counts(len(events), len(everything), len(sources)),
            "query": self.query(asked),
        }

    def headline(self, asked: Asked) -> str:
        """The end of the headline: everything after the weapons."""
        events = [row for row in self.rows(asked) if row["scope"] == "event"]
        stores = sum(row["destination"] == STORES for row in events)
        wanted = asked.destinations or set(self.destinations)
        towards = [code for code in self.destinations if code in wanted and code != STORES]
        ends = {
            code: [r["outcome"] for r in events if r["destination"] == code] for code in towards
        }
        found = {code: ends[code] for code in towards if ends[code]}
        missing = [self.spoken(code) for code in towards if not ends[code]]
        every = len(towards) == len(self.destinations) - 1
        if asked.years:
            first, last = map(str, asked.years)
        else:
            first = min((_span(row)[0] for row in events), default="")[:4]
            last = max((_span(row)[1] for row in events), default="")[:4]
        period = ", " + (first if first == last else f"{first}–{last}") if first else ""
        if not events:
            return self._nothing(missing, every, asked, STORES in wanted) + period
        said = []
        if found:
            total = _incidents(sum(map(len, found.values())))
            said.append(f"{total}{self._kind(asked)}{self._where(found, towards)}")
        if stores:
            kind = "" if said else self._kind(asked)
            said.append(
                f"1 documented store or find{kind} inside Libya"
                if stores == 1
                else f"{stores} documented stores and finds{kind} inside Libya"
            )
        lacking = []
        if missing:
            if len(missing) <= 4:
                lacking.append(f"for {_listed(missing)}")
            elif found:
                lacking.append(f"for the other {NUMBERS[len(missing)]}")
            elif every:
                lacking.append("outside Libya")
            else:
                lacking.append(f"for any of the {self._many(asked, len(missing))}")
        if STORES in wanted and not stores:
            lacking.append("inside Libya")
        none = f"; none found {', nor '.join(lacking)}" if lacking else ""
        if none and asked.years:
            none += " in that year" if first == last else " in these years"
        return ", and ".join(said) + period + none

    def spoken(self, code: str) -> str:
        """The name of a destination as it stands in a sentence."""
        label = self.destinations[code]["label"]
        return "the Central African Republic" if "Central African" in label else label

    def _where(self, found: dict[str, list[str]], towards: list[str]) -> str:
        missing = len(towards) - len(found)
        everything = _way([end for ends in found.values() for end in ends])
        split = [code for code, ends in found.items() if _way(ends) == EITHER and any(ends)]
        if len({_way(ends) for ends in found.values()}) > 1:
            everything = EITHER
        counted = {
            code: f"{len(ends)} {_way(ends)} {self.spoken(code)}" for code, ends in found.items()
        }
        for code in split:
            ends = found[code]
            kinds = {
                "there": sum(end in {"found", "used"} for end in ends),
                "stopped on the way": ends.count("on_the_way"),
                "unclear": ends.count(""),
            }
            parts = ", ".join(f"{count} {words}" for words, count in kinds.items() if count)
            counted[code] = f"{len(ends)} for {self.spoken(code)} ({parts})"
        if len(found) == 1:
            [words] = counted.values()
            return " " + words.partition(" ")[2]
        numbers = [f"{self.spoken(code)} ({len(ends)})" for code, ends in found.items()]
        if set(found) == set(towards) == set(FOCUS):
            return f" {everything} all five destinations"
        if len(found) > 5:
            chosen = "" if len(towards) == len(self.destinations) - 1 else " chosen"
            if not missing:
                return f" {everything} all {NUMBERS[len(found)]} destinations{chosen}"
            if missing <= 4:
                some, all_of_them = NUMBERS[len(found)], NUMBERS[len(towards)]
                return f" {everything} {some} of the {all_of_them} destinations{chosen}"
            return f" {everything} {_listed([self.spoken(code) for code in found])}"
        if len(found) == 2:
            different = len({_way(ends) for ends in found.values()}) == 2
            one_list = len(split) == 1 and not missing
            if one_list or (not split and (different or everything == "in")):
                return f", {_listed(list(counted.values()))}"
        return f" {everything} {_listed(numbers)}"

    def _nothing(self, missing: list[str], every: bool, asked: Asked, inside: bool) -> str:
        if not missing:
            return f"no documented store or find{self._kind(asked)} inside Libya in these sources"
        nothing = f"no documented incident{self._kind(asked)} found"
        if every and inside:
            return f"{nothing} in these sources"
        names = [*missing, "inside Libya"] if inside else missing
        if len(missing) <= 4:
            where = f"for {_listed(missing, 'or')}"
            if inside:
                where = f"for {', '.join(names[:-1])} or inside Libya"
        elif every:
            return f"{nothing} in these sources"
        else:
            where = f"for any of the {self._many(asked, len(missing))}"
            where += " or inside Libya" if inside else ""
        return f"{nothing} {where} in these sources"

    @staticmethod
    def _kind(asked: Asked) -> str:
        return " of the chosen kind" if asked.basis or asked.event else ""

    def _many(self, asked: Asked, number: int) -> str:
        chosen = "" if asked.destinations - {STORES} == set(FOCUS) else " chosen"
        return f"{NUMBERS[number]} destinations{chosen}"

    @staticmethod
    def _counts(events: int, every: int, sources: int) -> str:
        if not events:
            return ""
        of_all = "All" if events == every else f"{events} of"
        return f"{of_all} {_incidents(every)}, {_plural(sources, 'source')}"

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


def _way(ends: list[str]) -> str:
    """How what became of some incidents is said in one word."""
    if all(end in {"found", "used"} for end in ends):
        return "in"
    return "on the way to" if set(ends) == {"on_the_way"} else EITHER


def _incidents(count: int) -> str:
    return _plural(count, "documented incident")


def _listed(words: list[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


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
