"""The documented incidents and everything they rest on, as typed tables.

A :class:`Dataset` is made once, by :func:`armsflow.dataset.loader.load`, from a data package that
passed every check. Selecting from a dataset gives a dataset again, so nothing downstream knows that
filters exist. Counts are sums of tallies, which are small tables; no incident is read for them.
Incidents are read when somebody wants to see them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import narwhals as nw
import pandas as pd

from armsflow.dataset.engine import Engine
from armsflow.dataset.tallies import COUNTS, NarrowedTallies, Totals, keep, to_pandas
from armsflow.dataset.vocabulary import Vocabulary
from armsflow.language import ENGLISH
from armsflow.package.basemap import CRS
from armsflow.package.package import UNPUBLISHED
from armsflow.package.translations import TRANSLATED, made_from


@dataclass(frozen=True, eq=False)
class Dataset:
    """Documented incidents with the tables they refer to; never changed in place.

    Columns are those of ``data/datapackage.json``; text that is not stated is the empty string,
    a quantity that is not stated is ``<NA>``. List columns have tuples.

    Parameters
    ----------
    sources, places, destinations, weapon_types, waypoints, figures, timeline, claims, reports
        Indexed by their identifiers; places are points, waypoints keep their keys as columns.
    reviews, origins, corrections, translations
        When rows were last read (index ``incident_id``), which documents of an incident repeat one
        statement, what was corrected, and texts in other languages; without rows where a package
        has no such table.
    corridors
        Lines through their waypoints (EPSG:4326), index ``corridor_id``.
    spots
        Marks on the map (:class:`armsflow.dataset.preparation.Prepared`), index ``spot``.
    vocabulary
        What a selection can be made of. A selection does not change it.
    descriptor
        The parsed ``datapackage.json``: the words for every code, and the version.
    digest
        SHA-256 over the text of every table: two datasets with one digest have the same rows.
    engine
        Has the rows of the whole package.
    tallies
        The counts of what was asked for.
    texts
        What rows say in another language, by table and column, then by identifier (empty for
        texts that rows share) and digest of the English text
        (:func:`armsflow.package.translations.made_from`); nothing for English.
    language
        The language in which the words for codes and the texts of rows are said.
    originals
        Descriptor and tables of a translated dataset as they are in English; nothing for English.
    """

    sources: pd.DataFrame
    places: gpd.GeoDataFrame
    destinations: pd.DataFrame
    weapon_types: pd.DataFrame
    corridors: gpd.GeoDataFrame
    waypoints: pd.DataFrame
    figures: pd.DataFrame
    timeline: pd.DataFrame
    claims: pd.DataFrame
    reports: pd.DataFrame
    reviews: pd.DataFrame
    origins: pd.DataFrame
    corrections: pd.DataFrame
    translations: pd.DataFrame
    spots: pd.DataFrame
    vocabulary: Vocabulary
    descriptor: dict[str, Any]
    digest: str
    engine: Engine
    tallies: NarrowedTallies
    texts: Mapping[tuple[str, str], Mapping[tuple[str, str], str]] = field(default_factory=dict)
    language: str = ENGLISH
    originals: Mapping[str, Any] = field(default_factory=dict)

    def original(self, table: str) -> pd.DataFrame:
        """Return a table in English, as it was written: texts are compared there, never shown."""
        rows: pd.DataFrame = self.originals.get(table, getattr(self, table))
        return rows

    @property
    def version(self) -> str:
        """Version of the data package, e.g. ``1.0.0``."""
        return str(self.descriptor["version"])

    @cached_property
    def unpublished(self) -> frozenset[str]:
        """Identifiers of the incidents that a reader added, compared with no source."""
        return frozenset(self.descriptor.get(UNPUBLISHED, {}).get("incidents", ()))

    @cached_property
    def unpublished_sources(self) -> frozenset[str]:
        """Identifiers of the sources that a reader added."""
        return frozenset(self.descriptor.get(UNPUBLISHED, {}).get("sources", ()))

    @property
    def created(self) -> str:
        """Day on which the data package was made, e.g. ``2026-11-23``."""
        return str(self.descriptor["created"])[:10]

    @cached_property
    def totals(self) -> Totals:
        """The sums of the tallies of incidents."""
        row = self.tallies.incidents.select(nw.col(*COUNTS).sum()).collect().row(0)
        return Totals(*(int(count or 0) for count in row))

    def said(self, rows: pd.DataFrame, table: str) -> pd.DataFrame:
        """Return rows of a table with their texts in the language of the dataset.

        A text without a translation, or changed since, stays English.
        """
        columns = {
            column: [
                texts.get((record, made := made_from(text))) or texts.get(("", made), text)
                for record, text in zip(rows.index, rows[column], strict=True)
            ]
            for (name, column), texts in self.texts.items()
            if name == table and column in rows and column in TRANSLATED.get(name, ())
        }
        return rows.assign(**columns) if columns else rows

    def rows(self) -> nw.LazyFrame[Any]:
        """Return the incidents asked for; narrow, sort and cut them before they are read."""
        return keep(self.engine.table("incidents"), *self.tallies.conditions, *self.tallies.weapons)

    def read(self, rows: nw.LazyFrame[Any], most: int | None = None) -> gpd.GeoDataFrame:
        """Read incidents, in the order of the package.

        Parameters
        ----------
        rows
            What :meth:`rows` returned, or a part of it.
        most
            Number of incidents to read; ``None`` for all.

        Returns
        -------
        incidents
            Points (EPSG:4326), index ``incident_id``; with ``first_day`` and ``last_day``, the
            span that the date may mean, and ``country``, ``precision`` and ``place`` of its
            place; in another language than English also ``is_told``, whether the title was
            translated.
        """
        rows = rows.sort("row")
        table = to_pandas(rows if most is None else rows.head(most))
        table = split_lists(table, self.descriptor, "incidents").set_index("incident_id")
        if self.texts:
            told = self.texts.get(("incidents", "title"), {})
            titles = zip(table.index, map(made_from, table["title"]), strict=True)
            table = self.said(table, "incidents").assign(
                place=table["place_id"].map(self.places["name"]),
                is_told=[one in told for one in titles],
            )
        points = gpd.points_from_xy(table["lon"], table["lat"])
        return gpd.GeoDataFrame(table.drop(columns=["lat", "lon"]), geometry=points, crs=CRS)

    def read_items(self, incidents: pd.DataFrame) -> pd.DataFrame:
        """Read the items of some incidents.

        Returns
        -------
        items
            With ``group``, the weapon group of the weapon type, and ``matches``, whether the
            weapon type was asked for.
        """
        items = self.engine.table("items")
        items = items.filter(nw.col("incident_id").is_in(list(incidents.index))).sort("row")
        return self._typed_items(to_pandas(items))

    def _typed_items(self, items: pd.DataFrame) -> pd.DataFrame:
        typed = split_lists(items, self.descriptor, "items").set_index("row")
        typed.index.name = None
        typed = self.said(typed, "items")
        return typed.assign(matches=typed["weapon_type"].isin(self.tallies.wanted))

    @cached_property
    def incidents(self) -> gpd.GeoDataFrame:
        """Every incident that was asked for, as :meth:`read` returns them."""
        return self.read(self.rows())

    @cached_property
    def items(self) -> pd.DataFrame:
        """Every item of these incidents, as :meth:`read_items` returns them."""
        items = self.engine.table("items")
        if self.tallies.conditions or self.tallies.weapons:
            kept = self.rows().select("incident_id")
            items = items.join(kept, on="incident_id", how="semi")
        return self._typed_items(to_pandas(items.sort("row")))

    @cached_property
    def events(self) -> gpd.GeoDataFrame:
        """The documented incidents that count: no claims, no running totals."""
        return self.incidents[self.incidents["scope"] == "event"]


def labels(dataset: Dataset, resource: str, field: str) -> dict[str, str]:
    """Return the words for every code of a field, in the order in which to list them.

    Examples
    --------
    >>> from armsflow.dataset.loader import load
    >>> labels(load(), "incidents", "scope")["event"]
    'Single event'
    """
    return {
        str(category["value"]): str(category["label"])
        for category in categories(dataset, resource, field)
    }


def categories(dataset: Dataset, resource: str, field: str) -> list[dict[str, str]]:
    """Return the codes of a field with label and definition, in the order to list them.

    None for a field that the package does not have.
    """
    found = next((r for r in dataset.descriptor["resources"] if r["name"] == resource), None)
    fields = found["schema"]["fields"] if found else []
    described: dict[str, Any] = next((f for f in fields if f["name"] == field), {})
    coded: list[dict[str, str]] = described.get("categories", [])
    return coded


def split_lists(table: pd.DataFrame, descriptor: dict[str, Any], resource: str) -> pd.DataFrame:
    """Split the list columns of a table into tuples."""
    found = next(r for r in descriptor["resources"] if r["name"] == resource)
    for described in found["schema"]["fields"]:
        if described["type"] == "list":
            column, delimiter = described["name"], described["delimiter"]
            texts = table[column]
            split = [tuple(filter(None, text.split(delimiter))) for text in texts]
            lists = pd.Series(split, index=table.index, dtype="object")
            table = table.assign(**{column: lists})
    return table
