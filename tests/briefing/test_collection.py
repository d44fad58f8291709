"""A briefing of several pictures, a house template, and old files asked whether they are true."""

import io
import random
import zipfile
from contextlib import suppress

import pypdf
import pytest
from pptx import Presentation
from pptx.util import Inches

from armsflow.arguments import TOGETHER
from armsflow.briefing import briefing, collection, deck, titles, verification
from armsflow.briefing.collection import Entry
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.titles import Title
from armsflow.dataset.loader import SHIPPED, load_earlier
from armsflow.selection.numbering import picture_number
from armsflow.selection.selection import Selection, apply

TITLED = Title("Missiles and Mali", "For the meeting | of Monday")
CHOSEN = (
    Selection(weapon=("manpads",), destinations=("mali",)),
    Selection(destinations=("sinai",)),
)


@pytest.fixture(scope="module")
def ground(plate):
    return prepare_ground(plate.basemap, plate.fills, plate.names)


@pytest.fixture(scope="module")
def prepared(shipped, plate):
    titles = (TITLED, Title())
    return [
        briefing.prepare(chosen, shipped, plate, "https://example.org", "OFFICIAL", title)
        for chosen, title in zip(CHOSEN, titles, strict=True)
    ]


@pytest.fixture(scope="module")
def earlier(shipped):
    return list(load_earlier(SHIPPED, shipped.version))


@pytest.fixture(scope="module")
def made(prepared, ground):
    return {ending: collection.make(ending, prepared, ground) for ending in TOGETHER}


# ---------------------------------------------------------------- the list


def test_a_list_that_is_written_is_read_again():
    entries = [Entry("4NS1Q000-TS587YK", TITLED), Entry("0-0EH0QCD"), Entry("x", Title("", "note"))]
    text = collection.write_list(entries)
    again = collection.read_list(f"\ufeff{text}\n\n")
    numbers = [entry.number for entry in again]
    assert numbers == ["picture 4NS1Q000-TS587YK", "picture 0-0EH0QCD", "picture x"]
    assert [entry.title.words for entry in again] == [TITLED.words, "", ""]
    assert again[0].title.note == "For the meeting / of Monday"
    assert again[2].title.note == "note"


@pytest.mark.parametrize("text", ["", "# nothing\n\n", "0-0EH0QCD\n" * (collection.MOST + 1)])
def test_a_list_of_no_picture_or_too_many_is_refused_in_words(text):
    with pytest.raises(ValueError, match="it needs 1 to"):
        collection.read_list(text)


# ---------------------------------------------------------------- the files


def test_each_picture_is_a_slide_and_a_page_in_the_order_of_the_list(made, prepared):
    slides = Presentation(io.BytesIO(made["pptx"])).slides
    reader = pypdf.PdfReader(io.BytesIO(made["pdf"]))
    pages = reader.pages
    marks = [(one.title, reader.get_destination_page_number(one)) for one in reader.outline]
    assert reader.metadata.title == marks[0][0]
    assert marks == [
        (one.caption.title.words or one.picture.sentence.headline, place)
        for place, one in enumerate(prepared)
    ]
    assert len(slides) == len(pages) == len(prepared)
    for one, slide, page in zip(prepared, slides, pages, strict=True):
        title = one.caption.title.words or one.picture.sentence.headline
        assert slide.shapes.title.text_frame.text == title
        assert one.caption.number in page.extract_text()
        assert "OFFICIAL" in page.extract_text()
        assert float(page.mediabox.width) == pytest.approx(11.69 * 72, abs=1)


def test_a_zip_has_every_picture_in_order_with_its_rows_and_the_list(made, prepared):
    with zipfile.ZipFile(io.BytesIO(made["zip"])) as archive:
        names = archive.namelist()
        assert {"OFFICIAL_briefing.pptx", "OFFICIAL_briefing.pdf", "OFFICIAL_pictures.txt"} < set(
            names
        )
        for place, _ in enumerate(prepared, 1):
            assert sum(name.startswith(f"{place:02}_OFFICIAL") for name in names) == 2
        listed = collection.read_list(archive.read("OFFICIAL_pictures.txt").decode())
    assert [one.caption.number in entry.number for one, entry in zip(prepared, listed, strict=True)]


def test_the_same_list_gives_the_same_bytes(made, prepared, ground):
    for ending in ("pptx", "pdf"):
        assert collection.make(ending, prepared, ground) == made[ending]


# ---------------------------------------------------------------- a house template


def house(width=13.333, title=(0.6, 0.5, 12, 0.9), footer=7.0):
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(width), Inches(7.5)
    for layout in presentation.slide_layouts:
        for place in layout.placeholders:
            kind = str(place.placeholder_format.type)
            if "TITLE" in kind and "SUB" not in kind:
                place.left, place.top, place.width, place.height = map(Inches, title)
            if "FOOTER" in kind:
                place.left, place.top, place.width, place.height = map(Inches, (4, footer, 5, 0.35))
                place.text_frame.text = "Ministry of Examples"
            elif "DATE" in kind or "NUMBER" in kind:
                place.top = Inches(7.0)
    presentation.slides.add_slide(presentation.slide_layouts[0])
    stream = io.BytesIO()
    presentation.save(stream)
    return stream.getvalue()


