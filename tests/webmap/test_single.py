"""The interactive map as one file: whole, inert, bounded, and the same every time."""

import hashlib
import re
from base64 import b64encode
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from armsflow.briefing import briefing
from armsflow.briefing.titles import own_title
from armsflow.dataset.knowledge import BOUNDARY_NOTE
from armsflow.dataset.loader import load
from armsflow.picture.plate import make_plate
from armsflow.selection.selection import Selection
from armsflow.webmap import single
from tests import tiny
from tests.choices import random_selections
from tests.depth import THOROUGH

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"


class Reader(HTMLParser):
    """Reads a file as a browser would: elements, and the text of scripts, styles and the rest."""

    def __init__(self, content):
        super().__init__()
        self.elements = []
        self.texts = {"script": [], "style": [], "": []}
        self.inside = ""
        self.feed(content.decode())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag in {"script", "style"}:
            self.inside = tag

    def handle_endtag(self, tag):
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data):
        self.texts[self.inside].append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.texts[""]).split())

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def write(shipped, plate):
    def file(chosen, **words):
        prepared = briefing.prepare(chosen, shipped, plate, **words)
        return prepared, briefing.map_file(prepared)

    return file


@pytest.fixture(scope="module")
def whole(write):
    return write(Selection())


def test_the_largest_selection_fits_and_is_the_same_every_time(whole):
    prepared, content = whole
    assert len(content) <= single.LARGEST
    assert briefing.map_file(prepared) == content


def test_nothing_is_loaded_and_every_address_is_a_link(whole):
    page = Reader(whole[1])
    assert {tag for tag, _ in page.elements} & {"link", "img", "iframe", "object", "base"} == set()
    assert {name for _, its in page.elements for name in its} & {"src", "srcset", "style"} == set()
    assert [name for _, its in page.elements for name in its if name.startswith("on")] == []
    addresses = re.findall(r"url\(([^#][^)]{0,30})", "".join(page.texts["style"]))
    assert {address.partition(",")[0].strip('"') for address in addresses} == {
        "data:font/woff2;base64"
    }
    assert {tag for tag, its in page.elements if "href" in its} == {"a"}
    for link in page.all("a"):
        assert link["href"].startswith(("#", "https://", "http://"))


def test_only_its_own_script_and_style_may_run(whole):
    page = Reader(whole[1])
    (policy,) = [
        its["content"]
        for its in page.all("meta")
        if its.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for tag in ("script", "style"):
        (text,) = ["".join(page.texts[tag])]
        assert len(page.all(tag)) == 1
        digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert set(rules) == {
        "default-src", "script-src", "style-src", "font-src", "base-uri", "form-action",
    }  # fmt: skip


def test_headings_follow_one_another_and_the_language_is_said(whole):
    page = Reader(whole[1])
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    identifiers = Counter(its["id"] for _, its in page.elements if "id" in its)
    assert set(identifiers.values()) == {1}


def test_a_file_holds_every_incident_of_its_selection(write, shipped):
    sizes = set()
    for chosen in random_selections(shipped, 40, seed=7):
        prepared, content = write(chosen)
        page = Reader(content)
        shown = prepared.shown
        held = [its["data-incident"] for its in page.all("article")]
        assert held == list(shown.incidents.index)
        assert len(held) == shown.totals.events + shown.totals.others
        uncounted = sum(its.get("class") == "uncounted" for its in page.all("span"))
        assert uncounted >= shown.totals.others
        numbers = [its["data-focus"] for its in page.all("a") if "data-focus" in its]
        assert numbers == [case.incident for case in prepared.picture.cases]
        assert set(numbers) <= set(held)
        assert prepared.picture.sentence.headline in page.words
        sizes.add(len(held))
    assert len(sizes) > (10 if THOROUGH else 6)


def test_a_file_says_what_it_is_of_when_and_from_which_filters(write):
    chosen = Selection(weapon=("manpads",), years=(2011, 2014))
    prepared, content = write(
        chosen, marking="OFFICIAL <TEST>", title=own_title("My <title>", "A & note")
    )
    page = Reader(content)
    caption = prepared.caption
    sentence = prepared.picture.sentence
    for said in (
        "My <title>", "A & note", sentence.headline, sentence.counts, sentence.filters,
        caption.data, caption.number, BOUNDARY_NOTE, "does not update itself",
        prepared.whole.descriptor["licenses"][0]["title"],
    ):  # fmt: skip
        assert said in page.words
    marked = [its for its in page.all("p") if its.get("class") == "marking"]
    assert len(marked) == 2
    text = content.decode()
    assert text.index("OFFICIAL &lt;TEST&gt;</p>") < text.index("<h1>")
    assert text.rindex("OFFICIAL &lt;TEST&gt;</p>") > text.rindex("</article>")


def test_hostile_texts_of_the_data_are_inert(tmp_path):
    directory = tiny.write(tmp_path / "package")
    for file, old in (
        ("places", ",In Amenas,"), ("incidents", ",Gas plant attacked,"), ("sources", ",AFP,"),
        ("corridors", ",Ghat to In Amenas,"), ("destinations", ",Algeria,"),
    ):  # fmt: skip
        tiny.change(directory / f"{file}.csv", old, f",{EVIL},")
    hostile = load(directory)
    prepared = briefing.prepare(Selection(), hostile, make_plate(hostile, directory))
    page = Reader(briefing.map_file(prepared))
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert page.words.count(EVIL) > 5
    assert "<" not in "".join(page.texts["script"]).rpartition("armsflow.given = ")[2]


def test_a_file_that_would_be_too_large_says_how_many_incidents_it_lacks(write, whole, monkeypatch):
    _, content = whole
    monkeypatch.setattr(single, "LARGEST", len(content) - 100_000)
    prepared, less = write(Selection())
    held = len(Reader(less).all("article"))
    every = prepared.shown.totals.events + prepared.shown.totals.others
    assert 0 < held < every
    assert len(less) <= single.LARGEST
    assert f"the first {held:,} incidents; {every - held:,} more" in Reader(less).words
