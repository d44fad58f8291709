"""A picture as a briefing sheet: PNG, SVG and PDF, the only module that knows matplotlib.

Everything that must not get lost when a picture travels is part of it: headline, filters,
legend, scale, counts, facts, sources, data version, notes, address and number. All sizes are in
pixels of a sheet 1280 wide; larger files have more of them, not other proportions.
"""

import io
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal

import font_source_sans_pro
import font_source_serif_pro
import geopandas as gpd
import numpy as np
import pypdf
import shapely
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import Stroke
from matplotlib.textpath import TextPath
from pypdf.generic import BooleanObject, NameObject, TextStringObject

from armsflow import style
from armsflow.basemap import Basemap
from armsflow.lettering import SIZES, Name, name_box
from armsflow.picture import (
    DEFAULT_BOUNDS,
    MAP_CRS,
    LegendEntry,
    Line,
    Picture,
    Place,
    Points,
    Tag,
    to_plane,
)

WIDE: Final = (1280.0, 720.0)
"""Sheet for slides and screens, 16:9."""
COMPARED: Final = (1920.0, 1080.0)
"""Sheet of several small maps, 16:9: more room, so that lines and words stay in proportion."""
A4: Final = (1280.0, 905.0)
"""Sheet for paper, A4 landscape."""
A4_INCHES: Final = (11.69, 8.27)
PIXEL_WIDTHS: Final = (1280, 1920, 3840)

MARGIN: Final = 28.0
COLUMN: Final = 356.0
"""Width of the column with facts and sources."""
GUTTER: Final = 24.0
SOURCES_LISTED: Final = 12
POINTS: Final = 0.72
"""Points in a pixel at 100 dots an inch, the resolution of a 1280-pixel sheet."""

SANS: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansPro"])
BOLD: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansProSemibold"])
ITALIC: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansProIt"])
SERIF: Final = Path(font_source_serif_pro.font_files_ttf["SourceSerifProSemibold"])

# Text stays text, fonts are embedded, the same sheet gives the same bytes.
rcParams["svg.fonttype"] = "none"
rcParams["svg.hashsalt"] = "armsflow"
rcParams["pdf.fonttype"] = 42
rcParams["path.simplify_threshold"] = 0.2
# Letters keep the widths that they are measured with, at every resolution.
rcParams["text.hinting"] = "none"

DRAWING: Final = Lock()
"""matplotlib promises nothing about threads; the page makes files in threads of their own."""


COMMON_LETTERS: Final = "".join(map(chr, [*range(32, 127), *range(160, 384)])) + "–—‘’“”…·•\u200a"
"""Letters put into every SVG: Latin with its accents, and punctuation."""

FACES: Final[dict[Path, tuple[str, Literal["normal", "italic"], int]]] = {
    SANS: ("Source Sans Pro", "normal", 400),
    BOLD: ("Source Sans Pro", "normal", 600),
    ITALIC: ("Source Sans Pro", "italic", 400),
    SERIF: ("Source Serif Pro", "normal", 600),
}
"""Family, style and weight of each font file, as an SVG names them."""


@dataclass(frozen=True)
class Caption:
    """The words of a sheet that do not come from the picture itself.

    Parameters
    ----------
    facts
        Three to five sentences on how much is known.
    sources
        Short names of the sources, the most cited first.
    data
        Data version and date.
    address
        Address that opens the same view.
    number
        Picture number.
    marking
        Protective marking to print above and below, e.g. OFFICIAL; empty for none.
    """

    facts: tuple[str, ...]
    sources: tuple[str, ...]
    data: str
    address: str
    number: str
    marking: str = ""


@dataclass(frozen=True)
class Ground:
    """The basemap in the plane of the map, ready to be drawn many times.

    Parameters
    ----------
    areas
        Outline and fill of every area.
    rivers, lakes
        Points of rivers; outlines of lakes.
    boundaries, disputed
        Points of boundaries.
    names
        Where names stand (:mod:`armsflow.lettering`).
    """

    areas: tuple[tuple[Outline, str], ...]
    rivers: tuple[Points, ...]
    lakes: tuple[Outline, ...]
    boundaries: tuple[Points, ...]
    disputed: tuple[Points, ...]
    names: tuple[Name, ...]


