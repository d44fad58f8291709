"""An Excel workbook from a stranger, cell by cell, within bounds.

A library that reads workbooks builds an object for every style, unfolds shared formulas, and leaves
out rows that are out of order without saying so. Here only the cells that are asked for are built.
So time and memory grow no faster than the size of the file.
"""

import math
import posixpath
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import column_index_from_string

from armsflow.language import _, isolated

MOST_ELEMENTS = 500_000
"""XML elements that one workbook may have: more than four full sheets have, and about two
seconds of reading."""

FIRST_DAY = 61
"""Number of 1 March 1900; before it Excel counts a 29 February that never was."""

EXACT_BELOW = 10**15
"""Excel keeps fifteen digits of a number; a longer one may have lost its last."""

CHUNK = 65_536

BUILTIN = {str(number): form for number, form in BUILTIN_FORMATS.items()}

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a character that XML does not allow (ECMA-376, ST_Xstring)."""


class WorkbookError(Exception):
    """A workbook that cannot be read; says why."""


class Cell(NamedTuple):
    """One filled cell.

    Parameters
    ----------
    text
        The value as text, or what is wrong with it when the kind is ``refused``.
    kind
        ``text``; ``integer`` or ``decimal`` (a number), ``boolean`` (``true``, ``false``) or
        ``day`` (a date, ISO 8601) when the spreadsheet stores the value as such; ``refused``.
    fix
        What to do about a refused cell.
    """

    text: str
    kind: str = "text"
    fix: str = ""


Row = tuple[int, dict[int, Cell]]
"""Row number as the spreadsheet counts, and the filled cells by column, counted from 1."""


class Workbook:
    """A workbook whose parts were unpacked.

    Parameters
    ----------
    parts
        The files inside the workbook, by name.

    Raises
    ------
    WorkbookError
        If there is no list of sheets, or a part is not valid XML.
    """

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._elements = 0
        book = next(
            (target for kind, target in self._relations("").values() if kind == "officeDocument"),
            "",
        )
        targets = self._relations(book)
        by_kind = dict(targets.values())
        self._first_day = date(1899, 12, 30)
        self._sheets: dict[str, str] = {}
        for opened, tag, attributes, _text in self._events(book):
            if opened and tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
                self._first_day = date(1904, 1, 1)
            elif opened and tag == "sheet":
                name = attributes.get("name", "")
                if name in self._sheets:
                    raise WorkbookError(_("two sheets have the same name"))
                self._sheets[name] = targets.get(attributes.get("id", ""), ("", ""))[1]
        self._formats = self._read_formats(by_kind.get("styles"))
        self._strings = list(self._read_strings(by_kind.get("sharedStrings")))

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, in their order."""
        return tuple(self._sheets)

    def rows(self, sheet: str) -> Iterator[Row]:
        """Read the rows of a sheet that have a filled cell.

        Raises
        ------
        WorkbookError
            If the sheet is not valid XML, or a row or cell is there twice or out of order.
        """
        number = column = 0
        cells: dict[int, Cell] = {}
        inside: dict[str, str] | None = None
        value = inline = ""
        formula = phonetic = False
        for opened, tag, attributes, text in self._events(self._sheets[sheet]):
            match tag, opened:
                case "row", True:
                    following = _index(attributes.get("r", str(number + 1)))
                    if following <= number:
                        what = _("row {row} is there twice or out of order", row=str(following))
                        raise WorkbookError(what)
                    number, column, cells = following, 0, {}
                case "row", False:
                    if cells:
                        yield number, cells
                case "c", True:
                    following = _column(attributes.get("r"), number, column)
                    if following <= column:
                        what = _(
                            "a cell of row {row} is there twice or out of order", row=str(number)
                        )
                        raise WorkbookError(what)
                    column, inside = following, attributes
                    value = inline = ""
                    formula = False
                case "c", False if inside is not None:
                    cell = self._cell(inside, value, inline, formula)
                    if cell.text:
                        cells[column] = cell
                    inside = None
                case "rPh", _:
                    phonetic = opened
                case "f", True:
                    formula = inside is not None
                case "v", False:
                    value = text
                case "t", False if not phonetic:
                    inline += text

    def _cell(self, attributes: dict[str, str], value: str, inline: str, formula: bool) -> Cell:
        kind, form = attributes.get("t", "n"), self._form(attributes.get("s", "0"))
        if formula:
            fix = _("copy the cells and paste them as values.")
            return Cell(_("the cell holds a formula."), "refused", fix)
        if kind == "inlineStr":
            return Cell(_unescape(inline))
        if not value:
            return Cell("")
        match kind:
            case "s":
                position = int(value) if re.fullmatch(r"\d{1,7}", value, re.ASCII) else -1
                if not 0 <= position < len(self._strings):
                    raise WorkbookError(_("a cell names a text that is not there"))
                return Cell(self._strings[position])
            case "str":
                return Cell(_unescape(value))
            case "b":
                return Cell("true" if value in {"1", "true"} else "false", "boolean")
            case "e":
                fix = _("write what is meant, or empty the cell.")
                what = _("the cell holds the error {error}.", error=isolated(value[:20]))
                return Cell(what, "refused", fix)
            case "d":
                return _day(value, form)
        if not NUMBER.fullmatch(value):
            raise WorkbookError(_("a cell has a number that cannot be read"))
        return stored_number(float(value), form, self._first_day)

    def _form(self, style: str) -> str:
        position = int(style) if re.fullmatch(r"\d{1,7}", style, re.ASCII) else 0
        return self._formats[position] if position < len(self._formats) else ""

    def _read_formats(self, part: str | None) -> list[str]:
        """Return the number format of every cell style."""
        custom: dict[str, str] = {}
        found: list[str] = []
        cell_styles = False
        for opened, tag, attributes, _text in self._events(part) if part else ():
            if tag == "cellXfs":
                cell_styles = opened
            elif opened and tag == "numFmt":
                custom[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif opened and tag == "xf" and cell_styles:
                known = attributes.get("numFmtId", "0")
                found.append(custom.get(known) or BUILTIN.get(known, ""))
        return found

    def _read_strings(self, part: str | None) -> Iterator[str]:
        text = ""
        phonetic = False
        for opened, tag, _given, words in self._events(part) if part else ():
            if tag == "si" and opened:
                text = ""
            elif tag == "si":
                yield _unescape(text)
            elif tag == "rPh":
                phonetic = opened
            elif tag == "t" and not opened and not phonetic:
                text += words

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to: kind and file by identifier."""
        folder, name = posixpath.split(part)
        found = {}
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        for opened, tag, attributes, _text in self._events(listed):
            if opened and tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.join("/", folder, attributes.get("Target", ""))
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))
        return found

    def _events(self, part: str) -> Iterator[tuple[bool, str, dict[str, str], str]]:
        """Walk through a part: opened or closed, tag, attributes, the text before a close."""
        if part not in self._parts:
            raise WorkbookError(_("a part of it is missing"))
        waiting: list[tuple[bool, str, dict[str, str], str]] = []
        text: list[str] = []

        def local(name: str) -> str:
            return name.rpartition(" ")[2]

        def opened(tag: str, attributes: dict[str, str]) -> None:
            self._elements += 1
            if self._elements > MOST_ELEMENTS:
                what = _("it has too many cells, empty ones with a format included")
                raise WorkbookError(what)
            text.clear()
            named = {local(name): value for name, value in attributes.items()}
            waiting.append((True, local(tag), named, ""))

        def closed(tag: str) -> None:
            waiting.append((False, local(tag), {}, "".join(text)))
            text.clear()

        def refuse(*_given: object) -> None:
            raise WorkbookError(_("it defines words of its own, which no spreadsheet does"))

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = opened
        parser.EndElementHandler = closed
        parser.CharacterDataHandler = text.append
        parser.StartDoctypeDeclHandler = refuse
        content = self._parts[part]
        try:
            for start in range(0, len(content), CHUNK):
                parser.Parse(content[start : start + CHUNK], False)
                yield from waiting
                waiting.clear()
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError):
            # The last two for an encoding that Python does not know or expat cannot use.
            raise WorkbookError(_("a part of it is damaged")) from None
        yield from waiting


def _index(number: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,6}", number, re.ASCII):
        raise WorkbookError(_("the number of a row cannot be read"))
    return int(number)


def _column(position: str | None, row: int, before: int) -> int:
    if position is None:
        return before + 1
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", position, re.ASCII)
    if not found or int(found[2]) != row:
        raise WorkbookError(_("a cell of row {row} says that it is elsewhere", row=str(row)))
    return int(column_index_from_string(found[1]))


def stored_number(number: float, form: str, first_day: date) -> Cell:
    """Return a number as its format shows it.

    Parameters
    ----------
    number, form
        The number; the number format of the cell.
    first_day
        Day 0 of the workbook.
    """
    if shows(form):
        return shown_date(number, form, first_day)
    if "%" in form:
        what = _("the cell shows a percentage, but holds {number}.", number=f"{number:g}")
        return Cell(what, "refused", _("format the cell as text and write the number."))
    return number_cell(number)


def number_cell(number: float) -> Cell:
    """Return a number that a spreadsheet stores as such."""
    if not math.isfinite(number) or abs(number) >= EXACT_BELOW:
        fix = _("format the cell as text and write the number in full.")
        return Cell(_("the number is too long for a spreadsheet to keep."), "refused", fix)
    if number.is_integer():
        return Cell(str(int(number)), "integer")
    return Cell(format(Decimal(repr(number)), "f"), "decimal")


def shown_date(number: float, form: str, first_day: date) -> Cell:
    """Return a number that a spreadsheet shows as a date.

    Parameters
    ----------
    number, form
        Days since the first one; the number format of the cell.
    first_day
        Day 0 of the workbook.
    """
    last = (date.max - first_day).days
    if not (FIRST_DAY <= number <= last and number.is_integer()):
        return _day("", form)
    return _day((first_day + timedelta(days=int(number))).isoformat(), form)


def _day(text: str, form: str) -> Cell:
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(T00:00(:00(\.0+)?)?Z?)?", text, re.ASCII)
    fix = _(
        "format the cell as text and write what the source has; a date as YYYY, YYYY-MM or "
        "YYYY-MM-DD."
    )
    if not found:
        return Cell(_("the cell holds a time, or a date that cannot be read."), "refused", fix)
    if form and "d" not in shows(form):
        # Excel makes "2013-05" the first of May and shows the month only.
        what = _("the cell shows no day, but holds {day}.", day=isolated(found[1]))
        return Cell(what, "refused", fix)
    return Cell(found[1], "day")


def shows(form: str) -> str:
    """Return the letters of a number format that mean a part of a date or time."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", form).lower()
    return "".join(letter for letter in bare if letter in "dmyhs")


def _unescape(text: str) -> str:
    return ESCAPE.sub(
        lambda found: found[0] if 0xD800 <= (code := int(found[1], 16)) <= 0xDFFF else chr(code),
        text,
    )
