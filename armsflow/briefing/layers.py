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
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
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
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import N_, _, _p
from armsflow.package.archive import Archive
from armsflow.package.basemap import CRS
from armsflow.picture import courses, style
from armsflow.picture.frames import REGION
from armsflow.picture.legend import legend
from armsflow.picture.marks import Line, Place, draw_lines, draw_places
from armsflow.picture.plate import Plate
from armsflow.picture.routes import lay_out
from armsflow.picture.shapes import Fade, Square, place_mark, place_shapes, unpublished_frame
from armsflow.picture.strokes import LineStrokes, line_strokes, tail_strokes

Layers = dict[str, gpd.GeoDataFrame]
"""The rows of each layer by its name; ``colour`` and ``legend`` are words for ``look``."""

COUNTS: Final = {
    "colour": "colour", "events": "Incidents", "others": "Not counted",
    "unpublished": "Unpublished",
}  # fmt: skip
OF_PLACE: Final = {"place": "Id", "name": "Name", **COUNTS, "members": "Places"}
OF_LINE: Final = {
    "line": "Id", "name": "Name", "destination": "Destination", **COUNTS, "form": "Form",
}  # fmt: skip
OF_ROUTE: Final = {
    "description": "Description", "active_from": "Active from", "active_to": "Active to",
}  # fmt: skip
"""Heading of each column of a layer that a place, a line or a corridor has of its own."""
DAYS: Final = ["First day", "Last day"]
FROM_ABOVE: Final = {"longitude": 17, "latitude": 26, "range": 4_500_000}
"""Where Google Earth looks down from when it opens a file: over Libya, metres above the ground."""
INCIDENTS: Final = {
    (False, False): N_("incident"),
    (False, True): N_("incident, unpublished"),
    (True, False): N_("not counted"),
    (True, True): N_("not counted, unpublished"),
}
"""Words for an incident, by whether it is not counted and whether a reader added it."""
KINDS: Final = {"place": "{count}", "area": N_("{count}, an area"),
                "store": N_("{count}, inside Libya")}  # fmt: skip
"""Words for the incidents at each kind of place."""
FORMS: Final = {
    (style.SOLID, False): N_("{count}, solid"),
    (style.SOLID, True): N_("{count}, solid, most stopped"),
    (style.DASHED, False): N_("{count}, dashed"),
    (style.DASHED, True): N_("{count}, dashed, most stopped"),
    (style.DOTTED, False): N_("{count}, dotted"),
    (style.DOTTED, True): N_("{count}, dotted, most stopped"),
}
"""Words for the incidents on a line, by its form and whether most arms on it were stopped."""
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
    said = {entry.key: entry.label for entry in legend(whole)}
    stopped = [line for line in lines if line.stopped >= 0]
    layers = {
        "incidents": _incidents(shown),
        "places": _places([one for one in places if one.mark != "area"], said, shown),
        "areas": _places([one for one in places if one.mark == "area"], said, shown),
        "corridors": _lines([one for one in lines if one.kind == "corridor"], said, whole),
        "links": _lines([one for one in lines if one.kind == "link"], said, whole),
        "onward": _lines(stopped, said, whole)[["Id", "Name", "Destination", "colour"]].assign(
            legend=_("said to go on"),
            look=list[Any](tail_strokes(line.colour) for line in stopped),
            geometry=[shapely.LineString(line.tail) for line in stopped],
        ),
    }
    named = {style.destination_colour(code): whole.destinations["label"][code]
             for code in style.DESTINATION_COLOURS if code in whole.destinations.index}  # fmt: skip
    named[style.SEVERAL_COLOUR] = _("several destinations")
    layers = {name: rows for name, rows in layers.items() if len(rows)}
    for name, rows in layers.items():
        towards = rows["colour"].map(named).fillna(_("another destination"))
        rows["legend"] = [
            _("{destination}: {kind}", destination=destination, kind=kind)
            for destination, kind in zip(towards, rows["legend"], strict=True)
        ]
        if marking:
            rows["Marking"] = marking
        layers[name] = gpd.GeoDataFrame(rows, crs=CRS)
    return layers


def _incidents(shown: Dataset) -> pd.DataFrame:
    incidents = shown.incidents
    rows = rows_shown(shown).drop(columns=["Latitude", "Longitude"])
    colours = list(map(style.destination_colour, incidents["destination"]))
    claims = list(incidents["scope"] != "event")
    own = list(incidents.index.isin(shown.unpublished))
    frame = unpublished_frame(style.PLACE_RADII[0])
    return rows.assign(
        **{day: pd.to_datetime(rows[day]).astype(pd.ArrowDtype(pa.date32())) for day in DAYS},
        colour=colours,
        legend=[_(INCIDENTS[claim, added]) for claim, added in zip(claims, own, strict=True)],
        look=list[Any](
            replace(frame, fill=style.CASING if claim else colour) if added
            else place_mark("place", 0, colour, claims=claim)
            for colour, claim, added in zip(colours, claims, own, strict=True)
        ),
        geometry=list(incidents.geometry),
    )  # fmt: skip


def _places(places: Sequence[Place], said: dict[str, str], shown: Dataset) -> pd.DataFrame:
    counted = [
        said[f"place-{place.size}"] if place.events else _p("incidents", "none") for place in places
    ]
    precision = shown.spots["precision"].map(labels(shown, "places", "precision"))
    return pd.DataFrame(places, columns=list(OF_PLACE)).rename(columns=OF_PLACE).assign(
        Class=counted,
        Precision=[precision[place.place] for place in places],
        legend=[_(KINDS[place.mark], count=words)
                for words, place in zip(counted, places, strict=True)],
        look=list[Any](place_shapes(place).mark for place in places),
        geometry=[shapely.Point(place.longitude, place.latitude) for place in places],
    )  # fmt: skip


