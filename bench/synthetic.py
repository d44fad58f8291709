"""Made-up data packages of any size, for measurements only.

Run with ``python -m bench.synthetic FOLDER --items 1000000``. Whole shipped incidents are drawn
with replacement, each with all its items, so that everything that hangs together (destination,
route, kind of event, basis of the link, scope, weapon types, quantities and their gaps, number of
sources) keeps its shape. Dates, places and sources are drawn anew so that every rule of
:mod:`armsflow.package.checks` holds. Nothing in such a package happened, and every file written
here says so in its own text; the base map is copied as it is.
"""

import argparse
import json
import math
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from armsflow.dataset.loader import SHIPPED
from armsflow.package import basemap
from armsflow.package.package import DESCRIPTOR, FURTHER_TABLES, Package, read_package

LARGE = 1_000_000
"""Items at which a package has the places and sources named next, and never more."""
LARGE_PLACES = 10_000
LARGE_SOURCES = 20_000

JITTER = {"place": 0.15, "district": 0.3, "region": 0.8, "country": 1.5}
"""Standard deviation, in degrees, of a copied place around its original, by precision."""
JITTER_ROUNDS = 12
"""Tries to find a copy inside the outline; the deviation is halved after each."""

DELAY = 0.03
"""Mean distance from an incident to its first source, as a share of all sources in time."""
SPREAD = 5
"""Largest distance, in sources, between two that report the same incident."""

REDRAWS = 3
"""Times that an incident which looks like another one gets another place and date."""

MADE_UP = "Synthetic: made up for measurements, documents nothing."
COPIED = "Synthetic package: copied for measurements, with made-up sources."
FILLER = " This sentence only gives the text its usual length."
SAYING = {
    "weapon_types": "definition",
    "corridors": "description",
    "figures": "note",
    "timeline": "summary",
    "claims": "note",
    "reports": "locator",
}
"""The column in which each copied table says that it is one."""

README = """\
# Synthetic data package

Made up for measurements by `python -m bench.synthetic` with {items:,} items and seed {seed}. It
documents nothing: no incident in it happened, no source in it exists, and its places are shifted
copies. Corridors, figures, timeline, claims and reports are copies that cite made-up sources. Never
quote it, and never show it as data.
"""

Days = npt.NDArray[np.datetime64]
Numbers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Drawn:
    """A table that was made, and what the others need to refer to it.

    Parameters
    ----------
    table
        Columns as in the file, in no order.
    template
        Row number of the shipped record that each row was made from.
    days
        First day of each row's date, where the table has one.
    """

    table: pd.DataFrame
    template: Numbers
    days: Days


