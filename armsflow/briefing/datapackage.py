"""The rows of a selection for analysis: a data package cut to it, and its items as Parquet."""

import io
import json
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from armsflow.briefing.tables import source_lines
from armsflow.dataset.dataset import Dataset, labels
from armsflow.package import basemap
from armsflow.package.archive import Archive
from armsflow.package.package import DESCRIPTOR, UNPUBLISHED
from armsflow.package.tables import write_csv

SELECTION = "selection"
"""Property of ``datapackage.json`` that says what was selected."""

DERIVED_ITEM: Final = ("group", "matches")
DERIVED: Final = (
    "first_day", "last_day", "place", "country", "precision", "lat", "lon", "published", "sources",
)  # fmt: skip
"""Columns of an item, and of its incident, that the package does not have in these tables."""

WITHOUT_INCIDENTS = ("figures", "timeline", "claims", "reports")
"""Tables whose rows belong to no incident: in a selection they have none."""


def package_zip(
    shown: Dataset, whole: Dataset, ground: basemap.Basemap, about: dict[str, str]
) -> bytes:
    """Write what is shown as a data package in a ZIP; unpacked, it passes every check.

    Parameters
    ----------
    shown, whole
        The dataset after a selection and before it.
    ground
        The basemap of the package.
    about
        What the package says about itself, by heading.
    """
    tables = _tables(shown, whole)
    # Written from what is in memory: the files may be those of the next edition already.
    files = {
        f"basemap/{name}.json": getattr(ground, name).to_json(drop_id=True)
        for name in basemap.COLUMNS
    }
    files[basemap.COURSES] = json.dumps(ground.courses)
    resources = []
    for resource in whole.descriptor["resources"]:
        if "schema" in resource:
            table = _as_text(tables[resource["name"]], resource["schema"]["fields"])
            files[resource["path"]] = write_csv(table)
        if resource["path"] in files:
            resources.append({k: v for k, v in resource.items() if k != "expectations"})
    descriptor = whole.descriptor | {
        "name": f"{whole.descriptor.get('name', 'armsflow')}-selection",
        SELECTION: about,
        "resources": resources,
    }
    if UNPUBLISHED in descriptor:
        descriptor[UNPUBLISHED] = {
            name: [one for one in rows if one in tables[name].index] if name in tables else rows
            for name, rows in descriptor[UNPUBLISHED].items()
        }
    files[DESCRIPTOR] = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    said = "".join(f"- {heading}: {words}\n" for heading, words in about.items())
    files["README.md"] = f"A selection of `{whole.descriptor.get('name', 'armsflow')}`.\n\n{said}"
    stream = io.BytesIO()
    with Archive(stream) as archive:
        for path, text in files.items():
            archive.writestr(path, text.encode())
    return stream.getvalue()


def _tables(shown: Dataset, whole: Dataset) -> dict[str, pd.DataFrame]:
    """Cut every table to the incidents and corridors shown, and to what their rows refer to."""
    tables: dict[str, pd.DataFrame] = {
        resource["name"]: getattr(whole, resource["name"])
        for resource in whole.descriptor["resources"]
        if "schema" in resource and resource["name"] not in {"incidents", "items"}
    }
    ids = set(shown.incidents.index)
    tables["incidents"] = shown.incidents.assign(
        distinct_from=[
            tuple(one for one in others if one in ids)
            for others in shown.incidents["distinct_from"]
        ]
    )
    tables["items"] = shown.items
    tables["corridors"] = shown.corridors
    legs = whole.waypoints
    tables["waypoints"] = legs[legs["corridor_id"].isin(shown.corridors.index)]
    placed = {*shown.incidents["place_id"], *tables["waypoints"]["place_id"]}
    tables["places"] = whole.places[whole.places.index.isin(placed)]
    for name in WITHOUT_INCIDENTS:
        tables[name] = tables[name].iloc[:0]
    if "reviews" in tables:
        tables["reviews"] = whole.reviews[whole.reviews.index.isin(ids)]
    if "origins" in tables:
        tables["origins"] = whole.origins[whole.origins["incident_id"].isin(ids)]
    cited = {
        source
        for name in ("incidents", "items", "corridors", "origins")
        for column in ("source_ids", "note_source_ids")
        if column in tables.get(name, ())
        for sources in tables[name][column]
        for source in sources
    }
    tables["sources"] = whole.sources[whole.sources.index.isin(cited)]
    if "corrections" in tables:
        kept = {*ids, *placed, *cited, *shown.corridors.index}
        tables["corrections"] = whole.corrections[whole.corrections["record"].isin(kept)]
    return tables


def _as_text(table: pd.DataFrame, fields: list[dict[str, Any]]) -> pd.DataFrame:
    """Write the columns of a table as their file has them."""

    def text(value: Any, field: dict[str, Any]) -> str:
        if isinstance(value, tuple):
            return str(field["delimiter"]).join(value)
        if isinstance(value, bool):
            return str(value).lower()
        if pd.isna(value):
            return ""
        return f"{value:.12g}" if isinstance(value, float) else str(value)

    columns = table.reset_index()
    return pd.DataFrame(
        {
            field["name"]: pd.Series(
                [text(one, field) for one in columns[field["name"]]], dtype="str"
            )
            for field in fields
        }
    )


def parquet(shown: Dataset, about: dict[str, str], marking: str = "") -> bytes:
    """Write every item of the incidents shown as one row, with its incident, as Parquet.

    Codes have their words beside them, in a column that ends in ``_label``. ``matches`` tells
    whether the item is of a weapon type that was asked for.

    Parameters
    ----------
    shown
        The dataset after a selection.
    about
        What the file says about itself, in its metadata.
    marking
        Protective marking of every row; empty for none.
    """
    fields = {
        resource["name"]: [field["name"] for field in resource["schema"]["fields"]]
        for resource in shown.descriptor["resources"]
        if resource["name"] in {"items", "incidents"}
    }
    incidents = pd.DataFrame(shown.incidents).assign(
        published=~shown.incidents.index.isin(shown.unpublished),
        lat=shown.incidents.geometry.y,
        lon=shown.incidents.geometry.x,
        **{day: shown.incidents[day].dt.date for day in ("first_day", "last_day")},
    )
    lines = source_lines(shown)
    incidents["sources"] = [[lines[one] for one in cited] for cited in incidents["source_ids"]]
    joined = shown.items.join(incidents, on="incident_id")
    names = {
        "weapon_type": dict(shown.weapon_types["label"]),
        "destination": dict(shown.destinations["label"]),
        "group": labels(shown, "weapon_types", "group"),
        "precision": labels(shown, "places", "precision"),
    }
    names |= {
        field: known
        for name, listed in fields.items()
        for field in listed
        if (known := labels(shown, name, field))
    }
    rows = pd.DataFrame({"marking_of_file": marking}, index=joined.index) if marking else joined[[]]
    for field in dict.fromkeys([*fields["items"], *DERIVED_ITEM, *fields["incidents"], *DERIVED]):
        rows[field] = joined[field]
        if field in names:
            rows[f"{field}_label"] = joined[field].map(names[field]).fillna("")
    table = pa.Table.from_pandas(rows, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **about})
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()
