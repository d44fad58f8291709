"""Archives: one date on any day, and on a machine whose clock is wrong."""

import io
import os
import subprocess
import sys
import zipfile
from datetime import datetime

import pytest
from libfaketime import get_reload_information
from openpyxl import Workbook, load_workbook

from armsflow.arguments import ENDINGS
from armsflow.dataset.loader import SHIPPED
from armsflow.package.archive import DAY, Archive, workbook_bytes
from tests import tiny


def test_every_entry_carries_the_same_date_and_is_compressed():
    stream = io.BytesIO()
    with Archive(stream) as archive:
        archive.writestr("one.txt", "one " * 100)
        archive.writestr("two.txt", b"two " * 100)
    with zipfile.ZipFile(io.BytesIO(stream.getvalue())) as read:
        assert {entry.date_time for entry in read.infolist()} == {DAY}
        assert {entry.compress_type for entry in read.infolist()} == {zipfile.ZIP_DEFLATED}
        assert read.read("one.txt") == b"one " * 100
        assert read.testzip() is None


def test_a_workbook_can_be_read_again():
    book = Workbook()
    book.active.append(["Mali", 3])
    content = workbook_bytes(book)
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        assert {entry.date_time for entry in read.infolist()} == {DAY}
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[1]] == ["Mali", 3]


def test_a_workbook_names_us_and_no_day_on_which_it_was_made():
    said = load_workbook(io.BytesIO(workbook_bytes(Workbook()))).properties
    assert said.creator == "armsflow"
    assert said.created == said.modified == datetime(*DAY)  # noqa: DTZ001 (as it is written)


MANY = """
import sys
from dataclasses import replace
from pathlib import Path

from armsflow.briefing import briefing, collection
from armsflow.briefing.ground import prepare_ground
from armsflow.dataset.loader import load
from armsflow.picture.plate import make_plate
from armsflow.selection.selection import Selection

package, folder = map(Path, sys.argv[1:])
dataset = load(package)
plate = make_plate(dataset, package)
ground = prepare_ground(plate.basemap, plate.fills, plate.names)
prepared = [
    briefing.prepare(Selection(weapon=weapon), dataset, plate, "https://example.org", "OFFICIAL")
    for weapon in ((), ("manpads",))
]
for ending, write in briefing.writers(ground).items():
    (folder / f"one.{ending}").write_bytes(write(prepared[0]))
for ending in ("pptx", "pdf", "zip"):
    (folder / f"many.{ending}").write_bytes(collection.make(ending, prepared, ground))
(folder / "pack.pptx").write_bytes(collection.pack(dataset, plate, ground, Selection()))
"""
"""Makes every kind of file, and of files of several pictures."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every kind of file by its name, made today, in 1972 and on a day to come."""
    package = tiny.write(tmp_path_factory.mktemp("tiny") / "package")
    _, clock = get_reload_information()
    days = []
    for shift in ("", "-20000d", "+4321d"):
        folder = tmp_path_factory.mktemp("made")
        moved = clock | {"FAKETIME": shift, "NO_FAKE_STAT": "1"} if shift else {}
        done = subprocess.run(
            [sys.executable, "-c", MANY, str(package), str(folder)],
            env=os.environ | moved, cwd=SHIPPED.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        days.append({file.name: file.read_bytes() for file in folder.iterdir()})
    return days


@pytest.mark.skipif(sys.platform != "linux", reason="with a wrong clock: on Linux")
def test_every_kind_of_file_has_the_same_bytes_on_any_day(made):
    today, *others = made
    assert {name.partition(".")[2] for name in today} == set(ENDINGS)
    assert {name for name in today if name.startswith(("many", "pack"))}
    for other in others:
        assert [name for name in today if today[name] != other[name]] == []


@pytest.mark.skipif(sys.platform != "linux", reason="with a wrong clock: on Linux")
def test_files_can_be_made_on_a_machine_whose_clock_stands_in_1972(made):
    for name, content in made[1].items():
        assert len(content) > 1_000, name
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as read:
                assert read.testzip() is None
                assert {entry.date_time[0] for entry in read.infolist()} == {DAY[0]}
