"""Ordinary tables as people type them: encodings, headings, labels, yes and no, blanks.

What can mean one thing only is read, and noted. What can mean two is never guessed: the rules of
:mod:`armsflow.package.checks` then name it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from armsflow.curation.workbook import Cell, Row
from armsflow.package.package import Package
from armsflow.package.problem import Problem, shorten
from armsflow.words import plural

YES: Final = frozenset({"true", "yes", "oui", "vrai", "ja", "wahr", "نعم"})
NO: Final = frozenset({"false", "no", "non", "faux", "nein", "falsch", "لا"})

LABELS: Final = {
    "places": "name", "corridors": "name", "destinations": "label", "weapon_types": "label",
}  # fmt: skip
"""Column that says in words what an identifier means."""

ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
DECIMAL_COMMA: Final = re.compile(r"[-+]?\d{1,3},\d+")
WHOLE: Final = re.compile(r"\d+\.0", re.ASCII)
"""A whole number as programs write it that take it for a fraction; 1.000 may be a thousand."""
BARE_ADDRESS: Final = re.compile(r"www\.\S+", re.IGNORECASE)
IDENTIFIERS: Final = re.compile(r"[a-z0-9;,\s-]*", re.ASCII)
"""Identifiers with what is typed between them; a title or an address has other characters."""
COUNTRY: Final = "^[A-Z]{3}$"
"""Form of the code of a country."""

INVISIBLE: Final = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that come along when text is copied, and that nobody sees."""
HYPHENS: Final = re.compile("[\u2010-\u2015\u2212]")
"""What a word processor makes of a hyphen or a minus."""

DEGREES: Final = re.compile(
    r"([NSEW])?\s*(\d{1,3}(?:[.,]\d+)?)\s*(°)?"
    r"(?:\s*(\d{1,2}(?:[.,]\d+)?)\s*['′’](?:\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"″”]|''))?)?"
    r"\s*([NSEW])?",
    re.ASCII | re.IGNORECASE,
)
"""Degrees with a sign of their own: 18°26'24"N, 18.44° or N18.44. O is left out, since it is west
in French and east in German."""

LONGEST_CELL = 32_767
"""Characters that Excel can keep in a cell."""

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
"""What may stand between the columns of a CSV file; Excel takes it from the country."""

NAMED_SEPARATOR: Final = re.compile(r'"?sep=(.)"?(?:\r\n?|\n)')
"""First line of a CSV file that tells Excel the separator; Excel does not show it."""

TOP_ROWS: Final = 10
"""Rows among which the headings are looked for; titles and blank lines may come before them."""


class UploadError(Exception):
    """An upload of which nothing can be used.

    Parameters
    ----------
    problem
        What is wrong with it.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def decoded(content: bytes) -> tuple[str, str]:
    """Read bytes as text, and say what they were taken for where it was not certain.

    UTF-8 is tried first, since other text is hardly ever valid UTF-8. What is left is one of the
    two code pages that Excel writes where Arabic and French are spoken: the one in which most
    letters that are not English are letters of one script.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), ""
    start = content[:2_000]
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        # The letters of headings and identifiers have an empty half, which no other text has.
        if start and 4 * start[place::2].count(0) > len(start):
            return content.decode(encoding, "replace"), ""
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    arabic, western = content.decode("cp1256"), content.decode("cp1252", "replace")
    letters = [letter for letter in arabic if ord(letter) > 127 and letter.isalpha()]
    if 2 * sum(1 for letter in letters if ARABIC.match(letter)) > len(letters):
        return arabic, "it is not UTF-8 and was read as Windows-1256 (Arabic)."
    return western, "it is not UTF-8 and was read as Windows-1252 (Western European)."


def heading_of(text: str) -> str:
    """Return a heading in the form of the template, e.g. ``place_id`` for ``Place ID``."""
    return re.sub(r"[\s_\-]+", "_", INVISIBLE.sub("", text).strip("*: \t\r\n\xa0").casefold())


