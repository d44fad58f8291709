"""The commands ``brief`` and ``verify``: pictures as files, and whether old ones are still true."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from armsflow.arguments import ENDINGS, TOGETHER, UsageError, reason
from armsflow.dataset.dataset import Dataset, labels
from armsflow.dataset.loader import load, load_earlier
from armsflow.selection import selection
from armsflow.selection.numbering import read_number
from armsflow.selection.query import Query, from_query
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe
from armsflow.words import plural

ROWS: Final = ("csv", "xlsx", "parquet")
"""Endings of the files that have rows only: nothing is drawn for them."""


def brief(options: argparse.Namespace) -> int:
    """Make a briefing file, its kind by its ending."""
    if options.file is None and len(options.pictures) > 1:
        # The file stands last; the option before it cannot know that.
        options.file = Path(options.pictures.pop())
    ending = _ending(options)
    from armsflow.briefing.titles import TemplateError

    dataset = load(options.data)
    chosen = _selection(options, dataset)
    template = _template_bytes(options.template)
    try:
        if options.pictures:
            return _several(options, dataset, ending, template)
        content = _content(options, dataset, chosen, ending, template)
    except TemplateError as error:
        raise UsageError(f"{options.template}: {error}") from None
    write_whole(options.file, content)
    said = describe(chosen, selection.apply(dataset, chosen), dataset)
    told = (f"{part}." for part in (said.headline, said.counts, said.aside) if part)
    print(f"{options.file}: {' '.join(told)}")
    return 0


def _content(
    options: argparse.Namespace,
    dataset: Dataset,
    chosen: Selection,
    ending: str,
    template: bytes | None,
) -> bytes:
    """Make the file of one selection, with no more of the map than its kind needs."""
    from armsflow.briefing import briefing, tables
    from armsflow.briefing.titles import own_marking, own_title

    marking = own_marking(options.marking)
    if ending == "csv":
        return tables.csv_file(selection.apply(dataset, chosen), marking)
    plate: Any = None
    ground: Any = None
    if ending not in ROWS:
        plate, ground = _ground(dataset, options.data)
    words = (options.address, marking, own_title(options.title, options.note))
    if options.pack:
        from armsflow.briefing.collection import pack

        return pack(dataset, plate, ground, chosen, *words, template)
    prepared = briefing.prepare(chosen, dataset, plate, *words)
    return briefing.writers(ground, options.width, template)[ending](prepared)


def _ending(options: argparse.Namespace) -> str:
    """Return the ending of the file asked for, once everything that it needs is right."""
    from armsflow.briefing import titles

    if options.file is None:
        raise UsageError("Name the file to write, e.g. out.pptx.")
    endings = TOGETHER if options.pictures else ENDINGS
    name = options.file.name.lower()[1:]  # what begins with a dot has no ending by that
    ending = next((one for one in endings if name.endswith(f".{one}")), "")
    if not ending:
        raise UsageError(f"{options.file.name!r} must end in one of: {', '.join(endings)}.")
    if options.pack and ending != "pptx":
        raise UsageError("--pack makes a PPTX; give the file that ending.")
    if options.pack and options.pictures:
        raise UsageError("--pack and --pictures are two kinds of briefing; give one of them.")
    if not 640 <= options.width <= 7680:
        raise UsageError("--width must lie between 640 and 7680 pixels.")
    for name, most in (
        ("marking", titles.MARKING_LETTERS),
        ("title", titles.TITLE_LETTERS),
        ("note", titles.NOTE_LETTERS),
    ):
        if len(getattr(options, name)) > most:
            # Cut short, it might say something else.
            raise UsageError(f"--{name} has at most {most} letters.")
        if missing := _missing(getattr(options, name)):
            raise UsageError(f"--{name} has letters that pictures cannot show: {missing}")
    return ending


def _missing(words: str) -> str:
    if words.isascii():
        return ""
    from armsflow.briefing.letters import missing_letters

    return missing_letters(words)


def _ground(dataset: Dataset, directory: Path) -> tuple[Any, Any]:
    from armsflow.briefing.ground import prepare_ground
    from armsflow.picture.plate import make_plate

    plate = make_plate(dataset, directory)
    return plate, prepare_ground(plate.basemap, plate.fills, plate.names)


def _several(
    options: argparse.Namespace, dataset: Dataset, ending: str, template: bytes | None
) -> int:
    """Make one file of the pictures whose numbers, or lists of numbers, were given."""
    from armsflow.briefing import collection

    entries = [entry for given in options.pictures for entry in _entries(given)]
    if len(entries) > collection.MOST:
        raise UsageError(
            f"{len(entries)} pictures are too many for one briefing; it has at most "
            f"{collection.MOST}."
        )
    found = _verified([entry.number for entry in entries], dataset, options.data)
    _make(options, ending, dataset, found, [entry.title for entry in entries], template)
    for entry, one in zip(entries, found, strict=True):
        print(f"{entry.number}: {one.words}")
    print(f"{options.file}: {plural(len(entries), 'picture')}.")
    return 0


def _entries(given: str) -> list[Any]:
    from armsflow.briefing import collection

    if not Path(given).is_file():
        return [collection.Entry(given)]
    try:
        return collection.read_list(Path(given).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{given}: {error}.") from None


def _verified(numbers: Sequence[str], dataset: Dataset, directory: Path) -> list[Any]:
    from armsflow.briefing import verification

    return verification.verify(numbers, dataset, load_earlier(directory, dataset.version))


def _make(
    options: argparse.Namespace,
    ending: str,
    dataset: Dataset,
    found: Sequence[Any],
    titles: Sequence[Any],
    template: bytes | None = None,
) -> None:
    """Make the pictures found anew as one file."""
    from armsflow.briefing import briefing, collection
    from armsflow.briefing.titles import own_marking

    for one in found:
        if one.selection is None:
            raise UsageError(one.words)
    plate, ground = _ground(dataset, options.data)
    words = (options.address, own_marking(options.marking))
    prepared = [
        briefing.prepare(one.selection, dataset, plate, *words, title)
        for one, title in zip(found, titles, strict=True)
    ]
    write_whole(options.file, collection.make(ending, prepared, ground, template))


def _template_bytes(file: Path | None) -> bytes | None:
    try:
        return file.read_bytes() if file else None
    except OSError as error:
        raise UsageError(f"The template cannot be read: {reason(error)}.") from None


def _selection(options: argparse.Namespace, dataset: Dataset) -> Selection:
    known = {
        "weapon": selection.weapon_codes(dataset),
        "destination": (*selection.destination_codes(dataset), selection.ALL),
        "basis": tuple(labels(dataset, "incidents", "link_basis")),
        "event": tuple(labels(dataset, "incidents", "event_type")),
    }
    query: Query = {}
    for name, codes in known.items():
        given = [part for text in getattr(options, name) for part in text.split(",")]
        for code in given:
            if code not in codes:
                raise UsageError(f"--{name} {code!r} is not known. Known: {', '.join(codes)}.")
        query["destinations" if name == "destination" else name] = given
    first, last = selection.year_range(dataset)
    chosen = from_query(query | {"years": [options.years]}, dataset)
    asked_for_all = options.years in {"", f"{first}-{last}"}
    if chosen.years is None and not asked_for_all:
        raise UsageError(
            f"--years {options.years!r} must be a year or a range such as 2011-2014, "
            f"between {first} and {last}."
        )
    return chosen


def verify(options: argparse.Namespace) -> int:
    """Say what the picture with a number showed, or whether the pictures in a file are true."""
    dataset = load(options.data)
    if Path(options.number).is_file():
        return _verify_file(options, dataset)
    try:
        earlier = load_earlier(options.data, dataset.version)
        numbered = read_number(options.number, dataset, earlier)
    except ValueError as error:
        raise UsageError(f"{error}.") from None
    shown = selection.apply(dataset, numbered.selection)
    said = describe(numbered.selection, shown, dataset)
    for words in filter(None, (said.headline, said.counts, said.filters, said.aside)):
        print(words)
    if numbered.same_data:
        print(f"Made from these data (version {dataset.version}).")
        return 0
    from armsflow.briefing import verification

    if numbered.version:
        print(f"Made from data {numbered.version}; these are {dataset.version}.")
    print(verification.judge(options.number, numbered, dataset).words)
    return 1


def _verify_file(options: argparse.Namespace, dataset: Dataset) -> int:
    from armsflow.briefing import verification
    from armsflow.briefing.titles import NO_TITLE

    file = Path(options.number)
    try:
        numbers = verification.numbers_in(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {error}.") from None
    if not numbers:
        raise UsageError(f"{file}: no picture number was found in it.")
    found = _verified(numbers, dataset, options.data)
    for one in found:
        print(f"{one.number}: {one.words}")
    if options.renew:
        options.file, ending = options.renew, options.renew.suffix.removeprefix(".").lower()
        if ending not in TOGETHER:
            raise UsageError(f"--renew needs one of: {', '.join(TOGETHER)}.")
        again = [one for one in found if one.selection]
        _make(options, ending, dataset, again, [NO_TITLE] * len(again))
        print(f"{options.file}: made anew.")
    return 0 if all(one.is_true for one in found) else 1


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    UsageError
        If the folder does not exist or the file cannot be written.
    """
    from armsflow.curation import storage

    try:
        storage.write_file(file, content)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None
