"""What the reader asks for, what remains, and the words for it."""

from dataclasses import replace

import pytest

from armsflow.dataset import dataset
from armsflow.dataset.loader import load
from armsflow.language import enumerated
from armsflow.selection import selection
from armsflow.selection.query import from_query, to_query
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe
from armsflow.words import list_names
from tests import tiny
from tests.choices import random_selections

DEPOT, RAID, GAO, CONVOY, RIFLES = (
    "2012-03-sabha-depot",
    "2013-01-16-raid",
    "2013-05-gao-missiles",
    "2013-tassili-convoy",
    "2014-01-20-tassili-rifles",
)


def shown(small, **chosen):
    return selection.apply(small, Selection(**chosen))


# ---------------------------------------------------------------- what remains


@pytest.mark.parametrize(
    ("chosen", "incidents"),
    [
        ({}, [DEPOT, RAID, GAO, CONVOY, RIFLES]),
        ({"weapon": ("manpads",)}, [RAID, GAO, CONVOY]),
        ({"weapon": ("small_arms",)}, [DEPOT, RAID, RIFLES]),
        ({"weapon": ("pistol",)}, [RIFLES]),
        ({"weapon": ("explosives_mines",)}, []),
        ({"destinations": ("algeria",)}, [RAID, CONVOY, RIFLES]),
        ({"destinations": ("libya",)}, [DEPOT]),
        ({"destinations": ("niger",)}, []),
        ({"destinations": ("mali", "libya")}, [DEPOT, GAO]),
        ({"years": (2012, 2012)}, [DEPOT]),
        ({"years": (2013, 2013)}, [RAID, GAO, CONVOY]),
        ({"years": (2013, 2014)}, [RAID, GAO, CONVOY, RIFLES]),
        ({"basis": ("media_report",)}, [GAO, RIFLES]),
        ({"event": ("seizure", "cache_found")}, [GAO, RIFLES]),
        (
            {"weapon": ("small_arms",), "destinations": ("algeria",), "years": (2014, 2014)},
            [RIFLES],
        ),
        ({"focus": GAO}, [DEPOT, RAID, GAO, CONVOY, RIFLES]),
    ],
)
def test_an_incident_is_kept_when_every_filter_lets_it_pass(chosen, incidents, small):
    assert shown(small, **chosen).incidents.index.tolist() == incidents


def test_an_incident_is_shown_when_any_item_matches_and_keeps_all_its_items(small):
    items = shown(small, weapon=("pistol",)).items
    assert items["weapon_type"].tolist() == ["assault_rifle", "pistol"]
    assert items["matches"].tolist() == [False, True]


def test_a_type_narrows_its_own_group_and_leaves_the_others(small):
    assert selection.chosen_types(small, ("small_arms", "pistol", "manpads")) == {
        "pistol",
        "manpads",
    }


def test_a_group_means_all_its_types(shipped):
    for group in selection.weapon_groups(shipped):
        members = set(shipped.weapon_types.index[shipped.weapon_types["group"] == group])
        assert selection.chosen_types(shipped, (group,)) == members


def test_no_weapon_chosen_means_every_type(small):
    assert selection.chosen_types(small, ()) == {"assault_rifle", "cartridge", "manpads", "pistol"}


def test_an_event_across_new_year_is_shown_in_both_years(package):
    tiny.change(package / "incidents.csv", "2013-01-16,2013-01-19", "2013-01-16,2014-01-02")
    loaded = load(package)
    for year in (2013, 2014):
        assert RAID in shown(loaded, years=(year, year)).incidents.index


@pytest.mark.parametrize(
    ("chosen", "corridors"),
    [
        ({}, ["algeria-ghat-in-amenas", "mali-sabha-gao"]),
        ({"destinations": ("mali",)}, ["mali-sabha-gao"]),
        ({"destinations": ("niger",)}, []),
        ({"destinations": ("algeria",)}, ["algeria-ghat-in-amenas"]),
        ({"weapon": ("manpads",)}, ["algeria-ghat-in-amenas"]),
        ({"years": (2012, 2013)}, ["algeria-ghat-in-amenas"]),
        ({"basis": ("official_statement",)}, ["algeria-ghat-in-amenas"]),
        ({"event": ("seizure",)}, []),
        ({"years": (2014, 2014)}, []),
    ],
)
def test_a_described_corridor_is_shown_only_while_nothing_but_destinations_is_filtered(
    chosen, corridors, small
):
    assert shown(small, **chosen).corridors.index.tolist() == corridors


def test_a_selection_of_a_dataset_leaves_the_dataset_as_it_was(small):
    before = {name: getattr(small, name).copy() for name in ("incidents", "items", "corridors")}
    selection.apply(small, Selection(weapon=("pistol",), years=(2014, 2014)))
    for name, table in before.items():
        assert getattr(small, name).equals(table)


