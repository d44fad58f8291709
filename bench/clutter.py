"""Count what makes a map hard to read: crossings, covered marks, tags on foreign lines.

Run with ``python -m bench.clutter``. The counts are those of Jenny and others (Design principles
for origin-destination flow maps, CaGIS 45:1, 2018) on the pictures of the shipped data.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import shapely

from armsflow.dataset.loader import SHIPPED, load
from armsflow.picture import numbers, picture, style
from armsflow.picture.lettering import ROOM, letter
from armsflow.picture.picture import Picture
from armsflow.picture.plane import to_plane, zoom_of
from armsflow.picture.plate import make_plate
from armsflow.picture.tags import TAG_SIZE
from armsflow.selection import selection
from armsflow.selection.selection import Selection

ACUTE = 40.0
"""Degrees below which two lines cross at an acute angle."""
APART = 3.0
"""Pixels between two lines that run side by side; where they only touch, they do not cross."""


def crossings(drawn: Picture) -> Iterator[float]:
    """Yield the angle, in degrees, of each crossing of two lines away from their ends."""
    scale = drawn.frame.scale
    ways = [
        shapely.LineString(to_plane(part) / scale)
        for line in drawn.lines
        if not line.quiet
        for part in line.parts
    ]
    ways += [shapely.LineString(to_plane(arrow.shaft) / scale) for arrow in drawn.arrows]
    for one, other in combinations(ways, 2):
        for point in shapely.get_parts(shapely.intersection(one, other)):
            if point.geom_type != "Point":
                continue
            ends = [way.distance(shapely.Point(end)) for way, end in
                    ((one, other.coords[0]), (one, other.coords[-1]),
                     (other, one.coords[0]), (other, one.coords[-1]))]  # fmt: skip
            near = min(
                point.distance(shapely.Point(end))
                for way in (one, other)
                for end in (way.coords[0], way.coords[-1])
            )
            if near < 4 * APART and min(ends) < APART:
                continue
            yield _angle(one, other, point)


def _angle(one: shapely.LineString, other: shapely.LineString, point: shapely.Point) -> float:
    turns = []
    for way in (one, other):
        at = way.project(point)
        step = np.subtract(way.interpolate(at + 4).coords[0], way.interpolate(at - 4).coords[0])
        turns.append(np.degrees(np.arctan2(step[1], step[0])))
    turn = abs(turns[0] - turns[1]) % 180
    return float(min(turn, 180 - turn))


def marks_of(drawn: Picture) -> list[tuple[str, str, shapely.Polygon]]:
    """Return the discs and numbers of a picture, with place and colour, in pixels.

    Areas are tints of the ground and no marks; their numbers are.
    """
    scale, found = drawn.frame.scale, []
    numbered = {mark.spot for mark in drawn.numbers}
    for place in drawn.places:
        if place.place not in numbered and place.mark != "area":
            x, y = to_plane(np.array([[place.longitude, place.latitude]]))[0] / scale
            disc = shapely.Point(x, y).buffer(style.PLACE_RADII[place.size])
            found.append((place.place, place.colour, disc))
    for mark in drawn.numbers:
        x, y = to_plane(np.array([[mark.longitude, mark.latitude]]))[0] / scale
        x, y, half = x + mark.right, y - mark.down, (mark.width / 2, numbers.HEIGHT / 2)
        box = shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])
        found.append((mark.spot, mark.colour, box))
    return found


def counts(drawn: Picture, named: int) -> dict[str, float]:
    """Count what makes one picture hard to read."""
    scale = drawn.frame.scale
    angles = list(crossings(drawn))
    marks = marks_of(drawn)
    stops = drawn.whole.waypoints.groupby("corridor_id")["place_id"]
    joined = {str(line): set(map(str, places)) for line, places in stops}
    lines = [
        (line.line, line.colour, shapely.LineString(to_plane(part) / scale))
        for line in drawn.lines
        for part in line.parts
    ]
    tags = []
    for tag in drawn.tags:
        x, y = to_plane(np.array([[tag.longitude, tag.latitude]]))[0] / scale
        x, y, half = x + tag.right, y - tag.down, (TAG_SIZE[0] / 2, TAG_SIZE[1] / 2)
        tags.append((tag.colour, shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])))
    points = [point for line in drawn.lines for point in line.path]
    points += [(place.longitude, place.latitude) for place in drawn.places]
    extent = np.ptp(to_plane(np.array(points).reshape(-1, 2)), axis=0) if points else np.zeros(2)
    return {
        "crossings": len(angles),
        "acute": sum(angle < ACUTE for angle in angles),
        "under a foreign line": sum(
            any(
                colour != hue and place not in joined.get(line, ()) and mark.intersects(way)
                for line, hue, way in lines
            )
            for place, colour, mark in marks
        ),
        "marks": len(marks),
        "half covered": sum(
            any(one.intersection(other).area > one.area / 2 for *_, other in marks[place + 1 :])
            for place, (*_, one) in enumerate(marks)
        ),
        "tags on a foreign line": sum(
            any(colour != hue and tag.intersects(way) for _, hue, way in lines)
            for colour, tag in tags
        ),
        "frame used": round(float((extent / np.diff(drawn.frame.corners, axis=0)[0]).max()), 2),
        "numbered": len({mark.spot for mark in drawn.numbers}),
        "named": named,
    }


def main() -> None:
    """Print a table: the overview, the routes of the region, and each destination alone."""
    dataset = load()
    plate = make_plate(dataset, SHIPPED)
    default = selection.default_selection(dataset)
    chosen = {
        "overview": default,
        "routes": Selection(default.weapon, default.destinations, show="routes"),
    }
    chosen |= {
        code: Selection(destinations=(code,)) for code in selection.destination_codes(dataset)
    }
    for name, one in chosen.items():
        drawn = picture.draw(one, selection.apply(dataset, one), dataset, plate.layouts)
        zoom = zoom_of(drawn.frame.scale * ROOM)
        names = letter(drawn, plate.names)
        named = sum(name.kind == "found" and name.min_zoom <= zoom for name in names)
        said = ", ".join(f"{words} {count}" for words, count in counts(drawn, named).items())
        print(f"{name} ({drawn.frame.code}): {said}")


if __name__ == "__main__":
    main()
