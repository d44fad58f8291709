"""Fonts, and whether words fit into a line."""

from collections import Counter

import pytest
from matplotlib.font_manager import get_font

from armsflow.briefing.letters import FACES, SANS, behind, cut, fits, text_width, wrap


@pytest.mark.parametrize("font", FACES, ids=lambda font: font.stem)
def test_words_fit_just_where_they_are_no_wider(font, shipped):
    words = [
        *shipped.incidents["title"],
        *shipped.sources["publisher"].unique(),
        "f", "ffi fl AVAVAV To. We,", "11:11 …", "\u0639\u0631\u0628\u064a and Latin",
    ]  # fmt: skip
    wrong = [
        (said, share)
        for said in words
        for share in (0.5, 0.85, 0.9, 0.96, 0.999, 1.001, 1.04, 1.1, 1.15, 2)
        if fits(said, text_width(said, 13, font) * share, 13, font) != (share > 1)
    ]
    assert wrong == []


def test_words_are_never_cut_to_a_number_that_was_longer():
    words = "SA-7 (SAM-7): 1,024 missiles. Rockets: 24 pieces"
    widths = range(20, int(text_width(words, 13, SANS)), 3)
    said = {cut(words, width, 13, SANS) for width in widths}
    said |= {wrap(words, width, 13, SANS, most=1)[0] for width in widths}
    assert len(said) > 20
    assert {one for one in said if one[-2].isdigit() and one[-3:] != "-7…"} == set()
    assert {"SA-7 (SAM-7)…", words.rpartition(":")[0] + "…"} <= said


def test_no_two_fonts_have_one_name_by_which_an_svg_would_take_one_for_the_other():
    fonts = {file for font in FACES for file in (font, *behind(font))}
    names = Counter(get_font(file).postscript_name for file in fonts)
    assert [name for name, count in names.items() if count > 1] == []
