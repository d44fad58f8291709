"""The part of the page for incidents of the reader's own: hand in, type, look, add, take away."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from armsflow.curation import storage, template
from armsflow.curation.upload import LARGEST_UPLOAD
from armsflow.dataset import citation, summary
from armsflow.language import N_, _, _n
from armsflow.package.package import Package
from armsflow.page import address, own_editor
from armsflow.page.download import offer
from armsflow.page.edition import Edition
from armsflow.page.markup import render
from armsflow.page.own import (
    ADDED,
    ANSWERS,
    DRAFT,
    EDIT,
    FILE,
    ONLY,
    START,
    STEPS,
    TURN,
    Answer,
    Own,
    add,
    answer_of,
    answered,
    is_added,
    note_answer,
    open_or_close,
    own_alone,
    own_of,
    pair_of,
    replace_file,
    take,
    take_in_changes,
    take_off,
    undo,
    with_own,
)
from armsflow.page.own_rows import (
    DIFFERENT,
    SAID,
    SAME,
    can_be_added,
    held_words,
    on_the_map,
    pair_html,
    problem_words,
    problems_html,
    read_rows,
    taken_html,
)
from armsflow.picture.picture import Picture

MOST_QUESTIONS: Final = 20
ICON: Final = ":material/fact_check:"
NOTHING: Final = N_("Nothing is typed yet.")
PROBLEM_HEIGHT: Final = 210
"""Pixels for the problems, and how to type, above the tables in which rows are typed."""


def show_own(edition: Edition, drawn: Picture) -> None:
    """Draw the section in which readers add incidents, see what is wrong and take them away."""
    package = edition.package
    with st.container(key="own"):
        st.html(render("own_rows", too_large=package is None))
        if package is None:
            return
        left, right = st.columns(2, gap="medium")
        with left:
            _download(
                _("Template, Excel"), partial(template.template_xlsx, package), "xlsx", "template"
            )
            _download(
                _("Template, CSV in a ZIP"), partial(template.template_csv, package), "zip", "csv"
            )
            is_open, file = bool(st.session_state.get(EDIT)), st.session_state.get(FILE)
            words = _("Change these rows here") if file else _("Type rows here")
            words = _("Close the tables") if is_open else words
            st.button(words, key="own-edit", on_click=open_or_close, width="stretch")
        with right:
            key = f"own-upload-{st.session_state.get(TURN, 0)}"
            st.file_uploader(
                _(
                    "Your filled template (.xlsx, .xls, .ods, a .zip of CSV files, or a data "
                    "package that you saved here); another one takes its place"
                ),
                max_upload_size=LARGEST_UPLOAD // 1_000_000,
                key=key,
                on_change=take,
                args=(key,),
            )
        take_in_changes(edition)
        own = own_of(edition)
        if is_open:
            # What is said above the tables never moves them below the hands of who types.
            with st.container():
                _show_result(own, drawn) if own else st.info(_(NOTHING), icon=ICON)
            with st.container(height=PROBLEM_HEIGHT, border=False, key="own-box"):
                _show_problems(own) if own else None
                st.html(render("own_editor"))
            with st.container():
                _show_editor(package, own)
        else:
            st.session_state.pop(DRAFT, None)
            if own:
                _show_result(own, drawn)
                _show_problems(own)
        if own:
            _show_rows(own)


def _show_result(own: Own, drawn: Picture) -> None:
    """Say what came of the file, and what can be done with it."""
    submission = own.submission
    taken, answer = len(submission.incident_ids), answer_of(own)
    faults = len(submission.problems)
    sentences = []
    if not taken:
        none = _("no incident of yours was taken.")
        if st.session_state.get(EDIT):
            none = _("no incident of yours can be added yet.")
        sentences.append(none)
    elif not is_added(own):
        sentences.append(can_be_added(taken, len(answer.kept)))
    elif answer.kept:
        shown = len(summary.unpublished(drawn.shown))
        sentences.append(on_the_map(len(answer.kept), shown))
    sentences += held_words(own.likely_same, st.session_state.get(ANSWERS, {}))
    if faults:
        sentences.append(problem_words(faults, len(submission.left_out)))
    if ADDED in st.session_state and not is_added(own):
        sentences.append(_("Until you add this, the map has what you added before."))
    words = _("{file}: {words}", file=own.file.called, words=" ".join(sentences))
    (st.success if answer.kept and not faults else st.warning)(
        citation.as_markdown(words), icon=ICON
    )
    _show_choices(own, drawn)


def _show_problems(own: Own) -> None:
    submission = own.submission
    if submission.problems:
        listed = [*submission.problems, *submission.left_out]
        st.html(problems_html(listed))
        text = "".join(f"{problem}\r\n" for problem in listed).encode("utf-8-sig")
        words = _n("All {count} lines as text", "All {count} lines as text", len(listed))
        _download(words, lambda: text, "txt", "problems")


def _show_editor(package: Package, own: Own | None) -> None:
    """Draw the tables in which rows are typed and changed."""
    state = st.session_state
    if DRAFT not in state:
        found, problems = own.found if own else (None, [])
        state[DRAFT] = own_editor.begin(package, found, problems)
    draft: own_editor.Draft = state[DRAFT]
    own_editor.show_tables(package, draft)
    first, second, third = st.columns(3, gap="medium")
    first.button(
        _("Undo the last change"),
        key="own-undo",
        on_click=undo,
        disabled=not state.get(STEPS),
        width="stretch",
    )
    if START in state and state.get(FILE) is not state[START]:
        second.button(
            _("Start again from the file"),
            key="own-restart",
            on_click=replace_file,
            args=(state[START],),
            width="stretch",
        )
    if not draft.is_empty:
        with third:
            _download(
                _("All rows as they are now, Excel"),
                lambda: template.filled_xlsx(package, draft.texts()),
                "xlsx",
                "all-rows",
            )


def _show_rows(own: Own) -> None:
    """Show the rows as they were read, ask what is the same, and hand them back."""
    submission, answer = own.submission, answer_of(own)
    if submission.notes:
        words = _n(
            "Read otherwise than typed, or not used: {count} note",
            "Read otherwise than typed, or not used: {count} notes",
            len(submission.notes),
        )
        with st.expander(words, key="own-notes"):
            st.html(problems_html(submission.notes))
    _ask(own)
    rows = read_rows(own.found[0], submission) if not is_added(own) else ()
    if rows:
        alone = own_alone(own, Answer(submission.incident_ids))
        st.html(taken_html(alone, own.edition.plate, rows))
    if answer.kept:
        left, right = st.columns(2, gap="medium")
        with left:
            _download(
                _("Save as data package, ZIP"),
                lambda: storage.package_zip(answered(own, answer), own.edition.others),
                "zip",
                "package",
            )
        with right:
            _download(
                _("Your rows as a filled template"),
                lambda: template.export_xlsx(answered(own, answer), answer.kept),
                "xlsx",
                "rows",
            )


def _ask(own: Own) -> None:
    """Ask of each incident that may be the same as another whether it is; the open ones first."""
    if not own.likely_same:
        return
    said = st.session_state.setdefault(ANSWERS, {})
    waiting = [pair for pair in own.likely_same if not said.get(pair_of(pair))]
    dataset = with_own(own, Answer(own.submission.incident_ids))
    settled = [pair for pair in own.likely_same if said.get(pair_of(pair))]
    for pair in [*waiting[:MOST_QUESTIONS], *settled]:
        st.html(pair_html(dataset, pair))
        key = f"own-same-{pair.added}-{pair.other}"
        # A widget whose words are in another language now has lost what was answered.
        st.session_state[key] = said.get(pair_of(pair))
        st.segmented_control(
            _("Are these two the same incident?"),
            [SAME, DIFFERENT],
            format_func=lambda answer: _(SAID[answer]),
            key=key,
            on_change=note_answer,
            args=(pair, key),
            help=_("Until you answer, and if they are the same, yours is not counted."),
        )


def _show_choices(own: Own, drawn: Picture) -> None:
    """Draw what can be done next: add what was read, or look at it on the map, or take it off."""
    taken, count = len(own.submission.incident_ids), len(answer_of(own).kept)
    first, second, third = st.columns(3, gap="medium", vertical_alignment="center")
    added = own_of(own.edition, ADDED)
    if added is not own and taken:
        these = _n("Add this incident to the map", "Add these {count} incidents to the map", count)
        first.button(
            these if count else _("Nothing to add"),
            key="own-add",
            on_click=add,
            type="primary",
            disabled=not count,
            width="stretch",
        )
    elif added is own and taken:
        with first:
            st.html(render("own_links"))
    if added is not None and (shown := len(answer_of(added).kept)):
        if len(summary.unpublished(drawn.shown)) < shown:
            second.button(
                _("Show all of yours"),
                key="own-all",
                on_click=address.take_filters_off,
                args=(drawn.whole,),
                width="stretch",
            )
        second.toggle(_("Only yours on the map"), key=ONLY)
    if added is not None and added is not own:
        third.button(
            _("Back to what is on the map"),
            key="own-back",
            on_click=replace_file,
            args=(added.file,),
            width="stretch",
        )
    if added is None and taken:
        words = _("Back, without this file") if own.file.name else _("Back, without these rows")
    else:
        words = _("Take this file off") if own.file.name else _("Take these rows off")
    third.button(words, key="own-off", on_click=take_off, width="stretch")


def _download(words: str, make: Callable[[], bytes], ending: str, name: str) -> None:
    """Draw a button that makes its file when it is pressed."""
    offer(st, words, make, f"libya-arms-flows_{name}.{ending}", f"own-{name}")
