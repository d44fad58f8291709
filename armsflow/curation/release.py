"""What a curator does with a data package on disk: format its files, add rows, release it.

Every release is a line of ``VERSIONS.csv`` with the digest of all tables, and keeps the tables
(:mod:`armsflow.package.versions`). Tables that differ from the last line are not released yet, and
a test of the project refuses them.
"""

import csv
import io
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from armsflow.curation import storage
from armsflow.curation.submission import read_upload
from armsflow.curation.upload import LARGEST_UPLOAD, SHEETS
from armsflow.package import difference
from armsflow.package.checks import VALUE_RULES, canonical_text, check
from armsflow.package.package import DESCRIPTOR, UNPUBLISHED, Package, read_package
from armsflow.package.problem import Problem
from armsflow.package.versions import (
    COLUMNS,
    PARTS,
    VERSION,
    VERSIONS,
    Release,
    kept_path,
    read_releases,
    read_version,
    version_archive,
    version_numbers,
)

FIRST = "first_reading"
"""Result in reviews.csv of a row that nobody has read a second time."""

UNPUBLISHED_ROWS = Problem(
    DESCRIPTOR,
    "the package is a copy with rows that are not published.",
    "add the rows, in a template, to the published package.",
)


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
    if "reviews" in package.tables:
        path = str(package.resource("reviews")["path"])
        contents[path] = _with_first_readings(package, submission.incident_ids)
    contents[DESCRIPTOR] = _description(package, created=str(grown.descriptor["created"]))
    storage.replace_files(directory, {path: text.encode() for path, text in contents.items()})
    return {name: len(grown.tables[name]) - len(package.tables[name]) for name in SHEETS}, []


def _with_first_readings(package: Package, incidents: Collection[str]) -> str:
    """Return reviews.csv with an entry for incidents that were read once, by who added them."""
    reviews = package.tables["reviews"]
    added = pd.DataFrame({"incident_id": sorted(incidents), "reviewed": "", "result": FIRST})
    together = pd.concat([reviews, added], ignore_index=True).astype(reviews.dtypes.to_dict())
    tables = package.tables | {"reviews": together}
    return canonical_text(replace(package, tables=tables), "reviews")


def release(
    directory: Path, changes: str, part: str = "", today: date | None = None
) -> tuple[str, list[Problem]]:
    """Give changed tables a new version, record it and keep its tables.

    Parameters
    ----------
    directory
        A package without problems.
    changes
        What changed, in a sentence.
    part
        Which part of the version to raise; empty: as the difference from the last release asks
        (:func:`armsflow.package.difference.part_of`). Never less than that.
    today
        Day of the release; today (UTC) unless stated.

    Returns
    -------
    version, problems
        The new version; or what must be done first, and nothing was written.

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
    needed = "minor"
    if releases and releases[-1].sha256 == package.digest:
        what = f"the tables are those of version {releases[-1].version}."
        problems.append(Problem(VERSIONS, what, "release when a table has changed."))
    elif releases:
        differences, found = since(package, releases[-1].version)
        problems += found or _unexplained(package, differences)
        needed = difference.part_of(differences)
        if part and PARTS.index(part) > PARTS.index(needed):
            what = f"{part} is less than the changes ask for: {needed}."
            problems.append(Problem(VERSIONS, what, f"leave --part out, or give {needed}."))
    if problems:
        return "", problems
    day = str(today or datetime.now(UTC).date())
    version = str(package.descriptor["version"])
    if releases:
        version = _raised(releases[-1].version, part or needed)
    elif not VERSION.fullmatch(version):
        version = "1.0.0"
    releases.append(Release(version, day, package.digest, changes.strip()))
    description = _description(package, version=version, created=f"{day}T00:00:00Z")
    kept = directory / kept_path(version)
    kept.parent.mkdir(exist_ok=True)
    storage.write_file(kept, version_archive(package, description))
    contents = {VERSIONS: _text(releases), DESCRIPTOR: description}
    storage.replace_files(directory, {path: text.encode() for path, text in contents.items()})
    return version, []


def since(package: Package, version: str) -> tuple[list[difference.Change], list[Problem]]:
    """Return what changed in a package since a published version of it."""
    before, problems = read_version(package.directory, version)
    return ([], problems) if before is None else (difference.compare(before, package), [])


def _unexplained(package: Package, differences: list[difference.Change]) -> list[Problem]:
    """Return the rows that were withdrawn and for which no correction says why."""
    corrections = package.tables.get("corrections")
    explained = set() if corrections is None else set(corrections["record"])
    gone = {one.record: one.table for one in reversed(difference.withdrawn(differences))}
    return [
        Problem(
            str(package.resource(table)["path"]),
            f"{record!r} was published and is gone, and corrections.csv does not say why.",
            "restore the row, or add a line for it to corrections.csv with the field left empty.",
            record=record,
        )
        for record, table in gone.items()
        if record not in explained
    ]


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


def _raised(version: str, part: str) -> str:
    numbers = list(version_numbers(version) or (0, 0, 0))
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
