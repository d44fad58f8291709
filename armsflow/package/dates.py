"""Dates as precise as their source: ``2013``, ``2013-05`` or ``2013-05-14``.

The length of the text is the precision; a missing month or day is never filled in. A date
stands for the span of days that it may mean, from its first day to its last.
"""

import calendar
import re
from datetime import date

from armsflow.language import N_, _, _p, month
from armsflow.package.problem import quoted

PATTERN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

DAY_OR_MONTH = re.compile(r"(?<![\w-])\d{4}-\d{2}(-\d{2})?(?![\w-])", re.ASCII)


def span(text: str) -> tuple[date, date]:
    """Return the first and the last day that a partial date may mean.

    Parameters
    ----------
    text
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` (ISO 8601 calendar date, reduced precision).

    Returns
    -------
    first, last
        Both inclusive; equal for a full date.

    Raises
    ------
    ValueError
        If the text has another form or names a year, month or day that does not exist.
    """
    if not PATTERN.fullmatch(text) or not text.isascii():
        what = N_("{text} is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD.")
        raise ValueError(_(what, text=quoted(text)))
    year, *rest = (int(part) for part in text.split("-"))
    if not year:
        raise ValueError(_("{text} names a year that does not exist.", text=quoted(text)))
    if not rest:
        return date(year, 1, 1), date(year, 12, 31)
    if len(rest) == 1:
        month = rest[0]
        if not 1 <= month <= 12:
            what = N_("{text} names month {month}, which does not exist.")
            raise ValueError(_(what, text=quoted(text), month=str(month).zfill(2)))
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    try:
        day = date(year, *rest)
    except ValueError:
        raise ValueError(_("{text} names a day that does not exist.", text=quoted(text))) from None
    return day, day


def event_span(start: str, end: str = "") -> tuple[date, date]:
    """Return the first and last day of an event that may have an end date of its own."""
    first, last = span(start)
    return (first, span(end)[1]) if end else (first, last)


def label(start: str, end: str = "") -> str:
    """Write a partial date, or a range of two, the way a reader would say it.

    Examples
    --------
    >>> label("2013-05-14"), label("2013-05"), label("2013")
    ('14 May 2013', 'May 2013', '2013')
    >>> label("2011-11-06", "2011-11-09"), label("2012-01", "2012-02"), label("2011", "2013")
    ('6–9 November 2011', 'January–February 2012', '2011–2013')
    """
    if not end or end == start:
        return " ".join(_words(start))
    from_words, to_words = _words(start), _words(end)
    if len(from_words) == len(to_words):
        shared = 0
        while shared < len(to_words) - 1 and from_words[-1] == to_words[-1 - shared]:
            from_words.pop()
            shared += 1
        compact = len(from_words) == 1
        return " ".join(from_words) + ("–" if compact else " – ") + " ".join(to_words)
    return f"{' '.join(from_words)} – {' '.join(to_words)}"


def spelled(text: str) -> str:
    """Write the months and days that a text names in figures the way a reader would say them.

    Examples
    --------
    >>> spelled("2013-02 (week before 28 February)")
    'February 2013 (week before 28 February)'
    """

    def said(found: re.Match[str]) -> str:
        try:
            return label(found[0])
        except ValueError:
            return found[0]

    return DAY_OR_MONTH.sub(said, text)


def _words(text: str) -> list[str]:
    first = span(text)[0]
    parts = [str(first.year)]
    if len(text) > 4:
        parts.insert(0, month(first.month))
    if len(text) > 7:
        # The first of a month has a name of its own in French.
        parts.insert(0, _p("day of a month", "1") if first.day == 1 else str(first.day))
    return parts
