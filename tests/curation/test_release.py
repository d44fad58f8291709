"""What a curator does with a package on disk, from the command line."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from datetime import date

import pytest
from filelock import FileLock, Timeout

from armsflow import __main__
from armsflow.curation.release import LOCK, add, release, unpublished_rows, unreleased
from armsflow.curation.submission import read_upload
from armsflow.dataset.loader import SHIPPED, load
from armsflow.package import checks
from armsflow.package.checks import check
from armsflow.package.difference import Change, compare
from armsflow.package.package import read_package
from armsflow.package.versions import kept_versions, read_version
from tests import tiny
from tests.forms import INCIDENT, ITEM, ROWS, with_rows, workbook
from tests.killed import content

DAY = date(2026, 11, 25)


@pytest.fixture
def form(package, tmp_path):
    """A filled template for the tiny package."""
    file = tmp_path / "rows.xlsx"
    file.write_bytes(workbook(read_package(package)[0], ROWS))
    return file


def run(*arguments):
    return __main__.main([str(one) for one in arguments])


# ---------------------------------------------------------------- format


def test_tables_in_another_form_are_sorted_and_quoted_anew(package, capsys):
    good = content(package)
    lines = (package / "places.csv").read_text("utf-8").splitlines()
    shuffled = "\r\n".join([lines[0], *reversed(lines[1:])]).replace("Ghat", '"Ghat"')
    (package / "places.csv").write_bytes(shuffled.encode())
    assert checks.check(package)[0] is None
    assert run("format", package) == 0
    assert capsys.readouterr().out.splitlines() == [
        "places.csv: the lines now end with a line feed.", "places.csv: sorted and quoted anew.",
    ]  # fmt: skip
    assert content(package) == good
    assert run("format", package) == 0
    assert capsys.readouterr().out == "Nothing to change.\n"


def saved(package, table, change, separator=",", mark=b""):
    """Save a table as a spreadsheet does: change its rows of cells, and write it in its way."""
    file = package / f"{table}.csv"
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8"))))
    change(rows)
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerows(rows)
    file.write_bytes(mark + stream.getvalue().encode())


def as_german_excel(rows):
    for row in rows[1:]:
        row[:] = [{"false": "FALSCH", "true": "WAHR"}.get(one, f"{one} ") for one in row]
        row[4:6] = [one.strip().replace(".", ",") for one in row[4:6]]
    rows += [[""] * len(rows[0])] * 3


def as_a_fraction(rows):
    for row in rows:
        row[4] = "20.0" if row[4] == "20" else row[4]


def test_what_a_spreadsheet_certainly_did_is_undone_and_told(package, capsys):
    good = content(package)
    saved(package, "places", as_german_excel, ";", b"\xef\xbb\xbf")
    saved(
        package, "items", lambda rows: [row.__setitem__(4, "20.0") for row in rows if "20" in row]
    )
    assert run("format", package) == 0
    said = capsys.readouterr().out
    assert content(package) == good
    for expected in (
        "items.csv: column quantity, row 4: '20.0' is now '20'.",
        "places.csv: the byte order mark was taken out.",
        "places.csv: the lines now end with a line feed.",
        "places.csv: 3 empty last lines left out.",
        "places.csv: each semicolon between columns is now a comma.",
        "places.csv: column name, rows 2, 3, 4, 5, 6 and 1 more: the blanks around it were taken",
        "places.csv: column lat, row 2: '16,27' is now '16.27'.",
        "places.csv: column drawing_point, rows 2, 3, 5, 6, 7: 'FALSCH' is now 'false'.",
        "places.csv: column drawing_point, row 4: 'WAHR' is now 'true'.",
    ):
        assert expected in said
    assert run("format", package) == 0
    assert capsys.readouterr().out == "Nothing to change.\n"


@pytest.mark.parametrize("form", ["utf-16", "utf-8-sig"])
@pytest.mark.parametrize("spelt", ["TRUE", "True"])
def test_every_usual_form_of_true_and_of_unicode_is_read(form, spelt, package):
    good = content(package)
    text = (package / "places.csv").read_text("utf-8").replace("sea,true", f"sea,{spelt}")
    (package / "places.csv").write_bytes(text.encode(form))
    assert run("format", package) == 0
    assert content(package) == good


SLIPS = {
    "a lost point": (
        "places", "16.27", "16973",
        "places.csv, row 2 (gao), column lat: 16973 is outside -90 to 90. Fix: correct the number. "
        "If a spreadsheet lost the decimal point, it may be 16.973.",
    ),
    "another thousand": (
        "incidents", "rifles,2014-01-20", "rifles,1014-01-20",
        "incidents.csv, row 6 (2014-01-20-tassili-rifles), column incident_id: the identifier "
        "begins with 2014-01-20, but the date is 1014-01-20. Fix: if 2014-01-20 is right, write "
        "it as the date; else begin it with 1014-01-20; for",
    ),
    "day and month exchanged": (
        "incidents", "rifles,2014-01-20", "rifles,2014-20-01",
        "column date: '2014-20-01' names a day that does not exist. Fix: write 2014-01-20, as",
    ),
    "thousands": (
        "items", "Kalashnikov,20,", 'Kalashnikov,"1,000",',
        "items.csv, row 4 (2013-01-16-raid / 1), column quantity: '1,000' can mean 1000 or a "
        "fraction. Fix: write digits only, for example 1000.",
    ),
    "a short form": (
        "items", "Kalashnikov,20,", "Kalashnikov,1.5E+03,",
        "column quantity: '1.5E+03' is how a spreadsheet shortens a long number. Fix: write all "
        "digits, as the source has them, for example 1500.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_what_a_spreadsheet_may_have_done_is_named_with_what_may_be_meant(slip, package, capsys):
    table, old, new, told = SLIPS[slip]
    tiny.change(package / f"{table}.csv", old, new)
    before = content(package)
    assert run("format", package) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert told in line
    assert content(package) == before


@pytest.mark.parametrize("old", ["place,land,false,\n", '"Massif'])
def test_nothing_is_formatted_while_a_value_is_wrong(old, package, capsys):
    text = (package / "places.csv").read_text("utf-8")
    (package / "places.csv").write_text(text.replace(old, "place,moon,false,\n", 1), "utf-8")
    (package / "sources.csv").write_bytes(
        (package / "sources.csv").read_bytes().replace(b"\n", b"\r\n")
    )
    before = content(package)
    assert run("format", package) == 1
    said = capsys.readouterr()
    assert said.out.startswith("places.csv, row ")
    assert said.err.endswith("found. Nothing was changed.\n")
    assert content(package) == before


# ---------------------------------------------------------------- template, add


@pytest.mark.parametrize("name", ["rows.xlsx", "rows.zip"])
def test_a_template_is_written_and_adds_nothing_when_empty(name, package, tmp_path, capsys):
    assert run("template", tmp_path / name, "--data", package) == 0
    assert "incidents, items, places, sources, corridors" in capsys.readouterr().out
    before = content(package)
    assert run("add", package, tmp_path / name) == 1
    said = capsys.readouterr()
    assert said.out.startswith(f"{name}: no row is filled in. Fix: ")
    assert said.err == "1 problem found. Nothing was added.\n"
    assert content(package) == before


def test_a_template_of_another_kind_is_refused(tmp_path, capsys):
    assert run("template", tmp_path / "rows.docx") == 2
    assert "must end in one of: .xlsx, .zip." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_rows_of_a_template_are_added_and_the_package_stays_valid(package, form, capsys):
    before = load(package)
    assert run("add", package, form) == 0
    assert capsys.readouterr().out.splitlines() == [
        "incidents: 1 row added.", "items: 1 row added.", "places: 1 row added.",
        "sources: 1 row added.",
    ]  # fmt: skip
    after = load(package)
    assert set(after.incidents.index) - set(before.incidents.index) == {"2014-06-kidal-rifles"}
    assert after.version == before.version
    assert "unpublished" not in after.descriptor
    assert after.descriptor == before.descriptor | {"created": after.descriptor["created"]}


def test_one_problem_and_nothing_is_added(package, tmp_path, capsys):
    file = tmp_path / "rows.xlsx"
    second = {
        "incidents": [{**ROWS["incidents"][0], "incident_id": "2014-07-x", "date": "2014-7"}],
        "items": [{**ROWS["items"][0], "incident_id": "2014-07-x"}],
    }
    file.write_bytes(workbook(read_package(package)[0], with_rows(second)))
    before = content(package)
    assert run("add", package, file) == 1
    said = capsys.readouterr()
    assert said.out.startswith("incidents, row 3 (2014-07-x), column date: '2014-7' is not a date")
    assert said.err == "1 problem found. Nothing was added.\n"
    assert content(package) == before


def test_nothing_is_added_to_a_broken_package(package, form, capsys):
    tiny.change(package / "incidents.csv", "cache_found", "cache_lost")
    assert run("add", package, form) == 1
    assert capsys.readouterr().out.startswith("incidents.csv, row 4")


def test_a_template_that_is_not_there_is_told(package, tmp_path, capsys):
    assert run("add", package, tmp_path / "none.xlsx") == 2
    assert "none.xlsx: No such file or directory." in capsys.readouterr().err


def test_an_incident_later_than_the_package_can_be_added(package, tmp_path):
    late = {"incident_id": "2026-11-25-kidal", "date": "2026-11-25"}
    rows = with_rows(
        incidents=late, items={"incident_id": late["incident_id"]}, sources={"published": ""}
    )
    file = tmp_path / "rows.xlsx"
    file.write_bytes(workbook(read_package(package)[0], rows))
    assert add(package, file, DAY)[1] == []
    assert load(package).created == "2026-11-25"


# ---------------------------------------------------------------- release


def test_a_first_release_records_the_version_that_is_there(package):
    assert [problem.what for problem in unreleased(read_package(package)[0])] == [
        "no version is recorded."
    ]
    assert release(package, "First rows.", today=DAY)[:2] == ("1.0.0", [])
    assert (package / "VERSIONS.csv").read_text("utf-8") == (
        "version,date,sha256,changes\n"
        f"1.0.0,2026-11-25,{load(package).digest},First rows.\n"
    )  # fmt: skip
    assert load(package).created == "2026-11-25"
    assert unreleased(read_package(package)[0]) == []


@pytest.mark.parametrize(
    ("part", "version"), [("major", "2.0.0"), ("minor", "1.1.0"), ("", "1.1.0")]
)
def test_changed_tables_need_a_release_and_get_a_version_of_their_own(
    part, version, package, form, capsys
):
    release(package, "First rows.", today=DAY)
    assert run("add", package, form) == 0
    assert run("release", package) == 1
    said = capsys.readouterr()
    assert "VERSIONS.csv: the tables differ from version 1.0.0. Fix: run python -m" in said.out
    assert said.err.endswith("1 problem found. The tables are not those of the last release.\n")
    chosen = ["--part", part] if part else []
    assert run("release", package, "Kidal, June 2014.", *chosen) == 0
    said = capsys.readouterr().out
    assert "incidents added: 2014-06-kidal-rifles\n" in said
    assert f"Version {version}. Name it, with the identifiers" in said
    assert load(package).version == version
    assert run("release", package) == 0
    assert capsys.readouterr().out == "Nothing changed: the tables are those of the last release.\n"
    lines = (package / "VERSIONS.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["version", "1.0.0", version]
    assert lines[-1].endswith(',"Kidal, June 2014."')


def test_a_part_that_is_less_than_the_changes_ask_for_is_refused(package, form, capsys):
    release(package, "First rows.", today=DAY)
    assert run("add", package, form) == 0
    assert run("release", package, "Kidal.", "--part", "patch") == 1
    assert "patch is less than the changes ask for: minor." in capsys.readouterr().out


def test_a_corrected_word_raises_the_last_number_only(package):
    release(package, "First rows.", today=DAY)
    tiny.change(package / "incidents.csv", "Two missiles.", "Two old missiles.")
    version, problems, lines = release(package, "A word.", today=DAY)
    assert (version, problems) == ("1.0.1", [])
    [line] = lines
    assert "incidents" in line


def test_added_rows_get_an_entry_that_they_were_read_once(package, form):
    add(package, form)
    assert "2014-06-kidal-rifles,,first_reading" in (package / "reviews.csv").read_text("utf-8")
    assert checks.check(package)[1] == []


def withdraw_the_rifles(package):
    for table in ("incidents", "items", "reviews"):
        file = package / f"{table}.csv"
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join(one for one in lines if "tassili-rifles" not in one), "utf-8")
    descriptor = json.loads((package / "datapackage.json").read_text("utf-8"))
    for resource in descriptor["resources"]:
        resource.pop("expectations", None)
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


def test_a_withdrawn_row_needs_a_correction_that_says_why(package):
    release(package, "First rows.", today=DAY)
    withdraw_the_rifles(package)
    version, problems, _ = release(package, "Rifles withdrawn.", today=DAY)
    assert version == ""
    assert [str(problem) for problem in problems] == [
        "incidents.csv: '2014-01-20-tassili-rifles' was published and is gone, and "
        "corrections.csv does not say why. Fix: restore the row, or add a line for "
        "it to corrections.csv with the field left empty."
    ]
    with (package / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(
            "2.0.0,2026-11-25,incidents,2014-01-20-tassili-rifles,,,,The source was retracted.\n"
        )
    assert release(package, "Rifles withdrawn.", today=DAY)[:2] == ("2.0.0", [])


def test_every_release_keeps_its_tables_with_the_same_bytes(package):
    release(package, "First rows.", today=DAY)
    kept = (package / "versions" / "1.0.0.zip").read_bytes()
    before, problems = read_version(package, "1.0.0")
    assert problems == []
    assert before.digest == read_package(package)[0].digest
    tiny.change(package / "incidents.csv", "Two missiles.", "Two old missiles.")
    release(package, "A word.", today=DAY)
    assert (package / "versions" / "1.0.0.zip").read_bytes() == kept
    assert kept_versions(package) == ["1.0.1", "1.0.0"]
    [change] = compare(before, read_package(package)[0])
    assert change == Change(
        "incidents", "changed", "2013-05-gao-missiles", "summary", "Two missiles.",
        "Two old missiles.",
    )  # fmt: skip


@pytest.mark.parametrize("spoil", [lambda file: file.unlink(), lambda file: file.write_bytes(b"x")])
def test_a_kept_version_that_is_gone_or_broken_is_told(spoil, package):
    release(package, "First rows.", today=DAY)
    spoil(package / "versions" / "1.0.0.zip")
    found, [problem] = read_version(package, "1.0.0")
    assert found is None
    assert str(problem).startswith("versions/1.0.0.zip: the tables of version 1.0.0 are not kept")


def test_a_release_without_a_change_is_refused(package, capsys):
    release(package, "First rows.", today=DAY)
    before = content(package)
    assert run("release", package, "Again.") == 1
    assert capsys.readouterr().out == (
        "VERSIONS.csv: the tables are those of version 1.0.0. "
        "Fix: release when a table has changed.\n"
    )
    assert content(package) == before


@pytest.mark.parametrize("changes", ["", "  ", "two\nlines"])
def test_a_release_says_what_changed_in_one_line(changes, package):
    before = content(package)
    version, (problem,), _ = release(package, changes)
    assert version == ""
    assert problem.fix == "say in one line what changed."
    assert content(package) == before


def test_a_copy_with_unpublished_rows_is_neither_released_nor_added_to(package, form):
    read, _ = read_package(package)
    grown = read_upload("rows.xlsx", form.read_bytes(), read).package
    (package / "datapackage.json").write_text(json.dumps(grown.descriptor), "utf-8")
    for problems in (release(package, "x")[1], add(package, form)[1]):
        assert [str(problem) for problem in problems] == [str(unpublished_rows())]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file cannot be read."),
        ("version,when\n", "the header is another."),
        ("version,date,sha256,changes\n1.0,d,s,c\n", "'1.0,d,s,c' is no release later than"),
        ("version,date,sha256,changes\n1.0.0,d\n", "'1.0.0,d' is no release later than"),
        ("version,date,sha256,changes\n1.10.0,d,s,c\n1.9.0,d,s,c\n", "'1.9.0,d,s,c' is no"),
        ("version,date,sha256,changes\n1.0.0,d,s,c\n1.0.0,d,s,c\n", "'1.0.0,d,s,c' is no"),
        ('version,date,sha256,changes\n"1.0.0', "the file cannot be read."),
    ],
)
def test_a_broken_list_of_versions_is_told_and_never_written_over(text, words, package):
    (package / "VERSIONS.csv").write_text(text, "utf-8")
    version, problems, _ = release(package, "More.")
    assert version == ""
    assert problems[0].what.startswith(words)
    assert unreleased(read_package(package)[0]) == problems[:1]
    assert (package / "VERSIONS.csv").read_text("utf-8") == text


def test_a_version_written_by_hand_is_told(package):
    release(package, "First rows.")
    text = (package / "datapackage.json").read_text("utf-8")
    (package / "datapackage.json").write_text(text.replace('"1.0.0"', '"1.2.0"'), "utf-8")
    assert [problem.what for problem in unreleased(read_package(package)[0])] == [
        "the version is 1.2.0, the last release 1.0.0."
    ]


def test_the_digest_is_that_of_the_dataset(package):
    read, _ = read_package(package)
    assert read.digest == load(package).digest
    joined = "".join(read.texts[name] for name in sorted(read.texts))
    assert read.digest == hashlib.sha256(joined.encode()).hexdigest()


def test_the_shipped_descriptor_is_written_back_as_it_is(tmp_path):
    directory = shutil.copytree(SHIPPED, tmp_path / "data")
    (directory / "VERSIONS.csv").unlink()
    made = date.fromisoformat(load(directory).created)
    assert release(directory, "The same.", today=made)[:2] == (load(SHIPPED).version, [])
    assert (directory / "datapackage.json").read_bytes() == (
        SHIPPED / "datapackage.json"
    ).read_bytes()


def test_an_incident_that_may_be_published_already_is_refused_until_told_apart(
    package, tmp_path, capsys
):
    published, _ = read_package(package)
    again = INCIDENT | {"incident_id": "2014-06-12-kidal-again", "date": "2014-06-12"}
    item = ITEM | {"incident_id": again["incident_id"]}
    file = tmp_path / "rows.xlsx"
    file.write_bytes(workbook(published, with_rows({"incidents": [again], "items": [item]})))
    assert run("add", package, file) == 1
    said = capsys.readouterr()
    assert "may be the same incident as" in said.out + said.err
    again["distinct_from"] = INCIDENT["incident_id"]
    file.write_bytes(workbook(published, with_rows({"incidents": [again], "items": [item]})))
    assert run("add", package, file) == 0


def test_those_who_add_at_once_take_turns_and_lose_nothing(package, tmp_path):
    published, _ = read_package(package)
    started = []
    for number in range(4):
        incident = INCIDENT | {
            "incident_id": f"201{number + 1}-06-gao-{number}", "date": f"201{number + 1}-06",
            "place_id": "gao", "source_ids": "blog-undated-market",
        }  # fmt: skip
        item = ITEM | {"incident_id": incident["incident_id"]}
        file = tmp_path / f"{number}.xlsx"
        file.write_bytes(workbook(published, {"incidents": [incident], "items": [item]}))
        command = [sys.executable, "-m", "armsflow", "add", str(package), str(file)]
        started.append((incident["incident_id"], subprocess.Popen(command)))
    assert [process.wait(timeout=300) for _, process in started] == [0] * 4
    grown, problems = check(package)
    assert problems == []
    assert {one for one, _ in started} <= set(grown.tables["incidents"]["incident_id"])


HALTED = """
import sys
from armsflow import __main__
from armsflow.curation import release
kept = getattr(release, sys.argv[1])
def halted(*arguments, **named):
    print("halted", flush=True)
    sys.stdin.readline()
    return kept(*arguments, **named)
