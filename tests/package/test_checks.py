"""Every rule: break one thing in the tiny package, get one line that says where and what to do."""

import gettext
import json
import re
from dataclasses import dataclass

import pytest

from armsflow import language
from armsflow.language import ENGLISH, speaking
from armsflow.package import checks
from armsflow.package.package import read_package
from tests import tiny

RULES = [*checks.VALUE_RULES, *checks.EVIDENCE_RULES, *checks.FORM_RULES]


@dataclass(frozen=True)
class Break:
    """One change to one file, and where and how the rule must answer."""

    rule: str
    file: str
    old: str
    new: str
    where: str
    what: str
    fix: str


BREAKS = [
    Break(
        "basemap_can_be_drawn",
        "basemap/water.json",
        "FeatureCollection",
        "Feature collection",
        "basemap/water.json: ",
        "is missing or is no GeoJSON",
        "restore the file",
    ),
    Break(
        "translations_belong_to_a_row",
        "translations.csv",
        "text,made_from\n",
        "text,made_from\ngone,places,name,fr,Gao,0123456789abcdef\n",
        "translations.csv, row 2 (gone / places / name / 0123456789abcdef / fr), column record: ",
        "'gone' is not in places.csv",
        "correct it, or delete the row.",
    ),
    Break(
        "required_cells_are_filled",
        "incidents.csv",
        "Found open.",
        "",
        "incidents.csv, row 2 (2012-03-sabha-depot), column summary: ",
        "the cell is empty",
        "fill it.",
    ),
    Break(
        "text_is_clean",
        "incidents.csv",
        "Two missiles.",
        "Two missiles. ",
        "incidents.csv, row 4 (2013-05-gao-missiles), column summary: ",
        "'Two missiles.' begins or ends with a blank",
        "delete the blank.",
    ),
    Break(
        "text_is_clean",
        "incidents.csv",
        "Two missiles.",
        '"Two\nmissiles."',
        "incidents.csv, row 4 (2013-05-gao-missiles), column summary: ",
        "line break, tab or control character",
        "delete that character.",
    ),
    Break(
        "text_is_clean",
        "incidents.csv",
        "Two missiles.",
        "Two\tmissiles.",
        "incidents.csv, row 4 (2013-05-gao-missiles), column summary: ",
        "line break, tab or control character",
        "delete that character.",
    ),
    Break(
        "values_are_of_their_type",
        "incidents.csv",
        "2012-03-sabha-depot,2012-03,",
        "2012-03-sabha-depot,2013-02-30,",
        "incidents.csv, row 2 (2012-03-sabha-depot), column date: ",
        "'2013-02-30' names a day that does not exist",
        "YYYY, YYYY-MM or YYYY-MM-DD.",
    ),
    Break(
        "values_are_of_their_type",
        "items.csv",
        ",43,exact",
        ",4 3,exact",
        "items.csv, row 7 (2013-tassili-convoy / 1), column quantity: ",
        "'4 3' is not a whole number",
        "write 4 or 3 alone, and how exact it is in quantity_qualifier, or leave it empty.",
    ),
    Break(
        "values_are_of_their_type",
        "items.csv",
        ",43,exact",
        ",0,exact",
        "items.csv, row 7 (2013-tassili-convoy / 1), column quantity: ",
        "0 is ",
        "correct the number.",
    ),
    Break(
        "values_are_of_their_type",
        "items.csv",
        ",43,exact",
        ",99999999999999999999,exact",
        "items.csv, row 7 (2013-tassili-convoy / 1), column quantity: ",
        "99999999999999999999",
        "correct the number.",
    ),
    Break(
        "values_are_of_their_type",
        "places.csv",
        "27.04,14.43",
        "27.04,nan",
        "places.csv, row 6 (sabha), column lon: ",
        "'nan' is not a decimal number",
        "write digits and a point",
    ),
    Break(
        "values_are_of_their_type",
        "places.csv",
        "27.04,14.43",
        "127.04,14.43",
        "places.csv, row 6 (sabha), column lat: ",
        "127.04 is outside -90 to 90",
        "correct the number.",
    ),
    Break(
        "values_are_of_their_type",
        "places.csv",
        "sea,true",
        "sea,yes",
        "places.csv, row 4 (gulf), column drawing_point: ",
        "'yes' is not true or false",
        "write true or false.",
    ),
    Break(
        "values_are_of_their_type",
        "incidents.csv",
        "raid;un-2014",
        "raid;;un-2014",
        "incidents.csv, row 3 (2013-01-16-raid), column source_ids: ",
        "empty, padded or repeated entry",
        "name each once.",
    ),
    Break(
        "values_are_of_their_type",
        "destinations.csv",
        ",NE,",
        ",ne,",
        "destinations.csv, row 5 (niger), column abbreviation: ",
        "'ne' has the wrong form",
        "write two capital letters, for example NE.",
    ),
    Break(
        "codes_are_known",
        "incidents.csv",
        "cache_found",
        "cache_lost",
        "incidents.csv, row 4 (2013-05-gao-missiles), column event_type: ",
        "'cache_lost' is not a known code",
        "use one of: seizure, ",
    ),
    Break(
        "keys_are_unique",
        "items.csv",
        "2012-03-sabha-depot,2,",
        "2012-03-sabha-depot,1,",
        "items.csv, row 3 (2012-03-sabha-depot / 1), column incident_id + seq: ",
        "already used in row 2",
        "delete it if it is a copy.",
    ),
    Break(
        "keys_are_unique",
        "destinations.csv",
        ",NE,",
        ",ML,",
        "destinations.csv, row 5 (niger), column abbreviation: ",
        "'ML' is already used in row 4",
        "a key of its own",
    ),
    Break(
        "references_resolve",
        "incidents.csv",
        "rfi-2013-06-gao",
        "rfi-2013-06-gap",
        "incidents.csv, row 4 (2013-05-gao-missiles), column source_ids: ",
        "'rfi-2013-06-gap' is not in sources.csv",
        "add that record to sources.csv.",
    ),
    Break(
        "references_resolve",
        "waypoints.csv",
        "2,ghat",
        "2,ghut",
        "waypoints.csv, row 5 (mali-sabha-gao / 2), column place_id: ",
        "'ghut' is not in places.csv",
        "add that record to places.csv.",
    ),
    Break(
        "references_resolve",
        "incidents.csv",
        "rfi-2013-06-gao,",
        "rfi-2013-06-gao,2013-nothing",
        "incidents.csv, row 4 (2013-05-gao-missiles), column distinct_from: ",
        "'2013-nothing' is not in incidents.csv",
        "correct it",
    ),
    Break(
        "links_are_web_addresses",
        "sources.csv",
        "https://example.org/gao",
        "https:///gao",
        "sources.csv, row 5 (rfi-2013-06-gao), column url: ",
        "'https:///gao' is not a web address",
        "beginning with https://.",
    ),
    Break(
        "links_are_web_addresses",
        "sources.csv",
        "https://example.org/gao",
        "https://[gao",
        "sources.csv, row 5 (rfi-2013-06-gao), column url: ",
        "'https://[gao' is not a web address",
        "beginning with https://.",
    ),
    Break(
        "periods_run_forward",
        "incidents.csv",
        "2013-01-19",
        "2013-01-09",
        "incidents.csv, row 3 (2013-01-16-raid), column date_end: ",
        "ends on 2013-01-09, before it begins on 2013-01-16",
        "exchange or correct them.",
    ),
    Break(
        "incidents_precede_their_sources",
        "incidents.csv",
        "missiles,2013-05,",
        "missiles,2013-07,",
        "incidents.csv, row 4 (2013-05-gao-missiles), column date: ",
        "2013-07 is after its last source was published (2013-06-30)",
        "correct the date",
    ),
    Break(
        "nothing_lies_in_the_future",
        "incidents.csv",
        "rifles,2014-01-20,,event,Rifles seized,Seven rifles.,seizure,tassili,algeria,,"
        "media_report,,,false,event,un-2014-03-10-panel",
        "rifles,2099-01-20,,event,Rifles seized,Seven rifles.,seizure,tassili,algeria,,"
        "media_report,,,false,event,blog-undated-market",
        "incidents.csv, row 6 (2014-01-20-tassili-rifles), column date: ",
        "2099-01-20 is after the data package was made",
        "correct the date",
    ),
    Break(
        "quantities_have_a_qualifier",
        "items.csv",
        ",43,exact",
        ",43,",
        "items.csv, row 7 (2013-tassili-convoy / 1), column quantity_qualifier: ",
        "quantity is '43', but quantity_qualifier is empty",
        "leave both empty",
    ),
    Break(
        "quantities_have_a_qualifier",
        "items.csv",
        ",43,exact",
        ",,exact",
        "items.csv, row 7 (2013-tassili-convoy / 1), column quantity: ",
        "quantity_qualifier is 'exact', but quantity is empty",
        "leave both empty",
    ),
    Break(
        "places_lie_in_their_country",
        "places.csv",
        "16.27,-0.04",
        "26.27,-0.04",
        "places.csv, row 2 (gao), column lat + lon: ",
        "26.27, -0.04 (lat, lon) lies outside MLI",
        "correct the coordinates or the country.",
    ),
    Break(
        "places_lie_in_their_country",
        "places.csv",
        "34.5,18",
        "32.5,18",
        "places.csv, row 4 (gulf), column lat + lon: ",
        "lies on land, but the surface is sea",
        "correct one of them.",
    ),
    Break(
        "places_lie_in_their_country",
        "places.csv",
        "Gao,MLI",
        "Gao,XXX",
        "places.csv, row 2 (gao), column country: ",
        "no outline for 'XXX'",
        "alpha-3 code",
    ),
    Break(
        "incidents_have_items",
        "items.csv",
        "2013-05-gao-missiles,1,manpads,SA-7,2,exact,missiles,own,,\n",
        "",
        "incidents.csv, row 4 (2013-05-gao-missiles), column incident_id: ",
        "the incident has no item",
        "add a row for it in items.csv",
    ),
    Break(
        "corridors_run_from_libya",
        "waypoints.csv",
        "mali-sabha-gao,2,ghat\n",
        "",
        "corridors.csv, row 3 (mali-sabha-gao), column corridor_id: ",
        "numbered 1, 3",
        "number them 1, 2, 3 … in waypoints.csv",
    ),
    Break(
        "corridors_run_from_libya",
        "waypoints.csv",
        "algeria-ghat-in-amenas,2,in-amenas\n",
        "",
        "corridors.csv, row 2 (algeria-ghat-in-amenas), column corridor_id: ",
        "numbered 1.",
        "in the order of travel from Libya",
    ),
    Break(
        "corridors_run_from_libya",
        "waypoints.csv",
        "1,ghat",
        "1,gao",
        "corridors.csv, row 2 (algeria-ghat-in-amenas), column corridor_id: ",
        "its first waypoint, 'gao', is not in Libya",
        "begin the corridor in Libya",
    ),
    Break(
        "incidents_are_told_once",
        "incidents.csv",
        "convoy,2013,,inferred,Report of a convoy,Never seen.,transfer_reported,tassili",
        "convoy,2013-05,,inferred,Report of a convoy,Never seen.,transfer_reported,gao",
        "incidents.csv, row 5 (2013-tassili-convoy), column distinct_from: ",
        "same date, place and weapon types as '2013-05-gao-missiles'",
        "name the other one in distinct_from.",
    ),
    Break(
        "identifiers_share_one_namespace",
        "places.csv",
        "tassili,Tassili,DZA,Illizi,25.5,8,region,land,false,",
        "tassili,Tassili,DZA,Illizi,25.5,8,region,land,false,note\n"
        "mali-sabha-gao,Gao,MLI,,16,1,place,land,false,",
        "places.csv, row 8 (mali-sabha-gao), column place_id: ",
        "'mali-sabha-gao' is also an identifier in corridors.csv",
        "rename one of the two.",
    ),
    Break(
        "weapon_codes_mean_one_thing",
        "weapon_types.csv",
        "Handguns.,small_arm,,3\n",
        "Handguns.,small_arm,,3\nsmall_arms,Others,ammunition,Others.,depends,,5\n",
        "weapon_types.csv, row 6 (small_arms), column weapon_type: ",
        "'small_arms' is also the code of a weapon group",
        "rename the group",
    ),
    Break(
        "destinations_have_a_link_end",
        "destinations.csv",
        "NER,17.4,9.8",
        "NER,17.4,",
        "destinations.csv, row 5 (niger), column link_lat: ",
        "no end point for its link",
        "fill link_lat and link_lon",
    ),
    Break(
        "identifiers_begin_with_the_date",
        "incidents.csv",
        "rifles,2014-01-20,",
        "rifles,2014-01-19,",
        "incidents.csv, row 6 (2014-01-20-tassili-rifles), column incident_id: ",
        "the identifier begins with 2014-01-20, but the date is 2014-01-19",
        "name it in keptIdentifiers",
    ),
    Break(
        "every_row_says_when_it_was_read",
        "reviews.csv",
        "2013-tassili-convoy,,first_reading\n",
        "",
        "incidents.csv, row 5 (2013-tassili-convoy), column incident_id: ",
        "reviews.csv does not say when the row was last read",
        "add a row for it in reviews.csv",
    ),
    Break(
        "every_row_says_when_it_was_read",
        "reviews.csv",
        "raid,2015-02-01,",
        "raid,,",
        "reviews.csv, row 3 (2013-01-16-raid), column reviewed: ",
        "the day of the second reading is missing",
        "write the day",
    ),
    Break(
        "origins_group_the_documents_of_their_incident",
        "origins.csv",
        ",afp-2013-01-17-raid",
        ",rfi-2013-06-gao",
        "origins.csv, row 2 (2013-01-16-raid / 1), column source_ids: ",
        "'rfi-2013-06-gao' is no document of this incident",
        "source_ids of the incident only",
    ),
    Break(
        "origins_group_the_documents_of_their_incident",
        "origins.csv",
        "2013-05-gao-missiles,1,RFI report,rfi-2013-06-gao\n",
        "2013-01-16-raid,2,AFP,afp-2013-01-17-raid\n",
        "origins.csv, row 3 (2013-01-16-raid / 2), column source_ids: ",
        "'afp-2013-01-17-raid' already belongs to another origin",
        "name each document once",
    ),
    Break(
        "links_say_what_they_rest_on",
        "incidents.csv",
        "official_statement,arms,,false",
        "expert_assessment,arms,,false",
        "incidents.csv, row 3 (2013-01-16-raid), column link_rests_on: ",
        "the link is no official statement",
        "empty the cell",
    ),
    Break(
        "links_say_what_they_rest_on",
        "incidents.csv",
        ",transit,true,",
        ",transit,false,",
        "incidents.csv, row 5 (2013-tassili-convoy), column through_libya: ",
        "stock and through_libya contradict each other",
        "transit and true together",
    ),
    Break(
        "expectations_are_met",
        "sources.csv",
        "blog-undated-market,A market in the desert,A blog,,analysis,,,https://example.org/market\n",
        "",
        "sources.csv: ",
        "4 rows, where at least 5 are expected",
        "restore the rows that were lost.",
    ),
    Break(
        "expectations_are_met",
        "incidents.csv",
        "media_report,,,false,event,un-2014",
        "media_report,,,false,claim,un-2014",
        "incidents.csv: ",
        "1 event for algeria, at least 2 are expected",
        "restore the rows that were lost.",
    ),
    Break(
        "files_are_canonical",
        "items.csv",
        "2012-03-sabha-depot,1,assault_rifle,,,,,own,,\n2012-03-sabha-depot,2,cartridge,,,,,own,,\n",
        "2012-03-sabha-depot,2,cartridge,,,,,own,,\n2012-03-sabha-depot,1,assault_rifle,,,,,own,,\n",
        "items.csv, row 2: ",
        "not in canonical form (line 2 differs)",
        "sort by incident_id + seq",
    ),
    Break(
        "files_are_canonical",
        "places.csv",
        "gao,Gao,",
        'gao,"Gao",',
        "places.csv, row 2: ",
        "line 2 differs",
        "quote only where needed",
    ),
    Break(
        "files_are_canonical",
        "waypoints.csv",
        "3,gao\n",
        "3,gao",
        "waypoints.csv",
        "the file is not in canonical form",
        "end every line with a line feed",
    ),
]


