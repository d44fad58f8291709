"""Ready-made questions: each is a selection, and an answer counted from the data."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.selection.selection import (
    Selection,
    apply,
    default_selection,
    destination_codes,
    weapon_groups,
    year_range,
)
from armsflow.words import enumerate_words, plural, store_words

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
    return (
        f"Outside Libya {plural(found.events, 'documented incident')} with shoulder-fired "
        f"missiles: {named}. {plural(found.others, 'general report')} name more without a single "
        f"event, and {store_words(stored)} held them inside Libya."
    )


def _sinai(dataset: Dataset) -> Selection:
    return replace(default_selection(dataset), destinations=("sinai",))


def _what_reached_sinai(dataset: Dataset) -> str:
    shown = apply(dataset, _sinai(dataset))
    groups = summary.events_by_group(shown)
    words = weapon_groups(dataset)
    named = enumerate_words([f"{words[code]} ({groups[code]:,})" for code in groups.index[:4]])
    first, last = summary.years(shown) or year_range(dataset)
    found = shown.totals
    return (
        f"{plural(found.events, 'documented incident')} from {first} to {last}, most often "
        f"with {named}; one incident may hold several kinds. The link to Libya is traced, marked "
        f"or officially stated in {found.strong:,}, and only reported in "
        f"{found.events - found.strong:,}."
    )


def _later(dataset: Dataset) -> Selection:
    return replace(default_selection(dataset), years=(TURN + 1, year_range(dataset)[1]))


def _what_changed(dataset: Dataset) -> str:
    default = default_selection(dataset)
    before = apply(dataset, replace(default, years=(year_range(dataset)[0], TURN)))
    after = apply(dataset, _later(dataset))
    return (
        f"To {TURN}: {plural(before.totals.events, 'documented incident')}{_most(before)}; after "
        f"{TURN}: {after.totals.events:,}{_most(after)}. {_never_after(dataset, before, after)}"
    )


def _most(shown: Dataset) -> str:
    counts = summary.events_by_destination(shown).head(2)
    return f", most in {_counted(shown, counts)}" if len(counts) else ""


def _never_after(dataset: Dataset, before: Dataset, after: Dataset) -> str:
    names = dataset.destinations["label"]
    gone = sorted(
        set(summary.events_by_destination(before).index)
        - set(summary.events_by_destination(after).index)
    )
    if not gone:
        return "Every destination of the first years still appears in the later ones."
    words = enumerate_words([str(names[code]) for code in gone])
    return (
        f"No documented incident of the later years concerns {words}: a gap of these sources first."
    )


def _best(dataset: Dataset) -> str:
    shown = apply(dataset, default_selection(dataset))
    counts = summary.events_by_destination(shown)
    firm = summary.count_by(shown, "destination")["strong"].reindex(counts.index)
    names = dataset.destinations["label"]
    most = counts.index[0]
    by_number = (
        f"By number {names[most]}, with {counts[most]:,} of {shown.totals.events:,} documented "
        "incidents."
    )
    if not firm.any():
        return f"{by_number} None is traced, marked or officially stated as coming from Libya."
    firmest = str(firm.idxmax())
    return (
        f"{by_number} By firmness {names[firmest]}: {firm[firmest]:,} of its {counts[firmest]:,} "
        "are traced, marked or officially stated as coming from Libya."
    )


def _unknown(dataset: Dataset) -> str:
    shown = apply(dataset, default_selection(dataset))
    count = shown.totals.events
    known, items = summary.items_with_quantity(shown)
    route = count - summary.events_on_corridors(shown)
    place = count - summary.events_by(shown, "precision").get("place", 0)
    press = summary.events_by(shown, "link_basis").get("media_report", 0)
    return (
        f"Of {count:,} documented incidents, no route is stated for {route:,}, no exact place "
        f"for {place:,}, and only the press ties {press:,} to Libya. No number is stated for "
        f"{items - known:,} of {items:,} weapon items, and nothing here says how much was never "
        "found."
    )


def _counted(dataset: Dataset, counts: pd.Series) -> str:
    names = dataset.destinations["label"]
    return enumerate_words([f"{names[code]} ({counts[code]:,})" for code in counts.index])


QUESTIONS: dict[str, Question] = {
    "missiles": Question("Where did the missiles go?", _missiles, _where_missiles_went),
    "sinai": Question("What reached Sinai?", _sinai, _what_reached_sinai),
    "after-2014": Question("What changed after 2014?", _later, _what_changed),
    "best": Question("Which destination is best documented?", default_selection, _best),
    "unknown": Question("What is not known?", default_selection, _unknown),
}
"""By URL code, in the order in which they are offered."""
