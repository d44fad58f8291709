"""The page's parts in another language: what is made later, kept, or said by the server."""

import re

import pytest

from armsflow import language
from armsflow.language import speaking, spoken
from armsflow.page import charts, widget_words
from armsflow.page.download import offer
from armsflow.page.markup import render
from armsflow.page.periods import timeline_rows
from armsflow.page.server import language_asked
from armsflow.page.table import COLUMNS
from armsflow.picture import style
from tests.marked import Marked


@pytest.fixture
def marked(monkeypatch):
    monkeypatch.setattr(language, "catalogue", lambda _: Marked())
    with speaking("fr"):
        yield


def bare(html):
    """Return the words of HTML that are in no marks, and attributes that readers hear."""
    heard = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', html)
    text = " ".join([re.sub(r"<[^>]*>", " ", html), *heard])
    while (less := re.sub(r"«[^«»]*»", " ", text)) != text:
        text = less
    return re.findall(r"[A-Za-z]{2,}", text)


CELL = {"count": "3", "ground": "", "ink": ""}
ROW = dict.fromkeys(COLUMNS, "1")


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("matrix", {"rows": {"a": {"name": "1", "cells": {"all": CELL}}}, "columns": {"all": "2"},
                    "reading": "weapon"}),
        ("incident_table", {"words": "", "map_words": "", "columns": dict.fromkeys(COLUMNS, "1"),
                            "rows": [ROW], "days": ["2013"], "focus": ""}),
        ("map_words", {"destinations": {"1": [{"focus": "f", "name": "1", "said": "2",
                                               "places": "3"}]}, "count": 2}),
        ("timeline_note", {}),
        ("briefing_link", {"query": ""}),
        ("briefing_view", {"query": "", "alt": "", "image": ""}),
        ("signed_in", {"name": "1"}),
        ("door", {"words": ""}),
        ("chips", {"chips": {"1": "#000"}}),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("marked")
def test_a_template_says_every_word_through_the_catalogue(template, values):
    assert bare(render(template, **values)) == []


def test_streamlits_own_words_stay_in_english_and_are_all_said_elsewhere(monkeypatch):
    assert widget_words.widget_words() == {}
    monkeypatch.setattr(language, "catalogue", lambda _: Marked())
    with speaking("ar"):
        words = widget_words.widget_words()
    place = re.compile(r"{\w+}")
    assert words
    assert all(bare(said) == [] for said in words.values())
    assert all(place.findall(wrote) == place.findall(said) for wrote, said in words.items())
    assert all(len(place.findall(wrote)) < 2 for wrote in words)


def test_a_file_is_made_in_the_language_of_the_page_that_offers_it():
    offered = {}

    class Place:
        def download_button(self, _words, **options):
            offered.update(options)

    with speaking("ar"):
        offer(Place(), "1", lambda: spoken().encode(), "a.csv", "key")
    assert offered["data"]() == b"ar"
    assert spoken() == "en"


def test_periods_and_their_axis_have_the_months_of_each_language(shipped):
    years = (2012, 2013)

    def drawn():
        rows = timeline_rows(shipped, years)
        axis = charts.timeline(rows, years, style.INK)["encoding"]["x"]["axis"]
        return set(rows["Period"]), axis["labelExpr"]

    english, axis = drawn()
    with speaking("fr"):
        french, french_axis = drawn()
    assert "March 2012" in english
    assert "mars 2012" in french
    assert '"Jan 2012"' in axis
    assert '"janvier 2012"' in french_axis
    assert drawn() == (english, axis)


@pytest.mark.parametrize(
    ("query", "asked"),
    [(b"", "en"), (b"lang=ar", "ar"), (b"a=1&lang=fr", "fr"), (b"lang=tlh", "en"),
     (b"lang=%22%3E", "en"), (b"\xff=%zz&lang", "en")],
)  # fmt: skip
def test_the_document_has_the_language_that_its_address_asks_for(query, asked):
    assert language_asked({"type": "http", "query_string": query, "headers": []}) == asked


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        (b"fr-FR,fr;q=0.9", "fr"),
        (b"ar", "ar"),
        (b"de,fr;q=0.5", "en"),
        (b"", "en"),
        (b"\xff", "en"),
    ],
)
def test_the_document_has_the_language_of_the_browser_if_its_address_names_none(header, asked):
    scope = {"type": "http", "query_string": b"", "headers": [(b"accept-language", header)]}
    assert language_asked(scope) == asked
    assert language_asked(scope | {"query_string": b"lang=ar"}) == "ar"
