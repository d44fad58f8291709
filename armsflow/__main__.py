"""Command line: show the page, make a briefing, check, change or prepare a data package.

Examples
--------
::

    python -m armsflow show
    python -m armsflow check data
    python -m armsflow prepare data /srv/armsflow/prepared
    python -m armsflow template rows.xlsx
    python -m armsflow add data rows.xlsx
    python -m armsflow format data
    python -m armsflow bend data
    python -m armsflow release data "what changed"
    python -m armsflow diff 1.0.0 data
    python -m armsflow brief --weapon manpads --destination sinai --years 2011-2014 out.pptx
    python -m armsflow verify 4-7KQ2M
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from armsflow.arguments import ENDINGS, parser
from armsflow.curation import storage, template
from armsflow.curation.release import add, format_tables, release, unreleased
from armsflow.curation.upload import SHEETS
from armsflow.dataset import preparation
from armsflow.dataset.dataset import Dataset, labels
from armsflow.dataset.loader import DataError, load, load_earlier
from armsflow.package import difference
from armsflow.package.basemap import COURSES, read_land
from armsflow.package.checks import check, describe_rules
from armsflow.package.package import Package, read_package
from armsflow.package.problem import Problem
from armsflow.package.versions import VERSION, read_version
from armsflow.selection import selection
from armsflow.selection.history import since
from armsflow.selection.numbering import read_number
from armsflow.selection.query import Query, from_query
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe
from armsflow.words import plural


class UsageError(Exception):
    """Something asked for on the command line that cannot be done; says what can."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    status
        0 if all is well, 1 if the data have problems or differ, 2 if the request is wrong.
    """
    options = parser().parse_args(arguments)
    try:
        status = _run(options)
        sys.stdout.flush()
    except DataError as error:
        print(error)
        return 1
    except UsageError as error:
        print(f"armsflow: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever reads the output, such as head, has read enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "show":
            return _show(options)
        case "check":
            return _check(options.directory)
        case "prepare":
            return _prepare(options.directory, options.target)
        case "brief":
            return _brief(options)
        case "template":
            return _template(options)
        case "add":
            return _add(options)
        case "format":
            return _format(options.directory)
        case "bend":
            return _bend(options.directory)
        case "release":
            return _release(options)
        case "diff":
            return _diff(options)
        case _:
            return _verify(options)


def _show(options: argparse.Namespace) -> int:
    from armsflow.page import server

    if options.data:
        os.environ["ARMSFLOW_DATA"] = str(options.data.resolve())
    try:
        port = options.port or server.free_port(options.host)
        address = server.address_of(options.host, port, options.base_path)
        print(f"The page is at {address} (Ctrl+C stops it)", flush=True)
        server.run(options.host, port, browser=not options.no_browser, base_path=options.base_path)
    except OSError as error:
        raise UsageError(f"The page cannot be shown: {_reason(error)}.") from None
    return 0


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


def _prepare(directory: Path, target: Path) -> int:
    if target.exists():
        raise UsageError(f"{str(target)!r} exists already; name a folder that does not.")
    package, problems = check(directory)
    if package is None:
        raise DataError(problems)
    preparation.write(package, target)
    rows = plural(len(package.tables["incidents"]), "incident")
    print(f"{target}: {rows}, prepared. Show it with ARMSFLOW_DATA={target}.")
    return 0


def _template(options: argparse.Namespace) -> int:
    forms = {".xlsx": template.template_xlsx, ".zip": template.template_csv}
    form = forms.get(options.file.suffix.lower())
    if form is None:
        raise UsageError(f"{options.file.name!r} must end in one of: {', '.join(forms)}.")
    package, problems = check(options.data)
    if package is None:
        raise DataError(problems)
    write_whole(options.file, form(package))
    print(f"{options.file}: fill in the sheets {', '.join(SHEETS)}.")
    return 0


def _add(options: argparse.Namespace) -> int:
    try:
        added, problems = add(options.directory, options.file)
    except OSError as error:
        raise UsageError(f"Rows cannot be added: {_reason(error)}.") from None
    if problems:
        return _refuse(problems, "Nothing was added.")
    for table, rows in added.items():
        print(f"{table}: {plural(rows, 'row')} added.")
    return 0


def _format(directory: Path) -> int:
    try:
        changed, problems = format_tables(directory)
    except OSError as error:
        raise UsageError(f"Not every table was written: {_reason(error)}.") from None
    if problems:
        return _refuse(problems, "Nothing was changed.")
    for file in changed:
        print(f"{file}: sorted and quoted anew.")
    if not changed:
        print("Nothing to change.")
    return 0


def _bend(directory: Path) -> int:
    from armsflow.picture import courses

    dataset = load(directory)
    bent = courses.bend_all(dataset, read_land(directory))
    storage.write_file(directory / COURSES, courses.write(dataset, bent).encode())
    print(f"Written: {directory / COURSES}")
    return 0


def _release(options: argparse.Namespace) -> int:
    if options.changes is None:
        package, problems = check(options.directory)
        problems = problems if package is None else unreleased(package)
        if problems:
            return _refuse(problems, "The tables are not those of the last release.")
        print("The tables are those of the last release.")
        return 0
    try:
        version, problems = release(options.directory, options.changes, options.part)
    except OSError as error:
        raise UsageError(f"The release cannot be written: {_reason(error)}.") from None
    if problems:
        return _refuse(problems, "Nothing was released.")
    print(f"Version {version}. Name it, with the identifiers that changed, in CHANGELOG.md.")
    return 0


def _diff(options: argparse.Namespace) -> int:
    writers = {".csv": difference.csv_file, ".xlsx": difference.xlsx_file}
    if options.file and options.file.suffix.lower() not in writers:
        raise UsageError(f"{options.file.name!r} must end in one of: {', '.join(writers)}.")
    old, new = (_version(name, options.data) for name in (options.old, options.new))
    changes = difference.compare(old, new)
    if options.file:
        write_whole(options.file, writers[options.file.suffix.lower()](changes))
        print(f"{options.file}: {plural(len(changes), 'difference')}.")
    else:
        print("\n".join(difference.text_lines(changes)))
    return 0


def _version(name: str, directory: Path) -> Package:
    """Read a package by its folder, or a kept version of the package in *directory*."""
    package, problems = (
        read_version(directory, name) if VERSION.fullmatch(name) else read_package(Path(name))
    )
    if package is None:
        raise DataError(problems)
    return package


def _refuse(problems: list[Problem], said: str) -> int:
    for problem in problems:
        print(problem)
    print(f"{plural(len(problems), 'problem')} found. {said}", file=sys.stderr)
    return 1


def _reason(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def _brief(options: argparse.Namespace) -> int:
    name = options.file.name.lower()[1:]  # what begins with a dot has no ending by that
    ending = next((one for one in ENDINGS if name.endswith(f".{one}")), "")
    if not ending:
        raise UsageError(f"{options.file.name!r} must end in one of: {', '.join(ENDINGS)}.")
    if options.pack and ending != "pptx":
        raise UsageError("--pack makes a PPTX; give the file that ending.")
    if not 640 <= options.width <= 7680:
        raise UsageError("--width must lie between 640 and 7680 pixels.")
    # What draws takes a second to import; the other commands need not wait for it.
    from armsflow.briefing import briefing
    from armsflow.briefing.ground import prepare_ground
    from armsflow.briefing.titles import MARKING_LETTERS, own_marking, own_title
    from armsflow.picture.plate import make_plate

    if len(options.marking) > MARKING_LETTERS:
        # Cut short, it might say something else.
        raise UsageError(f"--marking has at most {MARKING_LETTERS} letters.")
    dataset = load(options.data)
    chosen = _selection(options, dataset)
    plate = make_plate(dataset, options.data)
    ground = prepare_ground(plate.basemap, plate.fills, plate.names)
    title = own_title(options.title, options.note)
    words = (options.address, own_marking(options.marking), title)
    if options.pack:
        content = briefing.pack(dataset, plate, ground, chosen, *words)
    else:
        prepared = briefing.prepare(chosen, dataset, plate, *words)
        content = briefing.writers(ground, options.width)[ending](prepared)
    write_whole(options.file, content)
    said = describe(chosen, selection.apply(dataset, chosen), dataset)
    told = (f"{part}." for part in (said.headline, said.counts, said.aside) if part)
    print(f"{options.file}: {' '.join(told)}")
    return 0


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


def _verify(options: argparse.Namespace) -> int:
    dataset = load(options.data)
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
    if numbered.version:
        earlier = load_earlier(options.data, dataset.version)
        made_from = next(data for data in earlier if data.version == numbered.version)
        print(f"Made from data {numbered.version}; these are {dataset.version}.")
        print(since(numbered.selection, dataset, made_from).words)
    else:
        print(f"Made from other data than these (version {dataset.version}): counts may differ.")
    return 1


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    UsageError
        If the folder does not exist or the file cannot be written.
    """
    try:
        storage.write_file(file, content)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None


if __name__ == "__main__":
    sys.exit(main())