def test_selecting_twice_is_selecting_once(shipped):
    for chosen in random_selections(shipped, 20):
        once = selection.apply(shipped, chosen)
        twice = selection.apply(once, chosen)
        assert twice.incidents.index.equals(once.incidents.index)
        assert twice.items.equals(once.items)


def test_the_default_is_the_destinations_in_focus(small):
    assert selection.default_selection(small) == Selection(destinations=("mali", "algeria"))


def test_years_run_from_the_first_to_the_last_incident(small):
    assert selection.year_range(small) == (2012, 2014)


# ---------------------------------------------------------------- to and from a URL


def test_a_selection_comes_back_from_its_url_unchanged(shipped):
    for chosen in random_selections(shipped, 400):
        query = to_query(chosen, shipped)
        assert from_query(query, shipped) == chosen, query


def test_a_selection_comes_back_when_codes_stand_between_commas(shipped):
    for chosen in random_selections(shipped, 50, seed=5):
        query = to_query(chosen, shipped)
        joined = {key: [",".join(values)] for key, values in query.items()}
        assert from_query(joined, shipped) == chosen, joined


def test_the_default_needs_no_url(shipped):
    assert to_query(selection.default_selection(shipped), shipped) == {}
    assert from_query({}, shipped) == selection.default_selection(shipped)


def test_all_destinations_are_written_out_because_the_default_is_fewer(shipped):
    assert to_query(Selection(), shipped) == {"destinations": ["all"]}


@pytest.mark.parametrize(
    "query",
    [
        {"weapon": ["bow_and_arrow"]},
        {"weapon": [""]},
        {"weapon": ["<script>alert(1)</script>"]},
        {"destinations": ["atlantis"]},
        {"destinations": []},
        {"destinations": ["MALI"]},
        {"basis": ["hearsay"]},
        {"event": ["'; DROP TABLE incidents; --"]},
        {"years": ["2011-abc"]},
        {"years": ["9999"]},
        {"years": ["2014-2011"]},
        {"years": ["2011-"]},
        {"years": ["-2014"]},
        {"years": ["-"]},
        {"years": [""]},
        {"years": []},
        {"years": ["9" * 5000]},
        {"years": ["2011-" + "9" * 5000]},
        {"years": ["２０１２-２０１３"]},
        {"years": ["²⁰¹²"]},
        {"years": ["٢٠١٢"]},
        {"years": ["2012-2013-2014"]},
        {"years": ["1999-2001"]},
        {"years": ["0-9999"]},
        {"years": [" 2012"]},
        {"focus": ["<script>alert(1)</script>"]},
        {"focus": ["link-libya"]},
        {"focus": ["link-"]},
        {"focus": ["link-link-mali"]},
        {"focus": ["x" * 100_000]},
        {"focus": []},
        {"unknown": ["value"]},
        {"__class__": ["x"], "": ["x"]},
    ],
    ids=lambda query: str(query)[:50],
)
def test_a_bad_url_value_means_the_default(query, shipped):
    assert from_query(query, shipped) == selection.default_selection(shipped)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"weapon": ["manpads", "manpads", "pig"]}, {"weapon": ("manpads",)}),
        ({"weapon": ["pistol,manpads", "manpads"]}, {"weapon": ("manpads", "pistol")}),
        ({"destinations": ["libya", "mali"]}, {"destinations": ("mali", "libya")}),
        ({"destinations": ["all"]}, {"destinations": ()}),
        ({"destinations": ["all", "mali"]}, {"destinations": ("mali",)}),
        ({"years": ["2013"]}, {"years": (2013, 2013)}),
        ({"years": ["2013", "2014"]}, {"years": (2013, 2013)}),
        ({"years": ["1999-2013"]}, {"years": (2012, 2013)}),
        ({"years": ["2013-9999"]}, {"years": (2013, 2014)}),
        ({"years": ["2012-2014"]}, {"years": None}),
        ({"focus": [GAO, RAID]}, {"focus": GAO}),
        ({"focus": ["link-niger"]}, {"focus": "link-niger"}),
        ({"focus": ["tassili"]}, {"focus": "tassili"}),
        ({"focus": ["mali-sabha-gao"]}, {"focus": "mali-sabha-gao"}),
        ({"basis": ["media_report,traced"]}, {"basis": ("traced", "media_report")}),
    ],
)
def test_what_is_good_in_a_url_is_kept_in_display_order(query, expected, small):
    default = selection.default_selection(small)
    assert from_query(query, small) == replace(default, **expected)


# ---------------------------------------------------------------- in words


def words(small, **chosen):
    asked = Selection(**chosen)
    return describe(asked, selection.apply(small, asked), small)


