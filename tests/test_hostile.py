"""Ten thousand generated inputs: one clear message or a valid result, never anything else.

What comes out is held against the same rules for every input: no exception but the one that is
meant, every problem in one line with a fix, nothing written anywhere, and nothing that a browser
or a spreadsheet would run. The same inputs come in every run.
"""

import csv
import functools
import io
import os
import random
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armsflow.briefing import tables
from armsflow.curation import upload
from armsflow.curation.submission import read_upload
from armsflow.dataset import citation
from armsflow.dataset.loader import DataError, build, load
from armsflow.package import basemap, checks
from armsflow.package.checks import find_problems
from armsflow.package.package import read_package, with_table
from armsflow.page import own_rows
from armsflow.picture import picture
from armsflow.picture.routes import lay_out_frames
from armsflow.selection import numbering, selection
from armsflow.selection.focus import focus_identifiers
from armsflow.selection.query import from_query, to_query
from armsflow.selection.selection import Selection
from armsflow.webmap.document import script_json
from armsflow.webmap.flows import flows
from tests import tiny
from tests.depth import tried
from tests.forms import ROWS, csv_files, workbook, zipped

ADDRESSES = 4_000
NUMBERS = 1_500
CELLS = 2_500
FILES = 600
UPLOADS = 1_500
"""How many inputs of each kind are tried; README.md names them."""

FROM_DISK = 10
"""Of so many changed tables one is read from the disk too: the same must come of it."""

EVIL = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)",
    "{{ 7 * 7 }}", "{% raise %}", "${7*7}", "`rm -rf /`", "'; DROP TABLE incidents; --",
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "../../../etc/passwd", "C:\\Windows\\x",
    "\x00", "\x1b[31m", "\ufeff", "\u202e", "\u2028", "A\u0301" * 50, "𝕏", "\ud7ff", "NaN", "NA",
    "null", "None", "1e309", "-0", "٣", "2013-02-30", "9999-99", "0000", "1" * 400, "x" * 9_000,
    ";;;", "a;a", " gao", "gao ", "gao\ngao", '"', '""', "'", ",", "\t", "link-libya", "all",
]  # fmt: skip
"""Texts that have broken pages, spreadsheets and parsers elsewhere."""

TEXT = st.sampled_from(EVIL) | st.text(max_size=40)


class Markup(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self):
        super().__init__()
        self.running = []

    def handle_starttag(self, tag, attributes):
        if tag in {"script", "iframe", "object", "embed", "link", "meta", "base", "form"}:
            self.running.append(tag)
        for name, value in attributes:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.running.append(f"{name}={value}")


def run_by_a_browser(html):
    markup = Markup()
    markup.feed(html)
    return markup.running


WRITTEN = []
"""Files that were opened to be written since the tests here began."""


def note_writing(event, arguments):
    """Note what is opened to be written (an audit hook of Python)."""
    if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        path, mode, flags = arguments
        if (mode and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR):
            WRITTEN.append(Path(os.fsdecode(path)).resolve())


@pytest.fixture(scope="module", autouse=True)
def _no_file_is_written_outside_its_place(folder):
    sys.addaudithook(note_writing)
    WRITTEN.clear()
    yield
    place = {folder.resolve(), Path("/dev").resolve(), Path(".hypothesis").resolve()}
    drafts = Path(tempfile.gettempdir()).resolve()  # where openpyxl drafts its sheets
    caches = {".pytest_cache", "__pycache__"}
    strange = [
        path
        for path in WRITTEN
        if not place & {path, *path.parents}
        and not caches & set(path.parts)
        and drafts not in {path, path.parent}
    ]
    assert strange == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("hostile") / "package")


@pytest.fixture(scope="module")
def published(folder):
    package, problems = read_package(folder)
    assert problems == []
    return package


@pytest.fixture(scope="module")
def whole(folder):
    return load(folder)