def are_headings(texts: Collection[str], known: Collection[str]) -> bool:
    """Tell whether texts are the headings of a table: at least two of them are known."""
    return len({heading_of(text) for text in texts}.intersection(known)) > 1


def codes_of(package: Package, table: str) -> dict[str, dict[str, str]]:
    """Return by column which code a label stands for, in lower case; only labels of one code.

    A code with other marks between its words, such as ``assault rifle``, is a label of it too.
    """
    found: dict[str, dict[str, str]] = {}
    schema = package.resource(table)["schema"]
    for field in schema["fields"]:
        pairs = [(one["label"], one["value"]) for one in field.get("categories", ())]
        found[field["name"]] = _of_one_code(pairs)
    for key in schema.get("foreignKeys", ()):
        target, [column] = key["reference"]["resource"], key["fields"]
        if target in LABELS:
            rows = package.tables[target]
            codes = rows[key["reference"]["fields"][0]]
            found[column] = _of_one_code(list(zip(rows[LABELS[target]], codes, strict=True)))
    return found


def _of_one_code(pairs: list[tuple[str, str]]) -> dict[str, str]:
    codes: dict[str, set[str]] = {}
    for label, code in pairs:
        for one in (label.casefold(), code, heading_of(code)):
            codes.setdefault(one, set()).add(code)
    return {label: next(iter(several)) for label, several in codes.items() if len(several) == 1}


def plain(field: dict[str, Any], cell: Cell, codes: Mapping[str, str]) -> tuple[Cell, str]:
    """Return a cell as the template would have it, and what was changed, in words.

    Parameters
    ----------
    field
        Description of its column.
    cell
        What was typed.
    codes
        What labels of this column stand for.
    """
    if cell.kind not in {"text", "boolean"}:
        return cell, ""
    text = " ".join(cell.text.split())
    notes = ["blanks or line breaks were taken out."] if text != cell.text and text else []
    read = read_as(field, text, codes)
    if INVISIBLE.sub("", text) == read != text:
        notes.append("invisible characters were taken out.")
    elif read != text:
        notes.append(f"{shorten(text)!r} was read as {shorten(read)!r}.")
    return (Cell(read, cell.kind) if notes else cell), " ".join(notes)


def read_as(field: dict[str, Any], text: str, codes: Mapping[str, str]) -> str:
    """Return what a text means in a column, where it can mean one thing only.

    Parameters
    ----------
    field, codes
        As for :func:`plain`.
    text
        Without outer blanks.
    """
    kind, form = field["type"], field.get("constraints", {}).get("pattern")
    if kind != "string" or form or {"categories", "partialDate"} & field.keys():
        text = INVISIBLE.sub("", text)
        text = text if field["name"] == "url" else HYPHENS.sub("-", text)
    if kind in {"integer", "number"} or field.get("partialDate"):
        # Digits of other scripts, such as those of Arabic.
        text = "".join(str(unicodedata.decimal(one, one)) for one in text)
    lower = text.casefold()
    if kind == "boolean":
        return "true" if lower in YES else "false" if lower in NO else text
    if kind == "number" and DECIMAL_COMMA.fullmatch(text):
        return text.replace(",", ".")
    if kind == "number" and field.get("unit") == "degree":
        return _degrees(field["name"], text)
    if kind == "integer" and WHOLE.fullmatch(text):
        return text[:-2]
    if field["name"] == "url" and BARE_ADDRESS.fullmatch(text):
        return f"https://{text}"
    if kind == "list":
        # Identifiers hold neither commas nor blanks.
        apart = r"[;,\s]+" if IDENTIFIERS.fullmatch(text) else r"\s*;\s*"
        return str(field["delimiter"]).join(filter(None, re.split(apart, text)))
    if form == COUNTRY and not re.fullmatch(form, text, re.ASCII):
        from armsflow.curation.gazetteer import country_code

        return country_code(text) or text
    return codes.get(lower) or codes.get(heading_of(text), text)


