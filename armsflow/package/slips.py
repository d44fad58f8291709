"""Numbers and dates that cannot be read or meant: what is wrong, and what may be meant instead.

A spreadsheet drops decimal points, shortens long numbers and turns dates into its own form. What it
made is never changed here: it is named, with the value that it may have been, for a person to say.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from armsflow.language import _, enumerated, isolated
from armsflow.package import dates
from armsflow.package.problem import quoted, shorten

LONGEST_NUMBER: Final = 15
"""Digits of the largest number that a cell may hold."""

GROUPED: Final = re.compile(r"-?\d{1,3}([.,'’ \u00a0\u202f]\d{3})+", re.ASCII)
"""A number with a mark between thousands, or with a decimal comma."""
SHORTENED: Final = re.compile(r"-?\d+([.,]\d+)?[eE]\+?\d{1,2}", re.ASCII)

FIRST_DAY: Final = date(1899, 12, 30)
"""Day 0 of spreadsheets."""
YEAR_FIRST: Final = re.compile(
    r"([12]\d{3})(?:[-/. ](\d\d?)(?:[-/. ](\d\d?))?|(\d\d)(\d\d)?)", re.ASCII
)
YEAR_LAST: Final = re.compile(r"(?:(\d\d?)[-/. ]+)?(\d\d?)[-/. ]+(?:(\d{4})|(\d\d))", re.ASCII)
NUMBERED_DAY: Final = re.compile(r"[34]\d{4}", re.ASCII)
MONTHS: Final = (
    "jan janv", "feb fév fevr févr", "mar mär mrz mars", "apr avr", "may mai", "jun juin",
    "jul juil", "aug août aoû", "sep sept", "oct okt", "nov", "dec dez déc",
)  # fmt: skip
"""First letters of each month in English, French and German, as spreadsheets show them."""
ORDINAL: Final = re.compile(r"\b(\d\d?)(?:st|nd|rd|th|er)\b")
DAY_IN_ENGLISH: Final = re.compile(r"^([^\W\d]{3,9}\.?) (\d\d?),?(?= \d{4}$)")
DATED: Final = re.compile(r"\b[12]\d{3}(?:-\d\d){0,2}\b", re.ASCII)
"""What may be a date in other words, such as mid-2014."""
NAMED_MONTH: Final = re.compile(r"(?:(\d{1,2})[\s.-]+)?([^\W\d]{3,9})\.?[\s-]+(\d{4}|\d\d)")


def number_fault(field: dict[str, Any], value: str, qualifier: str = "") -> tuple[str, str] | None:
    """Say what is wrong with a number, and what to write; nothing if it is right.

    Parameters
    ----------
    field, value
        Description of its column, and what is written.
    qualifier
        Column that says how exact it is, if there is one.
    """
    limits = field.get("constraints", {})
    low, high = limits.get("minimum"), limits.get("maximum")
    whole, said = field["type"] == "integer", quoted(shorten(value))
    if not re.fullmatch(r"-?\d+" if whole else r"-?\d+(\.\d+)?", value, re.ASCII):
        plain = re.sub(r"[^\d-]", "", value)
        if SHORTENED.fullmatch(value):
            plain = f"{Decimal(value.replace(',', '.')):f}"
            what = _("{value} is how a spreadsheet shortens a long number.", value=said)
            fix = _(
                "write all digits, as the source has them, for example {number}.",
                number=isolated(plain),
            )
            return what, fix
        if whole and GROUPED.fullmatch(value):
            digits = isolated(shorten(plain))
            what = _("{value} can mean {number}.", value=said, number=digits)
            if re.search(r"[.,]", value):
                what = _("{value} can mean {number} or a fraction.", value=said, number=digits)
            return what, _("write digits only, for example {number}.", number=digits)
        if not whole and re.fullmatch(r"-?\d+,\d+", value, re.ASCII):
            what = _("{value} has a comma in place of the point.", value=said)
            return what, _("write {value}.", value=isolated(shorten(value).replace(",", ".")))
        return _not_a_number(field, value, qualifier)
    if len(value.lstrip("-")) > LONGEST_NUMBER:
        return _("{value} is too long for a number.", value=said), _("correct the number.")
    number = Decimal(value)
    if (low is None or number >= low) and (high is None or number <= high):
        return None
    fix = _("correct the number.")
    if not whole and value.lstrip("-").isdigit():
        # A point before three digits is taken for a mark between thousands.
        points = (number.scaleb(-places) for places in (3, *range(1, len(value))))
        if meant := next((one for one in points if low <= one <= high), None):
            fix = _(
                "correct the number. If a spreadsheet lost the decimal point, it may be {number}.",
                number=isolated(str(meant)),
            )
    return _out_of_bounds(isolated(value), low, high), fix


def _not_a_number(field: dict[str, Any], value: str, qualifier: str) -> tuple[str, str]:
    said, is_required = quoted(shorten(value)), field.get("constraints", {}).get("required")
    what, fix = _("{value} is not a whole number.", value=said), _("write digits only.")
    if field["type"] != "integer":
        what = _("{value} is not a decimal number.", value=said)
        fix = _("write digits and a point, for example {number}.", number=isolated("16.973"))
    numbers = re.findall(r"\d+", value, re.ASCII)
    if qualifier and numbers and not re.search(r"\d[.,'’]\d", value):
        fix = _(
            "write {numbers} alone, and how exact it is in {column}.",
            numbers=enumerated(list(map(isolated, numbers)), "or"),
            column=isolated(qualifier),
        )
    if is_required:
        return what, fix
    return what, _("{fix}, or leave it empty.", fix=fix.removesuffix("."))


def _out_of_bounds(value: str, low: float | None, high: float | None) -> str:
    least, most = isolated(str(low)), isolated(str(high))
    if high is None:
        return _("{value} is less than {least}.", value=value, least=least)
    if low is None:
        return _("{value} is more than {most}.", value=value, most=most)
    return _("{value} is outside {least} to {most}.", value=value, least=least, most=most)


def date_fault(value: str) -> tuple[str, str] | None:
    """Say what is wrong with a date, and what to write; nothing if it is right."""
    try:
        dates.span(value)
    except ValueError as error:
        what = str(error).replace(quoted(value), quoted(shorten(value)))
        if meant := sorted(set(filter(_is_date, _meant(value)))):
            days = enumerated(list(map(isolated, meant)), "or")
            return what, _("write {dates}, as the source has it.", dates=days)
        for example in filter(_is_date, DATED.findall(value)):
            fix = _(
                "write the date as precisely as the source: YYYY, YYYY-MM or YYYY-MM-DD, for "
                "example {date}.",
                date=isolated(example),
            )
            return what, fix
        fix = _("write the date as precisely as the source: YYYY, YYYY-MM or YYYY-MM-DD.")
        return what, fix
    return None


def _is_date(text: str) -> bool:
    try:
        dates.span(text)
    except ValueError:
        return False
    return True


def _meant(value: str) -> Iterator[str]:
    """Guess what a date may have been; not every guess is a date."""
    text = re.sub(r"[ T]\d?\d:\d\d(:\d\d)?Z?$", "", " ".join(value.split()))
    text = DAY_IN_ENGLISH.sub(r"\2 \1", ORDINAL.sub(r"\1", text))
    yield text
    if NUMBERED_DAY.fullmatch(text):
        yield str(FIRST_DAY + timedelta(days=int(text)))
    if found := YEAR_FIRST.fullmatch(text):
        year, *rest = filter(None, found.groups())
        yield _joined(year, *rest)
        yield _joined(year, *reversed(rest))
    if found := YEAR_LAST.fullmatch(text):
        rest = list(filter(None, found.groups()[:2]))
        year = found[3] or (f"20{found[4]}" if len(rest) == 2 else "")
        yield _joined(year, *reversed(rest))
        if "." not in text:  # with points, the day comes first everywhere
            yield _joined(year, *rest)
    if found := NAMED_MONTH.fullmatch(text):
        day, name, year = found.groups()
        for month, known in enumerate(MONTHS, 1):
            if any(name.casefold().startswith(one) for one in known.split()):
                century = "" if len(year) == 4 else "20"
                yield _joined(f"{century}{year}", str(month), *filter(None, [day]))


def _joined(year: str, *rest: str) -> str:
    return "-".join([year, *(part.zfill(2) for part in rest)])
