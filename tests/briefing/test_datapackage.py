"""A selection for analysis: a data package that passes every check, and its items as Parquet."""

import io
import json
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date

import frictionless
import pandas as pd
import pyarrow.parquet as pq
import pytest

from armsflow import __main__
from armsflow.briefing import briefing
from armsflow.briefing.datapackage import WITHOUT_INCIDENTS
from armsflow.briefing.ground import prepare_ground
from armsflow.curation.submission import read_upload
from armsflow.dataset.dataset import labels
from armsflow.dataset.loader import SHIPPED, build, load
from armsflow.package.checks import check
from armsflow.package.package import read_package
from armsflow.picture.plate import make_plate
from armsflow.selection import selection
from armsflow.selection.numbering import picture_number, read_number
from armsflow.selection.selection import Selection
from tests import tiny
from tests.briefing.selected import NOTHING, RECOUNT, asked, forty, marked_and_own
from tests.browser.recount import Recount
from tests.forms import ROWS, workbook

MAKERS = briefing.writers(None)
FINE = Selection(weapon=("manpads",), destinations=("mali", "algeria"))


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("package") / "package")


@pytest.fixture(scope="module")
def odd(package, small):
    return marked_and_own(small, make_plate(small, package))


def unpacked(prepared, folder):
    archive = zipfile.ZipFile(io.BytesIO(MAKERS["datapackage.zip"](prepared)))
    archive.extractall(folder)
    return folder


def read_parquet(prepared):
    content = io.BytesIO(MAKERS["parquet"](prepared))
    about = {
        key.decode(): value.decode() for key, value in pq.read_metadata(content).metadata.items()
    }
    return pd.read_parquet(content), about


def test_a_data_package_of_a_selection_counts_what_the_page_counts(shipped, plate, tmp_path):
    for number, chosen in enumerate(forty(shipped)):
        prepared = briefing.prepare(chosen, shipped, plate)
        folder = unpacked(prepared, tmp_path / str(number))
        rows = RECOUNT.rows(asked(chosen, shipped))
        # Every rule on some of them, since the basemap is the same each time.
        package, problems = read_package(folder) if number % 4 else check(folder)
        assert problems == []
        loaded = build(package)
        assert list(loaded.incidents.index) == [row["incident_id"] for row in rows]
        assert loaded.totals == prepared.shown.totals
        again = selection.apply(loaded, replace(chosen, focus=""))
        assert again.totals == prepared.shown.totals
        assert list(again.corridors.index) == list(prepared.shown.corridors.index)
        if rows:
            cut = Recount(folder)
            assert cut.rows(asked(chosen, shipped)) == cut.incidents


def test_the_data_package_of_nothing_is_drawn_as_nothing(shipped, plate, tmp_path):
    folder = unpacked(briefing.prepare(NOTHING, shipped, plate), tmp_path)
    loaded = load(folder)
    first, last = selection.year_range(loaded)
    assert first == last == int(shipped.created[:4])
    drawn_on = make_plate(loaded, folder)
    prepared = briefing.prepare(Selection(), loaded, drawn_on)
    assert "no documented incident found" in prepared.picture.sentence.headline
    assert loaded.totals.events == 0
    assert not prepared.picture.lines
    makers = briefing.writers(prepare_ground(drawn_on.basemap, drawn_on.fills, drawn_on.names))
    assert {ending for ending, write in makers.items() if not write(prepared)} == set()
    number = picture_number(Selection(), loaded)
    assert read_number(number, loaded).selection == Selection()


@pytest.mark.parametrize("chosen", [Selection(), FINE, NOTHING], ids=["all", "some", "none"])
def test_a_data_package_has_what_its_rows_refer_to_and_nothing_else(
    chosen, shipped, plate, tmp_path
):
    prepared = briefing.prepare(chosen, shipped, plate)
    original, _ = read_package(SHIPPED)
    cut, problems = check(unpacked(prepared, tmp_path))
    assert problems == []
    for name, table in cut.tables.items():
        columns = [column for column in table if column not in {"distinct_from", "lat", "lon"}]
        rows = set(table[columns].itertuples(index=False, name=None))
        assert rows <= set(original.tables[name][columns].itertuples(index=False, name=None))
        if name in WITHOUT_INCIDENTS:
            assert table.empty
    used = {
        *cut.tables["incidents"]["place_id"],
        *cut.tables["waypoints"]["place_id"],
    }
    assert set(cut.tables["places"]["place_id"]) == used
    cited = {
        source
        for name in ("incidents", "items", "corridors", "origins")
        for column in {"source_ids", "note_source_ids"} & set(cut.tables[name])
        for cell in cut.tables[name][column]
        for source in cell.split(";")
    }
    assert set(cut.tables["sources"]["source_id"]) == cited - {""}
    for name in ("items", "reviews", "origins"):
        assert set(cut.tables[name]["incident_id"]) <= set(cut.tables["incidents"]["incident_id"])