WORD = re.compile(r"[A-Za-z]{3,}")
EXAMPLES = {"https", "example", "org", "report", "Cable", "TUN"}
"""Words in what a fix gives as an example."""


def names_in(package):
    """Return the words of the tables of a package, and of what its files and columns are called."""
    described = json.loads((package / "datapackage.json").read_text("utf-8"))["resources"]
    names = [file.read_text("utf-8") for file in package.glob("*.csv")]
    for one in described:
        names.append(one["path"])
        for field in one.get("schema", {}).get("fields", ()):
            names += [field["name"], *(code["value"] for code in field.get("categories", ()))]
    return set(WORD.findall(" ".join(map(str, names))))


@pytest.fixture
def mute(monkeypatch):
    """Leave of every sentence in another language only what stands in its places."""

    class Mute(gettext.NullTranslations):
        def gettext(self, message):
            return " ".join(["", *re.findall(r"{\w+}", message), ""])

        def ngettext(self, _one, many, _count):
            return self.gettext(many)

        def pgettext(self, _context, message):
            return self.gettext(message)

    spoken_by = {ENGLISH: gettext.NullTranslations(), "fr": Mute()}
    monkeypatch.setattr(language, "catalogue", spoken_by.__getitem__)


def test_the_tiny_package_is_valid(package):
    found, problems = checks.check(package)
    assert problems == []
    assert len(found.tables["incidents"]) == 5


