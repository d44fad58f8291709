"""One picture drawn by both renderers: what the browser is sent and what matplotlib draws.

The sheet is drawn by a renderer that writes down every path and word that reaches it; the web map
is read from what is sent to the browser. Both lists must be the same, stroke by stroke.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from itertools import combinations, groupby

import numpy as np
import pytest
import shapely
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex, to_rgba
from matplotlib.path import Path as Outline

from armsflow.briefing.cartography import draw_map
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.legend import draw_legend_entry
from armsflow.briefing.paper import blank_sheet
from armsflow.dataset import preparation
from armsflow.dataset.loader import SHIPPED, load
from armsflow.picture import picture, style
from armsflow.picture.frames import FRAMES
from armsflow.picture.legend import PARTED, legend, unpublished_entry
from armsflow.picture.lettering import Lettering, letter
from armsflow.picture.marks import give_numbers_room
from armsflow.picture.names import Name, name_box
from armsflow.picture.plane import metres_per_pixel, to_plane
from armsflow.picture.plate import make_plate
from armsflow.picture.shapes import number_area, number_box, number_leader
from armsflow.picture.strokes import arrow_strokes
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from armsflow.webmap.document import document
from armsflow.webmap.flows import flows, path_style
from armsflow.webmap.legend import legend_html

POINTS = 0.72
SIZE = (1280.0, 720.0)
BOX = (0.0, 0.0, *SIZE)
SHARES = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
NO_NAMES = Lettering({frame.code: () for frame in FRAMES}, ())

CHOSEN = {
    "default": None,
    "routes": Selection(
        destinations=("mali", "algeria", "tunisia", "egypt", "sinai"), show="routes"
    ),
    "everything": Selection(),
    "claims only": Selection(weapon=("manpads",), destinations=("algeria", "egypt", "niger")),
    "stores": Selection(destinations=("libya",)),
    "links": Selection(destinations=("tunisia", "chad", "niger")),
    "a corridor in focus": Selection(focus="egypt-jaghbub-siwa"),
    "a link in focus": Selection(focus="link-tunisia"),
    "a place in focus": Selection(focus="sabha"),
    "unpublished": Selection(destinations=("egypt", "libya", "mali")),
}


class Record(RendererBase):
    """Writes down what is drawn, in pixels of a 1280-pixel sheet."""

    def __init__(self):
        super().__init__()
        self.drawn = []

    def flipy(self):
        return False

    def draw_path(self, gc, path, transform, rgbFace=None):  # noqa: N803 (matplotlib's name)
        edge = None
        if gc.get_linewidth() and gc.get_rgb()[3]:
            dash = gc.get_dashes()[1]
            edge = (
                to_hex(gc.get_rgb()).upper(),
                round(gc.get_linewidth() / POINTS, 2),
                tuple(round(float(part) / POINTS, 2) for part in dash) if dash is not None else (),
                gc.get_capstyle(),
            )
        face = to_rgba(rgbFace) if rgbFace is not None and len(rgbFace) else None
        self.drawn.append((transform.transform_path(path), edge, face))

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # noqa: ARG002
        size = round(prop.get_size_in_points() / POINTS, 2)
        self.drawn.append((s, to_hex(gc.get_rgb()).upper(), size, prop.get_weight(), (x, y)))

    @property
    def paths(self):
        return [call for call in self.drawn if isinstance(call[0], Outline)]

    @property
    def texts(self):
        return [call for call in self.drawn if isinstance(call[0], str)]


def record(axes, *layers):
    """Draw what lies in some layers of the axes, and nothing else."""
    renderer = Record()
    for artist in axes.get_children():
        if artist.get_zorder() in layers and artist not in {axes.patch, *axes.spines.values()}:
            artist.draw(renderer)
    return renderer


@pytest.fixture(scope="module")
def water(plate):
    ground = prepare_ground(plate.basemap, plate.fills, NO_NAMES)
    return replace(ground, areas=(), rivers=(), lakes=(), boundaries=(), disputed=())


@pytest.fixture(scope="module")
def draw(shipped, layouts):
    def draw(case):
        chosen = CHOSEN[case] or selection.default_selection(shipped)
        drawn = picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)
        if case == "unpublished":
            places = tuple(replace(place, unpublished=1) for place in drawn.places)
            drawn = replace(drawn, places=places)
        return drawn

    return draw


def window_of(drawn, ground):
    _, paper = blank_sheet(SIZE)
    draw_map(paper, drawn, ground, BOX)
    window = paper.figure.axes[1]
    return window, float(np.diff(window.get_xlim())[0] / SIZE[0])


def to_pixels(window, longitude, latitude):
    return window.transData.transform(to_plane(np.array([[longitude, latitude]])))[0]


# ---------------------------------------------------------------- what either side draws


def web_stroke(path):
    """Take a stroke out of the options of a path of Leaflet."""
    if not path["stroke"]:
        return None
    dash = tuple(map(float, (path["dashArray"] or "").split()))
    return path["color"].upper(), path["weight"], dash, path["lineCap"]


def web_looks(data):
    """Yield how each line looks, and before it the tail on which stopped arms were to go on."""
    for line in data["lines"]:
        if "tail" in line:
            yield data["looks"][line["tail"][1]]
        yield data["looks"][line["look"]]


def web_lines(data):
    for look in web_looks(data):
        for name in ("halo", "casing", "line"):
            if look[name]:
                yield web_stroke(look[name])
        for face in look["head"]:
            corners = [
                tuple(float(part) for part in pair.split(",")) for pair in face["points"].split()
            ]
            edge = (face["stroke"].upper(), face["stroke-width"]) if "stroke" in face else None
            yield face["fill"].upper(), edge, [(along, -right) for along, right in corners]
        if look["core"]:
            yield web_stroke(look["core"])


def sheet_lines(calls):
    path = None
    for outline, edge, face in calls:
        if face is None:
            # Nothing is drawn where the ends of a link are parted.
            parts = np.split(outline.vertices, *np.nonzero(np.isnan(outline.vertices[:, 0])))
            path = parts[-1][np.isfinite(parts[-1][:, 0])]
            yield edge
            continue
        along = path[-1] - path[-min(3, len(path))]
        heading = along / np.hypot(*along)
        left = np.array([-heading[1], heading[0]])
        corners = outline.vertices[:-1] - path[-1]
        yield (
            to_hex(face).upper(),
            edge[:2] if edge else None,
            [pytest.approx((corner @ heading, corner @ left), abs=0.02) for corner in corners],
        )


def web_shapes(data):
    for place in data["places"]:
        look = data["looks"][place["look"]]
        for name in ("halo", "mark", "frame"):
            if look[name]:
                yield from web_shape(look[name])


def web_shape(shape):
    form = "square" if shape["square"] else "disc"
    edge, fill = web_stroke(shape["style"]), shape["style"]["fillColor"]
    assert shape["style"]["fillOpacity"] == 1
    assert shape["style"]["fill"] is bool(fill or shape["fade"])
    if shape["fade"]:
        yield soft(shape["radius"], shape["fade"]["colour"], *zip(*shape["fade"]["stops"]))  # noqa: B905
    if fill or edge:
        yield form, shape["radius"], fill and fill.upper(), edge


def soft(radius, colour, offsets, opacities):
    return "soft", radius, colour.upper(), list(np.interp(SHARES, offsets, opacities).round(3))


def sheet_shapes(calls):
    """Name the shapes that were drawn; rings of one soft disc are one shape."""
    for is_ring, group in groupby(calls, key=lambda call: bool(call[2]) and call[2][3] < 1):
        if is_ring:
            yield from _soft_discs(list(group))
            continue
        for outline, edge, face in group:
            form = "square" if Outline.CURVE4 not in outline.codes else "disc"
            half = outline.get_extents().width / 2
            colour = to_hex(face).upper() if face else None
            yield form, pytest.approx(half, abs=0.02), colour, edge


def _soft_discs(rings):
    radii = [outline.get_extents().width / 2 for outline, _, _ in rings]
    starts = [n for n, radius in enumerate(radii) if n == 0 or radius > radii[n - 1]]
    for start, end in zip(starts, [*starts[1:], len(rings)], strict=True):
        assert all(edge is None for _, edge, _ in rings[start:end])
        alphas = np.array([face[3] for _, _, face in rings[start:end]])
        shares = np.array(radii[start:end]) / radii[start]
        seen = [1 - np.prod(1 - alphas[shares > share]) for share in SHARES]
        colour = to_hex(rings[start][2]).upper()
        yield "soft", pytest.approx(radii[start]), colour, pytest.approx(seen, abs=0.03)


# ---------------------------------------------------------------- a picture


@pytest.mark.parametrize("case", CHOSEN)
def test_both_draw_the_same_strokes_of_every_line(case, draw, water):
    drawn = draw(case)
    window, _ = window_of(drawn, water)
    web = list(web_lines(json.loads(json.dumps(flows(drawn)))))
    assert list(sheet_lines(record(window, 3).paths)) == web
    assert len(web) >= 4 * len(drawn.lines)


@pytest.mark.parametrize("case", CHOSEN)
def test_both_draw_the_same_shapes_of_every_place(case, draw, water):
    drawn = draw(case)
    window, _ = window_of(drawn, water)
    web = list(web_shapes(json.loads(json.dumps(flows(drawn)))))
    assert list(sheet_shapes(record(window, 4).paths)) == web
    assert len(web) >= len(drawn.places) > 0


def test_the_pictures_compared_hold_every_kind_of_stroke_and_shape(draw):
    pictures = [draw(case) for case in CHOSEN]
    lines = {(line.kind, line.form, line.width) for one in pictures for line in one.lines}
    assert {(kind, form) for kind, form, _ in lines} == {
        (kind, form) for kind in ("corridor", "link") for form in ("solid", "dashed", "dotted")
    }
    assert {width for _, _, width in lines} == {0, 1, 2}
    marks = {(one.mark, bool(one.events)) for drawn in pictures for one in drawn.places}
    assert {mark for mark, _ in marks} == {"place", "area", "store"}
    assert {mark for mark, events in marks if not events} >= {"place", "area"}
    focused = {line.kind for one in pictures for line in one.lines if line.focused}
    assert focused == {"corridor", "link"}
    assert any(place.focused for one in pictures for place in one.places)


@pytest.fixture(scope="module")
def variables(small, plate):
    """The values that the style sheet takes from the document."""
    root = document(small, plate).partition(":root{")[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+):([^;]+)", root))


def test_both_draw_the_same_arrows_and_the_same_ring(draw, water):
    drawn = draw("default")
    window, _ = window_of(drawn, water)
    data = flows(drawn)
    parts = [part for arrow in data["arrows"] for part in arrow["parts"]]
    assert len(parts) > 5
    web = {"lines": [{"look": place} for place in range(len(parts))],
           "looks": [part["look"] for part in parts]}  # fmt: skip
    assert list(sheet_lines(record(window, 4.2).paths)) == list(web_lines(web))
    assert list(sheet_shapes(record(window, 4.3).paths)) == list(web_shape(data["ring"]))
    for arrow, sent in zip(drawn.arrows, data["arrows"], strict=True):
        assert sent["words"] == [arrow.name, arrow.outcome]
        assert (sent["right"], sent["down"]) == (arrow.right, arrow.down)


def test_both_draw_the_same_tags(variables, draw, water):
    drawn = draw("everything")
    window, _ = window_of(drawn, water)
    renderer = record(window, 6)
    data = flows(drawn)
    assert len(data["tags"]) == len(renderer.texts) == len(renderer.paths) / 2
    width, height, margin = (
        float(variables[name].removesuffix("px"))
        for name in ("tag-width", "tag-height", "tag-margin")
    )
    size, weight = float(variables["letters"].removesuffix("px")), int(variables["letters-weight"])
    boxes = iter(renderer.paths)
    for tag, sent, text in zip(drawn.tags, data["tags"], renderer.texts, strict=True):
        assert text[:4] == (sent["text"], sent["ink"].upper(), size, weight)
        end = to_pixels(window, tag.longitude, tag.latitude)
        middle = end + np.array([sent["right"], -sent["down"]])
        for wider, colour in ((margin, variables["tag-margin-colour"]), (0, sent["colour"])):
            outline, edge, face = next(boxes)
            box = outline.get_extents()
            assert (edge, to_hex(face).upper()) == (None, colour.upper())
            assert (box.width, box.height) == pytest.approx((width + 2 * wider, height + 2 * wider))
            assert box.get_points().mean(axis=0) == pytest.approx(middle)


def test_both_draw_the_same_dot_for_a_town_and_the_same_white_edge(variables, draw, water):
    names = replace(NO_NAMES, towns=(Name("Gao", "town", 5.0, 25.0, "e", 4.0),))
    bare = replace(draw("default"), lines=(), places=(), tags=(), numbers=())
    window, _ = window_of(bare, replace(water, names=names))
    assert [name[:2] for name in flows(bare, letter(bare, names))["names"]] == [["Gao", "town"]]
    renderer = record(window, 5)
    (name,) = renderer.texts
    assert name[2] == float(variables["town-size"].removesuffix("px"))
    *letters, (dot, edge, face) = renderer.paths
    assert to_hex(face).upper() == variables["town-fill"].upper()
    assert edge[0] == variables["town-edge-colour"].upper()
    assert f"{edge[1]:g}px" == variables["town-edge"]
    assert f"{dot.get_extents().width + edge[1]:g}px" == variables["town-dot"]
    whites = {stroke[:2] for _, stroke, _ in letters if stroke}
    assert {(colour, f"{width:g}px") for colour, width in whites} == {
        (variables["words-edge-colour"].upper(), variables["words-edge"])
    }


def test_both_draw_the_same_coasts_rivers_and_boundaries(small, plate, draw):
    ground = prepare_ground(plate.basemap, plate.fills, NO_NAMES)
    window, _ = window_of(
        replace(draw("default"), lines=(), places=(), tags=(), numbers=()), ground
    )
    drawn = record(window, 1, 1.2, 1.3, 1.4).paths
    sheet = {
        edge for outline, edge, face in drawn if face is None or to_hex(face) != edge[0].lower()
    }
    script = document(small, plate).partition("armsflow.start(")[2].partition(", ")[2]
    options, _ = json.JSONDecoder().raw_decode(script)
    assert sheet == {web_stroke(stroke) for stroke in options["strokes"].values()}
    seams = {edge[1] for _, edge, face in drawn if face and to_hex(face) == edge[0].lower()}
    assert seams == {options["seam"]}


# ---------------------------------------------------------------- numbered incidents


@pytest.fixture(scope="module")
def rules():
    """The rules of the style sheet of the web map on numbered incidents, by selector."""
    text = (SHIPPED.parent / "armsflow" / "webmap" / "webmap.css").read_text("utf-8")
    found = re.findall(r"^(\.case[^{]*?) *\{([^}]*)\}", text, re.MULTILINE)
    return {
        selector: dict(re.findall(r"([\w-]+): ([^;]+)", declarations))
        for selector, declarations in found
    }


def pixels(value, variables):
    """Read a size of the style sheet, which may be one that the picture gave."""
    value = re.sub(r"var\(--([\w-]+)\)", lambda name: variables[name[1]], value)
    return float(value.removesuffix("px"))


@pytest.mark.parametrize("case", CHOSEN)
def test_both_draw_the_same_marks_of_numbered_incidents(case, draw, water, variables, rules):
    drawn = draw(case)
    window, _ = window_of(drawn, water)
    renderer = record(window, 5.5)
    sent = json.loads(json.dumps(flows(drawn)))["numbers"]
    assert len(sent) == len(drawn.numbers) == len(renderer.texts) == len(renderer.paths) / 2
    rule = rules[".case .box"]
    height, round_ = (pixels(rule[name], variables) for name in ("height", "border-radius"))
    letters = pixels(rule["font-size"], variables), variables["letters-weight"]
    assert rule["font-weight"] == "var(--letters-weight)"
    boxes = iter(renderer.paths)
    for mark, text in zip(sent, renderer.texts, strict=True):
        assert text[:2] == (mark["text"], mark["ink"].upper())
        assert (text[2], str(text[3])) == letters
        point = to_pixels(window, *reversed(mark["at"]))
        middle = point + np.array([mark["right"], -mark["down"]])
        for wider, colour in ((mark["edge"], mark["edgeColour"]), (0, mark["fill"])):
            outline, edge, face = next(boxes)
            box = outline.get_extents()
            size = mark["width"] + 2 * wider, height + 2 * wider
            assert (edge, to_hex(face).upper()) == (None, colour.upper())
            assert (box.width, box.height) == pytest.approx(size)
            assert box.get_points().mean(axis=0) == pytest.approx(middle)
            assert corner_of(outline) == pytest.approx(min(round_ + wider, size[1] / 2))


@pytest.mark.parametrize("case", CHOSEN)
def test_both_draw_the_same_leaders_to_numbers(case, draw, water, variables, rules):
    drawn = draw(case)
    window, _ = window_of(drawn, water)
    rule = rules[".case .leader"]
    width = pixels(rule["height"], variables)
    # It begins at its place, and its middle line runs through the place.
    assert (rule["left"], pixels(rule["top"], variables)) == ("0", -width / 2)
    assert rule["transform-origin"] == "0 50%"
    paths = record(window, 5.4).paths
    aside = [mark for mark in flows(drawn)["numbers"] if (mark["right"], mark["down"]) != (0, 0)]
    for mark, (outline, edge, face) in zip(aside, paths, strict=True):
        assert (edge, face) == ((mark["colour"].upper(), width, (), "butt"), None)
        point = to_pixels(window, *reversed(mark["at"]))
        assert outline.vertices == pytest.approx(
            np.array([point, point + np.array([mark["right"], -mark["down"]])])
        )


@pytest.mark.parametrize("case", CHOSEN)
def test_both_draw_soft_discs_of_one_size_and_colour_around_numbers_of_areas(case, draw, water):
    drawn = draw(case)
    window, _ = window_of(drawn, water)
    paths = record(window, 3.9).paths
    around = [mark for mark in flows(drawn)["numbers"] if mark["around"]]
    discs = list(sheet_shapes(paths))
    rings = np.array([outline.get_extents().get_points().mean(axis=0) for outline, *_ in paths])
    middles = np.split(rings, len(discs)) if discs else []
    for mark, (form, radius, colour, _), middle in zip(around, discs, middles, strict=True):
        fade = mark["around"]["fade"]
        assert (form, mark["around"]["radius"], fade["colour"]) == ("soft", radius, colour)
        assert middle == pytest.approx(
            np.tile(to_pixels(window, *reversed(mark["at"])), (len(middle), 1))
        )


def test_soft_discs_around_numbers_fade_alike_on_both(draw, water):
    drawn = draw("default")
    window, _ = window_of(drawn, water)
    *_, opacities = next(sheet_shapes(record(window, 3.9).paths))
    around = next(mark["around"] for mark in flows(drawn)["numbers"] if mark["around"])
    offsets, stops = zip(*around["fade"]["stops"], strict=True)
    assert list(np.interp(SHARES, offsets, stops)) == pytest.approx(opacities)


def test_the_pictures_compared_hold_every_kind_of_numbered_mark(draw):
    marks = [mark for case in CHOSEN for mark in draw(case).numbers]
    kinds = {(mark.stopped, mark.area, bool(mark.right or mark.down)) for mark in marks}
    assert kinds == {(a, b, c) for a in (False, True) for b in (False, True) for c in (False, True)}
    assert {len(mark.text.split(", ")) for mark in marks} >= {1, 2, 3}
    assert len({draw(case).frame.code for case in CHOSEN}) >= 3


def test_a_numbered_mark_is_sent_as_the_shapes_that_it_has(draw):
    for case in CHOSEN:
        drawn = draw(case)
        for mark, sent in zip(drawn.numbers, flows(drawn)["numbers"], strict=True):
            box = number_box(mark.text, mark.width, mark.colour, stopped=mark.stopped)
            hollow = (style.CASING, mark.colour) if mark.stopped else (mark.colour, style.CASING)
            assert (sent["fill"], sent["edgeColour"]) == (box.fill, box.margin_colour) == hollow
            assert (sent["edge"], sent["ink"]) == (box.margin, box.letters.colour)
            assert sent["width"] == pytest.approx(box.width, abs=0.001)
            assert sent["colour"] == number_leader(mark.colour).colour
            assert sent["colour"] == number_area(mark.colour).fill.colour
            assert sent["at"] == [mark.latitude, mark.longitude]
            assert bool(sent["around"]) == mark.area


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("case", CHOSEN)
def test_both_write_the_same_names_at_the_same_points(case, draw, water, plate, variables):
    drawn = draw(case)
    window, scale = window_of(drawn, replace(water, names=plate.names))
    zoom = np.log2(metres_per_pixel(0) / scale)
    names = letter(drawn, plate.names)
    sent = json.loads(json.dumps(flows(drawn, names)))["names"]
    seen = {
        web_name(window, data, variables)
        for name, data in zip(names, sent, strict=True)
        if data[5] <= zoom and is_whole(name_box(name, zoom), window)
    }
    assert len(seen) > 10
    texts = record(window, 5).texts
    sheet = {
        (words.get_text(), f"{size:g}px", weight, *begin_of(window, words))
        for words, (_, _, size, weight, _) in zip(words_of(window, 5), texts, strict=True)
    }
    sheet |= {(words.get_text(), *begin_of(window, words)) for words in words_of(window, 2)}
    assert sheet == seen


def web_name(window, data, variables):
    """Return what is written, how, and where its side begins, from what is sent of a name."""
    text, kind, side, latitude, longitude, _, right, down = data
    point = to_pixels(window, longitude, latitude)
    if kind not in {"town", "found"}:
        assert (side, right, down) == ("centre", 0, 0)
        return text if kind == "water" else text.upper(), *np.round(point, 1)
    gap = "corner" if len(side) == 2 else "side"
    across, upward = (pixels(variables[f"{gap}-{way}"], variables) for way in ("across", "upward"))
    aside = np.array([("e" in side) - ("w" in side), ("n" in side) - ("s" in side)])
    begin = point + np.array([right, -down]) + aside * np.array([across, upward])
    weight = 600 if kind == "found" else 400
    return text, variables[f"{kind}-size"], weight, *np.round(begin, 1)


def is_whole(box, window):
    """Say whether neither the edge of the map nor the small map in its corner cuts a name."""
    edges = shapely.box(*np.transpose([window.get_xlim(), window.get_ylim()]).ravel())
    for locator in window.figure.axes[2:]:
        corners = locator.transAxes.transform([(0, 0), (1, 1)])
        hidden = shapely.box(*window.transData.inverted().transform(corners).ravel())
        if box.intersects(hidden):
            return False
    return edges.contains(box)


def words_of(window, layer):
    """Return what is written in a layer, without the white edges."""
    return [
        words for words in window.texts if words.get_zorder() == layer and words.get_gid() != "halo"
    ]


def begin_of(window, words):
    return np.round(window.transData.transform(words.get_position()), 1)


# ---------------------------------------------------------------- marks of several places


@pytest.fixture(scope="module")
def gathered():
    """A picture whose marks stand for several places, and its ground."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparation.gather_places, "__defaults__", (60,))
        dataset = load()
    plate = make_plate(dataset, SHIPPED)
    drawn = picture.draw(Selection(), dataset, dataset, plate.layouts)
    assert sum(place.members > 1 for place in drawn.places) > 10
    return drawn


