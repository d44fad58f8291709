"""What is drawn, decided once: lines, places, end tags and legend of a selection.

The web map and the printed sheet both draw a :class:`Picture`, so they cannot disagree. Where
a line runs is decided for the whole package (:func:`lay_out`), so that nothing moves when a
filter changes; how wide it is and which form it has follows from what is shown.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.enums import TransformDirection

from armsflow import style, summary
from armsflow.basemap import CRS
from armsflow.dataset import Dataset
from armsflow.preparation import ORIGIN
from armsflow.selection import Selection, Sentence, describe, destination_codes, in_focus

Points = NDArray[np.float64]

MAP_CRS = "EPSG:3857"
"""Plane in which both renderers draw (Web Mercator, metres at the equator)."""

DEFAULT_BOUNDS = ((10.2, -12.4), (38.2, 37.6))
"""South-west and north-east corner (latitude, longitude) of the default view."""

NOMINAL_METRES_PER_PIXEL = 156543.034 / 2**4.75
"""Scale of the default view in a 900-pixel-wide frame; sizes in pixels refer to it."""

LANE_PIXELS = 7.0
LINK_ORIGIN = (27.3, 18.0)
"""Latitude, longitude from which every link starts: a drawing point inside Libya."""
LINK_START_PIXELS = 40.0
LINK_BEND = 0.16

TAG_METRES_PER_PIXEL = 156543.034 / 2**4.1
"""Scale at which tags find room: that of a small frame, so that a larger one has room too."""
TAG_SIZE = (23.0, 17.0)
TAG_REACH = {"corridor": (17.0, 24.0, 32.0, 42.0), "link": (33.0, 40.0, 48.0)}
"""Pixels from the end of a line to the middle of its tag, nearest first; links have long heads."""
TAG_TURNS = (0.0, 40.0, -40.0, 80.0, -80.0, 120.0, -120.0, 180.0)

LINES_NOTE = "Lines join documented places; they are not surveyed tracks."
ABSENCE_NOTE = "Absence of a line is not evidence of absence."
BOUNDARY_NOTE = (
    "The boundaries and names shown on this map do not imply the expression of any opinion by "
    "its makers concerning the legal status of any country, territory, city or area or of its "
    "authorities, or concerning the delimitation of its frontiers or boundaries."
)
UNPUBLISHED_NOTE = (
    "Rows marked as unpublished were added by a reader and compared with no source; the address "
    "opens them only where they were added."
)
LAND_CREDIT = "Land: Natural Earth (public domain)."
NOTES = (LINES_NOTE, ABSENCE_NOTE, BOUNDARY_NOTE, LAND_CREDIT)
"""What must stand under every picture; :data:`UNPUBLISHED_NOTE` before it where rows need it."""


@dataclass(frozen=True)
class Tag:
    """A short end label that tells a line's destination without colour.

    Parameters
    ----------
    line
        Identifier of the line.
    text
        Abbreviation of the destination, e.g. ``ML``.
    colour
        Colour of the destination.
    longitude, latitude
        End of the line, degrees.
    right, down
        Where the middle of the tag stands from there, in pixels of the default view.
    """

    line: str
    text: str
    colour: str
    longitude: float
    latitude: float
    right: float
    down: float


@dataclass(frozen=True)
class LegendEntry:
    """One row of the legend.

    Parameters
    ----------
    section
        Heading under which the row stands.
    label
        The words.
    symbol
        What is drawn beside them: ``colour``, ``width``, ``form``, ``link``, ``place``,
        ``area``, ``store``, ``claim_place``, ``members``, ``disputed`` or ``unpublished``.
    colour
        Colour of the symbol.
    value
        Class index, line form or abbreviation, as the symbol needs.
    """

    section: str
    label: str
    symbol: str
    colour: str
    value: int | str = 0


@dataclass(frozen=True)
class Line:
    """A corridor, or the link of a destination.

    Parameters
    ----------
    line
        ``corridor_id`` or ``link-<destination>``.
    kind
        ``corridor`` or ``link``.
    name, destination
        Its name, and the code of its destination.
    path
        Longitude, latitude of the curve from Libya outward, degrees.
    events, others
        Documented incidents on it; claims and running totals on it, which never widen it.
    unpublished
        How many of both a reader added.
    width
        Index of the width class (``style.LINE_CLASS_STARTS``).
    form
        ``solid``, ``dashed`` or ``dotted``.
    colour
        Colour of the destination.
    focused
        Whether the reader put it in focus.
    """

    line: str
    kind: str
    name: str
    destination: str
    path: Points = field(compare=False, repr=False)
    events: int
    others: int
    unpublished: int
    width: int
    form: str
    colour: str
    focused: bool


@dataclass(frozen=True)
class Place:
    """A place with at least one shown incident.

    Parameters
    ----------
    place
        ``place_id``.
    name
        Its name.
    longitude, latitude
        Degrees; a representative point where the mark is an area.
    events, others
        Documented incidents there; claims and running totals there.
    size
        Index of the size class (``style.PLACE_CLASS_STARTS``).
    mark
        ``place`` (a spot), ``area`` (district, region or country, drawn soft) or ``store``
        (inside Libya).
    colour
        Colour of the destination; one neutral colour where there are several.
    members
        Number of places that the mark stands for; more than one in large packages only.
    unpublished
        How many of the incidents a reader added.
    focused
        Whether the reader put it in focus.
    """

    place: str
    name: str
    longitude: float
    latitude: float
    events: int
    others: int
    size: int
    mark: str
    members: int
    unpublished: int
    colour: str
    focused: bool


@dataclass(frozen=True)
class Picture:
    """Everything that a renderer needs to know of a selection.

    Parameters
    ----------
    lines, places
        What is drawn, in drawing order.
    tags
        End labels.
    notes
        What must stand under every picture.
    selection, shown, whole
        What was asked for, the dataset after it and before it.
    """

    lines: tuple[Line, ...]
    places: tuple[Place, ...]
    tags: tuple[Tag, ...]
    notes: tuple[str, ...]
    selection: Selection = field(compare=False, repr=False)
    shown: Dataset = field(compare=False, repr=False)
    whole: Dataset = field(compare=False, repr=False)

    @cached_property
    def legend(self) -> tuple[LegendEntry, ...]:
        """The same for every selection, so that two pictures can be compared."""
        return legend(self.whole)

    @cached_property
    def sentence(self) -> Sentence:
        """The selection in words; written when first read, since the map does not need it."""
        return describe(self.selection, self.shown, self.whole)


# ---------------------------------------------------------------- where lines run


def lay_out(dataset: Dataset) -> gpd.GeoDataFrame:
    """Decide where every corridor and every link of a package runs.

    Corridors are curves through their waypoints; where several share a leg they run side by
    side. A link is an arc from one point in Libya to the destination's link end.

    Returns
    -------
    layout
        Index line identifier; ``kind`` (corridor, link), ``destination``, ``name``, the curve as
        geometry (EPSG:4326) and its points as ``path`` (longitude, latitude).
    """
    corridors, destinations = dataset.corridors, dataset.destinations
    curves = {corridor: _smooth(lane) for corridor, lane in _lanes(dataset)}
    rows = [
        (corridor, "corridor", record["destination"], record["name"], curves[corridor])
        for corridor, record in corridors.iterrows()
    ]
    start = to_plane(np.array([LINK_ORIGIN[::-1]]))[0]
    for code in destination_codes(dataset, "focus", "onward"):
        record = destinations.loc[code]
        end = to_plane(np.array([[record["link_lon"], record["link_lat"]]]))[0]
        name = f"Libya to {record['label']}, route not stated"
        rows.append((f"link-{code}", "link", code, name, _arc(start, end)))
    index, kinds, codes, names, paths = zip(*rows, strict=True)
    degrees = [np.round(_to_degrees(path), 4) for path in paths]
    return gpd.GeoDataFrame(
        {"kind": kinds, "destination": codes, "name": names, "path": degrees},
        geometry=[shapely.LineString(path) for path in degrees],
        index=pd.Index(index, name="line_id"),
        crs=CRS,
    )


def _lanes(dataset: Dataset) -> Iterator[tuple[str, Points]]:
    stops = {
        str(corridor): [str(place) for place in legs["place_id"]]
        for corridor, legs in dataset.waypoints.sort_values("seq").groupby("corridor_id")
    }
    users: dict[frozenset[str], list[str]] = {}
    for corridor, places in stops.items():
        for leg in pairwise(places):
            users.setdefault(frozenset(leg), []).append(corridor)
    step = LANE_PIXELS * NOMINAL_METRES_PER_PIXEL
    for corridor, places in stops.items():
        line = shapely.get_coordinates(dataset.corridors.geometry[corridor])
        points = to_plane(line)
        legs = np.diff(points, axis=0)
        normals = np.column_stack([-legs[:, 1], legs[:, 0]]) / np.hypot(*legs.T)[:, None]
        shifts = np.zeros_like(points)
        shares = Counter[int]()
        for number, leg in enumerate(pairwise(places)):
            together = sorted(users[frozenset(leg)])
            lane = together.index(corridor) - (len(together) - 1) / 2
            if lane:
                # The normal of a leg is turned the same way for whoever travels it.
                side = 1 if leg[0] < leg[1] else -1
                for vertex in (number, number + 1):
                    shifts[vertex] += lane * step * side * normals[number]
                    shares[vertex] += 1
        for vertex, count in shares.items():
            shifts[vertex] /= count
        yield corridor, points + shifts


def _smooth(points: Points, steps: int = 14) -> Points:
    """Draw a centripetal Catmull-Rom curve through points (Barry and Goldman's recursion)."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    curve = [points[:1]]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        knots = np.cumsum(
            [0.0, *(np.hypot(*(b - a)) ** 0.5 for a, b in pairwise((p0, p1, p2, p3)))]
        )
        t0, t1, t2, t3 = knots
        t = np.linspace(t1, t2, steps + 1)[1:, None]
        a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
        a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
        a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
        b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        curve.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return np.vstack(curve)


