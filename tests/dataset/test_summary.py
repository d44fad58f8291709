"""Counts, held against a second count that uses nothing but the csv module."""

import csv
from collections import Counter

import pytest

from armsflow.dataset import summary
from armsflow.dataset.loader import SHIPPED, load
from armsflow.picture import picture
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests import tiny
from tests.choices import random_selections


class Recount:
    """The shipped tables as lists of dictionaries, selected and counted anew."""

    def __init__(self):
        self.incidents = self.read("incidents")
        self.items = self.read("items")
        self.group = {row["weapon_type"]: row["group"] for row in self.read("weapon_types")}
        self.corridors = self.read("corridors")
        self.origins = {}
        for row in self.read("origins"):
            documents = set(row["source_ids"].split(";"))
            self.origins.setdefault(row["incident_id"], []).append(documents)

    def witnesses(self, row):
        """Return the origins of an incident's documents; one of no known origin is one."""
        groups = self.origins.get(row["incident_id"], [])
        return len(groups) + len(set(row["source_ids"].split(";")).difference(*groups))

    @staticmethod
    def read(name):
        with (SHIPPED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def wants_type(self, chosen, weapon_type):
        if not chosen.weapon:
            return True
        group = self.group[weapon_type]
        types = {code for code in chosen.weapon if self.group.get(code) == group} - {group}
        if types:
            return weapon_type in types
        return group in chosen.weapon or weapon_type in chosen.weapon

    def select(self, chosen):
        """Return the incidents that are shown, and their items that were asked for."""
        items = [row for row in self.items if self.wants_type(chosen, row["weapon_type"])]
        with_items = {row["incident_id"] for row in items}
        incidents = [
            row
            for row in self.incidents
            if row["incident_id"] in with_items
            and (not chosen.destinations or row["destination"] in chosen.destinations)
            and (not chosen.basis or row["link_basis"] in chosen.basis)
            and (not chosen.event or row["event_type"] in chosen.event)
            and (
                not chosen.years
                or (
                    int(row["date"][:4]) <= chosen.years[1]
                    and int((row["date_end"] or row["date"])[:4]) >= chosen.years[0]
                )
            )
        ]
        return incidents, items


def line_of(row):
    if row["corridor_id"]:
        return row["corridor_id"]
    return "" if row["destination"] == "libya" else f"link-{row['destination']}"


@pytest.fixture(scope="module")
def recount():
    return Recount()


@pytest.fixture(scope="module")
def rounds(shipped, layouts, recount):
    """Every selection with the program's answer and the recount's."""
    groups = [Selection(weapon=(code,)) for code in selection.weapon_groups(shipped)]
    towards = [Selection(destinations=(code,)) for code in selection.destination_codes(shipped)]
    answers = []
    for chosen in [Selection(), *groups, *towards, *random_selections(shipped, 200)]:
        shown = selection.apply(shipped, chosen)
        drawn = picture.draw(chosen, shown, shipped, layouts)
        answers.append((chosen, shown, drawn, *recount.select(chosen)))
    return answers


def test_the_same_incidents_are_shown(rounds):
    for chosen, shown, _, incidents, _ in rounds:
        assert set(shown.incidents.index) == {row["incident_id"] for row in incidents}, chosen


def test_events_by_group_count_matching_items_only(rounds, recount):
    for chosen, shown, _, incidents, items in rounds:
        events = {row["incident_id"] for row in incidents if row["scope"] == "event"}
        pairs = {
            (row["incident_id"], recount.group[row["weapon_type"]])
            for row in items
            if row["incident_id"] in events
        }
        counted = Counter(group for _, group in pairs)
        assert summary.events_by_group(shown).to_dict() == dict(counted), chosen


def test_events_by_destination_and_basis_count_events_only(rounds):
    for chosen, shown, _, incidents, _ in rounds:
        events = [row for row in incidents if row["scope"] == "event"]
        assert summary.events_by_destination(shown).to_dict() == dict(
            Counter(row["destination"] for row in events)
        ), chosen
        assert summary.events_by(shown, "link_basis").to_dict() == dict(
            Counter(row["link_basis"] for row in events)
        ), chosen


def test_lines_and_places_carry_what_lies_on_them(rounds):
    for chosen, _, drawn, incidents, _ in rounds:
        for marks, key in (
            ({line.line: line for line in drawn.lines}, line_of),
            ({place.place: place for place in drawn.places}, lambda row: row["place_id"]),
        ):
            events = Counter(key(row) for row in incidents if row["scope"] == "event")
            others = Counter(key(row) for row in incidents if row["scope"] != "event")
            assert (events | others).keys() - {""} <= marks.keys(), chosen
            for name, mark in marks.items():
                assert (mark.events, mark.others) == (events[name], others[name]), (chosen, name)


def test_only_places_with_a_shown_incident_are_drawn(rounds):
    for chosen, _, drawn, incidents, _ in rounds:
        assert {place.place for place in drawn.places} == {row["place_id"] for row in incidents}, (
            chosen
        )


def test_lines_without_an_incident_are_corridors_that_a_source_describes(rounds, recount):
    for chosen, _, drawn, _, _ in rounds:
        bare = {line.line for line in drawn.lines if not line.events + line.others}
        described = {
            row["corridor_id"]
            for row in recount.corridors
            if not chosen.destinations or row["destination"] in chosen.destinations
        }
        filtered = chosen.weapon or chosen.years or chosen.basis or chosen.event
        assert bare <= (set() if filtered else described), chosen


def test_every_shown_event_is_on_exactly_one_line_or_stayed_inside_libya(rounds):
    for chosen, shown, drawn, incidents, _ in rounds:
        events = [row for row in incidents if row["scope"] == "event"]
        inside = sum(line_of(row) == "" for row in events)
        assert sum(line.events for line in drawn.lines) + inside == len(events), chosen
        assert sum(place.events for place in drawn.places) == len(events), chosen
        assert len(shown.events) == len(events), chosen
        assert len({line.line for line in drawn.lines}) == len(drawn.lines), chosen


def test_the_sentence_gives_the_recounted_numbers(rounds, recount):
    every = sum(row["scope"] == "event" for row in recount.incidents)
    for chosen, shown, drawn, incidents, _ in rounds:
        events = [row for row in incidents if row["scope"] == "event"]
        sources = {source for row in events for source in row["source_ids"].split(";")}
        part = "All" if len(events) == every else f"{len(events)} of"
        start = f"{part} {every} documented incidents, {len(sources)} source"
        expected = {start, start + "s"} if events else {""}
        assert drawn.sentence.counts in expected, chosen
        assert summary.count_sources(shown) == len(sources), chosen
        assert shown.totals.single == sum(recount.witnesses(row) == 1 for row in events), chosen


def test_stated_quantities_are_counted_and_never_added(rounds):
    for chosen, shown, _, incidents, items in rounds:
        events = {row["incident_id"] for row in incidents if row["scope"] == "event"}
        own = [row for row in items if row["incident_id"] in events and row["counting"] == "own"]
        stated = sum(bool(row["quantity"]) for row in own)
        assert summary.items_with_quantity(shown) == (stated, len(own)), chosen


# ---------------------------------------------------------------- on a few rows


def test_claims_and_running_totals_are_counted_beside_events(small):
    counts = summary.count_by(small, "line")[["events", "others", "strong"]]
    assert counts.to_dict("index") == {
        "algeria-ghat-in-amenas": {"events": 1, "others": 0, "strong": 1},
        "link-algeria": {"events": 1, "others": 1, "strong": 0},
        "link-mali": {"events": 1, "others": 0, "strong": 0},
    }
    assert small.totals == (4, 1, 1, 3, 0, 0)


@pytest.mark.parametrize(
    ("basis", "strong"),
    [
        ("traced", 1),
        ("markings", 1),
        ("official_statement", 1),
        ("expert_assessment", 0),
        ("media_report", 0),
    ],
)
def test_evidence_is_strong_when_arms_are_traced_marked_or_officially_tied(basis, strong, package):
    tiny.change(package / "incidents.csv", "mali,,media_report", f"mali,,{basis}")
    counts = summary.count_by(load(package), "line")
    assert counts.loc["link-mali", "strong"] == strong


def test_rows_are_counted_like_the_tallies(rounds):
    for chosen, shown, _, incidents, _ in rounds[:60]:
        counted = summary.count_rows(shown.rows(), shown)
        assert (counted.events, counted.others) == shown.totals[:2], chosen
        cited = {source for row in incidents for source in row["source_ids"].split(";")}
        assert counted.cited == len(cited), chosen


def test_nothing_shown_is_counted_as_nothing(small):
    nothing = selection.apply(small, Selection(destinations=("niger",)))
    assert summary.count_sources(nothing) == 0
    assert summary.events_by_group(nothing).empty
    assert summary.items_with_quantity(nothing) == (0, 0)
    assert summary.count_by(nothing, "spot").empty
    assert summary.years(nothing) is None
    assert summary.is_empty(nothing.rows())