@pytest.mark.parametrize("crowd", [1, 4])
def test_both_write_the_same_numbers_and_leave_out_the_same(crowd, gathered, variables, water):
    """Marks that are moved together leave room for few numbers."""
    places = tuple(
        replace(
            place,
            longitude=8 + (place.longitude - 8) / crowd,
            latitude=25 + (place.latitude - 25) / crowd,
        )
        for place in gathered.places
    )
    drawn = replace(gathered, places=tuple(give_numbers_room(places)), tags=(), numbers=())
    window, scale = window_of(drawn, water)
    texts = record(window, 5).texts
    zoom = np.log2(metres_per_pixel(0) / scale)
    web = [
        str(place["members"])
        for place in flows(drawn)["places"]
        if place["numberZoom"] is not None and zoom >= place["numberZoom"]
    ]
    assert [text[0] for text in texts] == web
    assert 0 < len(web) < sum(place.members > 1 for place in drawn.places)
    look = (variables["number-colour"].upper(), variables["number"], variables["number-weight"])
    assert {(colour, f"{size:g}px", str(weight)) for _, colour, size, weight, _ in texts} == {look}


def test_no_number_covers_another_at_any_zoom_and_none_vanishes_when_one_zooms_in(gathered):
    several = [place for place in gathered.places if place.members > 1]
    before = set()
    for zoom in np.arange(2.5, 11, 0.25):
        scale = metres_per_pixel(zoom)
        written = [place for place in several if scale <= place.number_scale]
        points = {
            place.place: to_plane(np.array([[place.longitude, place.latitude]]))[0] / scale
            for place in written
        }
        for one, other in combinations(points.values(), 2):
            across, down = np.abs(one - other)
            assert across >= 21.99 or down >= 11.99
        assert before <= set(points)
        before = set(points)
    assert max(place.members for place in several) in {
        place.members for place in several if place.number_scale == metres_per_pixel(0)
    }


