"""From picture to browser: what is handed over, and that hostile texts stay data."""

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from armsflow import language
from armsflow.dataset import knowledge
from armsflow.dataset.loader import SHIPPED
from armsflow.picture import picture, style
from armsflow.picture.frames import FRAMES
from armsflow.picture.legend import LegendEntry, Symbol, legend, unpublished_entry
from armsflow.picture.lettering import Lettering, Spread, letter
from armsflow.picture.names import SIZES, Name
from armsflow.picture.routes import lay_out_frames
from armsflow.picture.shapes import tag_box
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from armsflow.webmap import document as document_module
from armsflow.webmap.document import FILES, WORDS, Show, document, files, script_json
from armsflow.webmap.flows import count_words, flows
from armsflow.webmap.legend import legend_html
from tests.choices import random_selections
from tests.marked import Marked

SCRIPTS = [file for file in FILES if file.endswith(".js")]

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "`${alert(1)}`",
    "</script><script>alert(1)</script>",
    "\"'\\",
    "{{'x'}}",
    "{{ 7*7 }}{% raw %}",
    "\u202eevil \u0627\u0644\u0642\u0627\u0639\u062f\u0629 \u05e9\u05dc\u05d5\u05dd",
    "\u2028\u2029 line",
    "alert(coords); drawnItems_draw_control_div_1",
    "x" * 10_000,
    "map_div.remove()//",
    "*/ ]); evil(); /*",
]


def options(small, plate):
    """Parse what the document hands to the drawing code; it must be the script's last word."""
    script = document(small, plate).rpartition("<script>")[2]
    _, call, tail = script.partition("armsflow.start(")
    assert call
    name, _, tail = tail.partition(", ")
    value, end = json.JSONDecoder().raw_decode(tail)
    assert name == "map_armsflow"
    assert tail[end:].split() == [");", "</script>", "</html>"]
    return value


def lettering(text):
    """Names of every kind that all say the same, in every frame."""
    point = np.array([[1_200_000.0, 3_000_000.0]])
    spread = tuple(Spread(text, kind, point, 0.0) for kind in ("country", "area", "water"))
    town = Name(text, "town", 14.0, 27.0, "e", 0.0)
    return Lettering({frame.code: spread for frame in FRAMES}, (town,))


def draw(small, **chosen):
    asked = Selection(**chosen)
    return picture.draw(asked, selection.apply(small, asked), small, lay_out_frames(small))


# ---------------------------------------------------------------- what is handed over


def test_every_line_and_place_is_handed_over_once_with_its_classes(everything):
    data = flows(everything)
    assert [line["classes"] for line in data["lines"]] == [
        (f"corridor corridor-{line.line}" if line.kind == "corridor" else f"link {line.line}")
        + f" {line.form}"
        for line in everything.lines
    ]
    assert [place["classes"] for place in data["places"]] == [
        f"place place-{place.place} {place.mark}" for place in everything.places
    ]
    identifiers = Counter(part["focus"] for part in [*data["lines"], *data["places"]])
    assert set(identifiers.values()) == {1}
    assert len(data["tags"]) == len(everything.tags)
    assert [mark["text"] for mark in data["numbers"]] == [mark.text for mark in everything.numbers]
    assert data["frame"] == everything.frame.code


def test_a_number_says_its_place_and_what_became_of_it_and_leads_to_its_incident(everything):
    names = everything.shown.spots["name"]
    sent = flows(everything)["numbers"]
    assert len(sent) == 12
    for mark, data in zip(everything.numbers, sent, strict=True):
        words = [f"Incident {mark.text}", names[mark.spot]]
        words += ["stopped on the way"] if mark.stopped else []
        assert data["words"] == ", ".join(words)
        assert data["focus"] == (mark.incident or mark.spot)
    assert {mark.stopped for mark in everything.numbers} == {False, True}


def test_names_are_handed_over_as_they_are_lettered(everything, plate):
    names = letter(everything, plate.names)
    sent = flows(everything, names)["names"]
    assert {kind for _, kind, *_ in sent} >= {"origin", "country", "water", "town", "found"}
    for name, (text, kind, side, latitude, longitude, least, right, down) in zip(
        names, sent, strict=True
    ):
        assert name == Name(text, kind, longitude, latitude, side, least, right, down)
    assert flows(everything)["names"] == []


def test_the_drawing_code_keeps_every_number_apart(everything):
    (first, *_) = everything.numbers
    marks = [
        replace(first, text=text, incident="", stopped=True, colour=colour)
        for text, colour in (("1, 2", "#112233"), ("3, 4", "#445566"))
    ]
    code = (SHIPPED.parent / "armsflow" / "webmap" / "marks.js").read_text("utf-8")
    (key,) = re.findall(r"kept\(`(number [^`]+)`", code)
    said = re.findall(r"\$\{mark\.(\w+)\}", key)
    sent = flows(replace(everything, numbers=tuple(marks)))["numbers"]
    assert len({tuple(str(mark[name]) for name in said) for mark in sent}) == len(sent)


