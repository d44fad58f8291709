"""Words on a slide: boxes, paragraphs and cells, in the language and its direction."""

from collections.abc import Sequence
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from armsflow.briefing.deck import WIDTH
from armsflow.language import direction, spoken
from armsflow.picture import style

FONT: Final = "Arial"
"""Every office machine has it, with Arabic letters; LibreOffice replaces it by a font of the same
widths."""
LANGUAGES: Final = {"en": "en-GB", "fr": "fr-FR", "ar": "ar-SA"}
"""How a presentation names the language of words, for spelling and for reading aloud."""
SPACE_AFTER: Final = 4
"""Points below a paragraph."""
CROWDED: Final = 16
HEAD_SIZE: Final = 11
"""From so many paragraphs on no space is between them but above headings, larger than so many
points."""


def seen(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of what begins *left* of where a line starts."""
    left, top, width, height = box
    return (WIDTH - left - width if direction() == "rtl" else left), top, width, height


def box_of(page: Any, left: int, top: int, width: int, height: int, name: str) -> Any:
    """Add a named box for words and return its frame."""
    shape = page.shapes.add_textbox(*seen((left, top, width, height)))
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def write(
    frame: Any,
    rows: Sequence[tuple[str, float, bool, str]],
    align: Any = PP_ALIGN.LEFT,
) -> None:
    """Write paragraphs: their words, size, whether they are bold, colour or none."""
    for number, (words, size, bold, colour) in enumerate(rows):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        say(paragraph, align)
        paragraph.space_after = Pt(0 if len(rows) > CROWDED else SPACE_AFTER)
        if number and bold and len(rows) > CROWDED and size > HEAD_SIZE:
            paragraph.space_before = Pt(SPACE_AFTER)
        run = paragraph.add_run()
        run.text = words
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        if colour:
            run.font.color.rgb = rgb(colour)
        _say_run(run)


def say(paragraph: Any, align: Any) -> None:
    """Give a paragraph, and what it says so far, the language and its direction."""
    if direction() == "rtl":
        align = PP_ALIGN.CENTER if align == PP_ALIGN.CENTER else PP_ALIGN.RIGHT
        paragraph._p.get_or_add_pPr().set("rtl", "1")
    paragraph.alignment = align
    for run in paragraph.runs:
        _say_run(run)


def _say_run(run: Any) -> None:
    properties = run._r.get_or_add_rPr()
    properties.set("lang", LANGUAGES[spoken()])
    if direction() == "rtl" and run.font.name:
        # Arabic letters are of another font than Latin ones.
        properties.append(properties.makeelement(qn("a:cs"), {"typeface": run.font.name}))


def cell_of(cell: Any, words: str, *, bold: bool, ground: str) -> None:
    """Write the words of a cell on a ground."""
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(ground)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    write(cell.text_frame, [(words, 12, bold, style.INK)])


def rgb(colour: str) -> RGBColor:
    """Return a colour of the style as python-pptx wants it."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]
