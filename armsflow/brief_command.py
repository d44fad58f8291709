"""The commands ``brief`` and ``verify``: pictures as files, and whether old ones are still true."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from armsflow.arguments import ENDINGS, TOGETHER, UsageError, reason
from armsflow.dataset.dataset import Dataset, labels
from armsflow.dataset.languages import in_language
from armsflow.dataset.loader import load, load_earlier
from armsflow.language import ENGLISH, _, _n, speaking
from armsflow.selection import selection
from armsflow.selection.numbering import read_number
from armsflow.selection.query import Query, from_query
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe

ROWS: Final = ("csv", "xlsx", "parquet")
"""Endings of the files that have rows only: nothing is drawn for them."""
PAGES: Final = ("pptx", "pdf")
"""Endings of the files in which each page stands once in each language."""


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
        for file, told in _files(options, dataset, ending):
            with speaking(told[0].language):
                if options.pictures:
                    _several(options, file, told, ending, template)
                else:
                    write_whole(file, _content(options, told, chosen, ending, template))
                    print(f"{file}: {_described(chosen, told[0])}")
    except TemplateError as error:
        raise UsageError(f"{options.template}: {error}") from None
    return 0


def _files(
    options: argparse.Namespace, dataset: Dataset, ending: str
) -> Iterator[tuple[Path, list[Dataset]]]:
    """Yield each file to write, and the dataset in the languages that are in it."""
    told = [in_language(dataset, language) for language in options.languages]
    if len(told) == 1 or ending in PAGES:
        yield options.file, told
        return
    name = options.file.name
    for one in told:
        yield options.file.with_name(f"{name[: -len(ending)]}{one.language}.{ending}"), [one]


def _described(chosen: Selection, dataset: Dataset) -> str:
    said = describe(chosen, selection.apply(dataset, chosen), dataset)
    parts = (said.headline, said.counts, said.aside)
    return " ".join(_("{sentence}.", sentence=part) for part in parts if part)


def _content(
    options: argparse.Namespace,
    told: Sequence[Dataset],
    chosen: Selection,
    ending: str,
    template: bytes | None,
) -> bytes:
    """Make the file of one selection, with no more of the map than its kind needs."""
    from armsflow.briefing import briefing, tables
    from armsflow.briefing.titles import own_marking, own_title

    marking = own_marking(options.marking)
    if ending == "csv":
        return tables.csv_file(selection.apply(told[0], chosen), marking)
    plates: list[Any] = [None for _one in told]
    ground: Any = None
    if ending not in ROWS:
        plates, ground = _plates(told, options.data)
    words = (options.address, marking, own_title(options.title, options.note))
    if options.pack:
        from armsflow.briefing import slides
        from armsflow.briefing.collection import packed

        packs = [
            packed(one, plate, chosen, *words) for one, plate in zip(told, plates, strict=True)
        ]
        return slides.pack(packs, ground, template)
    prepared = [
        briefing.prepare(chosen, one, plate, *words)
        for one, plate in zip(told, plates, strict=True)
    ]
    if len(prepared) == 1:
        return briefing.writers(ground, options.width, template)[ending](prepared[0])
    from armsflow.briefing import collection

    return collection.make(ending, prepared, ground, template)


def _ending(options: argparse.Namespace) -> str:
    """Return the ending of the file asked for, once everything that it needs is right."""
    from armsflow.briefing import titles

    if options.file is None:
        raise UsageError(_("Name the file to write, e.g. {name}.", name="out.pptx"))
    endings = TOGETHER if options.pictures else ENDINGS
    name = options.file.name.lower()[1:]  # what begins with a dot has no ending by that
    ending = next((one for one in endings if name.endswith(f".{one}")), "")
    if not ending:
        raise UsageError(
            _("{name} must end in one of: {endings}.",
              name=repr(options.file.name), endings=", ".join(endings))
        )  # fmt: skip
    if options.pack and ending != "pptx":
        raise UsageError(_("--pack makes a PPTX; give the file that ending."))
    if options.pack and options.pictures:
        raise UsageError(_("--pack and --pictures are two kinds of briefing; give one of them."))
    if not 640 <= options.width <= 7680:
        raise UsageError(_("--width must lie between 640 and 7680 pixels."))
    for name, most in (
        ("marking", titles.MARKING_LETTERS),
        ("title", titles.TITLE_LETTERS),
        ("note", titles.NOTE_LETTERS),
    ):
        if len(getattr(options, name)) > most:
            # Cut short, it might say something else.
            raise UsageError(_("--{name} has at most {most} letters.", name=name, most=most))
        if missing := _missing(getattr(options, name)):
            raise UsageError(
                _("--{name} has letters that pictures cannot show: {letters}",
                  name=name, letters=missing)
            )  # fmt: skip
    return ending


def _missing(words: str) -> str:
    if words.isascii():
        return ""
    from armsflow.briefing.letters import missing_letters

    return missing_letters(words)


def _plates(told: Sequence[Dataset], directory: Path) -> tuple[list[Any], Any]:
    """Return what pictures share in each language, and what all of them are drawn on."""
    from armsflow.briefing.ground import prepare_ground
    from armsflow.picture.plate import make_plate, plate_in_language

    first = make_plate(told[0], directory)
    plates = [first]
    for one in told[1:]:
        with speaking(one.language):
            plates.append(plate_in_language(first, one))
    return plates, prepare_ground(plates[0].basemap, plates[0].fills, plates[0].names)


def _several(
    options: argparse.Namespace,
    file: Path,
    told: Sequence[Dataset],
    ending: str,
    template: bytes | None,
) -> None:
    """Make one file of the pictures whose numbers, or lists of numbers, were given."""
    from armsflow.briefing import collection

    entries = [entry for given in options.pictures for entry in _entries(given)]
    if len(entries) > collection.MOST:
        raise UsageError(
            _n(
                "{count} picture are too many for one briefing; it has at most {most}.",
                "{count} pictures are too many for one briefing; it has at most {most}.",
                len(entries),
                most=collection.MOST,
            )
        )
    found = _verified([entry.number for entry in entries], told[0], options.data)
    titles = [entry.title for entry in entries]
    write_whole(file, _made(options, ending, told, found, titles, template))
    for entry, one in zip(entries, found, strict=True):
        print(f"{entry.number}: {one.words}")
    print(f"{file}: {_n('{count} picture.', '{count} pictures.', len(entries))}")


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


def _made(
    options: argparse.Namespace,
    ending: str,
    told: Sequence[Dataset],
    found: Sequence[Any],
    titles: Sequence[Any],
    template: bytes | None = None,
    *,
    as_before: bool = False,
) -> bytes:
    """Make the pictures found anew as one file: in each language, or as before in their own."""
    from armsflow.briefing import briefing, collection
    from armsflow.briefing.titles import own_marking

    for one in found:
        if one.selection is None:
            raise UsageError(one.words)
    plates, ground = _plates(told, options.data)
    words = (options.address, own_marking(options.marking))
    prepared = [
        briefing.prepare(one.selection, dataset, plate, *words, title)
        for one, title in zip(found, titles, strict=True)
        for dataset, plate in zip(told, plates, strict=True)
        if not as_before or dataset.language == (one.selection.language or ENGLISH)
    ]
    return collection.make(ending, prepared, ground, template)


def _template_bytes(file: Path | None) -> bytes | None:
    try:
        return file.read_bytes() if file else None
    except OSError as error:
        words = _("The template cannot be read: {reason}.", reason=reason(error))
        raise UsageError(words) from None


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
                raise UsageError(
                    _("--{name} {code} is not known. Known: {codes}.",
                      name=name, code=repr(code), codes=", ".join(codes))
                )  # fmt: skip
        query["destinations" if name == "destination" else name] = given
    first, last = selection.year_range(dataset)
    chosen = from_query(query | {"years": [options.years]}, dataset)
    asked_for_all = options.years in {"", f"{first}-{last}"}
    if chosen.years is None and not asked_for_all:
        raise UsageError(
            _(
                "--years {years} must be a year or a range such as 2011-2014, between {first} and "
                "{last}.",
                years=repr(options.years),
                first=str(first),
                last=str(last),
            )
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
        print(_("Made from these data (version {version}).", version=dataset.version))
        return 0
    from armsflow.briefing import verification

    if numbered.version:
        print(
            _("Made from data {version}; these are {now}.",
              version=numbered.version, now=dataset.version)
        )  # fmt: skip
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
        raise UsageError(_("{file}: no picture number was found in it.", file=file))
    found = _verified(numbers, dataset, options.data)
    for one in found:
        print(f"{one.number}: {one.words}")
    if options.renew:
        ending = options.renew.suffix.removeprefix(".").lower()
        if ending not in TOGETHER:
            raise UsageError(_("--renew needs one of: {endings}.", endings=", ".join(TOGETHER)))
        again = [one for one in found if one.selection]
        languages = dict.fromkeys(one.selection.language or ENGLISH for one in again)
        told = [in_language(dataset, language) for language in languages]
        titles = [NO_TITLE] * len(again)
        write_whole(options.renew, _made(options, ending, told, again, titles, as_before=True))
        print(_("{file}: made anew.", file=options.renew))
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
        raise UsageError(
            _("{file} cannot be written: {reason}.", file=file, reason=error.strerror)
        ) from None