def test_coordinates_are_latitude_before_longitude_as_leaflet_wants(small, plate):
    (gao,) = (place for place in flows(draw(small))["places"] if place["focus"] == "gao")
    assert gao["at"] == [16.27, -0.04]
    layouts = lay_out_frames(small)
    paths = options(small, replace(plate, layouts=layouts))["paths"]
    way = paths["region"]["algeria-ghat-in-amenas"]
    assert way[0] == pytest.approx([24.96, 10.18], abs=0.01)
    assert way[-1] == pytest.approx([28.05, 9.56], abs=0.01)


def test_the_document_holds_the_course_of_every_line_that_can_be_drawn(shipped, plate, everything):
    paths = options(shipped, plate)["paths"]["region"]
    assert set(paths) == set(plate.layouts.region.index)
    assert {line.line for line in everything.lines} <= set(paths)
    assert {tag["line"] for tag in flows(everything)["tags"]} <= set(paths)


@pytest.mark.parametrize(
    ("name", "hollow", "dashed", "colour"),
    [
        ("algeria-ghat-in-amenas", False, False, style.DESTINATION_COLOURS["algeria"]),
        ("mali-sabha-gao", False, True, style.DESTINATION_COLOURS["mali"]),
        ("link-mali", True, True, style.DESTINATION_COLOURS["mali"]),
    ],
)
def test_a_link_is_hollow_and_a_corridor_is_not(name, hollow, dashed, colour, small):
    data = flows(draw(small))
    (line,) = (line for line in data["lines"] if line["focus"] == name)
    look = data["looks"][line["look"]]
    assert bool(look["core"]) is hollow
    assert look["head"][-1]["fill"] == (style.CASING if hollow else colour)
    assert bool(look["line"]["dashArray"]) is dashed
    assert look["line"]["color"] == colour


@pytest.mark.parametrize(
    ("events", "others", "words"),
    [
        (1, 0, "1 documented incident"),
        (3, 1, "3 documented incidents; 1 general report, not counted"),
        (0, 2, "No single event documented; 2 general reports, not counted"),
        (0, 0, "No single event documented"),
    ],
)
def test_a_tooltip_counts_events_and_names_what_is_not_counted(events, others, words):
    assert count_words(events, others) == words


def test_what_is_handed_over_is_plain_data_and_small(shipped, plate):
    for chosen in random_selections(shipped, 5, seed=9):
        drawn = picture.draw(chosen, selection.apply(shipped, chosen), shipped, plate.layouts)
        data = flows(drawn, letter(drawn, plate.names))
        assert data["names"]
        text = json.dumps(data)
        assert json.loads(text) == data
        assert len(text) < 60_000


def test_two_selections_are_handed_over_as_two(small):
    assert flows(draw(small)) != flows(draw(small, destinations=("mali",)))


