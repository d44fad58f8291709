"""ZIP archives, and the office files that are ZIP archives, with one date for every entry.

So no entry tells the day on which it was written, and a machine whose clock stands before 1980,
where dates of ZIP begin, can write them.
"""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from openpyxl import Workbook

DAY: Final = (2000, 1, 1, 0, 0, 0)


class Archive(zipfile.ZipFile):
    """A new compressed archive, written into a stream."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream, "w", zipfile.ZIP_DEFLATED)

    def writestr(self, zinfo_or_arcname: Any, data: Any, *rest: Any, **named: Any) -> None:
        """Write an entry; one that is given by its name gets the fixed date."""
        entry = zinfo_or_arcname
        if isinstance(entry, str):
            entry = zipfile.ZipInfo(entry, DAY)
            entry.compress_type = self.compression
            entry.external_attr = 0o600 << 16  # as ZipFile.writestr sets it
        super().writestr(entry, data, *rest, **named)

    def write(self, filename: Any, arcname: Any = None, *rest: Any, **named: Any) -> None:
        """Write a file as an entry, with the fixed date instead of the file's own."""
        self.writestr(str(arcname or filename), Path(filename).read_bytes(), *rest, **named)


def workbook_bytes(book: "Workbook") -> bytes:
    """Return an Excel workbook as a file, with a fixed date and our name."""
    # It takes long to import, and most commands write no workbook.
    from openpyxl.writer.excel import ExcelWriter

    said = book.properties
    said.creator = "armsflow"
    said.created = said.modified = datetime(*DAY)  # noqa: DTZ001 (as the entries)
    stream = io.BytesIO()
    ExcelWriter(book, Archive(stream)).save()
    return stream.getvalue()
