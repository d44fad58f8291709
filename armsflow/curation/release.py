"""What a curator does with a data package on disk: format its files, add rows, release it.

Every release is a line of ``VERSIONS.csv``, with the digest of all tables. Tables that differ from
the last line are not released yet, and a test of the project refuses them.
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from armsflow.curation import storage
from armsflow.curation.submission import read_upload
from armsflow.curation.upload import LARGEST_UPLOAD, SHEETS
from armsflow.package.checks import VALUE_RULES, canonical_text, check
from armsflow.package.package import DESCRIPTOR, UNPUBLISHED, Package, read_package
from armsflow.package.problem import Problem, shorten

VERSIONS = "VERSIONS.csv"
COLUMNS = ("version", "date", "sha256", "changes")
PARTS = ("major", "minor", "patch")
"""Parts of a version (Semantic Versioning): identifiers withdrawn, rows added, rows corrected."""

UNPUBLISHED_ROWS = Problem(
    DESCRIPTOR,
    "the package is a copy with rows that are not published.",
    "add the rows, in a template, to the published package.",
)

VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class Release:
    """One line of ``VERSIONS.csv``.

    Parameters
    ----------
    version
        Three numbers, e.g. ``1.0.0``.
    date
        Day of the release (ISO 8601).
    sha256
        Digest of the tables (:attr:`armsflow.package.Package.digest`).
    changes
        What changed, in a sentence.
    """

    version: str
    date: str
    sha256: str
    changes: str


def format_tables(directory: Path) -> tuple[list[str], list[Problem]]:
    """Write the tables of a package in canonical form: sorted by key, quoted only where needed.

    Returns
    -------
    changed, problems
        Files that were written anew; or what must be fixed first, and nothing was written.

    Raises
    ------
    OSError
        If a file cannot be written; those not yet written stay as they were.
    """
    package, problems = read_package(directory)
    if package is None:
        return [], problems
    problems = [problem for rule in VALUE_RULES for problem in rule(package)]
    if problems:
        return [], problems
    contents = {
        str(package.resource(name)["path"]): canonical
        for name, text in package.texts.items()
        if text != (canonical := canonical_text(package, name))
    }
    for path, text in contents.items():
        storage.write_file(directory / path, text.encode())
    return list(contents), []


def add(
    directory: Path, file: Path, today: date | None = None
) -> tuple[dict[str, int], list[Problem]]:
    """Add the rows of a filled template to a package on disk, all or none.

    Returns
    -------
    added, problems
        Number of rows added to each table; or what is wrong, and nothing was written.

    Raises
    ------
    OSError
        If the template cannot be read or a table cannot be written.
    """
    package, problems = check(directory)
    if package is None:
        return {}, problems
    if UNPUBLISHED in package.descriptor:
        return {}, [UNPUBLISHED_ROWS]
    with file.open("rb") as stream:
        content = stream.read(LARGEST_UPLOAD + 1)
    submission = read_upload(file.name, content, package, today)
    if submission.problems:
        return {}, submission.problems
    grown = submission.package
    contents = {
        str(grown.resource(name)["path"]): grown.texts[name]
        for name in SHEETS
        if grown.texts[name] != package.texts[name]
    }
    contents[DESCRIPTOR] = _description(package, created=str(grown.descriptor["created"]))
    storage.replace_files(directory, {path: text.encode() for path, text in contents.items()})
    return {name: len(grown.tables[name]) - len(package.tables[name]) for name in SHEETS}, []


def release(
    directory: Path, changes: str, part: str = "minor", today: date | None = None
) -> tuple[str, list[Problem]]:
    """Give changed tables a new version and record it.

    Parameters
    ----------
    directory
        A package without problems.
    changes
        What changed, in a sentence.
    part
        Which part of the version to raise: ``major`` when identifiers were withdrawn, ``minor``
        when rows were added, ``patch`` when rows were corrected.
    today
        Day of the release; today (UTC) unless stated.

    Returns
    -------
    version, problems
        The new version; or what stands in the way, and nothing was written.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    package, problems = check(directory)
    if package is None:
        return "", problems
    releases, problems = read_releases(directory)
    if UNPUBLISHED in package.descriptor:
        problems.append(UNPUBLISHED_ROWS)
    if not changes.strip() or not changes.isprintable():
        problems.append(Problem(VERSIONS, "no change is named.", "say in one line what changed."))
    if releases and releases[-1].sha256 == package.digest:
        what = f"the tables are those of version {releases[-1].version}."
        problems.append(Problem(VERSIONS, what, "release when a table has changed."))
    if problems:
        return "", problems
    day = str(today or datetime.now(UTC).date())
    version = str(package.descriptor["version"])
    if releases:
        version = _raised(releases[-1].version, part)
    elif not VERSION.fullmatch(version):
        version = "1.0.0"
    releases.append(Release(version, day, package.digest, changes.strip()))
    description = _description(package, version=version, created=f"{day}T00:00:00Z")
    contents = {VERSIONS: _text(releases), DESCRIPTOR: description}
    storage.replace_files(directory, {path: text.encode() for path, text in contents.items()})
    return version, []


def unreleased(package: Package) -> list[Problem]:
    """Say how a package differs from its last release; nothing if it is the release."""
    releases, problems = read_releases(package.directory)
    if problems:
        return problems
    fix = f"run python -m armsflow release {package.directory} “what changed”."
    if not releases:
        return [Problem(VERSIONS, "no version is recorded.", fix)]
    last = releases[-1]
    if package.descriptor["version"] != last.version:
        what = f"the version is {package.descriptor['version']}, the last release {last.version}."
        problems.append(Problem(DESCRIPTOR, what, f"write {last.version}, and {fix}"))
    if last.sha256 != package.digest:
        what = f"the tables differ from version {last.version}."
        problems.append(Problem(VERSIONS, what, fix))
    return problems


def read_releases(directory: Path) -> tuple[list[Release], list[Problem]]:
    """Read the releases of a package, the oldest first; none if nothing is recorded."""
    try:
        text = (directory / VERSIONS).read_bytes().decode()
        header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    except FileNotFoundError:
        return [], []
    except (OSError, ValueError, csv.Error):
        what = "the file cannot be read."
        return [], [Problem(VERSIONS, what, "restore it from the last good version.")]
    if header != list(COLUMNS):
        fix = f"restore it; the columns are: {', '.join(COLUMNS)}."
        return [], [Problem(VERSIONS, "the header is another.", fix, 1)]
    releases: list[Release] = []
    for row, cells in enumerate(lines, 2):
        numbers = _numbers(cells[0]) if len(cells) == len(COLUMNS) else None
        if numbers is None or (releases and numbers <= (_numbers(releases[-1].version) or ())):
            what = f"{shorten(','.join(cells))!r} is no release later than the one above."
            fix = "restore the line; versions are three numbers and rise."
            return [], [Problem(VERSIONS, what, fix, row)]
        releases.append(Release(*cells))
    return releases, []


def _numbers(version: str) -> tuple[int, ...] | None:
    found = VERSION.fullmatch(version)
    return tuple(map(int, found.groups())) if found else None


def _raised(version: str, part: str) -> str:
    numbers = list(_numbers(version) or (0, 0, 0))
    position = PARTS.index(part)
    raised = [*numbers[:position], numbers[position] + 1, 0, 0]
    return ".".join(map(str, raised[:3]))


def _text(releases: list[Release]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.version, one.date, one.sha256, one.changes) for one in releases)
    return stream.getvalue()


def _description(package: Package, **changed: str) -> str:
    return json.dumps(package.descriptor | changed, indent=2, ensure_ascii=False) + "\n"
