"""The form in which rows are added: an Excel workbook, or the same as CSV files in a ZIP.

An incident and its items are two tables. In a single CSV, the incident would be repeated for every
item and could contradict itself. So the CSV form is a ZIP of the same tables. A filled form of
either kind is read by :mod:`armsflow.curation.submission`.
"""

import csv
import io
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from armsflow.curation.additions import KEYED
from armsflow.curation.dialects import LABELS
from armsflow.curation.headings import MOST_ROWS
from armsflow.curation.upload import ABOUT, CODES, MEMBERS, SHEETS
from armsflow.curation.wording import worded
from armsflow.language import N_, _, direction, isolated
from armsflow.package.archive import Archive, workbook_bytes
from armsflow.package.package import UNPUBLISHED, Package

NAMES = LABELS | {"incidents": "title", "sources": "title"}
"""Column that says in words what an identifier means."""

AS_TEXT = "@"
"""Number format of text: what is typed stays as typed, and 2013-05 is no date."""

WIDTHS = {"title": 44, "summary": 70, "url": 50, "designation": 36, "note": 44, "source_ids": 40}
"""Column widths in characters where the usual one is too narrow."""

HOW_TO: Final = (
    N_(
        "One row of “{incidents}” is something found, stopped, used or reported. Every kind of "
        "weapon in it is a row of “{items}” with the same {incident_id}."
    ),
    N_(
        "Cite published places and sources by their identifier, from “{codes}”. Add rows to "
        "“{places}” and “{sources}” only for what is not there. A route that no published one is "
        "comes in “{corridors}”, with its points in “{waypoints}”, in order from Libya; an "
        "incident names it."
    ),
    N_(
        "Write dates as exactly as the source: 2013, 2013-05 or 2013-05-14. Leave empty what no "
        "source states. Separate several identifiers with ; and no blank. Write values, not "
        "formulas."
    ),
    N_("Keep the names of sheets and columns. An incident is taken whole or not at all."),
    N_(
        "The rows are checked by the rules of the published data. They stay yours: nothing is "
        "published."
    ),
)

LONGEST_TITLE: Final = 32
"""Characters that the title of a message about a cell may have in Excel."""

ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""An underline that a spreadsheet would take for the start of an escaped character."""

REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that XML does not allow; a workbook escapes them."""

Rows = Mapping[str, Iterable[Sequence[str]]]
"""By table, the texts of every row in the order of the columns."""


def template_xlsx(
    package: Package, published: Collection[str] = (), sheets: Sequence[str] = SHEETS
) -> bytes:
    """Make a template for rows to add to a package.

    Parameters
    ----------
    package
        Whose columns and codes it has.
    published
        Identifiers of rows to write into it, to be corrected; incidents with their items.
    sheets
        Tables to which rows can be added.
    """
    return filled_xlsx(package, _published_rows(package, published, sheets))


def export_xlsx(package: Package, incident_ids: Collection[str]) -> bytes:
    """Write incidents back into the template, to be changed and handed in again.

    Parameters
    ----------
    package
        A package with rows that are not published
        (:func:`armsflow.curation.submission.read_upload`).
    incident_ids
        Incidents to write, with their items, and with the places, sources and routes that they cite
        if these are not published either.
    """
    return filled_xlsx(package, _own_rows(package, incident_ids))


def template_csv(
    package: Package, published: Collection[str] = (), sheets: Sequence[str] = SHEETS
) -> bytes:
    """Make a template as a ZIP of CSV files, with the codes and a guide beside them.

    Parameters
    ----------
    package, published, sheets
        As for :func:`template_xlsx`.
    """
    stream = io.BytesIO()
    with Archive(stream) as archive:
        for table, rows in _published_rows(package, published, sheets).items():
            archive.writestr(f"{table}.csv", _csv([_columns(package, table), *rows]))
        codes = [
            (heading, *row) for heading, block in choices(package, sheets).items() for row in block
        ]
        archive.writestr(f"{CODES}.csv", _csv([("column", "code", "label", "meaning"), *codes]))
        guide = "\r\n".join(" | ".join(filter(None, row)) for row in _guide(package, sheets))
        archive.writestr("README.txt", f"{guide}\r\n".encode("utf-8-sig"))
    return stream.getvalue()


def rows_xlsx(package: Package, rows: Rows) -> bytes:
    """Write rows as the template has them, without its guide and its codes: quick to write."""
    book = Workbook()
    book.remove(book.active)
    for table in rows:
        sheet = book.create_sheet(table)
        for number, row in enumerate([_columns(package, table), *rows[table]], 1):
            for column, text in enumerate(row, 1):
                _write(sheet, number, column, text)
    return workbook_bytes(book)