def _lines(lines: Sequence[Line], said: dict[str, str], whole: Dataset) -> pd.DataFrame:
    labels = whole.destinations["label"]
    counted = [
        said[f"width-{line.width}"] if line.events else _p("incidents", "none") for line in lines
    ]
    stopped = [line.stopped >= 0 for line in lines]
    rows = pd.DataFrame(lines, columns=list(OF_LINE)).rename(columns=OF_LINE).assign(
        **{"Class": counted, "Link to Libya": [said[f"form-{line.form}"] for line in lines],
           "Most stopped": [_("yes") if end else _("no") for end in stopped],
           "Destination": [labels[line.destination] for line in lines]},
        legend=[_(FORMS[line.form, end], count=words)
                for words, line, end in zip(counted, lines, stopped, strict=True)],
        look=list[Any](map(line_strokes, lines)),
        geometry=[shapely.MultiLineString(line.parts) if line.kind == "link"
                  else shapely.LineString(line.path) for line in lines],
    )  # fmt: skip
    cited = source_lines(whole)
    routes = whole.corridors[list(OF_ROUTE)].rename(columns=OF_ROUTE).assign(
        Sources=["; ".join(map(cited.__getitem__, one)) for one in whole.corridors["source_ids"]]
    )  # fmt: skip
    return rows.join(routes, on="Id").fillna("")


def _columns(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Name the columns as programs want them: no blanks, no capitals."""
    named = rows.rename(columns=lambda heading: heading.lower().replace(" ", "_"))
    return named.drop(columns="look")


def geopackage(layers: Layers, about: Mapping[str, str], created: str) -> bytes:
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
         "useAsDefault": True, "description": _("as on the page"), "ui": "", "update_time": day}
        for name, rows in layers.items()
    ]  # fmt: skip
    tables: dict[str, Any] = {name: _columns(rows) for name, rows in layers.items()}
    tables["about"] = pd.DataFrame(about.items(), columns=["heading", "words"])
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
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", [f"{created}T00:00:00Z"])
            # A copy does not tell how often the file was written to, which differs by chance.
            database.execute("VACUUM INTO ?", [f"{file}.copy"])
        return Path(f"{file}.copy").read_bytes()


def geojson(layers: Layers, about: Mapping[str, str]) -> bytes:
    """Write layers as one GeoJSON collection: ``layer`` names that of a feature."""
    features = [
        feature
        for name, rows in layers.items()
        for feature in _columns(rows).assign(layer=name).iterfeatures(drop_id=True)
    ]
    collection = {"type": "FeatureCollection", "about": about, "features": features}
    return json.dumps(collection, ensure_ascii=False, default=str).encode()


# ---------------------------------------------------------------- Google Earth


def kmz(layers: Layers, about: Mapping[str, str]) -> bytes:
    """Write layers for Google Earth: a folder each, with colours, dates and descriptions."""
    folders = [
        {"name": name, "Placemark": [_placemark(row) for row in rows.to_dict("records")]}
        for name, rows in layers.items()
    ]
    root = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    told = {"name": about["Finding"], "description": _described(about), "LookAt": FROM_ABOVE}
    _grow(root, {"Document": told | {"Folder": folders}})
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


def _grow(element: ET.Element, content: Any) -> ET.Element:
    """Give an element its text, or its children by their names; a list repeats a child."""
    if not isinstance(content, dict):
        element.text = str(content)
        return element
    for name, parts in content.items():
        for part in parts if isinstance(parts, list) else [parts]:
            _grow(ET.SubElement(element, name), part)
    return element


def _described(lines: Mapping[str, str]) -> str:
    """Write what is said of an element as HTML, for which Google Earth takes a description.

    So each text is escaped here, and the whole once more as the text of its element.
    """
    told = {
        "p": [_("{heading}: {words}", heading=_(key), words=words) for key, words in lines.items()]
    }
    return ET.tostring(_grow(ET.Element("div"), told), encoding="unicode")


def _placemark(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: str(value) for name, value in row.items() if name not in UNSAID and value != ""}
    shapes: dict[str, list[Any]] = {}
    for shape in shapely.get_parts(row["geometry"]):
        points = " ".join(f"{lon:.4f},{lat:.4f}" for lon, lat in shapely.get_coordinates(shape))
        # Lines follow the ground: a straight one would run through the globe.
        ground = {"tessellate": 1} if shape.geom_type == "LineString" else {}
        shapes.setdefault(shape.geom_type, []).append({**ground, "coordinates": points})
    span = dict(zip(("begin", "end"), map(row.get, DAYS), strict=True)) if DAYS[0] in row else []
    return {
        "name": row.get("Incident") or row["Name"],
        "description": _described(said),
        "TimeSpan": span,
        "Style": _style(row["look"], row["colour"]),
        "MultiGeometry": shapes,
    }


def _style(look: Look, colour: str) -> dict[str, Any]:
    turned = bytes.fromhex(colour[1:])[::-1].hex()
    # KML has no dashes and no edges: what is dotted on the page, and an area, is half clear.
    if isinstance(look, LineStrokes):
        clear = "80" if look.line.rounded else "ff"
        return {"LineStyle": {"color": clear + turned, "width": look.line.width}}
    half = look.half if isinstance(look, Square) else look.radius
    clear = "80" if isinstance(look.fill, Fade) or (look.edge and look.edge.dash) else "ff"
    icon = {"color": clear + turned, "scale": half / 16, "Icon": {"href": "dot.png"}}
    return {"IconStyle": icon, "LabelStyle": {"scale": 0}}
