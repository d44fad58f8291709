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

from armsflow.package.archive import DAY, Archive, workbook_bytes


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


@pytest.mark.skipif(sys.platform != "linux", reason="with a wrong clock: on Linux")
@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "pptx", "csv", "xlsx", "zip"])
def test_files_can_be_made_on_a_machine_whose_clock_stands_in_1972(ending, tmp_path):
    _, clock = get_reload_information()
    clock |= {"FAKETIME": "-20000d", "NO_FAKE_STAT": "1"}
    file = tmp_path / f"sheet.{ending}"
    done = subprocess.run(
        [sys.executable, "-m", "armsflow", "brief", str(file)],
        env=os.environ | clock, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert file.stat().st_size > 10_000
    if ending in {"pptx", "xlsx", "zip"}:
        with zipfile.ZipFile(file) as read:
            assert read.testzip() is None
