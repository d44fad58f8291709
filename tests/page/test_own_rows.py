"""Own rows that may be published already: what answers leave of them, and what is said."""

from types import SimpleNamespace

import pytest

from armsflow.curation.likeness import likely_same
from armsflow.curation.submission import read_upload
from armsflow.language import speaking
from armsflow.package import checks
from armsflow.package.checks import check
from armsflow.page.own import Answer, File, Own, answered, own_alone, with_own
from armsflow.page.own_rows import DIFFERENT, SAME, can_be_added, held_words, on_the_map
from tests import tiny
from tests.forms import INCIDENT, ITEM, with_rows, workbook

FIRST, SECOND = INCIDENT["incident_id"], "2014-06-12-kidal-again"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Two incidents of a reader that may be the same, and one that is not."""
    published, _ = check(tiny.write(tmp_path_factory.mktemp("own") / "package"))
    again = INCIDENT | {"incident_id": SECOND, "date": "2014-06-12"}
    other = INCIDENT | {"incident_id": "2012-08-gao-mortars", "date": "2012-08", "place_id": "gao"}
    items = [ITEM | {"incident_id": one["incident_id"]} for one in (again, other)]
    rows = with_rows({"incidents": [again, other], "items": items})
    content = workbook(published, rows)
    submission = read_upload("rows.xlsx", content, published)
    assert submission.problems == []
    edition = SimpleNamespace(package=published)
    return Own(edition, File("rows.xlsx", content), submission)


def broken(package):
    rules = [*checks.VALUE_RULES, *checks.EVIDENCE_RULES, *checks.FORM_RULES]
    return [str(problem) for rule in rules for problem in rule(package)]


def test_an_incident_that_is_the_same_is_in_nothing_that_leaves_the_page(own):
    [pair] = own.likely_same
    kept = own.submission.incident_ids - {pair.added}
    package = answered(own, Answer(kept))
    assert broken(package) == []
    assert pair.added not in set(package.tables["incidents"]["incident_id"])
    assert pair.added not in set(package.tables["items"]["incident_id"])
    dataset = with_own(own, Answer(kept))
    assert dataset.unpublished == kept
    assert pair.added not in dataset.incidents.index
    assert set(own_alone(own, Answer(kept)).incidents.index) == kept


def test_incidents_that_are_different_are_both_kept_and_never_asked_about_again(own):
    [pair] = own.likely_same
    every = own.submission.incident_ids
    package = answered(own, Answer(every, frozenset({(pair.added, pair.other)})))
    assert broken(package) == []
    assert every <= set(package.tables["incidents"]["incident_id"])
    assert likely_same(package, every) == []


def test_without_answers_nothing_is_changed(own):
    assert answered(own, Answer(own.submission.incident_ids)) is own.submission.package


def test_words_tell_what_waits_from_what_is_the_same(own):
    [pair] = own.likely_same
    named = (pair.added, pair.other)
    assert held_words([pair], {}) == ["1 incident not counted before you answer below."]
    assert held_words([pair], {named: SAME}) == ["1 incident left out as the same as another."]
    assert held_words([pair], {named: DIFFERENT}) == []


@pytest.mark.parametrize(
    ("taken", "shown", "words"),
    [
        (1, 0, "1 incident of yours, none on the map now: the filters hide it."),
        (3, 0, "3 incidents of yours, none on the map now: the filters hide them."),
        (3, 3, "3 incidents of yours are on the map of this window, marked as unpublished."),
        (3, 1, "3 incidents of yours, 1 of them on the map now: the filters hide the others."),
    ],
)
def test_words_say_how_many_own_incidents_are_shown(taken, shown, words):
    assert on_the_map(taken, shown) == words


@pytest.mark.parametrize(
    ("taken", "kept", "words"),
    [
        (1, 1, "1 incident of yours can be added. Look at what was read first."),
        (1, 0, "1 incident of yours was read, none can be added now."),
        (3, 0, "3 incidents of yours were read, none can be added now."),
        (3, 2, "3 incidents of yours were read, 2 can be added. Look at what was read first."),
    ],
)
def test_words_say_how_many_own_incidents_can_be_added(taken, kept, words):
    assert can_be_added(taken, kept) == words


def test_names_of_files_and_datasets_are_in_the_language_that_is_spoken(own):
    with speaking("fr"):
        said = [File("", b"").called, File("rows.xlsx", b"", True).called]
        french = Own(own.edition, own.file, own.submission)
        answer = Answer(own.submission.incident_ids)
        assert with_own(french, answer).language == own_alone(french, answer).language == "fr"
    assert File("", b"").called == "Rows typed here"
    assert File("rows.xlsx", b"", True).called == "rows.xlsx, changed here"
    assert said[1].startswith("rows.xlsx")
    assert File("rows.xlsx", b"").called == "rows.xlsx"
