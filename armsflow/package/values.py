"""Rules about single values: cells are filled, clean, of their type and of a known code."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from armsflow.package import basemap, dates
from armsflow.package.columns import (
    distinct_values,
    every_column,
    list_parts,
    problem_in_row,
    values_where,
)
from armsflow.package.package import Package
from armsflow.package.problem import Problem, shorten

LONGEST_NUMBER = 15
"""Digits of the largest number that a cell may hold."""

CONTROL_CHARACTERS = "[\x00-\x1f\x7f\u2028\u2029\ufeff\ufffe\uffff]"
"""A pattern that reads the same to Python and to Arrow."""


def required_cells_are_filled(package: Package) -> Iterator[Problem]:
    """Cells that a record cannot do without are filled."""
    for name, field, column in every_column(package):
        if field.get("constraints", {}).get("required"):
            for row in values_where(column, lambda text: pc.equal(text, "")).index:
                yield problem_in_row(
                    package, name, row, field["name"], "the cell is empty.", "fill it."
                )


def text_is_clean(package: Package) -> Iterator[Problem]:
    """Text has no outer blanks, line breaks or control characters."""
    for name, field, column in every_column(package):
        for row, value in values_where(column, _is_unclean).items():
            if re.search(CONTROL_CHARACTERS, value):
                what = f"{shorten(value)!r} holds a line break, tab or control character."
                yield problem_in_row(
                    package, name, row, field["name"], what, "delete that character."
                )
            else:
                what = f"{shorten(value)!r} begins or ends with a blank."
                yield problem_in_row(package, name, row, field["name"], what, "delete the blank.")


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
        faults = {
            value: fault
            for value in distinct_values(column)
            if value and (fault := _value_fault(field, value))
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
                what = f"{shorten(value)!r} is not a known code."
                fix = f"use one of: {', '.join(known)}."
                yield problem_in_row(package, name, row, field["name"], what, fix)


def links_are_web_addresses(package: Package) -> Iterator[Problem]:
    """Every source has a web address that begins with http:// or https://."""
    for row, value in package.tables["sources"]["url"].items():
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.netloc or " " in value:
            what = f"{shorten(value)!r} is not a web address."
            yield problem_in_row(
                package, "sources", row, "url", what, "write it in full, beginning with https://."
            )


def basemap_can_be_drawn(package: Package) -> Iterator[Problem]:
    """Land, boundaries, water and names are there and can be read."""
    for name, columns in basemap.COLUMNS.items():
        path = f"basemap/{name}.json"
        fix = "restore the file, or build it again as basemap/README.md says."
        try:
            found = basemap.read_layer(package.directory, name)
        except Exception:
            yield Problem(path, "the file is missing or is no GeoJSON.", fix)
            continue
        for column in columns:
            if column not in found.columns:
                yield Problem(path, f"no feature has the property {column!r}.", fix)
    try:
        basemap.read_courses(package.directory)
    except (OSError, ValueError) as error:
        fix = "restore the file; “python -m armsflow bend” writes it for a package without faults."
        yield Problem(basemap.COURSES, f"cannot be read: {error}.", fix)


def _value_fault(field: dict[str, Any], value: str) -> tuple[str, str] | None:
    constraints = field.get("constraints", {})
    if field.get("partialDate"):
        try:
            dates.span(value)
        except ValueError as error:
            said = str(error).replace(repr(value), repr(shorten(value)))
            return (
                f"{said}.",
                "write the date as precisely as the source: YYYY, YYYY-MM or YYYY-MM-DD.",
            )
    elif field["type"] in {"integer", "number"}:
        pattern = r"-?\d+" if field["type"] == "integer" else r"-?\d+(\.\d+)?"
        if not re.fullmatch(pattern, value, re.ASCII):
            kind = "a whole number" if field["type"] == "integer" else "a decimal number"
            return f"{shorten(value)!r} is not {kind}.", "write digits only, or leave it empty."
        if len(value.lstrip("-")) > LONGEST_NUMBER:
            return f"{shorten(value)!r} is too long for a number.", "correct the number."
        low, high = constraints.get("minimum"), constraints.get("maximum")
        if (low is not None and float(value) < low) or (high is not None and float(value) > high):
            return f"{value} is outside {low} to {high}.", "correct the number."
    elif field["type"] == "boolean":
        if value not in {"true", "false"}:
            return f"{shorten(value)!r} is not true or false.", "write true or false."
    elif field["type"] == "list":
        parts = list_parts(field, value)
        if any(not part or part != part.strip() for part in parts) or len(set(parts)) < len(parts):
            return (
                f"{shorten(value)!r} has an empty, padded or repeated entry.",
                "separate the entries with a single semicolon and name each once.",
            )
    elif "pattern" in constraints and not re.fullmatch(constraints["pattern"], value, re.ASCII):
        return (
            f"{shorten(value)!r} has the wrong form.",
            f"follow the pattern {constraints['pattern']}.",
        )
    return None
