"""Incidents of the reader's own: the file that is looked at, and the one on the map.

They live in the memory of one session and in files that its reader takes away. Nothing is written
to disk, logged, or kept where another session could find it.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

import streamlit as st

from armsflow.cache import recent
from armsflow.curation import template
from armsflow.curation.likeness import Likeness, likely_same
from armsflow.curation.submission import Submission, read_upload
from armsflow.curation.upload import Upload, read
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.languages import in_language
from armsflow.dataset.loader import build
from armsflow.language import _, isolated, spoken
from armsflow.package.package import Package
from armsflow.package.problem import Problem, shorten
from armsflow.page import own_editor
from armsflow.page.edition import Edition
from armsflow.page.own_rows import DIFFERENT
from armsflow.picture.plate import Plate, plate_for

TURN: Final = "own-turn"
"""Where the session counts the files that it was given: each finds a fresh widget."""
FILE: Final = "own-file"
"""Where the session keeps what was handed in (:class:`File`)."""
READ: Final = "own-read"
"""Where the session keeps what came of it, and of the file that is on the map."""
ADDED: Final = "own-added"
"""Where the session keeps the file whose rows its reader has looked at and added to the map."""
DRAFT: Final = "own-draft"
"""Where the session keeps the tables of the editor."""
STEPS: Final = "own-steps"
"""Where the session keeps the files before each change, the last one last."""
START: Final = "own-start"
"""Where the session keeps the file that was handed in last, before any change."""
EDIT: Final = "own-is-open"
"""Whether the editor is open."""
MOST_STEPS: Final = 20
ANSWERS: Final = "own-answers"
"""Where the session keeps whether pairs of incidents are the same."""
ONLY: Final = "own-only"
"""Whether nothing but the reader's own rows is shown."""
MOST_ANSWERS: Final = 4
"""Choices of a reader's incidents whose datasets are kept."""


class File(NamedTuple):
    """A file of a reader's.

    Parameters
    ----------
    name, content
        As it was handed in; rows that were never in a file have no name.
    is_changed
        Whether its rows were changed in the editor.
    """

    name: str
    content: bytes
    is_changed: bool = False

    @property
    def called(self) -> str:
        """What it is called on the page."""
        if not self.name:
            return _("Rows typed here")
        name = isolated(shorten(self.name))
        return _("{file}, changed here", file=name) if self.is_changed else name


@dataclass(frozen=True, eq=False)
class Own:
    """What came of a reader's file.

    Parameters
    ----------
    edition, file
        The edition and the file that it was made from. There is an edition in each language, so
        what is said of the file is in the language of the edition.
    submission
        The rows that were taken, and what is wrong with the others.
    """

    edition: Edition
    file: File
    submission: Submission

    @cached_property
    def found(self) -> tuple[Upload | None, list[Problem]]:
        """The rows as they are in the file, and what could not be read of them."""
        package = self.edition.package
        return read(self.file.called, self.file.content, package) if package else (None, [])

    @cached_property
    def likely_same(self) -> list[Likeness]:
        """The incidents that may be published already, or be twice in the file."""
        return likely_same(self.submission.package, self.submission.incident_ids)


@dataclass(frozen=True)
class Answer:
    """What a reader's answers leave of a file.

    Parameters
    ----------
    kept
        Its incidents that count: no pair that they are in is unanswered, or the same.
    apart
        Pairs of identifiers that were said to be different.
    """

    kept: frozenset[str]
    apart: frozenset[tuple[str, str]] = frozenset()


@recent(MOST_ANSWERS)
def answered(own: Own, answer: Answer) -> Package:
    """Return published and own rows together, as the reader's answers leave them.

    What is different is written into ``distinct_from``, so that nobody is asked again.
    """
    package, published = own.submission.package, own.edition.package
    if answer == Answer(own.submission.incident_ids) or published is None:
        return package
    incidents = package.tables["incidents"].copy()
    names = dict(zip(incidents["incident_id"], incidents["distinct_from"], strict=True))
    for added, other in sorted(answer.apart):
        names[added] = ";".join(sorted({*filter(None, names[added].split(";")), other}))
    incidents["distinct_from"] = [names[one] for one in incidents["incident_id"]]
    told = replace(package, tables=package.tables | {"incidents": incidents})
    form = template.export_xlsx(told, answer.kept)
    return read_upload(own.file.called, form, published).package


@recent(MOST_ANSWERS)
def with_own(own: Own, answer: Answer) -> Dataset:
    """Return the dataset of published and own rows together."""
    return in_language(build(answered(own, answer)), spoken())


