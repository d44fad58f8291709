"""The finding of a selection: where incidents were found, how many, and where none was found."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.selection.selection import Selection, destination_codes
from armsflow.words import enumerate_words, incident_words, number_words, place_words, store_words

NAMED: Final = 5
"""Most destinations that are named each with its number."""
MISSING: Final = 4
"""Most destinations without an incident that are named."""

_IN, _TO, _EITHER = "in", "on the way to", "in or on the way to"


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
    def where(self) -> str:
        """Whether all is in the destination, all on the way to it, or neither is known."""
        if self.there == self.events:
            return _IN
        return _TO if self.stopped == self.events else _EITHER

    @property
    def outcomes(self) -> str:
        """What became of them, in brackets; empty if one word says it of all, or nothing does."""
        if self.where != _EITHER or not self.stopped + self.there:
            return ""
        return f"({outcome_words(self.events, self.stopped, self.there)})"


def outcome_words(events: int, stopped: int, there: int) -> str:
    """Say what became of some incidents, e.g. "3 there, 8 stopped on the way, 1 unclear"."""
    parts = (
        (there, "there"),
        (stopped, "stopped on the way"),
        (events - there - stopped, "unclear"),
    )
    if events > 1 and events in (there, stopped):
        return f"all {next(words for count, words in parts if count)}"
    return ", ".join(f"{count:,} {words}" for count, words in parts if count)


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
        " of the chosen kind" if only some kinds of event or of link to Libya are asked for: there
        may be other incidents than those that are found. Else empty.
    """

    found: tuple[Found, ...]
    missing: tuple[str, ...]
    stores: int | None
    every: bool
    focus: bool
    kind: str

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
    if not asked.found and not asked.stores:
        period = period_words(selection, shown)
        return f"{_nothing(asked)}, {period}" if period else _nothing(asked)
    parts = [_places(asked)] if asked.found else []
    if asked.stores:
        kind = "" if parts else asked.kind
        parts.append(f"{store_words(asked.stores)}{kind} inside Libya")
    said = f"{', and '.join(parts)}, {period_words(selection, shown)}"
    if missing := _missing(asked):
        said += f"; none found {missing}"
        if selection.years:
            first, last = selection.years
            said += " in that year" if first == last else " in these years"
    return said


def period_words(selection: Selection, shown: Dataset) -> str:
    """Write the years asked for, else those of what is shown; empty if there are none."""
    first, last = selection.years or summary.years(shown) or (0, 0)
    if not last:
        return ""
    return str(first) if first == last else f"{first}–{last}"


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
        kind=" of the chosen kind" if selection.basis or selection.event else "",
    )


def _places(asked: Asked) -> str:
    found = asked.found
    total = f"{incident_words(sum(one.events for one in found))}{asked.kind}"
    kinds = {one.where for one in found}
    where = found[0].where if len(kinds) == 1 else _EITHER
    if len(found) == 1:
        [one] = found
        place = f"for {one.name} {one.outcomes}" if one.outcomes else f"{where} {one.name}"
        return f"{total} {place}"
    if len(found) > NAMED - asked.focus and not asked.missing:
        chosen = "" if asked.every or asked.focus else " chosen"
        return f"{total} {where} all {number_words(len(found))} destinations{chosen}"
    # Two lists in brackets, or one and a list of what is missing, are too much to take in.
    lists = sum(bool(one.outcomes) for one in found)
    brief = not asked.missing if lists else len(kinds) == 2 or where == _IN
    if len(found) == 2 and lists < 2 and brief:
        return f"{total}, {enumerate_words([_counted(one) for one in found])}"
    if len(found) <= NAMED:
        named = enumerate_words([f"{one.name} ({one.events:,})" for one in found])
        return f"{total} {where} {named}"
    if len(asked.missing) <= MISSING:
        chosen = "" if asked.every else " chosen"
        some, every = number_words(len(found)), number_words(asked.size)
        return f"{total} {where} {some} of the {every} destinations{chosen}"
    return f"{total} {where} {enumerate_words([one.name for one in found])}"


def _counted(one: Found) -> str:
    if one.outcomes:
        return f"{one.events:,} for {one.name} {one.outcomes}"
    return f"{one.events:,} {one.where} {one.name}"


def _missing(asked: Asked) -> str:
    """Say for what else was asked, e.g. "for Egypt and Sinai"; empty if something was found."""
    inside = "inside Libya" if asked.stores == 0 else ""
    if not asked.missing:
        return inside
    if len(asked.missing) <= MISSING:
        outside = f"for {enumerate_words(asked.missing)}"
    elif asked.found:
        outside = f"for the other {number_words(len(asked.missing))}"
    else:
        outside = _any(asked) or "outside Libya"
    return f"{outside}, nor {inside}" if inside else outside


def _nothing(asked: Asked) -> str:
    if not asked.size:
        return f"no documented store or find{asked.kind} inside Libya in these sources"
    places: Sequence[str] = asked.missing
    if asked.size <= MISSING:
        if asked.stores is not None:
            return _nowhere(asked, f"for {', '.join(places)} or inside Libya")
        return _nowhere(asked, f"for {enumerate_words(places, 'or')}")
    inside = " or inside Libya" if asked.stores is not None and not asked.every else ""
    return _nowhere(asked, f"{_any(asked)}{inside}")


def _nowhere(asked: Asked, places: str) -> str:
    found = f"no documented incident{asked.kind} found"
    return " ".join(filter(None, [found, places, "in these sources"]))


def _any(asked: Asked) -> str:
    """Say for any of many destinations; empty if these are all that there are."""
    if asked.every:
        return ""
    chosen = "" if asked.focus else " chosen"
    return f"for any of the {number_words(asked.size)} destinations{chosen}"
