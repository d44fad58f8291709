"""From picture to browser: what is handed over, and that hostile texts stay data."""

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from streamlit_folium import generate_leaflet_string

from armsflow import picture, selection, style, webmap
from armsflow.lettering import Name
from armsflow.picture import LegendEntry
from armsflow.selection import Selection
from tests.choices import random_selections

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


def flows(drawn, place=0):
    """Return the script that streamlit-folium sends for the feature group of a picture."""
    return generate_leaflet_string(webmap.flow_layer(drawn), base_id=f"feature_group_{place}")


def argument(script, function):
    """Parse the JSON argument of the only call of a function; the rest must follow it."""
    head, call, tail = script.partition(f"armsflow.{function}(")
    assert call
    _, _, tail = tail.partition(", ")
    value, end = json.JSONDecoder().raw_decode(tail)
    return value, head, tail[end:]


def payload(drawn):
    return argument(flows(drawn), "flows")[0]


def draw(small, **chosen):
    asked = Selection(**chosen)
    return picture.draw(asked, selection.apply(small, asked), small, picture.lay_out(small))


# ---------------------------------------------------------------- what is handed over


def test_every_line_and_place_is_handed_over_once_with_its_classes(everything):
    data = payload(everything)
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


def test_coordinates_are_latitude_before_longitude_as_leaflet_wants(small):
    data = payload(draw(small))
    (gao,) = (place for place in data["places"] if place["focus"] == "gao")
    (way,) = (line for line in data["lines"] if line["focus"] == "algeria-ghat-in-amenas")
    assert gao["at"] == [16.27, -0.04]
    assert way["path"][0] == pytest.approx([24.96, 10.18], abs=0.01)
    assert way["path"][-1] == pytest.approx([28.05, 9.56], abs=0.01)


@pytest.mark.parametrize(
    ("name", "open_", "hollow", "dashed", "colour"),
    [
        ("algeria-ghat-in-amenas", False, False, False, style.DESTINATION_COLOURS["algeria"]),
        ("mali-sabha-gao", False, False, True, style.DESTINATION_COLOURS["mali"]),
        ("link-mali", True, True, True, style.DESTINATION_COLOURS["mali"]),
    ],
)
def test_a_link_is_hollow_and_a_corridor_is_not(name, open_, hollow, dashed, colour, small):
    (line,) = (line for line in payload(draw(small))["lines"] if line["focus"] == name)
    assert line["open"] is open_
    assert (line["core"] > 0) is hollow
    assert bool(line["dash"]) is dashed
    assert line["colour"] == colour


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
    assert webmap.count_words(events, others) == words


def test_the_feature_group_is_the_same_text_when_built_twice(shipped, layout):
    for chosen in random_selections(shipped, 5, seed=9):
        drawn = picture.draw(chosen, selection.apply(shipped, chosen), shipped, layout)
        assert flows(drawn) == flows(drawn)


def test_two_selections_are_two_texts(small):
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
    data, head, tail = argument(flows(drawn), "flows")
    assert {line["words"][0] for line in data["lines"]} == {text}
    assert {place["words"][0] for place in data["places"]} == {text}
    assert {tag["text"] for tag in data["tags"]} == {text}
    _, plain_head, plain_tail = argument(flows(plain), "flows")
    assert (head, tail) == (plain_head, plain_tail)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_markup_of_a_hostile_name_is_in_the_script_at_all(text, small):
    plain = draw(small)
    drawn = replace(plain, places=tuple(replace(place, name=text) for place in plain.places))
    script = flows(drawn)
    assert "<" not in script
    assert ">" not in script
    assert "\u2028" not in script


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_on_the_base_map_arrives_as_data_only(text, small, plate):
    name = Name(text, "town", 1.0, 2.0, "e", 4.0)
    base = webmap.base_map(small, replace(plate, names=(name,)))
    data, _, tail = argument(generate_leaflet_string(base, base_id="div"), "base")
    assert [name["text"] for name in data["names"]] == [text]
    assert tail.strip() == ");"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_never_run_as_a_template_on_the_server(text, small, plate):
    whole = replace(small, destinations=small.destinations.assign(label=text))
    plain = draw(small)
    drawn = replace(plain, places=tuple(replace(place, name=text) for place in plain.places))
    name = Name(text, "town", 1.0, 2.0, "e", 4.0)
    base = webmap.base_map(whole, replace(plate, names=(name,)))
    # What streamlit-folium does: the whole page is rendered, with the feature group in it.
    webmap.flow_layer(drawn).add_to(base)
    page = base.get_root()
    page.render()
    reader = Texts()
    reader.feed(page.html.render())
    assert text in reader.text


class Texts(HTMLParser):
    """Collects the tags and the text of markup."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = set(), ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_legend_escapes_every_word(text):
    entries = (LegendEntry(text, text, "colour", style.INK, text),)
    reader = Texts()
    reader.feed(webmap.legend_html(entries, (text,)))
    assert reader.tags <= {"div", "section", "h2", "ul", "li", "svg", "rect", "text", "span", "p"}
    assert reader.text.count(text) == 4


def test_the_legend_draws_a_symbol_for_every_row(shipped):
    rows = picture.legend(shipped)
    markup = webmap.legend_html(rows, picture.NOTES)
    assert markup.count("<svg") == markup.count("<li>") == len(rows)
    assert markup.count("<section>") == len(dict.fromkeys(row.section for row in rows))
    assert picture.ABSENCE_NOTE in markup


# ---------------------------------------------------------------- the base map


def test_the_base_map_is_the_same_text_for_every_viewer_and_selection(shipped, plate):
    def script():
        return generate_leaflet_string(webmap.base_map(shipped, plate), base_id="div")

    before = script()
    for chosen in random_selections(shipped, 5, seed=10):
        shown = selection.apply(shipped, chosen)
        webmap.flow_layer(picture.draw(chosen, shown, shipped, plate.layout))
        assert script() == before


def test_nothing_of_the_base_map_comes_from_another_machine(shipped, plate):
    base = webmap.base_map(shipped, plate)
    base.get_root().render()
    links = [link for _, link in [*base.default_js, *base.default_css]]
    assert len(links) == 4
    assert all(link.startswith("../armsflow.webmap.") for link in links)
    parts = [
        generate_leaflet_string(webmap.base_map(shipped, plate), base_id="div"),
        base.get_root().html.render(),
        re.sub(r"<script src=.*?</script>|<link .*?/>", "", base.get_root().header.render()),
    ]
    foreign = [link for part in parts for link in re.findall(r"(?:https?:)?//[\w.-]+\.\w+", part)]
    assert [link for link in foreign if "www.w3.org" not in link] == []


@pytest.mark.parametrize("file", ["webmap.js", "webmap.css", "page.css"])
def test_the_assets_name_no_other_machine(file):
    text = (webmap.ASSETS / file).read_text("utf-8")
    assert [link for link in re.findall(r"https?://[^\s\"')]+", text) if "w3.org" not in link] == []
    assert "@import" not in text


def test_the_drawing_code_never_writes_data_as_markup():
    code = (webmap.ASSETS / "webmap.js").read_text("utf-8")
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert word not in code


def test_countries_in_focus_and_the_origin_are_coloured(shipped, plate):
    base = webmap.base_map(shipped, plate)
    data, _, _ = argument(generate_leaflet_string(base, base_id="div"), "base")
    assert data["fills"]["lby"] == style.ORIGIN_LAND
    assert {data["fills"][area] for area in ("mli", "dza", "tun", "egy")} == {style.FOCUS_LAND}
    assert set(data["fills"]) <= set(plate.basemap.land["area_id"])
