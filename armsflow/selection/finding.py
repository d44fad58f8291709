"""The finding of a selection: where incidents were found, how many, and where none was found."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.language import N_, _, _n, comma, enumerated
from armsflow.selection.selection import Selection, destination_codes
from armsflow.words import (
    incident_words,
    number_words,
    place_words,
    store_words,
)

NAMED: Final = 5
"""Most destinations that are named each with its number."""
MISSING: Final = 4
"""Most destinations without an incident that are named."""


class Where(NamedTuple):
    """How one says where some incidents are: at one place, at several, each with its count."""

    place: str
    places: str
    destinations: str
    counted: tuple[str, str]


# Translators: {incidents} is "12 documented incidents", with "of the chosen kind" where kinds are
# chosen; {place} is the bare name of one destination ("Mali"), {places} a list of names, mostly
# with numbers ("Mali (4) and Tunisia (8)"), so a form such as "{incidents} (destination: {place})"
# serves where names need different prepositions. {destinations} is "all five destinations",
# "seven of the ten destinations chosen"; in French "les cinq destinations", to stand after a
# preposition.
_IN: Final = Where(
    place=N_("{incidents} in {place}"),
    places=N_("{incidents} in {places}"),
    destinations=N_("{incidents} in {destinations}"),
    # Translators: {count} is a number of incidents, one of two in a list: "4 in Mali".
    counted=N_("{count} in {place}", "{count} in {place}"),
)
_TO: Final = Where(
    place=N_("{incidents} on the way to {place}"),
    places=N_("{incidents} on the way to {places}"),
    destinations=N_("{incidents} on the way to {destinations}"),
    counted=N_("{count} on the way to {place}", "{count} on the way to {place}"),
)
_EITHER: Final = Where(
    place=N_("{incidents} in or on the way to {place}"),
    places=N_("{incidents} in or on the way to {places}"),
    destinations=N_("{incidents} in or on the way to {destinations}"),
    counted=N_("{count} in or on the way to {place}", "{count} in or on the way to {place}"),
)


# Translators: {number} is five to twelve, as digits in other languages than English; the phrase
# stands for {destinations}: "12 documented incidents in all five destinations".
_ALL: Final[tuple[str, str]] = N_("all {number} destination", "all {number} destinations")
_ALL_CHOSEN: Final[tuple[str, str]] = N_(
    "all {number} destination chosen", "all {number} destinations chosen"
)
# Translators: e.g. "seven of the ten destinations"; the form is that for {every}.
_SOME: Final[tuple[str, str]] = N_(
    "{some} of the {every} destination", "{some} of the {every} destinations"
)
_SOME_CHOSEN: Final[tuple[str, str]] = N_(
    "{some} of the {every} destination chosen", "{some} of the {every} destinations chosen"
)
# Translators: after "none found" or "no documented incident found".
_ANY: Final[tuple[str, str]] = N_(
    "for any of the {number} destination", "for any of the {number} destinations"
)
_ANY_CHOSEN: Final[tuple[str, str]] = N_(
    "for any of the {number} destination chosen", "for any of the {number} destinations chosen"
)
_OTHERS: Final[tuple[str, str]] = N_("for the other {number}", "for the other {number}")


class Found(NamedTuple):
    """What was found for one destination.

    Parameters
    ----------
    name
        The destination, as in a sentence.
    events, stopped, there
        Documented incidents; those on the way to it; those at it. What is left is not stated.
    """

    name: str
    events: int
    stopped: int
    there: int

    @property
    def where(self) -> Where:
        """Whether all is in the destination, all on the way to it, or neither is known."""
        if self.there == self.events:
            return _IN
        return _TO if self.stopped == self.events else _EITHER

    @property
    def outcomes(self) -> str:
        """What became of them; empty if one word says it of all, or nothing does."""
        if self.where != _EITHER or not self.stopped + self.there:
            return ""
        return outcome_words(self.events, self.stopped, self.there)


def outcome_words(events: int, stopped: int, there: int) -> str:
    """Say what became of some incidents, e.g. "3 there, 8 stopped on the way, 1 unclear"."""
    # Translators: said of incidents; {count} is how many of them. They stand in a list between
    # commas, mostly in brackets: "3 there, 8 stopped on the way, 1 unclear".
    if events == there > 1:
        return _n("all there", "all there", events)
    if events == stopped > 1:
        return _n("all stopped on the way", "all stopped on the way", events)
    said: tuple[tuple[int, tuple[str, str]], ...] = (
        (there, N_("{count} there", "{count} there")),
        (stopped, N_("{count} stopped on the way", "{count} stopped on the way")),
        (events - there - stopped, N_("{count} unclear", "{count} unclear")),
    )
    return comma().join(_n(*words, count) for count, words in said if count)


class Asked(NamedTuple):
    """The destinations that a selection asks for, and what was found for them.

    Parameters
    ----------
    found
        Destinations outside Libya with incidents, in display order.
    missing
        Names of those outside Libya without any.
    stores
        Incidents inside Libya; ``None`` if nobody asks for them.
    every
        Whether all destinations outside Libya are asked for.
    focus
        Whether exactly the focus destinations are asked for.
    kind
        Whether only some kinds of event or of link to Libya are asked for: there may be other
        incidents than those that are found.
    """

    found: tuple[Found, ...]
    missing: tuple[str, ...]
    stores: int | None
    every: bool
    focus: bool
    kind: bool

    @property
    def size(self) -> int:
        """How many destinations outside Libya are asked for."""
        return len(self.found) + len(self.missing)


def finding(selection: Selection, shown: Dataset, whole: Dataset) -> str:
    """Say where incidents were found, in which years, and where none was found.

    Parameters
    ----------
    selection
        What was asked for.
    shown, whole
        The dataset after it and before it.
    """
    asked = _asked(selection, shown, whole)
    period = period_words(selection, shown)
    if not asked.found and not asked.stores:
        nothing = _nothing(asked)
        # Translators: e.g. "no documented incident found for Mali in these sources, 2013".
        return _("{nothing}, {period}", nothing=nothing, period=period) if period else nothing
    said = _found(asked, period)
    missing = _missing(asked)
    if not missing:
        return said
    # Translators: {finding} is all before; {missing} is a whole phrase: "for Egypt and Sinai",
    # "for the other six", "inside Libya", "for Chad, nor inside Libya".
    if not selection.years:
        return _("{finding}; none found {missing}", finding=said, missing=missing)
    first, last = selection.years
    if first == last:
        return _("{finding}; none found {missing} in that year", finding=said, missing=missing)
    return _("{finding}; none found {missing} in these years", finding=said, missing=missing)


def period_words(selection: Selection, shown: Dataset) -> str:
    """Write the years asked for, else those of what is shown; empty if there are none."""
    first, last = selection.years or summary.years(shown) or (0, 0)
    if not last:
        return ""
    if first == last:
        return str(first)
    # Translators: first and last of some years.
    return _("{first}–{last}", first=str(first), last=str(last))


def _asked(selection: Selection, shown: Dataset, whole: Dataset) -> Asked:
    counts = summary.count_by(shown, "destination")
    tally = {
        str(code): (int(events), int(stopped), int(there))
        for code, events, stopped, there in zip(
            counts.index, counts["events"], counts["stopped"], counts["there"], strict=True
        )
        if events
    }
    known = destination_codes(whole)
    wanted = selection.destinations or known
    outside = [code for code in known if code in wanted and code != ORIGIN]
    names = {code: place_words(str(whole.destinations.loc[code, "label"])) for code in outside}
    return Asked(
        found=tuple(Found(names[code], *tally[code]) for code in outside if code in tally),
        missing=tuple(names[code] for code in outside if code not in tally),
        stores=tally.get(ORIGIN, (0, 0, 0))[0] if ORIGIN in wanted else None,
        every=len(outside) == len(set(known) - {ORIGIN}),
        focus=set(outside) == set(destination_codes(whole, "focus")),
        kind=bool(selection.basis or selection.event),
    )


def _found(asked: Asked, period: str) -> str:
    """Say what was found outside Libya and inside, and in which years."""
    if not asked.stores:
        # Translators: {finding} is e.g. "2 documented incidents in Mali", {period} "2011–2013".
        return _("{finding}, {period}", finding=_places(asked), period=period)
    if asked.found:
        return _(
            "{finding}, and {stores} inside Libya, {period}",
            finding=_places(asked),
            stores=store_words(asked.stores),
            period=period,
        )
    # Translators: {stores} is "3 documented stores and finds".
    return _("{stores} inside Libya, {period}", stores=_stores(asked), period=period)


def _stores(asked: Asked) -> str:
    count = asked.stores or 0
    if not asked.kind:
        return store_words(count)
    # Translators: "of the chosen kind": only some kinds of event or of link to Libya are shown.
    return _n(
        "{count} documented store or find of the chosen kind",
        "{count} documented stores and finds of the chosen kind",
        count,
    )


def _incidents(asked: Asked) -> str:
    count = sum(one.events for one in asked.found)
    if not asked.kind:
        return incident_words(count)
    return _n(
        "{count} documented incident of the chosen kind",
        "{count} documented incidents of the chosen kind",
        count,
    )


def _places(asked: Asked) -> str:
    found = asked.found
    incidents = _incidents(asked)
    kinds = {one.where for one in found}
    where = found[0].where if len(kinds) == 1 else _EITHER
    if len(found) == 1:
        [one] = found
        if not one.outcomes:
            return _(where.place, incidents=incidents, place=one.name)
        # Translators: {outcomes} is a list such as "3 there, 8 stopped on the way, 1 unclear".
        return _(
            "{incidents} for {place} ({outcomes})",
            incidents=incidents,
            place=one.name,
            outcomes=one.outcomes,
        )
    if len(found) > NAMED - asked.focus and not asked.missing:
        every = _n(
            *(_ALL if asked.every or asked.focus else _ALL_CHOSEN),
            asked.size,
            number=number_words(asked.size),
        )
        return _(where.destinations, incidents=incidents, destinations=every)
    # Two lists in brackets, or one and a list of what is missing, are too much to take in.
    lists = sum(bool(one.outcomes) for one in found)
    brief = not asked.missing if lists else len(kinds) == 2 or where == _IN
    if len(found) == 2 and lists < 2 and brief:
        counted = enumerated([_counted(one) for one in found])
        # Translators: {places} is e.g. "4 in Mali and 8 on the way to Tunisia".
        return _("{incidents}, {places}", incidents=incidents, places=counted)
    if len(found) <= NAMED:
        named = enumerated([counted_place(one.name, one.events) for one in found])
        return _(where.places, incidents=incidents, places=named)
    if len(asked.missing) <= MISSING:
        some = _n(
            *(_SOME if asked.every else _SOME_CHOSEN),
            asked.size,
            some=number_words(len(found)),
            every=number_words(asked.size),
        )
        return _(where.destinations, incidents=incidents, destinations=some)
    named = enumerated([one.name for one in found])
    return _(where.places, incidents=incidents, places=named)


def counted_place(name: str, count: int) -> str:
    """Write the name of a destination with its number of incidents, e.g. "Mali (4)"."""
    return _("{place} ({count})", place=name, count=count)


def _counted(one: Found) -> str:
    if one.outcomes:
        return _n(
            "{count} for {place} ({outcomes})",
            "{count} for {place} ({outcomes})",
            one.events,
            place=one.name,
            outcomes=one.outcomes,
        )
    return _n(*one.where.counted, one.events, place=one.name)


def _missing(asked: Asked) -> str:
    """Say for what else was asked, e.g. "for Egypt and Sinai"; empty if something was found."""
    inside = _("inside Libya") if asked.stores == 0 else ""
    if not asked.missing:
        return inside
    if len(asked.missing) <= MISSING:
        outside = _for(asked.missing, enumerated(asked.missing))
    elif asked.found:
        count = len(asked.missing)
        outside = _n(*_OTHERS, count, number=number_words(count))
    else:
        outside = _any(asked) or _("outside Libya")
    # Translators: {outside} is e.g. "for Egypt and Sinai", after "none found".
    return _("{outside}, nor inside Libya", outside=outside) if inside else outside


def _for(names: Sequence[str], listed: str) -> str:
    # Translators: the bare name of a destination, or a list of names ("Egypt and Sinai", or "Egypt
    # or Sinai"), after "none found" or "no documented incident found".
    return _("for {place}", place=listed) if len(names) == 1 else _("for {places}", places=listed)


def _nothing(asked: Asked) -> str:
    if not asked.size:
        if asked.kind:
            return _("no documented store or find of the chosen kind inside Libya in these sources")
        return _("no documented store or find inside Libya in these sources")
    places = asked.missing
    if asked.size <= MISSING:
        if asked.stores is None:
            return _nowhere(asked, _for(places, enumerated(places, "or")))
        # Translators: {places} is one name, or names between commas: "for Mali, Chad or inside
        # Libya".
        return _nowhere(asked, _("for {places} or inside Libya", places=comma().join(places)))
    if asked.stores is None or asked.every:
        return _nowhere(asked, _any(asked))
    # Translators: {places} is "for any of the six destinations".
    return _nowhere(asked, _("{places} or inside Libya", places=_any(asked)))


def _nowhere(asked: Asked, places: str) -> str:
    # Translators: {places} is a whole phrase: "for Mali or Chad", "for any of the six
    # destinations".
    if places:
        if asked.kind:
            return _(
                "no documented incident of the chosen kind found {places} in these sources",
                places=places,
            )
        return _("no documented incident found {places} in these sources", places=places)
    if asked.kind:
        return _("no documented incident of the chosen kind found in these sources")
    return _("no documented incident found in these sources")


def _any(asked: Asked) -> str:
    """Say for any of many destinations; empty if these are all that there are."""
    if asked.every:
        return ""
    count, said = asked.size, _ANY if asked.focus else _ANY_CHOSEN
    return _n(*said, count, number=number_words(count))