@recent(MOST_ANSWERS)
def own_alone(own: Own, answer: Answer) -> Dataset:
    """Return the dataset of own rows alone, with nothing that was published."""
    package = answered(own, answer)
    tables, texts = dict(package.tables), dict(package.texts)
    incidents = tables["incidents"]
    lines = frozenset(incidents.loc[incidents["incident_id"].isin(answer.kept), "corridor_id"])
    columns = dict.fromkeys(("incidents", "items"), ("incident_id", answer.kept))
    columns |= dict.fromkeys(("corridors", "waypoints"), ("corridor_id", lines))
    for name, (column, wanted) in columns.items():
        tables[name] = tables[name][tables[name][column].isin(wanted)]
        texts[name] = tables[name].to_csv(index=False)
    return in_language(build(replace(package, tables=tables, texts=texts)), spoken())


def own_dataset(edition: Edition) -> Dataset:
    """Return the published data, with the incidents that this session's reader added, if any.

    A file that was handed in is held against every new edition, so that what is published later
    is not counted a second time.
    """
    own = own_of(edition, ADDED)
    if own is None or not (answer := answer_of(own)).kept:
        return edition.dataset
    return own_alone(own, answer) if st.session_state.get(ONLY) else with_own(own, answer)


def own_dataset_and_plate(edition: Edition) -> tuple[Dataset, Plate]:
    """Return what :func:`own_dataset` returns, and the plate that has its lines."""
    dataset = own_dataset(edition)
    return dataset, plate_for(dataset, edition.plate)


def is_added(own: Own) -> bool:
    """Tell whether the reader has seen what was read of the file, and added it to the map."""
    return st.session_state.get(ADDED) is own.file


def answer_of(own: Own) -> Answer:
    """Return what the answers of this session leave of a file."""
    said = st.session_state.get(ANSWERS, {})
    held = {pair.added for pair in own.likely_same if said.get(pair_of(pair)) != DIFFERENT}
    apart = frozenset(pair_of(pair) for pair in own.likely_same if not held & set(pair_of(pair)))
    return Answer(own.submission.incident_ids - held, apart)


def pair_of(pair: Likeness) -> tuple[str, str]:
    """Return how the answer to a pair is kept: by its two identifiers."""
    return pair.added, pair.other


def note_answer(pair: Likeness, key: str) -> None:
    """Keep what was answered with a widget."""
    st.session_state.setdefault(ANSWERS, {})[pair_of(pair)] = st.session_state[key]


def own_of(edition: Edition, which: str = FILE) -> Own | None:
    """Return what came of the file that is looked at, or of the one on the map; each read once."""
    state = st.session_state
    files = [state.get(FILE), state.get(ADDED)]
    kept: list[Own] = [
        own
        for own in state.get(READ, ())
        if own.edition is edition and any(own.file is file for file in files)
    ]
    file: File | None = state.get(which)
    own = next((own for own in kept if own.file is file), None)
    if own is None and file is not None and edition.package is not None:
        own = Own(edition, file, read_upload(file.called, file.content, edition.package))
        kept.append(own)
    state[READ] = kept
    return own


def take(key: str) -> None:
    """Keep what the widget was given, before the page is drawn with it.

    A widget forgets its file when a connection breaks at the wrong moment; the session does not,
    until its reader says so.
    """
    state = st.session_state
    if uploaded := state[key]:
        if state.get(FILE):
            replace_file(None)
        state.pop(DRAFT, None)
        state[FILE] = state[START] = File(str(uploaded.name), bytes(uploaded.getvalue()))
        state[TURN] = state.get(TURN, 0) + 1


def replace_file(file: File | None) -> None:
    """Put a file in the place of the one that is looked at, which can be had back."""
    state = st.session_state
    state[STEPS] = [*state.get(STEPS, ()), state.get(FILE)][-MOST_STEPS:]
    state[FILE] = file
    state.pop(DRAFT, None)


def take_in_changes(edition: Edition) -> None:
    """Take in what was typed into the editor: it becomes the file that is looked at."""
    state = st.session_state
    draft: own_editor.Draft | None = state.get(DRAFT)
    if draft is None or edition.package is None or not draft.take_in():
        return
    name = state[FILE].name if state.get(FILE) else ""
    is_nothing = draft.is_empty and ADDED not in state
    replace_file(None if is_nothing else File(name, draft.as_form(edition.package), True))
    state[DRAFT] = draft


def undo() -> None:
    """Go back to the file before the last change; from nothing, to what is on the map."""
    state = st.session_state
    state[FILE] = state[STEPS].pop() or state.get(ADDED)
    state.pop(DRAFT, None)


def take_off() -> None:
    """Forget every row of the reader's."""
    for key in (FILE, ADDED, ONLY, ANSWERS, DRAFT, STEPS, START, EDIT):
        st.session_state.pop(key, None)


def open_or_close() -> None:
    """Open the editor, or close it; what was typed stays."""
    st.session_state[EDIT] = not st.session_state.get(EDIT)


def add() -> None:
    """Put the rows that are looked at on the map, in the place of those that were there."""
    st.session_state[ADDED] = st.session_state[FILE]
