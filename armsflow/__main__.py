"""Command line: check a data package, make a briefing, verify a picture.

Examples
--------
::

    python -m armsflow check data
    python -m armsflow brief --weapon manpads --destination sinai --years 2011-2014 out.pptx
    python -m armsflow verify 4-7KQ2M
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from armsflow import selection
from armsflow.checks import check, describe_rules
from armsflow.dataset import SHIPPED, DataError, Dataset, labels, load
from armsflow.numbering import read_number
from armsflow.selection import Selection, plural

ENDINGS = ("csv", "pdf", "png", "pptx", "svg", "xlsx", "zip")


class UsageError(Exception):
    """Something asked for on the command line that cannot be done; says what can."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    status
        0 if all is well, 1 if the data have problems or differ, 2 if the request is wrong.
    """
    options = _parser().parse_args(arguments)
    try:
        match options.command:
            case "check":
                return _check(options.directory)
            case "brief":
                return _brief(options)
            case _:
                return _verify(options)
    except DataError as error:
        print(error)
        return 1
    except UsageError as error:
        print(f"armsflow: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m armsflow", description=(__doc__ or "").split("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    checking = commands.add_parser("check", help="hold a data package against every rule")
    checking.add_argument("directory", nargs="?", type=Path, default=SHIPPED, metavar="DIR")
    brief = commands.add_parser("brief", help="make a briefing file, its kind by its ending")
    brief.add_argument("file", type=Path, help=f"file to write: {', '.join(ENDINGS)}")
    for name, words in (
        ("weapon", "weapon group or type"),
        ("destination", "destination, or all"),
        ("basis", "how the link to Libya is known"),
        ("event", "kind of event"),
    ):
        brief.add_argument(
            f"--{name}", action="append", default=[], metavar="CODE",
            help=f"{words}; may be repeated, or hold several codes between commas",
        )  # fmt: skip
    brief.add_argument("--years", default="", metavar="YEARS", help="2013, or 2011-2014")
    brief.add_argument("--width", type=int, default=1920, help="width of a PNG in pixels")
    brief.add_argument("--pack", action="store_true", help="PPTX with one slide a destination")
    brief.add_argument("--address", default="", help="address of the page, to print in the file")
    brief.add_argument("--marking", default="", help="line above and below, e.g. OFFICIAL")
    verify = commands.add_parser("verify", help="say what the picture with a number showed")
    verify.add_argument("number", help="picture number, as printed")
    for command in (brief, verify):
        command.add_argument("--data", type=Path, default=SHIPPED, metavar="DIR")
    return parser


def _check(directory: Path) -> int:
    package, problems = check(directory)
    for problem in problems:
        print(problem)
    if package is None:
        print(f"{plural(len(problems), 'problem')} found in {directory}.", file=sys.stderr)
        return 1
    rows = sum(map(len, package.tables.values()))
    print(f"{directory}: {plural(len(package.tables), 'table')}, {plural(rows, 'row')}. Held:")
    for rule in describe_rules():
        print(f"  {rule}")
    return 0


def _brief(options: argparse.Namespace) -> int:
    ending = options.file.suffix.removeprefix(".").lower()
    if ending not in ENDINGS:
        raise UsageError(f"{options.file.name!r} must end in one of: {', '.join(ENDINGS)}.")
    if options.pack and ending != "pptx":
        raise UsageError("--pack makes a PPTX; give the file that ending.")
    if not 640 <= options.width <= 7680:
        raise UsageError("--width must lie between 640 and 7680 pixels.")
    dataset = load(options.data)
    chosen = _selection(options, dataset)
    # What draws takes a second to import; the other commands need not wait for it.
    from armsflow import briefing, sheet
    from armsflow.plate import make_plate

    plate = make_plate(dataset, options.data)
    ground = sheet.prepare_ground(plate.basemap, plate.fills, plate.names)
    words = {"address": options.address, "marking": options.marking}
    if options.pack:
        content = briefing.pack(dataset, plate, ground, chosen, **words)
    else:
        prepared = briefing.prepare(chosen, dataset, plate, **words)
        content = briefing.writers(ground, options.width)[ending](prepared)
    write_whole(options.file, content)
    shown = selection.apply(dataset, chosen)
    said = selection.describe(chosen, shown, dataset)
    print(f"{options.file}: {said.headline}. {said.counts}.")
    return 0


def _selection(options: argparse.Namespace, dataset: Dataset) -> Selection:
    known = {
        "weapon": selection.weapon_codes(dataset),
        "destination": (*selection.destination_codes(dataset), selection.ALL),
        "basis": tuple(labels(dataset, "incidents", "link_basis")),
        "event": tuple(labels(dataset, "incidents", "event_type")),
    }
    query: selection.Query = {}
    for name, codes in known.items():
        given = [part for text in getattr(options, name) for part in text.split(",")]
        for code in given:
            if code not in codes:
                raise UsageError(f"--{name} {code!r} is not known. Known: {', '.join(codes)}.")
        query["destinations" if name == "destination" else name] = given
    first, last = selection.year_range(dataset)
    chosen = selection.from_query(query | {"years": [options.years]}, dataset)
    asked_for_all = options.years in {"", f"{first}-{last}"}
    if chosen.years is None and not asked_for_all:
        raise UsageError(
            f"--years {options.years!r} must be a year or a range such as 2011-2014, "
            f"between {first} and {last}."
        )
    return chosen


def _verify(options: argparse.Namespace) -> int:
    dataset = load(options.data)
    try:
        numbered = read_number(options.number, dataset)
    except ValueError as error:
        raise UsageError(f"{error}.") from None
    shown = selection.apply(dataset, numbered.selection)
    said = selection.describe(numbered.selection, shown, dataset)
    print(said.headline)
    for words in _lines(said):
        print(words)
    if numbered.same_data:
        print(f"Made from these data (version {dataset.version}).")
        return 0
    print(f"Made from other data than these (version {dataset.version}): counts may differ.")
    return 1


def _lines(said: selection.Sentence) -> Iterable[str]:
    return filter(None, (f"{said.counts}.", said.filters, said.aside))


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    UsageError
        If the folder does not exist or the file cannot be written.
    """
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(draft, 0o666 & ~umask)  # noqa: PTH101
            Path(draft).replace(file)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None


if __name__ == "__main__":
    sys.exit(main())
