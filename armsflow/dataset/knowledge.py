"""How much is known of what is shown, in sentences; page and files take their words from here.

Every number is counted from the dataset. Each sentence is written for none, one, two, all and some.
"""

from typing import Final

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.language import N_, _, _n, enumerated
from armsflow.words import (
    aside_words,
    incident_words,
    place_words,
    share_words,
    started,
)

LINES_NOTE: Final = N_("Lines join documented places; they are not surveyed tracks.")
ABSENCE_NOTE: Final = N_("Absence of a line is not evidence of absence.")
BOUNDARY_NOTE: Final = N_(
    "The boundaries and names shown on this map do not imply the expression of any opinion by "
    "its makers concerning the legal status of any country, territory, city or area or of its "
    "authorities, or concerning the delimitation of its frontiers or boundaries."
)
UNPUBLISHED_NOTE: Final = N_(
    "Rows marked as unpublished were added by a reader and compared with no source; the address "
    "opens them only where they were added."
)
LAND_CREDIT: Final = N_("Land: Natural Earth (public domain).")
NOTES: Final = (LINES_NOTE, ABSENCE_NOTE, BOUNDARY_NOTE, LAND_CREDIT)
"""What is printed under every picture; :data:`UNPUBLISHED_NOTE` before it where rows need it."""


def notes(shown: Dataset) -> tuple[str, ...]:
    """Say what must be printed under every picture of what is shown."""
    own = () if summary.unpublished(shown).empty else (UNPUBLISHED_NOTE,)
    return tuple(_(note) for note in (*own, *NOTES))


def facts(shown: Dataset) -> list[str]:
    """Say in up to five sentences how much is known of what is shown."""
    found = shown.totals
    if not found.events:
        return [_("That none was found does not mean that nothing passed.")]
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
    count, events = int(counts.iloc[0]), shown.totals.events
    if len(most) > 1:
        places = enumerated(names)
        return _(
            "Most incidents: {places}, {count} each of {all}.",
            places=places,
            count=count,
            all=events,
        )
    return _("Most incidents: {place}, {count} of {all}.", place=names[0], count=count, all=events)


def routes(shown: Dataset) -> tuple[int, int]:
    """Count the incidents that left Libya and have a stated route, and all that left Libya."""
    inside = int(summary.events_by(shown, "destination").get(ORIGIN, 0))
    return summary.events_on_corridors(shown, outside=True), shown.totals.events - inside


def route_words(shown: Dataset) -> str:
    """Say for how many incidents that left Libya a route is stated; empty if none left it."""
    stated, outside = routes(shown)
    if not outside:
        return ""
    is_all = outside == shown.totals.events
    if outside == 1 and not stated:
        if is_all:
            return _("No route is stated for the incident.")
        return _("No route is stated for the incident with a destination outside Libya.")
    share = share_words(stated, outside, "incident")
    if is_all:
        return _("A route is stated for {share}.", share=share)
    return _("A route is stated for {share} with a destination outside Libya.", share=share)


def link_words(strong: int, events: int) -> str:
    """Say how the link to Libya of some incidents is known."""
    if not strong:
        return _("The link to Libya is only reported, not traced, marked or officially stated.")
    if strong == events == 1:
        return _("The link to Libya is traced, marked or officially stated.")
    share, rest = share_words(strong, events, "incident"), events - strong
    if not rest:
        return _(
            "The link to Libya is traced, marked or officially stated in {share}.", share=share
        )
    return _n(
        "The link to Libya is traced, marked or officially stated in {share}; in the other it is "
        "only reported.",
        "The link to Libya is traced, marked or officially stated in {share}; in the other "
        "{count} it is only reported.",
        rest,
        share=share,
    )


def origin_words(single: int, events: int) -> str:
    """Say how many of some incidents rest on one origin."""
    if not events:
        return ""
    if events == 1:
        if single:
            return _("The incident rests on one origin.")
        return _("The incident rests on more than one origin.")
    share = started(share_words(single, events, "incident"))
    if not single:
        return _("{share} rests on one origin alone.", share=share)
    return _n(
        "{share} rests on one origin.", "{share} rest on one origin each.", single, share=share
    )


def press_words(press: int, events: int) -> str:
    """Say how many of some incidents only the press ties to Libya."""
    if not press:
        return _("No incident rests on press reports alone for its tie to Libya.")
    return _n(
        "{share} rests on press reports alone for its tie to Libya.",
        "{share} rest on press reports alone for their tie to Libya.",
        press,
        share=started(share_words(press, events, "incident")),
    )


def dated_words(dated: int, events: int) -> str:
    """Say how many of some incidents have a date that a source gives for the event."""
    if not dated:
        return _("No incident has a date that a source gives for the event.")
    return _n(
        "{share} has a date that a source gives for the event.",
        "{share} have a date that a source gives for the event.",
        dated,
        share=started(share_words(dated, events, "incident")),
    )


def quantity_words(stated: int, items: int) -> str:
    """Say for how many weapon items a number is stated; empty if there is no item to count."""
    if not items:
        return ""
    if items == 1:
        if stated:
            return _("A number is stated for the weapon item.")
        return _("No number is stated for the weapon item.")
    share = share_words(stated, items, "weapon item")
    if stated > 1:
        return _("A number is stated for {share}; the numbers are not added up.", share=share)
    return _("A number is stated for {share}.", share=share)


def sources_heading(sources: int, *, counted: bool) -> str:
    """Head a list of the sources of documented incidents, or of rows that are not counted."""
    if counted:
        return _("Sources ({count})", count=sources)
    return _("Sources of what is listed, not counted ({count})", count=sources)


def tally_words(events: int, others: int, cited: int) -> str:
    """Count the rows of a line, a place or a source, and the sources that all of them cite."""
    incidents = started(incident_words(events))
    # Every row cites a source, so there is no row at all without one.
    if not cited:
        return incidents
    sources = _n("{count} source", "{count} sources", cited)
    if not others:
        return _("{incidents}, {sources}", incidents=incidents, sources=sources)
    aside = aside_words(others)
    return _("{incidents}; {aside}; {sources}", incidents=incidents, aside=aside, sources=sources)
