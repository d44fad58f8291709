"""Sheets as files: PNG, SVG and PDF."""

import io
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import pypdf
from matplotlib.figure import Figure
from pypdf.generic import BooleanObject, NameObject, TextStringObject

from armsflow.briefing.ground import Ground
from armsflow.briefing.letters import with_fonts
from armsflow.briefing.paper import blank_sheet
from armsflow.briefing.sheet import (
    A4,
    COMPARED,
    WIDE,
    Caption,
    _map_and_legend,
    draw_comparison,
    draw_sheet,
)
from armsflow.picture.picture import Picture

A4_INCHES: Final = (11.69, 8.27)
PIXEL_WIDTHS: Final = (1280, 1920, 3840)

DRAWING: Final = Lock()
"""matplotlib promises nothing about threads; the page makes files in threads of their own."""


def png(picture: Picture, caption: Caption, ground: Ground, width: int = 1920) -> bytes:
    """Draw a sheet as PNG, 16:9, as many pixels wide as asked for."""
    figure = draw_sheet(picture, caption, ground, WIDE)
    return _save(figure, "png", dpi=100 * width / WIDE[0], metadata={"Software": None})


def svg(picture: Picture, caption: Caption, ground: Ground) -> bytes:
    """Draw a sheet as SVG, 16:9, with text that can be searched and edited."""
    figure = draw_sheet(picture, caption, ground, WIDE)
    metadata = {"Date": None, "Creator": None, "Title": picture.sentence.headline}
    return with_fonts(_save(figure, "svg", metadata=metadata))


def pdf(picture: Picture, caption: Caption, ground: Ground) -> bytes:
    """Draw a sheet as PDF, A4 landscape, with real text and embedded fonts."""
    figure = draw_sheet(picture, caption, ground, A4)
    metadata = {"CreationDate": None, "Creator": None, "Producer": None}
    return as_page(_save(figure, "pdf", metadata=metadata), picture.sentence.headline)


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
    return _save(figure, "png", dpi=100 * width / size[0], metadata={"Software": None})


def as_page(document: bytes, title: str) -> bytes:
    """Bring a PDF to the size of A4, and give it a title, which readers show, and a language."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(document))
    writer.pages[0].scale_to(*(72 * inches for inches in A4_INCHES))
    writer.add_metadata({"/Title": title})
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    writer.create_viewer_preferences()[NameObject("/DisplayDocTitle")] = BooleanObject(True)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _save(figure: Figure, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    with DRAWING:
        figure.savefig(stream, format=form, **options)
    return stream.getvalue()


def comparison_png(
    parts: Sequence[tuple[str, Picture]], caption: Caption, ground: Ground, width: int = 1920
) -> bytes:
    """Draw selections side by side as PNG, 16:9, at one scale with one legend."""
    figure = draw_comparison(parts, caption, ground)
    return _save(figure, "png", dpi=100 * width / COMPARED[0], metadata={"Software": None})
