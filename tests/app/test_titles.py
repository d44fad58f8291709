"""A title of the reader's own on the page: it is kept, and printed on every kind of picture."""

import pytest

from armsflow.briefing.titles import Title
from armsflow.page import collected, files
from tests.app.opening import open_page, run


@pytest.fixture
def titles(monkeypatch):
    """Titles of the comparisons that the page draws."""
    drawn = []
    monkeypatch.setattr(
        files, "comparison_png", lambda _, caption, __: drawn.append(caption.title) or b""
    )
    return drawn


def test_a_title_stays_when_the_control_is_closed_and_is_that_of_a_comparison(titles):
    at = open_page()
    at.session_state["brief"] = True
    run(at)
    at.text_input(key="own-note").set_value("For the meeting")
    run(at.text_input(key="own-title").set_value("Two\tshipments"))
    at.session_state["brief"] = False
    run(at)
    assert "own-title" not in [field.key for field in at.text_input]
    at.session_state["compare"] = True
    run(at)
    assert titles == [Title("Two shipments", "For the meeting")]
    at.session_state["brief"] = True
    run(at)
    assert at.text_input(key="own-title").value == "Two\tshipments"


def test_every_file_of_the_page_bears_the_marking_first_in_its_name(monkeypatch):
    names = []
    for module in (collected, files):
        monkeypatch.setattr(module, "offer", lambda *given: names.append(given[3]))
    at = open_page()
    at.session_state["brief"] = True
    at.session_state["marking"] = "OFFICIAL: X"
    run(at)
    run(at.button(key="collect").click())
    assert {name.rpartition(".")[2] for name in names} > {"txt", "zip", "pdf", "pptx", "csv"}
    assert [name for name in names if not name.startswith("OFFICIAL-X_")] == []
    assert [name for name in names if "briefing_v" in name]
