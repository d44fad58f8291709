"""The page as Streamlit runs it, without a browser."""

import io
import re
import shutil
import zipfile
from html import unescape

import pytest

from armsflow.briefing.briefing import prepare, writers
from armsflow.page import matrix, press
from armsflow.page.table import FIRST_ROWS
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests import tiny
from tests.app.opening import (
    FOCUS,
    address,
    counted,
    flows,
    map_of,
    markup,
    open_page,
    panel,
    pill_counts,
    run,
    table_rows,
    text,
)  # fmt: skip
from tests.briefing.selected import NOTHING


def ids(at):
    return {part["focus"] for part in flows(at)["lines"]}


def expected(shipped, **chosen):
    return selection.apply(shipped, Selection(**{"destinations": tuple(FOCUS), **chosen}))


# ---------------------------------------------------------------- the first view


def test_the_first_view_shows_the_destinations_in_focus_without_any_filter(shipped):
    at = open_page()
    assert at.pills(key="destinations").value == FOCUS
    assert at.pills(key="weapon").value == []
    assert at.slider(key="years").value == selection.year_range(shipped)
    assert at.selectbox(key="focus").value is None
    assert address(at) == {}
    assert counted(at) == len(expected(shipped).events)
    assert {"link-mali", "link-algeria", "link-tunisia", "link-egypt", "link-sinai"} <= ids(at)


def test_the_notes_under_the_map_say_what_it_does_not_show():
    words = text(open_page())
    for needed in ("not evidence of absence", "documented incidents, not weapons", "CC BY 4.0"):
        assert needed in words


# ---------------------------------------------------------------- filters


@pytest.fixture(scope="module")
def first_map():
    return map_of(open_page())


@pytest.mark.parametrize(
    ("kind", "key", "value", "query", "chosen"),
    [
        ("pills", "weapon", ["manpads"], ["manpads"], {"weapon": ("manpads",)}),
        ("pills", "destinations", ["mali"], ["mali"], {"destinations": ("mali",)}),
        ("pills", "destinations", [], ["all"], {"destinations": ()}),
        ("slider", "years", (2013, 2014), ["2013-2014"], {"years": (2013, 2014)}),
        ("multiselect", "basis", ["traced"], ["traced"], {"basis": ("traced",)}),
        ("multiselect", "event", ["seizure"], ["seizure"], {"event": ("seizure",)}),
    ],
)
def test_a_filter_changes_lines_counts_and_address_but_never_the_map_itself(
    kind, key, value, query, chosen, shipped, first_map
):
    at = run(getattr(open_page(), kind)(key=key).set_value(value))
    shown = expected(shipped, **chosen)
    assert counted(at) == len(shown.events)
    assert address(at)[key] == query
    identity, arguments = map_of(at)
    assert identity == first_map[0]
    assert arguments.keys() == first_map[1].keys()
    assert arguments["flows"] != first_map[1]["flows"]
    assert table_rows(at) == shown.incidents.index[:FIRST_ROWS].tolist()


def test_a_single_weapon_type_is_written_to_the_same_key_as_its_group(shipped):
    at = run(open_page().multiselect(key="weapon_type").set_value(["landmine"]))
    assert address(at) == {"weapon": ["landmine"]}
    assert counted(at) == len(expected(shipped, weapon=("landmine",)).events)


def test_the_count_on_every_pill_is_the_count_that_pressing_it_gives(shipped):
    at = open_page()
    counts = pill_counts(at)
    for group, count in zip(selection.weapon_groups(shipped), counts, strict=True):
        run(at.pills(key="weapon").set_value([group]))
        assert counted(at) == count, group


def test_the_counts_on_pills_follow_the_other_filters_and_not_the_pills(shipped):
    at = open_page()
    before = pill_counts(at)
    run(at.pills(key="weapon").set_value(["manpads", "ammunition"]))
    assert pill_counts(at) == before
    run(at.pills(key="destinations").set_value(["sinai"]))
    assert pill_counts(at) != before
    assert max(pill_counts(at)) <= len(expected(shipped, destinations=("sinai",)).events)


def test_an_empty_result_says_so_and_offers_what_to_loosen():
    at = open_page(destinations="sinai", weapon="manpads", years="2025", basis="traced")
    assert counted(at) == 0
    assert "No documented incident in these sources" in text(at)
    assert "This does not mean that nothing passed" in text(at)
    assert flows(at)["lines"] == []


def test_the_line_below_the_headline_does_not_say_again_that_nothing_was_found():
    at = open_page(destinations="sinai", weapon="manpads", years="2025", basis="traced")
    [head] = [part.proto.body for part in at.get("html") if 'class="finding"' in part.proto.body]
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", head)).split())
    assert words.lower().count("no documented") == 1
    assert "in these sources, 2025 Weapons: " in words


def test_reset_brings_back_the_first_view():
    at = open_page(weapon="manpads", destinations="mali", years="2013-2014", basis="traced")
    run(at.button(key="reset").click())
    assert at.pills(key="destinations").value == FOCUS
    assert at.pills(key="weapon").value == []
    assert at.multiselect(key="basis").value == []
    assert address(at) == {}
    assert counted(at) == counted(open_page())


