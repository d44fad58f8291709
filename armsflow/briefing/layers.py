"""The map of a selection for geographic information systems: GeoPackage, GeoJSON, Google Earth.

All three hold the same layers (EPSG:4326): ``incidents``, ``places``, ``areas``, ``corridors``,
``links`` and, where most arms on a link were stopped, ``onward``, the way that they were said to
go on. Lines run as the map of the whole region draws them, and none is cut at its edge.
"""

import io
import json
import sqlite3
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from matplotlib.image import imsave
from pyogrio import set_gdal_config_options, write_dataframe

from armsflow.briefing.symbology import Look, qml
from armsflow.briefing.tables import rows_shown, source_lines
from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.package.archive import Archive
from armsflow.package.basemap import CRS
from armsflow.picture import courses, style
from armsflow.picture.frames import REGION
from armsflow.picture.legend import legend
from armsflow.picture.marks import Line, Place, draw_lines, draw_places
from armsflow.picture.plate import Plate
from armsflow.picture.routes import lay_out
from armsflow.picture.shapes import Fade, Square, place_mark, place_shapes
from armsflow.picture.strokes import LineStrokes, line_strokes, tail_strokes

Layers = dict[str, gpd.GeoDataFrame]
"""The rows of each layer by its name; ``colour`` and ``legend`` are words for ``look``."""

About = Sequence[tuple[str, str]]
"""What a file says about itself, from :func:`armsflow.briefing.briefing.briefing_words`."""

COUNTS: Final = ["events", "others", "unpublished"]
DAYS: Final = ["first_day", "last_day"]
OLD_ENOUGH: Final = {"VERSION": "1.2"}
"""Version of GeoPackage that programs of some years ago read too."""
UNSAID: Final = {"geometry", "legend", "colour", "look"}
"""Columns that are not described in Google Earth."""


def draw_layers(shown: Dataset, whole: Dataset, plate: Plate, marking: str) -> Layers:
    """Draw what is shown for the whole region; a layer without rows is left out.

    Parameters
    ----------
    shown, whole
        The dataset after a selection and before it.
    plate
        What every picture of the dataset shares.
    marking
        Protective marking of every row; empty for none.
    """
    bent = courses.read(whole, plate.basemap.courses).get(REGION.code, {})
    own = summary.unpublished(shown)
    lines = draw_lines(shown, lay_out(whole, bent=bent), frozenset(), own["line"].value_counts())
    places = draw_places(shown, frozenset(), own["spot"].value_counts())
    stopped = [line for line in lines if line.stopped >= 0]
    layers = {
        "incidents": _incidents(shown),
        "places": _places([one for one in places if one.mark != "area"], shown, whole),
        "areas": _places([one for one in places if one.mark == "area"], shown, whole),
        "corridors": _lines([one for one in lines if one.kind == "corridor"], whole),
        "links": _lines([one for one in lines if one.kind == "link"], whole),
        "onward": _lines(stopped, whole)[["id", "name", "destination", "colour"]].assign(
            legend="said to go on",
            look=list[Any](tail_strokes(line.colour) for line in stopped),
            geometry=[shapely.LineString(line.tail) for line in stopped],
        ),
    }
    named = {style.destination_colour(code): whole.destinations["label"][code]
             for code in style.DESTINATION_COLOURS if code in whole.destinations.index}  # fmt: skip
    named[style.SEVERAL_COLOUR] = "several destinations"
    layers = {name: rows for name, rows in layers.items() if len(rows)}
    for name, rows in layers.items():
        towards = rows["colour"].map(named).fillna("another destination")
        rows["legend"] = towards + ": " + rows["legend"]
        if marking:
            rows.insert(0, "marking", marking)
        layers[name] = gpd.GeoDataFrame(rows, crs=CRS)
    return layers


