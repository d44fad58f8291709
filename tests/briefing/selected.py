"""What the tests of files with a selection's rows share: selections, and what the page counts."""

from collections import Counter
from dataclasses import replace
from itertools import islice

from armsflow.briefing import briefing
from armsflow.dataset import engine
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests.browser.recount import Asked, Recount, line_of
from tests.choices import random_selections

RECOUNT = Recount()
NOTHING = Selection(weapon=("manpads",), destinations=("tunisia",), years=(2023, 2024))
OWN = {"incidents": ["2013-05-gao-missiles"], "sources": ["rfi-2013-06-gao"], "note": "own"}
HOSTILE = "<script>alert('1')</script> & \"quotes\" ]]>"


def forty(dataset):
    """Forty selections: the page as it opens, everything, nothing, and random ones with rows."""
    known = [selection.default_selection(dataset), Selection(), NOTHING]
    dice = random_selections(dataset, 200, seed=40)
    some = (chosen for chosen in dice if RECOUNT.rows(asked(chosen, dataset)))
    return [*known, *islice(some, 37)]


def asked(chosen, dataset):
    """Say a selection as the second count understands it."""
    groups = selection.weapon_groups(dataset)
    return Asked(
        weapon=frozenset(code for code in chosen.weapon if code in groups),
        weapon_type=frozenset(code for code in chosen.weapon if code in dataset.weapon_types.index),
        destinations=frozenset(chosen.destinations),
        years=chosen.years,
        basis=frozenset(chosen.basis),
        event=frozenset(chosen.event),
    )


def counted(chosen, dataset):
    """Count a second time: the incidents shown, and events and others by line and by place."""
    rows = RECOUNT.rows(asked(chosen, dataset))
    counts = {"line": {}, "place_id": {}}
    for row in rows:
        for key, identifier in (("line", line_of(row)), ("place_id", row["place_id"])):
            tally = counts[key].setdefault(identifier, Counter(events=0, others=0))
            tally["events" if row["scope"] == "event" else "others"] += 1
    counts["line"].pop("", None)
    return rows, counts["line"], counts["place_id"]


def marked_and_own(small, plate):
    """Prepare the tiny package with a marking, a row of a reader's own and hostile texts."""
    tables = {name: small.engine.tables[name].copy() for name in engine.TABLES}
    for column in ("title", "summary", "place"):
        tables["incidents"][column] = HOSTILE
    hostile = replace(
        small,
        engine=engine.InMemory(tables),
        spots=small.spots.assign(name=HOSTILE),
        descriptor=small.descriptor | {"unpublished": OWN},
    )
    return briefing.prepare(Selection(), hostile, plate, marking="OFFICIAL & <TEST>")
