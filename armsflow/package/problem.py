"""What a problem of a data package is: where it lies, what is wrong, and what to do."""

from dataclasses import dataclass
from typing import Literal

from armsflow.language import _, comma, isolated

Kind = Literal["", "absent", "no item", "not cited"]

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
    fix
        What to do about it, as an instruction; empty where there is nothing to do.
    row
        Row number as a spreadsheet counts; ``None`` when the whole file is meant.
    record
        Identifier of the record, empty when it has none.
    column
        Column name, empty when the whole row or file is meant.
    kind
        What others ask for, whatever its words: a row that is cited is ``absent``, an incident has
        ``no item``, a row of a reader's is ``not cited``; empty for all else.
    """

    file: str
    what: str
    fix: str
    row: int | None = None
    record: str = ""
    column: str = ""
    kind: Kind = ""

    def __str__(self) -> str:
        """Write the problem as one line: where, what, fix."""
        parts = [isolated(self.file)]
        if self.row is not None:
            row, record = str(self.row), isolated(shorten(self.record))
            parts.append(
                _("row {row} ({record})", row=row, record=record)
                if self.record
                else _("row {row}", row=row)
            )
        if self.column:
            parts.append(_("column {column}", column=isolated(self.column)))
        where = comma().join(parts)
        if not self.fix:
            return _("{where}: {what}", where=where, what=self.what)
        return _("{where}: {what} Fix: {fix}", where=where, what=self.what, fix=self.fix)


def shorten(text: str, limit: int = 80) -> str:
    """Cut a value so that a message stays one readable line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def quoted(text: str) -> str:
    """Quote a value inside a sentence."""
    return isolated(repr(text))
