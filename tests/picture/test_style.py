"""The look: contrasts are computed here, not believed."""

import re
from itertools import pairwise

import pytest

from armsflow.picture import style


def luminance(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LINE_COLOURS = {
    **style.DESTINATION_COLOURS,
    "onward": style.ONWARD_COLOUR,
    "several": style.SEVERAL_COLOUR,
}


def test_contrast_is_measured_as_wcag_defines_it():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("colour", LINE_COLOURS.values(), ids=LINE_COLOURS)
def test_every_line_stands_out_from_its_white_casing(colour):
    assert contrast(colour, style.CASING) >= 3


@pytest.mark.parametrize("colour", LINE_COLOURS.values(), ids=LINE_COLOURS)
def test_every_line_stands_out_from_the_land_below_it(colour):
    assert contrast(colour, style.FOCUS_LAND) >= 3


@pytest.mark.parametrize("ground", ["#FFFFFF", style.FOCUS_LAND])
@pytest.mark.parametrize("ink", [style.INK, style.QUIET_INK])
def test_text_can_be_read(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("colour", LINE_COLOURS.values(), ids=LINE_COLOURS)
def test_letters_on_a_colour_can_be_read(colour):
    assert contrast(style.text_on(colour), colour) >= 4.5


def test_the_name_of_the_country_of_origin_can_be_read():
    assert contrast(style.INK, style.ORIGIN_LAND) >= 4.5


def test_destinations_in_focus_have_colours_of_their_own(shipped):
    focus = shipped.destinations.index[shipped.destinations["role"] == "focus"]
    colours = [style.destination_colour(code) for code in focus]
    assert len({*colours, style.ONWARD_COLOUR}) == len(colours) + 1


@pytest.mark.parametrize(
    ("destination", "colour"),
    [
        ("mali", style.DESTINATION_COLOURS["mali"]),
        ("niger", style.ONWARD_COLOUR),
        ("atlantis", style.ONWARD_COLOUR),
    ],
)
def test_onward_destinations_share_one_grey(destination, colour):
    assert style.destination_colour(destination) == colour


def test_every_coloured_destination_exists(shipped):
    assert set(style.DESTINATION_COLOURS) <= set(shipped.destinations.index)


@pytest.mark.parametrize(
    ("count", "index"), [(0, 0), (1, 0), (2, 0), (3, 1), (5, 1), (6, 2), (7, 2), (10_000, 2)]
)
def test_a_count_falls_into_a_fixed_class(count, index):
    assert style.class_index(count, (1, 3, 6)) == index


@pytest.mark.parametrize(
    ("starts", "labels"),
    [
        ((1, 3, 6), ["1–2", "3–5", "6 or more"]),
        ((1, 2, 5), ["1", "2–4", "5 or more"]),
        ((1,), ["1 or more"]),
    ],
)
def test_class_limits_are_written_out(starts, labels):
    assert style.class_labels(starts) == labels


@pytest.mark.parametrize(
    ("starts", "sizes"),
    [
        (style.LINE_CLASS_STARTS, style.LINE_WIDTHS),
        (style.LINE_CLASS_STARTS, style.LINK_WIDTHS),
        (style.PLACE_CLASS_STARTS, style.PLACE_RADII),
        (style.PLACE_CLASS_STARTS, style.AREA_RADII),
    ],
)
def test_every_class_has_a_size_and_a_higher_class_is_never_smaller(starts, sizes):
    assert len(starts) == len(sizes)
    assert all(small < large for small, large in pairwise(starts))
    assert all(small < large for small, large in pairwise(sizes))


def test_every_colour_is_a_full_hex_colour():
    colours = [
        value
        for name, value in vars(style).items()
        if name.isupper() and isinstance(value, str) and value.startswith("#")
    ]
    assert len(colours) > 15
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in colours if colour != style.GRID)
