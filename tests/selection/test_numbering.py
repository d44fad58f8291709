"""Picture numbers: what a picture showed, read back from what is printed on it."""

import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from armsflow.dataset.dataset import labels
from armsflow.dataset.loader import load
from armsflow.selection import selection
from armsflow.selection.focus import focus_identifiers
from armsflow.selection.numbering import ALPHABET, SEAL_LETTERS, picture_number, read_number
from armsflow.selection.query import from_query, to_query
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import describe
from tests import tiny
from tests.choices import random_selections
from tests.depth import THOROUGH

REFUSED = "is not a picture number|is mistyped"
FORM = re.compile(r"[0-9A-HJKMNP-TV-Z]{1,40}-[0-9A-HJKMNP-TV-Z]{7}")


@pytest.fixture(scope="module")
def numbers(shipped):
    return [picture_number(chosen, shipped) for chosen in random_selections(shipped, 300, seed=7)]


def test_a_number_gives_back_the_selection_that_it_was_made_from(shipped):
    for chosen in random_selections(shipped, 300, seed=7):
        numbered = read_number(picture_number(chosen, shipped), shipped)
        assert numbered.selection == chosen
        assert numbered.same_data


def test_a_number_gives_back_whatever_was_in_focus(shipped):
    identifiers = focus_identifiers(shipped)
    for focus in [*identifiers[:20], *identifiers[20::7], identifiers[-1]]:
        chosen = Selection(destinations=("mali",), focus=focus)
        assert read_number(picture_number(chosen, shipped), shipped).selection == chosen


def test_the_selection_with_every_box_ticked_has_a_number_that_can_be_read(shipped):
    first, last = selection.year_range(shipped)
    chosen = Selection(
        weapon=selection.weapon_codes(shipped),
        destinations=selection.destination_codes(shipped),
        years=(first + 1, last),
        basis=tuple(labels(shipped, "incidents", "link_basis")),
        event=tuple(labels(shipped, "incidents", "event_type")),
        focus=focus_identifiers(shipped)[-1],
    )
    number = picture_number(chosen, shipped)
    assert FORM.fullmatch(number)
    assert read_number(number, shipped).selection == chosen


def test_different_selections_have_different_numbers(shipped, numbers):
    different = set(random_selections(shipped, 300, seed=7))
    assert len(set(numbers)) == len(different)


def test_a_number_can_be_read_aloud_and_typed(numbers):
    assert [number for number in numbers if not FORM.fullmatch(number)] == []


def test_the_default_view_has_a_short_number(shipped):
    number = picture_number(selection.default_selection(shipped), shipped)
    assert re.fullmatch(r"0-\w{7}", number)


@pytest.mark.parametrize(
    "mistyped",
    [
        str.lower,
        lambda number: f"  {number}\n",
        lambda number: number.replace("0", "O").replace("1", "I"),
        lambda number: number.replace("1", "l"),
        lambda number: " ".join(number),
        lambda number: f"“{number}.” ",
        lambda number: number[:-2],
    ],
    ids=[
        "small letters",
        "blanks around",
        "O and I",
        "l",
        "blanks between",
        "a full stop",
        "as before there were check letters",
    ],
)
def test_ways_of_typing_a_number_do_not_matter(mistyped, shipped, numbers):
    for number in numbers[:50]:
        assert read_number(mistyped(number), shipped) == read_number(number, shipped)


def test_every_letter_that_was_changed_is_called_mistyped(shipped, numbers):
    for number in numbers[:12]:
        for place, letter in enumerate(number):
            if letter == "-":
                continue
            for other in set(ALPHABET) - {letter}:
                changed = number[:place] + other + number[place + 1 :]
                with pytest.raises(ValueError, match="is mistyped"):
                    read_number(changed, shipped)


def test_letters_that_were_exchanged_are_called_mistyped(shipped, numbers):
    exchanged = {
        number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        for number in numbers[:40]
        for place in range(len(number) - 1)
        if "-" not in number[place : place + 2] and number[place] != number[place + 1]
    }
    assert len(exchanged) > (200 if THOROUGH else 100)
    for number in exchanged:
        with pytest.raises(ValueError, match="is mistyped"):
            read_number(number, shipped)


def test_mistyped_right_and_of_other_data_are_three_answers(shipped, numbers):
    later = replace(shipped, descriptor=shipped.descriptor | {"version": "99.0.0"})
    for number in numbers[:30]:
        assert read_number(number, shipped).same_data
        other = read_number(number, later)
        assert (other.same_data, other.version, other.doubtful) == (False, "", False)
        with pytest.raises(ValueError, match="is mistyped"):
            read_number(number[:-1] + ("7" if number[-1] != "7" else "8"), later)
        assert read_number(number[:-2], later).doubtful