def prepare_ground(basemap: Basemap, fills: dict[str, str], names: Sequence[Name]) -> Ground:
    """Project the basemap once.

    Parameters
    ----------
    basemap
        Land, boundaries and water (EPSG:4326).
    fills
        Colour of an area by ``area_id``; areas that are not named have the plain colour of land.
    names
        Where names stand.
    """
    land = basemap.land.to_crs(MAP_CRS)
    order = land["kind"].map({"country": 0, "disputed": 1, "sinai": 2})
    land = land.loc[order.sort_values(kind="stable").index]
    water = basemap.water.to_crs(MAP_CRS)
    lines = basemap.boundaries.to_crs(MAP_CRS)
    disputed = lines["kind"] == "disputed"
    return Ground(
        areas=tuple(
            (_outline(shape), fills.get(area, style.LAND))
            for area, shape in zip(land["area_id"], land.geometry, strict=True)
        ),
        rivers=tuple(_parts(water[water["kind"] == "river"])),
        lakes=tuple(_outline(shape) for shape in water[water["kind"] == "lake"].geometry),
        boundaries=tuple(_parts(lines[~disputed])),
        disputed=tuple(_parts(lines[disputed])),
        names=tuple(names),
    )


# ---------------------------------------------------------------- files


def png(picture: Picture, caption: Caption, ground: Ground, width: int = 1920) -> bytes:
    """Draw a sheet as PNG, 16:9, as many pixels wide as asked for."""
    figure = draw_sheet(picture, caption, ground, WIDE)
    return _save(figure, "png", dpi=100 * width / WIDE[0], metadata={"Software": None})


def svg(picture: Picture, caption: Caption, ground: Ground) -> bytes:
    """Draw a sheet as SVG, 16:9, with text that can be searched and edited."""
    figure = draw_sheet(picture, caption, ground, WIDE)
    metadata = {"Date": None, "Creator": None, "Title": picture.sentence.headline}
    return with_fonts(_save(figure, "svg", metadata=metadata))


def pdf(picture: Picture, caption: Caption, ground: Ground) -> bytes:
    """Draw a sheet as PDF, A4 landscape, with real text and embedded fonts."""
    figure = draw_sheet(picture, caption, ground, A4)
    metadata = {"CreationDate": None, "Creator": None, "Producer": None}
    return as_page(_save(figure, "pdf", metadata=metadata), picture.sentence.headline)


def map_png(picture: Picture, ground: Ground, size: tuple[float, float], width: int) -> bytes:
    """Draw the map with its legend alone, for a slide that has its words as live text.

    Parameters
    ----------
    picture, ground
        What to draw, and on what.
    size
        Width and height in pixels of a 1280-pixel sheet.
    width
        Pixels of the file.
    """
    figure, paper = _blank(size)
    _map_and_legend(paper, picture, ground, (0.0, 0.0, size[0], size[1]), 0.0)
    return _save(figure, "png", dpi=100 * width / size[0], metadata={"Software": None})


def with_fonts(document: bytes) -> bytes:
    """Put the letters that an SVG uses into it, so that it looks the same on every machine."""
    text = document.decode()
    rules = _font_rules("".join(sorted(set(text) - set(COMMON_LETTERS))))
    style_sheet = f" </metadata>\n <style>{rules}</style>"
    return text.replace(" </metadata>", style_sheet, 1).encode()


@lru_cache(maxsize=32)
def _font_rules(rare: str) -> str:
    options = Options(recalc_timestamp=False, layout_features=["kern"], notdef_outline=True)
    rules = []
    for file, (family, slant, weight) in FACES.items():
        letters = Subsetter(options)
        letters.populate(text=COMMON_LETTERS + rare)
        with TTFont(file, recalcTimestamp=False) as font:
            letters.subset(font)
            stream = io.BytesIO()
            font.save(stream)
        data = b64encode(stream.getvalue()).decode()
        rules.append(
            f"@font-face{{font-family:'{family}';font-style:{slant};font-weight:{weight};"
            f"src:url(data:font/ttf;base64,{data})}}"
        )
    return "".join(rules)


