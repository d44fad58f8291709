"""Picture numbers: a selection and a data version as a short code that can be read back.

A number has two parts, e.g. ``4-7KQ2MB3``. The first is the selection itself. The second is a
seal of five letters, a digest of the selection, the data version and every table; and two check
letters over all before them. So a number says what a picture showed, from which data it was made,
and whether it was mistyped. A number of an earlier version is read with the codes and identifiers
of that version, whose tables are kept; numbers from before there were check letters have none.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import AGAIN, ASIDE, LOCALES, N_, _, speaking
from armsflow.selection.focus import focus_identifiers
from armsflow.selection.query import from_query, to_query
from armsflow.selection.selection import (
    FRAMES,
    LANGUAGES,
    LEVELS,
    Selection,
    default_selection,
    destination_codes,
    weapon_codes,
    year_range,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit."""

EXAMPLE = "4-7KQ2MB3"
SEAL_LETTERS = 5
MAY_BE_MISTYPED = N_("Or it is mistyped: it has no check letters that would say so.")
CHECK_LETTERS = 2
CHECK_PRIME = 1021
"""The largest prime that two letters can hold: one letter changed, or two neighbours exchanged,
always change the remainder."""


@dataclass(frozen=True)
class Numbered:
    """What a picture number says.

    Parameters
    ----------
    selection
        What the picture showed, as a selection of the data at hand.
    made_from
        The version of the data that the picture was made from; nothing if none at hand fits.
    same_data
        Whether these are the data at hand.
    doubtful
        Whether it may be mistyped: no version at hand fits, and it has no check letters.
    """

    selection: Selection
    made_from: Dataset | None
    same_data: bool
    doubtful: bool = False

    @property
    def version(self) -> str:
        """Name of that version, or empty."""
        return self.made_from.version if self.made_from else ""


def picture_number(selection: Selection, dataset: Dataset) -> str:
    """Write a selection of a dataset as a picture number, e.g. ``4-7KQ2MB3``."""
    # The language and the frame come first, so that a number from before there were any says that
    # none is asked.
    number = LANGUAGES.index(selection.language) + 1 if selection.language else 0
    number = number * (len(LEVELS) + 1)
    number += LEVELS.index(selection.show) + 1 if selection.show else 0
    number = number * (len(FRAMES) + 1)
    number += FRAMES.index(selection.frame) + 1 if selection.frame else 0
    for codes, chosen, usual in _dimensions(selection, dataset):
        mask = sum(
            1 << place for place, code in enumerate(codes) if (code in chosen) != (code in usual)
        )
        number = number << len(codes) | mask
    first, last = selection.years or (0, 0)
    start = year_range(dataset)[0]
    span = year_range(dataset)[1] - start + 2
    number = number * span**2 + (first - start + 1 if first else 0) * span
    number += last - start + 1 if last else 0
    identifiers = focus_identifiers(dataset)
    focus = identifiers.index(selection.focus) + 1 if selection.focus else 0
    number = number * (len(identifiers) + 1) + focus
    body, seal = _letters(number), _seal(selection, dataset)
    return f"{body}-{seal}{_check(body + seal)}"


def read_number(text: str, dataset: Dataset, earlier: Iterable[Dataset] = ()) -> Numbered:
    """Read a picture number back.

    Parameters
    ----------
    text
        The number as printed; case, spaces, punctuation around it and ``O I L`` for ``0 1 1`` do
        not matter.
    dataset
        The data at hand.
    earlier
        Earlier versions of them, the newest first; read one by one until one fits.

    Raises
    ------
    ValueError
        If the text is no picture number of this kind of data, or was mistyped.
    """
    body, seal, checked = _parts(text)
    likely: Selection | None = None
    for version in chain([dataset], earlier):
        try:
            selection = _decoded(body, text, version)
        except ValueError:
            continue
        same = version is dataset
        translated = selection if same else from_query(to_query(selection, version), dataset)
        if seal == _seal(selection, version):
            return Numbered(translated, version, same)
        likely = likely or translated
    if likely is None:
        raise ValueError(_("{text} is not a picture number of these data", text=repr(text[:60])))
    return Numbered(likely, None, False, doubtful=not checked)