def test_letters_that_are_missing_are_noticed(shipped, numbers):
    shortened = {
        short for number in numbers[:40] for short in (number[:-1], number[1:], number[:-6])
    }
    assert [short for short in shortened if _passes(short, shipped)] == []


def test_a_number_of_another_data_version_says_so_and_still_gives_the_view(shipped, numbers):
    later = replace(shipped, descriptor=shipped.descriptor | {"version": "99.0.0"})
    for number in numbers[:30]:
        numbered = read_number(number, later)
        assert not numbered.same_data
        assert numbered.selection == read_number(number, shipped).selection


def test_one_changed_cell_makes_it_other_data(tmp_path: Path):
    directory = tiny.write(tmp_path / "package")
    changed = shutil.copytree(directory, tmp_path / "changed")
    tiny.change(changed / "incidents.csv", "Two missiles.", "Three missiles.")
    before, after = load(directory), load(changed)
    number = picture_number(Selection(weapon=("manpads",)), before)
    assert read_number(number, before).same_data
    assert not read_number(number, after).same_data
    assert read_number(number, after).selection == Selection(weapon=("manpads",))


def test_garbage_is_refused_in_words(shipped):
    dice = random.Random(5)
    pools = [
        [chr(code) for code in range(32, 127)],
        [chr(code) for code in (*range(1, 0x300), *range(0x5D0, 0x650), *range(0x1F600, 0x1F650))],
        [*"-- \t\n'\"<>&%$\\/.;=", *ALPHABET],
    ]
    garbage = ["".join(dice.choices(pools[turn % 3], k=dice.randint(0, 30)))
               for turn in range(10_000)]  # fmt: skip
    said = [(text, _refusal(text, shipped)) for text in garbage]
    # A form that fits is possible by chance, a seal that fits is not.
    assert [text for text, words in said if words is None and _passes(text, shipped)] == []
    words = [words for _, words in said if words is not None]
    assert len(words) > 9_900
    assert [text for text in words if not re.search(REFUSED, text)] == []
    assert max(map(len, words)) < 400


@pytest.mark.parametrize(
    "text", ["", "-", "0", "0-", "-ABCDE", "0-ABCD", "0-ABCDEF", "0-ABCDEFGH", "0-ABCDU",
             "0-AB-DE", "é-ABCDE", "٣-ABCDE",
             "0-" + "A" * 10_000, "A" * 10_000 + "-ABCDE", "Z" * 40 + "-ABCDE"]
)  # fmt: skip
def test_what_only_looks_like_a_number_is_refused(text, shipped):
    with pytest.raises(ValueError, match="is not a picture number"):
        read_number(text, shipped)


def test_any_well_formed_number_is_refused_or_gives_a_view_that_can_be_drawn(shipped):
    dice = random.Random(11)
    for _ in range(300):
        body = "".join(dice.choices(ALPHABET, k=dice.randint(1, 24)))
        seal = "".join(dice.choices(ALPHABET, k=SEAL_LETTERS))
        try:
            chosen = read_number(f"{body}-{seal}", shipped).selection
        except ValueError:
            continue
        shown = selection.apply(shipped, chosen)
        assert describe(chosen, shown, shipped).headline
        again = from_query(to_query(chosen, shipped), shipped)
        assert replace(again, years=None) == replace(chosen, years=None)


def _refusal(text, whole):
    """The words with which a number is refused; none if it can be read."""
    try:
        read_number(text, whole)
    except ValueError as error:
        return str(error)
    return None


def _passes(text, whole):
    """Whether a number would be believed: it can be read and is said to be of these data."""
    return _refusal(text, whole) is None and read_number(text, whole).same_data


# ---------------------------------------------------------------- frame and level


@pytest.mark.parametrize("show", ["", *selection.LEVELS])
@pytest.mark.parametrize("frame", ["", *selection.FRAMES])
def test_a_number_and_an_address_hold_the_frame_and_what_the_region_shows(shipped, frame, show):
    for one in (Selection(), next(random_selections(shipped, 1, seed=81))):
        chosen = replace(one, frame=frame, show=show)
        number = picture_number(chosen, shipped)
        read = read_number(number, shipped)
        assert (read.selection, read.same_data) == (chosen, True)
        assert from_query(to_query(chosen, shipped), shipped) == chosen


def test_a_number_without_a_frame_is_what_it_was_before_there_were_frames(shipped):
    default = selection.default_selection(shipped)
    assert picture_number(default, shipped).startswith("0-")
    plain = picture_number(replace(default, weapon=("manpads",)), shipped)
    framed = picture_number(replace(default, weapon=("manpads",), frame="region"), shipped)
    assert len(framed.partition("-")[0]) > len(plain.partition("-")[0])


@pytest.mark.parametrize("query", [{"frame": ["nowhere"]}, {"show": ["all"]}, {"frame": ["../x"]}])
def test_an_unknown_frame_or_level_means_the_default(shipped, query):
    assert from_query(query, shipped) == selection.default_selection(shipped)
