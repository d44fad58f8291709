"""The rows of a selection for analysis: a data package cut to it, and its items as Parquet."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from armsflow.briefing.tables import source_lines
from armsflow.cache import once
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import _
from armsflow.package import basemap, translations
from armsflow.package.archive import Archive
from armsflow.package.package import DESCRIPTOR, UNPUBLISHED, Package
from armsflow.package.tables import write_csv

WITHOUT_INCIDENTS: Final = ("figures", "timeline", "claims", "reports")
"""Tables whose rows belong to no incident: in a selection they have none."""


def package_zip(shown: Dataset, ground: basemap.Basemap, about: Mapping[str, str]) -> bytes:
    """Write what is shown as a data package in a ZIP; unpacked, it passes every check.

    Parameters
    ----------
    shown
        The dataset after a selection.
    ground
        The basemap of the package.
    about
        What the package says about itself: property ``selection`` of its descriptor.
    """
    described = shown.descriptor
    tables = _tables(shown)
    files = {one["path"]: write_csv(tables[one["name"]]) for one in described["resources"]
             if one["name"] in tables} | _ground_files(ground)  # fmt: skip
    resources = [{key: value for key, value in one.items() if key != "expectations"}
                 for one in described["resources"] if one["path"] in files]  # fmt: skip
    name = f"{described.get('name', 'armsflow')}-selection"
    descriptor = described | {"name": name, "selection": about, "resources": resources}
    if UNPUBLISHED in described:
        kept = {identifier for table in tables.values() for identifier in table.iloc[:, 0]}
        descriptor[UNPUBLISHED] = {
            key: rows if isinstance(rows, str) else [one for one in rows if one in kept]
            for key, rows in described[UNPUBLISHED].items()
        }
    said = (_("{heading}: {words}", heading=_(key), words=words) for key, words in about.items())
    files["README.md"] = "".join(f"- {line}\n" for line in said)
    files[DESCRIPTOR] = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    stream = io.BytesIO()
    with Archive(stream) as archive:
        for path, text in files.items():
            archive.writestr(path, text.encode())
    return stream.getvalue()


@once
def _ground_files(ground: basemap.Basemap) -> dict[str, str]:
    # Written from what is in memory: the files may be those of the next edition already.
    files = {
        f"basemap/{name}.json": getattr(ground, name).to_json(drop_id=True)
        for name in basemap.COLUMNS
    }
    return files | {basemap.COURSES: json.dumps(ground.courses)}


def _tables(shown: Dataset) -> dict[str, pd.DataFrame]:
    """Cut every table to the incidents and corridors shown, and to what their rows refer to."""
    tables = {
        one["name"]: _as_text(getattr(shown, one["name"]).reset_index(), one["schema"]["fields"])
        for one in shown.descriptor["resources"]
        if "schema" in one
    }

    def keep(name: str, column: str, *known: pd.Series) -> None:
        if name in tables:
            tables[name] = tables[name][tables[name][column].isin(pd.concat(known))]

    incidents, routes = tables["incidents"], tables["corridors"]["corridor_id"]
    ids = incidents["incident_id"]
    known = set(ids)
    cut = [
        ";".join(one for one in cell.split(";") if one in known)
        for cell in incidents["distinct_from"]
    ]
    incidents["distinct_from"] = pd.Series(cut, dtype="str")
    keep("reviews", "incident_id", ids)
    keep("origins", "incident_id", ids)
    keep("waypoints", "corridor_id", routes)
    keep("places", "place_id", incidents["place_id"], tables["waypoints"]["place_id"])
    cited = [
        table[column].str.split(";").explode()
        for name, table in tables.items()
        if name in {"incidents", "items", "corridors", "origins"}
        for column in {"source_ids", "note_source_ids"} & set(table)
    ]
    keep("sources", "source_id", *cited)
    keep("corrections", "record", ids, routes, tables["places"]["place_id"], *cited)
    tables |= {name: tables[name].iloc[:0] for name in WITHOUT_INCIDENTS}
    if translations.TABLE in tables:
        cut_down = Package(Path(), shown.descriptor, tables, {})
        tables[translations.TABLE] = translations.in_use(cut_down)
    return tables


def _as_text(table: pd.DataFrame, fields: list[dict[str, Any]]) -> pd.DataFrame:
    """Write the columns of a table as their file has them."""

    def text(value: Any) -> str:
        if isinstance(value, tuple):
            return ";".join(value)
        if isinstance(value, bool):
            return str(value).lower()
        if pd.isna(value):
            return ""
        return f"{value:.12g}" if isinstance(value, float) else str(value)

    columns = {field["name"]: list(map(text, table[field["name"]])) for field in fields}
    return pd.DataFrame(columns, dtype="str")


def parquet(shown: Dataset, about: Mapping[str, str]) -> bytes:
    """Write every item of the incidents shown as one row, with its incident, as Parquet.

    Codes have their words beside them, in a column that ends in ``_label``. ``matches`` tells
    whether the item is of a weapon type that was asked for.

    Parameters
    ----------
    shown
        The dataset after a selection.
    about
        What the file says about itself, in its metadata.
    """
    incidents, lines = shown.incidents, source_lines(shown)
    incidents = pd.DataFrame(incidents).assign(
        published=~incidents.index.isin(shown.unpublished),
        lat=incidents.geometry.y,
        lon=incidents.geometry.x,
        sources=incidents["source_ids"].map(lambda cited: [lines[one] for one in cited]),
        **{day: incidents[day].dt.date for day in ("first_day", "last_day")},
    )
    joined = shown.items.join(incidents, on="incident_id")
    of_item, of_incident = (
        [field["name"] for one in shown.descriptor["resources"] if one["name"] == name
         for field in one["schema"]["fields"]]
        for name in ("items", "incidents")
    )  # fmt: skip
    said = {field: labels(shown, "items", field) for field in of_item}
    said |= {field: labels(shown, "incidents", field) for field in of_incident}
    said |= {
        "weapon_type": dict(shown.weapon_types["label"]),
        "group": labels(shown, "weapon_types", "group"),
        "matches": {},
        "destination": dict(shown.destinations["label"]),
        "precision": labels(shown, "places", "precision"),
    }
    rows = pd.DataFrame(index=joined.index)
    for field in [*said, *DERIVED]:
        rows[field] = joined[field]
        if said.get(field):
            rows[f"{field}_label"] = joined[field].map(said[field]).fillna("")
    if "Marking" in about:
        rows["marking_of_file"] = about["Marking"]
    rows["quantity"] = rows["quantity"].astype("Int64")  # DuckDB gives fractions
    table = pa.Table.from_pandas(rows, preserve_index=False)
    stream = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(table.schema.metadata | dict(about)), stream)
    return stream.getvalue()


DERIVED: Final = (
    "first_day", "last_day", "place", "country", "lat", "lon", "published", "sources",
)  # fmt: skip
"""Columns that an incident has besides those of its table."""