# ---------------------------------------------------------------- the legend

SVG = {"path", "circle", "rect", "text"}


def web_symbol(entry):
    """Take the symbol of a row out of the markup of the legend."""
    (svg,) = ET.fromstring(legend_html((entry,))).iter("svg")
    stops = [
        (float(stop.get("offset")), float(stop.get("stop-opacity")), stop.get("stop-color"))
        for stop in svg.iter("stop")
    ]
    left, top, width, height = map(float, svg.get("viewBox").split())
    assert (left, top) == (-width / 2, -height / 2)
    assert width == float(svg.get("width")) == entry.symbol.width
    for part in (part for part in svg if part.tag in SVG):
        edge, fill = None, part.get("fill")
        if part.get("stroke"):
            dash = tuple(map(float, part.get("stroke-dasharray", "").split()))
            cap = part.get("stroke-linecap", "butt")
            edge = (part.get("stroke").upper(), float(part.get("stroke-width")), dash, cap)
        fill = None if fill in {None, "none"} else fill
        if fill and fill.startswith("url"):
            offsets, opacities, colours = zip(*stops, strict=True)
            yield soft(float(part.get("r")), colours[0], offsets, opacities)
            if edge is None:
                continue
            fill = None
        match part.tag:
            case "circle":
                yield "disc", float(part.get("r")), fill and fill.upper(), edge
            case "path" if "H" in part.get("d"):
                start, end = re.fullmatch(r"M(-[\d.]+) 0H([\d.]+)", part.get("d")).groups()
                yield "rule", float(end) - float(start), edge
            case "path":
                side = float(re.search("h([0-9.]+)v", part.get("d"))[1])
                yield "square", round(side / 2, 2), fill and fill.upper(), edge
            case "rect":
                assert float(part.get("x")) == -float(part.get("width")) / 2
                assert float(part.get("y")) == -float(part.get("height")) / 2
                sides = (float(part.get(name)) for name in ("width", "height", "rx"))
                yield "box", *sides, fill.upper()
            case "text":
                size, weight = float(part.get("font-size")), int(part.get("font-weight"))
                yield part.text, fill.upper(), size, weight, float(part.get("y"))


