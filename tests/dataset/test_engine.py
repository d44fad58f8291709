"""Packages prepared as Parquet, and DuckDB, which answers like pandas."""

import json

import pytest

from armsflow import __main__
from armsflow.dataset import loader, preparation
from armsflow.dataset.loader import SHIPPED, DataError, load
from armsflow.page import search
from armsflow.picture.plate import make_plate
from armsflow.selection.focus import focus_identifiers, in_focus, is_focusable
from tests import engines, tiny
from tests.choices import random_selections


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("prepared") / "shipped"
    assert __main__.main(["prepare", str(SHIPPED), str(target)]) == 0
    return target


@pytest.fixture(scope="module")
def on_disk(folder):
    return load(folder)


def test_duckdb_answers_like_pandas(shipped, on_disk):
    for chosen in random_selections(shipped, 200, seed=5):
        engines.compare(chosen, shipped, on_disk)


def test_duckdb_counts_rows_as_the_tallies_do(shipped, on_disk):
    by_row = engines.counted_by_engine(on_disk)
    for chosen in random_selections(shipped, 25, seed=6):
        engines.compare(chosen, shipped, by_row)


def test_a_prepared_package_is_the_package_it_was_made_from(shipped, on_disk):
    assert on_disk.digest == shipped.digest
    assert on_disk.vocabulary == shipped.vocabulary
    assert on_disk.items["quantity"].isna().any()
    assert set(on_disk.incidents["date"].str.len()) == {4, 7, 10}


def test_every_focus_finds_the_same_rows(shipped, on_disk):
    for focus in focus_identifiers(shipped):
        assert is_focusable(focus, on_disk)
    for focus in focus_identifiers(shipped)[::25]:
        found = [list(one.read(in_focus(focus, one)).index) for one in (shipped, on_disk)]
        assert found[0] == found[1], focus


def test_a_large_package_is_prepared_once_in_the_cache(package, tmp_path, monkeypatch):
    monkeypatch.setattr(loader, "LARGE", 1)
    monkeypatch.setenv("ARMSFLOW_CACHE", str(tmp_path / "cache"))
    first = load(package)
    [folder] = (tmp_path / "cache" / "armsflow").iterdir()
    written = (folder / "incidents.parquet").stat().st_mtime_ns
    second = load(package)
    assert (folder / "incidents.parquet").stat().st_mtime_ns == written
    assert list(first.incidents.index) == list(second.incidents.index)
    tiny.change(package / "incidents.csv", "Two missiles.", "Three missiles.")
    changed = load(package)
    assert changed.incidents.loc["2013-05-gao-missiles", "summary"] == "Three missiles."
    assert len(list((tmp_path / "cache" / "armsflow").iterdir())) == 2


def test_a_large_package_with_a_problem_is_refused_and_leaves_nothing(
    package, tmp_path, monkeypatch
):
    monkeypatch.setattr(loader, "LARGE", 1)
    monkeypatch.setenv("ARMSFLOW_CACHE", str(tmp_path / "cache"))
    tiny.change(package / "incidents.csv", "cache_found", "cache_lost")
    with pytest.raises(DataError, match="row 4"):
        load(package)
    assert list((tmp_path / "cache" / "armsflow").iterdir()) == []


@pytest.mark.parametrize("file", ["incidents.parquet", "sources.csv", "prepared.json"])
@pytest.mark.parametrize("fault", ["changed", "gone"])
def test_a_prepared_package_that_was_touched_is_refused(file, fault, package, tmp_path):
    target = tmp_path / "target"
    assert __main__.main(["prepare", str(package), str(target)]) == 0
    if fault == "gone" and file == preparation.STAMP:
        (target / file).write_text(json.dumps({"form": 0}))
    elif fault == "gone":
        (target / file).unlink()
    else:
        (target / file).write_bytes((target / file).read_bytes()[:-1])
    with pytest.raises(DataError, match=file.replace(".", r"\.")):
        load(target)


def test_preparing_never_overwrites(package, tmp_path, capsys):
    (tmp_path / "there").mkdir()
    assert __main__.main(["prepare", str(package), str(tmp_path / "there")]) == 2
    assert "exists already" in capsys.readouterr().err


def test_a_cluster_needs_a_prepared_package(package):
    with pytest.raises(DataError, match="python -m armsflow prepare"):
        load(package, "spark://127.0.0.1:7077")


def test_an_engine_that_does_not_exist_is_named(package):
    with pytest.raises(DataError, match=r"ARMSFLOW_ENGINE.*spark://host:port"):
        load(package, "postgres://here")


def test_many_places_are_gathered_into_few_marks(shipped):
    used = shipped.incidents["place_id"]
    places = shipped.places.drop(columns="geometry")
    for most in (300, 60, 25):
        spots, spot_of_place = preparation.gather_places(places, used, most)
        assert set(spot_of_place) == set(used)
        assert spots["members"].sum() == used.nunique()
        assert most == 25 or len(spots) <= most
        for place, spot in spot_of_place.items():
            assert places.loc[place, "country"] == places.loc[spot, "country"]
            named = places["precision"] == "place"
            assert named[place] == named[spot]
        assert not spots["name"].str.contains(" and 0 place").any()
    assert (spots["members"] > 1).any()


def test_a_search_finds_titles_weapons_and_sources(shipped, on_disk):
    for words in ("KORNET", "strela gaza", "panel of experts", "' OR 1=1 --", "%", ""):
        found, more = search.hits(words, on_disk)
        assert (found, more) == search.hits(words, shipped), words
        assert len(found) <= search.HITS
    assert search.hits("un", shipped)[1]
    incident = shipped.incidents.iloc[40]
    found, _ = search.hits(incident["title"].upper(), shipped)
    assert incident.name in found


def test_a_large_package_offers_lines_and_marks_and_looks_up_the_rest(shipped, monkeypatch):
    plate = make_plate(shipped, SHIPPED)
    every = search.options(shipped, plate)
    monkeypatch.setattr(search, "OFFERED", 10)
    few = search.options(shipped, plate)
    assert few.items() < every.items()
    assert not set(few) & set(shipped.incidents.index)
    incident = str(shipped.incidents.index[0])
    assert search.words_of(incident, shipped).startswith("2011")