def _incidents(shown: Dataset) -> pd.DataFrame:
    incidents = shown.incidents
    rows = rows_shown(shown).rename(columns=lambda name: name.lower().replace(" ", "_"))
    colours = list(map(style.destination_colour, incidents["destination"]))
    claims = list(incidents["scope"] != "event")
    pairs = list(zip(colours, claims, strict=True))
    return rows.drop(columns=["latitude", "longitude"]).assign(
        **{day: pd.to_datetime(rows[day]).astype(pd.ArrowDtype(pa.date32())) for day in DAYS},
        colour=colours,
        legend=["not counted" if claim else "incident" for claim in claims],
        look=list[Any](place_mark("place", 0, colour, claims=claim) for colour, claim in pairs),
        geometry=list(incidents.geometry),
    )


def _places(places: Sequence[Place], shown: Dataset, whole: Dataset) -> pd.DataFrame:
    rows = pd.DataFrame(places, columns=["place", "name", *COUNTS, "members", "colour"])
    said = _said(whole)
    kind = {"place": "", "area": ", an area", "store": ", inside Libya"}
    counted = [said[f"place-{place.size}"] if place.events else "none" for place in places]
    return rows.rename(columns={"place": "id"}).assign(
        **{"class": counted},
        precision=list(shown.spots["precision"].loc[rows["place"]]),
        legend=[words + kind[place.mark] for words, place in zip(counted, places, strict=True)],
        look=list[Any](place_shapes(place).mark for place in places),
        geometry=[shapely.Point(place.longitude, place.latitude) for place in places],
    )


def _lines(lines: Sequence[Line], whole: Dataset) -> pd.DataFrame:
    rows = pd.DataFrame(lines, columns=["line", "name", "destination", *COUNTS, "form", "colour"])
    said, sources, known = _said(whole), source_lines(whole), whole.corridors
    cited = known["source_ids"].reindex(rows["line"])
    counted = [said[f"width-{line.width}"] if line.events else "none" for line in lines]
    stopped = [line.stopped >= 0 for line in lines]
    return rows.rename(columns={"line": "id"}).assign(
        **{"class": counted},
        destination=list(whole.destinations["label"].loc[rows["destination"]]),
        link_to_libya=[said[f"form-{line.form}"] for line in lines],
        most_stopped=["yes" if one else "no" for one in stopped],
        description=list(known["description"].reindex(rows["line"]).fillna("")),
        sources=["; ".join(sources[name] for name in one) if isinstance(one, tuple) else ""
                 for one in cited],
        legend=[f"{words}, {line.form}{', most stopped' if bar else ''}"
                for words, line, bar in zip(counted, lines, stopped, strict=True)],
        look=list[Any](map(line_strokes, lines)),
        geometry=[shapely.MultiLineString(line.parts) if line.kind == "link"
                  else shapely.LineString(line.path) for line in lines],
    )  # fmt: skip


def _said(whole: Dataset) -> dict[str, str]:
    return {entry.key: entry.label for entry in legend(whole)}


def geopackage(layers: Layers, about: About, created: str) -> bytes:
    """Write layers as a GeoPackage, with the styles of QGIS and a table ``about``.

    Parameters
    ----------
    layers, about
        What is drawn, and what is said of it.
    created
        Day of the data. It stands in place of the clock's, so that the same rows give the same
        bytes.
    """
    day = pd.Timestamp(created)
    styles = [
        {"f_table_catalog": "", "f_table_schema": "", "f_table_name": name,
         "f_geometry_column": "geom", "styleName": "armsflow", "styleSLD": "", "owner": "",
         "styleQML": qml(dict(zip(rows["legend"], rows["look"], strict=True))),
         "useAsDefault": True, "description": "as on the page", "ui": "", "update_time": day}
        for name, rows in layers.items()
    ]  # fmt: skip
    tables = {name: rows.drop(columns="look") for name, rows in layers.items()}
    tables["about"] = pd.DataFrame(about, columns=["heading", "words"])
    tables |= {"layer_styles": pd.DataFrame(styles)} if styles else {}
    # The file is read at once: nothing has to wait until it is on the disk.
    set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "map.gpkg"
        for name, table in tables.items():
            arrow = "geometry" in table
            write_dataframe(
                table, file, name, "GPKG", append=file.exists(), use_arrow=arrow,
                dataset_options=OLD_ENOUGH,
            )  # fmt: skip
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("UPDATE gpkg_contents SET last_change = ?", [f"{created}T00:00:00Z"])
        return file.read_bytes()


