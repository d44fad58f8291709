"""How letters get into a PDF: two places where matplotlib and fontTools do it otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from fontTools import subset
from matplotlib.backends import backend_pdf
from matplotlib.backends.backend_pdf import Op, PdfFile

LAYING_OUT: Final = ("GSUB", "GPOS", "GDEF", "kern")
"""What fonts know of laying out. It is of no use in a PDF, which says where each letter stands."""

_load_font: Final = subset.load_font


def _load_bare(*arguments: Any, **options: Any) -> Any:
    """Load a font to be cut down to its letters, without what would be thrown away after it.

    fontTools takes these tables apart even if they are dropped.
    """
    font = _load_font(*arguments, **options)
    for table in LAYING_OUT:
        if table in font:
            del font[table]
    return font


class Letters(PdfFile):
    """Writes where the first letter after a change of font stands once, not twice.

    matplotlib moves to that letter and then moves again by its distance from the letter before.
    In Latin words that distance is next to nothing. An Arabic letter whose dots are a shape of
    their own has a large one, and the whole word would stand beside its place.

    What is drawn is compressed at once and not operator by operator, which gives the same bytes.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.has_moved = False
        self.waiting: list[bytes] = []
        super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]

    def write(self, data: bytes) -> None:
        """Write bytes, those of a stream when it ends; what follows its end is not compressed."""
        if self.currentstream is None or self.currentstream.compressobj is None:
            super().write(data)  # type: ignore[no-untyped-call]
        else:
            self.waiting.append(data)

    def endStream(self) -> None:  # noqa: N802 (as matplotlib calls it)
        """Write what waits, and end the stream."""
        if self.currentstream is not None:
            self.currentstream.write(b"".join(self.waiting))
            self.waiting.clear()
        super().endStream()  # type: ignore[no-untyped-call]

    def output(self, *data: Any) -> None:
        """Write operators and what they work on."""
        if data[-1:] == (Op.selectfont,):
            self.has_moved = True
        elif data[-1:] == (Op.showkern,) and self.has_moved:
            self.has_moved = False
            letters, operator = data
            if isinstance(letters[0], float):
                data = letters[1:], operator
        super().output(*data)  # type: ignore[no-untyped-call]


@contextmanager
def letters_of_pdf() -> Iterator[None]:
    """Let letters get into PDFs in these ways until the block ends, in one thread at a time."""
    subset.load_font = _load_bare
    backend_pdf.PdfFile = Letters  # type: ignore[misc]
    try:
        yield
    finally:
        subset.load_font = _load_font
        backend_pdf.PdfFile = PdfFile  # type: ignore[misc]
