"""Plurals, shares and lists of words, as every sentence of the product needs them."""

from collections.abc import Sequence
from typing import Final

_NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


def plural(count: int, noun: str) -> str:
    """Write a count with its noun, e.g. "1 incident", "2 incidents"."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def number_words(count: int) -> str:
    """Write a number up to twelve as a word."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def share_words(count: int, total: int, noun: str) -> str:
    """Say how many of some, e.g. "none of the 5 incidents", "both incidents", "3 of 5 incidents".

    Of a single one it says "the incident", so a sentence about it must deny in its own words.
    """
    if total == 1:
        return f"the {noun}"
    if not count:
        return f"neither {noun}" if total == 2 else f"none of the {total:,} {noun}s"
    if count == total:
        return f"both {noun}s" if total == 2 else f"all {total:,} {noun}s"
    return f"one of the two {noun}s" if total == 2 else f"{count:,} of {total:,} {noun}s"


def store_words(count: int) -> str:
    """Count stores and finds, e.g. "1 documented store or find"."""
    return "1 documented store or find" if count == 1 else f"{count:,} documented stores and finds"


def incident_words(count: int) -> str:
    """Count incidents, e.g. "no documented incident", "1 documented incident"."""
    return plural(count, "documented incident") if count else "no documented incident"


def aside_words(count: int, unpublished: int = 0) -> str:
    """Say how much is listed without being counted; empty if nothing is."""
    if not count:
        return ""
    return f"{report_words(count)}{unpublished_words(unpublished, count)} listed, not counted"


def report_words(count: int) -> str:
    """Count what is listed without being counted."""
    if count == 1:
        return "1 general report or running total"
    return f"{count:,} general reports and running totals"


def unpublished_words(unpublished: int, count: int) -> str:
    """Say in brackets how many of some a reader added; empty if none."""
    if not unpublished:
        return ""
    if unpublished == count:
        return " (unpublished)" if count == 1 else " (all unpublished)"
    return f" ({unpublished:,} of the {count:,} unpublished)"


def place_words(label: str) -> str:
    """Write the label of a destination as it stands in a sentence.

    "Other (Central African Republic)" is "the Central African Republic" there, "Inside Libya" is
    "inside Libya".
    """
    named = (
        label.removeprefix("Other (").removesuffix(")") if label.startswith("Other (") else label
    )
    if named.startswith("Inside "):
        return f"inside {named.removeprefix('Inside ')}"
    if named == label:
        return label
    if "," in named or " and " in named:
        return f"other destinations ({named})"
    return f"the {named}" if named.endswith(("Republic", "Emirates", "Islands")) else named


def kind_words(label: str) -> str:
    """Write the label of a group of weapons inside a sentence: MANPADS keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def started(words: str) -> str:
    """Begin a sentence: the first letter as a capital."""
    return words[:1].upper() + words[1:]


def enumerate_words(words: Sequence[str], last: str = "and") -> str:
    """Join words as in a sentence: "a, b and c"."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def list_names(names: Sequence[str]) -> str:
    """Join names with commas; with semicolons if one of them holds a comma or an "and"."""
    joint = ";" if any("," in name or " and " in name for name in names) else ","
    return f"{joint} ".join(names)
