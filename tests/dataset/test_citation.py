"""Evidence in words."""

from dataclasses import replace

import pandas as pd
import pytest

from armsflow.dataset import citation
from armsflow.language import speaking


@pytest.mark.parametrize(
    ("symbol", "published", "line"),
    [
        ("S/2014/106", "2014-03-10", "UN, “Panel of Experts”, S/2014/106, 10 March 2014."),
        ("", "2014-03", "UN, “Panel of Experts”, March 2014."),
        ("", "", "UN, “Panel of Experts”, no date shown."),
    ],
)
def test_a_source_is_one_line(symbol, published, line):
    source = {
        "publisher": "UN",
        "title": "Panel of Experts",
        "document_symbol": symbol,
        "published": published,
        "url": "https://example.org/report",
    }
    assert citation.source_words(source) == line
    assert citation.source_line(source) == f"{line} https://example.org/report"
    assert citation.source_words(source | {"url": ""}) == f"{line} Not public."


def test_every_source_that_the_package_cites_has_a_line(shipped):
    lines = [citation.source_words(source) for _, source in shipped.sources.iterrows()]
    assert all(line.endswith(".") and "“" in line for line in lines)


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("en", {"hrw-2012-04-01-depots": "", "rfi-2013-06-gao": "French"}),
        ("fr", {"hrw-2012-04-01-depots": "anglais", "rfi-2013-06-gao": ""}),
        ("ar", {"hrw-2012-04-01-depots": "الإنجليزية", "rfi-2013-06-gao": "الفرنسية"}),
    ],
)
def test_a_source_names_its_language_where_it_is_another_than_the_reader_s(small, language, named):
    with speaking(language):
        cited = citation.cited([*named, "blog-undated-market"], small)
    assert {source: one["language"] for source, one in cited.items()} == named | {
        "blog-undated-market": ""  # unknown stays unknown
    }


def test_sources_of_a_package_without_languages_have_none(small):
    older = replace(small, sources=small.sources.drop(columns="language"))
    assert [one["language"] for one in citation.cited(older.sources.index, older).values()] == (
        [""] * len(older.sources)
    )


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [("2013-05", "", "May 2013"), ("2013", "2014", "2013–2014"), ("2013-05-14", "", "14 May 2013")],
)
def test_a_date_is_as_precise_as_its_source(start, end, words):
    assert citation.date_words({"date": start, "date_end": end}) == words


@pytest.mark.parametrize(
    ("quantity", "qualifier", "unit", "words"),
    [
        (3, "at_least", "missiles", "at least 3 missiles"),
        (20, "about", "weapons", "about 20 weapons"),
        (1200, "exact", "rounds", "1,200 rounds"),
        (5, "exact", "", "5"),
        (pd.NA, "", "missiles", "number not stated"),
        (pd.NA, "", "", "number not stated"),
    ],
)
def test_a_quantity_is_written_as_stated_and_an_unknown_is_never_a_number(
    quantity, qualifier, unit, words
):
    item = {"quantity": quantity, "quantity_qualifier": qualifier, "unit": unit}
    assert citation.quantity_words(item) == words


def test_every_item_of_the_package_has_words_for_its_quantity(shipped):
    for item in shipped.items.to_dict("records"):
        words = citation.quantity_words(item)
        stated = not pd.isna(item["quantity"])
        assert (f"{item['quantity']:,}" in words) if stated else words == "number not stated"


@pytest.mark.parametrize(
    ("incident", "gaps"),
    [
        (
            "2013-01-16-raid",
            ["no number for 1 item"],
        ),
        (
            "2012-03-sabha-depot",
            [
                "the day of the event is not stated; the date is that of the report",
                "no number for 2 items",
                "only one document was found",
            ],
        ),
        (
            "2013-05-gao-missiles",
            [
                "the route is not stated",
                "the day is not stated",
                "only press reports tie the arms to Libya",
                "only one document was found",
            ],
        ),
        (
            "2014-01-20-tassili-rifles",
            [
                "the route is not stated",
                "the place is known only as a region",
                "no number for 1 item",
                "only press reports tie the arms to Libya",
                "only one document was found",
            ],
        ),
    ],
)
def test_what_no_source_establishes_is_listed(incident, gaps, small):
    items = small.items[small.items["incident_id"] == incident]
    assert citation.not_established(small.incidents.loc[incident], items, small) == gaps


