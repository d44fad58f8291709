"""Command line: show the page, make a briefing, check, change or prepare a data package.

Examples
--------
::

    python -m armsflow show
    python -m armsflow check data
    python -m armsflow prepare data /srv/armsflow/prepared
    python -m armsflow template rows.xlsx
    python -m armsflow add data rows.xlsx
    python -m armsflow add data --withdraw 2013-05-14-ben-guerdane --why "a source was retracted"
    python -m armsflow format data
    python -m armsflow bend data
    python -m armsflow release data "what changed"
    python -m armsflow diff 1.0.0 data
    python -m armsflow translate data missing.csv --missing
    python -m armsflow brief --weapon manpads --destination sinai --years 2011-2014 out.pptx
    python -m armsflow verify 4-7KQ2MB3
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from armsflow.arguments import UsageError, parser, reason
from armsflow.brief_command import brief, verify, write_whole
from armsflow.dataset import preparation
from armsflow.dataset.loader import DataError, load
from armsflow.package import difference
from armsflow.package.basemap import COURSES, read_land
from armsflow.package.checks import check, describe_rules
from armsflow.package.package import Package, read_package
from armsflow.package.problem import Problem
from armsflow.package.translations import LANGUAGES, TABLE, untranslated
from armsflow.package.versions import VERSION, read_version
from armsflow.words import enumerate_words, plural


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    status
        0 if all is well, 1 if the data have problems or differ, 2 if the request is wrong.
    """
    _open_closed_outputs()
    status = 1
    try:
        try:
            status = _run(parser().parse_args(arguments))
        except DataError as error:
            print(error)
        except UsageError as error:
            status = 2
            print(f"armsflow: {error}", file=sys.stderr)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the output, such as head, has read enough. What was done is done.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for output in (sys.stdout, sys.stderr):
            os.dup2(nowhere, output.fileno())
    return status


def _open_closed_outputs() -> None:
    """Write to nowhere what would go to an output that the shell closed, as with ``>&-``."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Left free, its number would go to the next file, which would then get the output.
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "show":
            return _show(options)
        case "check":
            return _check(options.directory)
        case "prepare":
            return _prepare(options.directory, options.target)
        case "brief":
            return brief(options)
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
        case "translate":
            return _translate(options)
        case _:
            return verify(options)


def _show(options: argparse.Namespace) -> int:
    from armsflow.page import server

    if options.data:
        os.environ["ARMSFLOW_DATA"] = str(options.data.resolve())
    try:
        port = options.port or server.free_port(options.host)
        address = server.address_of(options.host, port, options.base_path)
        print(f"The page is at {address} (Ctrl+C stops it)", flush=True)
        server.run(options.host, port, browser=not options.no_browser, base_path=options.base_path)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"The page cannot be shown: {reason(error)}.") from None
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
    if TABLE in package.tables:
        for language, name in LANGUAGES.items():
            count = len(untranslated(package, language))
            said = f"{plural(count, 'text')} not translated" if count else "complete"
            print(f"{name}: {said}.")
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
    from armsflow.curation import template
    from armsflow.curation.upload import ALL_SHEETS, SHEETS

    forms = {".xlsx": template.template_xlsx, ".zip": template.template_csv}
    form = forms.get(options.file.suffix.lower())
    if form is None:
        raise UsageError(f"{options.file.name!r} must end in one of: {', '.join(forms)}.")
    package, problems = check(options.data)
    if package is None:
        raise DataError(problems)
    sheets = ALL_SHEETS if options.all else SHEETS
    if unknown := set(options.rows) - template.citable(package, sheets):
        where = enumerate_words(sheets, "or")
        raise UsageError(f"No row of {where} is published as {', '.join(sorted(unknown))}.")
    write_whole(options.file, form(package, options.rows, sheets))
    print(f"{options.file}: fill in the sheets {', '.join(sheets)}.")
    return 0


def _add(options: argparse.Namespace) -> int:
    # What reads spreadsheets takes a second to import; the other commands need not wait for it.
    from armsflow.curation.release import add

    if options.file is None and not options.withdraw:
        raise UsageError("Name the filled template, or what to withdraw (--withdraw ID).")
    why = options.why.strip()
    if (options.replace or options.withdraw) and not (why and why.isprintable()):
        raise UsageError("Say in one line why published rows are changed (--why).")
    try:
        changed, problems = add(
            options.directory, options.file, replacing=options.replace,
            withdraw=options.withdraw, why=why,
        )  # fmt: skip
    except OSError as error:
        raise UsageError(f"Rows cannot be added: {reason(error)}.") from None
    if problems:
        return _refuse(problems, "Nothing was added.")
    print("\n".join(changed or ["Nothing to change."]))
    return 0


def _format(directory: Path) -> int:
    from armsflow.curation.release import format_tables

    try:
        changed, problems = format_tables(directory)
    except OSError as error:
        raise UsageError(f"Not every table was written: {reason(error)}.") from None
    if problems:
        return _refuse(problems, "Nothing was changed.")
    for file, undone in changed.items():
        for said in undone:
            print(f"{file}: {said}")
        print(f"{file}: sorted and quoted anew.")
    if not changed:
        print("Nothing to change.")
    return 0


def _bend(directory: Path) -> int:
    from armsflow.curation import storage
    from armsflow.picture import courses

    dataset = load(directory)
    bent = courses.bend_all(dataset, read_land(directory))
    storage.write_file(directory / COURSES, courses.write(dataset, bent).encode())
    print(f"Written: {directory / COURSES}")
    return 0


def _release(options: argparse.Namespace) -> int:
    from armsflow.curation.release import release, unpublished_lines, unreleased

    if options.changes is None:
        package, problems = check(options.directory)
        problems = problems if package is None else unreleased(package)
        if problems:
            lines = unpublished_lines(options.directory)
            print("\n".join(lines), end="\n" if lines else "")
            return _refuse(problems, "The tables are not those of the last release.")
        print("Nothing changed: the tables are those of the last release.")
        return 0
    try:
        version, problems, lines = release(options.directory, options.changes, options.part)
    except OSError as error:
        raise UsageError(f"The release cannot be written: {reason(error)}.") from None
    if problems:
        return _refuse(problems, "Nothing was released.")
    print("\n".join(lines), end="\n" if lines else "")
    print(f"Version {version}. Name it, with the identifiers that changed, in CHANGELOG.md.")
    return 0


def _translate(options: argparse.Namespace) -> int:
    from armsflow.curation.translating import missing_csv, take_in

    if options.missing:
        package, problems = check(options.directory)
        if package is None:
            raise DataError(problems)
        write_whole(options.file, missing_csv(package))
        print(f"{options.file}: fill in the column text, and hand it to translate again.")
        return 0
    try:
        taken, problems = take_in(options.directory, options.file)
    except OSError as error:
        raise UsageError(f"Translations cannot be taken in: {reason(error)}.") from None
    if problems:
        return _refuse(problems, "Nothing was taken in.")
    print(f"{plural(taken, 'translation')} taken in.")
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


if __name__ == "__main__":
    sys.exit(main())
