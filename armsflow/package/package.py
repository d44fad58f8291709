"""A data package as it lies on disk: the descriptor, and every table as text.

Nothing is interpreted here. What cannot be read at all (no descriptor, a file that is missing,
empty or not UTF-8, a header that differs from the descriptor, a row with too many cells) is
reported as a :class:`Problem`; the meaning of what could be read is judged by
:mod:`armsflow.package.checks`.
"""

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from armsflow.language import N_, _, isolated
from armsflow.package.problem import FIRST_DATA_ROW, Problem, quoted, shorten
from armsflow.package.tables import read_rows, read_written

DESCRIPTOR = "datapackage.json"
TABLES = (
    "sources", "places", "destinations", "weapon_types", "incidents", "items", "corridors",
    "waypoints", "figures", "timeline", "claims", "reports",
)  # fmt: skip
"""Tables that every data package has."""

FURTHER_TABLES = ("reviews", "origins", "corrections", "translations")
"""Tables that a data package may have: when rows were read, what documents repeat, what changed,
and the texts in other languages."""

UNPUBLISHED = "unpublished"
"""Property of ``datapackage.json`` that names, by table, the rows that are not published."""
NOTE = (
    "This copy holds rows that are not published: a reader added them, and they passed the same "
    "rules, but nobody compared them with their sources."
)
"""What such a package says of itself, in English as all that a package says."""


class DescriptionError(ValueError):
    """What is wrong with ``datapackage.json``, in a sentence."""


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
    return parse_package(
        directory, lambda path: (directory / path).read_bytes(), lambda name: name not in without
    )


def parse_package(
    directory: Path, content: Callable[[str], bytes], wanted: Callable[[str], bool]
) -> tuple[Package | None, list[Problem]]:
    """Read a data package from wherever its files are.

    Parameters
    ----------
    directory
        Folder that holds its basemap.
    content
        Returns the bytes of a file, by its path in the package; raises OSError if it is missing.
    wanted
        Tells whether a resource is read, by its name.

    Returns
    -------
    package, problems
        The package, or ``None`` if there are problems.
    """
    try:
        descriptor = json.loads(_decode(content(DESCRIPTOR)))
        resources = _resources(descriptor)
        _require(descriptor)
    except (OSError, ValueError, RecursionError) as error:
        fix = _("restore datapackage.json from the last good version.")
        return None, [Problem(DESCRIPTOR, _description_fault(error), fix)]
    problems: list[Problem] = []
    package = Package(directory, descriptor, {}, {})
    for resource in resources:
        name, path = resource["name"], resource["path"]
        if not wanted(name):
            continue
        try:
            text = _decode(content(path))
        except OSError:
            what = _("the file is missing or cannot be opened.")
            problems.append(Problem(path, what, _("restore the file.")))
            continue
        except ValueError as error:
            problems.append(Problem(path, str(error), _("save the file again as UTF-8 text.")))
            continue
        if "schema" not in resource:
            continue
        package, found = with_table(package, name, text)
        problems += found
    return (None, problems) if problems else (package, [])


def with_table(package: Package, name: str, text: str) -> tuple[Package, list[Problem]]:
    """Return a package with one table read from the text of its file, and what is wrong with it."""
    columns = [field["name"] for field in package.fields(name)]
    problems: list[Problem] = []
    table = read_written(text, columns)
    written = package.written - {name} if table is None else package.written | {name}
    if table is None:
        rows, problems = read_rows(str(package.resource(name)["path"]), text, columns)
        table = pd.DataFrame(rows, columns=columns, dtype="str")
    table = table.set_axis(pd.RangeIndex(len(table)) + FIRST_DATA_ROW)
    tables, texts = package.tables | {name: table}, package.texts | {name: text}
    return replace(package, tables=tables, texts=texts, written=written), problems


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        position = str(error.start + 1)
        what = _("byte {position} is not UTF-8 text.", position=position)
        raise DescriptionError(what) from None


def _description_fault(error: Exception) -> str:
    if isinstance(error, OSError):
        return _("the description of the data package cannot be opened.")
    if isinstance(error, RecursionError):
        return _("the description of the data package has too many brackets inside brackets.")
    if isinstance(error, json.JSONDecodeError):
        return _(
            "the description of the data package cannot be read near line {line}.",
            line=str(error.lineno),
        )
    if isinstance(error, DescriptionError):
        return str(error)
    return _("the description of the data package cannot be read.")


def _resources(descriptor: Any) -> list[dict[str, Any]]:
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        raise DescriptionError(_("the description of the data package has no list of resources."))
    for resource in descriptor["resources"]:
        if not isinstance(resource, dict) or not all(
            isinstance(resource.get(key), str) for key in ("name", "path")
        ):
            raise DescriptionError(
                _("the description of the data package has a resource without name or path.")
            )
        path = PurePosixPath(resource["path"])
        if path.is_absolute() or ".." in path.parts:
            what = N_(
                "the description of the data package names the path {path} outside the package."
            )
            raise DescriptionError(_(what, path=quoted(resource["path"])))
    resources: list[dict[str, Any]] = descriptor["resources"]
    return resources


def _require(descriptor: dict[str, Any]) -> None:
    for key in ("version", "created"):
        if not isinstance(descriptor.get(key), str):
            what = N_("the description of the data package does not say {key}.")
            raise DescriptionError(_(what, key=isolated(key)))
    try:
        date.fromisoformat(descriptor["created"][:10])
    except ValueError:
        what = N_("the description of the data package says created {value}, no date.")
        created = quoted(shorten(descriptor["created"]))
        raise DescriptionError(_(what, value=created)) from None
    described = {resource["name"]: resource for resource in descriptor["resources"]}
    for name in TABLES:
        told = isolated(name)
        schema = described.get(name, {}).get("schema")
        if not isinstance(schema, dict):
            what = N_("the description of the data package does not describe the table {table}.")
            raise DescriptionError(_(what, table=told))
        fields = schema.get("fields")
        if not isinstance(fields, list) or not all(
            isinstance(field, dict) and isinstance(field.get("name"), str) and "type" in field
            for field in fields
        ):
            what = N_(
                "the description of the data package has no proper list of fields for the table "
                "{table}."
            )
            raise DescriptionError(_(what, table=told))
        for field in fields:
            codes = field.get("categories", [])
            if not isinstance(codes, list) or not all(
                isinstance(code, dict) and {"value", "label", "definition"} <= code.keys()
                for code in codes
            ):
                what = N_(
                    "the description of the data package has a code of {column} without value, "
                    "label or definition."
                )
                raise DescriptionError(_(what, column=isolated(f"{name}.{field['name']}")))
        if not isinstance(schema.get("primaryKey"), str | list):
            what = N_(
                "the description of the data package names no primaryKey for the table {table}."
            )
            raise DescriptionError(_(what, table=told))