def write(directory: Path, items: int, seed: int = 1) -> Path:
    """Write a synthetic data package.

    Parameters
    ----------
    directory
        Where to write; made if need be.
    items
        Rows of ``items.csv``, at least 1. Incidents follow as in the shipped package, about 183
        for 499 items. Places and sources grow by a power of the items, from their shipped number
        to 10,000 and 20,000 at a million items (about the square root), and stay there.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    directory
        The folder that was written.

    Raises
    ------
    FileExistsError
        If the folder is not empty: nothing is ever overwritten.
    ValueError
        If `items` is less than 1, or the shipped package cannot be read.
    """
    if items < 1:
        raise ValueError("A package has at least one item.")
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise FileExistsError(f"{directory} is not empty. Name another folder.")
    shipped, problems = read_package(SHIPPED)
    if shipped is None:
        raise ValueError("\n".join(map(str, problems)))
    chance = np.random.default_rng(seed)
    sources = _sources(shipped, items, chance)
    places = _places(shipped, items, chance)
    incidents = _incidents(shipped, items, places, sources, chance)
    tables = {
        "sources": sources.table,
        "places": places.table.sort_values("place_id"),
        "incidents": incidents.table,
        "items": _items(shipped, incidents),
        **_copies(shipped, sources),
    }
    shutil.copytree(
        SHIPPED / "basemap", directory / "basemap", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name, table in tables.items():
        columns = [field["name"] for field in shipped.fields(name)]
        table[columns].to_csv(
            directory / shipped.resource(name)["path"], index=False, lineterminator="\n"
        )
    text = json.dumps(_descriptor(shipped, items, seed), ensure_ascii=False, indent=2)
    (directory / DESCRIPTOR).write_text(text + "\n", encoding="utf-8")
    readme = README.format(items=items, seed=seed)
    (directory / "README.md").write_text(readme, encoding="utf-8")
    return directory


def grown(shipped: int, large: int, shipped_items: int, items: int) -> int:
    """Return how many places or sources a package has: a power of its items, between both ends.

    Examples
    --------
    >>> [grown(159, 10_000, 499, items) for items in (100, 499, 20_000, 1_000_000, 2_000_000)]
    [159, 159, 1188, 10000, 10000]
    """
    share = math.log(items / shipped_items) / math.log(LARGE / shipped_items)
    return round(shipped * (large / shipped) ** min(max(share, 0), 1))


# ---------------------------------------------------------------- sources


def _sources(shipped: Package, items: int, chance: np.random.Generator) -> Drawn:
    """Draw sources: every shipped one once, then copies; each with another day."""
    originals = shipped.tables["sources"]
    count = grown(len(originals), LARGE_SOURCES, len(shipped.tables["items"]), items)
    more = chance.integers(len(originals), size=count - len(originals))
    template = np.concatenate([np.arange(len(originals)), more])
    table = originals.iloc[template].reset_index(drop=True)
    dated = originals.loc[originals["published"] != "", "published"]
    latest = _first_days(dated).max()
    days = _draw_days(_years(dated), latest, count, chance)
    days = _as_precise(days, table["published"])
    number = _counted(count, 5)
    publishers = pd.Series(pd.factorize(originals["publisher"])[0] + 1).astype("str")
    table["source_id"] = "synthetic-source-" + number
    table["title"] = "Synthetic: document " + number + ", made up for measurements"
    table["publisher"] = "Synthetic publisher " + publishers.iloc[template].to_numpy()
    table["published"] = _written(days, table["published"])
    table["document_symbol"] = table["document_symbol"].where(
        table["document_symbol"] == "", "SYNTHETIC/" + number
    )
    table["url"] = "https://example.org/synthetic/" + number
    return Drawn(table, template, days)


# ---------------------------------------------------------------- places


def _places(shipped: Package, items: int, chance: np.random.Generator) -> Drawn:
    """Draw places: every shipped one once, then copies around those where incidents lie."""
    originals = shipped.tables["places"].reset_index(drop=True)
    count = grown(len(originals), LARGE_PLACES, len(shipped.tables["items"]), items)
    lies = _positions(originals["place_id"], shipped.tables["incidents"]["place_id"])
    more = chance.choice(lies, size=count - len(originals))
    # Copies of one place are next to each other, so that an incident's can be counted off.
    template = np.sort(np.concatenate([np.arange(len(originals)), more]))
    is_copy = pd.Series(template).duplicated().to_numpy()
    table = originals.iloc[template].reset_index(drop=True)
    points = table[["lon", "lat"]].to_numpy(dtype="float64")
    points[is_copy] = _shifted(table[is_copy], points[is_copy], chance)
    moved = pd.DataFrame(points, columns=["lon", "lat"]).astype("str")
    number = _counted(count, 5)
    for column in ("lon", "lat"):
        table[column] = table[column].where(~is_copy, moved[column])
    table["place_id"] = (
        "synthetic-" + table["place_id"] + ("-copy-" + number).where(is_copy, "").astype("str")
    )
    table["name"] = table["name"] + " (synthetic" + (" " + number).where(is_copy, "") + ")"
    table["note"] = MADE_UP
    return Drawn(table, template, np.empty(0, "datetime64[D]"))


def _shifted(
    places: pd.DataFrame, points: npt.NDArray[np.float64], chance: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Move points at random, each within its outline or at sea; longitude and latitude."""
    land = basemap.read_land(SHIPPED)
    tree = shapely.STRtree(land.geometry.to_numpy())
    own = np.full(len(places), -1)
    on_land = (places["surface"] == "land").to_numpy()
    # The nearest outline of the country: Sinai has a separate one, and a copy must not leave it.
    for country in places.loc[on_land, "country"].unique():
        rows = np.flatnonzero(on_land & (places["country"] == country).to_numpy())
        areas = np.flatnonzero(land["iso3"] == country)
        outlines = land.geometry.to_numpy()[areas]
        distances = [
            shapely.distance(outline, shapely.points(points[rows])) for outline in outlines
        ]
        own[rows] = areas[np.argmin(distances, axis=0)]
    deviation = places["precision"].map(JITTER).to_numpy(dtype="float64")[:, None]
    shifted = points.copy()
    waiting = np.arange(len(places))
    for attempt in range(JITTER_ROUNDS):
        # Tried as written: three decimals, about a hundred metres.
        step = chance.normal(size=(len(waiting), 2)) * deviation[waiting] / 2**attempt
        tried = (points[waiting] + step).round(3)
        found, area = tree.query(shapely.points(tried), predicate="intersects")
        fits = own[waiting] == -1
        fits[found] = False
        fits[found[area == own[waiting][found]]] = True
        shifted[waiting[fits]] = tried[fits]
        waiting = waiting[~fits]
    return shifted


# ---------------------------------------------------------------- incidents


def _incidents(
    shipped: Package, items: int, places: Drawn, sources: Drawn, chance: np.random.Generator
) -> Drawn:
    """Draw incidents until they have `items` items; sorted by identifier."""
    originals = shipped.tables["incidents"].reset_index(drop=True)
    owners = _positions(originals["incident_id"], shipped.tables["items"]["incident_id"])
    sizes = np.bincount(owners, minlength=len(originals))
    template = chance.integers(len(originals), size=items)
    filled = np.cumsum(sizes[template])
    template = template[filled <= items]
    missing = items - int(sizes[template].sum())
    template = np.concatenate([template, chance.choice(np.flatnonzero(sizes == 1), missing)])

    table = originals.iloc[template].reset_index(drop=True)
    kinds = shipped.tables["items"].groupby(owners)["weapon_type"].agg(frozenset)
    table["kinds"] = pd.factorize(kinds)[0][template]
    place = np.empty(len(table), "int64")
    days = np.empty(len(table), "datetime64[D]")
    written = table["date"].copy()
    again = np.arange(len(table))
    for _ in range(1 + REDRAWS):
        place[again] = _draw_places(originals, template[again], places, chance)
        days[again] = _draw_starts(originals, template[again], sources, chance)
        written.iloc[again] = _written(days[again], table["date"].iloc[again])
        twins = pd.DataFrame({"date": written, "place": place, "kinds": table["kinds"]})
        again = np.flatnonzero(twins.duplicated())
    table["date_end"] = _ends(table, days)
    table["date"] = written
    table["place_id"] = places.table["place_id"].to_numpy()[place]
    table["source_ids"] = _draw_sources(table, days, sources, chance)

    number = _counted(len(table), 7)
    table["incident_id"] = table["date"] + "-synthetic-" + number
    words = table["event_type"].str.replace("_", " ")
    table["title"] = "Synthetic: " + words + " no. " + number + ", made up for measurements"
    lengths = originals["summary"].str.len()
    sentences = ((lengths - len(MADE_UP)) / len(FILLER)).round().astype("int64")
    padded = MADE_UP + pd.Series([FILLER * count for count in sentences])
    table["summary"] = padded.iloc[template].to_numpy()

    order = table["incident_id"].argsort().to_numpy()
    table = table.iloc[order].reset_index(drop=True)
    # What still looks like an earlier incident says that it is another one.
    looks = table.groupby(["date", "place_id", "kinds"], sort=False)["incident_id"]
    first = looks.transform("first")
    table["distinct_from"] = first.where(first != table["incident_id"], "")
    return Drawn(table, template[order], days[order])


def _draw_places(
    originals: pd.DataFrame, template: Numbers, places: Drawn, chance: np.random.Generator
) -> Numbers:
    """Choose among the copies of the place where the shipped incident lies."""
    names = "synthetic-" + originals["place_id"]
    first = _positions(places.table["place_id"], names)
    count = np.bincount(places.template)[places.template[first]]
    chosen: Numbers = first[template] + chance.integers(count[template])
    return chosen


def _draw_starts(
    originals: pd.DataFrame, template: Numbers, sources: Drawn, chance: np.random.Generator
) -> Days:
    """Draw the first day of each incident, so early that its end is not after the last source."""
    # The end of the last shipped year would leave the last incidents without a later source.
    latest = sources.days[(sources.table["published"] != "").to_numpy()].max()
    lasting = _lasting(originals)[template]
    days = _draw_days(_years(originals["date"]), latest - lasting, len(template), chance)
    return _as_precise(days, originals["date"].iloc[template])


def _lasting(incidents: pd.DataFrame) -> npt.NDArray[np.timedelta64]:
    """Return the days from the first day of an incident to the middle of its stated end."""
    ends = incidents["date_end"].where(incidents["date_end"] != "", incidents["date"])
    middle = ends.str.len().map({4: 182, 7: 14, 10: 0}).to_numpy().astype("timedelta64[D]")
    lasting: npt.NDArray[np.timedelta64] = (
        _first_days(ends) + middle - _first_days(incidents["date"])
    )
    return lasting


def _ends(table: pd.DataFrame, days: Days) -> pd.Series:
    """Move each stated end with its start; `table` still has the shipped dates."""
    ends = _written(days + _lasting(table), table["date_end"])
    return ends.where(table["date_end"] != "", "")


def _draw_sources(
    table: pd.DataFrame, days: Days, sources: Drawn, chance: np.random.Generator
) -> Texts:
    """Give each incident as many sources as its original has, the first published after it."""
    in_time = np.argsort(sources.days, kind="stable")
    names = sources.table["source_id"].to_numpy(dtype="object")[in_time]
    count = len(names)
    earliest = np.searchsorted(sources.days[in_time], days)
    later = chance.exponential(DELAY * count, len(table)).astype("int64")
    first = earliest + later % (count - earliest)
    apart = chance.integers(1, SPREAD + 1, len(table))
    wanted = (table["source_ids"].str.count(";") + 1).to_numpy()
    joined: Texts = names[first]
    for further in range(1, int(wanted.max())):
        rows = np.flatnonzero(wanted > further)
        joined[rows] += ";" + names[(first[rows] - further * apart[rows]) % count]
    return joined


# ---------------------------------------------------------------- the other tables


def _items(shipped: Package, incidents: Drawn) -> pd.DataFrame:
    """Give each incident the items of the one that it was made from."""
    originals = shipped.tables["items"].reset_index(drop=True)
    owners = _positions(
        shipped.tables["incidents"]["incident_id"].reset_index(drop=True), originals["incident_id"]
    )
    sizes = np.bincount(owners)
    starts = np.searchsorted(owners, np.arange(len(sizes)))
    taken = sizes[incidents.template]
    before = np.cumsum(taken) - taken
    rows = np.repeat(starts[incidents.template] - before, taken) + np.arange(taken.sum())
    table = originals.iloc[rows].reset_index(drop=True)
    owner = np.repeat(np.arange(len(taken)), taken)
    table["incident_id"] = incidents.table["incident_id"].to_numpy()[owner]
    noted = np.flatnonzero(table["note"] != "")
    cited = incidents.table["source_ids"].iloc[owner[noted]].str.replace(r";.*", "", regex=True)
    table.loc[noted, "note"] = MADE_UP
    table.loc[noted, "note_source_ids"] = cited.to_numpy()
    return table


def _copies(shipped: Package, sources: Drawn) -> dict[str, pd.DataFrame]:
    """Copy the tables that do not grow; they say that they are copies, and cite made-up sources."""
    originals = shipped.tables["sources"]["source_id"]
    renamed = dict(zip(originals, sources.table["source_id"].iloc[: len(originals)], strict=True))
    copies = {}
    for name in ("destinations", "waypoints", *SAYING):
        table = shipped.tables[name].copy()
        for column in ("source_ids", "source_id", "other_source_ids"):
            if column in table:
                table[column] = [
                    ";".join(renamed[part] for part in value.split(";") if part)
                    for value in table[column]
                ]
        if name == "destinations":
            table["label"] += " (synthetic)"
        elif name == "waypoints":
            table["place_id"] = "synthetic-" + table["place_id"]
        else:
            table[SAYING[name]] = (COPIED + " " + table[SAYING[name]]).str.strip()
        copies[name] = table
    return copies


def _descriptor(shipped: Package, items: int, seed: int) -> dict[str, Any]:
    """Describe the package: the shipped schemas, without what only the shipped rows must meet."""
    described: dict[str, Any] = json.loads(json.dumps(shipped.descriptor))
    described["name"] += "-synthetic"
    described["title"] = f"Synthetic: {described['title']}"
    described["description"] = (
        f"{MADE_UP} Written by bench/synthetic.py with {items} items and seed {seed}, in the form "
        "of the shipped package."
    )
    described["version"] = "0.0.0-synthetic"
    described["sources"] = [
        source for source in described["sources"] if source["path"] != "sources.csv"
    ]
    described["resources"] = [
        resource for resource in described["resources"] if resource["name"] not in FURTHER_TABLES
    ]
    for resource in described["resources"]:
        resource.pop("expectations", None)
        if "schema" in resource:
            resource["description"] = f"Synthetic: {resource['description']}"
    return described


# ---------------------------------------------------------------- dates and numbers


def _first_days(dates: pd.Series) -> Days:
    """Return the first day that each partial date may mean; numpy fills in January and the 1st."""
    return dates.to_numpy(dtype="str").astype("datetime64[D]")


def _years(dates: pd.Series) -> Numbers:
    return dates.str[:4].astype("int64").to_numpy()


def _draw_days(years: Numbers, latest: Any, count: int, chance: np.random.Generator) -> Days:
    """Draw days in the years of other records, none after `latest` (one day, or one for each)."""
    january = (chance.choice(years, count) - 1970).astype("datetime64[Y]")
    length = ((january + 1).astype("datetime64[D]") - january.astype("datetime64[D]")).astype(int)
    days = january.astype("datetime64[D]") + (chance.random(count) * length).astype("int64")
    excess = np.maximum((days - latest).astype("int64"), 0)
    earlier: Days = days - 365 * -(-excess // 365)
    return earlier


def _as_precise(days: Days, like: pd.Series) -> Days:
    """Return the first day of each day's year or month, where `like` has no more."""
    precision = like.str.len().to_numpy()
    return np.select(
        [precision == 4, precision == 7],
        [
            days.astype("datetime64[Y]").astype("datetime64[D]"),
            days.astype("datetime64[M]").astype("datetime64[D]"),
        ],
        days,
    )


def _written(days: Days, like: pd.Series) -> pd.Series:
    """Write days as precisely as the dates in `like`."""
    written = pd.Series(days.astype("str"), index=like.index, dtype="str")
    length = like.str.len()
    for precision in (0, 4, 7):
        written = written.where(length != precision, written.str[:precision])
    return written


def _counted(count: int, digits: int) -> pd.Series:
    return pd.Series(np.arange(1, count + 1)).astype("str").str.zfill(digits)


def _positions(known: pd.Series, wanted: pd.Series) -> Numbers:
    """Return the row number of each wanted identifier."""
    return pd.Index(known).get_indexer(pd.Index(wanted)).astype("int64")


def main() -> None:
    """Write a package where the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bench.synthetic", description=__doc__)
    parser.add_argument("directory", type=Path, metavar="FOLDER")
    parser.add_argument("--items", type=int, required=True, help="rows of items.csv")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    try:
        print(write(asked.directory, asked.items, asked.seed))
    except (FileExistsError, ValueError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
