"""What a picture of an earlier version showed, and what changed since."""

from dataclasses import replace

import pytest

from armsflow.dataset.loader import SHIPPED, load_earlier
from armsflow.selection.focus import focus_identifiers
from armsflow.selection.history import since
from armsflow.selection.numbering import picture_number, read_number
from armsflow.selection.selection import Selection, apply
from tests.choices import random_selections


@pytest.fixture(scope="module")
def first():
    """The first published version."""
    return next(data for data in load_earlier(SHIPPED, "") if data.version == "1.0.0")


def test_every_number_of_an_earlier_version_still_opens_its_view(first, shipped):
    for chosen in random_selections(first, 60, seed=5):
        number = picture_number(chosen, first)
        read = read_number(number, shipped, [first])
        assert read.version == "1.0.0"
        assert not read.same_data
        assert read.selection.weapon == chosen.weapon
        assert read.selection.destinations == chosen.destinations
        assert read.selection.years == chosen.years
        assert read.selection.focus == chosen.focus


def test_a_number_of_the_first_release_that_was_printed_is_read(first, shipped):
    read = read_number("2ZZ80000-Y8E5E", shipped, [first])
    assert read.selection == Selection(destinations=("tunisia",))
    assert read.version == "1.0.0"


def test_a_number_of_no_version_at_hand_says_no_version(first, shipped):
    read = read_number("2ZZ80000-00000", shipped, [first])
    assert (read.version, read.same_data) == ("", False)


def test_what_changed_is_counted_by_identifier(first, shipped):
    chosen = Selection(destinations=("tunisia",))
    found = since(chosen, shipped, first)
    before = set(apply(first, chosen).events.index)
    now = set(apply(shipped, chosen).events.index)
    assert (found.before, found.now) == (len(before), len(now))
    assert set(found.added) == now - before
    assert set(found.withdrawn) == before - now
    assert set(found.corrected) <= now & before
    assert "2020-03-02-tataouine-rifles" in found.corrected
    assert found.words.startswith(f"In data 1.0.0: {len(before)} documented incidents, now ")


def test_corrections_count_from_the_version_on_that_made_them(small):
    chosen = Selection()
    known = {"1.0.0": ("2013-01-16-raid",), "1.0.1": ()}
    for version, corrected in known.items():
        earlier = replace(small, descriptor=small.descriptor | {"version": version})
        assert since(chosen, small, earlier).corrected == corrected


def test_a_view_that_did_not_change_says_so(shipped):
    chosen = Selection(destinations=("tunisia",))
    assert since(chosen, shipped, shipped).words.endswith(f"unchanged since {shipped.version}.")


def test_every_identifier_of_the_first_version_can_still_be_in_focus(first, shipped):
    assert set(focus_identifiers(first)) - set(focus_identifiers(shipped)) == set()