@pytest.mark.usefixtures("mute")
@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: f"{broken.rule}-{broken.file}")
def test_one_mistake_gives_one_line_that_says_where_what_and_the_fix(broken, package):
    tiny.change(package / broken.file, broken.old, broken.new)
    found, problems = checks.check(package)
    lines = [str(problem) for problem in problems]
    assert found is None
    assert len(lines) == 1, lines
    assert lines[0].startswith(broken.where)
    assert broken.what in lines[0].removeprefix(broken.where)
    assert broken.fix in lines[0].partition(" Fix: ")[2]
    rule = {rule.__name__: rule for rule in RULES}[broken.rule]
    found = read_package(package)[0]
    assert [str(problem) for problem in rule(found)] == lines
    with speaking("fr"):
        [said] = map(str, rule(found))
    assert set(WORD.findall(said)) <= names_in(package) | EXAMPLES


def test_every_rule_is_broken_by_a_test():
    assert {rule.__name__ for rule in RULES} == {broken.rule for broken in BREAKS}


def test_every_rule_says_in_one_sentence_what_it_holds():
    sentences = checks.describe_rules()
    assert sentences == [(rule.__doc__ or "").split("\n")[0] for rule in RULES]
    assert len(set(sentences)) == len(RULES)
    assert all(sentence.endswith(".") and len(sentence) < 100 for sentence in sentences)


