"""Dates as precise as their source."""

from datetime import date

import pytest

from armsflow.language import speaking
from armsflow.package import dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2013-05-14", date(2013, 5, 14), date(2013, 5, 14)),
        ("2013-05", date(2013, 5, 1), date(2013, 5, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2013-02", date(2013, 2, 1), date(2013, 2, 28)),
        ("2013", date(2013, 1, 1), date(2013, 12, 31)),
    ],
)
def test_a_partial_date_spans_every_day_that_it_may_mean(text, first, last):
    assert dates.span(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2013-13", "month 13"),
        ("2013-00", "month 00"),
        ("2013-02-30", "day that does not exist"),
        ("2013-02-29", "day that does not exist"),
        ("2013-01-00", "day that does not exist"),
        ("13", "not a date of the form"),
        ("", "not a date of the form"),
        ("2013-5", "not a date of the form"),
        ("2013-05-14T00:00", "not a date of the form"),
        ("14.05.2013", "not a date of the form"),
        ("2013-05\n", "not a date of the form"),
        (" 2013", "not a date of the form"),
        ("２０１３", "not a date of the form"),
        ("٢٠١٣-٠٥", "not a date of the form"),
    ],
)
def test_a_date_that_does_not_exist_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValueError, match=reason) as refused:
        dates.span(text)
    assert repr(text) in str(refused.value)


def test_the_year_0000_is_refused():
    with pytest.raises(ValueError, match="year"):
        dates.span("0000")


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2011-11-06", "2011-11-09", date(2011, 11, 6), date(2011, 11, 9)),
        ("2011-11-06", "", date(2011, 11, 6), date(2011, 11, 6)),
        ("2011", "2012-02", date(2011, 1, 1), date(2012, 2, 29)),
    ],
)
def test_an_event_lasts_to_the_last_day_of_its_end_date(start, end, first, last):
    assert dates.event_span(start, end) == (first, last)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2013", "", "2013"),
        ("2013-05", "", "May 2013"),
        ("2013-05-04", "", "4 May 2013"),
        ("2013-05-04", "2013-05-04", "4 May 2013"),
        ("2011-11-06", "2011-11-09", "6–9 November 2011"),
        ("2011-11-29", "2011-12-02", "29 November – 2 December 2011"),
        ("2011-12-30", "2012-01-02", "30 December 2011 – 2 January 2012"),
        ("2012-01", "2012-02", "January–February 2012"),
        ("2011-12", "2012-02", "December 2011 – February 2012"),
        ("2011", "2013", "2011–2013"),
        ("2011", "2012-02", "2011 – February 2012"),
        ("2011-05-06", "2012", "6 May 2011 – 2012"),
        ("2011-05-06", "2012-05-06", "6 May 2011 – 6 May 2012"),
    ],
)
def test_a_date_reads_as_a_reader_would_say_it(start, end, words):
    assert dates.label(start, end) == words


def test_a_label_of_a_bad_date_is_refused_instead_of_guessed():
    with pytest.raises(ValueError, match="2013-13"):
        dates.label("2013-13")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2013-02 (forecast)", "February 2013 (forecast)"),
        ("2011-08 to 2013-02-28", "August 2011 to 28 February 2013"),
        ("about 2003", "about 2003"),
        ("2013-13, 12013-02 and 2013-02-281", "2013-13, 12013-02 and 2013-02-281"),
        ("", ""),
    ],
)
def test_months_and_days_inside_a_text_are_written_in_words(text, words):
    assert dates.spelled(text) == words


def test_months_inside_a_text_are_those_of_its_language():
    with speaking("fr"):
        assert dates.spelled("2011-08 à 2013-02") == "août 2011 à février 2013"
