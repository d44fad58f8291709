"""A data package as it lies on disk: the descriptor, and every table as text.

Nothing is interpreted here. What cannot be read at all (no descriptor, a file that is missing,
empty or not UTF-8, a header that differs from the descriptor, a row with too many cells) is
reported as a :class:`Problem`; the meaning of what could be read is judged by
:mod:`armsflow.checks`.
"""

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import ConvertOptions, ReadOptions, read_csv

DESCRIPTOR = "datapackage.json"
TABLES = (
    "sources", "places", "destinations", "weapon_types", "incidents", "items", "corridors",
    "waypoints", "figures", "timeline", "claims", "reports",
)  # fmt: skip
"""Tables that every data package has."""

UNPUBLISHED = "unpublished"
"""Property of ``datapackage.json`` that names, by table, the rows that are not published."""

FIRST_DATA_ROW = 2
"""Row number of the first record, as a spreadsheet counts (the header is row 1)."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a data package, in the words a curator needs.

    Parameters
    ----------
    file
        Path inside the package, e.g. ``incidents.csv``.
    what
        What is wrong, quoting the value.
    cure
        What to do about it, as an instruction.
    row
        Row number as a spreadsheet counts; ``None`` when the whole file is meant.
    record
        Identifier of the record, empty when it has none.
    column
        Column name, empty when the whole row or file is meant.
    """

    file: str
    what: str
    cure: str
    row: int | None = None
    record: str = ""
    column: str = ""

    def __str__(self) -> str:
        """Write the problem as one line: where, what, cure."""
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}" + (f" ({shorten(self.record)})" if self.record else ""))
        if self.column:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {self.what} Cure: {self.cure}"


@dataclass(frozen=True)
class Package:
    """A data package as text.

    Parameters
    ----------
    directory
        Folder that holds ``datapackage.json``.
    descriptor
        The parsed descriptor.
    tables
        One frame of strings a table resource, by resource name; columns as in the file, the
        empty string where nothing is stated; the index is the spreadsheet's row number.
    texts
        The file of each table, unparsed, by resource name.
    written
        Tables whose file stands row by row as :func:`write_csv` writes the table.
    """

    directory: Path
    descriptor: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    texts: dict[str, str]
    written: frozenset[str] = frozenset()

    @property
    def digest(self) -> str:
        """SHA-256 over the text of every table, by name: two with one digest hold the same rows."""
        joined = "".join(self.texts[name] for name in sorted(self.texts))
        return hashlib.sha256(joined.encode()).hexdigest()

    def resource(self, name: str) -> dict[str, Any]:
        """Return the descriptor of one resource."""
        return next(found for found in self.descriptor["resources"] if found["name"] == name)

    def fields(self, name: str) -> list[dict[str, Any]]:
        """Return the field descriptors of one table, in column order."""
        fields: list[dict[str, Any]] = self.resource(name)["schema"]["fields"]
        return fields

    def path(self, name: str) -> Path:
        """Return where a resource lies."""
        return self.directory / str(self.resource(name)["path"])


