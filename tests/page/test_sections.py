"""The sections below the map: matrix, figures, article, method."""

import csv
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from random import Random
from urllib.parse import parse_qs

import pytest

from armsflow.dataset.dataset import labels
from armsflow.dataset.loader import SHIPPED
from armsflow.package.versions import Release, read_releases
from armsflow.page.matrix import matrix
from armsflow.page.sections import (
    article_html,
    corrections_html,
    figures_html,
    glossary_html,
    method_html,
    reports_html,
    short_html,
)
from armsflow.selection import selection
from armsflow.selection.query import from_query
from armsflow.selection.questions import QUESTIONS, answer
from tests.choices import random_selections


def rows_of(name):
    with (SHIPPED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(html):
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_the_matrix_by_weapon_equals_an_independent_count(shipped):
    groups = {row["weapon_type"]: row["group"] for row in rows_of("weapon_types")}
    pairs = {(row["incident_id"], groups[row["weapon_type"]]) for row in rows_of("items")}
    events = {
        row["incident_id"]: row["destination"]
        for row in rows_of("incidents")
        if row["scope"] == "event"
    }
    expected = Counter((events[one], group) for one, group in pairs if one in events)
    counts = matrix(shipped, selection.Selection(), "weapon")
    for destination in counts.index:
        for group in selection.weapon_groups(shipped):
            assert counts.loc[destination, group] == expected[destination, group]
    assert counts["all"].sum() == len(events)


def test_the_matrix_by_link_adds_up_to_all_incidents(shipped):
    counts = matrix(shipped, selection.Selection(), "basis")
    assert (counts.drop(columns="all").sum(axis=1) == counts["all"]).all()


@pytest.mark.parametrize("reading", ["weapon", "basis"])
def test_a_cell_of_the_matrix_is_what_pressing_it_shows(reading, shipped):
    random = Random(11)
    for chosen in random_selections(shipped, 12, random.randrange(1000)):
        counts = matrix(shipped, chosen, reading)
        for destination in counts.index[:4]:
            for code in counts.columns[:-1]:
                pressed = selection.Selection(
                    years=chosen.years,
                    event=chosen.event,
                    basis=chosen.basis if reading == "weapon" else (code,),
                    weapon=(code,) if reading == "weapon" else chosen.weapon,
                    destinations=(destination,),
                )
                shown = selection.apply(shipped, pressed)
                assert len(shown.events) == counts.loc[destination, code]


def test_every_published_figure_is_shown_with_who_says_so(shipped):
    html = figures_html(shipped)
    words = plain(html)
    for row in rows_of("figures"):
        assert row["label"] in words
        assert f"{int(row['value']):,} {row['unit']}" in words
    assert html.count('target="_blank"') >= len(rows_of("figures"))


def test_missiles_of_another_trigger_are_not_counted_as_shoulder_fired(shipped):
    words = plain(figures_html(shipped))
    assert "truck mounts" in words
    held = words.split("Shoulder-fired missiles held before 2011")[1].split("Missiles located")[0]
    assert "482" not in held


def test_every_claim_of_the_article_has_its_verdict_and_the_counts_agree(shipped):
    words = plain(article_html(shipped))
    claims = rows_of("claims")
    for row in claims:
        assert row["claim"] in words
    for verdict, count in Counter(row["verdict"] for row in claims).items():
        label = labels(shipped, "claims", "verdict")[verdict].lower()
        assert f"{count} {label}" in words


def test_a_claim_on_a_place_links_into_the_map(shipped):
    assert 'href="?destinations=mali' in article_html(shipped)


@pytest.mark.parametrize(
    ("places", "linked"),
    [("Nigeria", [{"nigeria"}]), ("Chad; Niger", [{"chad", "niger"}]), ("South Sudan", [])],
)
def test_a_claim_links_to_the_destinations_that_it_names_whole(places, linked, shipped):
    claims = shipped.claims.head(1).assign(subject_place=places, weapon_type="")
    links = re.findall(r'href="\?([^"]*)"', article_html(replace(shipped, claims=claims)))
    assert [set(parse_qs(unescape(link))["destinations"]) for link in links] == linked


def test_every_report_and_every_weapon_type_is_listed(shipped):
    reports = plain(reports_html(shipped))
    assert all(row["claim"] in reports for row in rows_of("reports"))
    glossary = plain(glossary_html(shipped))
    assert all(row["definition"] in glossary for row in rows_of("weapon_types"))


def test_the_method_names_the_years_without_an_incident(shipped):
    words = plain(method_html(shipped))
    seen = {
        year
        for row in rows_of("incidents")
        if row["scope"] == "event" and row["destination"] == "sinai"
        for year in range(int(row["date"][:4]), int((row["date_end"] or row["date"])[:4]) + 1)
    }
    last_silent = max(set(range(2011, shipped.vocabulary.years[1] + 1)) - seen)
    assert re.search(rf"Sinai [^;]*{last_silent}", words)


def test_every_correction_is_listed_below_its_release(shipped):
    releases, _ = read_releases(SHIPPED)
    words = " ".join(plain(corrections_html(shipped, releases)).split())
    assert words.index("Version 1.1.0") < words.index("Version 1.0.0")
    for row in rows_of("corrections"):
        assert row["record"] in words
        assert " ".join(row["why"].split()) in words
    assert "date: 2020-03-02 → 2020-03-01" in words


def test_a_correction_is_listed_below_its_own_release_though_two_are_of_one_day(small):
    day = small.corrections["date"].iloc[0]
    releases = [Release(version, day, "", "Words.") for version in ("1.0.1", "1.0.2")]
    newest, older = corrections_html(small, releases).split("Version 1.0.1")
    assert "2013-01-16-raid" in older
    assert "2013-01-16-raid" not in newest


def test_a_correction_is_text_whatever_it_holds(small):
    log = small.corrections.assign(why="<script>alert(1)</script>", after="<b>x</b>")
    release = Release("1.0.1", "2015-03-01", "", "<i>Moved</i>")
    html = corrections_html(replace(small, corrections=log), [release])
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "<i>" not in html
    assert corrections_html(small, []).count("<h3>") == 0


def test_the_method_counts_dates_origins_readings_and_numbers(shipped):
    words = " ".join(plain(method_html(shipped)).split())
    events = [row for row in rows_of("incidents") if row["scope"] == "event"]
    dated = Counter(row["date_basis"] for row in events)
    read = Counter(row["result"] for row in rows_of("reviews"))
    counted = {row["incident_id"] for row in events}
    items = [
        row
        for row in rows_of("items")
        if row["incident_id"] in counted and row["counting"] == "own"
    ]
    for said in (
        f"stated for {sum(row['quantity'] != '' for row in items)} of {len(items)} weapon items",
        f"{dated['event']} of {len(events)} incidents have a date that a source gives",
        f"{dated['report']} incidents) or one that was worked out",
        f"worked out ({dated['inferred']} incidents)",
        f"{read['agreed']} agreed, {read['corrected']} needed correction",
        f"Read once: {read['first_reading']}.",
        f"{shipped.totals.single} of {len(events)} incidents rest on one",
    ):
        assert said in words


def test_in_short_holds_every_question_with_its_answer_and_a_plain_address(shipped):
    html = short_html(shipped)
    for code, question in QUESTIONS.items():
        assert question.words in plain(html)
        assert answer(code, shipped) in plain(html)
    links = [parse_qs(unescape(link)) for link in re.findall(r'href="\?([^"]*)"', html)]
    views = [question.choose(shipped) for question in QUESTIONS.values()]
    assert [from_query(link, shipped) for link in links] == views
    failed = [row["claim"] for row in rows_of("claims") if row["verdict"] == "contradicted"]
    assert failed
    for claim in failed:
        assert claim.rstrip(".") in plain(html)