def geojson(layers: Layers, about: About) -> bytes:
    """Write layers as one GeoJSON collection: ``layer`` names that of a feature."""
    features = [
        feature
        for name, rows in layers.items()
        for feature in rows.drop(columns="look").assign(layer=name).iterfeatures(drop_id=True)
    ]
    collection = {"type": "FeatureCollection", "about": dict(about), "features": features}
    return json.dumps(collection, ensure_ascii=False, default=str).encode()


# ---------------------------------------------------------------- Google Earth


def kmz(layers: Layers, about: About) -> bytes:
    """Write layers for Google Earth: a folder each, with colours, dates and descriptions."""
    root = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = _told(ET.SubElement(root, "Document"), dict(about)["Finding"], about)
    for name, rows in layers.items():
        folder = ET.SubElement(document, "Folder")
        ET.SubElement(folder, "name").text = name
        for row in rows.to_dict("records"):
            folder.append(_placemark(row))
    side = np.arange(64) - 31.5
    dot = np.full((64, 64, 4), 255, dtype=np.uint8)
    dot[..., 3] *= np.hypot(side, side[:, None]) < 31
    image, stream = io.BytesIO(), io.BytesIO()
    unsigned: dict[str, Any] = {"Software": None}
    imsave(image, dot, format="png", metadata=unsigned)
    with Archive(stream) as archive:
        archive.writestr("doc.kml", ET.tostring(root, encoding="utf-8", xml_declaration=True))
        archive.writestr("dot.png", image.getvalue())
    return stream.getvalue()


def _told(element: ET.Element, name: str, lines: About) -> ET.Element:
    """Give an element its name, and as description what is said of it.

    Google Earth reads a description as HTML. So each text is written as HTML first, and the whole
    is escaped once more as the text of an element.
    """
    ET.SubElement(element, "name").text = name
    described = ET.Element("div")
    for heading, words in lines:
        paragraph = ET.SubElement(described, "p")
        ET.SubElement(paragraph, "b").text = heading
        paragraph[0].tail = f": {words}"
    ET.SubElement(element, "description").text = ET.tostring(described, encoding="unicode")
    return element


def _placemark(row: dict[str, Any]) -> ET.Element:
    said = [
        (name.replace("_", " ").capitalize(), str(value))
        for name, value in row.items()
        if name not in UNSAID and value != ""
    ]
    element = _told(ET.Element("Placemark"), row.get("incident") or row["name"], said)
    if "first_day" in row:
        span = ET.SubElement(element, "TimeSpan")
        for name, day in zip(("begin", "end"), DAYS, strict=True):
            ET.SubElement(span, name).text = str(row[day])
    element.append(_style(row["look"], row["colour"]))
    shapes = list(shapely.get_parts(row["geometry"]))
    inside = element if len(shapes) == 1 else ET.SubElement(element, "MultiGeometry")
    for shape in shapes:
        drawn = ET.SubElement(inside, shape.geom_type)
        ET.SubElement(drawn, "coordinates").text = " ".join(
            f"{longitude:.4f},{latitude:.4f}"
            for longitude, latitude in shapely.get_coordinates(shape)
        )
    return element


def _style(look: Look, colour: str) -> ET.Element:
    # KML has no dashes and no edges: what is dotted on the page, and an area, is half clear.
    element = ET.Element("Style")
    if isinstance(look, LineStrokes):
        part, faint, size = "LineStyle", look.line.rounded, ("width", look.line.width)
    else:
        half = look.half if isinstance(look, Square) else look.radius
        faint = isinstance(look.fill, Fade) or bool(look.edge and look.edge.dash)
        part, size = "IconStyle", ("scale", half / 16)
    inside = ET.SubElement(element, part)
    turned = bytes.fromhex(colour[1:])[::-1].hex()
    ET.SubElement(inside, "color").text = ("80" if faint else "ff") + turned
    ET.SubElement(inside, size[0]).text = f"{size[1]:g}"
    if part == "IconStyle":
        ET.SubElement(ET.SubElement(inside, "Icon"), "href").text = "dot.png"
    return element
