"""Fonts, the width of words, and words broken into lines."""

import atexit
import logging
import math
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Final, Literal

import font_source_sans_pro
import font_source_serif_pro
import fontpkg_noto_sans_arabic
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags

from armsflow.language import AGAIN, ASIDE, TO_THE_LEFT, direction
from armsflow.picture.picture import Picture

# A font behind ours need not have the weight of ours: no reader can do anything about it.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

SANS: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansPro"])
BOLD: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansProSemibold"])
ITALIC: Final = Path(font_source_sans_pro.font_files_ttf["SourceSansProIt"])
SERIF: Final = Path(font_source_serif_pro.font_files_ttf["SourceSerifProSemibold"])
[ARABIC] = (fontpkg_noto_sans_arabic.ROOT / "files").glob("*.ttf")
DEJAVU: Final = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
"""Fonts that have the letters which ours lack, as in Arabic, in the order tried."""
ARABIC_LETTERS: Final = range(0x600, 0x700)
"""Code points of letters and marks of Arabic, Persian and Urdu (Unicode, block Arabic)."""
POSTSCRIPT_NAME: Final = 6
"""Number of this name of a font (OpenType, table ``name``)."""
MAKING: Final = Lock()

UNSEEN: Final = frozenset(map(ord, (TO_THE_LEFT, ASIDE, AGAIN)))

NARROWER: Final = (0.08, 0.3)
"""How much narrower than their letters one by one words may be: a share of them, and of the size.
"""
WIDER: Final = (0.01, 0.1)
"""How much wider they may be; most pairs of letters move together, not apart."""

ARABIC_LEADING: Final = 1.26
"""As many times their size Arabic lines lie apart at least; closer, their marks meet."""

FACES: Final[dict[Path, tuple[str, Literal["normal", "italic"], int]]] = {
    SANS: ("Source Sans Pro", "normal", 400),
    BOLD: ("Source Sans Pro", "normal", 600),
    ITALIC: ("Source Sans Pro", "italic", 400),
    SERIF: ("Source Serif Pro", "normal", 600),
}
"""Family, style and weight of each font file, as an SVG names them."""