# ---------------------------------------------------------------- the address


def test_an_address_opens_its_view(shipped):
    at = open_page(
        weapon=["small_arms", "landmine"],
        destinations=["tunisia", "libya"],
        years="2012-2016",
        event="cache_found",
    )
    assert at.pills(key="weapon").value == ["small_arms"]
    assert at.multiselect(key="weapon_type").value == ["landmine"]
    assert at.pills(key="destinations").value == ["tunisia", "libya"]
    assert at.slider(key="years").value == (2012, 2016)
    assert at.multiselect(key="event").value == ["cache_found"]
    shown = expected(
        shipped,
        weapon=("small_arms", "landmine"),
        destinations=("tunisia", "libya"),
        years=(2012, 2016),
        event=("cache_found",),
    )
    assert counted(at) == len(shown.events)


def test_a_view_comes_back_from_its_own_address():
    at = run(open_page(destinations="egypt").pills(key="weapon").set_value(["ammunition"]))
    again = open_page(**address(at))
    assert text(again) == text(at)
    assert flows(again) == flows(at)


@pytest.mark.parametrize(
    "query",
    [
        {"weapon": "bow"},
        {"weapon": "<script>alert(1)</script>"},
        {"destinations": "atlantis"},
        {"years": "2011-abc"},
        {"years": "9999"},
        {"years": "2014-2011"},
        {"years": "9" * 5000},
        {"years": "２０１３"},
        {"focus": "<img src=x onerror=alert(1)>"},
        {"basis": ["", "hearsay"], "event": "x" * 5000, "unknown": "value"},
    ],
    ids=lambda query: str(query)[:40],
)
def test_a_bad_address_shows_the_first_view_and_is_tidied(query):
    at = open_page(**query)
    assert at.pills(key="destinations").value == FOCUS
    assert at.pills(key="weapon").value == []
    assert at.selectbox(key="focus").value is None
    assert address(at) == {}
    assert "<script>alert" not in markup(at)
    assert "onerror" not in markup(at)


def test_going_back_in_the_browser_takes_the_view_of_the_address():
    at = run(open_page(destinations="egypt").pills(key="weapon").set_value(["ammunition"]))
    at.query_params.clear()
    at.query_params["destinations"] = "mali"
    at.run()
    assert not at.exception
    assert at.pills(key="destinations").value == ["mali"]
    assert at.pills(key="weapon").value == []


# ---------------------------------------------------------------- evidence


@pytest.mark.parametrize("kind", ["corridor", "link", "place", "incident"])
def test_focus_shows_the_evidence_with_a_link_to_every_source(kind, shipped):
    incidents = expected(shipped).events
    on_way = incidents[incidents["corridor_id"] != ""].iloc[[0]]
    way = on_way["corridor_id"].iloc[0]
    focus, found = {
        "corridor": (way, incidents[incidents["corridor_id"] == way]),
        "link": (
            "link-mali",
            incidents[(incidents["corridor_id"] == "") & (incidents["destination"] == "mali")],
        ),
        "place": (
            on_way["place_id"].iloc[0],
            incidents[incidents["place_id"] == on_way["place_id"].iloc[0]],
        ),
        "incident": (on_way.index[0], on_way),
    }[kind]
    at = open_page(focus=focus)
    assert at.selectbox(key="focus").value == focus
    body = panel(at)
    assert found.shape[0] > 0
    for title in found["title"]:
        assert title in unescape(body)
    for url in shipped.sources.loc[list(set().union(*found["source_ids"])), "url"]:
        assert f'<a href="{url}"' in body.replace("&amp;", "&")
    focused = {
        part["focus"] for part in [*flows(at)["lines"], *flows(at)["places"]] if part["focused"]
    }
    assert focused == ({way, on_way["place_id"].iloc[0]} if kind == "incident" else {focus})


def test_every_link_to_a_source_opens_elsewhere_and_tells_nothing():
    links = re.findall(r'<a (?!class="skip")[^>]*>', panel(open_page(focus="link-mali")))
    assert links
    for link in links:
        assert re.search(r'href="https?://', link)
        assert 'target="_blank"' in link
        assert 'rel="noopener noreferrer"' in link


def test_focus_is_written_to_the_address_and_kept_while_it_is_shown():
    at = run(open_page().selectbox(key="focus").set_value("link-mali"))
    assert address(at) == {"focus": ["link-mali"]}
    run(at.pills(key="destinations").set_value(["mali"]))
    assert at.selectbox(key="focus").value == "link-mali"


def test_focus_is_let_go_when_a_filter_hides_it():
    at = open_page(focus="link-mali")
    run(at.pills(key="destinations").set_value(["egypt"]))
    assert at.selectbox(key="focus").value is None
    run(at)
    assert "focus" not in address(at)


def test_focus_filters_nothing():
    plain, focused = open_page(), open_page(focus="link-mali")
    assert counted(plain) == counted(focused)
    assert table_rows(plain) == table_rows(focused)
    assert map_of(plain)[0] == map_of(focused)[0]