def as_page(document: bytes, title: str) -> bytes:
    """Bring a PDF to the size of A4, and give it a title, which readers show, and a language."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(document))
    writer.pages[0].scale_to(*(72 * inches for inches in A4_INCHES))
    writer.add_metadata({"/Title": title})
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    writer.create_viewer_preferences()[NameObject("/DisplayDocTitle")] = BooleanObject(True)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _save(figure: Figure, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    with DRAWING:
        figure.savefig(stream, format=form, **options)
    return stream.getvalue()


# ---------------------------------------------------------------- the sheet


def draw_sheet(
    picture: Picture, caption: Caption, ground: Ground, size: tuple[float, float]
) -> Figure:
    """Draw a whole sheet.

    Parameters
    ----------
    picture
        What to draw.
    caption
        The words around it.
    ground
        What to draw it on.
    size
        Width and height in pixels of a 1280-pixel sheet.
    """
    figure, paper = _blank(size)
    width, height = size
    top, bottom = 16.0, height - 12.0
    if caption.marking:
        for y in (15.0, height - 9.0):
            paper.text(width / 2, y, caption.marking, 13, BOLD, align="center")
        top, bottom = 26.0, height - 24.0
    inner = width - 2 * MARGIN
    sentence = picture.sentence
    paper.text(
        MARGIN, top + 10, "Documented arms smuggling out of Libya", 12.5, BOLD, style.QUIET_INK
    )
    stamp = f"{caption.data} · picture {caption.number}"
    paper.text(width - MARGIN, top + 10, stamp, 12.5, SANS, style.QUIET_INK, align="right")
    y = top + 42
    for line in wrap(sentence.headline, inner, 27, SERIF, most=4):
        paper.text(MARGIN, y, line, 27, SERIF)
        y += 32
    y -= 8
    end = paper.text(MARGIN, y, sentence.counts, 14.5, BOLD)
    rest = " · ".join(filter(None, [sentence.aside, sentence.filters]))
    rows = wrap(f"\u00a0· {rest}", max(width - MARGIN - end, 80.0), 14.5, SANS, most=40)
    paper.text(end, y, rows[0], 14.5, SANS, style.QUIET_INK)
    for line in wrap(" ".join(rows[1:]), inner, 14.5, SANS, most=3) if rows[1:] else ():
        y += 18
        paper.text(MARGIN, y, line, 14.5, SANS, style.QUIET_INK)
    top = y + 14
    bottom = _foot(paper, picture, caption, width, bottom)
    split = width - MARGIN - COLUMN
    _map_and_legend(paper, picture, ground, (MARGIN, top, split - GUTTER, bottom), 4.0)
    _column(paper, caption, (split, top, width - MARGIN, bottom))
    _forget_words([picture])
    return figure


def comparison_png(
    parts: Sequence[tuple[str, Picture]], caption: Caption, ground: Ground, width: int = 1920
) -> bytes:
    """Draw selections side by side as PNG, 16:9, at one scale with one legend."""
    figure = draw_comparison(parts, caption, ground)
    return _save(figure, "png", dpi=100 * width / COMPARED[0], metadata={"Software": None})


def draw_comparison(
    parts: Sequence[tuple[str, Picture]], caption: Caption, ground: Ground
) -> Figure:
    """Draw two to six selections as small maps with the same scale, classes and legend.

    Parameters
    ----------
    parts
        What distinguishes each selection, in words, and its picture.
    caption
        Data, number, address and marking; its facts and sources are not printed.
    ground
        What to draw them on.
    """
    figure, paper = _blank(COMPARED)
    width, height = COMPARED
    if caption.marking:
        for y in (22.0, height - 12.0):
            paper.text(width / 2, y, caption.marking, 19, BOLD, align="center")
    title = "Documented arms smuggling out of Libya: " + ", ".join(words for words, _ in parts)
    paper.text(MARGIN, 68, cut(title, width - 2 * MARGIN, 34, SERIF), 34, SERIF)
    stamp = f"{caption.data} · picture {caption.number}"
    filters = (
        parts[0][1].sentence.filters if len({p.sentence.filters for _, p in parts}) == 1 else ""
    )
    paper.text(MARGIN, 96, " · ".join(filter(None, [stamp, filters])), 18, SANS, style.QUIET_INK)
    words = " ".join(
        [*parts[0][1].notes, f"This view: {caption.address}" if caption.address else ""]
    )
    rows = wrap(words.strip(), width - 2 * MARGIN, 16.5, SANS)
    foot = height - 30.0 - 20 * (len(rows) - 1)
    for number, row in enumerate(rows):
        paper.text(MARGIN, foot + 20 * number, row, 16.5, SANS, style.QUIET_INK)
    legend_rows = list(_legend_rows(parts[0][1].legend, width - 2 * MARGIN))
    bottom = foot - 24 - 22 * len(legend_rows)
    for number, legend_row in enumerate(legend_rows):
        x = MARGIN
        for entry in legend_row:
            x = _legend_entry(paper, entry, x, bottom + 24 + 22 * number)
    columns = 2 if len(parts) <= 2 else 3
    lines = -(-len(parts) // columns)
    cell_width = (width - 2 * MARGIN - (columns - 1) * GUTTER) / columns
    cell_height = (bottom - 116 - (lines - 1) * 12) / lines
    for number, (words, picture) in enumerate(parts):
        left = MARGIN + number % columns * (cell_width + GUTTER)
        top = 116 + number // columns * (cell_height + 12)
        end = paper.text(left, top + 24, words, 23, BOLD)
        paper.text(end + 14, top + 24, picture.sentence.counts, 17, SANS, style.QUIET_INK)
        _map(paper, picture, ground, (left, top + 36, left + cell_width, top + cell_height))
    _forget_words([picture for _, picture in parts])
    return figure


def _foot(paper: "Paper", picture: Picture, caption: Caption, width: float, bottom: float) -> float:
    words = " ".join(picture.notes)
    if caption.address:
        words += f" This view: {caption.address}"
    rows = wrap(words, width - 2 * MARGIN, 11.2, SANS)
    y = bottom - 14 * (len(rows) - 1)
    for number, row in enumerate(rows):
        paper.text(MARGIN, y + 14 * number - 2, row, 11.2, SANS, style.QUIET_INK)
    return y - 18


def _column(paper: "Paper", caption: Caption, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    y = top + 12
    if caption.facts:
        paper.text(left, y, "How much is known", 14.5, BOLD)
        y += 20
    for fact in caption.facts:
        paper.disc(left + 3, y - 4.5, 2.2, style.INK)
        for row in wrap(fact, right - left - 12, 14.5, SANS):
            paper.text(left + 12, y, row, 14.5, SANS)
            y += 18.5
        y += 4
    if not caption.sources:
        return
    y += 10
    paper.text(left, y, f"Sources ({len(caption.sources):,})", 14.5, BOLD)
    y += 18
    room = int((bottom - y) // 16.5) + 1
    for row in short_list(caption.sources, min(room, SOURCES_LISTED + 1)):
        paper.text(left, y, cut(row, right - left, 13, SANS), 13, SANS)
        y += 16.5


def short_list(entries: Sequence[str], rows: int) -> list[str]:
    """Return as many entries as fit into some rows, and how many more there are."""
    if len(entries) <= rows:
        return list(entries)
    shown = max(rows - 1, 0)
    return [*entries[:shown], f"and {len(entries) - shown:,} more"]


def _map_and_legend(
    paper: "Paper",
    picture: Picture,
    ground: Ground,
    box: tuple[float, float, float, float],
    inset: float,
) -> None:
    left, top, right, bottom = box
    rows = list(_legend_rows(picture.legend, right - left - 2 * inset - 8))
    foot = bottom - 19.5 * len(rows) - 6
    _map(paper, picture, ground, (left, top, right, foot))
    y = foot + 17
    for row in rows:
        x = left + inset
        for entry in row:
            x = _legend_entry(paper, entry, x, y)
        y += 19.5


# ---------------------------------------------------------------- the map


def _map(
    paper: "Paper", picture: Picture, ground: Ground, box: tuple[float, float, float, float]
) -> None:
    left, top, right, bottom = box
    axes, scale = paper.window(box)
    frame = shapely.box(
        *axes.get_xlim()[:1], *axes.get_ylim()[:1], *axes.get_xlim()[1:], *axes.get_ylim()[1:]
    )
    _land(axes, ground)
    _names(axes, ground.names, frame, scale, towns=False)
    for line in picture.lines:
        _line(axes, line, scale)
    for place in picture.places:
        _place(axes, place, scale)
    _numbers(axes, picture.places, scale)
    _names(axes, ground.names, frame, scale, towns=True)
    for tag in picture.tags:
        _tag(axes, tag, scale)
    paper.axes.add_artist(
        Rectangle(
            (left, top), right - left, bottom - top, fill=False, lw=0.7, ec=style.COAST, zorder=9
        )
    )
    _scale_bar(paper, left + 14, bottom - 14, scale)


def _land(axes: Axes, ground: Ground) -> None:
    outlines = [outline for outline, _ in ground.areas]
    axes.add_artist(
        PathCollection(
            outlines, facecolors="none", edgecolors=style.COAST, linewidths=1.3, zorder=1
        )
    )
    fills = [fill for _, fill in ground.areas]
    axes.add_artist(
        PathCollection(outlines, facecolors=fills, edgecolors=fills, linewidths=0.35, zorder=1)
    )
    axes.add_artist(LineCollection(ground.rivers, colors=style.RIVER, linewidths=0.75, zorder=1.2))
    axes.add_artist(
        PathCollection(
            ground.lakes, facecolors=style.WATER, edgecolors=style.COAST, linewidths=0.4, zorder=1.3
        )
    )
    axes.add_artist(
        LineCollection(ground.boundaries, colors=style.BOUNDARY, linewidths=0.65, zorder=1.4)
    )
    axes.add_artist(
        LineCollection(
            ground.disputed,
            colors=style.BOUNDARY,
            linewidths=0.9,
            linestyles=[(0, (4, 3.2))],
            zorder=1.4,
        )
    )


def _line(axes: Axes, line: Line, scale: float) -> None:
    path = to_plane(line.path)
    corridor = line.kind == "corridor"
    dotted = line.form == style.DOTTED
    width = (style.LINE_WIDTHS if corridor else style.LINK_WIDTHS)[line.width]
    if dotted and not corridor:
        width = style.LINE_WIDTHS[0]
    head = style.ARROW_SIZES[line.width] * 11 / 13
    if line.focused:
        _stroke(axes, path, style.FOCUS_HALO, width + 9)
    _stroke(axes, path, style.CASING, width + style.CASING_EXTRA)
    dash = style.DASHES[line.form]
    pattern = [max(part, part * width / 3) for part in dash] if dash else None
    _stroke(axes, path, line.colour, width, pattern, gid=line.line)
    if not corridor and not dotted:
        _stroke(axes, path, style.CASING, width * style.LINK_CORE)
    _arrowhead(
        axes, path, line.colour, head * (1 if corridor else 1.25) * scale, hollow=not corridor
    )


def _stroke(
    axes: Axes,
    path: Points,
    colour: str,
    width: float,
    dash: Sequence[float] | None = None,
    gid: str | None = None,
) -> None:
    rounded = dash is not None and dash[0] < 2 * width and dash[0] < 4
    axes.add_artist(
        Line2D(
            *path.T,
            color=colour,
            linewidth=width * POINTS,
            linestyle=(0, [part / width for part in dash]) if dash else "-",
            dash_capstyle="round" if rounded else "butt",
            solid_capstyle="butt",
            solid_joinstyle="round",
            gid=gid,
            zorder=3,
        )
    )


def _arrowhead(axes: Axes, path: Points, colour: str, length: float, *, hollow: bool) -> None:
    heading = path[-1] - path[-3]
    heading = heading / np.hypot(*heading)
    across = np.array([-heading[1], heading[0]])
    back = path[-1] - (0.05 if hollow else 0.3) * length * heading
    tip = back + length * heading
    notch = back if hollow else back + 0.18 * length * heading
    wing = 0.5 * length * across
    corners = [back + wing, tip, back - wing, notch]
    axes.add_artist(
        Polygon(corners, closed=True, fc=style.CASING, ec=style.CASING, lw=3.2 * POINTS, zorder=3)
    )
    axes.add_artist(
        Polygon(
            corners,
            closed=True,
            fc=style.CASING if hollow else colour,
            ec=colour if hollow else "none",
            lw=1.9 * POINTS if hollow else 0,
            joinstyle="round",
            zorder=3,
        )
    )


def _place(axes: Axes, place: Place, scale: float) -> None:
    point = to_plane(np.array([[place.longitude, place.latitude]]))[0]
    radius = (style.AREA_RADII if place.mark == "area" else style.PLACE_RADII)[place.size]
    claims = not place.events
    if place.unpublished:
        _dashed_square(axes, point, (radius + style.UNPUBLISHED_MARGIN) * scale)
    if place.focused:
        ring = {"fill": False, "ec": style.FOCUS_HALO, "lw": 4 * POINTS, "zorder": 4}
        axes.add_artist(Circle((point[0], point[1]), (radius + 5) * scale, **ring))
    if place.mark == "area":
        soft_disc(axes, point, radius * scale, place.colour, 0.55 if claims else 1.0)
    elif place.mark == "store":
        side = 1.8 * radius * scale
        corner = point - side / 2
        face = style.CASING if claims else place.colour
        edge = place.colour if claims else style.CASING
        axes.add_artist(
            Rectangle(
                (corner[0], corner[1]), side, side, fc=face, ec=edge, lw=1.4 * POINTS, zorder=4
            )
        )
        return
    else:
        face = style.CASING if claims else place.colour
        axes.add_artist(
            Circle(
                (point[0], point[1]),
                radius * scale,
                fc=face,
                ec=style.CASING,
                lw=1.5 * POINTS,
                zorder=4,
            )
        )
    if claims:
        ring = {
            "fill": False,
            "ec": place.colour,
            "lw": 1.3 * POINTS,
            "ls": (0, (1.5, 2)),
            "zorder": 4,
        }
        axes.add_artist(Circle((point[0], point[1]), radius * scale, **ring))


def _numbers(axes: Axes, places: Iterable[Place], scale: float) -> None:
    """Write on marks for how many places they stand, the largest first where room is scarce."""
    width, height = (scale * size for size in style.NUMBER_ROOM)
    several = sorted((place for place in places if place.members > 1), key=lambda p: -p.members)
    printed: list[Points] = []
    for place in several:
        point = to_plane(np.array([[place.longitude, place.latitude]]))[0]
        if all(abs(point[0] - x) >= width or abs(point[1] - y) >= height for x, y in printed):
            printed.append(point)
            _number(axes, point, place.members)


def _number(axes: Axes, point: Points, members: int) -> None:
    options: dict[str, Any] = {
        "fontproperties": lettered(BOLD, 11 * POINTS), "ha": "center", "va": "center",
        "zorder": 5,
    }  # fmt: skip
    _haloed(axes, point, str(members), options)


def _dashed_square(axes: Axes, point: Points, half: float) -> None:
    """Draw the frame of a mark whose incidents are not all published."""
    axes.add_artist(
        Rectangle(
            (point[0] - half, point[1] - half),
            2 * half,
            2 * half,
            fill=False,
            ec=style.INK,
            lw=style.UNPUBLISHED_WIDTH * POINTS,
            ls=(0, tuple(part / style.UNPUBLISHED_WIDTH for part in style.UNPUBLISHED_DASH)),
            zorder=4,
        )
    )


def soft_disc(axes: Axes, point: Points, radius: float, colour: str, share: float) -> None:
    """Draw a disc that fades towards its edge, as a stack of transparent rings."""
    for step in range(1, 9):
        axes.add_artist(
            Circle(
                (point[0], point[1]),
                radius * (1.04 - step / 9.2),
                fc=colour,
                ec="none",
                alpha=0.135 * share,
                zorder=4,
            )
        )


def _names(
    axes: Axes, names: Iterable[Name], frame: shapely.Polygon, scale: float, *, towns: bool
) -> None:
    zoom = float(np.log2(156543.03392804097 / scale))
    for name in names:
        if (name.kind == "town") != towns or name.min_zoom > zoom:
            continue
        if not frame.contains(name_box(name, zoom)):
            continue
        point = to_plane(np.array([[name.longitude, name.latitude]]))[0]
        size, spacing = SIZES[name.kind]
        if towns:
            _town(axes, name, point, size, scale)
            continue
        text = name.text.upper() if name.kind != "water" else name.text
        colour = style.WATER_NAME if name.kind == "water" else style.LAND_NAME
        if name.kind == "origin":
            colour = style.ORIGIN_NAME
        font = ITALIC if name.kind == "water" else BOLD
        _spaced(axes, point, text, font, size, spacing, colour, scale)


def _spaced(
    axes: Axes,
    point: Points,
    text: str,
    font: Path,
    size: float,
    spacing: float,
    colour: str,
    scale: float,
) -> None:
    # Letters are drawn apart as shapes; the same word stands there unseen, to be searched.
    face = FontProperties(fname=font)
    glyphs, x = [], 0.0
    for letter in text:
        if not letter.isspace():
            glyphs.append(TextPath((x, 0), letter, size=size, prop=face))
        x += text_width(letter, 64, font) * size / 64 + spacing * size
    word = Outline.make_compound_path(*glyphs)
    middle = np.array([(x - spacing * size) / 2, 0.34 * size])
    vertices = point + scale * (word.vertices - middle)
    shape = Outline(vertices, word.codes)
    axes.add_artist(PathPatch(shape, fc=colour, ec="none", zorder=2))
    real = lettered(font, size * POINTS)
    axes.text(
        point[0], point[1], text, fontproperties=real, alpha=0, ha="center", va="center", zorder=2
    )


def _haloed(axes: Axes, where: Points, words: str, options: dict[str, Any]) -> None:
    """Write words on the map with a white edge, so that they are read on any ground."""
    halo = axes.text(where[0], where[1], words, color=style.CASING, **options)
    halo.set_path_effects([Stroke(linewidth=2.4 * POINTS, foreground=style.CASING)])
    halo.set_gid("halo")
    axes.text(where[0], where[1], words, color=style.INK, **options)


def _town(axes: Axes, name: Name, point: Points, size: float, scale: float) -> None:
    east, west, north, south = (letter in name.side for letter in "ewns")
    corner = len(name.side) == 2
    right = (east - west) * (4 if corner else 6)
    up = (north - south) * (2 if corner else 4)
    where = point + scale * np.array([right, up])
    options: dict[str, Any] = {
        "fontproperties": lettered(SANS, size * POINTS),
        "ha": "left" if east else "right" if west else "center",
        "va": "bottom" if north else "top" if south else "center",
        "zorder": 5,
        "parse_math": False,
    }
    _haloed(axes, where, name.text, options)
    axes.add_artist(
        Circle(
            (point[0], point[1]),
            2.4 * scale,
            fc=style.CASING,
            ec=style.INK,
            lw=1 * POINTS,
            zorder=5,
        )
    )


def _tag(axes: Axes, tag: Tag, scale: float) -> None:
    end = to_plane(np.array([[tag.longitude, tag.latitude]]))[0]
    middle = end + scale * np.array([tag.right, -tag.down])
    width, height = 21 * scale, 15 * scale
    axes.add_artist(
        FancyBboxPatch(
            middle - (width / 2, height / 2),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={3 * scale}",
            fc=tag.colour,
            ec=style.CASING,
            lw=1.2 * POINTS,
            zorder=6,
        )
    )
    font = lettered(BOLD, 11 * POINTS)
    options: dict[str, Any] = {"ha": "center", "va": "center_baseline", "zorder": 7}
    options["parse_math"] = False
    axes.text(
        middle[0],
        middle[1],
        tag.text,
        fontproperties=font,
        color=style.text_on(tag.colour),
        **options,
    )


def _scale_bar(paper: "Paper", x: float, y: float, scale: float) -> None:
    # Web Mercator stretches: the bar holds at the middle of the map, as the page's does.
    latitude = np.radians((DEFAULT_BOUNDS[0][0] + DEFAULT_BOUNDS[1][0]) / 2)
    length = 500_000 / (scale * np.cos(latitude))
    for shape in ([(x, y - 6), (x, y), (x + length, y), (x + length, y - 6)],):
        xs, ys = zip(*shape, strict=True)
        paper.axes.add_artist(Line2D(xs, ys, color=style.CASING, lw=3 * POINTS, zorder=9))
        paper.axes.add_artist(Line2D(xs, ys, color=style.INK, lw=1.2 * POINTS, zorder=9))
    paper.text(x + length / 2, y - 5, "500 km", 11, SANS, align="center", zorder=9)


# ---------------------------------------------------------------- the legend


def _legend_rows(entries: Sequence[LegendEntry], width: float) -> Iterator[list[LegendEntry | str]]:
    # A section stays together where it can; only one that is wider than the sheet is broken.
    row: list[LegendEntry | str] = []
    used = 0.0
    for section, members in groupby(entries, key=lambda entry: entry.section):
        block: list[LegendEntry | str] = [section, *members]
        whole = sum(map(_legend_width, block))
        for part in block:
            needed = whole if part is section and whole <= width else _legend_width(part)
            if row and used + needed > width:
                yield row
                row, used = [], 0.0
            row.append(part)
            used += _legend_width(part)
    if row:
        yield row


def _legend_width(part: LegendEntry | str) -> float:
    if isinstance(part, str):
        return text_width(part, 12.2, BOLD) + 15
    return _symbol_width(part) + 4 + text_width(part.label, 12.2, SANS) + 11


def _symbol_width(entry: LegendEntry) -> float:
    return {
        "colour": 21.0, "place": 14.0, "area": 22.0, "claim_place": 13.0, "store": 12.0,
        "unpublished": 16.0, "members": 16.0,
    }.get(entry.symbol, 32.0)  # fmt: skip


def _legend_entry(paper: "Paper", part: LegendEntry | str, x: float, y: float) -> float:
    if isinstance(part, str):
        gap = 7 if x > paper.left_edge else 0
        paper.text(x + gap, y, part, 12.2, BOLD)
        return x + gap + text_width(part, 12.2, BOLD) + 8
    _symbol(paper, part, x, y - 4.2)
    after = x + _symbol_width(part) + 4
    paper.text(after, y, part.label, 12.2, SANS)
    return after + text_width(part.label, 12.2, SANS) + 11


def _symbol(paper: "Paper", entry: LegendEntry, x: float, y: float) -> None:
    colour, value = entry.colour, entry.value
    axes = paper.axes
    middle = np.array([x + _symbol_width(entry) / 2, y])
    match entry.symbol:
        case "colour":
            axes.add_artist(
                FancyBboxPatch(
                    (x, y - 7.5),
                    21,
                    15,
                    boxstyle="round,pad=0,rounding_size=3",
                    fc=colour,
                    ec="none",
                )
            )
            paper.text(x + 10.5, y + 4, str(value), 11, BOLD, style.text_on(colour), align="center")
        case "width":
            paper.rule(x, y, 32, colour, style.LINE_WIDTHS[int(value)])
        case "form":
            paper.rule(x, y, 32, colour, 3, style.DASHES[str(value)])
        case "link":
            width = style.LINK_WIDTHS[int(value)]
            paper.rule(x, y, 32, colour, width)
            paper.rule(x, y, 32, style.CASING, width * style.LINK_CORE)
        case "boundary":
            paper.rule(x, y, 32, colour, 1)
        case "disputed":
            paper.rule(x, y, 32, colour, 1.4, (4, 3.5))
        case "store":
            side = 1.8 * style.PLACE_RADII[int(value)]
            axes.add_artist(
                Rectangle((middle[0] - side / 2, y - side / 2), side, side, fc=colour, ec="none")
            )
        case "area":
            soft_disc(axes, middle, 10, colour, 1)
        case "claim_place":
            ring = {"fc": style.CASING, "ec": colour, "lw": 1.3 * POINTS, "ls": (0, (1.5, 2))}
            axes.add_artist(Circle((middle[0], middle[1]), 5.4, **ring))
        case "unpublished":
            _dashed_square(axes, middle, 7)
        case "members":
            paper.text(middle[0], y + 4, str(value), 11, BOLD, colour, align="center")
        case _:
            axes.add_artist(
                Circle((middle[0], middle[1]), style.PLACE_RADII[int(value)], fc=colour, ec="none")
            )


# ---------------------------------------------------------------- paper


class Paper:
    """A figure addressed in pixels of a 1280-pixel sheet, from the top left corner.

    Parameters
    ----------
    figure
        The figure to draw on.
    size
        Width and height in pixels.
    """

    def __init__(self, figure: Figure, size: tuple[float, float]) -> None:
        self.figure = figure
        self.size = size
        self.left_edge = MARGIN + 6
        self.axes = figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, size[0])
        self.axes.set_ylim(size[1], 0)
        self.axes.axis("off")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        font: Path,
        colour: str = style.INK,
        *,
        align: str = "left",
        zorder: float = 8,
    ) -> float:
        """Write words on a baseline and return where they end."""
        self.axes.text(
            x,
            y,
            words,
            fontproperties=lettered(font, size * POINTS),
            color=colour,
            ha=align,
            va="baseline",
            zorder=zorder,
            parse_math=False,
        )
        return x + text_width(words, size, font)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draw a full circle."""
        self.axes.add_artist(Circle((x, y), radius, fc=colour, ec="none"))

    def rule(
        self,
        x: float,
        y: float,
        length: float,
        colour: str,
        width: float,
        dash: Sequence[float] | None = None,
    ) -> None:
        """Draw a level line."""
        _stroke(self.axes, np.array([(x, y), (x + length, y)]), colour, width, dash)

    def window(self, box: tuple[float, float, float, float]) -> tuple[Axes, float]:
        """Open the map's window and return it with its scale, metres (EPSG:3857) in a pixel."""
        left, top, right, bottom = box
        width, height = self.size
        window = self.figure.add_axes(
            (left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height)
        )
        window.set_zorder(-1)
        corners = to_plane(np.array([corner[::-1] for corner in DEFAULT_BOUNDS]))
        middle, extent = corners.mean(axis=0), np.diff(corners, axis=0)[0]
        scale = float(max(extent[0] / (right - left), extent[1] / (bottom - top)))
        half = scale * np.array([right - left, bottom - top]) / 2
        window.set_xlim(middle[0] - half[0], middle[0] + half[0])
        window.set_ylim(middle[1] - half[1], middle[1] + half[1])
        window.set_facecolor(style.WATER)
        window.set_xticks([])
        window.set_yticks([])
        for spine in window.spines.values():
            spine.set_visible(False)
        return window, scale