@cache
def weights() -> Path:
    """Return the folder in which weights of the Arabic font are while we run.

    The font holds all of them in one file, of which matplotlib knows the usual one alone.
    """
    folder = tempfile.mkdtemp(prefix="armsflow-letters-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def behind(font: Path) -> tuple[Path, ...]:
    """Return the fonts that stand behind one of ours, as heavy as it is where there are such."""
    weight = FACES[font][2]
    if weight == FACES[SANS][2]:
        return ARABIC, DEJAVU
    with MAKING:
        file = weights() / f"NotoSansArabic-{weight}.ttf"
        if not file.exists():
            with TTFont(ARABIC, recalcTimestamp=False, lazy=True) as whole:
                # What few languages write takes as long as all other letters.
                letters = subset.Subsetter(subset.Options(layout_features=["*"], name_IDs=["*"]))
                letters.populate(unicodes=ARABIC_LETTERS)
                letters.subset(whole)
                instancer.instantiateVariableFont(
                    whole, {"wght": weight, "wdth": 100}, inplace=True
                )
                # An SVG tells letters by the name of their font: two weights must have two.
                for name in list(whole["name"].names):
                    if name.nameID == POSTSCRIPT_NAME:
                        name.string = file.stem
                whole.save(file)
    return file, DEJAVU


@lru_cache(maxsize=256)
def lettered(font: Path, size: float) -> FontProperties:
    """Return a font file as matplotlib wants it, with the names that an SVG writes."""
    family, slant, weight = FACES[font]
    return FontProperties(family=family, style=slant, weight=weight, size=size, fname=font)


def for_words(properties: FontProperties, words: str) -> FontProperties:
    """Return a font that :func:`lettered` gave, with others behind it where it lacks a letter."""
    font = Path(str(properties.get_file()))
    if _has_all(font, words):
        return properties
    return FontProperties(
        family=_families(font),
        style=properties.get_style(),
        weight=properties.get_weight(),
        size=properties.get_size_in_points(),
    )


@cache
def _families(font: Path) -> list[str]:
    """Make a font and those behind it known to matplotlib, and return what they call themselves."""
    fonts = (font, *behind(font))
    known = {Path(entry.fname) for entry in fontManager.ttflist}
    for file in fonts:
        if file not in known:
            fontManager.addfont(file)
    return [get_font(file).family_name for file in fonts]


def missing_letters(words: str) -> str:
    """Return the letters that no font of ours has: a picture would print boxes for them."""
    return "".join(
        letter
        for letter in dict.fromkeys(words)
        if not any(_has_all(font, letter) for font in (SANS, *behind(SANS)))
    )


@lru_cache(maxsize=1024)
def _has_all(font: Path, words: str) -> bool:
    return _letters_of(font).issuperset(map(ord, words))


@lru_cache(maxsize=16)
def _letters_of(font: Path) -> frozenset[int]:
    return frozenset(get_font(font).get_charmap()) | UNSEEN


def text_width(words: str, size: float, font: Path) -> float:
    """Measure words in pixels of a 1280-pixel sheet."""
    return size * unit_width(words, font)


@lru_cache(maxsize=16_384)
def unit_width(words: str, font: Path) -> float:
    """Measure words at size 1; as no letter is hinted, all sizes have the same proportions.

    Arabic words are measured one by one: their letters take long to be joined, and the same words
    come again in many lines.
    """
    if _has_all(font, words):
        return _measured(words, font, ())
    parts = words.split(" ")
    between = (len(parts) - 1) * _advances(font)[" "]
    return between + sum(_word_width(part, font) for part in parts if part)


@lru_cache(maxsize=16_384)
def _word_width(word: str, font: Path) -> float:
    return _measured(word, font, behind(font))


def _measured(words: str, font: Path, others: tuple[Path, ...]) -> float:
    face = get_font([font, *others] if others else font)
    face.set_size(64, 72)
    face.set_text(words, 0.0, flags=LoadFlags.NO_HINTING)
    return float(face.get_width_height()[0]) / 64 / 64


class _Advances(dict[str, float]):
    """How far each letter of a font goes on at size 1; not a number if the font lacks it."""

    def __init__(self, font: Path) -> None:
        self.font = font

    def __missing__(self, letter: str) -> float:
        if ord(letter) in UNSEEN:
            self[letter] = 0.0
            return 0.0
        self[letter] = math.nan
        if _has_all(self.font, letter):
            face = get_font(self.font)
            face.set_size(64, 72)
            glyph = face.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
            self[letter] = glyph.linearHoriAdvance / 65536 / 64
        return self[letter]


_advances: Final = lru_cache(maxsize=16)(_Advances)


def fits(words: str, width: float, size: float, font: Path) -> bool:
    """Tell whether words are no wider than *width*.

    The sum of the letters' widths says so unless it is close: then the words are measured, which
    takes a hundred times as long.
    """
    guess = size * sum(map(_advances(font).__getitem__, words))
    if guess * (1 + WIDER[0]) + size * WIDER[1] <= width:
        return True
    if guess * (1 - NARROWER[0]) - size * NARROWER[1] > width:
        return False
    return text_width(words, size, font) <= width


def apart(distance: float, size: float) -> float:
    """Return how far lines lie apart: Arabic letters reach further above and below theirs."""
    return max(distance, ARABIC_LEADING * size) if direction() == "rtl" else distance


def forget_words(pictures: Iterable[Picture]) -> None:
    """Forget which words were measured for a picture with rows of a reader's own."""
    if any(picture.whole.unpublished for picture in pictures):
        unit_width.cache_clear()
        _word_width.cache_clear()
        _has_all.cache_clear()


LAST_NUMBER: Final = re.compile(r":?\s+\d[\d.,–]*$")
"""A number at the end of words that were cut: it may have had more digits."""


def cut(words: str, width: float, size: float, font: Path) -> str:
    """Shorten words to a width, with an ellipsis where something was left out.

    No number is left at the end: 24 missiles would be "2…".
    """
    if fits(words, width, size, font):
        return words
    while words and not fits(f"{words}…", width, size, font):
        words = words[: min(len(words) - 1, len(words) * 19 // 20)]
    return f"{LAST_NUMBER.sub('', words.rstrip())}…"


def wrap(words: str, width: float, size: float, font: Path, most: int | None = None) -> list[str]:
    """Break words into lines no wider than *width*.

    A word that is wider than a line, such as a long address, is broken too; with *most*, what
    does not fit into that many lines is cut with an ellipsis.
    """
    lines: list[str] = []
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if fits(longer, width, size, font):
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while not fits(line, width, size, font):
            if most is not None and len(lines) > most:
                break
            letters = _fitting(line, width, size, font)
            lines.append(line[:letters])
            line = line[letters:]
    lines = [*lines, line] if line or not lines else lines
    if most is not None and len(lines) > most:
        kept = f"{lines[most - 1]} {lines[most]}"
        lines = [*lines[: most - 1], cut(kept, width, size, font)]
    return list(_set_aside(lines)) if ASIDE in words else lines


def _set_aside(lines: Iterable[str]) -> Iterator[str]:
    """Begin again, in the next line, what is set aside and does not end in one."""
    before = ""
    for line in lines:
        if before and line.startswith(ASIDE):
            before += TO_THE_LEFT
        whole = before + line
        still = whole.count(ASIDE) - whole.count(AGAIN)
        before = TO_THE_LEFT.join([ASIDE] * still)
        yield whole + AGAIN * still


def _fitting(word: str, width: float, size: float, font: Path) -> int:
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(word[:middle], width, size, font) else (low, middle - 1)
    return low
