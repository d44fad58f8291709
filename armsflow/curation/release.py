"""What a curator does with a data package on disk: format its files, add rows, release it.

Every release is a line of ``VERSIONS.csv`` with the digest of all tables, and keeps the tables
(:mod:`armsflow.package.versions`). Tables that differ from the last line are not released yet, and
a test of the project refuses them.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
from filelock import FileLock

from armsflow.curation import storage
from armsflow.curation.likeness import Likeness, likely_same
from armsflow.curation.revision import LOG, logged, released, uncited, with_rows, withdrawn
from armsflow.curation.submission import read_upload
from armsflow.curation.tidying import read_tidied
from armsflow.curation.upload import ALL_SHEETS, LARGEST_UPLOAD
from armsflow.language import _, _n, enumerated, isolated
from armsflow.package import difference
from armsflow.package.checks import VALUE_RULES, canonical_text, check, find_problems
from armsflow.package.evidence import identifiers_begin_with_the_date
from armsflow.package.package import DESCRIPTOR, UNPUBLISHED, Package, read_package
from armsflow.package.problem import Problem, quoted
from armsflow.package.versions import (
    PARTS,
    VERSION,
    VERSIONS,
    Release,
    kept_path,
    raised,
    read_releases,
    read_version,
    version_archive,
    versions_csv,
)

FIRST = "first_reading"
"""Result in reviews.csv of a row that nobody has read a second time."""

LOCK = ".lock"
"""File in a package that whoever changes it holds."""


def alone(directory: Path) -> AbstractContextManager[object]:
    """Wait until nobody else changes a package, and keep the others waiting.

    What is changed meanwhile is changed by nobody else; a folder that is missing is not made.
    """
    # The lock would make a folder that is not there.
    return FileLock(directory / LOCK) if directory.is_dir() else nullcontext()


def format_tables(directory: Path) -> tuple[dict[str, list[str]], list[Problem]]:
    """Write the tables of a package in canonical form: sorted by key, quoted only where needed.

    What a spreadsheet certainly did is undone (:mod:`armsflow.curation.tidying`). Nobody else can
    change the package meanwhile.

    Returns
    -------
    changed, problems
        Files that were written anew, with what was undone in each, in words; or what must be fixed
        first, and nothing was written.

    Raises
    ------
    OSError
        If a file cannot be written; those not yet written stay as they were.
    """
    with alone(directory):
        return _format(directory)


def _format(directory: Path) -> tuple[dict[str, list[str]], list[Problem]]:
    package, problems, undone = read_tidied(directory)
    if package is None:
        return {}, problems
    problems = [problem for rule in VALUE_RULES for problem in rule(package)]
    # A date that another program changed is seen beside the identifier only.
    if problems := problems or list(identifiers_begin_with_the_date(package)):
        return {}, problems
    contents = {}
    for name in package.tables:
        path, text = str(package.resource(name)["path"]), canonical_text(package, name).encode()
        if text != (directory / path).read_bytes():
            contents[path] = text
    for path, text in contents.items():
        storage.write_file(directory / path, text)
    return {path: undone[path] for path in contents}, []


def add(
    directory: Path,
    file: Path | None,
    today: date | None = None,
    replacing: bool = False,
    withdraw: Collection[str] = (),
    why: str = "",
) -> tuple[list[str], list[Problem]]:
    """Add the rows of a filled template to a package on disk, all or none.

    Nobody else can change the package meanwhile: the next one waits. An incident that may be
    published already is refused until its row names the other in ``distinct_from``.

    Parameters
    ----------
    directory
        A package without problems.
    file
        A filled template; ``None`` if rows are only withdrawn.
    today
        Day of the change; today (UTC) unless stated.
    replacing
        Whether a row with a published identifier takes the place of the published one.
    withdraw
        Identifiers of published rows to take out, with the rows that belong to them.
    why
        Why published rows are changed, for ``corrections.csv``.

    Returns
    -------
    changed, problems
        What was changed, line by line; or what is wrong, and nothing was written.

    Raises
    ------
    OSError
        If the template cannot be read or a table cannot be written.
    """
    content = b""
    if file is not None:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_UPLOAD + 1)
    with alone(directory):
        package, problems = check(directory)
        if package is None:
            return [], problems
        if UNPUBLISHED in package.descriptor:
            return [], [unpublished_rows()]
        day = today or datetime.now(UTC).date()
        grown, problems = withdrawn(package, withdraw)
        notes: list[Problem] = []
        if not problems and file is not None:
            grown, problems, notes = _grown(package, grown, file.name, content, day, replacing)
        changes = difference.compare(package, grown)
        if not problems and (replacing or withdraw):
            grown, problems = _explained(package, grown, changes, why, day)
        if problems:
            return [], problems
        contents = {
            str(grown.resource(name)["path"]): text
            for name, text in grown.texts.items()
            if text != package.texts[name]
        }
        if contents:
            contents[DESCRIPTOR] = _description(grown)
        storage.replace_files(directory, {path: text.encode() for path, text in contents.items()})
    return [*map(str, notes), *_told(package, grown, changes)], []


def unpublished_rows() -> Problem:
    """Say that a package is a copy with a reader's rows, to which nothing is added."""
    what = _("the package is a copy with rows that are not published.")
    fix = _("add the rows, in a template, to the published package.")
    return Problem(DESCRIPTOR, what, fix)


