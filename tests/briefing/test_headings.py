"""Every heading of a file is explained in the guide to the files, and nothing else is."""

import csv
import io
import re

import openpyxl
import pandas as pd
import pytest

from armsflow.arguments import ENDINGS
from armsflow.briefing import briefing
from armsflow.dataset.loader import SHIPPED
from armsflow.picture.plate import make_plate
from armsflow.selection.selection import Selection
from tests import tiny
from tests.briefing.selected import marked_and_own
from tests.briefing.test_layers import layers_of

MAKERS = briefing.writers(None)
PICTURES = {"png", "pdf", "pptx", "svg", "zip"}


@pytest.fixture(scope="module")
def odd(small, tmp_path_factory):
    package = tiny.write(tmp_path_factory.mktemp("headings") / "package")
    return marked_and_own(small, make_plate(small, package))


@pytest.fixture(scope="module")
def layers(shipped, plate):
    prepared = briefing.prepare(Selection(), shipped, plate, marking="OFFICIAL")
    return layers_of(MAKERS["gpkg"](prepared))


def explained(section, heading="heading"):
    """What stands in the first column of the tables of a section whose head begins so."""
    text = (SHIPPED.parent / "docs" / "files.md").read_text("utf-8")
    [found] = re.findall(rf"^## {section}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    [table] = re.findall(rf"^\| {heading}[^|]* \| is \|\n(.*?)(?=\n\n|\Z)", found,
                         re.MULTILINE | re.DOTALL)  # fmt: skip
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def test_the_headings_of_csv_and_excel_are_those_of_the_guide_in_their_order(odd):
    text = MAKERS["csv"](odd).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text, newline=""))) == explained("One row an incident")
    book = openpyxl.load_workbook(io.BytesIO(MAKERS["xlsx"](odd)))
    assert [cell.value for cell in book["Incidents"][1]] == explained("One row an incident")


def test_what_a_file_says_about_itself_is_in_the_guide(odd):
    told = [heading for heading, _ in briefing.briefing_words(odd)]
    assert told == explained("What a file says about itself")


def test_the_layers_and_their_columns_are_those_of_the_guide(layers, odd):
    drawn = {name: rows for name, rows in layers.items() if "geometry" in rows}
    assert list(drawn) == explained("Layers of a map", "layer")
    columns = {column for name, rows in drawn.items() if name != "incidents" for column in rows}
    known = explained("Layers of a map", "column")
    assert columns - {"geometry"} == set(known)
    assert len(known) == len(set(known))
    own = layers_of(MAKERS["gpkg"](odd))["incidents"]
    headings = {one.lower().replace(" ", "_") for one in explained("One row an incident")}
    drawn_as = {"colour", "legend", "geometry"}
    assert set(own) - drawn_as == headings - {"latitude", "longitude"}


def test_the_columns_of_parquet_are_those_of_the_tables_and_of_the_guide(odd):
    rows = pd.read_parquet(io.BytesIO(MAKERS["parquet"](odd)))
    described = {
        field["name"]
        for resource in odd.whole.descriptor["resources"]
        if resource["name"] in {"items", "incidents"}
        for field in resource["schema"]["fields"]
    }
    labelled = {column for column in rows if column.endswith("_label")}
    assert {column.removesuffix("_label") for column in labelled} < set(rows)
    assert set(rows) - described - labelled == set(explained("One row an item", "column"))


def test_every_ending_is_in_the_guide():
    text = (SHIPPED.parent / "docs" / "files.md").read_text("utf-8")
    named = set(re.findall(r"`\.([a-z.]+)`", text))
    assert named == set(ENDINGS) - PICTURES
