"""A title of the reader's own above the finding, and whether the picture bears it out."""

import re
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final

from armsflow.dataset import summary
from armsflow.language import N_, _, isolated
from armsflow.words import place_words

if TYPE_CHECKING:
    from armsflow.picture.picture import Picture

TITLE_LETTERS: Final = 120
NOTE_LETTERS: Final = 180
MARKING_LETTERS: Final = 60
"""Most letters of a title, of the line under it, and of a protective marking."""

BY_THE_USER: Final = N_("title by the user")
"""Printed where a title says numbers or places that the picture does not."""

NUMBER: Final = re.compile(r"\d[\d,.]*\d|\d")

AREA: Final = re.compile(r" (area|region|province|governorate|district|sector|city)$")


@dataclass(frozen=True)
class Title:
    """What a reader puts above a picture.

    Parameters
    ----------
    words
        The title; empty for none.
    note
        One line under it; empty for none.
    """

    words: str = ""
    note: str = ""


NO_TITLE: Final = Title()


@dataclass(frozen=True)
class Caption:
    """The words of a sheet that do not come from the picture itself.

    Parameters
    ----------
    facts
        Three to five sentences on how much is known.
    sources
        Short names of the sources, the most cited first.
    data
        Data version and date.
    address
        Address that opens the same view.
    number
        Picture number.
    marking
        Protective marking to print above and below, e.g. OFFICIAL; empty for none.
    title
        Title of the reader's own, printed above the finding.
    """

    facts: tuple[str, ...]
    sources: tuple[str, ...]
    data: str
    address: str
    number: str
    marking: str = ""
    title: Title = NO_TITLE


def picture_words(number: str) -> str:
    """Name a picture by its number."""
    return _("picture {number}", number=isolated(number))


def stamp_words(caption: Caption) -> str:
    """Say from which data a picture was made, and its number."""
    return f"{caption.data} · {picture_words(caption.number)}"


def made_words(caption: Caption) -> str:
    """Say the same inside other words."""
    return _("{data}, {picture}", data=caption.data, picture=picture_words(caption.number))


def view_words(caption: Caption) -> str:
    """Say at which address the view is opened; empty if that is not known."""
    address = caption.address
    return _("This view: {address}", address=isolated(address)) if address else ""


class TemplateError(ValueError):
    """A house template that our slides cannot use; says why, and the cure."""


def own_title(words: str, note: str) -> Title:
    """Clean what was typed: no control characters, single blanks, no more letters than fit."""
    return Title(_cleaned(words, TITLE_LETTERS), _cleaned(note, NOTE_LETTERS))


def own_marking(words: str) -> str:
    """Clean a protective marking in the same way."""
    return _cleaned(words, MARKING_LETTERS)


def _cleaned(words: str, most: int) -> str:
    visible = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(visible.split())[:most].strip()


def says_more(title: Title, *pictures: "Picture") -> bool:
    """Tell whether a title names numbers or places that are those of none of some pictures."""
    told: set[str] = set()
    here: set[str] = set()
    for picture in pictures:
        labels = picture.whole.destinations["label"]
        found = summary.events_by(picture.shown, "destination").index
        here |= {_stem(place_words(str(labels[code]))) for code in found}
        here |= {_stem(place.name) for place in picture.places if place.events}
        words = [*astuple(picture.sentence), *(
            f"{case.number} {case.date} {case.place} {case.found}" for case in picture.cases
        )]  # fmt: skip
        told.update(NUMBER.findall(" ".join(words)))
    if set(NUMBER.findall(title.words)) - told:
        return True
    known = {_stem(place_words(str(label))) for label in labels}
    known |= {_stem(str(name)) for name in picture.whole.spots["name"]}
    said = f" {_plain(title.words)} "
    return any(f" {name} " in said for name in known - here)


def _stem(name: str) -> str:
    """Return a place's name without what kind of area it is."""
    return AREA.sub("", _plain(name.partition(" (")[0]))


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