def corner_of(outline):
    """Return how far a box is rounded: its outline starts where its first side does."""
    return outline.vertices[0][0] - outline.get_extents().x0


def sheet_symbol(entry):
    _, paper = blank_sheet(SIZE)
    draw_legend_entry(paper, entry, 100, 200)
    renderer = record(paper.axes, 8)
    *texts, label = renderer.texts
    assert label[0] == entry.label
    middle = np.array([100 + entry.symbol.width / 2, SIZE[1] - 200 + 4.2])
    boxes = []
    for outline, edge, face in renderer.paths:
        box = outline.get_extents()
        assert box.get_points().mean(axis=0) == pytest.approx(middle, abs=0.02)
        if face is None and not box.height:
            yield "rule", pytest.approx(box.width), edge
        elif entry.symbol.kind in {"tag", "number", "stopped"}:
            assert edge is None
            boxes.append((box.width, box.height, corner_of(outline), to_hex(face).upper()))
    if boxes:
        # A white margin below the box cannot be seen on the white of the legend.
        (*_, margin), box = boxes
        assert (margin == "#FFFFFF") is (entry.symbol.kind != "stopped")
        for *sides, fill in boxes if margin != "#FFFFFF" else [box]:
            yield "box", *map(pytest.approx, sides), fill
    elif not any(not outline.get_extents().height for outline, _, _ in renderer.paths):
        yield from sheet_shapes(renderer.paths)
    for words, colour, size, weight, (_, y) in texts:
        yield words, colour, size, weight, pytest.approx(middle[1] - y, abs=0.02)