def test_everything_selected_is_the_package_as_it_was(shipped, plate, tmp_path):
    prepared = briefing.prepare(Selection(), shipped, plate)
    cut, _ = read_package(unpacked(prepared, tmp_path))
    original, _ = read_package(SHIPPED)
    for name in ("incidents", "items", "corridors", "reviews", "origins", "corrections"):
        assert cut.texts[name] == original.texts[name]


def test_a_data_package_says_what_was_selected_and_passes_the_second_opinion(
    shipped, plate, tmp_path, capsys
):
    prepared = briefing.prepare(FINE, shipped, plate, "https://example.org/flows", "OFFICIAL")
    folder = unpacked(prepared, tmp_path)
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert described["selection"] == dict(briefing.briefing_words(prepared))
    assert described["selection"]["Picture number"] == prepared.caption.number
    assert described["selection"]["Marking"] == "OFFICIAL"
    for key in ("version", "created", "licenses"):
        assert described[key] == shipped.descriptor[key]
    guide = (folder / "README.md").read_text("utf-8")
    assert all(words in guide for words in described["selection"].values())
    assert __main__.main(["check", str(folder)]) == 0
    assert "Held:" in capsys.readouterr().out
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["taskName", "type", "note"])[:3]


def test_rows_of_a_readers_own_stay_marked_as_such(small, package, tmp_path):
    published, _ = read_package(package)
    taken = read_upload("rows.xlsx", workbook(published, ROWS), published, date(2026, 11, 24))
    own = build(taken.package)
    prepared = briefing.prepare(Selection(), own, make_plate(small, package))
    folder = unpacked(prepared, tmp_path / "whole")
    assert load(folder).unpublished == own.unpublished
    without = briefing.prepare(FINE, own, make_plate(small, package))
    few = load(unpacked(without, tmp_path / "few"))
    assert few.unpublished == own.unpublished & set(few.incidents.index)
    rows, _ = read_parquet(prepared)
    assert set(rows.loc[~rows["published"], "incident_id"]) == own.unpublished


# ---------------------------------------------------------------- Parquet


def test_parquet_has_every_item_of_the_incidents_shown(shipped, plate):
    for chosen in forty(shipped)[:12]:
        prepared = briefing.prepare(chosen, shipped, plate)
        rows, _ = read_parquet(prepared)
        shown = {row["incident_id"] for row in RECOUNT.rows(asked(chosen, shipped))}
        items = [item for item in RECOUNT.items if item["incident_id"] in shown]
        assert list(zip(rows["incident_id"], rows["seq"].astype(str), strict=True)) == [
            (item["incident_id"], item["seq"]) for item in items
        ]
        wanted = selection.chosen_types(shipped, chosen.weapon)
        assert list(rows["matches"]) == [item["weapon_type"] in wanted for item in items]
        assert list(rows["note"]) == [item["note"] for item in items]
        quantities = [int(item["quantity"]) if item["quantity"] else None for item in items]
        assert [None if pd.isna(one) else one for one in rows["quantity"]] == quantities
        counted = rows.loc[rows["scope"] == "event", "incident_id"].nunique()
        assert counted == prepared.shown.totals.events


def test_parquet_has_the_words_of_every_code(shipped, plate):
    rows, _ = read_parquet(briefing.prepare(Selection(), shipped, plate))
    coded = Counter()
    for table in ("items", "incidents"):
        [fields] = [r["schema"]["fields"] for r in shipped.descriptor["resources"]
                    if r["name"] == table]  # fmt: skip
        for field in fields:
            if known := labels(shipped, table, field["name"]):
                expected = [known.get(code, "") for code in rows[field["name"]]]
                assert list(rows[f"{field['name']}_label"]) == expected
                coded[table] += 1
    assert coded["items"] > 1
    assert coded["incidents"] > 5
    assert list(rows["weapon_type_label"]) == list(
        rows["weapon_type"].map(shipped.weapon_types["label"])
    )
    known = shipped.incidents.loc[rows["incident_id"]]
    for day in ("first_day", "last_day"):
        assert list(rows[day]) == list(known[day].dt.date)
    assert list(rows["lat"]) == list(known.geometry.y)


def test_parquet_says_what_it_is(odd):
    rows, about = read_parquet(odd)
    assert about.items() >= dict(briefing.briefing_words(odd)).items()
    assert set(rows["marking_of_file"]) == {"OFFICIAL & <TEST>"}
    assert "Seen once." in set(rows["note"])
    assert set(rows.loc[~rows["published"], "incident_id"]) == odd.whole.unpublished


def test_parquet_of_nothing_has_the_same_columns(shipped, plate):
    nothing, _ = read_parquet(briefing.prepare(NOTHING, shipped, plate))
    everything, _ = read_parquet(briefing.prepare(Selection(), shipped, plate))
    assert nothing.empty
    assert list(nothing) == list(everything)


@pytest.mark.parametrize("ending", ["datapackage.zip", "parquet"])
def test_the_same_rows_give_the_same_bytes(ending, shipped, plate):
    first, again = (MAKERS[ending](briefing.prepare(FINE, shipped, plate)) for _ in range(2))
    assert first == again
