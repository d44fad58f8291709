"""Ready-made questions: each is a selection, and an answer counted from the data."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from armsflow.dataset import knowledge, summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.language import N_, _, _n, _p, enumerated, number
from armsflow.selection.finding import counted_place
from armsflow.selection.selection import (
    UNCLEAR,
    Selection,
    apply,
    default_selection,
    destination_codes,
    weapon_groups,
    year_range,
)
from armsflow.words import (
    incident_words,
    kind_words,
    place_words,
    share_words,
)

TURN = 2014
"""Last year of the first half that "What changed after 2014?" compares."""


@dataclass(frozen=True)
class Question:
    """A question that one press answers.

    Parameters
    ----------
    asked
        The question in English.
    choose
        Returns the selection that shows it.
    answer
        Returns two sentences made from the data.
    """

    asked: str
    choose: Callable[[Dataset], Selection]
    answer: Callable[[Dataset], str]

    @property
    def words(self) -> str:
        """The question."""
        return _(self.asked)


def answer(code: str, dataset: Dataset) -> str:
    """Answer a ready-made question from the data, or say that they have nothing on it."""
    question = QUESTIONS[code]
    if not apply(dataset, question.choose(dataset)).totals.events:
        return _(
            "These sources hold no documented incident on this. That is not to say none passed."
        )
    return question.answer(dataset)


def _missiles(dataset: Dataset) -> Selection:
    outside = destination_codes(dataset, "focus", "onward")
    return Selection(weapon=("manpads",), destinations=outside)


def _where_missiles_went(dataset: Dataset) -> str:
    shown = apply(dataset, _missiles(dataset))
    counts = summary.events_by_destination(shown)
    stores = apply(dataset, Selection(weapon=("manpads",), destinations=(ORIGIN,)))
    stored, found = stores.totals.events, shown.totals
    said = [
        # Translators: {places} is a list of names with numbers: "Mali (4) and Tunisia (8)".
        _n(
            "Outside Libya {count} documented incident with shoulder-fired missiles: {places}.",
            "Outside Libya {count} documented incidents with shoulder-fired missiles: {places}.",
            found.events,
            places=_counted(dataset, counts),
        )
    ]
    if found.others:
        # Translators: they name such missiles too.
        further = _n(
            "{count} general report or running total, not counted, names more.",
            "{count} general reports and running totals, not counted, name more.",
            found.others,
        )
        said.append(further)
    if stored:
        # Translators: them are shoulder-fired missiles.
        held = _n(
            "{count} documented store or find held them inside Libya.",
            "{count} documented stores and finds held them inside Libya.",
            stored,
        )
        said.append(held)
    return " ".join(said)


def _sinai(dataset: Dataset) -> Selection:
    return replace(default_selection(dataset), destinations=("sinai",))


def _what_reached_sinai(dataset: Dataset) -> str:
    shown = apply(dataset, _sinai(dataset))
    first, last = summary.years(shown) or year_range(dataset)
    found = shown.totals
    if first == last:
        incidents = _n(
            "{count} documented incident in {year}",
            "{count} documented incidents in {year}",
            found.events,
            year=str(first),
        )
    else:
        incidents = _n(
            "{count} documented incident from {first} to {last}",
            "{count} documented incidents from {first} to {last}",
            found.events,
            first=str(first),
            last=str(last),
        )
    said = _with_kinds(incidents, summary.events_by_group(shown), found.events, dataset)
    return _("{sentence}.", sentence=said) + f" {knowledge.link_words(found.strong, found.events)}"


def _with_kinds(incidents: str, groups: pd.Series, events: int, dataset: Dataset) -> str:
    """Add which weapons some incidents held, and in how many their type is not clear.

    Parameters
    ----------
    incidents
        The incidents in words, of which this is said.
    groups
        Incidents by weapon group, the most first.
    events
        How many incidents there are.
    dataset
        Has the words for codes.
    """
    labels = weapon_groups(dataset)
    known = groups.drop(UNCLEAR, errors="ignore")
    named = [
        # Translators: a kind of weapon, and in how many incidents: "small arms (12)".
        _("{weapons} ({count})", weapons=kind_words(labels[code]), count=int(known[code]))
        for code in known.index[:4]
    ]
    if len(named) == 1 == events:
        named = [kind_words(labels[known.index[0]])]
    said, weapons = incidents, enumerated(named)
    # Translators: {incidents} is e.g. "12 documented incidents from 2011 to 2019", {weapons} a list
    # such as "small arms (12) and explosives and mines (3)".
    if named and events > 1:
        said = _("{incidents}, most often with {weapons}", incidents=said, weapons=weapons)
    elif named:
        said = _("{incidents}, with {weapons}", incidents=said, weapons=weapons)
    if len(known) > 1 < events:
        # Translators: {finding} is the whole sentence up to here, also in the next ones.
        said = _("{finding}; one incident may hold several kinds", finding=said)
    unclear = int(groups.get(UNCLEAR, 0))
    if not unclear:
        return said
    if events == 1:
        if named:
            return _("{finding}; the type of some weapons is not clear", finding=said)
        return _("{finding}; the type of the weapons is not clear", finding=said)
    if named:
        return _n(
            "{finding}; in {count} of them the type of some weapons is not clear",
            "{finding}; in {count} of them the type of some weapons is not clear",
            unclear,
            finding=said,
        )
    return _n(
        "{finding}; in {count} of them the type of the weapons is not clear",
        "{finding}; in {count} of them the type of the weapons is not clear",
        unclear,
        finding=said,
    )


def _later(dataset: Dataset) -> Selection:
    return replace(default_selection(dataset), years=(TURN + 1, year_range(dataset)[1]))


def _what_changed(dataset: Dataset) -> str:
    default = default_selection(dataset)
    before = apply(dataset, replace(default, years=(year_range(dataset)[0], TURN)))
    after = apply(dataset, _later(dataset))
    none = _p("of incidents", "none")
    events = after.totals.events
    # Translators: {before} is e.g. "54 documented incidents, most for Tunisia (19) and Egypt (14)",
    # {after} the same without the noun: "20, most for Tunisia (9) and Mali (6)", or "none".
    halves = _(
        "To {year}: {before}; after {year}: {after}.",
        year=str(TURN),
        before=_most(incident_words(before.totals.events), before),
        after=_most(number(events) if events else none, after),
    )
    return f"{halves} {_never_after(dataset, before, after)}"


def _most(incidents: str, shown: Dataset) -> str:
    counts = summary.events_by_destination(shown)
    if not len(counts):
        return incidents
    places = _counted(shown, counts.head(2))
    # Translators: {incidents} is "54 documented incidents", or only "20"; {places} is a list of
    # names with numbers: "Tunisia (9) and Mali (6)".
    if len(counts) > 2:
        return _("{incidents}, most for {places}", incidents=incidents, places=places)
    return _("{incidents}, for {places}", incidents=incidents, places=places)


def _never_after(dataset: Dataset, before: Dataset, after: Dataset) -> str:
    names = dataset.destinations["label"]
    gone = sorted(
        set(summary.events_by_destination(before).index)
        - set(summary.events_by_destination(after).index)
    )
    if not gone:
        return _("Every destination of the first years still appears in the later ones.")
    # Translators: {places} is one name, or names joined with "or": "Mali or Egypt".
    return _(
        "No documented incident of the later years concerns {places}: a gap of these sources "
        "first.",
        places=enumerated([place_words(str(names[code])) for code in gone], "or"),
    )


def _best(dataset: Dataset) -> str:
    shown = apply(dataset, default_selection(dataset))
    counts = summary.events_by_destination(shown)
    firm = summary.count_by(shown, "destination")["strong"].reindex(counts.index)
    names = dataset.destinations["label"].map(place_words)
    most = counts.index[0]
    share = share_words(int(counts[most]), shown.totals.events, "documented incident")
    if shown.totals.events == 1:
        share = _("the only documented incident")
    # Translators: which destination is best documented; {share} is e.g. "19 of 54 documented
    # incidents".
    by_number = _("By number {place}, with {share}.", place=names[most], share=share)
    if not firm.any():
        none = _("None is traced, marked or officially stated as coming from Libya.")
        return f"{by_number} {none}"
    firmest = str(firm.idxmax())
    return f"{by_number} {_firmest(names[firmest], int(firm[firmest]), int(counts[firmest]))}"


def _firmest(place: str, strong: int, events: int) -> str:
    """Name the destination with the most firmly known incidents, and how many of its own these are.

    Parameters
    ----------
    place
        The destination, as in a sentence.
    strong, events
        Its incidents whose link to Libya is known firmly, and all of its incidents.
    """
    # Translators: which destination is best documented by how firmly it is known where the arms of
    # its incidents came from.
    if events == 1:
        return _(
            "By firmness {place}: its one incident is traced, marked or officially stated as "
            "coming from Libya.",
            place=place,
        )
    if strong == events == 2:
        return _(
            "By firmness {place}: both of its incidents are traced, marked or officially stated as "
            "coming from Libya.",
            place=place,
        )
    if strong == events:
        return _n(
            "By firmness {place}: all of its {count} is traced, marked or officially stated as "
            "coming from Libya.",
            "By firmness {place}: all of its {count} are traced, marked or officially stated as "
            "coming from Libya.",
            events,
            place=place,
        )
    # Translators: {count} of its {all} incidents; the form is that for {count}.
    return _n(
        "By firmness {place}: {count} of its {all} is traced, marked or officially stated as "
        "coming from Libya.",
        "By firmness {place}: {count} of its {all} are traced, marked or officially stated as "
        "coming from Libya.",
        strong,
        place=place,
        all=events,
    )


def _unknown(dataset: Dataset) -> str:
    shown = apply(dataset, default_selection(dataset))
    count = shown.totals.events
    known, items = summary.items_with_quantity(shown)
    route = count - summary.events_on_corridors(shown)
    place = count - int(summary.events_by(shown, "precision").get("place", 0))
    press = int(summary.events_by(shown, "link_basis").get("media_report", 0))
    # Translators: these clauses are a list in "Of 54 documented incidents, {gaps}.".
    missing = []
    if route:
        missing.append(
            _("no route is stated for all")
            if route == count > 1
            else _n("no route is stated for {count}", "no route is stated for {count}", route)
        )
    if place:
        missing.append(
            _("no exact place for all")
            if place == count > 1
            else _n("no exact place for {count}", "no exact place for {count}", place)
        )
    if press:
        missing.append(
            _n(
                "only the press ties {count} to Libya",
                "only the press ties {count} to Libya",
                press,
            )
        )
    gaps = enumerated(missing) or _("none lacks a route or a place, or rests on the press alone")
    lacking = _n(
        "Of {count} documented incident, {gaps}.",
        "Of {count} documented incidents, {gaps}.",
        count,
        gaps=gaps,
    )
    if items == known:
        return lacking + " " + _("Nothing here says how much was never found.")
    nothing = _n(
        "No number is stated for {part} of {count} weapon item, and nothing here says how much "
        "was never found.",
        "No number is stated for {part} of {count} weapon items, and nothing here says how much "
        "was never found.",
        items,
        part=items - known,
    )
    return f"{lacking} {nothing}"


def _counted(dataset: Dataset, counts: pd.Series) -> str:
    names = dataset.destinations["label"]
    return enumerated(
        [counted_place(place_words(str(names[code])), int(counts[code])) for code in counts.index]
    )


QUESTIONS: dict[str, Question] = {
    "missiles": Question(N_("Where did the missiles go?"), _missiles, _where_missiles_went),
    "sinai": Question(N_("What reached Sinai?"), _sinai, _what_reached_sinai),
    "after-2014": Question(N_("What changed after 2014?"), _later, _what_changed),
    "best": Question(N_("Which destination is best documented?"), default_selection, _best),
    "unknown": Question(N_("What is not known?"), default_selection, _unknown),
}
"""By URL code, in the order in which they are offered."""
