"""Rows typed on the page: checked as a file is, added when they were seen, and nothing lost."""

import io

import openpyxl
import pytest

from armsflow.curation import template
from armsflow.curation.submission import read_upload
from armsflow.dataset.loader import SHIPPED
from armsflow.package.checks import check
from armsflow.page import own_editor, own_section
from tests.app.opening import counted, markup, open_page, run, text
from tests.forms import INCIDENT, ITEM, ROWS, SOURCE, with_rows, workbook

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
TYPED = {"incidents": INCIDENT, "items": ITEM, "sources": SOURCE}


@pytest.fixture(scope="module")
def package():
    package, _ = check(SHIPPED)
    return package


@pytest.fixture
def files(monkeypatch):
    """What makes each file that the section offers, by its key."""
    made = {}
    real = own_section.offer
    monkeypatch.setattr(
        own_section,
        "offer",
        lambda place, words, make, name, key: (
            made.update({key: make}) or real(place, words, make, name, key)
        ),
    )
    return made


def open_editor(at):
    return run(at.button(key="own-edit").click())


def editor(at, table):
    return at.session_state["own-draft"].keys[table]


def typed(edited, added=(), deleted=()):
    """Return what the browser sends of a table."""
    return {"edited_rows": edited, "added_rows": list(added), "deleted_rows": list(deleted)}


def change(at, table, edited, **more):
    at.session_state[editor(at, table)] = typed(edited, **more)
    return run(at)


def cells(record):
    return {
        name: value.split(";") if name == "source_ids" else value for name, value in record.items()
    }


def type_rows(at, rows=TYPED):
    for table, record in rows.items():
        change(at, table, {0: cells(record)})


def shown(at, table):
    """Return the filled rows that a table of the editor was drawn with."""
    frame = at.data_editor(key=editor(at, table)).value.fillna("")
    return [
        {name: value for name, value in row.items() if len(value)}
        for row in frame.to_dict("records")
        if any(map(len, row.values()))
    ]


def said(at):
    (words,) = [
        part.value.replace("\\", "")
        for kind in (at.success, at.warning, at.info)
        for part in kind
        if part.icon == own_section.ICON
    ]
    return words


def hand_in(at, content, name="rows.xlsx"):
    return run(at.file_uploader[0].upload(name, content))


def cells_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        name: [[cell or "" for cell in row] for row in book[name].values]
        for name in template.SHEETS
        if name in book.sheetnames
    }


def test_an_editor_that_is_closed_is_not_drawn():
    at = open_page()
    assert list(at.data_editor) == []
    open_editor(at)
    assert len(at.data_editor) == len(own_editor.ALWAYS)
    assert said(at) == own_section.NOTHING
    run(at.button(key="own-edit").click())
    assert list(at.data_editor) == []


def test_rows_typed_from_nothing_are_shown_added_and_handed_back(files, package):
    at = open_editor(open_page())
    before = counted(at)
    type_rows(at)
    assert said(at).startswith("Rows typed here: 1 incident of yours can be added.")
    assert counted(at) == before
    assert INCIDENT["title"] in text(at)
    run(at.button(key="own-add").click())
    assert said(at).startswith("Rows typed here: 1 incident of yours is on the map")
    assert counted(at) == before + 1
    handed_back = read_upload("again.xlsx", files["own-rows"](), package)
    assert handed_back.incident_ids == {INCIDENT["incident_id"]}


def test_what_was_typed_is_checked_like_a_file(package):
    at = open_editor(open_page())
    type_rows(at, TYPED | {"incidents": INCIDENT | {"date": "2014-13"}})
    rows = with_rows(incidents={"date": "2014-13"})
    del rows["places"]
    handed_in = read_upload("rows.xlsx", workbook(package, rows), package)
    listed = text(at)
    assert handed_in.problems
    for problem in handed_in.problems:
        assert problem.what in listed
        assert problem.fix in listed
    assert at.button(key="own-undo").disabled is False
    assert "own-add" not in [button.key for button in at.button]


