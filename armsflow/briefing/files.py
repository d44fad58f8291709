"""Sheets as files: PNG, SVG and PDF."""

import io
import re
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import pypdf
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf.generic import BooleanObject, NameObject, TextStringObject

from armsflow.briefing.ground import Ground
from armsflow.briefing.paper import blank_sheet
from armsflow.briefing.portable import letters_of_pdf
from armsflow.briefing.shapes import shrink
from armsflow.briefing.sheet import (
    A4,
    COMPARED,
    WIDE,
    _map_and_legend,
    draw_comparison,
    draw_sheet,
)
from armsflow.briefing.titles import Caption, made_words
from armsflow.language import ENGLISH, LOCALES, direction, spoken
from armsflow.picture.picture import Picture

A4_INCHES: Final = 11.69
"""Width of a sheet of A4 paper, landscape."""
PIXEL_WIDTHS: Final = (1280, 1920, 3840)

WORDS: Final = re.compile(r'<g id="(text_\d+)">\n((?:\s*<text.*?</text>\n)+)')
GROUP: Final = re.compile(r'<g id="(text_\d+)">\n')
ENDS: Final = {"start": "end", "end": "start"}
ANCHOR: Final = re.compile(r"text-anchor: (start|end)")
"""Where the words of an SVG are fixed: where they begin, or where they end."""
UNSEEN: Final = re.compile(r'(<text style="[^"]*?)(?:; opacity: 0)?"')
"""Words of an SVG as text, the groups that they are in, and the end of their style."""

DRAWING: Final = Lock()
"""matplotlib promises nothing about threads; the page makes files in threads of their own."""


def png(picture: Picture, caption: Caption, ground: Ground, width: int = 1920) -> bytes:
    """Draw a sheet as PNG, 16:9, as many pixels wide as asked for."""
    figure = draw_sheet(picture, caption, ground, WIDE)
    about = made_words(caption)
    dpi = 100 * width / WIDE[0]
    return _png(figure, dpi, Title=picture.sentence.headline, Description=about)


def svg(picture: Picture, caption: Caption, ground: Ground) -> bytes:
    """Draw a sheet as SVG, 16:9: letters as outlines, the words unseen over them for searching.

    Few programs but browsers read fonts out of an SVG; outlines look the same in all of them.
    """
    figure = draw_sheet(picture, caption, ground, WIDE)
    metadata = {"Date": None, "Creator": None, "Title": picture.sentence.headline}
    words = dict(WORDS.findall(_save(figure, "svg", metadata=metadata).decode()))
    outlines = _save(figure, "svg", letters="path", metadata=metadata).decode()

    def with_words(group: re.Match[str]) -> str:
        return group[0] + UNSEEN.sub(r'\1; opacity: 0"', words.get(group[1], ""))

    return _in_language(GROUP.sub(with_words, outlines)).encode()


def _in_language(drawing: str) -> str:
    """Say of an SVG in which language its words are, and in which direction they run."""
    if spoken() == ENGLISH:
        return drawing
    drawing = drawing.replace("<svg ", f'<svg xml:lang="{spoken()}" ', 1)
    if direction() == "ltr":
        return drawing

    def turned(text: re.Match[str]) -> str:
        return ANCHOR.sub(lambda anchor: f"text-anchor: {ENDS[anchor[1]]}", text[0])

    return re.sub(r"<text [^>]*>", turned, drawing).replace("<text ", '<text direction="rtl" ')


def pdf(picture: Picture, caption: Caption, ground: Ground) -> bytes:
    """Draw a sheet as PDF, A4 landscape, with real text and embedded fonts."""
    figure = draw_sheet(picture, caption, ground, A4)
    shrink(figure, A4_INCHES * 100 / A4[0])
    metadata = {"CreationDate": None, "Creator": None, "Producer": None}
    document = _save(figure, "pdf", metadata=metadata)
    return titled(document, picture.sentence.headline, made_words(caption))


def map_png(picture: Picture, ground: Ground, size: tuple[float, float], width: int) -> bytes:
    """Draw the map with its legend alone, for a slide that has its words as live text.

    Parameters
    ----------
    picture, ground
        What to draw, and on what.
    size
        Width and height in pixels of a 1280-pixel sheet.
    width
        Pixels of the file.
    """
    figure, paper = blank_sheet(size)
    _map_and_legend(paper, picture, ground, (0.0, 0.0, size[0], size[1]), 0.0)
    return _png(figure, 100 * width / size[0])


def titled(document: bytes, title: str, made: str) -> bytes:
    """Give a PDF a title, which readers show, and a language.

    In another than English *made*, which has the numbers of its pictures, is told beside the
    title: out of the pages not every program reads them.
    """
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(document))
    told = {} if spoken() == ENGLISH else {"/Subject": made}
    writer.add_metadata({"/Title": title, **told})
    language = LOCALES[spoken()].replace("_", "-")
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    preferences = writer.create_viewer_preferences()
    preferences[NameObject("/DisplayDocTitle")] = BooleanObject(True)
    if direction() == "rtl":
        preferences[NameObject("/Direction")] = NameObject("/R2L")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _png(figure: Figure, dpi: float, **words: str) -> bytes:
    """Draw a sheet of paper, which nothing shines through, with words about it by their name."""
    stream, said = io.BytesIO(), PngInfo()
    for key, value in words.items():
        said.add_itxt(key, value)
    figure.set_dpi(dpi)
    size = figure.canvas.get_width_height()
    image = Image.frombytes("RGBA", size, _save(figure, "rgba", dpi=dpi)).convert("RGB")
    # Level 3 takes two thirds of the time of the usual 6; our flat colours get no larger by it.
    image.save(stream, "PNG", dpi=(dpi, dpi), pnginfo=said, compress_level=3)
    return stream.getvalue()


def _save(figure: Figure, form: str, letters: str = "none", **options: Any) -> bytes:
    stream = io.BytesIO()
    with DRAWING, letters_of_pdf(), rc_context({"svg.fonttype": letters}):
        figure.savefig(stream, format=form, **options)
    return stream.getvalue()


def comparison_png(
    parts: Sequence[tuple[str, Picture]], caption: Caption, ground: Ground, width: int = 1920
) -> bytes:
    """Draw selections side by side as PNG, 16:9, at one scale with one legend."""
    figure = draw_comparison(parts, caption, ground)
    return _png(figure, 100 * width / COMPARED[0])
