"""Lines and places of a selection: how many incidents they carry, their class, form and colour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.dataset.tallies import COUNTS
from armsflow.picture import style
from armsflow.picture.arrows import middles_of_stops, where_stopped
from armsflow.picture.plane import Points, metres_per_pixel, to_plane
from armsflow.picture.untangle import GAP

NOTHING: Final = dict.fromkeys(COUNTS, 0)
NUMBER_ROOM: Final = (22.0, 12.0)
"""Width and height in pixels that the number on a mark needs for itself."""


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
    gap
        First and last point of its path between which nothing is drawn; the same twice if all is.
    stopped
        Point of the path of a link where arms were stopped, if most were; else its last.
    quiet
        Whether it lies thin and pale under the arrows of an overview.
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
    gap: tuple[int, int] = (0, 0)
    stopped: int = -1
    quiet: bool = False

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """First and last point of each part that is drawn as a full line."""
        (first, last), end = self.gap, len(self.path) - 1
        end = self.stopped if self.stopped >= 0 else end
        parts = ((0, end),) if first == last else ((0, first), (last, end))
        return tuple((start, stop) for start, stop in parts if stop > start)

    @property
    def parts(self) -> tuple[Points, ...]:
        """The parts that are drawn as a full line."""
        return tuple(self.path[start : stop + 1] for start, stop in self.spans)

    @property
    def tail(self) -> Points | None:
        """The way that stopped arms were said to go on, if most were stopped."""
        return self.path[self.stopped :] if self.stopped >= 0 else None


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
        ``place`` (an exact place), ``area`` (district, region or country, drawn soft) or ``store``
        (inside Libya).
    colour
        Colour of the destination; one neutral colour where there are several.
    members
        Number of places that the mark stands for; more than one in large packages only.
    number_scale
        Metres in a pixel up to which that number is written; nearer, it always is. 0 if never.
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
    number_scale: float = 0.0


def line_form(events: int, strong: bool) -> str:
    """Return the form of a line: how well its best-evidenced incident is tied to Libya.

    Solid where at least one event is traced, marked or officially stated, dashed where events
    are only reported, dotted where no single event is documented.
    """
    if not events:
        return style.DOTTED
    return style.SOLID if strong else style.DASHED


def lines_shown(shown: Dataset, layout: gpd.GeoDataFrame) -> list[str]:
    """Return which lines of a layout are drawn: those with incidents, and described corridors."""
    drawn = {*summary.count_by(shown, "line").index, *shown.corridors.index}
    paths = zip(layout.index, layout["path"], strict=True)
    return [line for line, path in paths if line in drawn and len(path)]


def draw_lines(
    shown: Dataset, layout: gpd.GeoDataFrame, highlighted: frozenset[str], own: pd.Series
) -> tuple[Line, ...]:
    """Decide how corridors and links look, in drawing order."""
    counts = summary.count_by(shown, "line").to_dict("index")
    stops = middles_of_stops(shown, "line")
    drawn = frozenset(lines_shown(shown, layout))
    columns = (layout[name] for name in ("kind", "name", "destination", "path", "gap"))
    lines = []
    for line, kind, name, destination, path, gap in zip(layout.index, *columns, strict=True):
        if line not in drawn:
            continue
        count, stopped = counts.get(line, NOTHING), -1
        if gap[1] and count["stopped"] > count["there"]:
            stopped = where_stopped(stops[line], path)
            gap = (round(GAP[0] * stopped), round(GAP[1] * stopped))
        lines.append(
            Line(
                line=str(line),
                kind=kind,
                name=name,
                destination=destination,
                path=path,
                events=count["events"],
                others=count["others"],
                unpublished=int(own.get(line, 0)),
                width=style.class_index(count["events"], style.LINE_CLASS_STARTS),
                form=line_form(count["events"], count["strong"] > 0),
                colour=style.destination_colour(destination),
                focused=line in highlighted,
                gap=gap,
                stopped=stopped,
            )
        )
    # Links under corridors, wide under narrow, so that nothing is buried; focus on top.
    return tuple(
        sorted(lines, key=lambda line: (line.focused, line.kind == "corridor", -line.width))
    )


def draw_places(shown: Dataset, highlighted: frozenset[str], own: pd.Series) -> tuple[Place, ...]:
    """Decide how places look, in drawing order."""
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
        kind = "place" if precision == "place" else "area"
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
                mark="store" if towards == {ORIGIN} else kind,
                members=int(members),
                unpublished=int(own.get(place, 0)),
                colour=colour if len(towards) == 1 else style.SEVERAL_COLOUR,
                focused=place in highlighted,
            )
        )
    places.sort(key=lambda place: (place.mark != "area", -place.size, place.place))
    return tuple(give_numbers_room(places))


def give_numbers_room(places: Sequence[Place]) -> Iterator[Place]:
    """Decide up to which scale the number on each mark of several places is written.

    Of two numbers that would cover each other the one of fewer places gives way. A number that
    is written stays when one zooms in.
    """
    several = sorted((place for place in places if place.members > 1), key=lambda p: -p.members)
    points = to_plane(
        np.array([(place.longitude, place.latitude) for place in several]).reshape(-1, 2)
    )
    scales = np.full(len(several), metres_per_pixel(0))
    for number in range(1, len(several)):
        clear = (np.abs(points[:number] - points[number]) / NUMBER_ROOM).max(axis=1)
        scales[number] = clear[clear < scales[:number]].min(initial=scales[0])
    scale_of = {place.place: float(scale) for place, scale in zip(several, scales, strict=True)}
    for place in places:
        yield replace(place, number_scale=scale_of[place.place]) if place.members > 1 else place
