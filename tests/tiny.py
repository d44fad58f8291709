"""A small, complete and valid data package: four countries, five incidents, two routes."""

import json
from pathlib import Path

from armsflow.dataset.loader import SHIPPED

TABLES = {
    "sources": """\
source_id,title,publisher,published,kind,language,document_symbol,url
afp-2013-01-17-raid,Raid on the gas plant,AFP,2013-01-17,news,en,,https://example.org/raid
blog-undated-market,A market in the desert,A blog,,analysis,,,https://example.org/market
hrw-2012-04-01-depots,Open depots,HRW,2012-04-01,ngo_report,en,,https://example.org/depots
rfi-2013-06-gao,Missiles found in Gao,RFI,2013-06,news,fr,,https://example.org/gao
un-2014-03-10-panel,Panel of Experts,UN,2014-03-10,un_report,en,S/2014/106,https://example.org/panel
""",
    "destinations": """\
destination,label,abbreviation,role,country,link_lat,link_lon,order
algeria,Algeria,DZ,focus,DZA,28.6,3.6,2
libya,Inside Libya,LY,origin,LBY,,,4
mali,Mali,ML,focus,MLI,18.2,-2.2,1
niger,Niger,NE,onward,NER,17.4,9.8,3
""",
    "places": """\
place_id,name,country,admin1,lat,lon,precision,surface,drawing_point,note
gao,Gao,MLI,Gao,16.27,-0.04,place,land,false,
ghat,Ghat,LBY,,24.96,10.18,place,land,false,
gulf,Gulf of Sirte,LBY,,34.5,18,region,sea,true,
in-amenas,In Amenas,DZA,Illizi,28.05,9.56,place,land,false,
sabha,Sabha,LBY,Sabha,27.04,14.43,place,land,false,
tassili,Tassili,DZA,Illizi,25.5,8,region,land,false,"Massif, representative point"
""",
    "weapon_types": """\
weapon_type,label,group,definition,iti_class,unroca_category,order
assault_rifle,Assault rifles,small_arms,Rifles that fire automatically.,small_arm,,2
cartridge,Cartridges,ammunition,Ammunition for small arms.,outside,,4
manpads,Shoulder-fired missiles,manpads,Missiles that one person can fire.,light_weapon,VII,1
pistol,Pistols,small_arms,Handguns.,small_arm,,3
""",
    "corridors": """\
corridor_id,name,destination,mode,description,active_from,active_to,source_ids
algeria-ghat-in-amenas,Ghat to In Amenas,algeria,land,To the raid.,2013,2013,afp-2013-01-17-raid
mali-sabha-gao,Sabha to Gao,mali,land,Described only.,2012,2013,un-2014-03-10-panel
""",
    "waypoints": """\
corridor_id,seq,place_id
algeria-ghat-in-amenas,1,ghat
algeria-ghat-in-amenas,2,in-amenas
mali-sabha-gao,1,sabha
mali-sabha-gao,2,ghat
mali-sabha-gao,3,gao
""",
    "incidents": """\
incident_id,date,date_end,date_basis,title,summary,event_type,place_id,destination,corridor_id,\
link_basis,link_rests_on,stock,through_libya,scope,source_ids,distinct_from
2012-03-sabha-depot,2012-03,,report,Depot left open,Found open.,depot_looted,sabha,libya,,\
expert_assessment,,libyan_stock,false,event,hrw-2012-04-01-depots,
2013-01-16-raid,2013-01-16,2013-01-19,event,Gas plant attacked,Libya was named.,use_in_attack,\
in-amenas,algeria,algeria-ghat-in-amenas,official_statement,arms,,false,event,\
afp-2013-01-17-raid;un-2014-03-10-panel,
2013-05-gao-missiles,2013-05,,event,Missiles found,Two missiles.,cache_found,gao,mali,,\
media_report,,,false,event,rfi-2013-06-gao,
2013-tassili-convoy,2013,,inferred,Report of a convoy,Never seen.,transfer_reported,tassili,\
algeria,,traced,,transit,true,claim,un-2014-03-10-panel,
2014-01-20-tassili-rifles,2014-01-20,,event,Rifles seized,Seven rifles.,seizure,tassili,algeria,,\
media_report,,,false,event,un-2014-03-10-panel,
""",
    "items": """\
incident_id,seq,weapon_type,designation,quantity,quantity_qualifier,unit,counting,note,\
note_source_ids
2012-03-sabha-depot,1,assault_rifle,,,,,own,,
2012-03-sabha-depot,2,cartridge,,,,,own,,
2013-01-16-raid,1,assault_rifle,Kalashnikov,20,about,weapons,own,,
2013-01-16-raid,2,manpads,,,,,own,Seen once.,afp-2013-01-17-raid
2013-05-gao-missiles,1,manpads,SA-7,2,exact,missiles,own,,
2013-tassili-convoy,1,manpads,,43,exact,missiles,own,,
2014-01-20-tassili-rifles,1,assault_rifle,,7,exact,weapons,own,,
2014-01-20-tassili-rifles,2,pistol,,,,,own,,
""",
    "reviews": """\
incident_id,reviewed,result
2012-03-sabha-depot,2015-02-01,agreed
2013-01-16-raid,2015-02-01,corrected
2013-05-gao-missiles,2015-02-01,agreed
2013-tassili-convoy,,first_reading
2014-01-20-tassili-rifles,2015-02,agreed
""",
    "origins": """\
incident_id,origin,label,source_ids
2013-01-16-raid,1,AFP report,afp-2013-01-17-raid
2013-05-gao-missiles,1,RFI report,rfi-2013-06-gao
""",
    "corrections": """\
version,date,table,record,field,before,after,why
1.0.1,2015-03-01,incidents,2013-01-16-raid,link_basis,media_report,official_statement,\
An office spoke.
""",
}
"""Tables by name; the tables that are not here have a header only."""

