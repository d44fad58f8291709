"""Every word of the sections and of the evidence is said in the language of the reader."""

import re
from dataclasses import replace
from html import unescape

import pytest

from armsflow import language
from armsflow.dataset import knowledge
from armsflow.dataset.languages import in_language
from armsflow.dataset.loader import SHIPPED
from armsflow.language import month, speaking
from armsflow.package.package import read_package
from armsflow.package.translations import texts
from armsflow.page import evidence, search, sections
from armsflow.page.markup import render
from armsflow.picture import picture
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests.marked import Marked

TONGUE = re.compile(r'<span class="tongue">[^<]*</span>')
"""The language of a source, as Babel names it."""


@pytest.fixture
def marked(shipped, monkeypatch):
    """The shipped dataset in a language that is English between marks."""
    english = texts(read_package(SHIPPED)[0])
    told = english.assign(language="fr", text="«" + english["english"] + "»")
    whole = replace(shipped, translations=told[shipped.translations.columns])
    real = language.catalogue
    monkeypatch.setattr(language, "catalogue", lambda one: Marked() if one == "fr" else real(one))
    with speaking("fr"):
        yield in_language(whole, "fr")


def bare(html, known=()):
    """The words of a text that stand between no marks, but for what Babel says and is known."""
    words = re.sub(r"<pre.*?</pre>", " ", html, flags=re.DOTALL)
    words = TONGUE.sub(" ", words)
    words = re.sub(r'<[^>]*?(?:title|aria-label)="([^"]*)"[^>]*>', r" \1 ", words)
    words = unescape(re.sub(r"<[^>]*>", "\n", words))
    while (inner := re.sub(r"«[^«»]*»", "", words)) != words:
        words = inner
    months = {month(position) for position in range(1, 13)}
    left = {line.strip() for line in words.splitlines()} - set(known)
    return {one for line in left for one in re.findall(r"[^\W\d_]{2,}", line.lower())} - months


def test_every_word_that_no_selection_changes_is_said(marked):
    publishers = set(marked.sources["publisher"])
    for name in ("figures", "article", "reports", "method", "glossary"):
        html = getattr(sections, f"{name}_html")(marked)
        assert "«" in html
        assert not bare(html, publishers), name
    parts = dict.fromkeys(("figures", "article", "reports", "method", "glossary"), "")
    assert not bare(render("known", count=3, **parts))


def test_every_word_of_the_evidence_is_said(marked, plate):
    layouts = plate.layouts
    foci = [*layouts.region.index, *marked.spots.index[:5], *marked.incidents.index[:20]]
    for focus in [*foci, *marked.sources.index[:3]]:
        drawn = picture.draw(Selection(focus=str(focus)), marked, marked, layouts)
        assert not bare(evidence.evidence_html(drawn)), focus
    for words in search.options(marked, plate).values():
        assert not bare(words)


def test_every_word_on_how_much_is_known_is_said(marked, layouts):
    for codes in ((), ("mali",), ("mali", "chad"), ("libya",)):
        chosen = Selection(destinations=codes, years=(2011, 2013))
        shown = selection.apply(marked, chosen)
        said = [*knowledge.facts(shown), *knowledge.notes(shown)]
        assert said
        assert not bare("\n".join(said))
        drawn = picture.draw(chosen, shown, marked, layouts)
        assert not bare(evidence.nothing_found_html(drawn))


@pytest.mark.parametrize("spoken", ["fr", "ar"])
def test_figures_and_claims_are_compared_as_they_were_written(spoken, shipped):
    said = in_language(shipped, spoken)
    with speaking(spoken):
        figures, article = sections.figures_html(said), sections.article_html(said)
    assert addresses(article) == addresses(sections.article_html(shipped))
    assert scales(figures) == scales(sections.figures_html(shipped))
    rows = shipped.figures[shipped.figures["qualifier"] == "exact"]
    assert len(rows)
    assert not [one for one in said.figures.loc[rows.index, "qualifier"] if f">{one}" in figures]


def addresses(html):
    return re.findall(r'href="\?([^"]*)"', html)


def scales(html):
    return re.findall(r'style="left:([^"]*)"', html)
