"""Pictures that are drawn before they are asked for."""

import gc
import threading
import time
import weakref
from dataclasses import replace

import pytest

from armsflow.dataset.loader import load
from armsflow.page import ahead
from armsflow.page.ahead import Ahead, View, drawn_part, next_selections, shown_part
from armsflow.picture.plate import make_plate
from armsflow.selection import selection


@pytest.fixture
def view(package):
    dataset = load(package)
    return View(selection.default_selection(dataset), dataset, make_plate(dataset, package))


@pytest.fixture
def drawn(monkeypatch):
    """What was drawn, in order; each drawing is told to whoever waits."""
    monkeypatch.setattr(ahead, "CALM", 0.02)
    found, told = [], threading.Condition()
    draw = ahead.picture.draw

    def noted(chosen, *rest):
        made = draw(chosen, *rest)
        with told:
            found.append(chosen)
            told.notify_all()
        return made

    monkeypatch.setattr(ahead.picture, "draw", noted)

    def wait(count):
        with told:
            assert told.wait_for(lambda: len(found) >= count, timeout=30), f"{len(found)} drawn"

    return found, wait


def test_every_pill_pressed_once_is_a_selection_that_may_come_next(view):
    groups = selection.weapon_groups(view.dataset)
    first, *_ = groups
    from_one = replace(view.chosen, weapon=(first,))
    assert [one.weapon for one in next_selections(view.chosen, view.dataset)] == [
        (group,) for group in groups
    ]
    after = next_selections(from_one, view.dataset)
    assert after[0].weapon == ()
    assert all(one.weapon[0] == first and len(one.weapon) == 2 for one in after[1:])


def test_what_may_come_next_is_drawn_once_and_found_ready(view, drawn):
    found, wait = drawn
    coming = next_selections(view.chosen, view.dataset)
    Ahead().turn_to(view)
    wait(len(coming))
    assert found == coming
    for chosen in coming:
        shown = shown_part(view.dataset, chosen)
        picture = drawn_part(shown, chosen, view.dataset, view.plate)
        assert picture.selection == chosen
        assert shown.totals == selection.apply(view.dataset, chosen).totals
    assert len(found) == len(coming)


def test_nothing_is_drawn_ahead_while_a_page_is_at_work(view, drawn):
    found, wait = drawn
    one = Ahead()
    one.turn_to(view)
    one.turn_to(None)
    other = replace(view, chosen=replace(view.chosen, destinations=()))
    one.turn_to(other)
    wait(len(next_selections(other.chosen, other.dataset)))
    assert all(chosen.destinations == () for chosen in found)


def test_a_fault_while_drawing_ahead_ends_nothing(view, drawn, caplog):
    _, wait = drawn
    broken = replace(view, plate=None)
    one = Ahead()
    one.turn_to(broken)
    while not caplog.records:
        time.sleep(0.01)
    assert "AttributeError" in caplog.text
    one.turn_to(replace(view, chosen=replace(view.chosen, destinations=())))
    wait(len(next_selections(view.chosen, view.dataset)))


def test_rows_of_a_reader_are_not_drawn_ahead(view, monkeypatch):
    turned = []
    monkeypatch.setattr(Ahead, "turn_to", lambda _, to: turned.append(to))
    ahead.resume(view.chosen, view.dataset, view.plate)
    assert [one.dataset for one in turned] == [view.dataset]
    own = view.dataset.descriptor | {"unpublished": {"incidents": ["2012-a"]}}
    ahead.resume(view.chosen, replace(view.dataset, descriptor=own), view.plate)
    assert len(turned) == 1


def test_a_dataset_that_nobody_shows_any_more_is_let_go(package, drawn):
    _, wait = drawn
    dataset = load(package)
    chosen = selection.default_selection(dataset)
    coming = next_selections(chosen, dataset)
    one = Ahead()
    one.turn_to(View(chosen, dataset, make_plate(dataset, package)))
    wait(len(coming))
    while one._view:
        time.sleep(0.01)
    seen = weakref.ref(dataset)
    del dataset
    gc.collect()
    assert seen() is None