def test_both_draw_the_same_symbol_in_every_row_of_the_legend(shipped, gathered):
    rows = dict.fromkeys([*legend(shipped), *legend(gathered.whole), unpublished_entry()])
    kinds = Counter(row.symbol.kind for row in rows)
    assert set(kinds) == {"tag", "boundary", "width", "route", "form", "place", "area", "claims",
                          "store", "number", "stopped", "members", "unpublished", "arrow", "bar",
                          "ring"}  # fmt: skip
    for row in rows:
        web = list(web_symbol(row))
        assert list(sheet_symbol(row)) == web, row
        assert web


def test_the_symbols_of_the_legend_are_the_strokes_and_shapes_of_the_map(shipped, draw, variables):
    pictures = [draw(case) for case in CHOSEN]
    data = [flows(one) for one in pictures]
    seen = {stroke[1:] for one in data for stroke in web_lines(one) if len(stroke) == 4}
    # The symbol of a link shows its two ends, which are full strokes.
    seen |= {(width, PARTED, cap) for width, dash, cap in seen if not dash}
    seen |= {
        web_stroke(part["look"]["line"])[1:]
        for one in data for arrow in one["arrows"] for part in arrow["parts"]
    }  # fmt: skip
    # Some classes of arrows are not in the pictures compared.
    seen |= {web_stroke(path_style(arrow_strokes(width, "#000000", stopped=False).line))[1:]
             for width in range(3)}  # fmt: skip
    shapes = {shape[:2] for one in data for shape in web_shapes(one)}
    height = pixels(variables["case-height"], variables)
    numbers = {
        (
            mark["width"] + 2 * wider,
            height + 2 * wider,
            mark["fill"] == mark["colour"],
            colour == mark["colour"],
        )
        for one in data
        for mark in one["numbers"]
        for wider, colour in ((mark["edge"], mark["edgeColour"]), (0, mark["fill"]))
    }
    for row in legend(shipped):
        for name, *look in web_symbol(row):
            if name == "rule" and row.symbol.kind != "boundary":
                assert look[1][1:] in seen, row
            elif name in {"disc", "square", "soft"} and row.symbol.kind != "ring":
                assert (name, look[0]) in shapes, row
            elif name == "box" and row.symbol.kind in {"number", "stopped"}:
                width, tall, corner, fill = look
                coloured = fill == style.SEVERAL_COLOUR.upper()
                assert corner == tall / 2
                assert (width, tall, row.symbol.kind == "number", coloured) in numbers, row


