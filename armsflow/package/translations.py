"""Rows in other languages: what a translation belongs to, and whether it is of the present text.

A translation names the English text that it was made from by a digest. So a row that was changed
shows that its translation is out of date, and nobody has to remember it. Short texts that stand in
many rows, such as designations, are translated once, without an identifier.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from armsflow.language import ENGLISH, NAMES, _, isolated
from armsflow.package.columns import key_columns, problem_in_row
from armsflow.package.package import Package
from armsflow.package.problem import Problem, quoted, shorten

TABLE: Final = "translations"
LANGUAGES: Final = {code: name for code, name in NAMES.items() if code != ENGLISH}
"""Languages besides English, each with its own name for itself."""

TRANSLATED: Final[dict[str, tuple[str, ...]]] = {
    "incidents": ("title", "summary", "seizing_authority"),
    "items": (
        "designation", "calibre", "country_of_manufacture", "marking", "note",
    ),
    "origins": ("label",),
    "places": ("name", "admin1", "note"),
    "corridors": ("name", "description"),
    "destinations": ("label",),
    "weapon_types": ("label", "definition"),
    "timeline": ("title", "summary"),
    "figures": ("label", "unit", "qualifier", "note"),
    "claims": ("claim", "who_said", "date", "subject_place", "note", "unit"),
    "reports": ("destination_as_stated", "claim", "locator"),
}  # fmt: skip
"""Columns whose texts are translated, by table; titles of sources stay as they are."""

SHARED: Final = frozenset({
    ("incidents", "seizing_authority"), ("origins", "label"), ("claims", "date"),
    *(("items", column) for column in TRANSLATED["items"]),
})  # fmt: skip
"""Columns whose texts are translated once for all rows that have them."""


WORDS: Final = ("title", "description", "label", "definition")
"""What ``datapackage.json`` says of a column and of its codes, translated once for each text."""


def made_from(text: str) -> str:
    """Return the digest by which a translation names its English text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def texts(package: Package) -> pd.DataFrame:
    """List every text that is to be translated: in rows, of columns and of codes.

    Returns
    -------
    texts
        Columns ``record`` (empty for a text that rows share), ``table``, ``column``, ``english``
        and ``made_from``, each text once.
    """
    found: dict[tuple[str, str, str, str], None] = {}
    for name, columns in TRANSLATED.items():
        table = package.tables[name] if name in package.tables else pd.DataFrame()
        for column in (one for one in columns if one in table):
            shared = (name, column) in SHARED
            records = [""] * len(table) if shared else table[key_columns(package, name)[0]]
            for record, text in zip(records, table[column], strict=True):
                # Without a letter, such as a date, it is the same in every language.
                if any(map(str.isalpha, text)):
                    found[str(record), name, column, str(text)] = None
    for name in package.tables:
        for field in package.fields(name):
            for described in (field, *field.get("categories", ())):
                for text in (described[key] for key in WORDS if described.get(key)):
                    found["", name, field["name"], str(text)] = None
    listed = pd.DataFrame(list(found), columns=["record", "table", "column", "english"])
    return listed.assign(made_from=[made_from(text) for text in listed["english"]])


def untranslated(package: Package, language: str) -> pd.DataFrame:
    """List the texts of a package that have no translation into a language, as :func:`texts`.

    A text that was changed since it was translated is among them.
    """
    wanted = texts(package)
    if TABLE not in package.tables:
        return wanted
    told = package.tables[TABLE]
    return wanted[~_keys(wanted).isin(_keys(told[told["language"] == language]))]


def in_use(package: Package) -> pd.DataFrame:
    """Return the translations of texts that a package has, in any row or shared by rows."""
    told = package.tables[TABLE]
    return told[_keys(told).isin(_keys(texts(package)))]


def _keys(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[["record", "table", "column", "made_from"]])


Told = dict[tuple[str, str], dict[tuple[str, str], str]]
"""Texts in one language, by table and column, then by record (empty for a text that rows share) and
the digest of the English text."""


def told_in(language: str, translations: pd.DataFrame) -> Told:
    """Return what a table of translations has in a language."""
    found: Told = {}
    rows = translations[translations["language"] == language]
    columns = rows[["table", "column", "record", "made_from", "text"]]
    for name, column, record, digest, text in columns.to_numpy():
        found.setdefault((name, column), {})[record, digest] = text
    return found


def described(descriptor: dict[str, Any], told: Told) -> dict[str, Any]:
    """Return a descriptor whose titles, labels and definitions are in another language."""

    def field_said(table: str, field: dict[str, Any]) -> dict[str, Any]:
        texts = told.get((table, field["name"]), {})

        def said(one: dict[str, Any]) -> dict[str, Any]:
            return {
                key: texts.get(("", made_from(value)), value) if key in WORDS else value
                for key, value in one.items()
            }

        codes = {"categories": [said(code) for code in field.get("categories", ())]}
        return said(field) | (codes if "categories" in field else {})

    resources = [
        one
        if "schema" not in one
        else one
        | {
            "schema": one["schema"]
            | {"fields": [field_said(one["name"], field) for field in one["schema"]["fields"]]}
        }
        for one in descriptor["resources"]
    ]
    return descriptor | {"resources": resources}


def said_in(language: str, package: Package) -> Package:
    """Return a package to read from: descriptor and rows are in a language, as far as it has them.

    Its files stay as they are, so it is never written.
    """
    if language == ENGLISH or TABLE not in package.tables:
        return package
    told, tables = told_in(language, package.tables[TABLE]), dict(package.tables)
    for (name, column), texts in told.items():
        if column in TRANSLATED.get(name, ()) and name in tables:
            records = tables[name][key_columns(package, name)[0]]
            said = [
                texts.get((record, made := made_from(text))) or texts.get(("", made), text)
                for record, text in zip(records, tables[name][column], strict=True)
            ]
            tables[name] = tables[name].assign(**{column: said})
    return replace(package, descriptor=described(package.descriptor, told), tables=tables)


def translations_belong_to_a_row(package: Package) -> Iterator[Problem]:
    """Every translation belongs to a column that is translated, and to a row that exists."""
    if TABLE not in package.tables:
        return
    known = {
        name: set(package.tables[name][key_columns(package, name)[0]])
        for name in TRANSLATED
        if name in package.tables
    }
    columns = {name: set(table.columns) for name, table in package.tables.items()}
    told = package.tables[TABLE]
    rows = told[["record", "table", "column"]].to_numpy()
    for row, (record, name, column) in zip(told.index, rows, strict=True):
        by_row = column in TRANSLATED.get(name, ()) and (name, column) not in SHARED
        if column not in columns.get(name, ()):
            what = _("{column} is no column.", column=quoted(shorten(f"{name}.{column}")))
            fix = _("name a table and a column of the package, or delete the row.")
            yield problem_in_row(package, TABLE, row, "column", what, fix)
        elif record and not by_row:
            what = _("{column} is translated for all rows.", column=isolated(f"{name}.{column}"))
            yield problem_in_row(package, TABLE, row, "record", what, _("leave the cell empty."))
        elif record and record not in known[name]:
            what = _(
                "{identifier} is not in {file}.",
                identifier=quoted(shorten(record)),
                file=isolated(package.resource(name)["path"]),
            )
            fix = _("correct it, or delete the row.")
            yield problem_in_row(package, TABLE, row, "record", what, fix)
