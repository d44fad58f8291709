"""Fonts, the width of words, and words broken into lines."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import font_source_sans_pro
import font_source_serif_pro
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags

from armsflow.picture.picture import Picture

SANS: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansPro"])
BOLD: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansProSemibold"])
ITALIC: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansProIt"])
SERIF: Final = Path(font_source_serif_pro.font_files_ttf["SourceSerifProSemibold"])


FACES: Final[dict[Path, tuple[str, Literal["normal", "italic"], int]]] = {
    SANS: ("Source Sans Pro", "normal", 400),
    BOLD: ("Source Sans Pro", "normal", 600),
    ITALIC: ("Source Sans Pro", "italic", 400),
    SERIF: ("Source Serif Pro", "normal", 600),
}
"""Family, style and weight of each font file, as an SVG names them."""


@lru_cache(maxsize=256)
def lettered(font: Path, size: float) -> FontProperties:
    """Return a font file as matplotlib wants it, with the names that an SVG writes."""
    family, slant, weight = FACES[font]
    return FontProperties(family=family, style=slant, weight=weight, size=size, fname=font)


@lru_cache(maxsize=4096)
def text_width(words: str, size: float, font: Path) -> float:
    """Measure words in pixels of a 1280-pixel sheet."""
    face = get_font(font)
    face.set_size(size, 72)
    face.set_text(words, 0.0, flags=LoadFlags.NO_HINTING)
    return float(face.get_width_height()[0]) / 64


def forget_words(pictures: Iterable[Picture]) -> None:
    """Forget which words were measured for a picture with rows of a reader's own."""
    if any(picture.whole.unpublished for picture in pictures):
        text_width.cache_clear()


def cut(words: str, width: float, size: float, font: Path) -> str:
    """Shorten words to a width, with an ellipsis where something was left out."""
    if text_width(words, size, font) <= width:
        return words
    while words and text_width(f"{words}…", size, font) > width:
        words = words[: min(len(words) - 1, len(words) * 19 // 20)]
    return f"{words.rstrip()}…"


def wrap(words: str, width: float, size: float, font: Path, most: int | None = None) -> list[str]:
    """Break words into lines no wider than *width*.

    A word that is wider than a line, such as a long address, is broken too; with *most*, what
    does not fit into that many lines is cut with an ellipsis.
    """
    lines: list[str] = []
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, font) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, size, font) > width:
            if most is not None and len(lines) > most:
                break
            letters = _fitting(line, width, size, font)
            lines.append(line[:letters])
            line = line[letters:]
    lines = [*lines, line] if line or not lines else lines
    if most is not None and len(lines) > most:
        kept = f"{lines[most - 1]} {lines[most]}"
        lines = [*lines[: most - 1], cut(kept, width, size, font)]
    return lines


def _fitting(word: str, width: float, size: float, font: Path) -> int:
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if text_width(word[:middle], size, font) <= width else (low, middle - 1)
        )
    return low