def filled_xlsx(package: Package, rows: Rows) -> bytes:
    """Fill in the template.

    Parameters
    ----------
    package
        The published data.
    rows
        By table, the texts of every row in the order of the columns.
    """
    book = Workbook()
    about = book.active
    about.title = ABOUT
    sheets = {table: book.create_sheet(table) for table in rows}
    codes = book.create_sheet(CODES)
    ranges = _write_codes(codes, choices(package, list(rows)))
    own = {KEYED[table] for table in rows if table in KEYED}
    for table, sheet in sheets.items():
        for column, field in enumerate(worded(package).fields(table), 1):
            _describe_column(sheet, column, table, field, ranges, own)
        for number, row in enumerate(rows[table], 2):
            for column, text in enumerate(row, 1):
                _write(sheet, number, column, text)
        sheet.freeze_panes = "B2"
    for number, line in enumerate(_guide(package, list(rows)), 1):
        for column, text in enumerate(line, 1):
            _write(about, number, column, text)
            about.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
        about.cell(number, 1).font = Font(bold=True)
    for sheet in (about, codes):
        sheet.sheet_view.rightToLeft = direction() == "rtl"
    for letter, width in zip("ABCDE", (14, 22, 26, 80, 50), strict=True):
        about.column_dimensions[letter].width = width
    return workbook_bytes(book)


def _describe_column(
    sheet: Any,
    column: int,
    table: str,
    field: dict[str, Any],
    ranges: dict[str, str],
    own: Collection[str],
) -> None:
    """Write the heading of a column with its note, its format and its list of choices."""
    name, letter = field["name"], get_column_letter(column)
    _write(sheet, 1, column, name)
    sheet.cell(1, column).font = Font(bold=True)
    note = Comment(explained(field), "armsflow")
    note.width, note.height = 360, 160
    sheet.cell(1, column).comment = note
    sheet.column_dimensions[letter].width = WIDTHS.get(name, 18)
    sheet.column_dimensions[letter].number_format = AS_TEXT
    offered = '"true,false"' if field["type"] == "boolean" else ranges.get(f"{table}.{name}")
    if offered and field["type"] != "list":
        # What has a sheet of its own may also be a row of it: the list is an offer only.
        strict = name not in own
        sheet.add_data_validation(
            DataValidation(
                "list", formula1=offered, allow_blank=True, showErrorMessage=strict,
                errorTitle=field["title"][:LONGEST_TITLE],
                error=_("Choose from the list, or see “{codes}”.", codes=CODES),
                sqref=f"{letter}2:{letter}{MOST_ROWS + 1}",
            )
        )  # fmt: skip


def _write_codes(sheet: Any, blocks: dict[str, list[tuple[str, str, str]]]) -> dict[str, str]:
    """Write the codes side by side and return the range of cells with those of each column."""
    ranges, heads = {}, (_("label"), _("meaning"))
    for position, (heading, rows) in enumerate(blocks.items()):
        first = 1 + 4 * position
        for number, row in enumerate([(heading, *heads), *rows], 1):
            for column, text in enumerate(row, first):
                _write(sheet, number, column, text)
        letter = get_column_letter(first)
        ranges[heading] = f"{CODES}!${letter}$2:${letter}${len(rows) + 1}"
        for column, width in enumerate((34, 40, 60), first):
            sheet.cell(1, column).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    return ranges


def _write(sheet: Any, row: int, column: int, text: str) -> None:
    """Write text as text, whatever it looks like: neither formula nor error nor number."""
    if text:
        cell = sheet.cell(row, column)
        cell.value = REFUSED.sub(
            lambda found: f"_x{ord(found[0]):04X}_", ESCAPED.sub("_x005F_", text)
        )
        cell.data_type = "s"
        cell.number_format = AS_TEXT


def choices(
    package: Package, sheets: Sequence[str] = SHEETS
) -> dict[str, list[tuple[str, str, str]]]:
    """Return, by heading, what may be written in each column that has codes or cites a row.

    Each comes with label and meaning, in the language that is spoken.
    """
    package = worded(package)
    blocks: dict[str, list[tuple[str, str, str]]] = {}
    for table in sheets:
        cites = {
            key["fields"][0]: key["reference"].get("resource") or table
            for key in package.resource(table)["schema"].get("foreignKeys", [])
        }
        for field in package.fields(table):
            heading = f"{table}.{field['name']}"
            if "categories" in field:
                blocks[heading] = [
                    (str(code["value"]), str(code["label"]), str(code.get("definition", "")))
                    for code in field["categories"]
                ]
            target = cites.get(field["name"]) or field.get("references", {}).get("resource")
            if (
                target
                and target not in {"incidents", MEMBERS.get(table)}
                and heading != "items.note_source_ids"
            ):
                blocks[heading] = [
                    (str(row.iloc[0]), str(row[NAMES[target]]), str(row.get("definition", "")))
                    for _, row in package.tables[target].iterrows()
                ]
    return blocks


