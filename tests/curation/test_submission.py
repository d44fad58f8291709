"""Rows of the reader's own: what is taken, what is left out, and where the reader is told."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armsflow.briefing import tables
from armsflow.curation import submission
from armsflow.curation.submission import read_upload
from armsflow.curation.template import export_xlsx
from armsflow.curation.upload import SHEETS
from armsflow.dataset import citation
from armsflow.dataset.loader import build
from armsflow.package import checks
from armsflow.package.problem import Problem
from armsflow.page import markup
from armsflow.selection.cards import write_cards
from tests.forms import ITEM, ROWS, SECOND, SOURCE, csv_files, with_rows, workbook
from tests.forms import zipped as zip_of

TODAY = date(2026, 11, 24)
BOTH = with_rows(SECOND)
RULES = [*checks.VALUE_RULES, *checks.EVIDENCE_RULES, *checks.FORM_RULES]

properties = settings(deadline=None, derandomize=True, database=None, max_examples=15)


def submit(published, rows, change=None):
    return read_upload("rows.xlsx", workbook(published, rows, change), published, TODAY)


def lines(problems):
    return [str(problem) for problem in problems]


def assert_valid_and_nothing_published_lost(submitted, published):
    if submitted.package is published:
        return
    assert [str(problem) for rule in RULES for problem in rule(submitted.package)] == []
    for name, table in published.tables.items():
        kept = submitted.package.tables[name]
        before = set(table.itertuples(index=False, name=None))
        after = set(kept.itertuples(index=False, name=None))
        assert before <= after
        if name not in SHEETS:
            assert before == after


# ---------------------------------------------------------------- what is taken


def test_good_rows_join_the_published_ones_in_a_valid_package(published):
    submitted = submit(published, BOTH)
    assert lines(submitted.problems) == lines(submitted.left_out) == []
    assert submitted.own == {
        "incidents": ("2014-06-kidal-rifles", "2014-08-gao-mortars"),
        "places": ("kidal",),
        "sources": ("ministry-2014-07-kidal",),
    }
    assert submitted.incident_ids == {"2014-06-kidal-rifles", "2014-08-gao-mortars"}
    assert_valid_and_nothing_published_lost(submitted, published)
    added = {
        name: len(table) - len(published.tables[name])
        for name, table in submitted.package.tables.items()
    }
    assert {name: rows for name, rows in added.items() if rows} == {
        "incidents": 2, "items": 2, "places": 1, "sources": 1,
    }  # fmt: skip


def test_the_csv_form_gives_the_same_package_as_the_workbook(published):
    content = zip_of(csv_files(published, BOTH))
    submitted = read_upload("rows.zip", content, published, TODAY)
    assert lines(submitted.problems) == []
    assert submitted.package.texts == submit(published, BOTH).package.texts
    assert submitted.package.descriptor == submit(published, BOTH).package.descriptor


def test_the_package_says_that_it_holds_unpublished_rows_and_which(published):
    descriptor = submit(published, ROWS).package.descriptor
    assert descriptor["version"] == f"{published.descriptor['version']}+own"
    assert descriptor["unpublished"] == {
        "note": submission.NOTE,
        "incidents": ["2014-06-kidal-rifles"],
        "places": ["kidal"],
        "sources": ["ministry-2014-07-kidal"],
    }
    assert descriptor["created"] == "2026-11-24T00:00:00Z"
    assert "unpublished" not in published.descriptor


def test_rows_can_be_added_to_a_package_that_has_unpublished_rows(published):
    first = submit(published, ROWS).package
    submitted = submit(first, SECOND)
    assert lines(submitted.problems) == []
    assert submitted.package.descriptor["version"] == first.descriptor["version"]
    assert submitted.package.descriptor["unpublished"]["incidents"] == [
        "2014-06-kidal-rifles", "2014-08-gao-mortars",
    ]  # fmt: skip
    assert submitted.incident_ids == {"2014-08-gao-mortars"}


def test_what_is_exported_can_be_handed_in_again(published):
    package = submit(published, BOTH).package
    again = read_upload("again.xlsx", export_xlsx(package, BOTH_IDS), published, TODAY)
    assert lines(again.problems) == []
    assert again.package.texts == package.texts
    assert again.package.descriptor == package.descriptor


BOTH_IDS = [row["incident_id"] for row in BOTH["incidents"]]


def test_one_incident_can_be_exported_without_the_place_of_another(published):
    package = submit(published, BOTH).package
    again = read_upload("a.xlsx", export_xlsx(package, BOTH_IDS[1:]), published, TODAY)
    assert lines(again.problems) == []
    assert again.own == {
        "incidents": ("2014-08-gao-mortars",),
        "places": (),
        "sources": ("ministry-2014-07-kidal",),
    }


def test_an_incident_of_today_is_not_in_the_future(published):
    recent = {"incident_id": "2026-11-24-kidal", "date": "2026-11-24"}
    rows = with_rows(
        incidents=recent,
        items={"incident_id": "2026-11-24-kidal"},
        sources={"published": "2026-11-24"},
    )
    assert lines(submit(published, rows).problems) == []
    rows["sources"][0] |= {"published": ""}
    content = workbook(published, rows)
    (line,) = lines(read_upload("a.xlsx", content, published, date(2026, 11, 22)).problems)
    assert line.startswith("incidents, row 2 (2026-11-24-kidal), column date: 2026-11-24 is after")


def test_a_year_that_a_slip_moved_by_a_thousand_is_named_and_not_taken(published):
    submitted = submit(published, with_rows(incidents={"date": "1014-06"}))
    assert submitted.incident_ids == frozenset()
    (line,) = lines(submitted.problems)
    assert "column date: 1014-06 is before 2011, when these data begin." in line


def test_a_source_without_a_web_address_needs_a_reference_and_is_never_a_link(published):
    rows = with_rows(sources={"url": "", "document_symbol": "Cable 123/2026"})
    submitted = submit(published, rows)
    assert lines(submitted.problems) == []
    dataset = build(submitted.package)
    [source] = submitted.own["sources"]
    words = citation.cited([source], dataset)[source]
    assert words["url"] == ""
    assert "Cable 123/2026" in words["words"]
    assert words["words"].endswith("Not public.")
    assert tables.source_lines(dataset)[source].startswith(words["words"])
    [incident] = submitted.incident_ids
    card = write_cards(dataset.incidents.loc[[incident]], dataset.items, dataset)[0]
    listed = markup.TEMPLATES.from_string(
        '{% from "sources.html" import source_list, source_links %}'
        "{{ source_list(sources) }}{{ source_links(sources) }}"
    ).render(sources=[source for _, documents in card["origins"] for source in documents])
    assert "Cable 123/2026" in listed
    assert "<a" not in listed
    (line,) = lines(submit(published, with_rows(sources={"url": ""})).problems)
    assert "there is neither a web address nor a reference." in line
    two = {"sources": [SOURCE | {"source_id": "b", "url": "", "document_symbol": "Cable 9/2026"}]}
    cited = {"source_ids": "b;ministry-2014-07-kidal"}
    several = with_rows(two, incidents=cited, sources={"url": "", "document_symbol": "Cable 1"})
    assert lines(submit(published, several).problems) == []


def test_no_message_shows_a_pattern_or_none(published):
    slips = (
        {"incidents": {"incident_id": "Kidal 2014", "place_id": "Ki Dal"}},
        {"items": {"seq": "0"}},
        {"items": {"quantity": "1.234"}},
        {"places": {"country": "Wakanda"}},
        {"sources": {"url": "htp:/example"}},
    )
    for slip in slips:
        said = lines(submit(published, with_rows(**slip)).problems)
        assert said
        for sign in ("^", "\\", "None", "{"):
            assert not any(sign in line for line in said), said


def test_an_identifier_left_empty_below_the_same_incident_is_filled_down_and_told(published):
    second = {"items": [ITEM | {"incident_id": "", "seq": "2", "weapon_type": "pistol"}]}
    submitted = submit(published, with_rows(second))
    [incident] = submitted.incident_ids
    items = submitted.package.tables["items"]
    assert list(items.loc[items["incident_id"] == incident, "seq"]) == ["1", "2"]
    assert any("row 3" in str(note) and incident in str(note) for note in submitted.notes)


def test_an_empty_template_says_so(published):
    submitted = submit(published, {})
    assert lines(submitted.problems) == [
        "rows.xlsx: no row is filled in. Fix: add rows below the headings of the sheets."
    ]
    assert submitted.package is published


# ---------------------------------------------------------------- what is left out

ITEM_OF_SECOND = SECOND["items"][0]

FAULTS = {
    "an unknown code": (
        with_rows(SECOND, incidents={"event_type": "theft"}),
        ["incidents, row 2 (2014-06-kidal-rifles), column event_type: 'theft' is not a known code"],
    ),
    "a date that does not exist": (
        with_rows(SECOND, incidents={"date": "2014-13"}),
        ["incidents, row 2 (2014-06-kidal-rifles), column date: '2014-13' names month 13"],
    ),
    "an item without a type": (
        with_rows(SECOND, items={"weapon_type": ""}),
        ["items, row 2 (2014-06-kidal-rifles / 1), column weapon_type: the cell is empty."],
    ),
    "a quantity without exactness": (
        with_rows(SECOND, items={"quantity_qualifier": ""}),
        ["items, row 2 (2014-06-kidal-rifles / 1), column quantity_qualifier: quantity is '12'"],
    ),
    "a place outside its country": (
        with_rows(SECOND, places={"lat": "1.41", "lon": "18.44"}),
        ["places, row 2 (kidal), column lat + lon: the point is 2,648 km from any Kidal of MLI. "
         "Fix: exchange lat and lon"],
    ),
    "a place that is published": (
        with_rows(SECOND, places={"place_id": "sabha"}, incidents={"place_id": "sabha"}),
        ["places, row 2 (sabha), column place_id: 'sabha' is already published, in places. "
         "Fix: delete this row and cite the published one"],
    ),
    "an incident that is published": (
        with_rows(SECOND, incidents={"incident_id": "2013-01-16-raid"},
                  items={"incident_id": "2013-01-16-raid"}),
        ["incidents, row 2 (2013-01-16-raid), column incident_id: '2013-01-16-raid' is already "
         "published, in incidents. Fix: choose another identifier; published rows are never"],
    ),
    "an incident with the identifier of a published source": (
        with_rows(SECOND, places={"place_id": "afp-2013-01-17-raid"},
                  incidents={"place_id": "afp-2013-01-17-raid"}),
        ["places, row 2 (afp-2013-01-17-raid), column place_id: 'afp-2013-01-17-raid' is already "
         "published, in sources."],
    ),
    "an incident without an item": (
        with_rows(SECOND, items={"incident_id": "2014-08-gao-mortars", "seq": "2"}),
        ["incidents, row 2 (2014-06-kidal-rifles), column incident_id: the incident has no item. "
         "Fix: add a row for it in the sheet items"],
    ),
    "an incident told twice": (
        with_rows(SECOND, incidents={"date": "2013-05", "place_id": "gao"},
                  items={"weapon_type": "manpads"}, places={"place_id": "unused"}),
        ["incidents, row 2 (2014-06-kidal-rifles), column distinct_from: same date, place and "
         "weapon types as '2013-05-gao-missiles'.",
         "places, row 2 (unused), column place_id: no row of yours cites 'unused'."],
    ),
    "a weapon type that nobody published": (
        with_rows(SECOND, items={"weapon_type": "laser"}),
        ["items, row 2 (2014-06-kidal-rifles / 1), column weapon_type: 'laser' is none of "
         "the weapon types. Fix: use one of: assault_rifle, cartridge, manpads, pistol."],
    ),
    "a destination in another language": (
        with_rows(SECOND, incidents={"destination": "Algérie"}),
        ["incidents, row 2 (2014-06-kidal-rifles), column destination: 'Algérie' is none of the "
         "destinations. Fix: use one of: algeria, libya, mali, niger."],
    ),
    "a source that is nowhere": (
        with_rows(SECOND, incidents={"source_ids": "ministry-2014-07-kidal;nowhere"}),
        ["incidents, row 2 (2014-06-kidal-rifles), column source_ids: 'nowhere' is not in the "
         "sheet sources. Fix: correct it, or add that record to the sheet sources."],
    ),
    "a formula": (
        with_rows(SECOND, items={"quantity": "=6+6"}),
        ["items, row 2 (2014-06-kidal-rifles), column quantity: the cell holds a formula. "
         "Fix: copy the cells and paste them as values."],
    ),
    "a date before the event of an end": (
        with_rows(SECOND, incidents={"date_end": "2014-05"}),
        ["incidents, row 2 (2014-06-kidal-rifles), column date_end: the event ends on 2014-05"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_at_the_readers_row_and_the_other_incident_is_taken(fault, published):
    rows, words = FAULTS[fault]
    submitted = submit(published, rows)
    told = lines(submitted.problems)
    assert len(told) == len(words), told
    for line, start in zip(told, words, strict=True):
        assert line.startswith(start)
    assert submitted.incident_ids == {"2014-08-gao-mortars"}
    assert_valid_and_nothing_published_lost(submitted, published)


def test_an_item_of_a_published_incident_is_left_out_alone(published):
    stray = ITEM | {"incident_id": "2013-05-gao-missiles"}
    submitted = submit(published, with_rows({"items": [stray]}))
    assert lines(submitted.problems) == [
        "items, row 3 (2013-05-gao-missiles), column incident_id: '2013-05-gao-missiles' is a "
        "published incident. Fix: add items to incidents of your own only; published ones are "
        "never changed."
    ]
    assert submitted.incident_ids == {"2014-06-kidal-rifles"}
    assert_valid_and_nothing_published_lost(submitted, published)


def test_a_source_of_both_incidents_that_is_published_leaves_both_out(published):
    submitted = submit(published, with_rows(SECOND, sources={"url": "https://example.org/raid"}))
    assert lines(submitted.problems) == [
        "sources, row 2 (ministry-2014-07-kidal), column url: 'https://example.org/raid' is "
        "already published, as 'afp-2013-01-17-raid'. Fix: cite 'afp-2013-01-17-raid' instead "
        "and delete this row."
    ]
    assert submitted.package is published
    assert {problem.record for problem in submitted.left_out} == {*BOTH_IDS, "kidal"}


def test_what_hangs_on_a_faulty_row_is_listed_with_the_row_it_hangs_on(published):
    submitted = submit(published, with_rows(SECOND, places={"country": "Wakanda"}))
    assert len(submitted.problems) == 1
    assert lines(submitted.left_out) == [
        "incidents, row 2 (2014-06-kidal-rifles): left out together with row 2 of places. "
        "Fix: fix what is wrong there, and this row is taken too.",
        "items, row 2 (2014-06-kidal-rifles): left out together with row 2 of incidents. "
        "Fix: fix what is wrong there, and this row is taken too.",
    ]


def test_an_incident_with_one_faulty_item_is_left_out_whole(published):
    rows = with_rows(SECOND, {"items": [ITEM | {"seq": "2", "counting": "perhaps"}]})
    submitted = submit(published, rows)
    assert [problem.row for problem in submitted.problems] == [4]
    assert [(problem.file, problem.row) for problem in submitted.left_out] == [
        ("incidents", 2), ("items", 2), ("places", 2),
    ]  # fmt: skip
    assert submitted.own == {
        "incidents": ("2014-08-gao-mortars",), "places": (), "sources": ("ministry-2014-07-kidal",),
    }  # fmt: skip


def test_an_incident_that_names_a_faulty_one_is_left_out_with_it(published):
    second = {
        "incidents": [SECOND["incidents"][0] | {"distinct_from": "2014-06-kidal-rifles"}],
        "items": SECOND["items"],
    }
    submitted = submit(published, with_rows(second, incidents={"scope": "rumour"}))
    assert len(submitted.problems) == 1
    assert submitted.incident_ids == frozenset()
    assert ("incidents", 3) in {(problem.file, problem.row) for problem in submitted.left_out}


def test_two_rows_with_one_identifier_are_told_by_the_numbers_of_the_readers_rows(published):
    rows = with_rows(SECOND, {"sources": [SOURCE | {"url": "https://example.org/other"}]})
    (line,) = lines(submit(published, rows).problems)
    assert line.startswith(
        "sources, row 3 (ministry-2014-07-kidal), column source_id: 'ministry-2014-07-kidal' is "
        "already used in row 2."
    )


def test_a_fault_that_shows_only_after_another_row_went_is_told_too(published):
    """Three equal incidents: the first is marked as distinct from both others, and goes."""
    twin = SECOND["incidents"][0]
    item = SECOND["items"][0]
    names = ["2014-08-gao-a", "2014-08-gao-b", "2014-08-gao-c"]
    rows = {
        "incidents": [
            twin | {"incident_id": names[0], "date_end": "2014-07"},
            twin | {"incident_id": names[1]},
            twin | {"incident_id": names[2]},
        ],
        "items": [item | {"incident_id": name} for name in names],
        "sources": [SOURCE],
    }
    rows["incidents"][0]["distinct_from"] = ";".join(names[1:])
    submitted = submit(published, rows)
    assert [(p.record, p.column) for p in submitted.problems] == [
        (names[0], "date_end"), (names[2], "distinct_from"),
    ]  # fmt: skip
    assert submitted.incident_ids == {names[1]}
    assert_valid_and_nothing_published_lost(submitted, published)


def test_a_list_of_thousands_of_problems_is_cut_and_nothing_is_taken(published, monkeypatch):
    monkeypatch.setattr(submission, "MOST_PROBLEMS", 3)
    broken = [ITEM | {"seq": f"x{number}", "unit": "piles"} for number in range(9)]
    submitted = submit(published, with_rows(SECOND, {"items": broken}))
    assert len(submitted.problems) == 4
    assert str(submitted.problems[-1]) == (
        "rows.xlsx: there are more than 3 problems, so no row is taken. "
        "Fix: fix those named above first."
    )
    assert submitted.package is published


def test_a_rule_that_names_no_row_of_the_reader_leaves_all_of_them_out(published, monkeypatch):
    def odd_number_of_incidents(package):
        """Hold for the published package only."""
        if len(package.tables["incidents"]) != len(published.tables["incidents"]):
            yield Problem("incidents.csv", "too many.", "take none.", 2)

    monkeypatch.setattr(checks, "EVIDENCE_RULES", [*checks.EVIDENCE_RULES, odd_number_of_incidents])
    submitted = submit(published, BOTH)
    assert lines(submitted.problems) == ["incidents.csv, row 2: too many. Fix: take none."]
    assert submitted.package is published


ONE_SLIP = {
    "an identifier that its items repeat": (
        {"incidents": {"incident_id": "Kidal 2014"}, "items": {"incident_id": "Kidal 2014"}},
        "incidents, row 2 (Kidal 2014), column incident_id: 'Kidal 2014' has the wrong form.",
    ),
    "an identifier that its items do not have": (
        {"items": {"incident_id": "2014-06-kidal-rifle"}},
        "items, row 2 (2014-06-kidal-rifle / 1), column incident_id: '2014-06-kidal-rifle' is not "
        "in the sheet incidents.",
    ),
    "a date in the future": (
        {"incidents": {"date": "2034-06"}},
        "incidents, row 2 (2014-06-kidal-rifles), column date: 2034-06 is after the data package "
        "was made (2026-11-24). Fix: correct the date.",
    ),
    "an end in the future": (
        {"incidents": {"date_end": "2034-06"}},
        "incidents, row 2 (2014-06-kidal-rifles), column date_end: 2034-06 is after the data",
    ),
    "a place whose identifier is cited as it is": (
        {"places": {"place_id": "Ki dal"}, "incidents": {"place_id": "Ki dal"}},
        "places, row 2 (Ki dal), column place_id: 'Ki dal' has the wrong form.",
    ),
    "a day and a month exchanged": (
        {"incidents": {"incident_id": "2014-06-12-kidal", "date": "2014-12-06"},
         "items": {"incident_id": "2014-06-12-kidal"}, "sources": {"published": ""}},
        "incidents, row 2 (2014-06-12-kidal), column incident_id: the identifier begins with "
        "2014-06-12, but the date is 2014-12-06. Fix: if 2014-06-12 is right, write it as the "
        "date; else begin it with 2014-12-06.",
    ),
    "a lost point": (
        {"places": {"lat": "18443"}},
        "places, row 2 (kidal), column lat: 18443 is outside -90 to 90. Fix: correct the number. "
        "If a spreadsheet lost the decimal point, it may be 18.443.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", ONE_SLIP)
def test_one_slip_is_told_once_where_it_was_made(slip, published):
    cells, start = ONE_SLIP[slip]
    submitted = submit(published, with_rows(SECOND, **cells))
    (line,) = lines(submitted.problems)
    assert line.startswith(start)
    assert submitted.incident_ids == {"2014-08-gao-mortars"}


def test_a_source_that_is_nowhere_is_told_once_with_every_row_that_cites_it(published):
    wrong = "ministry-2014-07-kidall"
    noted = {"note": "So they say.", "note_source_ids": wrong}
    item = ITEM | {"seq": "2", "weapon_type": "pistol"} | noted
    third = SECOND["incidents"][0] | {"source_ids": wrong}
    rows = with_rows(
        {"incidents": [third], "items": [item, SECOND["items"][0]]}, incidents={"source_ids": wrong}
    )
    (line,) = lines(submit(published, rows).problems)
    assert line == (
        "incidents, row 2 (2014-06-kidal-rifles), column source_ids: 'ministry-2014-07-kidall' is "
        "not in the sheet sources; also in incidents, row 3 and items, row 3. Fix: correct it, or "
        "add that record to the sheet sources."
    )


def test_rules_that_look_at_one_row_say_the_same_with_and_without_the_published_ones(
    published, monkeypatch
):
    slips = [
        {"incidents": {"title": ""}},
        {"incidents": {"title": "a\x00b"}},
        {"incidents": {"date_end": "2013"}},
        {"items": {"unit": "piles"}},
        {"items": {"quantity": "many"}},
        {"items": {"quantity": ""}},
        {"places": {"lat": "0", "precision": "region"}},
        {"sources": {"url": ""}},
    ]

    def told():
        contents = [zip_of(csv_files(published, with_rows(SECOND, **slip))) for slip in slips]
        return [lines(read_upload("a.zip", one, published, TODAY).problems) for one in contents]

    alone = told()
    assert all(alone)
    monkeypatch.setattr(checks, "ROW_RULES", frozenset())
    assert told() == alone


def test_problems_come_in_the_order_of_the_file_and_of_its_columns(published):
    rows = with_rows(
        SECOND, incidents={"scope": "", "title": ""}, items={"unit": "piles"},
        places={"country": "Wakanda"}, sources={"title": ""},
    )  # fmt: skip
    rows["incidents"][1] = rows["incidents"][1] | {"date": "soon"}
    told = [(one.file, one.row, one.column) for one in submit(published, rows).problems]
    assert told == [
        ("incidents", 2, "title, scope"), ("incidents", 3, "date"),
        ("items", 2, "unit"), ("places", 2, "country"), ("sources", 2, "title"),
    ]  # fmt: skip


def test_problems_of_the_csv_form_name_the_file(published):
    content = zip_of(csv_files(published, with_rows(incidents={"scope": "", "source_ids": "x"})))
    assert lines(read_upload("a.zip", content, published, TODAY).problems) == [
        "incidents.csv, row 2 (2014-06-kidal-rifles), column scope: the cell is empty. "
        "Fix: fill it.",
        "incidents.csv, row 2 (2014-06-kidal-rifles), column source_ids: 'x' is not in "
        "sources.csv. Fix: correct it, or add that record to sources.csv.",
    ]


def test_rows_may_stand_in_any_order_with_empty_rows_between(published):
    def move(book):
        book["incidents"].insert_rows(2, 5)

    submitted = submit(published, BOTH, move)
    assert lines(submitted.problems) == []
    assert len(submitted.incident_ids) == 2
    submitted = submit(published, with_rows(incidents={"scope": "x"}), move)
    assert submitted.problems[0].row == 7


# ---------------------------------------------------------------- whatever comes


odd = st.one_of(
    st.text(),
    st.sampled_from(["=1+1", "#N/A", "_x0041_", "2014", "-0", "1e9", "٣", ";", "a;a", "'"]),
    st.text(alphabet="0123456789-+.eE", max_size=12),
    st.from_regex(r"[a-z0-9;-]{1,30}", fullmatch=True),
)


MARKS = "\ufeff\ufffe\uffff\u2028\u2029"
visible = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=MARKS), min_size=1
).filter(lambda text: text == text.strip())


@settings(properties, max_examples=5)
@given(st.lists(visible, min_size=5, max_size=5))
def test_any_words_survive_export_and_upload(published, words):
    rows = with_rows(
        SECOND,
        incidents={"title": words[0], "summary": words[1]},
        items={"designation": words[2]},
        places={"note": words[3]},
        sources={"publisher": words[4]},
    )
    first = read_upload("a.zip", zip_of(csv_files(published, rows)), published, TODAY)
    assert lines(first.problems) == []
    exported = export_xlsx(first.package, first.incident_ids)
    again = read_upload("a.xlsx", exported, published, TODAY)
    assert lines(again.problems) == []
    assert again.package.texts == first.package.texts


rows_of = {
    table: st.lists(
        st.fixed_dictionaries(
            {column: st.one_of(st.just(value), odd, st.just("")) for column, value in row.items()}
        ),
        max_size=3,
    )
    for table, (row,) in ROWS.items()
}


@properties
@given(st.fixed_dictionaries(rows_of))
def test_any_tables_give_problems_or_a_valid_package(published, rows):
    submitted = read_upload("a.zip", zip_of(csv_files(published, rows)), published, TODAY)
    assert_valid_and_nothing_published_lost(submitted, published)
    assert submitted.problems or submitted.incident_ids