# ---------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_of_a_line_or_place_arrives_as_data_only(text, small):
    plain = draw(small)
    drawn = replace(
        plain,
        lines=tuple(replace(line, name=text) for line in plain.lines),
        places=tuple(replace(place, name=text) for place in plain.places),
        tags=tuple(replace(tag, text=text) for tag in plain.tags),
    )
    data = json.loads(json.dumps(flows(drawn)))
    assert {line["words"][0] for line in data["lines"]} == {text}
    assert {place["words"][0] for place in data["places"]} == {text}
    assert {tag["text"] for tag in data["tags"]} == {text}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_markup_of_a_hostile_text_is_in_a_script(text):
    script = script_json({"words": [text]})
    assert json.loads(script) == {"words": [text]}
    for forbidden in ("<", ">", "{{", "{%", "{#", "\u2028"):
        assert forbidden not in script


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_on_the_map_arrives_as_data_only(text, small):
    drawn = replace(draw(small), lines=(), places=(), tags=(), numbers=())
    lettered = letter(drawn, lettering(text))
    names = [*lettered, *(Name(text, kind, 1.0, 2.0, "e", 4.0) for kind in SIZES)]
    data = json.loads(json.dumps(flows(drawn, names)))
    assert {name[0] for name in data["names"]} == {text}
    assert len(data["names"]) == len(names)
    assert {name[1] for name in data["names"]} == set(SIZES)
    # A name that is too long has no room; all others are printed.
    assert [name.text for name in lettered if name.kind == "town"] == [text] * (len(text) < 100)
    numbers = r"-?[\d.]+"
    for _, kind, side, *rest in data["names"]:
        assert kind in SIZES
        assert re.fullmatch("centre|[nesw]{1,2}", side)
        assert all(re.fullmatch(numbers, str(value)) for value in rest)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_of_a_numbered_place_arrives_as_data_only(text, small):
    plain = draw(small)
    assert plain.numbers
    drawn = replace(
        plain,
        places=tuple(replace(place, name=text) for place in plain.places),
        numbers=tuple(replace(mark, text=text) for mark in plain.numbers),
        shown=replace(plain.shown, spots=plain.shown.spots.assign(name=text)),
    )
    data = json.loads(json.dumps(flows(drawn, letter(drawn, lettering("Sabha")))))
    for mark in data["numbers"]:
        assert mark["text"] == text
        assert mark["words"].startswith(f"Incident {text}, {text}")
        look = ("colour", "fill", "ink", "edgeColour")
        assert all(re.fullmatch("#[0-9A-Fa-f]{6}", mark[name]) for name in look)
    assert len(data["numbers"]) == len(plain.numbers)
    found = [name[0] for name in data["names"] if name[1] == "found"]
    assert set(found) <= {text.partition(" (")[0]}
    assert found or len(text) > 30


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_hostile_text_is_among_the_keys_of_the_legend(text, small):
    plain = draw(small)
    drawn = replace(
        plain,
        lines=tuple(replace(line, destination=text, name=text) for line in plain.lines),
        places=tuple(replace(place, name=text) for place in plain.places),
    )
    keys = flows(drawn)["legend"]
    assert "tag-others" in keys
    assert set(keys) <= {row.key for row in (*legend(small), unpublished_entry())}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_document_has_no_name_on_the_map(text, small, plate):
    named = document(small, replace(plate, names=lettering(text)))
    assert named == document(small, plate)
    assert "names" not in options(small, plate)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_never_run_as_a_template_on_the_server(text, small, plate):
    # folium renders what it has rendered once more as a template.
    whole = replace(small, destinations=small.destinations.assign(label=text))
    reader = Texts()
    reader.feed(document(whole, plate))
    assert text in reader.text
    # A hostile colour of an area stands in the script, the other part of the document with data.
    fills = options(whole, replace(plate, fills={text: text}))["fills"]
    assert fills == {text: text}


class Texts(HTMLParser):
    """Collects the tags and the text of markup."""

    def __init__(self):
        super().__init__()
        self.tags, self.keys, self.text = set(), [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.keys += [value for name, value in attrs if name == "data-key"]

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_legend_escapes_every_word(text):
    symbol = Symbol("tag", 21.0, (tag_box(text, style.INK),))
    entries = (LegendEntry(text, text, text, symbol),)
    reader = Texts()
    reader.feed(legend_html(entries, (text,)))
    assert reader.tags <= {"div", "section", "h2", "ul", "li", "svg", "rect", "text", "span", "p",
                           "button"}  # fmt: skip
    assert reader.keys == [text]
    assert reader.text.count(text) == 4


def test_the_legend_draws_a_symbol_for_every_row(shipped):
    rows = legend(shipped)
    markup = legend_html(rows, knowledge.NOTES)
    assert markup.count("<svg") == markup.count("<li ") == len(rows)
    assert markup.count("<section>") == len(dict.fromkeys(row.section for row in rows))
    assert knowledge.ABSENCE_NOTE in markup


def keys_in(text):
    reader = Texts()
    reader.feed(text)
    return reader.keys


def test_every_row_of_the_legend_has_a_key_of_its_own(shipped, plate):
    rows = [*legend(shipped), unpublished_entry()]
    assert keys_in(legend_html(rows)) == [row.key for row in rows]
    assert len({row.key for row in rows}) == len(rows)
    # The document has the whole legend, whatever is shown.
    assert keys_in(document(shipped, plate)) == [row.key for row in rows]


def test_the_web_map_is_told_the_rows_that_the_sheet_prints(shipped, layouts):
    rows = [row.key for row in legend(shipped)]
    told = set()
    for chosen in [Selection(), *random_selections(shipped, 20, seed=12)]:
        drawn = picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)
        keys = flows(drawn)["legend"]
        assert len(set(keys)) == len(keys)
        assert [key for key in rows if key in keys] == [row.key for row in drawn.legend]
        # Nothing is drawn that has no row.
        assert set(keys) <= set(rows)
        told.add(tuple(keys))
    assert len(told) > 5


def test_a_row_on_unpublished_incidents_is_told_where_a_place_has_some(everything):
    first, *others = everything.places
    own = replace(everything, places=(replace(first, unpublished=1), *others))
    assert set(flows(own)["legend"]) - set(flows(everything)["legend"]) == {unpublished_entry().key}


