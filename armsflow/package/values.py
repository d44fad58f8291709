"""Rules about single values: cells are filled, clean, of their type and of a known code."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from armsflow.language import N_, _, isolated
from armsflow.package import basemap
from armsflow.package.columns import (
    distinct_values,
    every_column,
    list_parts,
    or_empty,
    problem_in_row,
    values_where,
)
from armsflow.package.package import Package
from armsflow.package.problem import Problem, quoted, shorten
from armsflow.package.slips import date_fault, number_fault

FORMS = {
    r"^\d{4}(-\d{2}){0,2}(-[a-z0-9]+)+$": (
        N_("write the date, then small letters and digits with hyphens, for example {example}."),
        "2013-05-14-ben-guerdane",
    ),
    r"^[a-z0-9]+(-[a-z0-9]+)*$": (
        N_("write small letters and digits with hyphens, for example {example}."), "ben-guerdane",
    ),
    r"^[a-z0-9]+(_[a-z0-9]+)*$": (
        N_("write small letters and digits with underscores, for example {example}."),
        "assault_rifle",
    ),
    r"^[A-Z]{2}$": (N_("write two capital letters, for example {example}."), "NE"),
    r"^[A-Z]{3}$": (
        N_("write the three capital letters of ISO 3166-1, for example {example} for Tunisia."),
        "TUN",
    ),
    r"^https?://\S+$": (
        N_("write one address in full and without blanks, for example {example}."),
        "https://example.org/report",
    ),
}  # fmt: skip
"""What to write, and an example, for each form that the descriptor asks for as a pattern."""

CONTROL_CHARACTERS = "[\x00-\x1f\x7f\u2028\u2029\ufeff\ufffe\uffff]"
"""A pattern that reads the same to Python and to Arrow."""


def required_cells_are_filled(package: Package) -> Iterator[Problem]:
    """Cells that a record cannot do without are filled."""
    for name, field, column in every_column(package):
        if field.get("constraints", {}).get("required"):
            for row in values_where(column, lambda text: pc.equal(text, "")).index:
                what, fix = _("the cell is empty."), _("fill it.")
                yield problem_in_row(package, name, row, field["name"], what, fix)


def text_is_clean(package: Package) -> Iterator[Problem]:
    """Text has no outer blanks, line breaks or control characters."""
    for name, field, column in every_column(package):
        for row, value in values_where(column, _is_unclean).items():
            said = quoted(shorten(value))
            what, fix = (
                _("{value} begins or ends with a blank.", value=said),
                _("delete the blank."),
            )
            if re.search(CONTROL_CHARACTERS, value):
                what = _("{value} holds a line break, tab or control character.", value=said)
                fix = _("delete that character.")
            yield problem_in_row(package, name, row, field["name"], what, fix)


def _is_unclean(text: pa.LargeStringArray) -> pa.BooleanArray:
    return pc.or_(
        pc.match_substring_regex(text, CONTROL_CHARACTERS),
        pc.not_equal(text, pc.utf8_trim_whitespace(text)),
    )


def values_are_of_their_type(package: Package) -> Iterator[Problem]:
    """Numbers, true/false, dates and patterned texts can be read as what they are."""
    for name, field, column in every_column(package):
        if field["type"] == "string" and not {"partialDate", "pattern"} & {
            *field,
            *field.get("constraints", {}),
        }:
            continue  # any text will do
        qualifier = f"{field['name']}_qualifier"
        if qualifier not in package.tables[name]:
            qualifier = ""
        faults = {
            value: fault
            for value in distinct_values(column)
            if value and (fault := _value_fault(field, value, qualifier))
        }
        if field["type"] == "string" and field["name"] != "url":
            # What is said of nothing has no digit: a dash, n/a, unknown.
            faults |= {
                value: (what, or_empty(package, name, field["name"], fix))
                for value, (what, fix) in faults.items()
                if not re.search(r"\d", value)
            }
        for row, value in column[column.isin(faults)].items() if faults else ():
            yield problem_in_row(package, name, row, field["name"], *faults[value])


def codes_are_known(package: Package) -> Iterator[Problem]:
    """Every code is one that datapackage.json defines."""
    for name, field, column in every_column(package):
        known = [str(category["value"]) for category in field.get("categories", [])]
        if known:
            unknown = set(distinct_values(column)).difference(known, [""])
            for row, value in column[column.isin(unknown)].items() if unknown else ():
                what = _("{value} is not a known code.", value=quoted(shorten(value)))
                fix = _("use one of: {codes}.", codes=isolated(", ".join(known)))
                fix = or_empty(package, name, field["name"], fix)
                yield problem_in_row(package, name, row, field["name"], what, fix)


def links_are_web_addresses(package: Package) -> Iterator[Problem]:
    """Every source has a web address, or is not public and has a symbol or reference."""
    sources = package.tables["sources"]
    symbols = dict(sources["document_symbol"].items())
    for row, value in sources["url"].items():
        if not value and symbols[row]:
            continue
        if not value:
            what = _("there is neither a web address nor a reference.")
            fix = _(
                "write the address, or, for a document that is not public, its reference in "
                "document_symbol, for example {example}.",
                example=isolated("Cable 123/2026"),
            )
            yield problem_in_row(package, "sources", row, "url", what, fix)
            continue
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.netloc or " " in value:
            what = _("{value} is not a web address.", value=quoted(shorten(value)))
            fix = _("write it in full, beginning with {start}.", start=isolated("https://"))
            yield problem_in_row(package, "sources", row, "url", what, fix)


def basemap_can_be_drawn(package: Package) -> Iterator[Problem]:
    """Land, boundaries, water and names are there and can be read."""
    for name, columns in basemap.COLUMNS.items():
        path = f"basemap/{name}.json"
        fix = _("restore the file, or build it again as basemap/README.md says.")
        try:
            found = basemap.read_layer(package.directory, name)
        except Exception:
            yield Problem(path, _("the file is missing or is no GeoJSON."), fix)
            continue
        for column in columns:
            if column not in found.columns:
                what = _("no feature has the property {property}.", property=quoted(column))
                yield Problem(path, what, fix)
    try:
        basemap.read_courses(package.directory)
    except (OSError, ValueError) as error:
        fix = _(
            "restore the file; “python -m armsflow bend” writes it for a package without faults."
        )
        yield Problem(basemap.COURSES, _("cannot be read: {reason}.", reason=error), fix)


def _value_fault(field: dict[str, Any], value: str, qualifier: str) -> tuple[str, str] | None:
    constraints = field.get("constraints", {})
    if field.get("partialDate"):
        return date_fault(value)
    if field["type"] in {"integer", "number"}:
        return number_fault(field, value, qualifier)
    if field["type"] == "boolean":
        if value not in {"true", "false"}:
            what = _("{value} is not true or false.", value=quoted(shorten(value)))
            return what, _("write true or false.")
    elif field["type"] == "list":
        parts = list_parts(field, value)
        if any(not part or part != part.strip() for part in parts) or len(set(parts)) < len(parts):
            said = quoted(shorten(value))
            what = _("{value} has an empty, padded or repeated entry.", value=said)
            return what, _("separate the entries with a single semicolon and name each once.")
    elif "pattern" in constraints and not re.fullmatch(constraints["pattern"], value, re.ASCII):
        fix, example = FORMS.get(
            constraints["pattern"], (N_("write it as the guide of the package says."), "")
        )
        what = _("{value} has the wrong form.", value=quoted(shorten(value)))
        return what, _(fix, example=isolated(example))
    return None
