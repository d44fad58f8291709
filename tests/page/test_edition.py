"""What is on show while files change: the old edition or the new one, and nothing between."""

import gc
import os
import random
import shutil
import threading
import time

import pytest

from armsflow.cache import KEPT, once
from armsflow.dataset import loader, preparation
from armsflow.dataset.loader import DataError, load, prepare_cached
from armsflow.page import edition
from armsflow.page.edition import Display, sign
from tests import tiny

NEW = ("Two missiles.", "Three missiles.")
"""A correction of the tiny package: what its summary says, and what it says then."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(edition, "QUIET", 0.05)


@pytest.fixture
def display(package):
    return Display(package)


def summaries(one):
    return set(one.dataset.incidents["summary"])


def renewed(display):
    """Return what is on show after changed files were noticed and read."""
    display.current()
    display.wait()
    return display.current()


def test_files_that_do_not_change_are_read_once(display):
    first, problems = display.current()
    assert problems == []
    for _ in range(3):
        again, _ = renewed(display)
        assert again is first


def test_a_good_change_takes_the_place_of_the_last_edition(display, package):
    first, _ = display.current()
    tiny.change(package / "incidents.csv", *NEW)
    assert display.current()[0] is first  # it is read beside the page, which does not wait
    display.wait()
    second, problems = display.current()
    assert problems == []
    assert NEW[1] in summaries(second)
    assert second.dataset.digest != first.dataset.digest
    assert NEW[0] in summaries(first)  # a run that began with it ends with it


@pytest.mark.parametrize(
    "harm",
    [
        lambda package: tiny.change(
            package / "incidents.csv", "media_report,,,false,event,rfi", "x,y,z"
        ),
        lambda package: (package / "items.csv").unlink(),
        lambda package: (package / "items.csv").write_bytes(b""),
        lambda package: (package / "datapackage.json").write_text("{", "utf-8"),
        lambda package: (package / "basemap" / "land.json").write_text("{", "utf-8"),
        shutil.rmtree,
    ],
    ids=["rule", "file gone", "file empty", "descriptor", "basemap", "all gone"],
)
def test_a_broken_change_leaves_the_last_good_edition_and_says_what_is_wrong(
    harm, display, package, tmp_path
):
    shutil.copytree(package, tmp_path / "kept")
    first, _ = display.current()
    harm(package)
    same, problems = renewed(display)
    assert same is first
    assert problems
    assert problems[0].fix
    # Mended: the words are gone.
    shutil.copytree(tmp_path / "kept", package, dirs_exist_ok=True)
    fixed, problems = renewed(display)
    assert problems == []
    assert fixed.dataset.digest == first.dataset.digest


def test_a_package_that_was_never_good_is_refused_until_it_is(display, package):
    tiny.change(package / "incidents.csv", "media_report,,,false,event,rfi", "hearsay,event,rfi")
    with pytest.raises(DataError) as refused:
        display.current()
    with pytest.raises(DataError) as again:
        display.current()
    assert refused.value.problems == again.value.problems
    tiny.change(package / "incidents.csv", "hearsay,event,rfi", "media_report,,,false,event,rfi")
    assert display.current()[1] == []


def test_files_that_are_being_written_are_left_alone(display, package, monkeypatch):
    first, _ = display.current()
    made = []
    monkeypatch.setattr(edition, "_make", lambda *_: made.append(1))
    changing = package / "incidents.csv"
    stop = threading.Event()

    def write():
        number = 0
        while not stop.wait(0.01):
            number += 1
            changing.write_text("incident_id\n" * number, "utf-8")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            assert renewed(display)[0] is first
    finally:
        stop.set()
        writer.join()
    assert made == []


def test_whatever_is_written_in_whatever_order_no_mixture_is_ever_shown(
    display, package, tmp_path, monkeypatch
):
    """Two packages are copied over each other again and again, file by file and in pieces."""
    monkeypatch.setattr(edition, "QUIET", 0.5)
    other = shutil.copytree(package, tmp_path / "other")
    tiny.change(other / "incidents.csv", *NEW)
    sources = (other / "sources.csv").read_bytes()
    (other / "sources.csv").write_bytes(sources.replace(b"Open depots", b"Depots left open"))
    both = {load(one).digest for one in (package, other)}
    kept = shutil.copytree(package, tmp_path / "kept")
    chance = random.Random(6)
    stop, seen = threading.Event(), set()

    def look():
        while not stop.wait(0.002):
            current, _ = display.current()
            seen.add(current.dataset.digest)
            assert current.package is not None

    display.current()
    reader = threading.Thread(target=look)
    reader.start()
    try:
        for turn in range(12):
            source = (other, kept)[turn % 2]
            names = sorted(file.name for file in source.glob("*.csv"))
            for name in chance.sample(names, len(names)):
                content = (source / name).read_bytes()
                cut = chance.randrange(len(content) + 1)
                with (package / name).open("wb") as stream:
                    stream.write(content[:cut])
                    stream.flush()
                    time.sleep(chance.uniform(0, 0.03))
                    stream.write(content[cut:])
            time.sleep(2.5 if turn in {4, 11} else chance.choice([0, 0.2]))
    finally:
        stop.set()
        reader.join()
    last, problems = renewed(display)
    assert problems == []
    assert last.dataset.digest == load(kept).digest
    assert seen <= both
    assert seen == both  # the change was seen at all


def test_a_package_whose_files_change_while_they_are_read_is_not_taken(
    display, package, monkeypatch
):
    first, _ = display.current()
    make = edition._make

    def slowly(*arguments):
        made = make(*arguments)
        os.utime(package / "items.csv")
        return made

    monkeypatch.setattr(edition, "_make", slowly)
    tiny.change(package / "incidents.csv", *NEW)
    assert renewed(display)[0] is first
    monkeypatch.setattr(edition, "_make", make)
    assert NEW[1] in summaries(renewed(display)[0])


@pytest.mark.parametrize("when", [0, 86_400, 4_000_000_000], ids=["1970", "a day on", "2096"])
def test_a_wrong_clock_does_not_matter(when, display, package):
    os.utime(package / "incidents.csv", (when, when))
    first, _ = display.current()
    tiny.change(package / "incidents.csv", *NEW)
    os.utime(package / "incidents.csv", (when - 5, when - 5))
    assert NEW[1] in summaries(renewed(display)[0])
    assert NEW[0] in summaries(first)


def test_a_surprise_while_reading_leaves_the_last_edition(display, package, monkeypatch, caplog):
    first, _ = display.current()

    def fail(_):
        raise ZeroDivisionError("words of the data")

    monkeypatch.setattr(edition, "check", fail)
    tiny.change(package / "incidents.csv", *NEW)
    same, (problem,) = renewed(display)
    assert same is first
    assert "ZeroDivisionError" in str(problem)
    assert "words of the data" not in caplog.text + str(problem)


def test_editions_that_nobody_looks_at_are_forgotten(display, package):
    display.current()
    gc.collect()
    tables = sum(isinstance(one, edition.Edition) for one in gc.get_objects())
    for number in range(3):
        tiny.change(
            package / "incidents.csv", f"{number or 'Two'} missiles.", f"{number + 1} missiles."
        )
        renewed(display)
        gc.collect()
    assert sum(isinstance(one, edition.Edition) for one in gc.get_objects()) == tables


def test_a_signature_names_every_file_that_counts(package):
    before = sign(package)
    assert len(before) == len(list(package.glob("*.*"))) + len(list(package.glob("basemap/*")))
    for file in ("incidents.csv", "basemap/land.json", "datapackage.json"):
        os.utime(package / file, (1, 1))
        assert sign(package) != before
        before = sign(package)
    (package / ".draft").write_text("x", "utf-8")
    assert sign(package) == before
    assert sign(package / "missing") == ()


def test_a_prepared_package_that_is_replaced_leaves_the_rows_of_the_last_one(
    package, tmp_path, monkeypatch
):
    monkeypatch.setenv("ARMSFLOW_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(loader, "LARGE", 0)
    target = tmp_path / "prepared"
    checked = edition.check(package)[0]
    preparation.write(checked, target)
    display = Display(target)
    first, _ = display.current()
    assert first.package is None
    shutil.rmtree(target)
    assert NEW[0] in summaries(first)  # read now, from the copy
    tiny.change(package / "incidents.csv", *NEW)
    checked = edition.check(package)[0]
    preparation.write(checked, target)
    second, problems = renewed(display)
    assert problems == []
    assert NEW[1] in summaries(second)


def test_a_cache_is_never_filled_under_the_name_of_other_files(package, tmp_path, monkeypatch):
    monkeypatch.setenv("ARMSFLOW_CACHE", str(tmp_path / "cache"))
    checked = loader._checked

    def change_meanwhile(directory):
        found = checked(directory)
        tiny.change(package / "incidents.csv", *NEW)
        return found

    monkeypatch.setattr(loader, "_checked", change_meanwhile)
    with pytest.raises(DataError, match="change while they are read"):
        prepare_cached(package)
    assert list((tmp_path / "cache" / "armsflow").iterdir()) == []


# ---------------------------------------------------------------- what is kept with a dataset


def test_what_was_made_of_a_dataset_is_kept_with_it_and_goes_with_it(package):
    calls = []

    @once
    def words(owner, *more):
        calls.append(more)
        return f"{owner.version} {more}"

    one, other = load(package), load(package)
    assert words(one, 1) == words(one, 1) == f"{one.version} (1,)"
    words(one, 2)
    words(other, 1)
    assert calls == [(1,), (2,), (1,)]
    for number in range(KEPT + 10):
        words(one, number)
    words(one, 1)
    words(one, KEPT + 9)
    assert calls[-1] == (1,)  # the oldest was forgotten, the newest was not
