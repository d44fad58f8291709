"""A title of the reader's own: printed above the finding, and told apart where it says more."""

import io
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from matplotlib.text import Text
from pptx import Presentation

from armsflow.briefing import briefing, collection, files, sheet, slides, titles
from armsflow.briefing.ground import prepare_ground
from armsflow.briefing.titles import BY_THE_USER, NOTE_LETTERS, TITLE_LETTERS, own_title
from armsflow.selection.numbering import picture_number
from armsflow.selection.selection import Selection

MISSILES = Selection(weapon=("manpads",), destinations=("mali",))
MISSILES_WORDS = "Shoulder-fired anti-aircraft missiles (MANPADS)"


@pytest.fixture(scope="module")
def ground(plate):
    return prepare_ground(plate.basemap, plate.fills, plate.names)


@pytest.fixture
def prepare(shipped, plate):
    return lambda title: briefing.prepare(MISSILES, shipped, plate, title=title)


def printed(prepared, ground):
    root = ET.fromstring(files.svg(prepared.picture, prepared.caption, ground))
    return ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]


def test_a_title_and_its_line_are_printed_above_the_finding_which_stays(prepare, ground):
    prepared = prepare(own_title("Missiles on the road", "For the meeting"))
    words = printed(prepared, ground)
    headline = prepared.picture.sentence.headline
    places = [next(n for n, text in enumerate(words) if part.startswith(text[:30]) and text)
              for part in ("Missiles on the road", "For the meeting", headline)]  # fmt: skip
    assert places == sorted(places)
    assert prepared.picture.sentence.counts in words
    assert any(prepared.caption.number in text for text in words)
    assert not any(BY_THE_USER in text for text in words)


def test_a_title_is_part_of_no_number_and_no_address(prepare, shipped):
    with_title, without = prepare(own_title("Mine", "")), prepare(titles.Title())
    assert with_title.caption.number == picture_number(MISSILES, shipped)
    assert with_title.caption.number == without.caption.number
    assert with_title.caption.address == without.caption.address


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("Missiles for Mali", False),
        ("Missiles stopped in 2014", False),
        ("Two shipments stopped", False),
        ("500 missiles for Mali", True),
        ("Missiles reached Tunisia", True),
        ("Missiles found in Gao", True),
        ("missiles for the sinai", True),
        ("Malicious missiles", False),
    ],
)
def test_a_title_that_says_more_than_the_picture_is_told_apart(words, more, prepare, ground):
    prepared = prepare(own_title(words, "At 10:30"))
    assert titles.says_more(prepared.caption.title, prepared.picture) == more
    assert any(BY_THE_USER in text for text in printed(prepared, ground)) == more


def test_a_slide_bears_the_title_and_says_the_finding_below_it(prepare, ground):
    prepared = prepare(own_title("500 missiles", "For the meeting"))
    deck = Presentation(io.BytesIO(slides.deck_of([briefing.as_slide(prepared)], ground)))
    slide = deck.slides[0]
    assert slide.shapes.title.text_frame.text == "500 missiles"
    words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    notes = slide.notes_slide.notes_text_frame.text
    for part in ("For the meeting", BY_THE_USER, prepared.picture.sentence.headline):
        assert part in words
        assert part in notes
    assert notes.startswith("500 missiles\n")


@pytest.mark.parametrize(("words", "more"), [("Two shipments", False), ("500 missiles", True)])
def test_the_first_slide_of_a_pack_bears_the_title_and_the_others_their_findings(
    words, more, shipped, plate, ground
):
    title = own_title(words, "For the meeting")
    content = collection.pack(shipped, plate, ground, MISSILES, title=title)
    deck = Presentation(io.BytesIO(content))
    first, *others = [
        " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides
    ]
    assert deck.core_properties.title == deck.slides[0].shapes.title.text_frame.text == words
    assert deck.slides[0].notes_slide.notes_text_frame.text.startswith(f"{words}\n")
    assert "For the meeting" in first
    assert f"{MISSILES_WORDS}: " in first
    assert (BY_THE_USER in first) == more
    for slide, text in zip(list(deck.slides)[1:], others, strict=True):
        assert slide.shapes.title.text_frame.text.startswith(f"{MISSILES_WORDS}: ")
        assert "For the meeting" not in text


@pytest.mark.parametrize(
    ("words", "more"),
    [("Mali and Tunisia", False), ("2 for Mali", False), ("", False), ("500 for Mali", True)],
)
def test_a_comparison_bears_the_title_and_says_below_it_what_is_compared(
    words, more, shipped, plate, ground
):
    title = own_title(words, "For the meeting" if words else "")
    chosen = [replace(MISSILES, destinations=(code,)) for code in ("mali", "tunisia")]
    each = [briefing.prepare(one, shipped, plate, title=title) for one in chosen]
    parts = list(zip(("To Mali", "To Tunisia"), (one.picture for one in each), strict=True))
    figure = sheet.draw_comparison(parts, each[0].caption, ground)
    texts = [text.get_text() for text in figure.findobj(Text)]
    finding = f"{sheet.SUBJECT}: To Mali, To Tunisia"
    parts = [words, "For the meeting", BY_THE_USER] if more else [words, "For the meeting"]
    rest = " · ".join([*parts[1:], finding])
    assert [text for text in texts if text.endswith(finding)] == [rest if words else finding]
    assert not words or words in texts
    tops = [axes.get_position().y1 for axes in figure.axes if axes.get_zorder() == 1]
    height = figure.get_size_inches()[1] * 100
    # No map reaches up to the last line above it.
    assert min(1 - top for top in tops) * height > (152 if words else 128)


@pytest.mark.parametrize("words", ["a\x00b\x1b[2J", "x\ny\u2028z", "  a   b ", "x" * 4000, ""])
def test_what_is_typed_is_cleaned(words):
    title = own_title(words, words)
    assert title.words.isprintable()
    assert title.words == " ".join(title.words.split())
    assert len(title.words) <= TITLE_LETTERS
    assert len(title.note) <= NOTE_LETTERS


@pytest.mark.parametrize("words", ["$x^2$ & <b>bold</b>", "=cmd|' /C calc'!A0", "العربية"])
@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
def test_a_hostile_title_is_printed_as_it_is(words, prepare, ground):
    assert words in printed(prepare(own_title(words, "")), ground)