def _arc(start: Points, end: Points, steps: int = 28) -> Points:
    """Draw a quadratic Bézier arc that bows towards the equator-far side of its chord."""
    chord = end - start
    start = start + LINK_START_PIXELS * NOMINAL_METRES_PER_PIXEL * chord / np.hypot(*chord)
    chord = end - start
    normal = np.array([-chord[1], chord[0]])
    if normal[1] < 0:
        normal = -normal
    control = (start + end) / 2 + LINK_BEND * normal
    t = np.linspace(0, 1, steps + 1)[:, None]
    return (1 - t) ** 2 * start + 2 * (1 - t) * t * control + t**2 * end


_PLANE = pyproj.Transformer.from_crs(CRS, MAP_CRS, always_xy=True)


def to_plane(points: Points) -> Points:
    """Project longitude, latitude (degrees) onto the plane in which the map is drawn."""
    return np.column_stack(_PLANE.transform(points[:, 0], points[:, 1]))


def _to_degrees(points: Points) -> Points:
    return np.column_stack(
        _PLANE.transform(points[:, 0], points[:, 1], direction=TransformDirection.INVERSE)
    )


# ---------------------------------------------------------------- what a selection looks like


def draw(selection: Selection, shown: Dataset, whole: Dataset, layout: gpd.GeoDataFrame) -> Picture:
    """Decide what a selection looks like.

    Parameters
    ----------
    selection
        What was asked for.
    shown
        The dataset after it.
    whole
        The dataset before it.
    layout
        Where lines run, from :func:`lay_out` on the whole dataset.
    """
    highlighted = _highlighted(selection.focus, shown, layout)
    own = summary.unpublished(shown)
    lines = _lines(shown, layout, highlighted, own["line"].value_counts())
    return Picture(
        lines=lines,
        places=_places(shown, highlighted, own["spot"].value_counts()),
        tags=tuple(_tags(lines, whole)),
        notes=NOTES if own.empty else (UNPUBLISHED_NOTE, *NOTES),
        selection=selection,
        shown=shown,
        whole=whole,
    )


