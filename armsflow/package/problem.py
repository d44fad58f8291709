"""What a problem of a data package is: where it lies, what is wrong, and what to do."""

from dataclasses import dataclass

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
    """

    file: str
    what: str
    fix: str
    row: int | None = None
    record: str = ""
    column: str = ""

    def __str__(self) -> str:
        """Write the problem as one line: where, what, fix."""
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}" + (f" ({shorten(self.record)})" if self.record else ""))
        if self.column:
            where.append(f"column {self.column}")
        fix = f" Fix: {self.fix}" if self.fix else ""
        return f"{', '.join(where)}: {self.what}{fix}"


def shorten(text: str, limit: int = 80) -> str:
    """Cut a value so that a message stays one readable line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
