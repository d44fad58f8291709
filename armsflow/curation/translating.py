"""Translations of rows as they come back from a translator: listed, filled in, taken in."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from armsflow.curation import storage
from armsflow.curation.dialects import UploadError, csv_rows, decoded, heading_of
from armsflow.curation.release import alone
from armsflow.curation.revision import with_rows
from armsflow.curation.workbook import Cell
from armsflow.language import _, enumerated, isolated
from armsflow.package.checks import check, find_problems
from armsflow.package.package import DESCRIPTOR, Package
from armsflow.package.problem import Problem
from armsflow.package.tables import FORMULA_STARTS, spreadsheet_csv
from armsflow.package.translations import (
    LANGUAGES,
    TABLE,
    in_use,
    made_from,
    texts,
    untranslated,
)

COLUMNS: Final = ("record", "table", "column", "english", "language", "text")
"""Columns of the list that a translator fills in."""
KEY: Final = ["record", "table", "column", "english"]


def missing_csv(package: Package) -> bytes:
    """List the texts that have no translation, as CSV, UTF-8 with a byte order mark for Excel.

    The last column is empty, for the translator.
    """
    listed = [
        untranslated(package, language).assign(language=language, text="") for language in LANGUAGES
    ]
    return spreadsheet_csv(COLUMNS, pd.concat(listed)[list(COLUMNS)].to_numpy())


def take_in(directory: Path, file: Path) -> tuple[int, list[Problem]]:
    """Take the filled rows of such a list into a package on disk, all or none.

    Translations of texts that the package no longer has are taken out. Nobody else can change the
    package meanwhile.

    Returns
    -------
    taken, problems
        How many translations were taken; or what is wrong, and nothing was written.

    Raises
    ------
    OSError
        If the list cannot be read or the table cannot be written.
    """
    content = file.read_bytes()
    with alone(directory):
        package, problems = check(directory)
        if package is None:
            return 0, problems
        if TABLE not in package.tables:
            what = _("the package has no such table.")
            fix = _("describe it in {file} first.", file=isolated(DESCRIPTOR))
            return 0, [Problem(f"{TABLE}.csv", what, fix)]
        filled, problems = _read(file.name, content, package)
        if problems:
            return 0, problems
        told = package.tables[TABLE]
        together = pd.concat([told, filled]).drop_duplicates(
            ["record", "table", "column", "made_from", "language"], keep="last"
        )
        all_of_them = replace(package, tables=package.tables | {TABLE: together})
        grown = with_rows(package, TABLE, in_use(all_of_them))
        if problems := find_problems(grown):
            return 0, problems
        path = str(grown.resource(TABLE)["path"])
        storage.replace_files(directory, {path: grown.texts[TABLE].encode()})
    return len(filled), []


def _read(name: str, content: bytes, package: Package) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the filled rows of a list; each must be of a text that the package has."""
    try:
        lines = list(csv_rows(name, decoded(content)[0], COLUMNS))
    except UploadError as error:
        return pd.DataFrame(), [error.problem]
    headings = {
        heading_of(cell.text): place for place, cell in (lines[0][1] if lines else {}).items()
    }
    if absent := [column for column in COLUMNS if column not in headings]:
        names = enumerated([isolated(column) for column in absent])
        what = _("the header lacks {columns}.", columns=names)
        fix = _("keep the header of the list ({option}).", option=isolated("--missing"))
        return pd.DataFrame(), [Problem(name, what, fix)]
    rows, problems = {}, []
    for number, cells in lines[1:]:
        if 0 in cells:
            problems.append(Problem(name, cells[0].text, cells[0].fix, number))
        said = [_bare(cells.get(headings[one], Cell("")).text) for one in COLUMNS]
        if said[-1]:
            rows[number] = said
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS), dtype="str")
    known = pd.MultiIndex.from_frame(texts(package)[KEY])
    strange = table[~pd.MultiIndex.from_frame(table[KEY]).isin(known)]
    what = _("the package has no such text now.")
    fix = _(
        "list what is missing anew ({option}), and move the translation there.",
        option=isolated("--missing"),
    )
    problems += [
        Problem(name, what, fix, int(row), record, "english")
        for row, record in zip(strange.index, strange["record"], strict=True)
    ]
    digests = [made_from(one) for one in table["english"]]
    return table.assign(made_from=digests).drop(columns="english"), problems


def _bare(text: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from running a text."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