def _degrees(column: str, text: str) -> str:
    """Return degrees with minutes, seconds or a letter of the compass as a decimal number."""
    found = DEGREES.fullmatch(text)
    if not found:
        return text
    before, degrees, sign, minutes, seconds, after = (
        one and one.replace(",", ".") for one in found.groups()
    )
    letter = (before or after or "").upper()
    known = {"lat": "NS", "lon": "EW"}.get(column[-3:], "")
    if (before and after) or letter not in known or not (letter or sign):
        return text
    minus = "-" if letter in {"S", "W"} else ""
    if not minutes:
        return minus + degrees
    if not sign or "." in degrees or float(minutes) >= 60 or float(seconds or 0) >= 60:
        return text
    decimal = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
    return f"{minus}{decimal:.5f}"


def row_texts(
    fields: list[dict[str, Any]], cells: dict[str, Cell], codes: dict[str, dict[str, str]]
) -> tuple[list[str], list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Return the texts of a row; column, fault and fix of each cell that is refused; and notes."""
    faults = [("", cells[""].text, cells[""].fix)] if "" in cells else []
    texts, notes = [], []
    for described in fields:
        column = described["name"]
        cell, note = plain(described, cells.get(column, Cell("")), codes.get(column, {}))
        if note:
            notes.append((column, note))
        if fault := _fault(described, cell):
            faults.append((column, *fault))
        texts.append("" if fault else cell.text)
    return texts, faults, notes


def _fault(field: dict[str, Any], cell: Cell) -> tuple[str, str] | None:
    fix = "format the cell as text and write again what the source says."
    if cell.kind == "refused":
        return cell.text, cell.fix
    if len(cell.text) > LONGEST_CELL:
        return f"the cell holds more than {LONGEST_CELL:,} characters.", "shorten it."
    if cell.kind == "decimal" and field["type"] != "number":
        return f"the spreadsheet made the number {shorten(cell.text)} of the cell.", fix
    if cell.kind == "boolean" and field["type"] != "boolean":
        return f"the spreadsheet made {cell.text} of the cell.", fix
    if cell.kind == "day" and not field.get("partialDate"):
        return f"the spreadsheet made the day {cell.text} of the cell.", fix
    return None


def csv_rows(file: str, text: str, known: Collection[str] = ()) -> Iterator[Row]:
    """Read the rows of a CSV file that have a filled cell.

    Parameters
    ----------
    file
        What the reader calls it.
    text
        Its contents.
    known
        Headings by which its header is known; without them it is the first row.

    Raises
    ------
    UploadError
        If it is not valid CSV.
    """
    text = text.rstrip("\0\x1a")  # ends a file of an old program
    if found := NAMED_SEPARATOR.match(text):
        separator, text = found[1], text[found.end() :]
    else:
        separator = separator_of(text, known)
    called = SEPARATORS.get(separator, "separator")
    width = 0
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(lines, 1):
            if not width and (not known or are_headings(cells, known)):
                width = len(cells)
            if width and len(cells) not in {0, width}:
                what = f"{plural(len(cells), 'cell')} where the header has {width}."
                fix = f'put text that holds a {called} in straight quotation marks ("…").'
                if len(cells) < width:
                    fix = f"write the {called}s of its empty cells too, and no line break inside."
                yield number, {0: Cell(what, "refused", fix)}
            elif any(cells):
                yield (
                    number,
                    {column: Cell(value) for column, value in enumerate(cells, 1) if value},
                )
    except csv.Error:
        what = f"the file cannot be read near line {lines.line_num}."
        fix = (
            "look at the quotation marks near that line. A cell that holds some begins and ends "
            'with ", and those inside are doubled: "the ""old"" depot".'
        )
        raise UploadError(Problem(file, what, fix)) from None


def separator_of(text: str, known: Collection[str] = ()) -> str:
    """Return what stands between the columns: what gives the most headings, or is there most."""
    lines = text[:LONGEST_CELL].splitlines()[:TOP_ROWS] or [""]

    def fits(one: str) -> tuple[int, int]:
        cells = ({heading_of(cell.strip('"')) for cell in line.split(one)} for line in lines)
        return max(len(cell.intersection(known)) for cell in cells), lines[0].count(one)

    return max(SEPARATORS, key=fits)