def _parts(text: str) -> tuple[str, str, bool]:
    """Return the selection, the seal, and whether check letters say that both are as printed."""
    cleaned = text.strip(f" \t\r\n\xa0{ASIDE}{AGAIN}.,;:!?()[]\"'“”‘’").upper()
    for word in words_before():
        cleaned = cleaned.removeprefix(f"{word.upper()} ")
    body, _hyphen, rest = cleaned.translate(str.maketrans("OIL", "011", " ")).partition("-")
    seal, check = rest[:SEAL_LETTERS], rest[SEAL_LETTERS:]
    if (
        not 0 < len(body) <= 40
        or len(seal) != SEAL_LETTERS
        or len(check) not in {0, CHECK_LETTERS}
        or set(body + rest) - set(ALPHABET)
    ):
        raise ValueError(
            _(
                "{text} is not a picture number such as {example}",
                text=repr(text[:60]),
                example=EXAMPLE,
            )
        )
    if check and check != _check(body + seal):
        raise ValueError(
            _(
                "{text} is mistyped: its last two letters do not fit the others. "
                "Compare it with the picture, letter by letter",
                text=repr(text[:60]),
            )
        )
    return body, seal, bool(check)


def words_before() -> tuple[str, ...]:
    """Return the words that stand before a picture number in any language, the longest first."""
    words = {"picture number", "picture"}
    for language in LOCALES:
        with speaking(language):
            named = _("picture {number}", number="").strip(f"{ASIDE}{AGAIN} ")
            words |= {_("Picture number"), named}
    return tuple(sorted(words, key=len, reverse=True))


def _check(letters: str) -> str:
    return _letters(_value(letters) % CHECK_PRIME).rjust(CHECK_LETTERS, ALPHABET[0])


def _value(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * len(ALPHABET) + ALPHABET.index(letter)
    return value


def _decoded(body: str, text: str, dataset: Dataset) -> Selection:
    """Read the selection out of the first part of a number."""
    number = _value(body)
    identifiers = focus_identifiers(dataset)
    number, focus = divmod(number, len(identifiers) + 1)
    start = year_range(dataset)[0]
    span = year_range(dataset)[1] - start + 2
    number, last = divmod(number, span)
    number, first = divmod(number, span)
    chosen: list[tuple[str, ...]] = []
    for codes, _chosen, usual in reversed(list(_dimensions(Selection(), dataset))):
        number, mask = divmod(number, 1 << len(codes))
        flipped = {code for place, code in enumerate(codes) if mask >> place & 1}
        chosen.append(tuple(code for code in codes if (code in flipped) != (code in usual)))
    number, frame = divmod(number, len(FRAMES) + 1)
    language, show = divmod(number, len(LEVELS) + 1)
    if language > len(LANGUAGES) or bool(first) != bool(last) or first > last:
        raise ValueError(_("{text} is not a picture number of these data", text=repr(text[:60])))
    event, basis, destinations, weapon = chosen
    return Selection(
        weapon=weapon,
        destinations=destinations,
        years=(first + start - 1, last + start - 1) if first else None,
        basis=basis,
        event=event,
        focus=identifiers[focus - 1] if focus else "",
        frame=FRAMES[frame - 1] if frame else "",
        show=LEVELS[show - 1] if show else "",
        language=LANGUAGES[language - 1] if language else "",
    )


def _dimensions(
    selection: Selection, dataset: Dataset
) -> list[tuple[list[str], tuple[str, ...], tuple[str, ...]]]:
    default = default_selection(dataset)
    return [
        (list(weapon_codes(dataset)), selection.weapon, default.weapon),
        (list(destination_codes(dataset)), selection.destinations, default.destinations),
        (list(labels(dataset, "incidents", "link_basis")), selection.basis, default.basis),
        (list(labels(dataset, "incidents", "event_type")), selection.event, default.event),
    ]


def _seal(selection: Selection, dataset: Dataset) -> str:
    said = json.dumps(to_query(selection, dataset), sort_keys=True)
    digest = hashlib.sha256(f"{dataset.version} {dataset.digest} {said}".encode()).digest()
    return _letters(int.from_bytes(digest))[-SEAL_LETTERS:]


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number, 32)
        letters = ALPHABET[place] + letters
    return letters or ALPHABET[0]
