"""What all viewers look at: one state of a data package, and how the next takes its place.

Files may change while people look. A changed package is read when it has come to rest, held
against every rule, and then takes the place of the last one in a single step; one that is broken,
or half written, leaves the last good one on show. A run of the page takes one edition and keeps
it to its end, so no picture is ever made from two.
"""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import Final

from armsflow.curation import storage
from armsflow.dataset import preparation
from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.languages import in_language
from armsflow.dataset.loader import LARGE, SHIPPED, DataError, build, load, size_of_rows
from armsflow.language import ENGLISH, speaking
from armsflow.package.checks import check
from armsflow.package.package import DESCRIPTOR, Package
from armsflow.package.problem import Problem
from armsflow.picture.plate import Plate, make_plate, plate_in_language
from armsflow.webmap.document import Show, files

QUIET: Final = 1.0
"""Seconds for which no file may change before a changed package is read. A file that is still
being written looks complete between two writes."""

Signature = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, eq=False)
class Edition:
    """A data package as it was when it passed every check, with all that is drawn from it.

    Parameters
    ----------
    dataset, plate
        The whole dataset, and what no selection changes.
    map_files
        What the map on the page is made of (:func:`armsflow.webmap.document.files`).
    package
        The package as text, to which a reader can add rows; ``None`` for large packages.
    others
        Its files besides descriptor and tables.
    directory
        Its folder, which has the basemap.
    """

    dataset: Dataset
    plate: Plate
    map_files: Mapping[str, bytes] = field(repr=False)
    package: Package | None = None
    others: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    directory: Path = SHIPPED

    @once
    def said(self, language: str) -> "Edition":
        """Return the same state of the package in a language, with the map that speaks it."""
        if language == ENGLISH:
            return self
        dataset = in_language(self.dataset, language)
        with speaking(language):
            plate = plate_in_language(self.plate, dataset)
            drawn = files(dataset, plate, self.directory)
        return replace(self, dataset=dataset, plate=plate, map_files=drawn)

    @cached_property
    def show(self) -> Show:
        """Draws the map on the page (:class:`armsflow.webmap.document.Show`)."""
        return Show(self.map_files)


class Display:
    """Shows the last good edition of a data package, and looks for the next.

    Parameters
    ----------
    directory
        The data package.
    engine
        As for :func:`armsflow.dataset.loader.load`.
    """

    def __init__(self, directory: Path, engine: str = "") -> None:
        self.directory = directory
        self.engine = engine
        self._lock = threading.Lock()
        self._edition: Edition | None = None
        self._problems: list[Problem] = []
        self._judged: Signature = ()
        self._reader: threading.Thread | None = None

    def current(self) -> tuple[Edition, list[Problem]]:
        """Return what is on show, and what is wrong with the files that should replace it.

        The first call reads the package; later ones only look whether a file has changed, and
        have a changed package read beside them.

        Raises
        ------
        DataError
            If the package has never been good.
        """
        signature = sign(self.directory)
        with self._lock:
            if self._edition is None:
                if not self._problems or signature != self._judged:
                    signature = _settled(self.directory)
                    self._judge(signature, _make(self.directory, self.engine))
                if self._edition is None:
                    raise DataError(self._problems)
            elif signature != self._judged and not (self._reader and self._reader.is_alive()):
                self._reader = threading.Thread(target=self._renew, daemon=True)
                self._reader.start()
            return self._edition, self._problems

    @property
    def latest(self) -> Edition | None:
        """What is on show, if it has been read; nothing is waited for."""
        return self._edition

    def wait(self) -> None:
        """Wait until no changed package is being read."""
        reader = self._reader
        if reader:
            reader.join()

    def _renew(self) -> None:
        before = sign(self.directory)
        time.sleep(QUIET)
        if sign(self.directory) != before:
            return  # still being written: the next run of the page looks again
        made = _make(self.directory, self.engine)
        with self._lock:
            self._judge(before, made)

    def _judge(self, signature: Signature, made: Edition | list[Problem]) -> None:
        """Take an edition, or note what is wrong, unless files changed while they were read."""
        if sign(self.directory) != signature:
            if self._edition is None and not self._problems:
                what, fix = "its files change while they are read.", "load the page again."
                self._problems = [Problem(DESCRIPTOR, what, fix)]
            return
        self._judged = signature
        if isinstance(made, Edition):
            self._edition, self._problems = made, []
        else:
            self._problems = made


def sign(directory: Path) -> Signature:
    """Return name, size, time and number of every file of a package that a change could change.

    Times are compared for being the same, never for being earlier, so a wrong clock is no matter.
    """
    found = []
    for folder in (directory, directory / "basemap"):
        try:
            for file in folder.iterdir():
                stat = file.stat()
                if S_ISREG(stat.st_mode) and not file.name.startswith("."):
                    found.append((str(file), stat.st_size, stat.st_mtime_ns, stat.st_ino))
        except OSError:
            continue
    return tuple(sorted(found))


def _settled(directory: Path) -> Signature:
    """Return the signature of the files, after waiting a moment if one was only just written."""
    signature = sign(directory)
    newest = max((changed for _, _, changed, _ in signature), default=0)
    if abs(time.time() - newest / 1e9) < QUIET:
        time.sleep(QUIET)
        signature = sign(directory)
    return signature


def _make(directory: Path, engine: str) -> Edition | list[Problem]:
    """Read an edition, or return what is wrong."""
    try:
        if engine or preparation.is_prepared(directory) or size_of_rows(directory) >= LARGE:
            dataset = load(directory, engine)
            plate = make_plate(dataset, directory)
            drawn = files(dataset, plate, directory)
            return Edition(dataset, plate, drawn, directory=directory)
        package, problems = check(directory)
        if package is None:
            return problems
        dataset = build(package)
        plate = make_plate(dataset, directory)
        drawn = files(dataset, plate, directory)
        others = storage.other_files(package)
        return Edition(dataset, plate, drawn, package, others, directory)
    except DataError as error:
        return error.problems
    except OSError as error:
        where = Path(str(error.filename or directory)).name
        what = f"{where} cannot be read or written: {error.strerror or error}."
        return [Problem(DESCRIPTOR, what, "see whether the disk is full or the files are locked.")]
    except Exception as error:
        # Whatever it is, what is on show stays on show. The message may quote data: not for logs.
        logging.getLogger(__name__).error("A data package failed with %s.", type(error).__name__)
        what = f"the data package cannot be shown ({type(error).__name__})."
        return [Problem(DESCRIPTOR, what, "run python -m armsflow check on it.")]
