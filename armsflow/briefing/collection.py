"""A briefing of several pictures: a list of picture numbers, kept as text, made as one file."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pypdf

from armsflow.briefing import slides
from armsflow.briefing.briefing import Briefing, as_slide, file_name, marked, prepare, writers
from armsflow.briefing.files import titled
from armsflow.briefing.ground import Ground
from armsflow.briefing.titles import NO_TITLE, Title, own_title, picture_words
from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.language import N_, _, _n, comma, speaking
from armsflow.package.archive import Archive
from armsflow.picture import style
from armsflow.picture.plate import Plate
from armsflow.selection import selection
from armsflow.selection.selection import Selection

MOST: Final = 60
"""Pictures of one briefing."""
LIST_NAME: Final = "pictures.txt"
HEADING: Final = N_(
    "The pictures of a briefing, one a line: picture number | title of your own | line under it"
)
AGAIN: Final = N_("Make it again from the data at hand: {command}")
COMMAND: Final = "python -m armsflow brief --pictures pictures.txt briefing.pptx"


@dataclass(frozen=True)
class Entry:
    """One picture of a briefing.

    Parameters
    ----------
    number
        Its picture number.
    title
        Title of the reader's own.
    """

    number: str
    title: Title = NO_TITLE


def read_list(text: str) -> list[Entry]:
    """Read the list of a briefing; empty lines and those that begin with ``#`` are left out.

    Raises
    ------
    ValueError
        If it names no picture, or too many.
    """
    entries = []
    for line in text.removeprefix("\ufeff").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        number, words, note = [*(part.strip() for part in line.split("|")), "", ""][:3]
        entries.append(Entry(number[:60], own_title(words, note)))
    if not 0 < len(entries) <= MOST:
        raise ValueError(
            _n(
                "The list names {count} picture; it needs 1 to {most}, one a line",
                "The list names {count} pictures; it needs 1 to {most}, one a line",
                len(entries),
                most=MOST,
            )
            if entries
            else _("The list names no pictures; it needs 1 to {most}, one a line", most=MOST)
        )
    return entries


def write_list(entries: Iterable[Entry]) -> str:
    """Write the list of a briefing as text."""
    lines = []
    for entry in entries:
        said = (part.replace("|", "/") for part in (entry.title.words, entry.title.note))
        lines.append(" | ".join([f"picture {entry.number}", *said]).rstrip(" |"))
    heading = [f"# {_(HEADING)}", f"# {_(AGAIN, command=COMMAND)}"]
    return "".join(f"{line}\n" for line in [*heading, *lines])


def make(
    ending: str,
    briefings: Sequence[Briefing],
    ground: Ground,
    template: bytes | None = None,
) -> bytes:
    """Make one file of several pictures, in their order.

    Parameters
    ----------
    ending
        ``pptx``, ``pdf`` or ``zip``. A ZIP has each picture as PNG, with its rows, and the rest.
    briefings
        At least one.
    ground, template
        As for :func:`briefing.writers`.
    """
    makers: dict[str, Callable[[], bytes]] = {
        "pptx": lambda: slides.deck_of([as_slide(one) for one in briefings], ground, template),
        "pdf": lambda: _pdf(briefings, ground),
        "zip": lambda: _zip(briefings, ground, template),
    }
    with speaking(briefings[0].whole.language):
        return makers[ending]()


def _pdf(briefings: Sequence[Briefing], ground: Ground) -> bytes:
    together = pypdf.PdfWriter()
    write = writers(ground)["pdf"]
    titles = [one.caption.title.words or one.picture.sentence.headline for one in briefings]
    for one, title in zip(briefings, titles, strict=True):
        together.append(io.BytesIO(write(one)), outline_item=title)
    stream = io.BytesIO()
    together.write(stream)
    made = comma().join(picture_words(one.caption.number) for one in briefings)
    return titled(stream.getvalue(), titles[0], made)


def _zip(briefings: Sequence[Briefing], ground: Ground, template: bytes | None) -> bytes:
    stream = io.BytesIO()
    marking = briefings[0].caption.marking
    name = marked("briefing", marking)
    makers = writers(ground)
    with Archive(stream) as archive:
        for ending in ("pptx", "pdf"):
            whole = make(ending, briefings, ground, template)
            archive.writestr(f"{name}.{ending}", whole)
        for place, one in enumerate(briefings, 1):
            for ending in ("png", "csv"):
                archive.writestr(f"{place:02}_{file_name(one, ending)}", makers[ending](one))
        entries = [Entry(one.caption.number, one.caption.title) for one in briefings]
        archive.writestr(marked(LIST_NAME, marking), write_list(entries))
    return stream.getvalue()


def pack(
    whole: Dataset,
    plate: Plate,
    ground: Ground,
    chosen: Selection,
    address: str = "",
    marking: str = "",
    title: Title = NO_TITLE,
    template: bytes | None = None,
) -> bytes:
    """Make a briefing pack: a slide that compares the focus destinations, then one for each.

    Parameters
    ----------
    whole, plate, chosen, address, marking, title
        As for :func:`packed`.
    ground, template
        As for :func:`writers`.
    """
    one = packed(whole, plate, chosen, address, marking, title)
    return slides.pack([one], ground, template)


def packed(
    whole: Dataset,
    plate: Plate,
    chosen: Selection,
    address: str = "",
    marking: str = "",
    title: Title = NO_TITLE,
) -> slides.Pack:
    """Gather what a briefing pack says in the language of a dataset.

    Parameters
    ----------
    whole, plate
        The dataset and what its pictures share.
    chosen
        Its destinations are those of the slides, or all there are if it names none.
    address, marking, title
        As for :func:`prepare`; the title is that of the first slide.
    """
    focus = chosen.destinations or selection.destination_codes(whole)
    first = prepare(replace(chosen, focus=""), whole, plate, address, marking, title)
    each = [
        prepare(replace(chosen, destinations=(code,), focus=""), whole, plate, address, marking)
        for code in focus
    ]
    rows = [
        slides.Comparison(
            destination=str(whole.destinations.loc[code, "label"]),
            events=briefing.shown.totals.events,
            sources=summary.count_sources(briefing.shown),
            routes=summary.events_on_corridors(briefing.shown),
            single=briefing.shown.totals.single,
            colour=style.destination_colour(code),
        )
        for code, briefing in zip(focus, each, strict=True)
    ]
    return slides.Pack(as_slide(first), rows, [as_slide(briefing) for briefing in each])
