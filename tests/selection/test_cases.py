"""The numbered incidents: which they are, and that only what the tables state is said of them."""

import csv

import pandas as pd
import pytest

from armsflow.dataset.loader import SHIPPED
from armsflow.selection import cases, selection
from armsflow.selection.selection import Selection
from tests.choices import random_selections

RANK = ["traced", "markings", "official_statement", "expert_assessment", "media_report"]


@pytest.fixture(scope="module")
def tables():
    def read(name):
        with (SHIPPED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return {name: read(name) for name in ("incidents", "items", "origins")}


@pytest.fixture(scope="module")
def rounds(shipped):
    chosen = [Selection(), selection.default_selection(shipped)]
    chosen += random_selections(shipped, 40, seed=41)
    rounds = []
    for one in chosen:
        shown = selection.apply(shipped, one)
        picked = cases.chosen_cases(shown)
        rounds.append((one, shown, cases.read_cases(shown, picked, shipped)))
    return rounds


def independent(row, tables):
    """Count the independent documents of an incident from the tables alone."""
    named = [origin for origin in tables["origins"]
             if origin["incident_id"] == row["incident_id"]]  # fmt: skip
    placed = {source for origin in named for source in origin["source_ids"].split(";")}
    loose = set(row["source_ids"].split(";")) - placed
    return len(named) + len(loose)


def test_up_to_twelve_are_numbered_from_1_by_date(rounds):
    assert any(len(numbered) == cases.MOST for _, _, numbered in rounds)
    assert any(0 < len(numbered) < cases.MOST for _, _, numbered in rounds)
    for _, shown, numbered in rounds:
        assert len(numbered) == min(cases.MOST, shown.totals.events)
        assert [case.number for case in numbered] == list(range(1, len(numbered) + 1))
        days = shown.incidents.loc[[case.incident for case in numbered], "first_day"]
        assert days.is_monotonic_increasing


def test_none_that_is_left_out_is_evidenced_better(rounds, tables):
    incidents = {row["incident_id"]: row for row in tables["incidents"]}

    def weight(identifier):
        row = incidents[identifier]
        return RANK.index(row["link_basis"]), -independent(row, tables)

    for chosen, shown, numbered in rounds:
        events = shown.incidents[shown.incidents["scope"] == "event"].index
        picked = {case.incident for case in numbered}
        left = [weight(identifier) for identifier in events if identifier not in picked]
        if left and picked:
            assert max(map(weight, picked)) <= min(left), chosen


def test_among_equals_places_and_years_are_spread():
    rows = pd.DataFrame(
        {
            "row": range(20), "firmness": 2, "witnesses": 1,
            "place_id": ["a"] * 14 + ["b", "c", "d", "e", "f", "g"],
            "first_year": [2012] * 14 + [2013, 2014, 2015, 2016, 2017, 2018],
        }
    )  # fmt: skip
    picked = cases._spread(list(rows.itertuples(index=False)))
    assert {row.place_id for row in picked} == set("abcdefg")
    assert len(picked) == cases.MOST


def test_what_was_found_is_what_the_items_state(rounds, tables):
    for _, shown, numbered in rounds:
        kinds = shown.weapon_types["label"]
        wanted = shown.tallies.wanted
        for case in numbered:
            items = [item for item in tables["items"] if item["incident_id"] == case.incident]
            asked = [item for item in items if item["weapon_type"] in wanted] or items
            for item in asked:
                if item["counting"] != "own":
                    continue
                kind = str(kinds[item["weapon_type"]]).partition(" (")[0]
                assert kind.lower() in case.found.lower()
                assert item["designation"].lower() in case.found.lower()
                if item["quantity"]:
                    assert f"{int(item['quantity']):,}" in case.found
                    assert f"{int(item['quantity']):,}" in case.short
            notes = {item["note"] for item in asked if item["note"]}
            assert set(case.cautions) == notes


def test_who_says_so_are_the_origins_of_the_documents(rounds, tables):
    for _, _, numbered in rounds:
        for case in numbered:
            labels = [origin["label"] for origin in tables["origins"]
                      if origin["incident_id"] == case.incident]  # fmt: skip
            assert [name for name in case.says if name in labels] == labels
            row = next(r for r in tables["incidents"] if r["incident_id"] == case.incident)
            assert len(case.says) == independent(row, tables)
            assert len(case.sources) == len(row["source_ids"].split(";"))
            assert case.stopped == (row["outcome"] == "on_the_way")


def test_a_caution_is_written_once_for_all_that_it_is_about(shipped):
    shown = selection.apply(shipped, Selection(weapon=("manpads",)))
    numbered = cases.read_cases(shown, cases.chosen_cases(shown), shipped)
    notes = {note for case in numbered for note in case.cautions}
    assert notes
    written = cases.cautions_of(numbered)
    assert len(written) == len(notes)
    for note in notes:
        (line,) = (line for line in written if line.endswith(note))
        for case in numbered:
            assert (note in case.cautions) == (str(case.number) in line.partition(":")[0])


def test_an_item_is_said_by_kind_then_designation_then_quantity():
    item = {"designation": "second cache", "quantity": 21, "quantity_qualifier": "exact",
            "unit": "pieces"}  # fmt: skip
    assert cases.item_words(item, "Hand grenades") == "Hand grenades, second cache: 21 pieces"
    assert cases.item_words(item | {"quantity": 1}, "Hand grenades").endswith(": 1 piece")


def test_an_item_whose_designation_is_its_kind_is_said_once():
    item = {"designation": "rockets", "quantity": pd.NA}
    assert cases.item_words(item, "Rockets (Grad and similar)") == "Rockets (number not stated)"


def test_arms_from_abroad_are_marked_wherever_a_number_stands(small):
    transit = pd.DataFrame({"incident_id": ["2013-tassili-convoy"]})
    (case,) = cases.read_cases(small, transit, small)
    assert case.status == "said to have only passed through Libya"
    others = pd.DataFrame({"incident_id": ["2013-05-gao-missiles"]})
    (case,) = cases.read_cases(small, others, small)
    assert "passed through" not in case.status


def test_nothing_is_said_where_nothing_was_found(shipped):
    first, _ = selection.year_range(shipped)
    nothing = Selection(weapon=("manpads",), destinations=("other",), years=(first, first))
    shown = selection.apply(shipped, nothing)
    picked = cases.chosen_cases(shown)
    assert picked.empty
    assert cases.read_cases(shown, picked, shipped) == ()


@pytest.mark.parametrize(
    ("numbered", "events", "words"),
    [(1, 1, "What was found"), (12, 12, "What was found"), (12, 1300, "(12 of 1,300, ")],
)
def test_the_heading_says_of_how_many_the_numbered_ones_are(numbered, events, words):
    assert words in cases.cases_heading(numbered, events)