@contextmanager
def basemap_kept(layers=functools.cache(basemap.read_layer)) -> Iterator[None]:  # noqa: B008
    """Read each file of the basemap only once; for packages of which only tables change."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(basemap, "read_layer", layers)
        yield


def assert_told_in_one_line(problems):
    assert problems
    for problem in problems:
        line = str(problem)
        assert "\n" not in line
        assert "\r" not in line
        assert " Fix: " in line
        assert len(line) < 1_200
        assert "Traceback" not in line
    assert run_by_a_browser(own_rows.problems_html(problems)) == []


def assert_can_be_shown(dataset):
    """Draw and write everything that holds texts, and look for what would be run."""
    chosen = Selection()
    shown = selection.apply(dataset, chosen)
    drawn = picture.draw(chosen, shown, dataset, lay_out_frames(dataset))
    assert drawn.sentence.headline
    assert "</script" not in script_json(flows(drawn)).lower()
    rows = csv.reader(io.StringIO(tables.csv_file(shown).decode("utf-8-sig"), newline=""))
    for row in list(rows)[1:]:
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
    for _, source in dataset.sources.iterrows():
        assert citation.source_words(source)


# ---------------------------------------------------------------- addresses


KEYS = st.sampled_from(["weapon", "destinations", "years", "basis", "event", "focus", "view"])
CODES = st.sampled_from(["mali", "manpads", "small_arms", "2012-2013", "seizure", "gao", "all"])
QUERIES = st.dictionaries(KEYS | TEXT, st.lists(CODES | TEXT, max_size=3), max_size=5)


@settings(max_examples=tried(ADDRESSES))
@given(QUERIES)
def test_any_address_gives_a_view_whose_own_address_gives_it_again(whole, query):
    chosen = from_query(query, whole)
    assert from_query(to_query(chosen, whole), whole) == chosen
    known = {
        *selection.weapon_codes(whole), *selection.destination_codes(whole),
        *focus_identifiers(whole), "",
    }  # fmt: skip
    assert {*chosen.weapon, *chosen.destinations, chosen.focus} <= known
    assert selection.apply(whole, chosen).totals.events <= whole.totals.events


@settings(max_examples=tried(NUMBERS))
@given(TEXT | st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ-oil ", max_size=24))
def test_any_picture_number_is_read_or_refused_in_words(whole, number):
    try:
        read = numbering.read_number(number, whole)
    except ValueError as error:
        said = str(error)
    else:
        said = ""
    if said:
        assert "\n" not in said
        return
    assert from_query(to_query(read.selection, whole), whole) == read.selection


# ---------------------------------------------------------------- data packages


def read_changed(folder, file, content):
    """Load the tiny package with one file changed, and put it back."""
    before = file.read_bytes()
    file.write_bytes(content)
    try:
        return load(folder), []
    except DataError as error:
        return None, error.problems
    finally:
        file.write_bytes(before)


ACROSS_TABLES = (checks.references_resolve, checks.links_are_web_addresses)
"""Rules of values that need more than the table that was changed."""


def changed_problems(package, name):
    """Hold a package against every rule; the values of tables that did not change were good.

    One in :data:`FROM_DISK` packages is read and checked whole as well, and must give the same.
    """
    alone = replace(package, tables={name: package.tables[name]}, texts={name: ""})
    problems = [
        problem
        for rule in checks.VALUE_RULES
        for problem in rule(package if rule in ACROSS_TABLES else alone)
    ]
    for stage in (checks.EVIDENCE_RULES, checks.FORM_RULES):
        problems = problems or [problem for rule in stage for problem in rule(package)]
    return problems


SPOTS = [
    (name, row, column)
    for name, text in tiny.TABLES.items()
    for row, cells in enumerate(list(csv.reader(io.StringIO(text)))[1:], 1)
    for column in range(len(cells))
]


AT_ONCE = 10
"""Cells whose texts are each checked alone; those that are taken are then shown together."""


def changed_table(name, texts):
    """Write a table of the tiny package with some of its cells changed."""
    rows = list(csv.reader(io.StringIO(tiny.TABLES[name], newline="")))
    for (_, row, column), text in texts.items():
        rows[row][column] = text
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


@settings(max_examples=tried(CELLS // AT_ONCE))
@given(st.dictionaries(st.sampled_from(SPOTS), TEXT, min_size=AT_ONCE, max_size=AT_ONCE))
def test_any_text_in_any_cell_of_the_data_is_shown_as_text_or_refused(folder, published, cells):
    with basemap_kept():
        taken = {}
        for spot, text in cells.items():
            name = spot[0]
            content = changed_table(name, {spot: text})
            package, problems = with_table(published, name, content)
            problems = problems or changed_problems(package, name)
            if zlib.crc32(content.encode()) % FROM_DISK == 0:
                read, told = read_changed(folder, folder / f"{name}.csv", content.encode())
                assert list(map(str, told)) == list(map(str, problems))
                assert (read and read.digest) == (None if problems else build(package).digest)
            if problems:
                assert_told_in_one_line(problems)
            else:
                taken[spot] = text
        for together in packages_of(published, taken):
            assert_can_be_shown(build(together))


def packages_of(published, taken):
    """Give packages in which every taken text is; all in one where they get on together."""
    package = published
    for name in sorted({name for name, _, _ in taken}):
        texts = {spot: text for spot, text in taken.items() if spot[0] == name}
        package, problems = with_table(package, name, changed_table(name, texts))
        assert problems == []
    if not taken or find_problems(package) == []:
        return [package] * bool(taken)
    return [
        with_table(published, spot[0], changed_table(spot[0], {spot: text}))[0]
        for spot, text in taken.items()
    ]


@settings(max_examples=tried(FILES))
@given(
    st.sampled_from(["incidents.csv", "items.csv", "datapackage.json", "basemap/land.json"]),
    st.binary(max_size=300),
    st.sampled_from(["instead", "in front", "behind", "in the middle", "cut off"]),
    st.randoms(use_true_random=False),
)
def test_any_bytes_in_any_file_of_the_data_are_refused_or_harmless(
    folder, name, junk, where, chance
):
    file = folder / name
    before = file.read_bytes()
    spot = chance.randrange(len(before))
    content = {
        "instead": junk,
        "in front": junk + before,
        "behind": before + junk,
        "in the middle": before[:spot] + junk + before[spot:],
        "cut off": before[:spot],
    }[where]
    dataset, problems = read_changed(folder, file, content)
    if dataset is None:
        assert_told_in_one_line(problems)
    else:
        assert_can_be_shown(dataset)


# ---------------------------------------------------------------- uploads

OWN_SPOTS = [
    (table, row, column)
    for table, rows in ROWS.items()
    for row, record in enumerate(rows)
    for column in record
]


@pytest.fixture(scope="module")
def filled(published):
    return {
        "xlsx": workbook(published, ROWS),
        "zip": zipped(csv_files(published, ROWS)),
    }


@settings(max_examples=tried(UPLOADS // 2))
@given(st.sampled_from(OWN_SPOTS), TEXT)
def test_any_text_in_any_cell_of_an_upload_is_shown_as_text_or_refused(published, spot, text):
    table, row, column = spot
    rows = {name: [dict(record) for record in records] for name, records in ROWS.items()}
    rows[table][row][column] = text.encode("utf-8", "replace").decode()
    with basemap_kept():
        submission = read_upload("rows.zip", zipped(csv_files(published, rows)), published)
        faults = find_problems(submission.package) if submission.incident_ids else []
    if submission.problems:
        assert_told_in_one_line([*submission.problems, *submission.left_out])
    if submission.incident_ids:
        assert faults == []
        assert_nothing_published_is_lost(submission.package, published)
        assert_can_be_shown(build(submission.package))
    else:
        assert submission.problems
        assert submission.package is published


def assert_nothing_published_is_lost(package, published):
    for name, table in published.tables.items():
        before = set(table.itertuples(index=False, name=None))
        after = set(package.tables[name].itertuples(index=False, name=None))
        assert before <= after
        if name not in upload.SHEETS:
            assert before == after


HARMS = ["change", "cut", "junk", "inside"]


@settings(max_examples=tried(UPLOADS - UPLOADS // 2))
@given(
    st.sampled_from(["xlsx", "zip"]),
    TEXT | st.just("x\ud800\x1b[2J\n" * 50),
    st.integers(0, 2**32),
    st.integers(1, 40),
    st.sampled_from(HARMS),
)
def test_any_upload_of_any_name_is_read_or_refused(
    published, filled, form, name, seed, times, harm
):
    chance = random.Random(seed)
    content = filled[form]
    if harm == "junk":
        starts = [b"", b"PK\x03\x04", b"PK\x05\x06", upload.OLE]
        content = chance.choice(starts) + chance.randbytes(times * 50)
    elif harm == "cut":
        content = content[: chance.randrange(len(content))]
    elif harm == "change":
        content = damaged(content, times, chance)
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {file: archive.read(file) for file in archive.namelist()}
        file = chance.choice(sorted(files))
        content = zipped(files | {file: damaged(files[file], times, chance)})
    with basemap_kept():
        submission = read_upload(name, content, published)
    if submission.problems:
        assert_told_in_one_line([*submission.problems, *submission.left_out])
    elif not submission.incident_ids:
        pytest.fail("nothing was taken, and nothing was said")


def damaged(content, times, chance):
    """Change, cut out or double bytes at random, at so many spots."""
    changed = bytearray(content)
    for _ in range(times):
        at = chance.randrange(len(changed) or 1)
        match chance.randrange(3):
            case 0:
                changed[at : at + 1] = chance.randbytes(1)
            case 1:
                del changed[at : at + chance.randint(1, 40)]
            case _:
                changed[at:at] = changed[at : at + chance.randint(1, 40)]
    return bytes(changed)


def test_a_hundred_megabytes_of_garbage_are_refused_with_little_memory(published):
    import tracemalloc

    garbage = os.urandom(1_000_000) * 100
    tracemalloc.start()
    try:
        for start in (b"", b"PK\x03\x04"):
            submission = read_upload("rows.xlsx", start + garbage, published)
            assert_told_in_one_line(submission.problems)
        assert tracemalloc.get_traced_memory()[1] < len(garbage) + 20_000_000
    finally:
        tracemalloc.stop()
