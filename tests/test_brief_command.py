"""``python -m armsflow brief`` and ``verify``: files without a browser, whole or not at all."""

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import pandas as pd
import pypdf
import pytest
from PIL import Image
from pptx import Presentation

from armsflow import __main__
from armsflow.arguments import ENDINGS
from armsflow.briefing import briefing, collection
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.titles import MARKING_LETTERS
from armsflow.dataset import loader
from armsflow.dataset.dataset import labels
from armsflow.dataset.loader import SHIPPED, load_earlier
from armsflow.selection import selection
from armsflow.selection.numbering import picture_number
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe
from tests import tiny


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The tiny package: small enough to be drawn in no time."""
    return tiny.write(tmp_path_factory.mktemp("tiny") / "package")


def brief(data, file, *arguments):
    return __main__.main(["brief", "--data", str(data), *arguments, str(file)])


def left_in(folder):
    """Everything in a folder, hidden drafts included."""
    return sorted(entry.name for entry in folder.iterdir())


# ---------------------------------------------------------------- files


def opens_as_csv(content):
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["Id"] for row in rows] == ["2013-05-gao-missiles"]


def opens_as_html(content):
    text = content.decode()
    assert "<h1>Shoulder-fired missiles: 1 documented incident" in text
    assert re.findall(r'<article id="incident-([^"]+)"', text) == ["2013-05-gao-missiles"]


def opens_as_pdf(content):
    [page] = pypdf.PdfReader(io.BytesIO(content)).pages
    assert "Shoulder-fired missiles: 1 documented incident" in page.extract_text()


def opens_as_png(content):
    assert Image.open(io.BytesIO(content)).size == (960, 540)


def opens_as_pptx(content):
    [slide] = Presentation(io.BytesIO(content)).slides
    assert slide.shapes.title.text_frame.text.startswith("Shoulder-fired missiles: 1 documented")


def opens_as_svg(content):
    assert "Shoulder-fired missiles: 1 documented" in "".join(ET.fromstring(content).itertext())


def opens_as_xlsx(content):
    rows = openpyxl.load_workbook(io.BytesIO(content))["Incidents"]
    assert [row[0].value for row in rows.iter_rows(min_row=2)] == ["2013-05-gao-missiles"]


def opens_as_zip(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    assert len(archive.namelist()) == 7


def opens_as_data_package(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert b"2013-05-gao-missiles" in archive.read("incidents.csv")
    assert "datapackage.json" in archive.namelist()


def opens_as_geojson(content):
    features = json.loads(content)["features"]
    assert features[0]["properties"]["id"] == "2013-05-gao-missiles"


def opens_as_gpkg(content):
    assert content.startswith(b"SQLite format 3")
    assert b"2013-05-gao-missiles" in content


def opens_as_kmz(content):
    document = zipfile.ZipFile(io.BytesIO(content)).read("doc.kml")
    assert "2013-05-gao-missiles" in "".join(ET.fromstring(document).itertext())


def opens_as_parquet(content):
    assert set(pd.read_parquet(io.BytesIO(content))["incident_id"]) == {"2013-05-gao-missiles"}


OPENS = {
    "csv": opens_as_csv,
    "datapackage.zip": opens_as_data_package,
    "geojson": opens_as_geojson,
    "gpkg": opens_as_gpkg,
    "kmz": opens_as_kmz,
    "parquet": opens_as_parquet,
    "html": opens_as_html,
    "pdf": opens_as_pdf,
    "png": opens_as_png,
    "pptx": opens_as_pptx,
    "svg": opens_as_svg,
    "xlsx": opens_as_xlsx,
    "zip": opens_as_zip,
}


def test_every_ending_that_the_command_names_is_tested_here():
    assert set(OPENS) == set(ENDINGS)


@pytest.mark.parametrize("ending", OPENS)
def test_the_ending_decides_what_is_written(ending, data, tmp_path, capsys):
    file = tmp_path / f"weekly.{ending}"
    chosen = ("--weapon", "manpads", "--destination", "mali", "--years", "2012-2013")
    assert brief(data, file, *chosen, "--width", "960") == 0
    OPENS[ending](file.read_bytes())
    assert left_in(tmp_path) == [file.name]
    said = capsys.readouterr()
    assert said.out.startswith(f"{file}: Shoulder-fired missiles: 1 documented incident")
    assert said.err == ""


@pytest.mark.parametrize(
    ("words", "counted", "aside"),
    [
        (("--basis", "traced"), "", "1 general report or running total listed, not counted."),
        (("--destination", "all"), "All 4 documented incidents, 4 sources.", "1 general report"),
        (("--destination", "niger"), "", ""),
    ],
)
def test_the_command_says_each_thing_once_and_what_is_not_counted(
    words, counted, aside, data, tmp_path, capsys
):
    assert brief(data, tmp_path / "a.csv", "--destination", "all", *words) == 0
    said = capsys.readouterr().out
    finding, _, rest = said.removeprefix(f"{tmp_path}/a.csv: ").partition(". ")
    assert said.count("documented incident") == 1 + bool(counted)
    assert rest.strip().startswith(counted)
    assert aside in rest
    assert bool(rest) == bool(counted or aside)
    assert finding.startswith("All weapons: ")


def test_capital_letters_in_the_ending_do_not_matter(data, tmp_path):
    assert brief(data, tmp_path / "WEEKLY.CSV") == 0
    assert (tmp_path / "WEEKLY.CSV").read_bytes().startswith(b"\xef\xbb\xbfId,")


def test_codes_may_be_repeated_or_stand_between_commas(data, tmp_path):
    ways = [
        ("--destination", "algeria,mali", "--weapon", "manpads", "--weapon", "pistol"),
        ("--destination", "mali", "--destination", "algeria", "--weapon", "pistol,manpads"),
    ]
    for number, way in enumerate(ways):
        assert brief(data, tmp_path / f"{number}.csv", *way) == 0
    first, second = ((tmp_path / f"{number}.csv").read_bytes() for number in (0, 1))
    assert first == second
    assert first.count(b"\r\n") == 5


def test_filters_of_the_command_mean_what_they_mean_on_the_page(data, small, tmp_path):
    words = ("--basis", "media_report", "--event", "seizure", "--destination", "all")
    assert brief(data, tmp_path / "few.csv", *words) == 0
    chosen = Selection(basis=("media_report",), event=("seizure",))
    rows = csv.DictReader(io.StringIO((tmp_path / "few.csv").read_text("utf-8-sig"), newline=""))
    shown = selection.apply(small, chosen)
    assert (
        [row["Id"] for row in rows] == list(shown.incidents.index) == ["2014-01-20-tassili-rifles"]
    )


def test_a_pack_is_a_presentation(data, tmp_path):
    assert brief(data, tmp_path / "pack.pptx", "--pack", "--title", "For the meeting") == 0
    first, *others = Presentation(tmp_path / "pack.pptx").slides
    assert first.shapes.title.text_frame.text == "For the meeting"
    assert len(others) == 2


def test_address_and_marking_are_printed(data, tmp_path):
    words = ("--address", "https://example.org/flows", "--marking", "OFFICIAL-TEST")
    assert brief(data, tmp_path / "a.svg", *words, "--weapon", "pistol") == 0
    texts = "".join(ET.parse(tmp_path / "a.svg").getroot().itertext())
    assert texts.count("OFFICIAL-TEST") == 2
    assert "https://example.org/flows/?weapon=pistol" in texts


def test_the_command_takes_from_the_environment_what_the_page_does(data, tmp_path, monkeypatch):
    monkeypatch.setenv("ARMSFLOW_MARKING", "OFFICIAL-TEST")
    monkeypatch.setenv("ARMSFLOW_URL", "https://example.org/flows")
    monkeypatch.setenv("ARMSFLOW_DATA", str(data))
    assert __main__.main(["brief", "--weapon", "pistol", str(tmp_path / "a.zip")]) == 0
    archive = zipfile.ZipFile(tmp_path / "a.zip")
    assert {name.partition("_")[0] for name in archive.namelist()} == {"OFFICIAL-TEST"}
    [svg] = [archive.read(name) for name in archive.namelist() if name.endswith(".svg")]
    texts = "".join(ET.fromstring(svg).itertext())
    assert texts.count("OFFICIAL-TEST") == 2
    assert "https://example.org/flows/?weapon=pistol" in texts
    assert brief(data, tmp_path / "b.svg", "--marking", "") == 0
    assert b"OFFICIAL" not in (tmp_path / "b.svg").read_bytes()


def test_a_marking_that_would_be_cut_is_refused(data, tmp_path, capsys):
    assert brief(data, tmp_path / "a.svg", "--marking", "x" * (MARKING_LETTERS + 1)) == 2
    assert f"at most {MARKING_LETTERS} letters" in capsys.readouterr().err
    assert left_in(tmp_path) == []


def test_the_command_makes_the_file_that_the_page_makes(shipped, plate, tmp_path):
    file = tmp_path / "manpads.svg"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "armsflow", "brief", "--weapon", "manpads",
         "--destination", "sinai", "--years", "2011-2014", str(file)],
        cwd=SHIPPED.parent, env=os.environ | {"PYTHONHASHSEED": "4711"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    chosen = Selection(weapon=("manpads",), destinations=("sinai",), years=(2011, 2014))
    prepared = briefing.prepare(chosen, shipped, plate)
    ground = prepare_ground(plate.basemap, plate.fills, plate.names)
    assert file.read_bytes() == briefing.writers(ground)["svg"](prepared)
    assert prepared.picture.sentence.counts in done.stdout


# ---------------------------------------------------------------- requests that cannot be met


@pytest.mark.parametrize(
    ("option", "known"),
    [
        ("weapon", selection.weapon_codes),
        ("destination", selection.destination_codes),
        ("basis", lambda dataset: labels(dataset, "incidents", "link_basis")),
        ("event", lambda dataset: labels(dataset, "incidents", "event_type")),
    ],
)
@pytest.mark.parametrize("code", ["rocket-ships", "", "MANPADS", "manpads "])
def test_an_unknown_code_is_refused_with_the_known_ones(
    option, known, code, data, small, tmp_path, capsys
):
    assert brief(data, tmp_path / "out.csv", f"--{option}", code) == 2
    said = capsys.readouterr()
    assert repr(code) in said.err
    assert [name for name in known(small) if name not in said.err] == []
    assert said.err.count("\n") == 1
    assert left_in(tmp_path) == []


def test_one_unknown_code_among_known_ones_is_refused(data, tmp_path, capsys):
    assert brief(data, tmp_path / "out.csv", "--weapon", "manpads,spears") == 2
    assert "'spears'" in capsys.readouterr().err
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    "years",
    ["soon", "2014-2012", "1990", "1990-1995", "2031-2040", "2012-", "-2012", "2012-2013-2014",
     "２０１２", "2012–2013", "20120", "2012,2013", " ", "2012-soon"],
)  # fmt: skip
def test_years_that_are_none_are_refused_with_the_range_that_there_is(
    years, data, tmp_path, capsys
):
    assert brief(data, tmp_path / "out.csv", f"--years={years}") == 2
    said = capsys.readouterr().err
    assert repr(years) in said
    assert "between 2012 and 2014" in said
    assert left_in(tmp_path) == []


def test_all_years_by_their_numbers_are_all_years(data, tmp_path):
    assert brief(data, tmp_path / "by-number.csv", "--years", "2012-2014") == 0
    assert brief(data, tmp_path / "all.csv") == 0
    assert (tmp_path / "by-number.csv").read_bytes() == (tmp_path / "all.csv").read_bytes()


@pytest.mark.parametrize(
    "name", ["out.docx", "out", "out.", ".png", "png", "out.png.exe", "out.jpg"]
)
def test_an_unknown_ending_is_refused_with_the_known_ones(name, data, tmp_path, capsys):
    assert brief(data, tmp_path / name) == 2
    said = capsys.readouterr().err
    assert repr(name) in said
    assert ", ".join(ENDINGS) in said
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("out.pdf", ["--pack"]), ("out.png", ["--width", "10"]), ("out.png", ["--width", "100000"])],
)
def test_options_that_do_not_fit_the_file_are_refused(name, arguments, data, tmp_path, capsys):
    assert brief(data, tmp_path / name, *arguments) == 2
    assert capsys.readouterr().err.startswith("armsflow: ")
    assert left_in(tmp_path) == []


def test_a_package_with_a_mistake_makes_no_file(tmp_path, capsys):
    broken = tiny.write(tmp_path / "package")
    tiny.change(broken / "incidents.csv", "cache_found", "cache_lost")
    target = tmp_path / "out"
    target.mkdir()
    assert brief(broken, target / "out.csv") == 1
    assert "incidents.csv, row 4" in capsys.readouterr().out
    assert left_in(target) == []


# ---------------------------------------------------------------- whole or not at all


def test_a_folder_that_does_not_exist_is_named(data, tmp_path, capsys):
    file = tmp_path / "nowhere" / "out.csv"
    assert brief(data, file) == 2
    said = capsys.readouterr().err
    assert str(file) in said
    assert "cannot be written" in said
    assert left_in(tmp_path) == []


def test_a_folder_in_the_place_of_the_file_stays_and_no_draft_stays_with_it(data, tmp_path, capsys):
    (tmp_path / "out.csv").mkdir()
    (tmp_path / "out.csv" / "kept").touch()
    assert brief(data, tmp_path / "out.csv") == 2
    assert "cannot be written" in capsys.readouterr().err
    assert left_in(tmp_path) == ["out.csv"]
    assert left_in(tmp_path / "out.csv") == ["kept"]


def test_a_file_in_the_place_of_the_folder_is_named(data, tmp_path, capsys):
    (tmp_path / "folder").write_text("a file")
    assert brief(data, tmp_path / "folder" / "out.csv") == 2
    assert "cannot be written" in capsys.readouterr().err
    assert left_in(tmp_path) == ["folder"]


def test_a_name_that_is_too_long_is_refused(data, tmp_path, capsys):
    assert brief(data, tmp_path / f"{'x' * 300}.csv") == 2
    assert "cannot be written" in capsys.readouterr().err
    assert left_in(tmp_path) == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="in a folder without rights: as another user than root",
)
def test_a_folder_that_is_read_only_stays_as_it_is(data, tmp_path, capsys):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert brief(data, tmp_path / "out.csv") == 2
    finally:
        tmp_path.chmod(stat.S_IRWXU)
    assert "cannot be written" in capsys.readouterr().err
    assert left_in(tmp_path) == []


def write_with_a_full_disk(file, content):
    """Write while the system refuses more than a thousand bytes a file."""
    resource = pytest.importorskip("resource", reason="with a limit on file sizes: on Linux")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        __main__.write_whole(file, content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_file_and_no_half_of_the_new_one(tmp_path):
    file = tmp_path / "out.png"
    file.write_bytes(b"last week")
    with pytest.raises(__main__.UsageError, match="cannot be written"):
        write_with_a_full_disk(file, b"x" * 100_000)
    assert file.read_bytes() == b"last week"
    assert left_in(tmp_path) == ["out.png"]
    write_with_a_full_disk(file, b"x" * 900)
    assert file.read_bytes() == b"x" * 900


def test_whatever_else_goes_wrong_while_writing_leaves_no_draft(tmp_path):
    with pytest.raises(TypeError):
        __main__.write_whole(tmp_path / "out.svg", "text where bytes are due")
    assert left_in(tmp_path) == []


def test_a_file_of_last_week_is_replaced(data, tmp_path):
    file = tmp_path / "weekly.csv"
    file.write_text("last week")
    assert brief(data, file) == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfId,")
    assert left_in(tmp_path) == ["weekly.csv"]


def test_others_may_read_the_file_as_far_as_the_system_lets_them(tmp_path):
    before = os.umask(0o027)
    try:
        __main__.write_whole(tmp_path / "out.csv", b"rows")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o640


def test_lists_with_too_many_pictures_together_are_refused_before_anything_is_written(
    data, small, tmp_path, capsys
):
    number = picture_number(Selection(), small)
    file = tmp_path / "list.txt"
    half = collection.MOST // 2 + 1
    file.write_text(collection.write_list([collection.Entry(number)] * half), "utf-8")
    given = ("brief", "--data", str(data), "--pictures", str(file), str(file))
    assert __main__.main([*given, str(tmp_path / "out.pdf")]) == 2
    assert f"at most {collection.MOST}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("ending", "needed"), [("csv", set()), ("xlsx", {"openpyxl"})])
def test_rows_wait_for_nothing_that_draws(ending, needed, data, tmp_path):
    asked = ["brief", "--data", str(data), str(tmp_path / f"out.{ending}")]
    slow = {"matplotlib", "folium", "pptx", "openpyxl", "armsflow.picture.plate"}
    code = (
        f"import sys; from armsflow.__main__ import main; main({asked!r}); "
        f"print(sorted({slow!r} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == repr(sorted(needed))


# ---------------------------------------------------------------- verify


def verify(number, data):
    return __main__.main(["verify", number, "--data", str(data)])


def test_verify_says_what_a_picture_showed(data, small, tmp_path, capsys):
    words = ("--weapon", "manpads", "--years", "2012-2013")
    assert brief(data, tmp_path / "a.svg", *words) == 0
    texts = "".join(ET.parse(tmp_path / "a.svg").getroot().itertext())
    number = re.search(r"picture ([0-9A-Z]+-[0-9A-Z]{5})", texts)[1]
    capsys.readouterr()
    assert verify(number, data) == 0
    said = capsys.readouterr().out
    chosen = Selection(
        weapon=("manpads",),
        destinations=selection.destination_codes(small, "focus"),
        years=(2012, 2013),
    )
    sentence = describe(chosen, selection.apply(small, chosen), small)
    assert said.startswith(sentence.headline)
    assert sentence.counts in said
    assert sentence.filters in said
    assert f"Made from these data (version {small.version})." in said


def test_verify_tells_other_data_and_still_says_the_view(data, small, tmp_path, capsys):
    number = picture_number(Selection(weapon=("pistol",)), small)
    other = tiny.write(tmp_path / "package")
    tiny.change(other / "incidents.csv", "Seven rifles.", "Eight rifles.")
    assert verify(number, other) == 1
    said = capsys.readouterr().out
    assert said.startswith("Pistols: 1 documented incident")
    assert "data that are not kept here" in said
    assert verify(number, data) == 0


def test_verify_reads_one_earlier_version_once_where_one_is_needed(monkeypatch, shipped, capsys):
    [newest, *others] = load_earlier(SHIPPED, shipped.version)
    read = []
    build = loader.build
    monkeypatch.setattr(loader, "build", lambda package: read.append(package) or build(package))
    assert others
    assert verify(picture_number(Selection(weapon=("manpads",)), newest), SHIPPED) == 1
    assert f"Made from data {newest.version}" in capsys.readouterr().out
    assert [package.descriptor["version"] for package in read] == [shipped.version, newest.version]


@pytest.mark.parametrize("number", ["", "nonsense", "0-ABCD", "-", "0-ABCDU", "Ω-ABCDE"])
def test_verify_refuses_what_is_no_number(number, data, capsys):
    assert verify(number, data) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert repr(number) in said.err
    assert "is not a picture number" in said.err
