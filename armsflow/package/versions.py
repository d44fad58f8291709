"""Published versions of a package: the line of each release, and its tables as they were.

``VERSIONS.csv`` has a line for every release. ``versions/<version>.zip`` keeps the descriptor and
the tables of each, so that what a picture of an earlier version showed can be read back and two
versions can be compared.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from armsflow.language import _, isolated
from armsflow.package.archive import Archive
from armsflow.package.package import DESCRIPTOR, Package, parse_package
from armsflow.package.problem import Problem, quoted, shorten

PARTS = ("major", "minor", "patch")
"""Parts of a version (Semantic Versioning): rows withdrawn, rows added, rows corrected."""

VERSIONS = "VERSIONS.csv"
COLUMNS = ("version", "date", "sha256", "changes")
KEPT = "versions"
"""Folder of a package that keeps the tables of its published versions."""

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
        Digest of the tables (:attr:`armsflow.package.package.Package.digest`).
    changes
        What changed, in a sentence.
    """

    version: str
    date: str
    sha256: str
    changes: str


def read_releases(directory: Path) -> tuple[list[Release], list[Problem]]:
    """Read the releases of a package, the oldest first; none if nothing is recorded."""
    try:
        text = (directory / VERSIONS).read_bytes().decode()
        header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    except FileNotFoundError:
        return [], []
    except (OSError, ValueError, csv.Error):
        what, fix = _("the file cannot be read."), _("restore it from the last good version.")
        return [], [Problem(VERSIONS, what, fix)]
    if header != list(COLUMNS):
        names = isolated(", ".join(COLUMNS))
        fix = _("restore it; the columns are: {columns}.", columns=names)
        return [], [Problem(VERSIONS, _("the header is another."), fix, 1)]
    releases: list[Release] = []
    for row, cells in enumerate(lines, 2):
        numbers = version_numbers(cells[0]) if len(cells) == len(COLUMNS) else None
        if numbers is None or (
            releases and numbers <= (version_numbers(releases[-1].version) or ())
        ):
            line = quoted(shorten(",".join(cells)))
            what = _("{line} is no release later than the one above.", line=line)
            fix = _("restore the line; versions are three numbers and rise.")
            return [], [Problem(VERSIONS, what, fix, row)]
        releases.append(Release(*cells))
    return releases, []


def version_numbers(version: str) -> tuple[int, ...] | None:
    """Return the three numbers of a version, or ``None`` if it is none."""
    found = VERSION.fullmatch(version)
    return tuple(map(int, found.groups())) if found else None


def raised(version: str, part: str) -> str:
    """Return the version after another, with one of its :data:`PARTS` raised."""
    numbers = list(version_numbers(version) or (0, 0, 0))
    position = PARTS.index(part)
    return ".".join(map(str, [*numbers[:position], numbers[position] + 1, 0, 0][:3]))


def versions_csv(releases: list[Release]) -> str:
    """Write the lines of ``VERSIONS.csv``."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.version, one.date, one.sha256, one.changes) for one in releases)
    return stream.getvalue()


def kept_path(version: str) -> str:
    """Return where the tables of a version are kept, relative to the package."""
    return f"{KEPT}/{version}.zip"


def kept_versions(directory: Path) -> list[str]:
    """Return the versions whose tables are kept, the newest first."""
    found = [file.stem for file in (directory / KEPT).glob("*.zip") if VERSION.fullmatch(file.stem)]
    return sorted(found, key=lambda version: version_numbers(version) or (), reverse=True)


def read_version(directory: Path, version: str) -> tuple[Package | None, list[Problem]]:
    """Read the tables of a published version.

    Parameters
    ----------
    directory
        The package; the version shares its basemap.
    version
        Three numbers.

    Returns
    -------
    package, problems
        The version, or ``None`` if it is not kept or cannot be read.
    """
    path = kept_path(version)
    try:
        with zipfile.ZipFile(directory / path) as archive:

            def content(name: str) -> bytes:
                try:
                    return archive.read(name)
                except KeyError:
                    raise FileNotFoundError(name) from None

            # The basemap is not kept: every version is drawn on the land of today.
            return parse_package(directory, content, lambda name: not name.startswith("basemap"))
    except (OSError, zipfile.BadZipFile):
        what = _(
            "the tables of version {version} are not kept or cannot be read.",
            version=isolated(version),
        )
        fix = _("name a version that is kept: none.")
        if kept := kept_versions(directory):
            versions = isolated(", ".join(kept))
            fix = _("name a version that is kept: {versions}.", versions=versions)
        return None, [Problem(path, what, fix)]


def version_archive(package: Package, descriptor: str) -> bytes:
    """Return the tables of a package as they are kept: a ZIP, the same bytes on any day.

    Parameters
    ----------
    package
        Its tables are written as they are in memory.
    descriptor
        The text of its ``datapackage.json``.
    """
    stream = io.BytesIO()
    with Archive(stream) as archive:
        archive.writestr(DESCRIPTOR, descriptor.encode())
        for name, text in sorted(package.texts.items()):
            archive.writestr(str(package.resource(name)["path"]), text.encode())
    return stream.getvalue()
