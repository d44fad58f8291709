"""Workbooks of the old Excel, as LibreOffice saves them, and damaged ones."""

import io
import random
import shutil
import subprocess
import tracemalloc
from datetime import date

import openpyxl
import pytest

from armsflow.curation.old_workbook import OldWorkbook
from armsflow.curation.workbook import Cell, WorkbookError

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")

FAR = (60_000, 200)
"""Row and column of a cell far from all others."""


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """A file with cells of every kind in its first row, and one far away."""
    folder = tmp_path_factory.mktemp("old")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "items"
    values = ["Médenine", 12, 16.973, True, date(2013, 5, 14), date(2013, 5, 1), None, "2013-05"]
    for column, value in enumerate(values, 1):
        sheet.cell(1, column, value)
    sheet.cell(1, 6).number_format = "mmm yyyy"
    sheet.cell(1, 9, "#N/A").data_type = "e"
    sheet.cell(*FAR, "far")
    book.save(folder / "rows.xlsx")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "xls", "--outdir", str(folder), str(folder / "rows.xlsx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return (folder / "rows.xls").read_bytes()


def test_every_kind_of_cell_is_read_as_in_the_new_format(content):
    book = OldWorkbook(content)
    assert book.sheets == ("items",)
    (first, cells), far = book.rows("items")
    assert first == 1
    assert [cells[column] for column in (1, 2, 3, 4, 5, 8)] == [
        Cell("Médenine"),
        Cell("12", "integer"),
        Cell("16.973", "decimal"),
        Cell("true", "boolean"),
        Cell("2013-05-14", "day"),
        Cell("2013-05"),
    ]
    assert (cells[6].kind, cells[6].text) == (
        "refused", "the cell shows no day, but holds 2013-05-01."
    )  # fmt: skip
    assert (cells[9].kind, cells[9].text) == ("refused", "the cell holds the error #N/A.")
    assert far == (FAR[0], {FAR[1]: Cell("far")})


def test_a_cell_far_away_costs_little_memory(content):
    tracemalloc.start()
    try:
        assert len(list(OldWorkbook(content).rows("items"))) == 2
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_a_damaged_file_is_read_or_refused_in_words(content, capsys):
    chance = random.Random(11)
    refused = 0
    for _ in range(60):
        changed = bytearray(content)
        for _ in range(chance.randint(1, 30)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        cut = chance.choice([len(changed), chance.randrange(512, len(changed))])
        try:
            book = OldWorkbook(bytes(changed[:cut]))
            for sheet in book.sheets:
                list(book.rows(sheet))
        except WorkbookError:
            refused += 1
    assert refused > 0
    assert capsys.readouterr() == ("", "")


def test_another_file_of_the_same_container_is_refused():
    with pytest.raises(WorkbookError, match="damaged, or has a password"):
        OldWorkbook(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000).getvalue())