@lru_cache(maxsize=256)
def lettered(font: Path, size: float) -> FontProperties:
    """Return a font file as matplotlib wants it, with the names that an SVG writes."""
    family, slant, weight = FACES[font]
    return FontProperties(family=family, style=slant, weight=weight, size=size, fname=font)


def _blank(size: tuple[float, float]) -> tuple[Figure, Paper]:
    figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    return figure, Paper(figure, size)


@lru_cache(maxsize=4096)
def text_width(words: str, size: float, font: Path) -> float:
    """Measure words in pixels of a 1280-pixel sheet."""
    face = get_font(font)
    face.set_size(size, 72)
    face.set_text(words, 0.0, flags=LoadFlags.NO_HINTING)
    return float(face.get_width_height()[0]) / 64


def _forget_words(pictures: Iterable[Picture]) -> None:
    """Forget which words were measured for a picture with rows of a reader's own."""
    if any(picture.whole.unpublished for picture in pictures):
        text_width.cache_clear()


def cut(words: str, width: float, size: float, font: Path) -> str:
    """Shorten words to a width, with an ellipsis where something was left out."""
    if text_width(words, size, font) <= width:
        return words
    while words and text_width(f"{words}…", size, font) > width:
        words = words[: min(len(words) - 1, len(words) * 19 // 20)]
    return f"{words.rstrip()}…"


def wrap(words: str, width: float, size: float, font: Path, most: int | None = None) -> list[str]:
    """Break words into lines no wider than *width*.

    A word that is wider than a line, such as a long address, is broken too; with *most*, what
    does not fit into that many lines is cut with an ellipsis.
    """
    lines: list[str] = []
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, font) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, size, font) > width:
            if most is not None and len(lines) > most:
                break
            letters = _fitting(line, width, size, font)
            lines.append(line[:letters])
            line = line[letters:]
    lines = [*lines, line] if line or not lines else lines
    if most is not None and len(lines) > most:
        kept = f"{lines[most - 1]} {lines[most]}"
        lines = [*lines[: most - 1], cut(kept, width, size, font)]
    return lines


def _fitting(word: str, width: float, size: float, font: Path) -> int:
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if text_width(word[:middle], size, font) <= width else (low, middle - 1)
        )
    return low


def _outline(shape: Any) -> Outline:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return Outline.make_compound_path(
        *[Outline(shapely.get_coordinates(ring), closed=True) for ring in rings]
    )


def _parts(lines: gpd.GeoDataFrame) -> Iterator[Points]:
    for part in shapely.get_parts(lines.geometry.to_numpy()):
        yield shapely.get_coordinates(part)
