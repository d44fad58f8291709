"""Views that were printed: what an address or a picture number asks for, and what changed since."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import streamlit as st

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.loader import load_earlier
from armsflow.language import _
from armsflow.page.frame import data_directory
from armsflow.selection import selection
from armsflow.selection.focus import is_hidden
from armsflow.selection.history import since
from armsflow.selection.numbering import MAY_BE_MISTYPED, read_number
from armsflow.selection.query import DATA_KEY, LANGUAGE_KEY, Query, from_query
from armsflow.selection.selection import Selection


def read_address(query: Query, dataset: Dataset) -> tuple[Selection, str]:
    """Read a selection from an address, and what is to be said of its picture number."""
    if "picture" in query:
        return _read_picture(query["picture"][0], dataset)
    chosen = from_query(query, dataset)
    version = query.get(DATA_KEY, [""])[0]
    # An address that names nothing but a focus opens it, wherever the arms were headed.
    if set(query) - {DATA_KEY, LANGUAGE_KEY} == {"focus"} and is_hidden(
        chosen.focus, selection.apply(dataset, chosen)
    ):
        chosen = replace(chosen, destinations=())
    changed = _since(chosen, dataset, version) if version not in {"", dataset.version} else ""
    if not changed:
        return chosen, ""
    said = _(
        "This address was printed from data {version}. {changed}", version=version, changed=changed
    )
    return chosen, said


def _read_picture(number: str, dataset: Dataset) -> tuple[Selection, str]:
    earlier = earlier_versions(dataset)
    try:
        numbered = read_number(number, dataset, earlier)
    except ValueError as error:
        words = _("{error}. This is the default view.", error=str(error))
        return selection.default_selection(dataset), words
    named = {"number": number.strip()}
    if numbered.same_data:
        words = _("Picture {number} showed this view, made from these data.", **named)
    elif numbered.made_from is None:
        words = _(
            "Picture {number} showed this view, made from data that are not kept here; counts may "
            "differ.",
            **named,
        )
        if numbered.doubtful:
            words = f"{words} {_(MAY_BE_MISTYPED)}"
    else:
        words = _(
            "Picture {number} showed this view, made from data {version}. {changed}",
            version=numbered.version,
            changed=since(numbered.selection, dataset, numbered.made_from).words,
            **named,
        )
    return numbered.selection, words


def earlier_versions(dataset: Dataset) -> Iterator[Dataset]:
    """Yield the earlier versions; none is loaded before one is asked for."""
    yield from load_kept(data_directory(), dataset.version, dataset.digest)


@st.cache_resource(show_spinner=False, max_entries=2)
def load_kept(directory: Path, version: str, _digest: str) -> tuple[Dataset, ...]:
    """Load the earlier versions of a package once for all viewers."""
    return tuple(load_earlier(directory, version))


def _since(chosen: Selection, dataset: Dataset, version: str) -> str:
    """Say what changed in a view since an earlier version; empty if that is not kept."""
    earlier = (one for one in earlier_versions(dataset) if one.version == version)
    made_from = next(earlier, None)
    return since(chosen, dataset, made_from).words if made_from else ""
