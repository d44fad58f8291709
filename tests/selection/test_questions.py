"""Ready-made questions, against an independent count of the tables."""

import csv
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from armsflow.dataset.engine import InMemory
from armsflow.dataset.loader import SHIPPED
from armsflow.dataset.tallies import tally
from armsflow.selection import questions
from armsflow.selection.query import from_query, to_query

FOCUS = ("mali", "algeria", "tunisia", "egypt", "sinai")


def events():
    with (SHIPPED / "incidents.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["scope"] == "event"]


def missile_events():
    with (SHIPPED / "items.csv").open(encoding="utf-8", newline="") as file:
        missiles = {
            row["incident_id"] for row in csv.DictReader(file) if row["weapon_type"] == "manpads"
        }
    return [row for row in events() if row["incident_id"] in missiles]


def test_where_the_missiles_went_counts_those_outside_libya(shipped):
    outside = [row for row in missile_events() if row["destination"] != "libya"]
    words = questions.answer("missiles", shipped)
    assert f"Outside Libya {len(outside)} documented incidents" in words
    for code, count in Counter(row["destination"] for row in outside).items():
        assert f"{shipped.destinations.loc[code, 'label']} ({count})" in words


def test_what_reached_sinai_counts_its_events(shipped):
    count = sum(row["destination"] == "sinai" for row in events())
    assert questions.answer("sinai", shipped).startswith(f"{count} documented incidents")


def test_what_changed_after_2014_splits_all_focus_events(shipped):
    focus = [row for row in events() if row["destination"] in FOCUS]
    before = [row for row in focus if int(row["date"][:4]) <= 2014]
    after = [row for row in focus if int((row["date_end"] or row["date"])[:4]) > 2014]
    words = questions.answer("after-2014", shipped)
    assert f"To 2014: {len(before)} documented incidents" in words
    assert f"after 2014: {len(after)}, most for" in words


def test_what_is_not_known_counts_routes_and_places(shipped):
    focus = [row for row in events() if row["destination"] in FOCUS]
    words = questions.answer("unknown", shipped)
    unrouted = sum(not row["corridor_id"] for row in focus)
    assert f"no route is stated for {unrouted}," in words


@pytest.mark.parametrize(
    ("counts", "number", "words"),
    [
        ({}, 2, ""),
        ({"small_arms": 1}, 1, ", with small arms"),
        ({"unspecified": 1}, 1, "; the type of the weapons is not clear"),
        ({"unspecified": 3}, 3, "; in 3 of them the type of the weapons is not clear"),
        (
            {"unspecified": 4, "manpads": 2, "small_arms": 1},
            5,
            ", most often with MANPADS (2) and small arms (1); one incident may hold several "
            "kinds; in 4 of them the type of some weapons is not clear",
        ),
    ],
)
def test_weapons_whose_type_is_not_clear_are_no_kind_of_weapon(counts, number, words, shipped):
    groups = pd.Series(counts, dtype="int64")
    assert questions._with_kinds("They", groups, number, shipped) == f"They{words}"


@pytest.mark.parametrize("code", questions.QUESTIONS)
def test_every_question_answers_in_sentences_and_opens_a_plain_address(code, shipped):
    words = questions.answer(code, shipped)
    assert words.endswith(".")
    chosen = questions.QUESTIONS[code].choose(shipped)
    query = to_query(chosen, shipped)
    assert from_query(query, shipped) == chosen


def test_a_question_without_events_says_so_instead_of_failing(shipped):
    rows = shipped.engine.tables["incidents"]
    claims = InMemory(dict(shipped.engine.tables) | {"incidents": rows[rows["scope"] == "claim"]})
    whole = tally(claims, shipped.weapon_types)
    nobody = replace(shipped, engine=claims, tallies=replace(shipped.tallies, whole=whole))
    for code in questions.QUESTIONS:
        assert "no documented incident" in questions.answer(code, nobody)
