"""Pictures and files in other languages: their words, their direction, their numbers."""

import io
import zipfile

import pypdf
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from armsflow import language
from armsflow.arguments import parser
from armsflow.brief_command import brief
from armsflow.briefing import briefing
from armsflow.briefing.letters import SANS, behind, fits, wrap
from armsflow.briefing.paper import MARGIN, blank_sheet
from armsflow.briefing.titles import picture_words
from armsflow.briefing.verification import numbers_in
from armsflow.dataset.languages import in_language
from armsflow.dataset.loader import load
from armsflow.language import AGAIN, ASIDE, LOCALES, speaking
from armsflow.picture.plate import make_plate
from armsflow.selection.selection import Selection
from tests import tiny
from tests.marked import Marked

ADDRESS = "https://example.org/a?weapon=small_arms,ammunition&years=2011-2014"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("tiny") / "package")


def make(data, file, *languages):
    options = parser().parse_args(["brief", "--data", str(data), str(file)])
    options.languages = languages
    assert brief(options) == 0


def test_two_languages_take_turns_on_the_slides_of_one_file(data, tmp_path):
    make(data, tmp_path / "both.pptx", "fr", "ar")
    deck = Presentation(tmp_path / "both.pptx")
    spoken, maps = [], []
    for page in deck.slides:
        paragraphs = [
            paragraph
            for shape in page.shapes
            if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs
        ]
        assert {one.alignment for one in paragraphs} in ({1}, {3})  # left, right
        spoken.append(
            {
                (run._r.rPr.get("lang"), one._p.pPr.get("rtl"), run._r.rPr.find("{*}cs") is None)
                for one in paragraphs
                for run in one.runs
            }
        )
        [shown] = [shape for shape in page.shapes if shape.shape_type == 13]
        maps.append(shown.left)
    assert spoken == [{("fr-FR", None, True)}, {("ar-SA", "1", False)}]
    assert maps[0] < maps[1]
    assert deck.core_properties.language == "fr-FR"


def test_two_languages_are_pages_of_one_pdf_and_files_of_their_own_else(data, tmp_path):
    for ending in ("pdf", "xlsx"):
        make(data, tmp_path / f"both.{ending}", "ar", "en")
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "both.ar.xlsx", "both.en.xlsx", "both.pdf",
    ]  # fmt: skip
    document = pypdf.PdfReader(tmp_path / "both.pdf")
    assert len(document.pages) == 2
    assert document.trailer["/Root"]["/Lang"] == "ar"
    turned = [
        load_workbook(tmp_path / f"both.{code}.xlsx").active.sheet_view.rightToLeft
        for code in ("ar", "en")
    ]
    assert turned == [True, None]


@pytest.mark.parametrize("code", LOCALES)
def test_the_number_of_a_picture_is_read_in_every_language(code, data, tmp_path):
    with speaking(code):
        assert numbers_in(f"…, {picture_words('4-7KQ2MB3')}.".encode()) == ["4-7KQ2MB3"]
    make(data, tmp_path / "one.pdf", code)
    assert len(numbers_in((tmp_path / "one.pdf").read_bytes())) == 1


def test_a_data_package_has_the_same_rows_in_every_language(data):
    dataset = load(data)
    files = []
    for code in LOCALES:
        told = in_language(dataset, code)
        one = briefing.prepare(Selection(), told, make_plate(told, data))
        content = briefing.writers(None)["datapackage.zip"](one)
        archive = zipfile.ZipFile(io.BytesIO(content))
        files.append({n: archive.read(n) for n in archive.namelist() if n.endswith(".csv")})
    assert files[0] == files[1] == files[2]


def test_all_words_about_a_picture_come_from_the_catalogue(data, monkeypatch):
    dataset = load(data)
    one = briefing.prepare(Selection(), dataset, make_plate(dataset, data))
    monkeypatch.setattr(language, "catalogue", lambda _language: Marked())
    for heading, _words in briefing.said_words(one):
        assert heading.startswith("«")
    assert briefing.citation_words(one).startswith("«")
    assert briefing.alt_text(one).startswith("«")


def test_a_line_begins_at_the_right_in_arabic_and_at_the_left_else():
    for code, align in (("fr", "left"), ("ar", "right")):
        with speaking(code):
            figure, paper = blank_sheet((640.0, 360.0))
            paper.text(MARGIN, 100.0, "2013", 12, SANS)
        [line] = paper.axes.texts
        edge = line.get_window_extent(figure.canvas.get_renderer())
        assert line.get_ha() == align
        assert (edge.x0 < 320) == (align == "left")
        assert paper.seen((0.0, 1.0, 40.0, 9.0))[0] == (0.0 if align == "left" else 600.0)


def test_an_address_that_is_broken_runs_from_left_to_right_in_every_line():
    words = f"عنوان هذا العرض: {ASIDE}{ADDRESS}{AGAIN}."
    lines = wrap(words, 200, 12, SANS)
    assert len(lines) > 2
    for line in lines:
        assert line.count(ASIDE) == line.count(AGAIN)
        assert fits(line, 200, 12, SANS)
    kept = "".join(lines).replace(ASIDE, "").replace(AGAIN, "").replace(" ", "")
    assert ADDRESS in kept


def test_arabic_letters_are_as_heavy_as_ours():
    from matplotlib.font_manager import get_font

    from armsflow.briefing.letters import BOLD, text_width

    heavy, plain = behind(BOLD)[0], behind(SANS)[0]
    assert heavy != plain
    assert get_font(heavy).family_name == get_font(plain).family_name
    assert text_width("تهريب السلاح", 20, BOLD) > text_width("تهريب السلاح", 20, SANS)
