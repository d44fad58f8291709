"""Files in French and Arabic: no English word is left in any text that they have."""

import html
import io
import re
import shutil
import subprocess
from itertools import combinations

import numpy as np
import pypdf
import pytest
from matplotlib.backends.backend_agg import RendererAgg

from armsflow.arguments import parser
from armsflow.brief_command import brief
from armsflow.briefing import briefing, files, sheet
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.verification import text_of
from armsflow.dataset.languages import in_language
from armsflow.language import AGAIN, ASIDE, speaking
from armsflow.page.edition import plate_in_language
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests.briefing.test_sheet import EMPTY, boxes_of, outside, overlap
from tests.briefing.test_slides import words_with_places
from tests.english import english_of

CODE = re.compile(rb"<(script|style)\b.*?</\1>", re.DOTALL)
IDENTIFIERS = re.compile(r"\?[\w=&,-]+|\b\d{4}(?:-\d\d)*-[\w-]+|\b[a-z]+-\d{4}[\w-]*|armsflow")
HALF = 110
"""Of 255: a pixel that a letter covers by less is the edge of its curve."""
SEVERAL = re.compile(f"{ASIDE}{ASIDE}[^{AGAIN}]*{AGAIN}(?!{AGAIN})")
"""A name between marks, first of several between further marks."""
HALF_A_LINE = 0.5
"""Boxes of Arabic words in lines that follow each other reach into each other by less."""
POINT = 1
"""Pixels that two lines may share: the edges of two curves."""
BAR = re.compile(r"\d+ (km|كم)")
KINDS = ["png", "svg", "pdf", "pptx", "html", "xlsx"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["fr", "ar"])
def test_no_english_word_is_left_in_a_file(code, kind, tmp_path):
    file = tmp_path / f"one.{kind}"
    options = parser().parse_args(["brief", str(file), "--weapon", "anti_tank"])
    options.languages = (code,)
    with speaking(code):
        assert brief(options) == 0
    content = CODE.sub(b"", file.read_bytes()) if kind == "html" else file.read_bytes()
    text = html.unescape(text_of(content))
    # Names of sources may be cut, and identifiers and addresses are the same in every language.
    lines = [IDENTIFIERS.sub("", line) for line in text.splitlines() if "…" not in line]
    assert sum(map(len, lines)) > 150
    assert english_of(lines) == []


ASKED = {
    "default": None,
    "everything": Selection(),
    "nothing": EMPTY,
    **{code: Selection(destinations=(code,)) for code in ("mali", "tunisia", "egypt", "sinai")},
    "one kind": Selection(weapon=("anti_tank",), destinations=("algeria",)),
}


@pytest.fixture(scope="module", params=["fr", "ar"])
def sheets(request, shipped, plate):
    """Draws sheets in a language; words are measured while it is spoken."""
    dataset = in_language(shipped, request.param)
    with speaking(request.param):
        told = plate_in_language(plate, dataset)
        ground = prepare_ground(told.basemap, told.fills, told.names)

        def draw(case, size):
            chosen = ASKED[case] or selection.default_selection(dataset)
            prepared = briefing.prepare(chosen, dataset, told, marking="OFFICIAL")
            return sheet.draw_sheet(prepared.picture, prepared.caption, ground, size)

        yield draw


def inked(figure):
    """Every text of the sheet (not of the map) with the pixels that its letters blacken."""
    renderer = RendererAgg(*map(int, figure.bbox.size), figure.dpi)
    for text in figure.axes[0].texts:
        if text.get_text().strip() and text.get_gid() != "halo":
            renderer.clear()
            text.draw(renderer)
            yield text.get_text(), np.asarray(renderer.buffer_rgba())[..., 3] > HALF


@pytest.mark.parametrize("size", [sheet.WIDE, sheet.A4], ids=["16:9", "A4"])
@pytest.mark.parametrize("case", ASKED)
def test_no_letter_of_a_sheet_touches_another_line_or_leaves_the_sheet(sheets, case, size):
    figure = sheets(case, size)
    boxes, window = boxes_of(figure)
    assert len(boxes) > 10
    assert outside(boxes, size) == []
    over_the_map = [text for text, *box in boxes if overlap(box, window) > 1]
    assert [text for text in over_the_map if not BAR.search(text)] == []
    # Boxes of Arabic lines reach into each other, since few letters have a mark where a box ends.
    letters = list(inked(figure))
    crowded = sum(ink.astype(int) for _text, ink in letters) > 1
    assert [text for text, ink in letters if (ink & crowded).sum() > POINT] == []


def test_a_list_of_names_runs_in_the_direction_of_its_language(sheets):
    # Letters inside marks do not say in which direction what is around them runs.
    texts = [text.get_text() for text in sheets("tunisia", sheet.A4).axes[0].texts]
    assert [ascii(text) for text in texts if SEVERAL.search(text)] == []


def test_a_letter_of_a_pdf_is_moved_to_its_place_once(sheets):
    page = pypdf.PdfReader(io.BytesIO(files._save(sheets("tunisia", sheet.A4), "pdf"))).pages[0]
    moved, doubled, seen = False, [], 0
    for operands, operator in page.get_contents().operations:
        if operator == b"Tf":
            moved = True
        elif operator == b"TJ":
            seen += 1
            if moved and isinstance(operands[0][0], float):
                doubled.append(operands)
            moved = False
    assert seen > 100
    assert doubled == []


@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="with LibreOffice and poppler: apt-get install libreoffice-impress poppler-utils",
)
@pytest.mark.parametrize("code", ["fr", "ar"])
def test_an_office_program_prints_no_word_of_a_pack_over_another(code, tmp_path):
    file = tmp_path / "pack.pptx"
    options = parser().parse_args(["brief", str(file), "--pack"])
    options.languages = (code,)
    with speaking(code):
        assert brief(options) == 0
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}",
         "--convert-to", "pdf", "--outdir", tmp_path, file],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    pages = list(words_with_places(tmp_path / "pack.pdf"))
    assert len(pages) > 3
    for (width, height), words in pages:
        assert len(words) > 50
        boxes = [box for _word, *box in words]
        assert [box for box in boxes if box[2] > width or box[3] > height or min(box) < 0] == []
        covered = [
            (one, other)
            for one, other in combinations(boxes, 2)
            if min(one[2], other[2]) - max(one[0], other[0]) > 1.5
            and abs(one[1] - other[1]) > 1  # words of one line share an unseen mark
            and min(one[3], other[3]) - max(one[1], other[1])
            > HALF_A_LINE * min(one[3] - one[1], other[3] - other[1])
        ]
        assert covered == []
