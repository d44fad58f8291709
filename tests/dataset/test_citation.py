"""Evidence in words."""

import pandas as pd
import pytest

from armsflow.dataset import citation


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
    }
    assert citation.source_words(source) == line


def test_every_source_that_the_package_cites_has_a_line(shipped):
    lines = [citation.source_words(source) for _, source in shipped.sources.iterrows()]
    assert all(line.endswith(".") and "“" in line for line in lines)


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
            ["the day is not stated", "no number for 2 items", "only one document was found"],
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
    assert "only the year is stated" in gaps


def test_signs_of_markdown_are_shown_as_they_are():
    assert citation.as_markdown("a*b_[c](d) $x$ :red[e]") == (r"a\*b\_\[c\]\(d\) \$x\$ \:red\[e\]")