def line_form(events: int, strong: bool) -> str:
    """Return the form of a line: how well its best-evidenced incident is tied to Libya.

    Solid where at least one event is traced, marked or officially stated, dashed where events
    are only reported, dotted where no single event is documented.
    """
    if not events:
        return style.DOTTED
    return style.SOLID if strong else style.DASHED


def _highlighted(focus: str, shown: Dataset, layout: gpd.GeoDataFrame) -> frozenset[str]:
    if not focus or focus in layout.index or focus in shown.spots.index:
        return frozenset({focus})
    marks = in_focus(focus, shown).select("line", "spot").unique().collect()
    return frozenset({*marks["line"].to_list(), *marks["spot"].to_list()})


def _lines(
    shown: Dataset, layout: gpd.GeoDataFrame, highlighted: frozenset[str], own: pd.Series
) -> tuple[Line, ...]:
    counts = summary.count_by(shown, "line")
    tallies = dict(zip(counts.index, counts.itertuples(index=False), strict=True))
    lines = []
    for row in layout.itertuples():
        tally = tallies.get(row.Index)
        if tally is None and row.Index not in shown.corridors.index:
            continue
        events, others, strong, _ = tally or (0, 0, 0, 0)
        lines.append(
            Line(
                line=str(row.Index),
                kind=row.kind,
                name=row.name,
                destination=row.destination,
                path=row.path,
                events=int(events),
                others=int(others),
                unpublished=int(own.get(row.Index, 0)),
                width=style.class_index(events, style.LINE_CLASS_STARTS),
                form=line_form(events, strong > 0),
                colour=style.destination_colour(row.destination),
                focused=row.Index in highlighted,
            )
        )
    # Links under corridors, wide under narrow, so that nothing is buried; focus on top.
    return tuple(
        sorted(lines, key=lambda line: (line.focused, line.kind == "corridor", -line.width))
    )


