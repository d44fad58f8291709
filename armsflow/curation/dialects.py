"""Ordinary tables as people type them: encodings, headings, labels, yes and no, blanks.

What can mean one thing only is read, and noted. What can mean two is never guessed: the rules of
:mod:`armsflow.package.checks` then name it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from armsflow.curation.wording import in_every_language
from armsflow.curation.workbook import Cell, Row
from armsflow.language import N_, _, _n, isolated
from armsflow.package.package import Package
from armsflow.package.problem import Problem, quoted, shorten

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


class Separator(NamedTuple):
    """What stands between the columns of a CSV file, in words for one, all and every one."""

    one: str
    all: str
    every: str


SEPARATORS: Final = {
    ",": Separator(N_("a comma"), N_("the commas"), N_("each comma")),
    ";": Separator(N_("a semicolon"), N_("the semicolons"), N_("each semicolon")),
    "\t": Separator(N_("a tab"), N_("the tabs"), N_("each tab")),
    "|": Separator(N_("a vertical bar"), N_("the vertical bars"), N_("each vertical bar")),
}
"""What may stand between the columns of a CSV file; Excel takes it from the country."""
OTHER_SEPARATOR: Final = Separator(N_("a separator"), N_("the separators"), N_("each separator"))

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
        return arabic, _("it is not UTF-8 and was read as Windows-1256 (Arabic).")
    return western, _("it is not UTF-8 and was read as Windows-1252 (Western European).")


def heading_of(text: str) -> str:
    """Return a heading in the form of the template, e.g. ``place_id`` for ``Place ID``."""
    bare = INVISIBLE.sub("", text).strip("*: \t\r\n\xa0").casefold()
    return re.sub(r"[\s_\-]+", "_", bare).replace("’", "'")


def are_headings(texts: Collection[str], known: Collection[str]) -> bool:
    """Tell whether texts are the headings of a table: at least two of them are known."""
    return len({heading_of(text) for text in texts}.intersection(known)) > 1


def codes_of(package: Package, table: str) -> dict[str, dict[str, str]]:
    """Return by column which code a label stands for, as :func:`label_of` writes it.

    Labels of every language that the package has are known, but only those of one code. A code
    with other marks between its words, such as ``assault rifle``, is a label of it too.
    """
    english, *others = (_labels(one, table) for one in in_every_language(package))
    return {
        column: of_one([*pairs, *(pair for other in others for pair in other[column])])
        | of_one(pairs)
        for column, pairs in english.items()
    }


def _labels(package: Package, table: str) -> dict[str, list[tuple[str, str]]]:
    """Return by column each label with its code; codes are labels of themselves."""
    found: dict[str, list[tuple[str, str]]] = {}
    schema = package.resource(table)["schema"]
    for field in schema["fields"]:
        codes = field.get("categories", ())
        found[field["name"]] = [(str(one["label"]), str(one["value"])) for one in codes]
    for key in schema.get("foreignKeys", ()):
        target, [column] = key["reference"]["resource"], key["fields"]
        if target in LABELS:
            rows = package.tables[target]
            codes = rows[key["reference"]["fields"][0]]
            found[column] = list(zip(rows[LABELS[target]], codes, strict=True))
    return {
        column: [
            (one, code)
            for label, code in pairs
            for one in (label_of(label), code, heading_of(code))
        ]
        for column, pairs in found.items()
    }


def label_of(text: str) -> str:
    """Return a label as labels are compared: in lower case, with straight apostrophes."""
    return text.casefold().replace("’", "'")


def of_one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what each word stands for, without those that stand for several."""
    meant: dict[str, set[str]] = {}
    for word, one in pairs:
        meant.setdefault(word, set()).add(one)
    return {word: next(iter(several)) for word, several in meant.items() if len(several) == 1}


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
    notes = [_("blanks or line breaks were taken out.")] if text != cell.text and text else []
    read = read_as(field, text, codes)
    if INVISIBLE.sub("", text) == read != text:
        notes.append(_("invisible characters were taken out."))
    elif read != text:
        before, after = quoted(shorten(text)), quoted(shorten(read))
        notes.append(_("{before} was read as {after}.", before=before, after=after))
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
    lower = label_of(text)
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
    fix = _("format the cell as text and write again what the source says.")
    if cell.kind == "refused":
        return cell.text, cell.fix
    if len(cell.text) > LONGEST_CELL:
        what = _("the cell holds more than {count} characters.", count=LONGEST_CELL)
        return what, _("shorten it.")
    said = isolated(shorten(cell.text))
    if cell.kind == "decimal" and field["type"] != "number":
        return _("the spreadsheet made the number {number} of the cell.", number=said), fix
    if cell.kind == "boolean" and field["type"] != "boolean":
        return _("the spreadsheet made {value} of the cell.", value=said), fix
    if cell.kind == "day" and not field.get("partialDate"):
        return _("the spreadsheet made the day {day} of the cell.", day=said), fix
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
    called = SEPARATORS.get(separator, OTHER_SEPARATOR)
    width = 0
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(lines, 1):
            if not width and (not known or are_headings(cells, known)):
                width = len(cells)
            if width and len(cells) not in {0, width}:
                what = _n(
                    "{count} cell where the header has {width}.",
                    "{count} cells where the header has {width}.",
                    len(cells),
                    width=width,
                )
                fix = _(
                    'put text that holds {separator} in straight quotation marks ("…").',
                    separator=_(called.one),
                )
                if len(cells) < width:
                    fix = _(
                        "write {separators} of its empty cells too, and no line break inside.",
                        separators=_(called.all),
                    )
                yield number, {0: Cell(what, "refused", fix)}
            elif any(cells):
                yield (
                    number,
                    {column: Cell(value) for column, value in enumerate(cells, 1) if value},
                )
    except csv.Error:
        what = _("the file cannot be read near line {line}.", line=str(lines.line_num))
        fix = _(
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
