"""What a spreadsheet does to the tables of a package, undone where it is certain, and told."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from armsflow.curation.dialects import SEPARATORS, read_as
from armsflow.language import _, _n, comma, isolated
from armsflow.package.columns import distinct_values, every_column
from armsflow.package.package import Package, parse_package
from armsflow.package.problem import Problem, quoted, shorten
from armsflow.package.tables import write_csv

BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MOST_ROWS_NAMED = 5
"""Rows that one line names; of more it tells the first and how many."""


def read_tidied(
    directory: Path,
) -> tuple[Package | None, list[Problem], dict[str, list[str]]]:
    """Read a package, and undo what a spreadsheet did to its tables.

    Returns
    -------
    package, problems, changes
        The package, or what cannot be read; and what was undone, in words, by file. Values that can
        mean two things are left for the rules of :mod:`armsflow.package.checks` to name.
    """
    changes: dict[str, list[str]] = {}

    def content(path: str) -> bytes:
        found = (directory / path).read_bytes()
        if not path.endswith(".csv"):
            return found
        tidied, changes[path] = _tidied_file(found)
        return tidied

    package, problems = parse_package(directory, content, lambda _: True)
    if package is None:
        return None, problems, {}
    for name, field, column in list(every_column(package)):
        meant = {
            value: plain
            for value in distinct_values(column)
            if (plain := read_as(field, value.strip(), {})) != value
        }
        if meant:
            plain_column = column.map(lambda value, meant=meant: meant.get(value, value))
            table = package.tables[name].assign(
                **{field["name"]: plain_column.astype(column.dtype)}
            )
            texts = package.texts | {name: write_csv(table)}
            package = replace(package, tables=package.tables | {name: table}, texts=texts)
            path = str(package.resource(name)["path"])
            changes[path] += _told(column[column.isin(meant)], meant)
    return package, [], changes


def _tidied_file(content: bytes) -> tuple[bytes, list[str]]:
    """Return a file as UTF-8 with commas and without empty last lines, and what was changed."""
    changes = []
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            text = content.decode(encoding, "replace")
            changes.append(_("the byte order mark was taken out."))
            break
    else:
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return content, []  # which code page it is can only be guessed
    if "\r" in text:
        changes.append(_("the lines now end with a line feed."))
    header = text.partition("\n")[0]
    separator = max(SEPARATORS, key=header.count)
    last = text.rstrip("\r\n").rpartition("\n")[2]
    ends_empty = text.endswith(("\n\n", "\n\r\n")) or not last.strip(f'{separator}"\r\t ')
    if separator != "," or ends_empty:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
        except csv.Error:
            return text.encode(), changes
        filled = len(rows)
        while filled > 1 and not any(cell.strip() for cell in rows[filled - 1]):
            filled -= 1
        if filled < len(rows):
            changes.append(
                _n(
                    "{count} empty last line left out.",
                    "{count} empty last lines left out.",
                    len(rows) - filled,
                )
            )
        if separator != ",":
            every = _(SEPARATORS[separator].every)
            changes.append(_("{every} between columns is now a comma.", every=every))
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(rows[:filled])
        text = stream.getvalue()
    return text.encode(), changes


def _told(column: pd.Series, meant: dict[str, str]) -> Iterator[str]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, value in zip(map(int, column.index), column, strict=True):
        before, after = quoted(shorten(value, 40)), quoted(shorten(meant[value], 40))
        said = _("{before} is now {after}.", before=before, after=after)
        if value.strip() == meant[value]:
            said = _("the blanks around it were taken out.")
        rows[said].append(row)
    for said, found in rows.items():
        where = comma().join(map(str, found[:MOST_ROWS_NAMED]))
        if (more := len(found) - MOST_ROWS_NAMED) > 0:
            where = _n("{rows} and {count} more", "{rows} and {count} more", more, rows=where)
        yield _n(
            "column {column}, row {rows}: {what}",
            "column {column}, rows {rows}: {what}",
            len(found),
            column=isolated(str(column.name)),
            rows=where,
            what=said,
        )