BOXES = {
    "LBY": (10, 20, 25, 33),
    "DZA": (-8, 24, 10, 37),
    "MLI": (-10, 12, 4, 24),
    "NER": (4, 12, 16, 20),
}
"""Outlines of the four countries: west, south, east, north."""


def write(directory: Path) -> Path:
    """Write the package and return its folder; its schemas are the shipped ones, trimmed."""
    (directory / "basemap").mkdir(parents=True)
    descriptor = json.loads((SHIPPED / "datapackage.json").read_text("utf-8"))
    descriptor |= {"version": "1.0.0", "created": "2026-11-23T00:00:00Z"}
    for resource in descriptor["resources"]:
        resource.pop("expectations", None)
        resource.pop("keptIdentifiers", None)
        if "schema" in resource:
            fields = resource["schema"]["fields"]
            text = TABLES.get(resource["name"], ",".join(field["name"] for field in fields) + "\n")
            columns = text.partition("\n")[0].split(",")
            resource["schema"]["fields"] = [field for field in fields if field["name"] in columns]
            (directory / resource["path"]).write_bytes(text.encode())
        if resource["name"] == "sources":
            resource["expectations"] = {"minimumRows": 5}
        if resource["name"] == "incidents":
            resource["expectations"] = {"minimumEventsByDestination": {"algeria": 2}}
    (directory / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (directory / "basemap" / "courses.json").write_text("{}", "utf-8")
    for name, features in {
        "land": [_outline(country, *box) for country, box in BOXES.items()],
        "boundaries": [
            _feature("LineString", [[10, 24], [10, 33]], kind="disputed", between="a|b")
        ],
        "water": [_feature("LineString", [[0, 16], [2, 14]], kind="river")],
        "names": [
            _feature("Point", [17, 27], name="LIBYA", kind="origin", min_zoom=0, rank=0),
            _feature("Point", [14.43, 27.04], name="Sabha", kind="town", min_zoom=4, rank=1),
        ],
    }.items():
        collection = {"type": "FeatureCollection", "features": features}
        (directory / "basemap" / f"{name}.json").write_text(json.dumps(collection), "utf-8")
    return directory


def change(file: Path, old: str, new: str) -> None:
    """Break one thing: replace a text that stands in the file exactly once."""
    text = file.read_bytes().decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_bytes(text.replace(old, new).encode())


def row_of(file: Path, words: str) -> int:
    """Return the row, as a spreadsheet counts, of the first line that holds some words."""
    lines = file.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def _outline(country: str, west: int, south: int, east: int, north: int) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return _feature(
        "Polygon", [ring], area_id=country.lower(), iso3=country, name=country, kind="country"
    )


def _feature(shape: str, coordinates: object, /, **properties: object) -> dict[str, object]:
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
