"""What the documents name exists, and the other way round."""

import doctest
import importlib
import json
import re

import pytest

from armsflow.dataset.loader import SHIPPED
from tests import test_hostile

ROOT = SHIPPED.parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "armsflow").rglob("*.py")
)


def read(name):
    return (ROOT / name).read_text("utf-8")


def quoted(text):
    """Return what stands between single backticks, code blocks left out."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.fixture(scope="module")
def resources():
    return json.loads(read("data/datapackage.json"))["resources"]


@pytest.fixture(scope="module")
def tables(resources):
    return [resource for resource in resources if "schema" in resource]


# ---------------------------------------------------------------- data/README.md


def test_every_table_is_in_the_list_of_the_data_guide_and_no_other(tables):
    listed = re.findall(r"^\| `([\w.]+)` \| ", read("data/README.md"), flags=re.MULTILINE)
    assert sorted(listed) == sorted(table["path"] for table in tables)


def test_the_row_counts_of_the_data_guide_are_true(shipped, tables):
    listed = dict(re.findall(r"^\| `(\w+)\.csv` \| (\d+) \|", read("data/README.md"), re.MULTILINE))
    assert {name: int(rows) for name, rows in listed.items()} == {
        table["name"]: len(getattr(shipped, table["name"])) for table in tables
    }


def test_every_word_in_code_letters_of_the_data_guide_exists(resources, tables):
    fields = [field for table in tables for field in table["schema"]["fields"]]
    codes = {str(category["value"]) for field in fields for category in field.get("categories", [])}
    destinations = {row.partition(",")[0] for row in read("data/destinations.csv").splitlines()}
    known = (
        codes
        | destinations
        | {field["name"] for field in fields}
        | {resource["path"] for resource in resources}
        | {"true", "false", "datapackage.json", "CHANGELOG.md", "version", ";"}
        | {json.loads(read("data/datapackage.json"))["name"]}
    )
    unknown = [
        word
        for word in quoted(read("data/README.md"))
        if word not in known
        and not (ROOT / "data" / word).exists()
        and not word.startswith("python -m armsflow ")
        and not re.fullmatch(r"\d{4}(-\d\d){0,2}", word)
    ]
    assert unknown == []


def test_the_counts_of_the_data_guide_are_true(shipped):
    text = read("data/README.md")
    scopes = shipped.incidents["scope"].value_counts()
    events = shipped.events
    single = (shipped.incidents["source_ids"].map(len) == 1).sum()
    press = (events["link_basis"] == "media_report").sum()
    for words in (
        f"Count rows with scope `event` only: {scopes['event']} of the {len(shipped.incidents)}.",
        f"The {scopes['running_total']} rows with `running_total`",
        f"The {scopes['claim']} rows with `claim`",
        f"{single} incidents rest on one document",
        f"({press} of the {len(events)} events)",
        f"version {shipped.version}",
    ):
        assert words in text


# ---------------------------------------------------------------- README.md


def test_the_readme_documents_every_make_target_and_no_other():
    targets = set(re.findall(r"^([a-z-]+):.*##", read("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"^\| `make ([a-z-]+)", read("README.md"), flags=re.MULTILINE))
    assert len(targets) >= 4
    assert named == targets
    assert set(re.findall(r"\bmake ([a-z-]+)\b +#", read("README.md"))) <= targets


def test_the_list_of_rooms_names_every_module_and_no_other():
    named = set(re.findall(r"^\| `(armsflow/[\w/]+)\.py`", read("docs/rooms.md"), re.MULTILINE))
    modules = {name.replace(".", "/") for name in MODULES if not name.endswith("__")}
    assert named == modules


@pytest.mark.parametrize("document", ["README.md", "SECURITY.md", "data/README.md"])
def test_every_file_that_a_document_names_exists(document):
    text = read(document)
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    files = [word for word in quoted(text) if re.fullmatch(r"[\w./-]+\.(md|py|json|csv|txt)", word)]
    start = (ROOT / document).parent
    missing = [
        name
        for name in [*links, *files]
        if not any((base / name).exists() for base in (start, ROOT))
    ]
    assert missing == []


def test_the_numbers_of_the_readme_are_true(shipped):
    text = " ".join(read("README.md").split())
    others = len(shipped.incidents) - len(shipped.events)
    for words in (
        f"{len(shipped.events)} documented incidents",
        f"{len(shipped.items)} weapon items",
        f"{len(shipped.sources)} published documents",
        f"{len(shipped.corridors)} described routes",
        f"{others} general reports and running totals",
        f"data version {shipped.version}",
    ):
        assert words in text


# ---------------------------------------------------------------- reliability and SECURITY.md


@pytest.mark.parametrize(("document", "least"), [("SECURITY.md", 20), ("README.md", 25)])
def test_every_test_that_a_document_names_exists(document, least):
    named = {word for word in quoted(read(document)) if word.startswith("test_")}
    files = (ROOT / "tests").rglob("test_*.py")
    tests = {
        test
        for file in files
        for test in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > least
    assert named - tests == set()


def test_the_inputs_that_the_readme_counts_are_those_that_are_tried():
    rows = [row.split(" | ") for row in re.findall(r"^\| any .*", read("README.md"), re.MULTILINE)]
    counts = [int(row[1].replace(",", "")) for row in rows]
    tried = [test_hostile.ADDRESSES, test_hostile.NUMBERS, test_hostile.CELLS]
    assert counts == [*tried, test_hostile.FILES, test_hostile.UPLOADS]
    assert sum(counts) >= 10_000


def test_every_row_of_the_reliability_table_names_a_test():
    table = read("README.md").partition("## Reliability")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!tried|-).*", table, re.MULTILINE)
    assert len(rows) > 15
    assert [row for row in rows if "`test_" not in row.split(" | ")[-1]] == []


def test_every_row_of_the_threats_names_a_test():
    rows = re.findall(r"^\| (?!Who|-).*", read("SECURITY.md"), re.MULTILINE)
    assert len(rows) > 10
    assert [row for row in rows if "`test_" not in row.split(" | ")[-1]] == []


# ---------------------------------------------------------------- docstrings


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_the_examples_of_a_docstring_are_true(name):
    module = importlib.import_module(name.removesuffix(".__init__"))
    assert doctest.testmod(module).failed == 0
