"""Tables of a package as CSV: written in one way only, read in any."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import ConvertOptions, ReadOptions, read_csv

from armsflow.language import _, _n, isolated
from armsflow.package.problem import FIRST_DATA_ROW, Problem, shorten


def write_csv(table: pd.DataFrame) -> str:
    """Write a table of strings as CSV, quoted only where needed, lines ended by a line feed.

    As ``csv.writer`` does, on whole columns at a time: a table of a million rows takes a second.
    """

    def text(value: str) -> Any:
        return pa.scalar(value, pa.large_string())

    cells = []
    for name in table.columns:
        column = pa.array(table[name], pa.large_string())
        special = pc.match_substring_regex(column, '[",\r\n]')
        if pc.any(special).as_py():
            if pc.any(pc.match_substring(column, '"')).as_py():
                column = pc.replace_substring(column, '"', '""')
            quoted = pc.binary_join_element_wise(text('"'), column, text('"'), text(""))
            column = pc.if_else(special, quoted, column)
        cells.append(column)
    if len(cells) == 1:  # an empty line would be no row
        cells = [pc.if_else(pc.equal(cells[0], text("")), text('""'), cells[0])]
    lines = pc.binary_join_element_wise(*cells, text(","))
    # Arrow keeps the texts of a column one behind the other.
    ended = pc.binary_join_element_wise(lines, text("\n"), text(""))
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(table.columns)
    length = pc.sum(pc.binary_length(ended)).as_py() or 0
    body = ended.buffers()[2].to_pybytes()[:length] if length else b""
    return header.getvalue() + body.decode()


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell (OWASP, CSV injection)."""


def harmless(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def spreadsheet_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Write rows as CSV for a spreadsheet: UTF-8 with a byte order mark, no cell that is run."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows(map(harmless, row) for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def read_written(text: str, columns: list[str]) -> pd.DataFrame | None:
    """Read a table that stands exactly as :func:`write_csv` writes it; anything else is ``None``.

    Arrow reads CSV many times faster than Python does, and forgives what must be refused. What is
    written back as the same text was read as it was meant.
    """
    if text.partition("\n")[0] != ",".join(columns) or "\0" in text:
        return None
    try:
        read = read_csv(
            pa.py_buffer(text.encode()),
            ReadOptions(column_names=columns, skip_rows=1),
            convert_options=ConvertOptions(
                column_types=dict.fromkeys(columns, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    table = pd.DataFrame(
        {name: pd.array(read[name].combine_chunks(), dtype="str") for name in columns}
    )
    return table if write_csv(table) == text else None


def read_rows(path: str, text: str, columns: list[str]) -> tuple[list[list[str]], list[Problem]]:
    """Read a table in any valid CSV, or say what is wrong with it."""
    if not text.strip():
        fix = _("restore the file, header row included.")
        return [], [Problem(path, _("the file is empty."), fix)]
    if text.startswith("\ufeff"):
        fix = _("save the file as UTF-8 without a byte order mark.")
        return [], [Problem(path, _("the file begins with a byte order mark."), fix)]
    if "\0" in text:
        fix = _("save it again as plain text.")
        return [], [Problem(path, _("the file holds a NUL byte."), fix)]
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records = list(lines)
    except csv.Error:
        what = _("the file cannot be read near line {line}.", line=str(lines.line_num))
        fix = _("close the quotation mark, or shorten the cell, near that line.")
        return [], [Problem(path, what, fix)]
    header, *rows = records
    problems = list(_header_problems(path, header, columns))
    if problems:
        return [], problems
    for number, row in enumerate(rows, FIRST_DATA_ROW):
        if len(row) != len(columns):
            what = _n(
                "{count} cell where the header has {columns}.",
                "{count} cells where the header has {columns}.",
                len(row),
                columns=len(columns),
            )
            fix = _("put text that holds a comma in quotation marks, and delete empty lines.")
            problems.append(Problem(path, what, fix, number, row[0] if row else ""))
    if problems:
        return [], problems
    order = [header.index(name) for name in columns]
    return [[row[position] for position in order] for row in rows], []


def _header_problems(path: str, header: list[str], columns: list[str]) -> Iterator[Problem]:
    for name in columns:
        if name not in header:
            names = isolated(", ".join(columns))
            fix = _("add it again; the columns are: {columns}.", columns=names)
            yield Problem(path, _("the column is missing."), fix, 1, column=name)
    for name in dict.fromkeys(header):
        if name not in columns:
            what = _("datapackage.json does not know this column.")
            fix = _("delete it, or describe it there.")
            yield Problem(path, what, fix, 1, column=shorten(name))
        elif header.count(name) > 1:
            what, fix = _("the column stands there twice."), _("delete one.")
            yield Problem(path, what, fix, 1, column=name)
