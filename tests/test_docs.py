"""What the documents name exists, and the other way round."""

import doctest
import importlib
import json
import re
from itertools import count, groupby

import pytest

from armsflow.dataset.loader import SHIPPED
from armsflow.language import _, speaking
from armsflow.package.dates import label
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
        | {"true", "false", "keptIdentifiers", "datapackage.json", "CHANGELOG.md", "version", ";"}
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
    alone = (events["source_ids"].map(len) == 1).sum()
    press = (events["link_basis"] == "media_report").sum()
    for words in (
        f"Count rows with scope `event` only: {scopes['event']} of the {len(shipped.incidents)}.",
        f"The {scopes['running_total']} rows with `running_total`",
        f"The {scopes['claim']} rows with `claim`",
        f"{single} incidents, {alone} of them counted events, rest on one document",
        f"({press} of the {len(events)} events)",
        f"version {shipped.version}",
    ):
        assert words in text


def test_the_data_guide_counts_how_dates_rows_and_documents_are_known(shipped):
    text = read("data/README.md")
    rows, items = shipped.incidents, shipped.items
    dated, outcome = rows["date_basis"].value_counts(), rows["outcome"].value_counts()
    stock, read_again = rows["stock"].value_counts(), shipped.reviews["result"].value_counts()
    traced = (rows["link_basis"] == "traced").sum()
    noted = items["note"].ne("").sum()
    last = shipped.reviews["reviewed"].max()
    groups = shipped.origins.groupby("incident_id")["source_ids"].agg(list)
    single = 0
    for incident, cited in shipped.events["source_ids"].items():
        known = groups.get(incident, [])
        single += len(known) + len(set(cited).difference(*known)) == 1
    for words in (
        f"{dated['event']} rows have the date of the event, {dated['report']} that of the report",
        f"{dated['inferred']} an inferred one",
        f"stopped `on_the_way` ({outcome['on_the_way']} rows)",
        f"at the destination ({outcome['found']}) or `used` there ({outcome['used']})",
        f"`libyan_stock` of before 2011 ({stock['libyan_stock']} rows)",
        f"a `later_import` ({stock['later_import']}) or `transit` ({stock['transit']})",
        f"{single} of the {len(shipped.events)} counted events rest on one origin",
        f"{read_again['agreed']} were read a second time and agreed",
        f"{read_again['corrected']} were read a second time and corrected",
        f"{read_again['first_reading']} were read once",
        f"The last reading was on {label(last)}.",
        f"{NUMBERS[traced]} incidents rest on lot or serial numbers",
        f"({NUMBERS[noted].lower()} rows of items, one figure)",
        f"The incidents run from 2011 to {label(last_date(rows))};",
        f"the last counted event is of {label(last_date(shipped.events)[:7])}.",
    ):
        assert words in text, words


NUMBERS = ["None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"]


def last_date(rows):
    return max(end or start for start, end in zip(rows["date"], rows["date_end"], strict=True))


@pytest.mark.parametrize(
    ("named", "destinations"),
    [
        ("Egypt and Sinai", ["egypt", "sinai"]),
        ("Algeria", ["algeria"]),
        ("Tunisia", ["tunisia"]),
        ("Mali", ["mali"]),
        ("Libya's own stores", ["libya"]),
    ],
)
def test_the_gaps_that_the_data_guide_names_are_those_of_the_tables(named, destinations, shipped):
    events = shipped.events[shipped.events["destination"].isin(destinations)]
    seen = {
        year
        for start, end in zip(events["date"], events["date_end"], strict=True)
        for year in range(int(start[:4]), int((end or start)[:4]) + 1)
    }
    silent = sorted(set(range(shipped.vocabulary.years[0], max(seen))) - seen)
    runs = [
        [year for year, rank in group]
        for _, group in groupby(zip(silent, count(), strict=False), lambda pair: pair[0] - pair[1])
    ]
    said = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    gaps = f"{', '.join(said)} and after {max(seen)}"
    assert re.search(rf"for {named} (in|from) {gaps}[,.]", read("data/README.md")), gaps


