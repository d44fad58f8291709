"""The command line."""

import gettext
import os
import re
import shutil
import subprocess
import sys
import warnings

import pytest

from armsflow import __main__, language
from armsflow.arguments import parser
from armsflow.dataset.loader import SHIPPED, load
from armsflow.package import checks
from armsflow.package.package import read_package
from armsflow.picture import courses
from armsflow.selection.numbering import picture_number
from armsflow.selection.selection import Selection
from tests import tiny
from tests.forms import ROWS, workbook


def test_a_good_package_ends_with_0_and_names_every_rule(package, capsys):
    status = __main__.main(["check", str(package)])
    output = capsys.readouterr()
    assert status == 0
    assert output.err == ""
    first, *rules, french, arabic = output.out.splitlines()
    rows = sum(text.count("\n") - 1 for text in tiny.TABLES.values())
    assert first == f"{package}: 16 tables, {rows} rows. Held:"
    assert [rule.strip() for rule in rules] == checks.describe_rules()
    assert re.fullmatch(r"Français: \d+ texts not translated\.", french)
    assert arabic.partition(": ")[2] == french.partition(": ")[2]


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


# ---------------------------------------------------------------- languages


@pytest.fixture
def loud(monkeypatch):
    """Say everything in capitals in other languages than English."""

    class Loud(gettext.NullTranslations):
        def gettext(self, message):
            return re.sub(r"({\w+}|%\(\w+\)\w|%\w)|([^{}%]+)", lambda one: one[1] or one[2].upper(),
                          message)  # fmt: skip

        def ngettext(self, one, many, count):
            return self.gettext(one if count == 1 else many)

        def pgettext(self, _context, message):
            return self.gettext(message)

    catalogues = {"en": gettext.NullTranslations(), "fr": Loud(), "ar": Loud()}
    monkeypatch.setattr(language, "catalogue", catalogues.__getitem__)


@pytest.mark.parametrize(
    ("arguments", "variable"),
    [
        (["--language", "fr", "check"], ""),
        (["check", "--language=fr"], ""),
        (["check", "--lang", "fr"], ""),
        (["--language", "en", "check", "--language", "fr"], "ar"),
        (["check"], "fr"),
    ],
)
@pytest.mark.usefixtures("loud")
def test_a_command_speaks_the_language_that_is_asked_for(
    arguments, variable, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("ARMSFLOW_LANGUAGE", variable)
    assert __main__.main([*arguments, str(tmp_path / "nowhere")]) == 1
    output = capsys.readouterr()
    assert output.out == (
        "datapackage.json: THE DESCRIPTION OF THE DATA PACKAGE CANNOT BE OPENED. FIX: RESTORE "
        "DATAPACKAGE.JSON FROM THE LAST GOOD VERSION.\n"
    )
    assert output.err == f"1 PROBLEM FOUND IN {tmp_path / 'nowhere'}.\n"
    assert language.spoken() == "en"


@pytest.mark.usefixtures("loud")
def test_help_and_what_the_parser_says_by_itself_are_in_the_language_too(capsys):
    with pytest.raises(SystemExit):
        __main__.main(["--language", "fr", "check", "--help"])
    helped = capsys.readouterr().out
    assert helped.startswith("USAGE: python -m armsflow check [-h] [--language CODE] [DIR]\n")
    assert "POSITIONAL ARGUMENTS:" in helped
    assert "SHOW THIS HELP MESSAGE AND EXIT" in helped
    with pytest.raises(SystemExit):
        __main__.main(["--language", "fr", "fly"])
    assert "ERROR: ARGUMENT COMMAND: INVALID CHOICE: 'fly' (CHOOSE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("tlh", "armsflow: --language 'tlh' is not known. Known: en, fr, ar.\n"),
        ("", "armsflow: --language '' is not known. Known: en, fr, ar.\n"),
        ("en,fr", "armsflow: Only brief takes several languages; give one with --language.\n"),
    ],
)
def test_a_language_that_a_command_cannot_speak_is_refused(asked, words, capsys):
    assert __main__.main(["check", "--language", asked]) == 2
    assert capsys.readouterr().err == words


def test_only_a_briefing_may_have_several_languages(monkeypatch):
    asked = []
    monkeypatch.setattr(__main__, "brief", lambda options: asked.append(options.languages) or 0)
    assert __main__.main(["brief", "--language", "fr, ar,fr", "out.pptx"]) == 0
    assert asked == [("fr", "ar")]


# ---------------------------------------------------------------- closed outputs

COMMANDS = {
    "show": ["--no-browser", "--port", "0"],
    "check": ["{package}"],
    "prepare": ["{package}", "{folder}/prepared"],
    "brief": ["{folder}/rows.csv", "--data", "{package}"],
    "verify": ["{number}", "--data", "{package}"],
    "template": ["{folder}/empty.zip", "--data", "{package}"],
    "add": ["{package}", "{folder}/rows.xlsx"],
    "format": ["{package}"],
    "bend": ["{package}"],
    "release": ["{package}", "First rows."],
    "diff": ["{package}", "{package}"],
    "translate": ["{package}", "{folder}/missing.csv", "--missing"],
}
"""A quick call of every command; what takes minutes, bending, is left out of it."""


def call(command, package, folder):
    (folder / "rows.xlsx").write_bytes(workbook(read_package(package)[0], ROWS))
    named = {"package": package, "folder": folder}
    if command == "verify":
        named["number"] = picture_number(Selection(), load(package))
    return [command, *(one.format(**named) for one in COMMANDS[command])]


def test_every_command_is_called_with_closed_outputs():
    [commands] = (one for one in parser()._actions if one.dest == "command")
    assert list(commands.choices) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_has_read_enough_ends_every_command_quietly(
    command, package, tmp_path, monkeypatch, capfd
):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        monkeypatch.setattr(courses, "bend_all", lambda *_: {})
        monkeypatch.setattr(sys, "stdout", nobody)
        status = __main__.main(call(command, package, tmp_path))
        monkeypatch.undo()
    # No page is shown where its address cannot be told.
    assert status == (1 if command == "show" else 0)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("command", [one for one in COMMANDS if one != "show"])
def test_a_closed_output_changes_nothing(command, package, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(courses, "bend_all", lambda *_: {})
    monkeypatch.setattr(sys, "stdout", None)
    with warnings.catch_warnings():
        # What was opened in place of the closed output is never closed, as outputs are not.
        warnings.simplefilter("ignore", ResourceWarning)
        status = __main__.main(call(command, package, tmp_path))
        sys.stdout.close()
        monkeypatch.undo()
    assert status == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "end", [">&-", ">&- 2>&-", "| head -c 1", "2>&1 | head -c 1", "2>&1 | true"]
)
@pytest.mark.parametrize("command", ["check", "brief x.docx"])
def test_the_shell_may_close_what_a_command_writes_to(end, command):
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -W error -m armsflow {command} {end}"],
        cwd=SHIPPED.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert len(done.stdout) <= 1
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
