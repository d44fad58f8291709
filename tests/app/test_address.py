"""What is asked for is settled once, before anything is drawn."""

import pytest
import streamlit as st

from armsflow.page import access, flow_map, table
from armsflow.page import address as address_module
from armsflow.selection import selection
from armsflow.selection.cases import chosen_cases
from armsflow.selection.numbering import picture_number
from armsflow.selection.selection import Selection
from tests.app.opening import address, counted, flows, open_page, panel, run

MISSILES = Selection(weapon=("manpads",), destinations=("mali", "niger"), focus="link-mali")


def notices(at):
    return [notice.value for notice in at.info]


# ---------------------------------------------------------------- picture numbers


@pytest.fixture
def opened(shipped):
    """The page, opened with a picture number."""
    at = open_page(picture=picture_number(MISSILES, shipped))
    (notice,) = notices(at)
    assert "showed this view, made from these data" in notice
    return at


def test_a_picture_number_becomes_the_selection_of_the_page(opened):
    assert address(opened) == {
        "weapon": ["manpads"],
        "destinations": ["mali", "niger"],
        "focus": ["link-mali"],
    }


@pytest.mark.parametrize(
    "leave",
    [
        lambda at: at.button(key="reset").click(),
        lambda at: at.pills(key="weapon").set_value([]),
        lambda at: at.slider(key="years").set_value((2012, 2013)),
        lambda at: at.selectbox(key="focus").set_value("link-niger"),
        lambda at: at.pills(key="question").set_value("sinai"),
    ],
    ids=["reset", "weapon", "years", "focus", "question"],
)
def test_the_page_no_longer_says_which_picture_showed_a_view_that_was_left(leave, opened):
    run(leave(opened))
    assert notices(opened) == []


def test_the_page_says_which_picture_showed_the_view_until_it_is_left(opened):
    run(opened.pills(key="context").set_value(["resolution"]))
    assert len(notices(opened)) == 1


def test_a_number_that_cannot_be_read_is_told_until_something_is_chosen():
    at = open_page(picture="nonsense")
    assert "This is the default view" in notices(at)[0]
    run(at.pills(key="weapon").set_value(["manpads"]))
    assert notices(at) == []


def test_going_back_to_the_address_of_a_picture_opens_it_again(opened, shipped):
    run(opened.button(key="reset").click())
    opened.query_params["picture"] = picture_number(MISSILES, shipped)
    run(opened)
    assert opened.pills(key="destinations").value == ["mali", "niger"]
    assert len(notices(opened)) == 1


@pytest.mark.parametrize(
    "press",
    [
        lambda at: at.pills(key="context").set_value(["resolution"]),
        lambda at: at.text_input(key="marking").set_value("OFFICIAL"),
    ],
    ids=["context", "marking"],
)
def test_a_press_elsewhere_before_the_browser_has_the_new_address_undoes_nothing(press):
    at = open_page()
    run(at.pills(key="weapon").set_value(["manpads"]))
    assert address(at) == {"weapon": ["manpads"]}
    del at.query_params["weapon"]
    run(press(at))
    assert at.pills(key="weapon").value == ["manpads"]
    assert address(at) == {"weapon": ["manpads"]}
    del at.query_params["weapon"]
    run(at)
    assert at.pills(key="weapon").value == []


# ---------------------------------------------------------------- focus and question


@pytest.fixture
def drawn(monkeypatch):
    """Selections of the maps that were shown, in order."""
    selections = []
    show_map = flow_map.show_map

    def noted(drawn, *rest):
        selections.append(drawn.selection)
        show_map(drawn, *rest)

    monkeypatch.setattr(flow_map, "show_map", noted)
    return selections


def test_a_focus_that_a_filter_hides_is_let_go_before_anything_is_drawn(drawn):
    at = open_page(focus="link-mali")
    drawn.clear()
    run(at.pills(key="destinations").set_value(["egypt"]))
    assert [chosen.focus for chosen in drawn] == [""]
    assert at.selectbox(key="focus").value is None
    assert address(at) == {"destinations": ["egypt"]}
    assert 'class="cases"' in panel(at)


def test_an_address_whose_focus_its_own_filters_hide_opens_without_the_focus(drawn):
    at = open_page(focus="link-mali", destinations="egypt")
    assert drawn[-1].focus == ""
    assert address(at) == {"destinations": ["egypt"]}


def test_a_briefing_view_has_no_focus_that_its_filters_hide(monkeypatch):
    from armsflow.page import files

    shown = []
    monkeypatch.setattr(files, "show_sheet", lambda chosen, *_: shown.append(chosen))
    open_page(view="briefing", focus="link-mali", destinations="egypt")
    open_page(view="briefing", focus="link-mali", destinations="mali")
    assert [chosen.focus for chosen in shown] == ["", "link-mali"]


