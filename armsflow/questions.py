"""Ready-made questions: each is a selection, and an answer counted from the data."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from armsflow import summary
from armsflow.dataset import Dataset
from armsflow.selection import (
    ORIGIN,
    Selection,
    apply,
    default_selection,
    destination_codes,
    enumerate_words,
    plural,
    store_words,
    weapon_groups,
    year_range,
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
    """Answer a ready-made question from the data, or say that they hold nothing on it."""
    question = QUESTIONS[code]
    if apply(dataset, question.choose(dataset)).events.empty:
        return "These sources hold no documented incident on this. That is not to say none passed."
    return question.answer(dataset)


def _missiles(dataset: Dataset) -> Selection:
    outside = destination_codes(dataset, "focus", "onward")
    return Selection(weapon=("manpads",), destinations=outside)


def _where_missiles_went(dataset: Dataset) -> str:
    shown = apply(dataset, _missiles(dataset))
    counts = summary.events_by_destination(shown)
    named = _counted(dataset, counts)
    stored = len(apply(dataset, Selection(weapon=("manpads",), destinations=(ORIGIN,))).events)
    listed = len(shown.incidents) - len(shown.events)
    return (
        f"Outside Libya {plural(len(shown.events), 'documented incident')} with shoulder-fired "
        f"missiles: {named}. {plural(listed, 'general report')} name more without a single event, "
        f"and {store_words(stored)} held them inside Libya."
    )


def _sinai(dataset: Dataset) -> Selection:
    return replace(default_selection(dataset), destinations=("sinai",))


def _what_reached_sinai(dataset: Dataset) -> str:
    shown = apply(dataset, _sinai(dataset))
    groups = summary.events_by_group(shown)
    words = weapon_groups(dataset)
    named = enumerate_words([f"{words[code]} ({groups[code]})" for code in groups.index[:4]])
    first, last = _years(shown)
    strong = int(shown.events["link_basis"].isin(summary.STRONG_BASES).sum())
    return (
        f"{plural(len(shown.events), 'documented incident')} from {first} to {last}, most often "
        f"with {named}; one incident may hold several kinds. The link to Libya is traced, marked "
        f"or officially stated in {strong}, and only reported in {len(shown.events) - strong}."
    )


def _later(dataset: Dataset) -> Selection:
    return replace(default_selection(dataset), years=(TURN + 1, year_range(dataset)[1]))


def _what_changed(dataset: Dataset) -> str:
    default = default_selection(dataset)
    before = apply(dataset, replace(default, years=(year_range(dataset)[0], TURN)))
    after = apply(dataset, _later(dataset))
    return (
        f"To {TURN}: {plural(len(before.events), 'documented incident')}{_most(before)}; after "
        f"{TURN}: {len(after.events)}{_most(after)}. {_never_after(dataset, before, after)}"
    )


def _most(shown: Dataset) -> str:
    counts = summary.events_by_destination(shown).head(2)
    return f", most in {_counted(shown, counts)}" if len(counts) else ""


def _never_after(dataset: Dataset, before: Dataset, after: Dataset) -> str:
    names = dataset.destinations["label"]
    gone = sorted(set(before.events["destination"]) - set(after.events["destination"]))
    if not gone:
        return "Every destination of the first years still appears in the later ones."
    words = enumerate_words([str(names[code]) for code in gone])
    return (
        f"No documented incident of the later years concerns {words}: a gap of these sources first."
    )


def _best(dataset: Dataset) -> str:
    shown = apply(dataset, default_selection(dataset))
    counts = summary.events_by_destination(shown)
    strong = shown.events[shown.events["link_basis"].isin(summary.STRONG_BASES)]
    firm = strong["destination"].value_counts()
    names = dataset.destinations["label"]
    most = counts.index[0]
    by_number = (
        f"By number {names[most]}, with {counts[most]} of {len(shown.events)} documented incidents."
    )
    if firm.empty:
        return f"{by_number} None is traced, marked or officially stated as coming from Libya."
    firmest = firm.index[0]
    return (
        f"{by_number} By firmness {names[firmest]}: {firm[firmest]} of its {counts[firmest]} are "
        "traced, marked or officially stated as coming from Libya."
    )


def _unknown(dataset: Dataset) -> str:
    shown = apply(dataset, default_selection(dataset))
    events = shown.events
    known, items = summary.items_with_quantity(shown)
    route = int((events["corridor_id"] == "").sum())
    place = int((events["precision"] != "place").sum())
    press = int((events["link_basis"] == "media_report").sum())
    return (
        f"Of {len(events)} documented incidents, no route is stated for {route}, no exact place "
        f"for {place}, and only the press ties {press} to Libya. No number is stated for "
        f"{items - known} of {items} weapon items, and nothing here says how much was never found."
    )


def _counted(dataset: Dataset, counts: pd.Series) -> str:
    names = dataset.destinations["label"]
    return enumerate_words([f"{names[code]} ({counts[code]})" for code in counts.index])


def _years(shown: Dataset) -> tuple[int, int]:
    events = shown.events
    return int(events["first_day"].dt.year.min()), int(events["last_day"].dt.year.max())


QUESTIONS: dict[str, Question] = {
    "missiles": Question("Where did the missiles go?", _missiles, _where_missiles_went),
    "sinai": Question("What reached Sinai?", _sinai, _what_reached_sinai),
    "after-2014": Question("What changed after 2014?", _later, _what_changed),
    "best": Question("Which destination is best documented?", default_selection, _best),
    "unknown": Question("What is not known?", default_selection, _unknown),
}
"""By URL code, in the order in which they are offered."""