def _grown(
    published: Package, package: Package, name: str, content: bytes, day: date, replacing: bool
) -> tuple[Package, list[Problem], list[Problem]]:
    """Return a package with the rows of a template, what is wrong, and what was read how.

    New incidents get an entry that they were read once.
    """
    submission = read_upload(name, content, package, day, replacing, ALL_SHEETS)
    if submission.problems:
        return package, submission.problems, []
    new = submission.incident_ids - set(published.tables["incidents"]["incident_id"])
    grown = submission.package
    if pairs := likely_same(grown, new):
        return package, [_doubt(pair) for pair in pairs], []
    created = {"created": grown.descriptor["created"]}
    grown = replace(grown, descriptor=package.descriptor | created)
    if "reviews" in package.tables:
        reviews = package.tables["reviews"]
        added = pd.DataFrame({"incident_id": sorted(new), "reviewed": "", "result": FIRST})
        together = pd.concat([reviews, added], ignore_index=True).astype(reviews.dtypes.to_dict())
        grown = with_rows(grown, "reviews", together)
    return grown, [], submission.notes


def _explained(
    package: Package, grown: Package, changes: list[difference.Change], why: str, day: date
) -> tuple[Package, list[Problem]]:
    """Return a package whose corrections.csv says why published rows are changed."""
    releases, problems = read_releases(package.directory)
    last, coming, published = "", str(package.descriptor["version"]), changes
    if releases:
        last = releases[-1].version
        differences, found = since(grown, last)
        problems += found
        coming = raised(last, difference.part_of(differences))
        # What was added since the last version is not published yet and needs no correction.
        known = {(one.table, one.record) for one in differences if one.kind == difference.ADDED}
        published = [one for one in changes if (one.table, one.record) not in known]
    if "corrections" in grown.tables:
        grown = logged(grown, published, why.strip(), last, coming, str(day))
    return grown, problems or find_problems(grown)


def _told(package: Package, grown: Package, changes: list[difference.Change]) -> Iterator[str]:
    for name in ALL_SHEETS:
        count = sum((one.table, one.kind) == (name, difference.ADDED) for one in changes)
        if count:
            table = isolated(name)
            yield _n(
                "{table}: {count} row added.", "{table}: {count} rows added.", count, table=table
            )
    for one in changes:
        if one.kind != difference.ADDED and not (one.kind == difference.WITHDRAWN and one.before):
            yield difference.line_of(one)
    for table, record in uncited(package, grown):
        yield _(
            "{row}: no row cites it any more; withdraw it too if it is not needed.",
            row=isolated(f"{table}/{record}"),
        )


def _doubt(pair: Likeness) -> Problem:
    other = isolated(pair.other)
    what = _(
        "{added} may be the same incident as {other}: both have {reasons}.",
        added=isolated(pair.added),
        other=other,
        reasons=enumerated(pair.reasons),
    )
    fix = _(
        "delete the row if it is; if it is another, write {other} in distinct_from.", other=other
    )
    return Problem("incidents", what, fix, column="distinct_from")