def test_a_claim_says_first_that_it_is_not_counted(small):
    claim = "2013-tassili-convoy"
    items = small.items[small.items["incident_id"] == claim]
    gaps = citation.not_established(small.incidents.loc[claim], items, small)
    assert gaps[0].startswith("not counted: ")
    assert "the date is inferred" in gaps


def test_a_precision_that_only_this_package_has_is_named_as_it_is(small):
    incident = "2014-01-20-tassili-rifles"
    row = small.incidents.loc[incident].copy()
    row["precision"] = "valley"
    gaps = citation.not_established(row, small.items[:0], small)
    assert "the place is known only as a valley" in gaps


def test_signs_of_markdown_are_shown_as_they_are():
    assert citation.as_markdown("a*b_[c](d) $x$ :red[e]") == (r"a\*b\_\[c\]\(d\) \$x\$ \:red\[e\]")


@pytest.mark.parametrize(
    ("groups", "cited", "words"),
    [
        ([], "a", "1 document"),
        ([], "ab", "2 documents"),
        (["a"], "a", "1 document"),
        (["ab"], "ab", "2 documents, 1 origin"),
        (["ab", "c"], "abc", "3 documents, 2 origins"),
        (["a"], "abc", "3 documents"),
        (["ab"], "abc", "3 documents, 2 of them of one origin"),
        (["ab", "cd"], "abcde", "5 documents, 4 of them of 2 origins"),
    ],
)
def test_origins_are_counted_where_they_tell_more_than_documents(groups, cited, words, small):
    rows = [("x", number, "An office", tuple(one)) for number, one in enumerate(groups, 1)]
    origins = pd.DataFrame(rows, columns=["incident_id", "origin", "label", "source_ids"])
    assert citation.document_words("x", tuple(cited), replace(small, origins=origins)) == words


@pytest.mark.parametrize(
    ("date", "end", "basis", "words"),
    [
        ("2013-05-14", "", "event", "14 May 2013"),
        ("2013-05-14", "", "report", "reported on 14 May 2013"),
        ("2013-05", "", "report", "reported in May 2013"),
        ("2013", "", "report", "reported in 2013"),
        ("2013-05-14", "2013-05-16", "report", "reported 14–16 May 2013"),
        ("2012", "", "inferred", "2012 (inferred)"),
        ("2012", "", "", "2012"),
    ],
)
def test_a_date_says_how_it_is_known(date, end, basis, words):
    row = {"date": date, "date_end": end, "date_basis": basis}
    assert citation.date_words(row) == words


def test_a_card_lists_what_is_stated_and_no_more(shipped):
    rows = shipped.incidents
    stated = dict(citation.circumstances(rows.loc["2020-03-02-tataouine-rifles"], shipped))
    assert stated == {
        "Outcome": "Stopped on the way",
        "Who stopped or found it": "Tunisian customs",
        "Carried by": "Vehicle",
        "What the official link rests on": "The arms",
    }
    empty = rows.iloc[0].copy()
    empty[list(citation.CIRCUMSTANCES)] = ""
    assert citation.circumstances(empty, shipped) == []


def test_a_row_says_when_it_was_last_read(small):
    assert citation.reading_words("2013-05-gao-missiles", small) == (
        "read twice against its sources, last on 1 February 2015"
    )
    assert citation.reading_words("2013-tassili-convoy", small) == "read once against its sources"
    assert citation.reading_words("nobody-published-this", small) == ""


def test_calibre_maker_and_marking_are_said_unless_the_designation_says_them():
    item = {
        "designation": "12-gauge rifle",
        "calibre": "12-gauge",
        "country_of_manufacture": "Belgium",
        "marking": "lot 7",
    }
    assert citation.item_details(item) == "made in Belgium, marking: lot 7"
    assert citation.item_details({"designation": "AK-47"}) == ""
    hedged = {"designation": "Grad (122 mm in one report)", "calibre": "122 mm (one report)"}
    assert citation.item_details(hedged) == ""


def test_what_is_stated_begins_with_a_capital(shipped):
    [(_, said)] = citation.circumstances({"seizing_authority": "peacekeepers"}, shipped)
    assert said == "Peacekeepers"