@pytest.mark.parametrize("group", ["manpads", "explosives_mines", "unspecified"])
def test_cards_list_all_items_and_mark_those_that_were_not_asked_for(group, shipped):
    at = open_page(weapon=group, destinations="all")
    shown = expected(shipped, weapon=(group,), destinations=())
    incident = shown.items.loc[~shown.items["matches"], "incident_id"].iloc[0]
    run(at.selectbox(key="focus").set_value(incident))
    items = shown.items[shown.items["incident_id"] == incident]
    weapons = panel(at).partition("Weapons, as stated")[2].partition("</ul>")[0]
    assert weapons.count("<li") == len(items)
    assert weapons.count("unmatched") == (~items["matches"]).sum()


# ---------------------------------------------------------------- other packages


HOSTILE = "<img src=x onerror=alert(1)> `{{'x'}}` </script> \u202eevil"


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("incidents.csv", "Missiles found"),
        ("incidents.csv", "Two missiles."),
        ("places.csv", "Gao,MLI,Gao"),
        ("sources.csv", "Missiles found in Gao"),
        ("items.csv", "SA-7"),
        ("destinations.csv", "Mali,ML"),
        ("corridors.csv", "Sabha to Gao"),
        ("weapon_types.csv", "Shoulder-fired missiles"),
    ],
)
def test_hostile_texts_of_a_package_are_shown_as_text(file, old, package, show):
    new = old.replace(old.partition(",")[0], HOSTILE, 1)
    tiny.change(package / file, f",{old},", f",{new},")
    at = show(package)
    for focus in ("2013-05-gao-missiles", "mali-sabha-gao"):
        run(at.selectbox(key="focus").set_value(focus))
        assert "<img" not in markup(at)
        assert "</script" not in markup(at)
        if focus.startswith("2013") and file != "corridors.csv":
            assert "onerror=alert(1)" in text(at)


def test_the_page_opens_the_data_package_of_one_year_and_of_nothing(shipped, plate, tmp_path, show):
    last = selection.year_range(shipped)[1]
    for chosen in (Selection(years=(last, last)), NOTHING):
        prepared = prepare(chosen, shipped, plate)
        folder = tmp_path / f"{prepared.shown.totals.events} incidents"
        content = writers(None)["datapackage.zip"](prepared)
        zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
        at = show(folder)
        assert (counted(at) if chosen != NOTHING else 0) == len(
            selection.apply(prepared.shown, selection.default_selection(shipped)).events
        )
    assert "no documented incident found" in text(at)
    assert not [widget for widget in at.slider if widget.key == "years"]


def test_the_page_stays_up_with_a_broken_package_and_says_every_problem(package, show):
    tiny.change(package / "incidents.csv", "cache_found", "cache_lost")
    tiny.change(package / "places.csv", "sea,true", "sea,yes")
    at = show(package)
    assert "2 problems found" in at.error[0].value
    told = at.code[0].value.split("\n")
    assert sorted(line.partition(",")[0] for line in told) == ["incidents.csv", "places.csv"]
    assert not at.get("component_instance")


def test_the_page_comes_back_when_the_package_is_fixed(package, show):
    good = (package / "incidents.csv").read_bytes()
    (package / "incidents.csv").write_bytes(b"")
    at = show(package)
    assert at.error
    (package / "incidents.csv").write_bytes(good)
    at.run()
    assert not at.exception
    assert not at.error
    assert counted(at) == 3


@pytest.mark.parametrize(
    "disaster",
    [
        lambda directory: (directory / "datapackage.json").write_text("{", "utf-8"),
        lambda directory: (directory / "items.csv").unlink(),
        lambda directory: (directory / "items.csv").write_bytes(b"\xff\xfe\x00"),
        lambda directory: (directory / "basemap" / "names.json").unlink(),
        lambda directory: (directory / "basemap" / "water.json").unlink(),
        shutil.rmtree,
    ],
    ids=["descriptor", "missing", "binary", "no names", "no water", "no folder"],
)
def test_the_page_stays_up_whatever_is_wrong_with_the_files(disaster, package, show):
    disaster(package)
    at = show(package)
    assert "1 problem found" in at.error[0].value
    assert "Fix: " in at.code[0].value


@pytest.mark.parametrize(
    "pressed", ["", "row", "cell", "cell weapon", "cell weapon nowhere manpads",
                "other mali", "cell weapon <script> all", "ro w mali"],
)  # fmt: skip
def test_a_press_that_no_button_sends_changes_nothing(pressed, shipped, monkeypatch):
    done = []
    monkeypatch.setattr(press, "put_in_focus", lambda identifier: done.append(identifier))
    monkeypatch.setattr(matrix, "change", lambda _, **fields: done.append(fields))
    press.act(pressed, shipped)
    assert [one for one in done if one] == []
    press.act("cell weapon mali no-such-group", shipped)
    press.act("cell basis mali traced", shipped)
    press.act("row some-row", shipped)
    mali = {"destinations": ("mali",)}
    assert done[-3:] == [mali, mali | {"basis": ("traced",)}, "some-row"]