def release(
    directory: Path, changes: str, part: str = "", today: date | None = None
) -> tuple[str, list[Problem], list[str]]:
    """Give changed tables a new version, record it and keep its tables.

    Nobody else can change the package meanwhile.

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
    version, problems, lines
        The new version; or what must be done first, and nothing was written; and the rows that
        were added, withdrawn and changed since the last one.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    with alone(directory):
        return _release(directory, changes, part, today)


def _release(
    directory: Path, changes: str, part: str, today: date | None
) -> tuple[str, list[Problem], list[str]]:
    package, problems = check(directory)
    if package is None:
        return "", problems, []
    lines: list[str] = []
    releases, problems = read_releases(directory)
    if UNPUBLISHED in package.descriptor:
        problems.append(unpublished_rows())
    if not changes.strip() or not changes.isprintable():
        what, fix = _("no change is named."), _("say in one line what changed.")
        problems.append(Problem(VERSIONS, what, fix))
    needed = "minor"
    if releases and releases[-1].sha256 == package.digest:
        last = isolated(releases[-1].version)
        what = _("the tables are those of version {version}.", version=last)
        problems.append(Problem(VERSIONS, what, _("release when a table has changed.")))
    elif releases:
        differences, found = since(package, releases[-1].version)
        problems += found or _unexplained(package, differences)
        lines += difference.record_lines(differences)
        needed = difference.part_of(differences)
        if part and PARTS.index(part) > PARTS.index(needed):
            asked = isolated(needed)
            what = _(
                "{part} is less than the changes ask for: {needed}.",
                part=isolated(part),
                needed=asked,
            )
            fix = _("leave --part out, or give {needed}.", needed=asked)
            problems.append(Problem(VERSIONS, what, fix))
    if problems:
        return "", problems, []
    day = str(today or datetime.now(UTC).date())
    version = str(package.descriptor["version"])
    if releases:
        version = raised(releases[-1].version, part or needed)
        package = released(package, releases[-1].version, version, day)
    elif not VERSION.fullmatch(version):
        version = "1.0.0"
    releases.append(Release(version, day, package.digest, changes.strip()))
    description = _description(package, version=version, created=f"{day}T00:00:00Z")
    kept = directory / kept_path(version)
    kept.parent.mkdir(exist_ok=True)
    storage.write_file(kept, version_archive(package, description))
    contents = {VERSIONS: versions_csv(releases), DESCRIPTOR: description}
    if LOG in package.texts:
        contents[str(package.resource(LOG)["path"])] = package.texts[LOG]
    storage.replace_files(directory, {path: text.encode() for path, text in contents.items()})
    return version, [], lines


def since(package: Package, version: str) -> tuple[list[difference.Change], list[Problem]]:
    """Return what changed in a package since a published version of it."""
    before, problems = read_version(package.directory, version)
    return ([], problems) if before is None else (difference.compare(before, package), [])


def _unexplained(package: Package, differences: list[difference.Change]) -> list[Problem]:
    """Return the rows that were withdrawn and for which no correction says why."""
    corrections = package.tables.get("corrections")
    explained = set() if corrections is None else set(corrections["record"])
    gone = {one.record: one.table for one in reversed(difference.withdrawn(differences))}
    fix = _("restore the row, or add a line for it to corrections.csv with the field left empty.")
    return [
        Problem(
            str(package.resource(table)["path"]),
            _(
                "{identifier} was published and is gone, and corrections.csv does not say why.",
                identifier=quoted(record),
            ),
            fix,
            record=record,
        )
        for record, table in gone.items()
        if record not in explained
    ]


def unpublished_lines(directory: Path) -> list[str]:
    """Name the rows that were added, withdrawn and changed since the last release."""
    package, releases = read_package(directory)[0], read_releases(directory)[0]
    if package is None or not releases:
        return []
    return list(difference.record_lines(since(package, releases[-1].version)[0]))


def unreleased(package: Package) -> list[Problem]:
    """Say how a package differs from its last release; nothing if it is the release."""
    releases, problems = read_releases(package.directory)
    if problems:
        return problems
    command = isolated(f"python -m armsflow release {package.directory}")
    fix = _("run {command}, with one line that says what changed.", command=command)
    if not releases:
        return [Problem(VERSIONS, _("no version is recorded."), fix)]
    last, told = releases[-1], isolated(releases[-1].version)
    if package.descriptor["version"] != last.version:
        version = isolated(package.descriptor["version"])
        what = _("the version is {version}, the last release {last}.", version=version, last=told)
        again = _("write {version}, and {fix}", version=told, fix=fix)
        problems.append(Problem(DESCRIPTOR, what, again))
    if last.sha256 != package.digest:
        what = _("the tables differ from version {version}.", version=told)
        problems.append(Problem(VERSIONS, what, fix))
    return problems


def _description(package: Package, **changed: str) -> str:
    return json.dumps(package.descriptor | changed, indent=2, ensure_ascii=False) + "\n"