def test_a_house_template_gives_slides_its_layout_fonts_and_footers(prepared, ground):
    content = collection.make("pptx", prepared, ground, house())
    presentation = Presentation(io.BytesIO(content))
    assert len(presentation.slides) == len(prepared)
    for slide in presentation.slides:
        title = slide.shapes.title
        assert (title.left, title.top) == (Inches(0.6), Inches(0.5))
        texts = [shape for shape in slide.shapes if shape.has_text_frame]
        assert any(shape.text_frame.text == "Ministry of Examples" for shape in texts)
        fonts = {run.font.name for shape in texts for paragraph in shape.text_frame.paragraphs
                 for run in paragraph.runs}  # fmt: skip
        assert fonts == {None}
        for shape in slide.shapes:
            if shape.name in {"Map", "Facts and sources", "Notes and data"}:
                assert shape.top >= title.top + title.height
                assert shape.top + shape.height <= Inches(7.0)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (house(width=10), "Set its slide size to widescreen"),
        (house(title=(1, 3, 11, 1)), "leaves no room for a map"),
        (house(footer=4.0), "leaves no room for a map"),
        (b"", "cannot be read"),
        (b"PK\x03\x04 no presentation", "cannot be read"),
    ],
)
def test_a_template_that_leaves_no_room_is_refused_with_the_cure(template, words):
    with pytest.raises(titles.TemplateError, match=words):
        deck.open_deck("title", "comments", template)


# ---------------------------------------------------------------- is it still true?


def test_the_numbers_are_read_out_of_every_kind_of_file(made, prepared, ground):
    numbers = [one.caption.number for one in prepared]
    for ending in ("pptx", "pdf", "zip"):
        assert verification.numbers_in(made[ending]) == numbers, ending
    makers = briefing.writers(ground, 1280)
    for ending in ("png", "svg", "pdf", "pptx", "html"):
        assert verification.numbers_in(makers[ending](prepared[0])) == numbers[:1], ending


def test_a_picture_of_these_data_is_unchanged(shipped, earlier):
    number = picture_number(CHOSEN[0], shipped)
    [one] = verification.verify([number], shipped, earlier)
    assert one.is_true
    assert one.words.startswith("Unchanged")
    assert one.selection == CHOSEN[0]


def test_a_picture_of_earlier_data_says_what_is_new_gone_and_corrected(shipped, earlier):
    for then in earlier:
        for chosen in (*CHOSEN, Selection(destinations=("tunisia",))):
            [one] = verification.verify([picture_number(chosen, then)], shipped, earlier)
            before = set(apply(then, chosen).events.index)
            now = set(apply(shipped, chosen).events.index)
            if one.is_true:
                assert before == now
                continue
            for identifier in sorted(now - before)[: verification.LISTED]:
                assert identifier in one.words
            assert (f"{len(now - before)} new" in one.words) == bool(now - before)
            assert (f"{len(before - now)} no longer" in one.words) == bool(before - now)


def test_no_more_earlier_versions_are_loaded_than_numbers_need_and_each_once(shipped, earlier):
    taken = []

    def loaded():
        for version in earlier:
            taken.append(version.version)
            yield version

    now = picture_number(CHOSEN[0], shipped)
    verification.verify([now, now], shipped, loaded())
    assert taken == []
    then = picture_number(CHOSEN[0], earlier[0])
    for one in verification.verify([then, now, then], shipped, loaded()):
        assert one.selection == CHOSEN[0]
    assert taken == [earlier[0].version]


def test_a_number_that_is_mistyped_or_of_unknown_data_is_not_called_true(shipped, earlier):
    number = picture_number(CHOSEN[0], shipped)
    mistyped = number[:-1] + ("7" if number[-1] != "7" else "8")
    [first, second] = verification.verify([mistyped, "2ZZ80000-00000"], shipped, earlier)
    assert not first.is_true
    assert "mistyped" in first.words
    assert first.selection is None
    assert not second.is_true
    assert "not kept here" in second.words


def test_no_file_of_a_stranger_does_more_than_be_refused():
    dice = random.Random(3)
    files = [
        b"", b"PK\x03\x04", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"<" * 2_000_000,
        b"picture " * 100_000, bytes(dice.randrange(256) for _ in range(50_000)),
        b"%PDF-1.4\n" + bytes(dice.randrange(256) for _ in range(5_000)),
    ]  # fmt: skip
    for content in files:
        with suppress(ValueError):
            assert verification.numbers_in(content) == []
    with pytest.raises(ValueError, match="damaged"):
        verification.numbers_in(files[1])


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(verification, "LARGEST", 1_000_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"ppt/slides/slide{number}.xml", b"0" * 3_000_000)
        archive.writestr("ppt/slides/slide99.xml", b"<a:t>picture 0-0EH0QCD</a:t>")
    assert verification.numbers_in(stream.getvalue()) == []
