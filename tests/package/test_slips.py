"""Numbers and dates that a spreadsheet changed: what is said of them."""

import pytest

from armsflow.package.slips import date_fault, number_fault

QUANTITY = {"type": "integer", "constraints": {"minimum": 1}}
LATITUDE = {
    "type": "number", "constraints": {"required": True, "minimum": -90, "maximum": 90},
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2013-14-05", "2013-05-14"),
        ("14.05.2013", "2013-05-14"),
        ("05/14/2013", "2013-05-14"),
        ("4/5/2013", "2013-04-05 or 2013-05-04"),
        ("4.5.2013", "2013-05-04"),
        ("05/2013", "2013-05"),
        ("14/05/13", "2013-05-14"),
        ("14.05.13", "2013-05-14"),
        ("2013-05-14 00:00:00", "2013-05-14"),
        ("2013-05-14T00:00", "2013-05-14"),
        ("2013-5", "2013-05"),
        ("2013/05/14", "2013-05-14"),
        ("20130514", "2013-05-14"),
        ("41408", "2013-05-14"),
        ("May-13", "2013-05"),
        ("Mai 13", "2013-05"),
        ("déc-13", "2013-12"),
        ("14-May-13", "2013-05-14"),
        ("14. März 2013", "2013-03-14"),
    ],
)
def test_a_date_in_another_form_is_offered_in_ours(typed, meant):
    what, fix = date_fault(typed)
    assert repr(typed) in what
    assert fix == f"write {meant}, as the source has it."


@pytest.mark.parametrize("typed", ["soon", "2013-13-13", "x 13", "05/13", "999999", "٢٠١٣"])
def test_a_date_that_nothing_suggests_is_described(typed):
    what, fix = date_fault(typed)
    assert repr(typed) in what
    assert fix == "write the date as precisely as the source: YYYY, YYYY-MM or YYYY-MM-DD."


@pytest.mark.parametrize(
    ("typed", "example"),
    [("31.02.2013", "2013"), ("mid-2014", "2014"), ("2014-06/2014-07", "2014-06")],
)
def test_a_date_in_other_words_is_offered_as_an_example(typed, example):
    _, fix = date_fault(typed)
    assert fix.endswith(f"YYYY, YYYY-MM or YYYY-MM-DD, for example {example}.")


@pytest.mark.parametrize("typed", ["2013", "2013-05", "2013-05-14"])
def test_a_date_of_any_precision_is_right(typed):
    assert date_fault(typed) is None


@pytest.mark.parametrize(
    ("field", "typed", "what", "fix"),
    [
        (QUANTITY, "1,000", "can mean 1000 or a fraction.", "write digits only, for example 1000."),
        (QUANTITY, "1 000", "can mean 1000.", "write digits only, for example 1000."),
        (QUANTITY, "1.5E+03", "shortens a long number.", "for example 1500."),
        (QUANTITY, "1,5e3", "shortens a long number.", "for example 1500."),
        (QUANTITY, "0", "0 is less than 1.", "correct the number."),
        (QUANTITY, "many", "is not a whole number.", "write digits only, or leave it empty."),
        (QUANTITY, "9" * 16, "is too long for a number.", "correct the number."),
        (LATITUDE, "16973", "outside -90 to 90.", "decimal point, it may be 16.973."),
        (LATITUDE, "-16973", "outside -90 to 90.", "decimal point, it may be -16.973."),
        (LATITUDE, "7989", "outside -90 to 90.", "decimal point, it may be 7.989."),
        (LATITUDE, "162736", "outside -90 to 90.", "decimal point, it may be 16.2736."),
        (LATITUDE, "95.5", "outside -90 to 90.", "correct the number."),
        (LATITUDE, "16,973", "has a comma in place of the point.", "write 16.973."),
        (LATITUDE, "16°58'", "is not a decimal number.", "a point, for example 16.973."),
    ],
)
def test_a_number_is_named_with_what_may_be_meant(field, typed, what, fix):
    found = number_fault(field, typed)
    assert found[0].endswith(what)
    assert found[1].endswith(fix)


@pytest.mark.parametrize(("field", "typed"), [(QUANTITY, "12"), (LATITUDE, "-16.973")])
def test_a_number_in_bounds_is_right(field, typed):
    assert number_fault(field, typed) is None