def test_the_map_keeps_what_was_added_until_a_change_is_added_too():
    at = open_editor(open_page())
    before = counted(at)
    type_rows(at)
    run(at.button(key="own-add").click())
    change(at, "incidents", {0: cells(INCIDENT | {"date": "soon"})})
    assert said(at).endswith("Until you add this, the map has what you added before.")
    assert counted(at) == before + 1
    run(at.button(key="own-back").click())
    assert said(at).startswith("Rows typed here: 1 incident of yours is on the map")
    assert shown(at, "incidents")[0]["date"] == INCIDENT["date"]


def test_every_change_can_be_undone_to_the_first():
    at = open_editor(open_page())
    change(at, "incidents", {0: {"incident_id": "one"}})
    change(at, "incidents", {0: {"incident_id": "one", "title": "Rifles"}})
    run(at.button(key="own-undo").click())
    assert shown(at, "incidents") == [{"incident_id": "one"}]
    run(at.button(key="own-undo").click())
    assert shown(at, "incidents") == []
    assert said(at) == own_section.NOTHING
    assert at.button(key="own-undo").disabled


def test_a_file_is_changed_and_had_back(files, package):
    at = open_editor(open_page())
    content = workbook(package, {table: ROWS[table] for table in TYPED})
    hand_in(at, content)
    assert at.button(key="own-undo").disabled
    assert shown(at, "items") == [ITEM]
    change(at, "items", {0: {"quantity": "13"}})
    assert said(at).startswith("rows.xlsx, changed here: 1 incident of yours can be added.")
    assert "13" in cells_of(files["own-rows"]())["items"][1]
    run(at.button(key="own-restart").click())
    assert said(at).startswith("rows.xlsx: 1 incident")
    assert shown(at, "items") == [ITEM]
    run(at.button(key="own-undo").click())
    assert shown(at, "items")[0]["quantity"] == "13"


def test_rows_are_added_and_deleted():
    at = open_editor(open_page())
    second = INCIDENT | {"incident_id": "2014-05-kidal-more", "date": "2014-05"}
    type_rows(at)
    change(at, "incidents", {0: cells(INCIDENT)}, added=[cells(second)])
    change(at, "items", {0: ITEM, 1: ITEM | {"incident_id": second["incident_id"]}})
    assert "2 incidents of yours can be added" in said(at)
    change(at, "items", {0: ITEM, 1: {"incident_id": second["incident_id"]}}, deleted=[0])
    assert shown(at, "items") == [{"incident_id": second["incident_id"]}]
    assert "no incident of yours can be added yet" in said(at)


def test_filters_and_a_closed_editor_lose_nothing_that_was_typed():
    at = open_editor(open_page())
    change(at, "incidents", {0: {"title": "Rifles", "date": "20"}})
    run(at.pills(key="weapon").set_value([at.pills(key="weapon").options[0]]))
    assert "column" in text(at).lower()
    run(at.button(key="own-edit").click())
    run(at)
    open_editor(at)
    assert shown(at, "incidents") == [{"title": "Rifles", "date": "20"}]


def test_a_change_that_comes_with_the_closing_of_the_editor_is_kept():
    at = open_editor(open_page())
    at.session_state[editor(at, "places")] = typed({0: {"name": "Kidal"}})
    run(at.button(key="own-edit").click())
    open_editor(at)
    assert shown(at, "places") == [{"name": "Kidal"}]


def test_all_rows_are_handed_back_with_what_is_wrong(files):
    at = open_editor(open_page())
    type_rows(at, TYPED | {"incidents": INCIDENT | {"date": "soon", "title": "\x07=1+1 _x0041_"}})
    rows = cells_of(files["own-all-rows"]())
    assert "soon" in rows["incidents"][1]
    again = open_page()
    hand_in(again, files["own-all-rows"]())
    open_editor(again)
    assert shown(again, "incidents")[0]["title"] == "\x07=1+1 _x0041_"
    assert shown(again, "incidents")[0]["date"] == "soon"


