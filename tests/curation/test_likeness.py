"""Incidents that may be the same: which pairs are asked about, and which never."""

from dataclasses import replace

import pandas as pd
import pytest

from armsflow.curation.likeness import likely_same
from armsflow.curation.submission import read_upload
from armsflow.dataset.loader import SHIPPED
from armsflow.package.checks import check
from tests import tiny
from tests.forms import INCIDENT, ITEM, with_rows, workbook


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    package, problems = check(tiny.write(tmp_path_factory.mktemp("likeness") / "package"))
    assert problems == []
    return package


@pytest.fixture(scope="module")
def shipped_package():
    package, problems = check(SHIPPED)
    assert problems == []
    return package


OTHER = {"incident_id": "2014-06-12-kidal-again", "date": "2014-06-12"}


def pairs(published, second=None, kinds=None, **first):
    """Hand in the usual incident and another; return what may be the same."""
    other = INCIDENT | OTHER | (second or {})
    item = ITEM | {"incident_id": other["incident_id"]} | (kinds or {})
    rows = with_rows({"incidents": [other], "items": [item]}, incidents=first)
    submission = read_upload("rows.xlsx", workbook(published, rows), published)
    assert list(map(str, submission.problems)) == []
    return likely_same(submission.package, submission.incident_ids)


def test_a_month_that_holds_the_day_of_another_is_asked_about(published):
    [pair] = pairs(published)
    assert {pair.added, pair.other} == {INCIDENT["incident_id"], OTHER["incident_id"]}
    assert pair.reasons == (
        "dates that may be the same day", "the same place", "a kind of weapon", "a source",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("second", "kinds"),
    [
        ({"incident_id": "2014-07-kidal", "date": "2014-07"}, {}),
        ({"scope": "claim"}, {}),
        ({"distinct_from": INCIDENT["incident_id"]}, {}),
        ({"place_id": "gao"}, {"weapon_type": "manpads"}),
    ],
    ids=["another month", "a claim is not counted", "told apart", "another place and kind"],
)
def test_what_differs_enough_or_was_told_apart_is_not_asked_about(published, second, kinds):
    assert pairs(published, second, kinds) == []


def test_a_source_and_a_kind_are_enough_where_the_place_is_another(published):
    [pair] = pairs(published, {"place_id": "gao"})
    assert pair.reasons == ("dates that may be the same day", "a kind of weapon", "a source")


def test_published_incidents_are_never_asked_about_among_themselves(shipped_package):
    assert likely_same(shipped_package, ()) == []


def test_published_incidents_handed_in_again_are_all_found(shipped_package):
    incidents, items = (shipped_package.tables[name] for name in ("incidents", "items"))
    events = incidents[incidents["scope"] == "event"].copy()
    twins = events.assign(incident_id=events["incident_id"] + "-again", distinct_from="")
    twins["source_ids"] = ""
    kinds = items.assign(incident_id=items["incident_id"] + "-again")
    tables = shipped_package.tables | {
        "incidents": pd.concat([incidents, twins], ignore_index=True),
        "items": pd.concat([items, kinds], ignore_index=True),
    }
    found = likely_same(replace(shipped_package, tables=tables), set(twins["incident_id"]))
    asked = {(pair.added, pair.other) for pair in found}
    assert {(f"{one}-again", one) for one in events["incident_id"]} <= asked