def _places(shown: Dataset, highlighted: frozenset[str], own: pd.Series) -> tuple[Place, ...]:
    counts = summary.count_by(shown, "spot", "destination")
    tallies: dict[str, list[int]] = {}
    destinations: dict[str, set[str]] = {}
    for (place, destination), events, others in zip(
        counts.index, counts["events"], counts["others"], strict=True
    ):
        destinations.setdefault(place, set()).add(destination)
        tally = tallies.setdefault(place, [0, 0])
        tally[0] += events
        tally[1] += others
    known = shown.spots.loc[list(tallies), ["name", "lon", "lat", "precision", "members"]]
    places = []
    for (place, (events, others)), (name, longitude, latitude, precision, members) in zip(
        tallies.items(), known.itertuples(index=False), strict=True
    ):
        towards = destinations[place]
        spot = "place" if precision == "place" else "area"
        colour = style.destination_colour(next(iter(towards)))
        places.append(
            Place(
                place=str(place),
                name=name,
                longitude=longitude,
                latitude=latitude,
                events=int(events),
                others=int(others),
                size=style.class_index(events, style.PLACE_CLASS_STARTS),
                mark="store" if towards == {ORIGIN} else spot,
                members=int(members),
                unpublished=int(own.get(place, 0)),
                colour=colour if len(towards) == 1 else style.SEVERAL_COLOUR,
                focused=place in highlighted,
            )
        )
    return tuple(sorted(places, key=lambda place: (place.mark != "area", -place.size, place.place)))