# ---------------------------------------------------------------- README.md and docs/

GUIDES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
"""What a reader of the project is given to read, besides the guide to the data."""

COMMANDS = set(
    re.findall(r"add_parser\(\s*\"(\w+)\"", (ROOT / "armsflow" / "arguments.py").read_text("utf-8"))
)
SETTINGS = {
    name
    for path in [*(ROOT / "armsflow").rglob("*.py"), *(ROOT / "tests" / "browser").glob("*.py")]
    for name in re.findall(r"\"(ARMSFLOW_[A-Z_]+)\"", path.read_text("utf-8"))
}
"""Environment variables that the code reads."""


def guides():
    return "\n".join(map(read, GUIDES))


def test_the_readme_documents_every_make_target_and_no_other():
    targets = set(re.findall(r"^([a-z-]+):.*##", read("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"^\| `make ([a-z-]+)", read("README.md"), flags=re.MULTILINE))
    assert len(targets) >= 4
    assert named == targets
    assert set(re.findall(r"\bmake ([a-z-]+)\b +#", read("README.md"))) <= targets
    assert set(re.findall(r"`make ([a-z-]+)", guides())) == targets


def test_the_guides_document_every_command_and_no_other():
    assert len(COMMANDS) >= 8
    assert set(re.findall(r"python -m armsflow (\w+)", guides())) == COMMANDS


def test_the_guides_document_every_setting_and_no_other():
    assert len(SETTINGS) >= 10
    assert set(re.findall(r"ARMSFLOW_[A-Z_]+", guides())) == SETTINGS


def test_the_readme_leads_to_every_document_in_docs():
    linked = re.findall(r"\]\((docs/[\w-]+\.md)\)", read("README.md"))
    assert ["README.md", *sorted(linked)] == GUIDES


def test_the_readme_is_short():
    assert len(read("README.md").splitlines()) <= 100


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_first_screen_in_other_languages_says_the_same(language):
    """Numbers, commands, pictures and names of what is pressed are those of the English one."""
    english, told = read("README.md"), read(f"README.{language}.md")
    first = english[: english.index("## Take it into a briefing")]

    def facts(text):
        text = re.sub(r"<[^>]*>", "", text)
        return {
            "numbers": sorted(set(re.findall(r"\d+", text))),
            "commands": re.findall(r"^    (make \w+)", text, re.MULTILINE),
            "pictures": re.findall(r"\]\((docs/[^)]*)\)", text),
            "points": len(re.findall(r"^- ", text, re.MULTILINE)),
        }

    assert facts(told) == facts(first)
    with speaking(language):
        assert f"*{_('Routes')}*" in told
    assert f"](README.{language}.md)" in first
    for link in re.findall(r"\]\(([\w./]+)\)", told):
        assert (ROOT / link).exists(), link


@pytest.mark.parametrize("document", ["README.md", "docs/own-data.md", "docs/server.md"])
def test_commands_without_make_are_given_for_windows_too(document):
    text = read(document)
    for command in re.findall(r"\.venv/bin/(\w+ .*)", text):
        assert f".venv\\Scripts\\{command}" in text


def test_the_list_of_rooms_names_every_module_and_no_other():
    named = set(re.findall(r"^\| `(armsflow/[\w/]+)\.py`", read("docs/rooms.md"), re.MULTILINE))
    modules = {name.replace(".", "/") for name in MODULES if not name.endswith("__")}
    assert named == modules


@pytest.mark.parametrize("document", [*GUIDES, "SECURITY.md", "data/README.md"])
def test_every_file_that_a_document_names_exists(document):
    text = read(document)
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    files = [
        word
        for word in quoted(text)
        if re.fullmatch(r"[\w./-]+\.(md|py|json|csv|txt|js|css|html|conf|toml|lock)", word)
    ]
    start = (ROOT / document).parent
    missing = [
        name
        for name in [*links, *files]
        if not any((base / name).exists() for base in (start, ROOT))
    ]
    assert set(missing) <= {"secrets.toml", ".streamlit/secrets.toml"}


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


# ---------------------------------------------------------------- tests that documents name


@pytest.fixture(scope="module")
def tests():
    """The names of all tests."""
    return {
        test
        for file in (ROOT / "tests").rglob("test_*.py")
        for test in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }


@pytest.mark.parametrize(
    ("document", "least"),
    [("SECURITY.md", 20), ("docs/reliability.md", 25), ("docs/fragile.md", 15)],
)
def test_every_test_that_a_document_names_exists(document, least, tests):
    named = {word for word in quoted(read(document)) if word.startswith("test_")}
    assert len(named) > least
    assert named - tests == set()


def test_the_inputs_that_the_reliability_table_counts_are_those_that_are_tried():
    table = read("docs/reliability.md")
    rows = [row.split(" | ") for row in re.findall(r"^\| any .*", table, re.MULTILINE)]
    counts = [int(row[1].replace(",", "")) for row in rows]
    tried = [test_hostile.ADDRESSES, test_hostile.NUMBERS, test_hostile.CELLS]
    assert counts == [*tried, test_hostile.FILES, test_hostile.UPLOADS]
    assert sum(counts) >= 10_000


@pytest.mark.parametrize(
    ("document", "heading", "least"),
    [
        ("docs/reliability.md", "tried", 15),
        ("SECURITY.md", "Who", 10),
        ("docs/fragile.md", "where", 10),
    ],
)
def test_every_row_of_a_table_of_promises_names_a_test(document, heading, least):
    rows = re.findall(rf"^\| (?!{heading} |-).*", read(document), re.MULTILINE)
    assert len(rows) > least
    assert [row for row in rows if "`test_" not in row.split(" | ")[-1]] == []


# ---------------------------------------------------------------- docs/fragile.md

PRIVATE = [
    # A member that a library keeps to itself. A module may use its own, and two that are public.
    r"\b(?!(?:self|cls)\._)\w+\._(?!asdict\b|replace\b)[a-z]\w+",
    # How Streamlit marks its elements.
    r"data-testid|data-test-script-state|testScriptState|data-variant|data-collapsed",
    # The document around a frame, and components of the first version.
    r"window\.parent|streamlit\.components\.v1|streamlit:",
    # Modules and classes that are not documented.
    r"net_util|streamlit\.proto|PackageWriter|ExcelWriter|ft2font",
    # Where Streamlit keeps its files, and what it answers besides the page.
    r"streamlit\.__file__|static/media|_stcore",
]
"""What to look for."""

PRODUCT = ("armsflow", "bench", "deploy")
CODE = {".py", ".js", ".css", ".html", ".conf"}


def leaning():
    """Yield file and words for each place of the product that leans on something private."""
    for path in [path for folder in PRODUCT for path in (ROOT / folder).rglob("*")]:
        if path.suffix in CODE or path.name == "Dockerfile":
            for words in re.findall("|".join(PRIVATE), path.read_text("utf-8")):
                yield path.relative_to(ROOT).as_posix(), words


def test_every_place_that_leans_on_something_private_is_in_the_list():
    listed = {
        word
        for row in re.findall(r"^\| `.*", read("docs/fragile.md"), re.MULTILINE)
        for word in quoted(row.split(" | ")[0])
    }
    found = set(leaning())
    assert len({file for file, _ in found}) > 10
    assert {one for one in found if one[0] not in listed} == set()


# ---------------------------------------------------------------- docstrings


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_the_examples_of_a_docstring_are_true(name):
    module = importlib.import_module(name.removesuffix(".__init__"))
    assert doctest.testmod(module).failed == 0
