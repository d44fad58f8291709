"""Plurals and lists of words, as every sentence of the product needs them."""

from collections.abc import Sequence


def plural(count: int, noun: str) -> str:
    """Write a count with its noun, e.g. "1 incident", "2 incidents"."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def store_words(count: int) -> str:
    """Count stores and finds, e.g. "1 documented store or find"."""
    return "1 documented store or find" if count == 1 else f"{count:,} documented stores and finds"


def aside_words(count: int, unpublished: int = 0) -> str:
    """Say how much is listed without being counted; empty if nothing is."""
    if not count:
        return ""
    reports = (
        "1 general report or running total"
        if count == 1
        else f"{count:,} general reports and running totals"
    )
    among = f" ({unpublished:,} unpublished)" if unpublished else ""
    return f"{reports}{among} listed, not counted"


def enumerate_words(words: Sequence[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
