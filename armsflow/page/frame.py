"""The frame of the page: title, layout, the data on show, and whose turn it is to be drawn."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit import net_util
from streamlit.delta_generator import DeltaGenerator

from armsflow.dataset.loader import SHIPPED, DataError
from armsflow.language import _, _n, spoken
from armsflow.page import ahead, speech
from armsflow.page.edition import Display, Edition

STYLE_SHEET: Final = Path(__file__).with_name("page.css")
PAINT_PAUSE: Final = 0.1
"""Seconds."""
FIRST_PAINT: Final = 1.5
"""Seconds for which the rest of a page waits at most for the first painting of its map."""
WAITING: Final = "waiting"
"""Where a session keeps since when it waits for that; 0 afterwards."""
OPENING: Final = threading.Lock()
LONGEST_TURN: Final = 1.0
"""Seconds that a page waits for another one to be drawn."""


@lru_cache(maxsize=4)
def load_display(directory: Path, engine: str) -> Display:
    """Put a data package on show once for all viewers; before there are any, too."""
    return Display(directory, engine)


@st.cache_resource(show_spinner=False)
def load_turn() -> threading.Lock:
    """Return the lock that a page holds while it is drawn below the map."""
    return threading.Lock()


def set_up(address_changed: bool) -> None:
    """Give the page its language, title, layout and style sheet; it is at work from now on.

    Parameters
    ----------
    address_changed
        Whether the reader went back or forward to another address.
    """
    ahead.pause()
    speech.settle_language(address_changed)
    st.set_page_config(
        page_title=_("Arms flows out of Libya"),
        page_icon=str(STYLE_SHEET.with_name("icon.png")),
        layout="wide",
        initial_sidebar_state="auto",
    )
    # Streamlit asks the internet for the server's address when a page of another origin calls.
    net_util.get_external_ip = lambda: None
    st.html(STYLE_SHEET)


def lay_out() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Lay out what is above the table: the head, the map's column and that of the evidence.

    The parts can then be filled in the order in which readers wait for them, the map first.
    """
    head = st.container(key="head")
    # Search and Brief come before the map in the order of the Tab key; the style sheet shows them
    # after it.
    evidence_column, map_column = st.columns([1, 2], gap="medium")
    return head, map_column, evidence_column


def data_directory() -> Path:
    """Return the data package to show: the one ``ARMSFLOW_DATA`` names, else the shipped one."""
    return Path(os.environ.get("ARMSFLOW_DATA") or SHIPPED)


def open_display() -> Display:
    """Return what shows the data package of this server, with the engine that it was given."""
    with OPENING:
        return load_display(data_directory(), os.environ.get("ARMSFLOW_ENGINE", ""))


def open_edition() -> Edition:
    """Return what is on show, or say what is wrong with the data package and end the run.

    The page stays up: the next reload looks at the files again. If they changed and are not good,
    the last good edition stays on show below a line that names the first problem.
    """
    try:
        edition, problems = open_display().current()
    except DataError as error:
        st.error(
            _n(
                "The data package cannot be shown: {count} problem found. Nothing is drawn until "
                "it is fixed; run “{command}” for the same list.",
                "The data package cannot be shown: {count} problems found. Nothing is drawn until "
                "it is fixed; run “{command}” for the same list.",
                len(error.problems),
                command="python -m armsflow check data",
            ),
            icon=":material/error:",
        )
        st.code("\n".join(map(str, error.problems)), language=None, wrap_lines=True)
        st.stop()
    state = st.session_state
    if state.setdefault("edition", edition) is not edition:
        state["edition"] = edition
        dataset = edition.dataset
        st.toast(
            _(
                "The data were replaced: now {version}, {created}.",
                version=dataset.version,
                created=dataset.created,
            ),
            icon=":material/update:",
            duration="long",
        )
    if problems:
        st.warning(
            _n(
                "The data package was changed and cannot be shown as it is now: {count} problem "
                "found. This is still data {version}, {created}. The first problem:",
                "The data package was changed and cannot be shown as it is now: {count} problems "
                "found. This is still data {version}, {created}. The first problem:",
                len(problems),
                version=edition.dataset.version,
                created=edition.dataset.created,
            ),
            icon=":material/history:",
        )
        st.code(str(problems[0]), language=None, wrap_lines=True)
    return edition.said(spoken())


def waits_for_paint() -> int:
    """Return a stamp while the map of this session was never painted, else 0.

    A browser that lost its session names it as the third of its protocols. Its page has the map
    already, and presses that it makes meanwhile must find their widgets.
    """
    headers = st.context.headers
    is_new = bool(headers) and str(headers.get("Sec-WebSocket-Protocol", "")).count(",") < 2
    stamp = round(1000 * time.time()) if is_new else 0
    kept: int = st.session_state.setdefault(WAITING, stamp)
    return kept


def note_painted() -> None:
    """Note that the map of this session was painted, or need not be waited for."""
    st.session_state[WAITING] = 0


@contextmanager
def after_the_map() -> Iterator[None]:
    """Draw the rest of the page a moment after the map, one reader at a time.

    A browser paints what comes within a few milliseconds in one go, when all of it is laid out.
    Without the pause the map was painted more than twice as late. The first time the map itself
    says when it is painted, which runs the page again; a press does the same. With many readers,
    taking turns leaves room for the maps of the others, which are drawn at once. Nobody waits
    longer than :data:`LONGEST_TURN`.
    """
    state = st.session_state
    until = time.monotonic() + (FIRST_PAINT if state.get(WAITING) else PAINT_PAUSE)
    while time.monotonic() < until:
        time.sleep(0.02)
        # Streamlit looks here whether another run was asked for, and ends this one.
        state.get(WAITING)
    note_painted()
    turn = load_turn()
    taken = turn.acquire(timeout=LONGEST_TURN)
    try:
        yield
    finally:
        if taken:
            turn.release()