# ---------------------------------------------------------------- other languages


def unsaid(text, data):
    """Return what stands in no sentence, without what is data."""
    while (less := re.sub("«[^«»]*»", " ", text)) != text:
        text = less
    for word in sorted(map(str, data), key=len, reverse=True):
        text = text.replace(word, " ")
    return re.findall("[^\\W\\d_]+", text)


def test_every_word_of_the_map_is_said(small, plate, monkeypatch):
    monkeypatch.setattr(language, "catalogue", lambda _: Marked())
    with language.speaking("ar"):
        text = document(small, plate)
        data = options(small, plate)["words"]
        drawn = draw(small, show="overview"), draw(small, show="routes")
        sent = [flows(one) for one in drawn]
    assert '<html lang="ar" dir="rtl">' in text
    reader = Texts()
    reader.feed(text.partition("<body>")[2].partition("<script>")[0])
    labels = re.findall('aria-label="([^"]*)"', text)
    named = {*small.destinations["label"], *small.destinations["abbreviation"]}
    assert unsaid(" ".join([reader.text, *labels]), named) == []
    assert unsaid(" ".join(data.values()), ()) == []
    known = {*small.places["name"], *small.corridors["name"], *named}
    marks = [mark for one in sent for kind in ("lines", "places", "numbers") for mark in one[kind]]
    assert unsaid(" ".join(str(mark["words"]) for mark in marks), known) == []


def test_the_words_of_the_drawing_code_are_those_that_it_is_given():
    code = "".join(
        (SHIPPED.parent / "armsflow" / "webmap" / file).read_text("utf-8")
        for file in (*SCRIPTS, "single.js")
    )
    asked = set(re.findall(r"options\.words\.(\w+)", code))
    assert asked | {"part", "whole", "m", "km", "ft", "mi"} == set(WORDS)


# ---------------------------------------------------------------- the base map


def test_the_document_is_the_same_text_at_every_start(shipped, plate):
    assert document(shipped, plate) == document(shipped, plate)


def test_nothing_of_the_document_comes_from_another_machine(shipped, plate):
    text = document(shipped, plate)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', text)
    scripts = ["leaflet.js", "ground.js", "marks.js", "keyboard.js", "bridge.js"]
    assert [file for file in loaded if file.endswith(".js")] == scripts
    assert sorted(set(loaded) - set(scripts)) == ["leaflet.css", "webmap.css"]
    foreign = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)
    assert [link for link in foreign if "www.w3.org" not in link] == []


@pytest.fixture
def published(monkeypatch, shipped, plate):
    """Return what was declared to Streamlit: name and folder."""
    declared = []
    monkeypatch.setattr(
        document_module, "declare_component", lambda name, path: declared.append((name, path))
    )
    Show(files(shipped, plate, SHIPPED))
    Show(files(shipped, replace(plate, fills={}), SHIPPED))
    return declared


def test_the_map_is_published_with_every_file_that_it_loads(published, shipped, plate):
    folder = Path(published[0][1])
    assert (folder / "index.html").read_text("utf-8") == document(shipped, plate)
    for file in ("leaflet.js", "leaflet.css", *FILES):
        assert (folder / file).stat().st_size > 1000
    for layer in ("land", "water", "boundaries"):
        source = SHIPPED / "basemap" / f"{layer}.json"
        assert (folder / f"{layer}.json").read_bytes() == source.read_bytes()


def test_another_map_has_another_address_so_that_no_browser_keeps_the_old_one(published):
    (first, _), (second, _) = published
    assert first != second
    assert first.startswith("map_")


@pytest.mark.parametrize("file", [*FILES, "page.css"])
def test_the_assets_name_no_other_machine(file):
    text = (next((SHIPPED.parent / "armsflow").rglob(file))).read_text("utf-8")
    assert [link for link in re.findall(r"https?://[^\s\"')]+", text) if "w3.org" not in link] == []
    assert "@import" not in text


@pytest.mark.parametrize("file", SCRIPTS)
def test_the_drawing_code_never_writes_data_as_markup(file):
    code = (SHIPPED.parent / "armsflow" / "webmap" / file).read_text("utf-8")
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert word not in code


def test_countries_in_focus_and_the_origin_are_coloured(shipped, plate):
    data = options(shipped, plate)
    assert data["fills"]["lby"] == style.ORIGIN_LAND
    assert {data["fills"][area] for area in ("mli", "dza", "tun", "egy")} == {style.FOCUS_LAND}
    assert set(data["fills"]) <= set(plate.basemap.land["area_id"])
