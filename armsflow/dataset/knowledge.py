"""How much is known of what is shown, in sentences; page and files take their words from here.

Every number is counted from the dataset. Each sentence is written for none, one, two, all and some.
"""

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.language import _, _n
from armsflow.words import (
    enumerate_words,
    place_words,
    share_words,
    started,
)

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
"""What is printed under every picture; :data:`UNPUBLISHED_NOTE` before it where rows need it."""


def notes(shown: Dataset) -> tuple[str, ...]:
    """Return what must be printed under every picture of what is shown."""
    return NOTES if summary.unpublished(shown).empty else (UNPUBLISHED_NOTE, *NOTES)


def facts(shown: Dataset) -> list[str]:
    """Say in up to five sentences how much is known of what is shown."""
    found = shown.totals
    if not found.events:
        return ["That none was found does not mean that nothing passed."]
    said = [
        most_words(shown),
        route_words(shown),
        link_words(found.strong, found.events),
        origin_words(found.single, found.events),
        quantity_words(*summary.items_with_quantity(shown)),
    ]
    return [sentence for sentence in said if sentence]


def most_words(shown: Dataset) -> str:
    """Name the destination with the most incidents; empty where that tells nothing."""
    counts = summary.events_by_destination(shown)
    most = [code for code in counts.index if counts[code] == counts.iloc[0]]
    if len(most) == len(counts) or len(most) > 2:
        return ""
    names = [place_words(str(shown.destinations.loc[code, "label"])) for code in most]
    named = enumerate_words(names)
    each = " each" if len(most) > 1 else ""
    return f"Most incidents: {named}, {counts.iloc[0]:,}{each} of {shown.totals.events:,}."


def routes(shown: Dataset) -> tuple[int, int]:
    """Count the incidents that left Libya and have a stated route, and all that left Libya."""
    inside = int(summary.events_by(shown, "destination").get(ORIGIN, 0))
    return summary.events_on_corridors(shown, outside=True), shown.totals.events - inside


def route_words(shown: Dataset) -> str:
    """Say for how many incidents that left Libya a route is stated; empty if none left it."""
    stated, outside = routes(shown)
    if not outside:
        return ""
    tail = "" if outside == shown.totals.events else " with a destination outside Libya"
    if outside == 1 and not stated:
        return f"No route is stated for the incident{tail}."
    return f"A route is stated for {share_words(stated, outside, 'incident')}{tail}."


def link_words(strong: int, events: int) -> str:
    """Say how the link to Libya of some incidents is known."""
    firm = "traced, marked or officially stated"
    if not strong:
        return f"The link to Libya is only reported, not {firm}."
    if strong == events == 1:
        return f"The link to Libya is {firm}."
    rest = events - strong
    others = "" if not rest else "; in the other it is only reported"
    if rest > 1:
        others = f"; in the other {rest:,} it is only reported"
    return f"The link to Libya is {firm} in {share_words(strong, events, 'incident')}{others}."


def origin_words(single: int, events: int) -> str:
    """Say how many of some incidents rest on one origin."""
    if not events:
        return ""
    if events == 1:
        return f"The incident rests on {'one origin' if single else 'more than one origin'}."
    share = started(share_words(single, events, "incident"))
    if not single:
        return f"{share} rests on one origin alone."
    return f"{share} {'rests on one origin' if single == 1 else 'rest on one origin each'}."


def press_words(press: int, events: int) -> str:
    """Say how many of some incidents only the press ties to Libya."""
    if not press:
        return "No incident rests on press reports alone for its tie to Libya."
    rest, their = ("rests", "its") if press == 1 else ("rest", "their")
    share = share_words(press, events, "incident")
    return f"{started(share)} {rest} on press reports alone for {their} tie to Libya."


def dated_words(dated: int, events: int) -> str:
    """Say how many of some incidents have a date that a source gives for the event."""
    if not dated:
        return "No incident has a date that a source gives for the event."
    has = "has" if dated == 1 else "have"
    share = share_words(dated, events, "incident")
    return f"{started(share)} {has} a date that a source gives for the event."


def quantity_words(stated: int, items: int) -> str:
    """Say for how many weapon items a number is stated; empty if there is no item to count."""
    if not items:
        return ""
    if items == 1:
        return f"{'A' if stated else 'No'} number is stated for the weapon item."
    added = "; the numbers are not added up" if stated > 1 else ""
    return f"A number is stated for {share_words(stated, items, 'weapon item')}{added}."


def sources_heading(sources: int, *, counted: bool) -> str:
    """Head a list of the sources of documented incidents, or of rows that are not counted."""
    of = "" if counted else " of what is listed, not counted"
    return f"Sources{of} ({sources:,})"


def tally_words(events: int, others: int, cited: int) -> str:
    """Count the rows of a line, a place or a source, and the sources that all of them cite."""
    counted = _("No documented incident")
    if events:
        counted = _n("{count} documented incident", "{count} documented incidents", events)
    sources = _n("{count} source", "{count} sources", cited) if cited else ""
    if others:
        aside = _n(
            "{count} general report or running total listed, not counted",
            "{count} general reports and running totals listed, not counted",
            others,
        )
        return _("; ").join(filter(None, [counted, aside, sources]))
    return _(", ").join(filter(None, [counted, sources]))
