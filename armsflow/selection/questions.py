"""Ready-made questions: each is a selection, and an answer counted from the data."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from armsflow.dataset import knowledge, summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
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
    enumerate_words,
    incident_words,
    kind_words,
    place_words,
    plural,
    report_words,
    share_words,
    store_words,
)

TURN = 2014
"""Last year of the first half that "What changed after 2014?" compares."""


@dataclass(frozen=True)
class Question:
    """A question that one press answers.

    Parameters
    ----------
    words
        The question.
    choose
        Returns the selection that shows it.
    answer
        Returns two sentences made from the data.
    """

    words: str
    choose: Callable[[Dataset], Selection]
    answer: Callable[[Dataset], str]


def answer(code: str, dataset: Dataset) -> str:
    """Answer a ready-made question from the data, or say that they have nothing on it."""
    question = QUESTIONS[code]
    if not apply(dataset, question.choose(dataset)).totals.events:
        return "These sources hold no documented incident on this. That is not to say none passed."
    return question.answer(dataset)


def _missiles(dataset: Dataset) -> Selection:
    outside = destination_codes(dataset, "focus", "onward")
    return Selection(weapon=("manpads",), destinations=outside)


def _where_missiles_went(dataset: Dataset) -> str:
    shown = apply(dataset, _missiles(dataset))
    counts = summary.events_by_destination(shown)
    named = _counted(dataset, counts)
    stores = apply(dataset, Selection(weapon=("manpads",), destinations=(ORIGIN,)))
    stored, found = stores.totals.events, shown.totals
    more = "name" if found.others > 1 else "names"
    further = f" {report_words(found.others)}, not counted, {more} more." if found.others else ""
    held = f" {store_words(stored)} held them inside Libya." if stored else ""
    return (
        f"Outside Libya {incident_words(found.events)} with shoulder-fired missiles: {named}."
        f"{further}{held}"
    )


def _sinai(dataset: Dataset) -> Selection:
    return replace(default_selection(dataset), destinations=("sinai",))


def _what_reached_sinai(dataset: Dataset) -> str:
    shown = apply(dataset, _sinai(dataset))
    first, last = summary.years(shown) or year_range(dataset)
    found = shown.totals
    period = f"in {first}" if first == last else f"from {first} to {last}"
    kinds = _kinds(summary.events_by_group(shown), found.events, dataset)
    return (
        f"{incident_words(found.events)} {period}{kinds}. "
        f"{knowledge.link_words(found.strong, found.events)}"
    )


def _kinds(groups: pd.Series, events: int, dataset: Dataset) -> str:
    """Say which weapons some incidents held, and in how many their type is not clear."""
    labels = weapon_groups(dataset)
    known = groups.drop(UNCLEAR, errors="ignore")
    named = [f"{kind_words(labels[code])} ({known[code]:,})" for code in known.index[:4]]
    if len(named) == 1 == events:
        named = [kind_words(labels[known.index[0]])]
    often = "most often with" if events > 1 else "with"
    said = f", {often} {enumerate_words(named)}" if named else ""
    said += "; one incident may hold several kinds" if len(known) > 1 < events else ""
    if unclear := int(groups.get(UNCLEAR, 0)):
        some = "some weapons" if named else "the weapons"
        where = "" if events == 1 else f"in {unclear:,} of them "
        said += f"; {where}the type of {some} is not clear"
    return said


def _later(dataset: Dataset) -> Selection:
    return replace(default_selection(dataset), years=(TURN + 1, year_range(dataset)[1]))


def _what_changed(dataset: Dataset) -> str:
    default = default_selection(dataset)
    before = apply(dataset, replace(default, years=(year_range(dataset)[0], TURN)))
    after = apply(dataset, _later(dataset))
    return (
        f"To {TURN}: {incident_words(before.totals.events)}{_most(before)}; after {TURN}: "
        f"{f'{events:,}' if (events := after.totals.events) else 'none'}{_most(after)}. "
        f"{_never_after(dataset, before, after)}"
    )


def _most(shown: Dataset) -> str:
    counts = summary.events_by_destination(shown)
    most = ", most for" if len(counts) > 2 else ", for"
    return f"{most} {_counted(shown, counts.head(2))}" if len(counts) else ""


def _never_after(dataset: Dataset, before: Dataset, after: Dataset) -> str:
    names = dataset.destinations["label"]
    gone = sorted(
        set(summary.events_by_destination(before).index)
        - set(summary.events_by_destination(after).index)
    )
    if not gone:
        return "Every destination of the first years still appears in the later ones."
    words = enumerate_words([place_words(str(names[code])) for code in gone], "or")
    return (
        f"No documented incident of the later years concerns {words}: a gap of these sources first."
    )


def _best(dataset: Dataset) -> str:
    shown = apply(dataset, default_selection(dataset))
    counts = summary.events_by_destination(shown)
    firm = summary.count_by(shown, "destination")["strong"].reindex(counts.index)
    names = dataset.destinations["label"].map(place_words)
    most = counts.index[0]
    share = share_words(int(counts[most]), shown.totals.events, "documented incident")
    if shown.totals.events == 1:
        share = "the only documented incident"
    by_number = f"By number {names[most]}, with {share}."
    if not firm.any():
        return f"{by_number} None is traced, marked or officially stated as coming from Libya."
    firmest = str(firm.idxmax())
    strong, events = int(firm[firmest]), int(counts[firmest])
    its = "its one incident" if events == 1 else f"{strong:,} of its {events:,}"
    if strong == events > 1:
        its = f"all of its {events:,}" if events > 2 else "both of its incidents"
    return (
        f"{by_number} By firmness {names[firmest]}: {its} {'is' if strong == 1 else 'are'} "
        "traced, marked or officially stated as coming from Libya."
    )


def _unknown(dataset: Dataset) -> str:
    shown = apply(dataset, default_selection(dataset))
    count = shown.totals.events
    known, items = summary.items_with_quantity(shown)
    route = count - summary.events_on_corridors(shown)
    place = count - summary.events_by(shown, "precision").get("place", 0)
    press = summary.events_by(shown, "link_basis").get("media_report", 0)
    missing = [
        f"{words} {'all' if number == count > 1 else f'{number:,}'}"
        for words, number in (
            ("no route is stated for", route),
            ("no exact place for", place),
        )
        if number
    ]
    if press:
        missing.append(f"only the press ties {press:,} to Libya")
    gaps = enumerate_words(missing) or "none lacks a route or a place, or rests on the press alone"
    nothing = "Nothing here says how much was never found."
    if items > known:
        share = f"{items - known:,} of {plural(items, 'weapon item')}"
        nothing = (
            f"No number is stated for {share}, and nothing here says how much was never found."
        )
    return f"Of {plural(count, 'documented incident')}, {gaps}. {nothing}"


def _counted(dataset: Dataset, counts: pd.Series) -> str:
    names = dataset.destinations["label"]
    return enumerate_words(
        [f"{place_words(str(names[code]))} ({counts[code]:,})" for code in counts.index]
    )


QUESTIONS: dict[str, Question] = {
    "missiles": Question("Where did the missiles go?", _missiles, _where_missiles_went),
    "sinai": Question("What reached Sinai?", _sinai, _what_reached_sinai),
    "after-2014": Question("What changed after 2014?", _later, _what_changed),
    "best": Question("Which destination is best documented?", default_selection, _best),
    "unknown": Question("What is not known?", default_selection, _unknown),
}
"""By URL code, in the order in which they are offered."""
