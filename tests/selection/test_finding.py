"""The finding in words, against a count of the tables with the csv module alone."""

import re
from dataclasses import replace

import pytest

from armsflow.dataset.loader import load
from armsflow.selection import selection
from armsflow.selection.finding import Asked, Found, finding
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe
from tests import tiny
from tests.browser import recount as second
from tests.choices import random_selections
from tests.engines import counted_by_engine

WAYS = r"(?:in or on the way to|on the way to|in|for)"


@pytest.fixture(scope="module")
def recount():
    return second.Recount()


def asked_of(chosen, recount):
    """Ask the recount for what a selection asks for."""
    return second.Asked(
        weapon=frozenset(chosen.weapon) & set(recount.groups),
        weapon_type=frozenset(chosen.weapon) & set(recount.types) - set(recount.groups),
        destinations=frozenset(chosen.destinations),
        years=chosen.years,
        basis=frozenset(chosen.basis),
        event=frozenset(chosen.event),
    )


@pytest.fixture(scope="module")
def rounds(shipped, recount):
    """Selections with the sentence, the destinations asked for, and their recounted events."""
    default = selection.default_selection(shipped)
    chosen = [default, Selection(), *random_selections(shipped, 60, seed=16)]
    chosen += [replace(one, basis=(), event=(), years=None) for one in chosen[2:30]]
    said = []
    for one in chosen:
        sentence = describe(one, selection.apply(shipped, one), shipped)
        asked = asked_of(one, recount)
        rows = [row for row in recount.rows(asked) if row["scope"] == "event"]
        wanted = one.destinations or tuple(recount.destinations)
        counts = {
            code: sum(row["destination"] == code for row in rows)
            for code in wanted
            if code != second.STORES
        }
        said.append((one, asked, sentence, counts, rows))
    return said


def parts(sentence):
    """Split a headline after the weapons into what was found and what was not."""
    words = sentence.headline.partition(": ")[2]
    return words.partition("; none found ")[::2]


def number_of(name, words):
    """Find the number that a sentence gives for a destination; ``None`` without one."""
    patterns = (
        rf"{name} \(([\d,]+)\)",
        rf"([\d,]+) {WAYS} {name}\b",
        rf"^([\d,]+) documented incidents? {WAYS} {name}(?= \(\d+ \w|, \d{{4}}|, and \d)",
    )
    found = [int(match[1]) for pattern in patterns if (match := re.search(pattern, words))]
    return found[0] if found else None


def test_every_destination_is_named_with_its_recounted_number(rounds, recount):
    named = 0
    for chosen, _, sentence, counts, _ in rounds:
        found, _ = parts(sentence)
        for code in recount.destinations.keys() - {second.STORES}:
            number = number_of(re.escape(recount.spoken(code)), found)
            if number is not None:
                assert number == counts[code] > 0, (chosen, sentence.headline)
                named += 1
        with_incidents = [code for code, count in counts.items() if count]
        if 0 < len(with_incidents) <= 4:
            for code in with_incidents:
                assert number_of(re.escape(recount.spoken(code)), found), sentence.headline
    assert named > 20


def test_every_destination_without_an_incident_is_among_those_where_none_was_found(rounds, recount):
    for _, _, sentence, counts, _ in rounds:
        found, missing = parts(sentence)
        without = [recount.spoken(code) for code, count in counts.items() if not count]
        if not any(counts.values()):
            continue
        if len(without) > 4:
            assert f"for the other {second.NUMBERS[len(without)]}" in missing, sentence.headline
            continue
        for name in without:
            assert re.search(rf"\b{re.escape(name)}\b", missing), sentence.headline
            assert not re.search(rf"\b{re.escape(name)}\b", found), sentence.headline
        for code, count in counts.items():
            name = rf"\b{re.escape(recount.spoken(code))}\b"
            assert not (count and re.search(name, missing)), sentence.headline


def test_nothing_found_is_said_in_one_sentence(rounds):
    for _, _, sentence, _, rows in rounds:
        assert bool(rows) != parts(sentence)[0].startswith("no documented"), sentence.headline
        assert bool(rows) != (sentence.counts == "")


def test_all_five_are_said_only_when_all_five_have_incidents(rounds):
    for _, _, sentence, counts, _ in rounds:
        if "all five" in sentence.headline:
            assert len(counts) == 5
            assert all(counts.values())


def test_headline_and_counts_are_those_of_the_recount(rounds, recount):
    for chosen, asked, sentence, _, _ in rounds:
        words = sentence.headline.partition(": ")[2]
        assert words == recount.headline(asked), chosen
        assert sentence.counts == recount.view(asked)["counts"], chosen