def _tags(lines: Sequence[Line], whole: Dataset) -> Iterator[Tag]:
    """Place one tag beyond each arrowhead, where it covers no other tag.

    An arrowhead within a tag's width of a tag of the same destination shares that tag.
    """
    placed: list[tuple[float, float, str]] = []
    scale = TAG_METRES_PER_PIXEL
    width, height = TAG_SIZE
    abbreviations = whole.destinations["abbreviation"]
    if not lines:
        return
    ends = to_plane(np.vstack([line.path[-3:] for line in lines])).reshape(-1, 3, 2) / scale
    for line, path in zip(reversed(lines), ends[::-1], strict=True):
        end, heading = path[-1], path[-1] - path[0]
        heading = heading / np.hypot(*heading)
        text = str(abbreviations[line.destination])
        if any(
            text == other and np.hypot(x - end[0], y - end[1]) < 2 * width for x, y, other in placed
        ):
            continue
        for reach in TAG_REACH[line.kind]:
            for turn in np.radians(TAG_TURNS):
                cosine, sine = np.cos(turn), np.sin(turn)
                way = np.array(
                    [
                        cosine * heading[0] - sine * heading[1],
                        sine * heading[0] + cosine * heading[1],
                    ]
                )
                x, y = end + reach * way
                if all(abs(x - a) >= width or abs(y - b) >= height for a, b, _ in placed):
                    break
            else:
                continue
            break
        else:
            continue
        placed.append((x, y, text))
        right, down = np.round([x - end[0], end[1] - y], 1)
        longitude, latitude = map(float, line.path[-1])
        yield Tag(line.line, text, line.colour, longitude, latitude, float(right), float(down))


# ---------------------------------------------------------------- the legend


UNPUBLISHED_ENTRY = LegendEntry(
    "Incidents at a place", "unpublished, added by a reader", "unpublished", style.INK, 1
)
"""Row of the legend that only data with such incidents have."""


def legend(dataset: Dataset) -> tuple[LegendEntry, ...]:
    """Return the whole legend: the same rows for every selection, so nothing is ever missing."""
    return tuple(_legend(dataset))


def _legend(dataset: Dataset) -> Iterator[LegendEntry]:
    section = "Destination"
    for code in destination_codes(dataset, "focus"):
        record = dataset.destinations.loc[code]
        colour = style.destination_colour(code)
        yield LegendEntry(
            section, str(record["label"]), "colour", colour, str(record["abbreviation"])
        )
    yield LegendEntry(section, "others, by choice", "colour", style.ONWARD_COLOUR, "··")
    section = "Boundary"
    yield LegendEntry(section, "international", "boundary", style.BOUNDARY)
    yield LegendEntry(section, "disputed", "disputed", style.BOUNDARY)
    section = "Documented incidents on a line"
    for number, words in enumerate(style.class_labels(style.LINE_CLASS_STARTS)):
        yield LegendEntry(section, words, "width", style.INK, number)
    section = "Route"
    yield LegendEntry(section, "described by a source", "width", style.INK, 1)
    yield LegendEntry(section, "not stated (one arc a destination)", "link", style.INK, 1)
    section = "How the link to Libya is known"
    for words, form in (
        ("traced, marked or officially stated", style.SOLID),
        ("reported only", style.DASHED),
        ("claims or description only", style.DOTTED),
    ):
        yield LegendEntry(section, words, "form", style.INK, form)
    section = "Incidents at a place"
    for number, words in enumerate(style.class_labels(style.PLACE_CLASS_STARTS)):
        yield LegendEntry(section, words, "place", style.SEVERAL_COLOUR, number)
    yield LegendEntry(section, "area, not a spot", "area", style.SEVERAL_COLOUR, 1)
    yield LegendEntry(section, "claims only", "claim_place", style.SEVERAL_COLOUR, 1)
    yield LegendEntry(
        section, "store in Libya, by choice", "store", style.destination_colour(ORIGIN), 1
    )
    if (dataset.spots["members"] > 1).any():
        yield LegendEntry(section, "so many places in one mark", "members", style.INK, "12")
    if dataset.unpublished:
        yield UNPUBLISHED_ENTRY
