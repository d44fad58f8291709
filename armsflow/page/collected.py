"""A reader's own briefing of several pictures, and whether the pictures of an old file are true."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from armsflow.briefing import collection
from armsflow.briefing.briefing import Briefing, marked, prepare
from armsflow.briefing.collection import Entry
from armsflow.briefing.deck import open_deck
from armsflow.briefing.ground import Ground
from armsflow.briefing.titles import NO_TITLE, TemplateError
from armsflow.briefing.verification import Verified, numbers_in, verify
from armsflow.dataset import citation
from armsflow.dataset.dataset import Dataset
from armsflow.language import _, _n, speaking, spoken
from armsflow.page.download import offer
from armsflow.page.markup import render
from armsflow.page.printed import earlier_versions
from armsflow.selection import selection
from armsflow.selection.sentence import describe

KEY: Final = "collected"
KINDS: Final = {"pptx": "PowerPoint", "pdf": "PDF", "zip": "ZIP"}


@st.cache_resource(show_spinner=False)
def load_template(named: str, language: str) -> tuple[bytes | None, str]:
    """Read the house template that ``ARMSFLOW_TEMPLATE`` names, or say why it cannot be used."""
    if not named:
        return None, ""
    with speaking(language):
        try:
            content = Path(named).read_bytes()
            open_deck("", "", content)
        except OSError:
            return None, _("The house template cannot be read; slides have our own layout.")
        except TemplateError as error:
            words = _("{problem} Until then slides have our own layout.", problem=str(error))
            return None, words
    return content, ""


def house_template() -> bytes | None:
    """Return the house template of slides, if there is one; a line says what is wrong with it."""
    content, words = load_template(os.environ.get("ARMSFLOW_TEMPLATE", ""), spoken())
    if words:
        st.warning(words, icon=":material/draft:")
    return content


def show_collected(prepared: Briefing, ground: Ground, template: bytes | None) -> None:
    """Offer to add what is shown to the reader's briefing, and the briefing as one file."""
    entries: list[Entry] = st.session_state.setdefault(KEY, [])
    entry = Entry(prepared.caption.number, prepared.caption.title)
    st.button(
        _("Add to my briefing"),
        key="collect",
        icon=":material/playlist_add:",
        disabled=len(entries) >= collection.MOST,
        on_click=lambda: entries.append(entry),
        width="stretch",
    )
    words = (
        _n("My briefing: {count} picture", "My briefing: {count} pictures", len(entries))
        if entries
        else _("My briefing: no picture yet")
    )
    with st.expander(words, key="collected-list"):
        _show_entries(entries, prepared.whole)
        made = partial(_made, tuple(entries), prepared, ground, template)
        if entries:
            _offer("collected", made, "briefing", prepared)
            offer(
                st,
                _("The list, as text"),
                collection.write_list(entries),
                marked(collection.LIST_NAME, prepared.caption.marking),
                "collected-text",
            )
        handed = st.file_uploader(_("Open a list that was saved"), key="collected-file")
        if handed is not None:
            _open_list(handed.getvalue(), entries)


def _show_entries(entries: list[Entry], dataset: Dataset) -> None:
    found = _verify([entry.number for entry in entries], dataset)
    for place, (entry, one) in enumerate(zip(entries, found, strict=True)):
        words, up, away = st.columns([6, 1, 1], gap="small", vertical_alignment="center")
        if one.selection is None:
            said = one.words
        else:
            shown = selection.apply(dataset, one.selection)
            said = entry.title.words or describe(one.selection, shown, dataset).headline
        words.caption(citation.as_markdown(f"{place + 1}. {said}"))
        up.button(
            ":material/arrow_upward:",
            key=f"collected-up-{place}",
            help=_("Move picture {place} up", place=place + 1),
            disabled=not place,
            on_click=_move,
            args=(entries, place),
        )
        away.button(
            ":material/close:",
            key=f"collected-away-{place}",
            help=_("Take picture {place} out", place=place + 1),
            on_click=_take_out,
            args=(entries, place),
        )


def _move(entries: list[Entry], place: int) -> None:
    entries.insert(place - 1, entries.pop(place))


def _take_out(entries: list[Entry], place: int) -> None:
    del entries[place]


def _open_list(content: bytes, entries: list[Entry]) -> None:
    try:
        handed = collection.read_list(content.decode("utf-8"))
    except ValueError as error:
        words = _("This list cannot be opened: {problem}.", problem=str(error))
        st.error(words, icon=":material/error:")
        return

    def take() -> None:
        entries[:] = handed

    words = _n(
        "Put {count} picture of this list in place of mine",
        "Put {count} pictures of this list in place of mine",
        len(handed),
    )
    st.button(words, key="collected-take", on_click=take, width="stretch")


def show_verification(prepared: Briefing, ground: Ground, template: bytes | None) -> None:
    """Say of each picture in a file that was handed on whether it is still true."""
    with st.expander(_("Is an old slide, PDF or picture still true?"), key="verify"):
        handed = st.file_uploader(
            _("Its picture numbers are read; the file is not kept"), key="verify-file"
        )
        if handed is None:
            return
        try:
            numbers = numbers_in(handed.getvalue())
        except ValueError as error:
            st.error(_("{problem}.", problem=str(error)), icon=":material/error:")
            return
        if not numbers:
            st.error(_("No picture number was found in this file."), icon=":material/error:")
            return
        found = _verify(numbers[: collection.MOST], prepared.whole)
        st.html(render("verified", found=found))
        again = tuple(Entry(one.number, NO_TITLE) for one in found if one.selection)
        if again:
            made = partial(_made, again, prepared, ground, template)
            _offer("verified", made, "renewed", prepared)


def _offer(key: str, made: Callable[[str], bytes], kind: str, prepared: Briefing) -> None:
    name = marked(f"libya-arms-flows_{kind}_v{prepared.whole.version}", prepared.caption.marking)
    columns = st.columns(len(KINDS))
    for column, (ending, words) in zip(columns, KINDS.items(), strict=True):
        offer(column, words, partial(made, ending), f"{name}.{ending}", f"{key}-{ending}")


def _verify(numbers: Sequence[str], dataset: Dataset) -> list[Verified]:
    return verify(numbers, dataset, earlier_versions(dataset))


def _made(
    entries: Sequence[Entry],
    prepared: Briefing,
    ground: Ground,
    template: bytes | None,
    ending: str,
) -> bytes:
    found = _verify([entry.number for entry in entries], prepared.whole)
    caption = prepared.caption
    briefings = [
        prepare(
            one.selection, prepared.whole, prepared.plate,
            caption.address.partition("?")[0], caption.marking, entry.title,
        )
        for entry, one in zip(entries, found, strict=True)
        if one.selection
    ]  # fmt: skip
    return collection.make(ending, briefings, ground, template)