def test_an_engine_says_what_the_tallies_say(rounds, shipped):
    engine = counted_by_engine(shipped)
    for chosen, _, sentence, _, _ in rounds[:8]:
        said = finding(chosen, selection.apply(engine, chosen), engine)
        assert sentence.headline.endswith(f": {said}")


# ---------------------------------------------------------------- on a few rows


def with_outcomes(package, outcomes):
    """Give the incidents of the tiny package outcomes, by identifier."""
    file = package / "incidents.csv"
    lines = file.read_text("utf-8").splitlines()
    rows = [f"{line},{outcomes.get(line.partition(',')[0], '')}" for line in lines[1:]]
    file.write_text("\n".join([f"{lines[0]},outcome", *rows]) + "\n", "utf-8")
    descriptor = package / "datapackage.json"
    described = tiny.json.loads(descriptor.read_text("utf-8"))
    [incidents] = [one for one in described["resources"] if one["name"] == "incidents"]
    incidents["schema"]["fields"].append(
        {"name": "outcome", "title": "Outcome", "type": "string", "description": "What became."}
    )
    descriptor.write_text(tiny.json.dumps(described), "utf-8")
    return load(package)


RAID, GAO, RIFLES = "2013-01-16-raid", "2013-05-gao-missiles", "2014-01-20-tassili-rifles"


@pytest.mark.parametrize(
    ("outcomes", "destinations", "words"),
    [
        ({GAO: "found"}, ("mali",), "1 documented incident in Mali, 2013"),
        ({GAO: "on_the_way"}, ("mali",), "1 documented incident on the way to Mali, 2013"),
        (
            {RAID: "used", RIFLES: "found"},
            ("algeria",),
            "2 documented incidents in Algeria, 2013–2014",
        ),
        (
            {RAID: "used", RIFLES: "on_the_way"},
            ("algeria",),
            "2 documented incidents for Algeria (1 there, 1 stopped on the way), 2013–2014",
        ),
        (
            {RAID: "used"},
            ("algeria",),
            "2 documented incidents for Algeria (1 there, 1 unclear), 2013–2014",
        ),
        (
            {RAID: "used", RIFLES: "found", GAO: "found"},
            ("mali", "algeria"),
            "3 documented incidents, 1 in Mali and 2 in Algeria, 2013–2014",
        ),
        (
            {RAID: "on_the_way", RIFLES: "on_the_way", GAO: "on_the_way"},
            ("mali", "algeria"),
            "3 documented incidents on the way to Mali (1) and Algeria (2), 2013–2014",
        ),
        (
            {RAID: "used", RIFLES: "on_the_way", GAO: "found"},
            ("mali", "algeria"),
            "3 documented incidents, 1 in Mali and 2 for Algeria (1 there, 1 stopped on the way), "
            "2013–2014",
        ),
    ],
)
def test_in_and_on_the_way_to_are_said_where_all_incidents_are(
    outcomes, destinations, words, package
):
    whole = with_outcomes(package, outcomes)
    chosen = Selection(destinations=destinations)
    assert finding(chosen, selection.apply(whole, chosen), whole) == words


def test_a_period_in_which_a_destination_has_none_is_said(small):
    for years, tail in (((2013, 2013), "in that year"), ((2013, 2014), "in these years")):
        chosen = Selection(destinations=("mali", "niger"), years=years)
        said = finding(chosen, selection.apply(small, chosen), small)
        assert said.endswith(f"; none found for Niger {tail}")


def test_where_kinds_are_chosen_there_may_be_other_incidents(small):
    raid = {"event": ("use_in_attack",), "destinations": ("mali", "algeria")}
    kind = "of the chosen kind"
    for chosen, said in (
        (
            Selection(**raid),
            f"1 documented incident {kind} in or on the way to Algeria, 2013; none found for Mali",
        ),
        (
            Selection(weapon=("explosives_mines",), **raid),
            f"no documented incident {kind} found for Mali or Algeria in these sources",
        ),
        (
            Selection(event=("depot_looted",), destinations=("libya",)),
            f"1 documented store or find {kind} inside Libya, 2012",
        ),
        (
            Selection(basis=("media_report",), destinations=("libya",)),
            f"no documented store or find {kind} inside Libya in these sources",
        ),
    ):
        assert finding(chosen, selection.apply(small, chosen), small) == said


def test_what_became_of_incidents_is_in_the_order_there_stopped_unstated():
    one = Found("Mali", 6, stopped=2, there=3)
    assert one.outcomes == "3 there, 2 stopped on the way, 1 unclear"
    assert Asked((one,), ("Niger",), None, every=False, focus=False, kind=False).size == 2