def test_a_copied_row_is_one_mistake_however_many_of_its_columns_are_unique(package):
    with (package / "sources.csv").open("a", encoding="utf-8") as file:
        file.write(tiny.TABLES["sources"].splitlines(keepends=True)[-1])
    assert [problem.column for problem in checks.check(package)[1]] == ["source_id"]


def test_two_incidents_of_one_day_and_place_stand_when_one_names_the_other(package):
    tiny.change(
        package / "incidents.csv",
        "convoy,2013,,inferred,Report of a convoy,Never seen.,transfer_reported,tassili",
        "convoy,2013-05,,inferred,Report of a convoy,Never seen.,transfer_reported,gao",
    )
    tiny.change(
        package / "incidents.csv", "rfi-2013-06-gao,", "rfi-2013-06-gao,2013-tassili-convoy"
    )
    assert checks.check(package)[1] == []


def test_an_incident_may_be_dated_after_its_sources_when_one_of_them_shows_no_date(package):
    tiny.change(package / "sources.csv", "RFI,2013-06,", "RFI,2013-04,")
    tiny.change(package / "incidents.csv", "rfi-2013-06-gao", "blog-undated-market;rfi-2013-06-gao")
    assert checks.check(package)[1] == []


def test_whole_numbers_are_sorted_as_numbers(package):
    extra = "".join(f"2014-01-20-tassili-rifles,{seq},pistol,,,,,own,,\n" for seq in range(3, 12))
    with (package / "items.csv").open("a", encoding="utf-8") as file:
        file.write(extra)
    assert checks.check(package)[1] == []