@pytest.mark.parametrize(
    ("chosen", "headline"),
    [
        (
            {"destinations": ("mali", "algeria")},
            (
                "All weapons: 3 documented incidents in or on the way to Mali (1) and Algeria (2), "
                "2013–2014"
            ),
        ),
        (
            {"weapon": ("manpads",), "destinations": ("mali",)},
            "Shoulder-fired missiles: 1 documented incident in or on the way to Mali, 2013",
        ),
        (
            {"weapon": ("small_arms",), "destinations": ("mali", "algeria", "niger")},
            (
                "Small arms: 2 documented incidents in or on the way to Algeria, 2013–2014; none "
                "found for Mali and Niger"
            ),
        ),
        (
            {"weapon": ("pistol", "ammunition"), "destinations": ("algeria",)},
            "Pistols and cartridges: 1 documented incident in or on the way to Algeria, 2014",
        ),
        (
            {"weapon": ("explosives_mines",), "destinations": ("mali",)},
            ": no documented incident found for Mali in these sources",
        ),
        (
            {"destinations": ("niger",)},
            "All weapons: no documented incident found for Niger in these sources",
        ),
        (
            {"destinations": ("niger",), "years": (2013, 2013)},
            "All weapons: no documented incident found for Niger in these sources, 2013",
        ),
        (
            {"destinations": ("libya",)},
            "All weapons: 1 documented store or find inside Libya, 2012",
        ),
        (
            {"destinations": ("libya",), "years": (2013, 2014)},
            "All weapons: no documented store or find inside Libya in these sources, 2013–2014",
        ),
        (
            {"destinations": ("mali", "libya")},
            (
                "All weapons: 1 documented incident in or on the way to Mali, and 1 documented "
                "store or find inside Libya, 2012–2013"
            ),
        ),
        (
            {},
            (
                "All weapons: 3 documented incidents in or on the way to Mali (1) and Algeria (2), "
                "and 1 documented store or find inside Libya, 2012–2014; none found for Niger"
            ),
        ),
    ],
)
def test_the_headline_says_the_finding(chosen, headline, small):
    assert words(small, **chosen).headline.endswith(headline)


@pytest.mark.parametrize(
    ("chosen", "counts", "aside"),
    [
        (
            {},
            "All 4 documented incidents, 4 sources",
            "1 general report or running total listed, not counted",
        ),
        ({"destinations": ("mali",)}, "1 of 4 documented incidents, 1 source", ""),
        ({"destinations": ("niger",)}, "", ""),
        (
            {"basis": ("traced",)},
            "",
            "1 general report or running total listed, not counted",
        ),
    ],
)
def test_claims_are_listed_beside_the_count_and_never_in_it(chosen, counts, aside, small):
    sentence = words(small, **chosen)
    assert (sentence.counts, sentence.aside) == (counts, aside)


@pytest.mark.parametrize(
    ("chosen", "filters"),
    [
        (
            {"destinations": ("mali", "algeria")},
            "No filter: all weapons, years and kinds of event.",
        ),
        ({}, "Destinations: all."),
        (
            {"weapon": ("ammunition", "pistol"), "destinations": ("mali",), "years": (2013, 2014)},
            "Weapons: {ammunition}, Pistols. Destinations: Mali. Years: 2013–2014.",
        ),
        (
            {"destinations": ("mali", "algeria"), "basis": ("traced",), "event": ("seizure",)},
            "Link to Libya: {traced}. Kind of event: {seizure}.",
        ),
    ],
)
def test_every_filter_that_is_on_is_named(chosen, filters, small):
    codes = {
        "ammunition": selection.weapon_groups(small)["ammunition"],
        "traced": dataset.labels(small, "incidents", "link_basis")["traced"],
        "seizure": dataset.labels(small, "incidents", "event_type")["seizure"],
    }
    assert words(small, **chosen).filters == filters.format(**codes)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_joined_as_in_a_sentence(words, sentence):
    assert enumerated(words) == sentence


def test_every_selection_says_itself_in_words(shipped):
    for chosen in random_selections(shipped, 100, seed=7):
        sentence = describe(chosen, selection.apply(shipped, chosen), shipped)
        assert ": " in sentence.headline
        assert not sentence.headline.startswith(":"), chosen
        assert sentence.filters.endswith(".")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Pistols, rifles"], "Pistols, rifles"),
        (["Rockets", "Mines"], "Rockets, Mines"),
        (["Pistols, rifles", "Mines"], "Pistols, rifles; Mines"),
        (["Rockets", "RPGs and recoilless guns"], "Rockets; RPGs and recoilless guns"),
    ],
)
def test_names_that_hold_commas_or_and_are_kept_apart_by_semicolons(names, said):
    assert list_names(names) == said
