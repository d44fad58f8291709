"""The language in which words are said: whole sentences from catalogues, numbers and months.

A sentence is one message with places for values, never glued together from parts, since their
order differs between languages. English is the text in the code; ``locale`` has the others.
"""

import gettext
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from babel import Locale
from babel.dates import get_month_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

ENGLISH: Final = "en"
LOCALES: Final = {ENGLISH: "en_GB", "fr": "fr_FR", "ar": "ar"}
"""Languages of the product, and whose customs each follows."""
NAMES: Final = {ENGLISH: "English", "fr": "Français", "ar": "العربية"}
"""What each language calls itself."""
RIGHT_TO_LEFT: Final = frozenset({"ar"})
FOLDER: Final = Path(__file__).with_name("locale")

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def spoken() -> str:
    """Return the language in which words are said here and now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say all words in a language until the block ends.

    Raises
    ------
    KeyError
        If the product has no such language.
    """
    token = _spoken.set({one: one for one in LOCALES}[language])
    try:
        yield
    finally:
        _spoken.reset(token)


def of_browser(tag: str) -> str:
    """Return the language of the product for a tag such as ``fr-CA``; English if it has none."""
    first = tag.partition("-")[0].strip().lower()
    return first if first in LOCALES else ENGLISH


def speak(language: str) -> None:
    """Say all words in a language from here on, in this thread.

    Raises
    ------
    KeyError
        If the product has no such language.
    """
    _spoken.set({one: one for one in LOCALES}[language])


def direction() -> Literal["ltr", "rtl"]:
    """Return the direction in which the language is written, as HTML names it."""
    return "rtl" if spoken() in RIGHT_TO_LEFT else "ltr"


ASIDE: Final = "\u2068"
AGAIN: Final = "\u2069"
"""Unseen marks around what keeps its own direction inside a sentence."""


TO_THE_LEFT: Final = "\u200f"
"""Unseen, before what runs from right to left whatever its first word is."""
LATIN_FIRST: Final = re.compile(
    r"[^A-Za-z\u0600-\u06ff\u2066-\u2069]*[A-Za-z].*[\u0600-\u06ff]", re.DOTALL
)


def isolated(text: str) -> str:
    """Keep the order of what stands in a sentence as it is: a date, an address, an identifier.

    Without the marks an Arabic sentence would turn 2013-05-14 round. A list of names of which each
    is between marks would run to the right between further ones, since no letter inside marks says
    in which direction what is around them runs: another mark says it.
    """
    if direction() == "ltr":
        return text
    return f"{ASIDE}{TO_THE_LEFT if _has_several(text) else ''}{text}{AGAIN}"


def _has_several(text: str) -> bool:
    """Tell whether a text has more in it than one name between marks."""
    is_one = text[:1] == ASIDE and text[-1:] == AGAIN and text.count(ASIDE) == 1
    return ASIDE in text and not is_one


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the sentences of a language; English has none of its own.

    The catalogue is compiled when it is first asked for, so that the text is its only form.
    """
    if language == ENGLISH:
        return gettext.NullTranslations()
    with (FOLDER / language / "LC_MESSAGES" / "armsflow.po").open("rb") as file:
        sentences = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, sentences)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def N_(*messages: str) -> Any:  # noqa: N802 (the usual name)
    """Mark a sentence, or its two forms, that is said later."""
    return messages[0] if len(messages) == 1 else messages


def _(message: str, **values: Any) -> str:
    """Say a sentence, with values in its places; whole numbers are written as the language does."""
    return _filled(catalogue(spoken()).gettext(message), values)


def _n(one: str, many: str, count: int, **values: Any) -> str:
    """Say a sentence that has a form for each kind of number; its place is ``{count}``."""
    said = catalogue(spoken()).ngettext(one, many, count)
    return _filled(said, {"count": count, **values})


def _p(context: str, message: str, **values: Any) -> str:
    """Say a sentence whose meaning is told by a context."""
    return _filled(catalogue(spoken()).pgettext(context, message), values)


def _filled(message: str, values: dict[str, Any]) -> str:
    return message.format_map(written(values)) if values else message


def written(values: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in the places of a sentence as the language writes it.

    Arabic that begins with a Latin word, such as a designation, would run from left to right
    between unseen marks, and so would a list of names between marks: another mark says that
    it does not.
    """
    told = {key: number(one) if type(one) is int else one for key, one in values.items()}
    if direction() == "rtl":
        told |= {
            key: f"{TO_THE_LEFT}{one}"
            for key, one in told.items()
            if type(one) is str and (_has_several(one) or LATIN_FIRST.match(one))
        }
    return told


def number(count: int) -> str:
    """Write a whole number, e.g. "1,234"; Arabic has Latin digits."""
    return format_decimal(count, locale=LOCALES[spoken()])


def decimal(value: float) -> str:
    """Write a number with at most two decimal places, e.g. "13.33"."""
    return format_decimal(value, format="0.##", locale=LOCALES[spoken()])


def enumerated(words: Sequence[str], last: Literal["and", "or"] = "and") -> str:
    """Join words as in a sentence: "a, b and c", or "a, b or c"."""
    if len(words) < 2:
        return "".join(words)
    style: Literal["standard", "or"] = "standard" if last == "and" else "or"
    return format_list(list(words), style, locale=LOCALES[spoken()])


def comma() -> str:
    """Return what stands between the names of a list that has no "and" at its end."""
    return _p("between the names of a list", ", ")


def listed(names: Sequence[str]) -> str:
    """Join names of which each keeps its own direction."""
    return comma().join(map(isolated, names))


def month(position: int) -> str:
    """Return the name of a month, from 1."""
    return str(get_month_names("wide", locale=_locale(spoken()))[position])


def language_name(code: str) -> str:
    """Name a language by its code of ISO 639, e.g. "French"; one that has no name, by its code."""
    return str(_locale(spoken()).languages.get(code, code))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])