setattr(release, sys.argv[1], halted)
sys.exit(__main__.main(sys.argv[2:]))
"""
"""Run a command that waits for a line before it calls one function."""


@pytest.mark.parametrize(
    ("command", "function"),
    [
        ("add", "check"), ("add", "_description"), ("format", "read_tidied"),
        ("format", "canonical_text"), ("release", "check"), ("release", "version_archive"),
    ],
)  # fmt: skip
def test_a_package_is_held_from_its_reading_to_its_writing(command, function, package, form):
    more = {"add": [form], "format": [], "release": ["More."]}[command]
    with subprocess.Popen(
        [sys.executable, "-c", HALTED, function, command, str(package), *map(str, more)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as halted:  # fmt: skip
        assert halted.stdout.readline() == "halted\n"
        with pytest.raises(Timeout):
            FileLock(package / LOCK).acquire(timeout=0)
        # It may call the function more than once.
        halted.communicate("\n" * 100, timeout=300)
    assert halted.returncode == 0
    with FileLock(package / LOCK).acquire(timeout=0):
        assert check(package)[1] == []


def test_a_folder_that_is_not_there_is_told_and_not_made(tmp_path, form, capsys):
    nowhere = tmp_path / "nowhere"
    for command in (("format", nowhere), ("release", nowhere, "More."), ("add", nowhere, form)):
        assert run(*command) == 1
        assert capsys.readouterr().out.startswith("datapackage.json: ")
    assert not nowhere.exists()
