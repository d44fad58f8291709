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
    python -m armsflow --language fr check data
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from armsflow.arguments import (
    UsageError,
    asked_language,
    known_languages,
    parser,
    reason,
    spoken_language,
)
from armsflow.brief_command import brief, verify, write_whole
from armsflow.dataset import preparation
from armsflow.dataset.loader import DataError, load
from armsflow.language import _, _n, comma, enumerated, speaking
from armsflow.package import difference
from armsflow.package.basemap import COURSES, read_land
from armsflow.package.checks import check, describe_rules
from armsflow.package.package import Package, read_package
from armsflow.package.problem import Problem
from armsflow.package.translations import LANGUAGES, TABLE, untranslated
from armsflow.package.versions import VERSION, read_version


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    status
        0 if all is well, 1 if the data have problems or differ, 2 if the request is wrong.
    """
    _open_closed_outputs()
    asked = asked_language(arguments)
    with speaking(spoken_language(asked)):
        return _answer(arguments, asked)


def _answer(arguments: Sequence[str] | None, asked: str) -> int:
    status = 1
    try:
        try:
            options = parser().parse_args(arguments)
            options.languages = known_languages(asked, options.command)
            status = _run(options)
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
        print(_("The page is at {address} (Ctrl+C stops it)", address=address), flush=True)
        server.run(options.host, port, browser=not options.no_browser, base_path=options.base_path)
    except BrokenPipeError:
        raise
    except OSError as error:
        why = reason(error)
        raise UsageError(_("The page cannot be shown: {reason}.", reason=why)) from None
    return 0


def _check(directory: Path) -> int:
    package, problems = check(directory)
    for problem in problems:
        print(problem)
    if package is None:
        said = _n(
            "{count} problem found in {folder}.",
            "{count} problems found in {folder}.",
            len(problems),
            folder=directory,
        )
        print(said, file=sys.stderr)
        return 1
    tables = _n("{count} table", "{count} tables", len(package.tables))
    rows = _n("{count} row", "{count} rows", sum(map(len, package.tables.values())))
    print(_("{folder}: {tables}, {rows}. Held:", folder=directory, tables=tables, rows=rows))
    for rule in describe_rules():
        print(f"  {rule}")
    if TABLE in package.tables:
        for language, name in LANGUAGES.items():
            said = _("{language}: complete.", language=name)
            if count := len(untranslated(package, language)):
                said = _n(
                    "{language}: {count} text not translated.",
                    "{language}: {count} texts not translated.",
                    count,
                    language=name,
                )
            print(said)
    return 0


def _prepare(directory: Path, target: Path) -> int:
    if target.exists():
        name = repr(str(target))
        raise UsageError(_("{name} exists already; name a folder that does not.", name=name))
    package, problems = check(directory)
    if package is None:
        raise DataError(problems)
    preparation.write(package, target)
    said = _n(
        "{folder}: {count} incident, prepared. Show it with ARMSFLOW_DATA={folder}.",
        "{folder}: {count} incidents, prepared. Show it with ARMSFLOW_DATA={folder}.",
        len(package.tables["incidents"]),
        folder=target,
    )
    print(said)
    return 0


def _template(options: argparse.Namespace) -> int:
    from armsflow.curation import template
    from armsflow.curation.upload import ALL_SHEETS, SHEETS

    forms = {".xlsx": template.template_xlsx, ".zip": template.template_csv}
    form = forms.get(options.file.suffix.lower())
    if form is None:
        raise _wrong_ending(options.file, forms)
    package, problems = check(options.data)
    if package is None:
        raise DataError(problems)
    sheets = ALL_SHEETS if options.all else SHEETS
    if unknown := set(options.rows) - template.citable(package, sheets):
        raise UsageError(
            _(
                "No row of {tables} is published as {identifiers}.",
                tables=enumerated(sheets, "or"),
                identifiers=", ".join(sorted(unknown)),
            )
        )
    write_whole(options.file, form(package, options.rows, sheets))
    names = comma().join(sheets)
    print(_("{file}: fill in the sheets {names}.", file=options.file, names=names))
    return 0


def _wrong_ending(file: Path, endings: Iterable[str]) -> UsageError:
    return UsageError(
        _("{name} must end in one of: {endings}.", name=repr(file.name), endings=", ".join(endings))
    )


def _add(options: argparse.Namespace) -> int:
    # What reads spreadsheets takes a second to import; the other commands need not wait for it.
    from armsflow.curation.release import add

    if options.file is None and not options.withdraw:
        raise UsageError(_("Name the filled template, or what to withdraw (--withdraw ID)."))
    why = options.why.strip()
    if (options.replace or options.withdraw) and not (why and why.isprintable()):
        raise UsageError(_("Say in one line why published rows are changed (--why)."))
    try:
        changed, problems = add(
            options.directory, options.file, replacing=options.replace,
            withdraw=options.withdraw, why=why,
        )  # fmt: skip
    except OSError as error:
        raise UsageError(_("Rows cannot be added: {reason}.", reason=reason(error))) from None
    if problems:
        return _refuse(problems, _("Nothing was added."))
    print("\n".join(changed or [_("Nothing to change.")]))
    return 0


def _format(directory: Path) -> int:
    from armsflow.curation.release import format_tables

    try:
        changed, problems = format_tables(directory)
    except OSError as error:
        why = reason(error)
        raise UsageError(_("Not every table was written: {reason}.", reason=why)) from None
    if problems:
        return _refuse(problems, _("Nothing was changed."))
    for file, undone in changed.items():
        for said in undone:
            print(_("{file}: {change}", file=file, change=said))
        print(_("{file}: sorted and quoted anew.", file=file))
    if not changed:
        print(_("Nothing to change."))
    return 0


def _bend(directory: Path) -> int:
    from armsflow.curation import storage
    from armsflow.picture import courses

    dataset = load(directory)
    bent = courses.bend_all(dataset, read_land(directory))
    storage.write_file(directory / COURSES, courses.write(dataset, bent).encode())
    print(_("Written: {file}", file=directory / COURSES))
    return 0


def _release(options: argparse.Namespace) -> int:
    from armsflow.curation.release import release, unpublished_lines, unreleased

    if options.changes is None:
        package, problems = check(options.directory)
        problems = problems if package is None else unreleased(package)
        if problems:
            lines = unpublished_lines(options.directory)
            print("\n".join(lines), end="\n" if lines else "")
            return _refuse(problems, _("The tables are not those of the last release."))
        print(_("Nothing changed: the tables are those of the last release."))
        return 0
    try:
        version, problems, lines = release(options.directory, options.changes, options.part)
    except OSError as error:
        why = reason(error)
        raise UsageError(_("The release cannot be written: {reason}.", reason=why)) from None
    if problems:
        return _refuse(problems, _("Nothing was released."))
    print("\n".join(lines), end="\n" if lines else "")
    said = _(
        "Version {version}. Name it, with the identifiers that changed, in CHANGELOG.md.",
        version=version,
    )
    print(said)
    return 0


def _translate(options: argparse.Namespace) -> int:
    from armsflow.curation.translating import missing_csv, take_in

    if options.missing:
        package, problems = check(options.directory)
        if package is None:
            raise DataError(problems)
        write_whole(options.file, missing_csv(package))
        said = _(
            "{file}: fill in the column text, and hand it to translate again.", file=options.file
        )
        print(said)
        return 0
    try:
        taken, problems = take_in(options.directory, options.file)
    except OSError as error:
        why = reason(error)
        raise UsageError(_("Translations cannot be taken in: {reason}.", reason=why)) from None
    if problems:
        return _refuse(problems, _("Nothing was taken in."))
    print(_n("{count} translation taken in.", "{count} translations taken in.", taken))
    return 0


def _diff(options: argparse.Namespace) -> int:
    writers = {".csv": difference.csv_file, ".xlsx": difference.xlsx_file}
    if options.file and options.file.suffix.lower() not in writers:
        raise _wrong_ending(options.file, writers)
    old, new = (_version(name, options.data) for name in (options.old, options.new))
    changes = difference.compare(old, new)
    if options.file:
        write_whole(options.file, writers[options.file.suffix.lower()](changes))
        said = _n(
            "{file}: {count} difference.",
            "{file}: {count} differences.",
            len(changes),
            file=options.file,
        )
        print(said)
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
    found = _n(
        "{count} problem found. {result}",
        "{count} problems found. {result}",
        len(problems),
        result=said,
    )
    print(found, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
