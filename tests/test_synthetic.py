"""Made-up packages: valid, shaped like the shipped one, the same every time, and marked."""

import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import shapely

from armsflow.dataset.loader import SHIPPED
from armsflow.package import basemap, dates
from armsflow.package.checks import check
from armsflow.package.package import FURTHER_TABLES, TABLES
from bench import synthetic

ITEMS = 2000
POINTS = 0.05
"""Largest difference of two shares; about three standard deviations at this size."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic.write(tmp_path_factory.mktemp("synthetic") / "package", ITEMS)


@pytest.fixture(scope="module")
def made(folder: Path) -> SimpleNamespace:
    """The tables of a made-up package."""
    return tables(folder)


@pytest.fixture(scope="module")
def original() -> SimpleNamespace:
    """The tables of the shipped package."""
    return tables(SHIPPED)


def tables(folder):
    """Read tables as text, incidents with what their places say, items with their groups."""
    incidents, items, places, sources, types = (
        read(folder, name) for name in ("incidents", "items", "places", "sources", "weapon_types")
    )
    located = places.set_index("place_id")[["country", "precision"]]
    return SimpleNamespace(
        incidents=incidents.join(located, on="place_id"),
        items=items.join(types.set_index("weapon_type")["group"], on="weapon_type"),
        places=places.set_index("place_id"),
        sources=sources,
    )


def read(folder, name):
    return pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def assert_same_shares(made, original):
    shares = pd.DataFrame(
        {
            "made": made.value_counts(normalize=True),
            "original": original.value_counts(normalize=True),
        }
    ).fillna(0)
    far = shares[(shares["made"] - shares["original"]).abs() > POINTS]
    assert far.empty, far


@pytest.mark.parametrize("items", [1, 499, ITEMS])
@pytest.mark.parametrize("seed", [2, 3])
def test_every_rule_holds_at_any_size(tmp_path, items, seed):
    package, problems = check(synthetic.write(tmp_path / "package", items, seed))
    assert problems == []
    assert len(package.tables["items"]) == items


def test_it_has_as_many_items_as_asked_and_grows_with_them(made, original):
    assert len(made.items) == ITEMS
    assert len(made.incidents) / ITEMS == pytest.approx(
        len(original.incidents) / len(original.items), rel=0.1
    )
    assert len(made.places) > len(original.places)
    assert len(made.sources) > len(original.sources)


@pytest.mark.parametrize("column", ["destination", "event_type", "link_basis", "scope", "country"])
def test_incidents_keep_their_shares(made, original, column):
    assert_same_shares(made.incidents[column], original.incidents[column])


@pytest.mark.parametrize("column", ["group", "weapon_type", "quantity_qualifier", "unit"])
def test_items_keep_their_shares(made, original, column):
    assert_same_shares(made.items[column], original.items[column])


def test_what_hangs_together_stays_together(made, original):
    def combinations(found):
        columns = ["destination", "corridor_id", "event_type", "link_basis", "scope", "precision"]
        return set(found.incidents[columns].itertuples(index=False, name=None))

    assert combinations(made) <= combinations(original)
    assert len(combinations(made)) > 0.9 * len(combinations(original))


def test_quantities_have_the_same_gaps_and_sizes(made, original):
    assert (made.items["quantity"] == "").mean() == pytest.approx(
        (original.items["quantity"] == "").mean(), abs=POINTS
    )
    assert set(made.items["quantity"]) <= set(original.items["quantity"])


def test_number_of_sources_of_an_incident_keeps_its_shares(made, original):
    of_made, of_original = (
        found.incidents["source_ids"].str.split(";") for found in (made, original)
    )
    assert_same_shares(of_made.map(len), of_original.map(len))
    assert of_made.map(lambda ids: len(set(ids)) == len(ids)).all()


def test_dates_keep_their_precision_and_stay_within_the_shipped_years(made, original):
    for column in ("date", "date_end"):
        assert_same_shares(made.incidents[column].map(len), original.incidents[column].map(len))
    assert_same_shares(made.incidents["date"].str[:4], original.incidents["date"].str[:4])
    years = made.incidents["date"].str[:4]
    last = original.incidents["date"].max()[:4]
    assert original.incidents["date"].min()[:4] <= years.min()
    assert max(years.max(), made.incidents["date_end"].max()[:4]) <= last


def test_periods_end_after_they_begin_and_last_as_long_as_the_shipped_ones(made, original):
    def lasting(found):
        whole = found.incidents[found.incidents["date_end"].str.len() == 10]
        whole = whole[whole["date"].str.len() == 10]
        return set((pd.to_datetime(whole["date_end"]) - pd.to_datetime(whole["date"])).dt.days)

    assert lasting(made) <= lasting(original)
    ended = made.incidents[made.incidents["date_end"] != ""]
    assert len(ended) > 20
    assert all(
        dates.span(end)[1] > dates.span(start)[1]
        for start, end in zip(ended["date"], ended["date_end"], strict=True)
    )


def test_copied_places_lie_apart_but_in_the_country_of_their_original(made, original):
    copies = made.places[made.places.index.str.contains("-copy-")]
    assert len(copies) > 100
    copied = original.places.loc[
        copies.index.str.replace(r"^synthetic-|-copy-\d+$", "", regex=True)
    ]
    for column in ("country", "admin1", "precision", "surface"):
        assert list(copies[column]) == list(copied[column])
    moved = copies[["lat", "lon"]].to_numpy() != copied[["lat", "lon"]].to_numpy()
    assert moved.any(axis=1).mean() > 0.95


def test_no_copy_leaves_sinai(made, original):
    land = basemap.read_land(SHIPPED)
    [sinai] = land.loc[land["area_id"] == "sinai", "geometry"]

    def inside(places):
        points = places[["lon", "lat"]].astype("float64").to_numpy()
        return shapely.contains_xy(sinai, points)

    names = {f"synthetic-{name}" for name in original.places.index[inside(original.places)]}
    copies = made.places[made.places.index.str.replace(r"-copy-\d+$", "", regex=True).isin(names)]
    assert len(copies) > len(names) > 0
    assert inside(copies).all()


def test_places_and_sources_grow_to_a_limit():
    sizes = [synthetic.grown(159, 10_000, 499, items) for items in (1, 499, 10**5, 10**6, 10**7)]
    assert sizes == sorted(sizes)
    assert sizes[:2] == [159, 159]
    assert sizes[3:] == [10_000, 10_000]


def test_the_same_seed_gives_the_same_bytes(folder, tmp_path):
    again = synthetic.write(tmp_path / "again", ITEMS)
    assert contents(again) == contents(folder)


def test_another_seed_gives_other_data(folder, tmp_path):
    other = synthetic.write(tmp_path / "other", ITEMS, seed=2)
    for name in ("incidents", "items", "places", "sources"):
        assert (other / f"{name}.csv").read_bytes() != (folder / f"{name}.csv").read_bytes()


def test_every_file_but_the_base_map_says_that_it_is_synthetic(folder):
    written = {name for name in contents(folder) if not name.startswith("basemap/")}
    assert len(written) == 14
    for name in written:
        assert "synthetic" in (folder / name).read_text("utf-8").lower(), name


def test_the_base_map_is_a_true_copy(folder):
    for path in (SHIPPED / "basemap").glob("*.json"):
        assert (folder / "basemap" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_row_says_that_it_is_synthetic(folder, name):
    rows = read(folder, name)
    said = rows.apply(lambda row: "synthetic" in " ".join(row).lower(), axis=1)
    assert list(rows[~said].index) == []


def test_incidents_places_and_sources_say_what_they_are_in_their_words(folder):
    incidents, places, sources = (read(folder, name) for name in ("incidents", "places", "sources"))
    assert incidents["title"].str.startswith("Synthetic:").all()
    words = "made up for measurements, documents nothing"
    assert incidents["summary"].str.contains(words).all()
    assert places["note"].str.contains(words).all()
    assert places["name"].str.contains("synthetic").all()
    assert sources["title"].str.startswith("Synthetic:").all()
    assert sources["publisher"].str.startswith("Synthetic").all()
    assert sources["url"].str.startswith("https://example.org/").all()


def test_no_shipped_source_is_cited_or_linked(folder):
    shipped = read(SHIPPED, "sources")
    written = "".join(path.read_text("utf-8") for path in folder.glob("*.csv"))
    assert [url for url in shipped["url"] if url in written] == []
    assert [name for name in shipped["source_id"] if f",{name}," in written] == []


def test_the_descriptor_is_the_shipped_one_with_another_name(folder):
    shipped, made = (
        json.loads((where / "datapackage.json").read_text("utf-8")) for where in (SHIPPED, folder)
    )
    assert made["version"] == "0.0.0-synthetic"
    assert made["title"].startswith("Synthetic:")
    assert str(ITEMS) in made["description"]
    assert not any("expectations" in resource for resource in made["resources"])
    assert [resource.get("schema") for resource in made["resources"]] == [
        resource.get("schema")
        for resource in shipped["resources"]
        if resource["name"] not in FURTHER_TABLES
    ]


def test_a_folder_that_holds_anything_is_left_alone(tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(FileExistsError, match="is not empty"):
        synthetic.write(tmp_path, ITEMS)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_a_package_without_items_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one item"):
        synthetic.write(tmp_path / "package", 0)
