"""What a translator gets and gives back, from the command line."""

import csv
import io
import json

import pytest

from armsflow import __main__
from armsflow.package.checks import check
from armsflow.package.translations import untranslated
from tests import tiny


def run(*arguments):
    return __main__.main([str(one) for one in arguments])


@pytest.fixture
def listed(package, tmp_path, capsys):
    """What is missing in the tiny package, as rows."""
    file = tmp_path / "missing.csv"
    assert run("translate", package, file, "--missing") == 0
    assert "fill in the column text" in capsys.readouterr().out
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def hand_in(folder, rows, encoding="utf-8-sig", delimiter=","):
    file = folder / "filled.csv"
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_that_is_filled_in_completes_the_package(
    package, listed, delimiter, tmp_path, capsys
):
    filled = [row | {"text": f"{row['language']}: {row['english']}"} for row in listed]
    assert run("translate", package, hand_in(tmp_path, filled, delimiter=delimiter)) == 0
    assert capsys.readouterr().out == f"{len(listed):,} translations taken in.\n"
    assert run("check", package) == 0
    assert "Français: complete.\nالعربية: complete.\n" in capsys.readouterr().out
    again = tmp_path / "again.csv"
    run("translate", package, again, "--missing")
    assert len(again.read_text("utf-8-sig").splitlines()) == 1


def test_a_text_that_a_spreadsheet_would_run_is_listed_harmless_and_taken_back(package, tmp_path):
    tiny.change(package / "incidents.csv", "Missiles found", "=1+A1")
    file = tmp_path / "missing.csv"
    assert run("translate", package, file, "--missing") == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    [row, _] = (row for row in rows if "1+A1" in row["english"])
    assert row["english"] == "'=1+A1"
    assert run("translate", package, hand_in(tmp_path, [row | {"text": "'=2"}])) == 0
    assert list(check(package)[0].tables["translations"]["text"]) == ["=2"]


def test_rows_without_a_text_wait_and_a_second_text_takes_the_place_of_the_first(
    package, listed, tmp_path
):
    for text in ("Premier", "Second"):
        run("translate", package, hand_in(tmp_path, [listed[0] | {"text": text}, *listed[1:]]))
    found, _ = check(package)
    assert list(found.tables["translations"]["text"]) == ["Second"]
    assert len(untranslated(found, listed[0]["language"])) == len(listed) / 2 - 1


def test_a_text_that_was_changed_meanwhile_is_named_and_nothing_is_taken(
    package, listed, tmp_path, capsys
):
    row = next(row for row in listed if row["english"] == "Missiles found")
    tiny.change(package / "incidents.csv", "Missiles found", "Two missiles found")
    before = (package / "translations.csv").read_bytes()
    assert run("translate", package, hand_in(tmp_path, [row | {"text": "Missiles"}])) == 1
    assert "column english: the package has no such text now." in capsys.readouterr().out
    assert (package / "translations.csv").read_bytes() == before


def test_translations_of_a_text_that_is_gone_go_with_the_next_list(package, listed, tmp_path):
    old = next(row for row in listed if row["english"] == "Missiles found")
    run("translate", package, hand_in(tmp_path, [old | {"text": "Missiles"}]))
    tiny.change(package / "incidents.csv", "Missiles found", "Two missiles found")
    other = next(row for row in listed if row["english"] == "Rifles seized")
    assert run("translate", package, hand_in(tmp_path, [other | {"text": "Fusils"}])) == 0
    assert list(check(package)[0].tables["translations"]["text"]) == ["Fusils"]


def test_what_is_no_such_list_is_refused_with_the_cure(package, tmp_path, capsys):
    file = tmp_path / "other.csv"
    file.write_text("record,text\na,b\n", "utf-8")
    assert run("translate", package, file) == 1
    assert "the header lacks table, column, english and language." in capsys.readouterr().out
    assert run("translate", package, tmp_path / "none.csv") == 2
    assert "Translations cannot be taken in" in capsys.readouterr().err


def test_a_withdrawn_row_takes_its_translations_with_it(package, listed, tmp_path):
    identifier = "2014-01-20-tassili-rifles"
    rows = [row | {"text": row["english"]} for row in listed if row["record"] == identifier]
    assert run("translate", package, hand_in(tmp_path, rows)) == 0
    descriptor = json.loads((package / "datapackage.json").read_text("utf-8"))
    for resource in descriptor["resources"]:
        resource.pop("expectations", None)
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    assert run("add", package, "--withdraw", identifier, "--why", "retracted") == 0
    assert check(package)[0].tables["translations"].empty