def test_an_address_that_names_nothing_but_a_focus_takes_the_filter_on_destinations_off():
    at = open_page(focus="link-niger")
    assert at.selectbox(key="focus").value == "link-niger"
    assert address(at) == {"destinations": ["all"], "focus": ["link-niger"]}


def test_what_the_filters_hide_is_shown_when_the_search_finds_it():
    at = open_page(destinations="egypt")
    run(at.selectbox(key="focus").set_value("link-mali"))
    assert address(at) == {"destinations": ["all"], "focus": ["link-mali"]}
    run(at.selectbox(key="focus").set_value("link-niger"))
    assert address(at) == {"destinations": ["all"], "focus": ["link-niger"]}


def test_a_question_opens_its_view_and_is_let_go_when_a_filter_leads_elsewhere():
    at = run(open_page().pills(key="question").set_value("sinai"))
    assert address(at) == {"destinations": ["sinai"]}
    assert 'class="answer"' in "".join(part.proto.body for part in at.get("html"))
    run(at.selectbox(key="focus").set_value("link-sinai"))
    assert at.pills(key="question").value == "sinai"
    run(at.pills(key="weapon").set_value(["manpads"]))
    assert at.pills(key="question").value is None


# ---------------------------------------------------------------- runs that are cut short


@pytest.fixture
def cut(monkeypatch):
    """Return how to end the next runs where the table would be drawn, and how to let them be."""
    show_table = table.show_table
    return (
        lambda: monkeypatch.setattr(table, "show_table", lambda *_: st.stop()),
        lambda: monkeypatch.setattr(table, "show_table", show_table),
    )


def test_a_press_during_the_first_run_changes_the_view_of_the_address(cut):
    end_early, end = cut
    end_early()
    at = open_page(destinations="egypt")
    end()
    run(at.pills(key="weapon").set_value(["ammunition"]))
    assert address(at) == {"weapon": ["ammunition"], "destinations": ["egypt"]}


def test_a_filter_is_kept_when_the_run_that_it_started_is_cut_by_another_press(cut):
    end_early, end = cut
    at = open_page(destinations="egypt")
    end_early()
    run(at.pills(key="weapon").set_value(["ammunition"]))
    end()
    run(at)
    assert address(at) == {"weapon": ["ammunition"], "destinations": ["egypt"]}


def test_values_that_were_set_are_sent_again_until_a_run_that_sends_them_ends(cut):
    # What a run that is cut had not sent yet, or the browser not drawn, may be lost.
    end_early, end = cut
    end_early()
    at = open_page(destinations="egypt")
    end()
    run(at)
    destinations = at.pills(key="destinations").proto
    assert destinations.set_value
    assert len(destinations.raw_values) == 1
    run(at)
    assert not at.pills(key="destinations").proto.set_value


def test_a_press_is_never_undone_by_what_is_sent_again(cut):
    end_early, end = cut
    end_early()
    at = open_page(destinations="egypt")
    end()
    run(at.pills(key="destinations").set_value(["mali"]))
    assert not at.pills(key="destinations").proto.set_value
    assert address(at)["destinations"] == ["mali"]


# ---------------------------------------------------------------- numbered incidents and frames


def test_pressing_a_number_opens_the_card_of_its_incident_and_can_be_done_again(shipped):
    at = open_page(destinations="tunisia")
    numbers = at.pills(key="case").options
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    shown = selection.apply(shipped, Selection(destinations=("tunisia",)))
    chosen = list(chosen_cases(shown)["incident_id"])
    for incident in (chosen[2], chosen[0]):
        run(at.pills(key="case").set_value(incident))
        assert address(at) == {"destinations": ["tunisia"], "focus": [incident]}
        assert "focused" in panel(at)
        run(at.selectbox(key="focus").set_value(None))
        assert address(at) == {"destinations": ["tunisia"]}


def test_the_frame_and_the_level_are_part_of_the_address_and_no_filter():
    at = open_page()
    before = counted(at)
    run(at.selectbox(key="frame").set_value("sahara"))
    assert address(at) == {"frame": ["sahara"]}
    assert flows(at)["frame"] == "sahara"
    run(at.selectbox(key="frame").set_value(""))
    assert flows(at)["arrows"]
    at = open_page(show="routes")
    assert flows(at)["arrows"] == []
    assert counted(at) == before
    run(at.button(key="reset").click())
    assert flows(at)["arrows"]
    assert address(at) == {}


def test_what_was_set_is_sent_again_when_the_map_was_painted_late(monkeypatch):
    at = open_page(destinations="egypt")
    monkeypatch.setattr(access, "require_sign_in", address_module.send_again)
    run(at)
    assert at.pills(key="destinations").proto.set_value