def _guide(package: Package, sheets: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the sheet that explains the template."""
    title = isolated(package.descriptor.get("title", ""))
    version = isolated(package.descriptor["version"])
    made_for = _("for: {title}, data {version}", title=title, version=version)
    yield (_("Rows of your own"), "", "", made_for)
    names = {name: name for name in (*SHEETS, CODES, KEYED["incidents"])}
    for line in HOW_TO:
        yield (_("How to fill it in"), "", "", _(line, **names))
    yield (_("Sheet"), _("Column"), _("Title"), _("Meaning"), _("Example (do not send it in)"))
    package = worded(package)
    examples = _example(package, sheets)
    for table in sheets:
        for field in package.fields(table):
            meaning = f"{field['description']} {form_words(field)}"
            example = examples[table].get(field["name"], "")
            yield (table, field["name"], field["title"], meaning, example)


def explained(field: dict[str, Any]) -> str:
    """Say what a column holds, and how a cell of it is filled in."""
    return f"{field['title']}. {field['description']} {form_words(field)}"


def form_words(field: dict[str, Any]) -> str:
    """Say in sentences how a cell is filled in."""
    is_required = field.get("constraints", {}).get("required")
    words = [_("Required.") if is_required else _("May be empty.")]
    if field.get("partialDate"):
        words.append(_("YYYY, YYYY-MM or YYYY-MM-DD."))
    elif field["type"] == "list":
        words.append(_("Several: with ; between them and no blank."))
    elif field["type"] == "boolean":
        words.append(_("{true} or {false}.", true="true", false="false"))
    elif field["type"] in {"integer", "number"}:
        words.append(_("Digits only.") if field["type"] == "integer" else _("Digits and a point."))
    elif "categories" in field:
        words.append(_("A code of the sheet “{codes}”.", codes=CODES))
    elif field.get("constraints", {}).get("unique") and field["name"].endswith("_id"):
        words.append(_("Small letters, digits and hyphens."))
    return " ".join(words)


def _example(package: Package, sheets: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return a published incident with its first item, its place and its first source.

    Of the other tables it is the first row.
    """
    incidents = package.tables["incidents"]
    if incidents.empty:
        return {table: {} for table in sheets}
    events = incidents[incidents["scope"] == "event"]
    incident = (incidents if events.empty else events).iloc[0]
    keys = {
        "incidents": ("incident_id", incident["incident_id"]),
        "items": ("incident_id", incident["incident_id"]),
        "places": ("place_id", incident["place_id"]),
        "sources": ("source_id", incident["source_ids"].split(";")[0]),
    }
    examples = {name: package.tables[name].head(1) for name in sheets}
    for name, (column, value) in keys.items():
        table = package.tables[name]
        examples[name] = table.loc[table[column] == value]
    return {name: dict(next(rows.iterrows(), ("", {}))[1]) for name, rows in examples.items()}


def _own_rows(package: Package, incident_ids: Collection[str]) -> dict[str, list[list[str]]]:
    tables = package.tables
    incidents = tables["incidents"][tables["incidents"]["incident_id"].isin(incident_ids)]
    items = tables["items"][tables["items"]["incident_id"].isin(incident_ids)]
    rows = {"incidents": incidents, "items": items}

    def take(name: str, *cited: pd.Series) -> None:
        identifiers = set(";".join(itertools.chain(*cited)).split(";"))
        own = identifiers & set(package.descriptor.get(UNPUBLISHED, {}).get(name, ()))
        rows[name] = tables[name][tables[name][KEYED[name]].isin(own)]

    take("corridors", incidents["corridor_id"])
    lines = rows["corridors"]["corridor_id"]
    rows["waypoints"] = tables["waypoints"][tables["waypoints"]["corridor_id"].isin(lines)]
    take("places", incidents["place_id"], rows["waypoints"]["place_id"])
    cited = incidents["source_ids"], items["note_source_ids"], rows["corridors"]["source_ids"]
    take("sources", *cited)
    return {name: rows[name].astype(str).to_numpy().tolist() for name in SHEETS}


def citable(package: Package, sheets: Sequence[str]) -> set[str]:
    """Return the identifiers of all published rows that a template with these sheets can hold."""
    return {one for table in sheets for one in package.tables[table].iloc[:, 0]}


def _published_rows(
    package: Package, identifiers: Collection[str], sheets: Sequence[str]
) -> dict[str, list[list[str]]]:
    tables = {name: package.tables[name] for name in sheets}
    return {
        name: table[table.iloc[:, 0].isin(set(identifiers))].astype(str).to_numpy().tolist()
        for name, table in tables.items()
    }


def _columns(package: Package, table: str) -> list[str]:
    return [field["name"] for field in package.fields(table)]


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    # With the mark, Excel reads accents as they are.
    return stream.getvalue().encode("utf-8-sig")
