"""Counts, shares and lists of words, as every sentence of the product needs them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from armsflow.language import ENGLISH, N_, _, _n, _p, comma, number, spoken

_NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip

OTHER: Final = N_("Other ({places})")
"""How destinations that are not named are labelled."""
INSIDE: Final = N_("Inside Libya")
"""How what was found inside Libya is labelled."""


def number_words(count: int) -> str:
    """Write a number up to twelve as a word, where the language does that in such a sentence."""
    return _NUMBERS[count] if count < len(_NUMBERS) and spoken() == ENGLISH else number(count)


class Share(NamedTuple):
    """How one says that some of all are meant, for one kind of thing."""

    one: str
    neither: str
    both: str
    one_of_two: str
    none: tuple[str, str]
    every: tuple[str, str]
    some: tuple[str, str]


SHARES: Final = {
    "incident": Share(
        one=N_("the incident"),
        neither=N_("neither incident"),
        both=N_("both incidents"),
        one_of_two=N_("one of the two incidents"),
        none=N_("none of the {count} incident", "none of the {count} incidents"),
        every=N_("all {count} incident", "all {count} incidents"),
        some=N_("{part} of {count} incident", "{part} of {count} incidents"),
    ),
    "documented incident": Share(
        one=N_("the documented incident"),
        neither=N_("neither documented incident"),
        both=N_("both documented incidents"),
        one_of_two=N_("one of the two documented incidents"),
        none=N_(
            "none of the {count} documented incident", "none of the {count} documented incidents"
        ),
        every=N_("all {count} documented incident", "all {count} documented incidents"),
        some=N_("{part} of {count} documented incident", "{part} of {count} documented incidents"),
    ),
    "weapon item": Share(
        one=N_("the weapon item"),
        neither=N_("neither weapon item"),
        both=N_("both weapon items"),
        one_of_two=N_("one of the two weapon items"),
        none=N_("none of the {count} weapon item", "none of the {count} weapon items"),
        every=N_("all {count} weapon item", "all {count} weapon items"),
        some=N_("{part} of {count} weapon item", "{part} of {count} weapon items"),
    ),
}
"""How shares are said of everything that sentences say them of."""


def share_words(count: int, total: int, noun: str) -> str:
    """Say how many of some, e.g. "none of the 5 incidents", "both incidents", "3 of 5 incidents".

    Of a single one it says "the incident", so a sentence about it must deny in its own words.

    Raises
    ------
    KeyError
        If the noun is none of :data:`SHARES`.
    """
    said = SHARES[noun]
    if total == 1:
        return _(said.one)
    if not count:
        return _(said.neither) if total == 2 else _n(*said.none, total)
    if count == total:
        return _(said.both) if total == 2 else _n(*said.every, total)
    return _(said.one_of_two) if total == 2 else _n(*said.some, total, part=count)


def store_words(count: int) -> str:
    """Count stores and finds, e.g. "1 documented store or find"."""
    return _n("{count} documented store or find", "{count} documented stores and finds", count)


def incident_words(count: int) -> str:
    """Count incidents, e.g. "no documented incident", "1 documented incident"."""
    if not count:
        return _("no documented incident")
    return _n("{count} documented incident", "{count} documented incidents", count)


def aside_words(count: int, unpublished: int = 0) -> str:
    """Say how much is listed without being counted; empty if nothing is."""
    if not count:
        return ""
    return _n(
        "{count} general report or running total{among} listed, not counted",
        "{count} general reports and running totals{among} listed, not counted",
        count,
        among=unpublished_words(unpublished, count),
    )


def unpublished_words(unpublished: int, count: int) -> str:
    """Say in brackets how many of some a reader added; empty if none."""
    if not unpublished:
        return ""
    if unpublished == count:
        return _(" (unpublished)") if count == 1 else _(" (all unpublished)")
    return _n(
        " ({count} of the {all} unpublished)",
        " ({count} of the {all} unpublished)",
        unpublished,
        all=count,
    )


def place_words(label: str) -> str:
    """Write the label of a destination as it stands in a sentence.

    In English "Other (Central African Republic)" is "the Central African Republic" there, "Inside
    Libya" is "inside Libya".
    """
    before, after = _(OTHER).split("{places}")
    is_other = label.startswith(before) and label.endswith(after)
    named = label.removeprefix(before).removesuffix(after) if is_other else label
    if named == _(INSIDE):
        return _("inside Libya")
    if not is_other:
        return label
    if _holds_joint(named):
        return _("other destinations ({places})", places=named)
    has_article = named.endswith(("Republic", "Emirates", "Islands"))
    return f"the {named}" if has_article and spoken() == ENGLISH else named


def kind_words(label: str) -> str:
    """Write the label of a group of weapons inside a sentence: MANPADS keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def started(words: str) -> str:
    """Begin a sentence: the first letter as a capital."""
    return words[:1].upper() + words[1:]


def _holds_joint(name: str) -> bool:
    """Tell whether a name holds what stands between the names of a list."""
    return any(joint in name for joint in (",", "،", _(" and ")))


def list_names(names: Sequence[str]) -> str:
    """Join names with commas; with semicolons if one of them holds a comma or an "and"."""
    if any(map(_holds_joint, names)):
        return _p("between names that hold commas", "; ").join(names)
    return comma().join(names)
