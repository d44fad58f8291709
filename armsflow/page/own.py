"""Incidents of the reader's own on the page: a template, an upload, what came of it, and back.

They live in the memory of one session and in files that its reader takes away. Nothing is written
to disk, logged, or kept where another session could find it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from armsflow.curation import storage, template
from armsflow.curation.submission import Submission, read_upload
from armsflow.curation.upload import LARGEST_UPLOAD
from armsflow.dataset import citation
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.loader import build
from armsflow.package.problem import Problem, shorten
from armsflow.page.edition import Edition
from armsflow.page.markup import render
from armsflow.words import plural

TURN: Final = "own-turn"
"""Where the session counts the files that it was given: each finds a fresh widget."""
FILE: Final = "own-file"
"""Where the session keeps what was handed in: its name and its bytes."""
READ: Final = "own-read"
"""Where the session keeps what came of it."""
PROBLEMS_SHOWN: Final = 40
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP: Final = "application/zip"


@dataclass(frozen=True, eq=False)
class Own:
    """What came of a reader's file.

    Parameters
    ----------
    edition, file
        The edition and the file (name, contents) that it was made from.
    submission
        The rows that were taken, and what is wrong with the others.
    dataset
        Published and own rows together; ``None`` if no incident was taken.
    """

    edition: Edition
    file: tuple[str, bytes]
    submission: Submission
    dataset: Dataset | None


def own_dataset(edition: Edition) -> Dataset:
    """Return the published data, with the incidents of this session's reader if there are any.

    A file that was handed in is held against every new edition, so that what is published later
    is not counted a second time.
    """
    own = _read(edition)
    return own.dataset if own and own.dataset else edition.dataset


def _read(edition: Edition) -> Own | None:
    state = st.session_state
    file = state.get(FILE)
    if file is None or edition.package is None:
        state.pop(READ, None)
        return None
    own: Own | None = state.get(READ)
    if own is None or own.edition is not edition or own.file is not file:
        name, content = file
        submission = read_upload(name, content, edition.package)
        taken = build(submission.package) if submission.incident_ids else None
        own = state[READ] = Own(edition, file, submission, taken)
    return own


def _take(key: str) -> None:
    """Keep what the widget was given, before the page is drawn with it.

    A widget forgets its file when a connection breaks at the wrong moment; the session does not,
    until its reader says so.
    """
    state = st.session_state
    if uploaded := state[key]:
        state[FILE] = (str(uploaded.name), bytes(uploaded.getvalue()))
        state[TURN] = state.get(TURN, 0) + 1


def _take_off() -> None:
    st.session_state.pop(FILE, None)


def show_own(edition: Edition) -> None:
    """Draw the section in which readers add incidents, see what is wrong and take them away."""
    with st.container(key="own"):
        st.html(render("heading", kind="section", words="Add your own incidents"))
        st.html(render("own_rows", too_large=edition.package is None))
        if edition.package is None:
            return
        left, right = st.columns(2, gap="medium")
        with left:
            package = edition.package
            _download(
                "Template, Excel", partial(template.template_xlsx, package), "xlsx", "template"
            )
            _download(
                "Template, CSV in a ZIP", partial(template.template_csv, package), "zip", "csv"
            )
        with right:
            key = f"own-upload-{st.session_state.get(TURN, 0)}"
            st.file_uploader(
                "Your filled template (.xlsx, or .zip of CSV files); another one takes its place",
                type=["xlsx", "zip", "csv"],
                max_upload_size=LARGEST_UPLOAD // 1_000_000,
                key=key,
                on_change=_take,
                args=(key,),
            )
        own = _read(edition)
        if own is not None:
            _show_result(own)


def _show_result(own: Own) -> None:
    submission = own.submission
    taken = len(submission.incident_ids)
    faults = len(submission.problems)
    words = f"{shorten(own.file[0])}: "
    words += (
        f"{plural(taken, 'incident')} of yours "
        f"{'is' if taken == 1 else 'are'} on the map of this window, marked as unpublished."
        if taken
        else "no incident of yours was taken."
    )
    if faults:
        words += f" {plural(faults, 'problem')} found"
        words += (
            f", and {plural(len(submission.left_out), 'row')} left out with them."
            if submission.left_out
            else "."
        )
    told, off = st.columns([3, 1], gap="medium", vertical_alignment="center")
    with told:
        (st.success if taken and not faults else st.warning)(
            citation.as_markdown(words), icon=":material/fact_check:"
        )
    off.button("Take this file off", key="own-off", on_click=_take_off, width="stretch")
    if faults:
        listed = [*submission.problems, *submission.left_out]
        st.html(problems_html(listed))
        text = "".join(f"{problem}\r\n" for problem in listed).encode("utf-8-sig")
        _download(f"All {len(listed):,} lines as text", lambda: text, "txt", "problems")
    if taken:
        left, right = st.columns(2, gap="medium")
        with left:
            _download(
                "Save as data package, ZIP",
                partial(storage.package_zip, submission.package, own.edition.others),
                "zip",
                "package",
            )
        with right:
            _download(
                "Your rows as a filled template",
                partial(template.export_xlsx, submission.package, submission.incident_ids),
                "xlsx",
                "rows",
            )


def problems_html(problems: Iterable[Problem]) -> str:
    """Write problems as a table: where, what is wrong, and the fix; the first ones only."""
    listed = list(problems)
    more = len(listed) - PROBLEMS_SHOWN
    return render("problems", problems=listed[:PROBLEMS_SHOWN], more=more)


def _download(words: str, make: Callable[[], bytes], ending: str, name: str) -> None:
    """Draw a button that makes its file when it is pressed."""
    st.download_button(
        words,
        data=make,
        file_name=f"libya-arms-flows_{name}.{ending}",
        mime={"xlsx": XLSX, "zip": ZIP, "txt": "text/plain"}[ending],
        key=f"own-{name}",
        on_click="ignore",
        width="stretch",
    )