def test_a_saved_package_is_gone_on_with(files, package):
    at = open_page()
    hand_in(at, workbook(package, {table: ROWS[table] for table in TYPED}))
    saved = files["own-package"]()
    again = open_page()
    hand_in(again, saved, "saved.zip")
    open_editor(again)
    assert shown(again, "incidents")[0] == {**cells(INCIDENT)} | {
        "source_ids": INCIDENT["source_ids"]
    }
    change(again, "items", {0: {"quantity": "13"}})
    third = open_page()
    hand_in(third, files["own-package"](), "saved.zip")
    open_editor(third)
    assert shown(third, "items") == [ITEM | {"quantity": "13"}]
    assert shown(third, "sources") == [SOURCE]
    assert said(third).startswith("saved.zip: 1 incident of yours can be added.")


def test_a_cell_that_a_file_did_not_give_is_refused_until_it_is_written(package):
    at = open_page()
    rows = {table: ROWS[table] for table in TYPED}
    rows["incidents"] = [INCIDENT | {"summary": "=1+1"}]
    hand_in(at, workbook(package, rows))
    open_editor(at)
    assert "the cell holds a formula" in shown(at, "incidents")[0]["summary"]
    change(at, "items", {0: {"quantity": "13"}})
    assert "no incident of yours can be added yet" in said(at)
    change(at, "incidents", {0: {"summary": "A ministry said so."}})
    assert "1 incident of yours can be added" in said(at)


def test_own_places_and_incidents_can_be_chosen(package):
    at = open_editor(open_page())
    change(at, "places", {0: {"place_id": "north-of-kidal", "name": "North of Kidal"}})
    change(at, "incidents", {0: {"incident_id": "2014-own"}})
    columns = at.session_state["own-draft"].columns

    def options(table, column):
        described = columns[table][column]["type_config"]["options"]
        return {option["value"]: option["label"] for option in described}

    assert options("incidents", "place_id")["north-of-kidal"] == "North of Kidal"
    assert set(package.tables["places"]["place_id"]) < set(options("incidents", "place_id"))
    assert options("items", "incident_id") == {"2014-own": "2014-own"}


def test_problems_stand_beside_their_row(package):
    at = open_page()
    other = INCIDENT | {"incident_id": "2015-03-bad", "title": "A bad row", "date": "2015-13"}
    bad = ITEM | {"incident_id": "2015-03-bad", "quantity": "a dozen"}
    rows = with_rows({"incidents": [other], "items": [bad]})
    del rows["places"]
    hand_in(at, workbook(package, rows))
    (listed,) = [part for part in markup(at).split("<table") if "as it was read" in part]
    good, _, wrong = listed.partition("A bad row")
    assert INCIDENT["title"] in good
    assert "Not taken" not in good
    row, _, why = wrong.partition('<tr class="why">')
    assert "2015-13" in row
    assert "<li><bdi>date</bdi>: " in why
    assert "<li><bdi>items</bdi>, row 3, <bdi>quantity</bdi>: " in why
    assert why.count("Fix: ") == why.count("<li>")
    assert 'class="untaken"' not in why


def test_an_answer_about_two_incidents_is_kept_apart_from_its_words(package):
    again = INCIDENT | {"incident_id": "2014-06-12-kidal-again", "date": "2014-06-12"}
    rows = with_rows(
        {"incidents": [again], "items": [ITEM | {"incident_id": again["incident_id"]}]}
    )
    del rows["places"]
    at = open_page()
    hand_in(at, workbook(package, rows))
    ((pair, answer),) = [
        (one.key, one) for one in at.segmented_control if str(one.key).startswith("own-same-")
    ]
    assert "1 incident not counted before you answer below" in said(at)
    run(answer.set_value("different"))
    assert "2 incidents of yours can be added" in said(at)
    at.session_state[pair] = None  # as if its words had become those of another language
    run(at)
    assert at.segmented_control(key=pair).value == "different"


def test_what_is_typed_is_never_markup():
    at = open_editor(open_page())
    bad = INCIDENT | {"title": SCRIPT, "date": SCRIPT, "event_type": SCRIPT, "place_id": SCRIPT}
    type_rows(at, TYPED | {"incidents": bad})
    assert SCRIPT not in markup(at)
    assert "onerror" in text(at)
    assert "<img" not in said(at)