# ---------------------------------------------------------------- the drawing code decides nothing


def test_the_drawing_code_of_the_web_map_knows_no_stroke():
    found = []
    for file in ("ground.js", "marks.js", "keyboard.js", "bridge.js", "single.js"):
        text = (SHIPPED.parent / "armsflow" / "webmap" / file).read_text("utf-8")
        words = r"(?:weight|dashArray|radius|[Oo]pacity|color|stroke-width|font-size|[Mm]argin)"
        found += re.findall(rf"{words}\"?: ?[\"\d#][^,}}]*", text)
    # Opaque land and lakes, and the line that is pressed but not seen.
    allowed = ["Opacity: 1", "Opacity: 1", "opacity: 0"]
    assert sorted(part.strip() for part in found) == allowed


def test_the_style_sheet_of_the_web_map_knows_no_size_of_a_tag_number_or_name():
    text = (SHIPPED.parent / "armsflow" / "webmap" / "webmap.css").read_text("utf-8")
    marks = r"\.(?:name\.(?:town|found|[nesw]{1,2}\b)|tag|members|case)"
    rules = re.findall(rf"^({marks}[^{{]*)\{{([^}}]*)\}}", text, re.MULTILINE)
    assert len(rules) > 16
    known = {
        name.strip(): re.findall(r"-?[\d.]+px|#[0-9a-f]{3,}|weight: ?\d+", rule)
        for name, rule in rules
    }
    # These are compared with the sheet's above; a radius that no box reaches makes round ends.
    assert {name: sizes for name, sizes in known.items() if sizes} == {
        ".case .box": ["99px"],
        ".case .leader": ["-0.65px", "1.3px"],
        ".name.found > div": ["weight: 600"],
    }
