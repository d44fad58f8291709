"""The command line."""

import shutil
import subprocess
import sys

import pytest

from armsflow import __main__
from armsflow.dataset.loader import SHIPPED
from armsflow.package import checks
from tests import tiny


def test_a_good_package_ends_with_0_and_names_every_rule(package, capsys):
    status = __main__.main(["check", str(package)])
    output = capsys.readouterr()
    assert status == 0
    assert output.err == ""
    first, *rules = output.out.splitlines()
    rows = sum(text.count("\n") - 1 for text in tiny.TABLES.values())
    assert first == f"{package}: 15 tables, {rows} rows. Held:"
    assert [rule.strip() for rule in rules] == checks.describe_rules()


def test_a_bad_package_ends_with_1_and_one_line_a_problem(package, capsys):
    tiny.change(package / "incidents.csv", "cache_found", "cache_lost")
    status = __main__.main(["check", str(package)])
    output = capsys.readouterr()
    assert status == 1
    assert len(output.out.splitlines()) == 1
    assert output.out.startswith("incidents.csv, row 4 (2013-05-gao-missiles), column event_type:")
    assert output.err == f"1 problem found in {package}.\n"


def test_two_problems_are_two_lines(package, capsys):
    tiny.change(package / "incidents.csv", "cache_found", "cache_lost")
    tiny.change(package / "places.csv", "sea,true", "sea,yes")
    assert __main__.main(["check", str(package)]) == 1
    output = capsys.readouterr()
    assert len(output.out.splitlines()) == 2
    assert output.err.startswith("2 problems found")


def test_a_folder_that_does_not_exist_is_a_problem_and_no_crash(tmp_path, capsys):
    assert __main__.main(["check", str(tmp_path / "nowhere")]) == 1
    assert capsys.readouterr().out.startswith("datapackage.json: ")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["check", "a", "b"]])
def test_a_wrong_command_ends_with_2_and_says_how_it_is_used(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        __main__.main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m armsflow")


@pytest.mark.parametrize(("broken", "status"), [(False, 0), (True, 1)])
def test_the_shell_gets_the_exit_code(broken, status, tmp_path):
    directory = tmp_path / "data"
    shutil.copytree(SHIPPED, directory)
    if broken:
        (directory / "items.csv").unlink()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "armsflow", "check", str(directory)],
        cwd=SHIPPED.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert ("items.csv: the file is missing" in done.stdout) is broken


def test_without_a_folder_the_shipped_package_is_checked(capsys):
    assert __main__.main(["check"]) == 0
    assert capsys.readouterr().out.startswith(str(SHIPPED))