def shorten(text: str, limit: int = 80) -> str:
    """Cut a value so that a message stays one readable line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def read_package(
    directory: Path, without: Collection[str] = ()
) -> tuple[Package | None, list[Problem]]:
    """Read every table of a data package as text.

    Parameters
    ----------
    directory
        Folder with a ``datapackage.json`` (Data Package v2).
    without
        Names of resources that are not read.

    Returns
    -------
    package, problems
        The package, or ``None`` if there are problems.
    """
    try:
        descriptor = json.loads(_decode(directory / DESCRIPTOR))
        resources = _resources(descriptor)
        _require(descriptor)
    except (OSError, ValueError, RecursionError) as error:
        reason = "cannot be opened" if isinstance(error, OSError) else str(error)
        return None, [
            Problem(
                DESCRIPTOR,
                f"the description of the data package {reason.rstrip('.')}.",
                "restore datapackage.json from the last good version.",
            )
        ]
    problems: list[Problem] = []
    tables: dict[str, pd.DataFrame] = {}
    texts: dict[str, str] = {}
    written: set[str] = set()
    for resource in resources:
        name, path = resource["name"], resource["path"]
        if name in without:
            continue
        try:
            text = _decode(directory / path)
        except OSError:
            problems.append(
                Problem(path, "the file is missing or cannot be opened.", "restore the file.")
            )
            continue
        except ValueError as error:
            problems.append(Problem(path, f"{error}.", "save the file again as UTF-8 text."))
            continue
        if "schema" not in resource:
            continue
        columns = [field["name"] for field in resource["schema"]["fields"]]
        table = _read_written(text, columns)
        if table is not None:
            written.add(name)
        else:
            rows, found = _read_rows(path, text, columns)
            problems += found
            table = pd.DataFrame(rows, columns=columns, dtype="str")
        tables[name] = table.set_axis(pd.RangeIndex(len(table)) + FIRST_DATA_ROW)
        texts[name] = text
    if problems:
        return None, problems
    return Package(directory, descriptor, tables, texts, frozenset(written)), []


def _decode(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} is not UTF-8 text") from None


def _resources(descriptor: Any) -> list[dict[str, Any]]:
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        raise ValueError("has no list of resources")
    for resource in descriptor["resources"]:
        if not isinstance(resource, dict) or not all(
            isinstance(resource.get(key), str) for key in ("name", "path")
        ):
            raise ValueError("has a resource without name or path")
        path = PurePosixPath(resource["path"])
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(f"names the path {resource['path']!r} outside the package")
    resources: list[dict[str, Any]] = descriptor["resources"]
    return resources


def _require(descriptor: dict[str, Any]) -> None:
    for key in ("version", "created"):
        if not isinstance(descriptor.get(key), str):
            raise ValueError(f"does not say {key}")
    try:
        date.fromisoformat(descriptor["created"][:10])
    except ValueError:
        raise ValueError(f"says created {shorten(descriptor['created'])!r}, no date") from None
    described = {resource["name"]: resource for resource in descriptor["resources"]}
    for name in TABLES:
        schema = described.get(name, {}).get("schema")
        if not isinstance(schema, dict):
            raise ValueError(f"does not describe the table {name}")
        fields = schema.get("fields")
        if not isinstance(fields, list) or not all(
            isinstance(field, dict) and isinstance(field.get("name"), str) and "type" in field
            for field in fields
        ):
            raise ValueError(f"has no proper list of fields for the table {name}")
        if not isinstance(schema.get("primaryKey"), str | list):
            raise ValueError(f"names no primaryKey for the table {name}")


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


def _read_written(text: str, columns: list[str]) -> pd.DataFrame | None:
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


def _read_rows(path: str, text: str, columns: list[str]) -> tuple[list[list[str]], list[Problem]]:
    if not text.strip():
        return [], [Problem(path, "the file is empty.", "restore the file, header row included.")]
    if text.startswith("\ufeff"):
        cure = "save the file as UTF-8 without a byte order mark."
        return [], [Problem(path, "the file begins with a byte order mark.", cure)]
    if "\0" in text:
        return [], [Problem(path, "the file holds a NUL byte.", "save it again as plain text.")]
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        cure = "close the quotation mark, or shorten the cell, near that line."
        return [], [Problem(path, f"the file is not valid CSV ({error}).", cure)]
    header, *rows = records
    problems = list(_header_problems(path, header, columns))
    if problems:
        return [], problems
    for number, row in enumerate(rows, FIRST_DATA_ROW):
        if len(row) != len(columns):
            what = f"{len(row)} cells where the header has {len(columns)}."
            cure = "put text that holds a comma in quotation marks, and delete empty lines."
            problems.append(Problem(path, what, cure, number, row[0] if row else ""))
    if problems:
        return [], problems
    order = [header.index(name) for name in columns]
    return [[row[position] for position in order] for row in rows], []


def _header_problems(path: str, header: list[str], columns: list[str]) -> Iterator[Problem]:
    for name in columns:
        if name not in header:
            yield Problem(
                path,
                "the column is missing.",
                f"add it again; the columns are: {', '.join(columns)}.",
                1,
                column=name,
            )
    for name in dict.fromkeys(header):
        if name not in columns:
            what = "datapackage.json does not know this column."
            yield Problem(path, what, "delete it, or describe it there.", 1, column=shorten(name))
        elif header.count(name) > 1:
            yield Problem(path, "the column stands there twice.", "delete one.", 1, column=name)
