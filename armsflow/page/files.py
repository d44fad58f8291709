"""The page's control for briefings: copy the image, download files, or fill the window with it."""

from base64 import b64encode
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.components.v1 import declare_component

from armsflow.briefing.briefing import (
    Briefing,
    alt_text,
    caption_words,
    citation_words,
    file_name,
    prepare,
    writers,
)
from armsflow.briefing.collection import pack
from armsflow.briefing.files import PIXEL_WIDTHS, comparison_png, png
from armsflow.briefing.ground import Ground, prepare_ground
from armsflow.briefing.letters import missing_letters
from armsflow.briefing.sheet import NOTHING
from armsflow.briefing.titles import Title
from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset
from armsflow.language import N_, _, _p, spoken
from armsflow.page.collected import house_template, show_collected, show_verification
from armsflow.page.download import MEDIA_TYPES, offer
from armsflow.page.markup import render
from armsflow.picture.picture import draw
from armsflow.picture.plate import Plate
from armsflow.selection import selection
from armsflow.selection.query import to_query
from armsflow.selection.selection import Selection

COPY_BUTTON: Final = Path(__file__).parent / "copy"
FILES: Final = {
    "": {"pptx": "PowerPoint", "png": "PNG", "pdf": "PDF, A4", "xlsx": N_("Rows, Excel")},
    N_("Map"): {
        "html": N_("Interactive, one HTML file"),
        "gpkg": N_("GeoPackage for GIS"),
        "geojson": "GeoJSON",
        "kmz": "Google Earth, KMZ",
    },
    N_("Data"): {
        "csv": N_("Rows, CSV"),
        "datapackage.zip": N_("Data package, ZIP"),
        "parquet": N_("Items, Parquet"),
    },
    N_("More"): {"svg": "SVG", "zip": N_("Pictures and rows, ZIP")},
}
"""Words for each kind of file by its ending, below the headings of their groups."""

COPY_WORDS: Final = {
    "title": N_("Copy image"),
    "busy": N_("Making the picture …"),
    "copied": N_("Copied: paste it into your briefing"),
    "cannot": N_("This address cannot copy: use PNG below"),
    "refused": N_("The browser refused: use PNG below"),
}
"""What the button that copies says."""


@once
def load_ground(plate: Plate) -> Ground:
    """Prepare the basemap of printed sheets once for all viewers of a plate."""
    return prepare_ground(plate.basemap, plate.fills, plate.names)


@st.cache_data(show_spinner=False, max_entries=64)
def _shared_png(_prepared: Briefing, _ground: Ground, number: str, *words: str) -> bytes:  # noqa: ARG001
    return png(_prepared.picture, _prepared.caption, _ground)


def picture_png(prepared: Briefing, ground: Ground) -> bytes:
    """Draw a sheet, or take it from those drawn before, if it has the same words.

    A sheet with rows or a title of a reader's own is never kept: others could find it.
    """
    if prepared.whole.unpublished:
        return png(prepared.picture, prepared.caption, ground)
    caption = prepared.caption
    if caption.title.words:
        return png(prepared.picture, caption, ground)
    return _shared_png(prepared, ground, caption.number, caption.address, caption.marking, spoken())


def show_files(
    chosen: Selection, dataset: Dataset, plate: Plate, address: str, marking: str, title: Title
) -> None:
    """Offer what is shown as image, files and words; nothing is made before it is asked for.

    Parameters
    ----------
    chosen, dataset, plate
        The selection, the whole dataset, and what its pictures share.
    address
        Address of the page, without parameters.
    marking
        Protective marking, or empty.
    title
        Title of the reader's own.
    """
    ground = load_ground(plate)
    prepared = prepare(chosen, dataset, plate, address, marking, title)
    template = house_template()
    if missing := missing_letters(title.words + title.note + marking):
        words = _("Pictures show boxes for these letters: {letters}", letters=missing)
        st.warning(words, icon=":material/warning:")
    _copy_button(prepared, ground)
    makers = writers(ground, st.session_state.setdefault("png-width", 1920), template)
    for heading, kinds in FILES.items():
        if heading == "Map":
            show_collected(prepared, ground, template)
        if heading:
            st.caption(_(heading))
        columns = st.columns(2)
        for place, (ending, words) in enumerate(kinds.items()):
            offer(
                columns[place % 2],
                _(words),
                partial(makers[ending], prepared),
                file_name(prepared, ending),
                f"file-{ending}",
            )
    st.segmented_control(_("PNG width in pixels"), PIXEL_WIDTHS, key="png-width", required=True)
    offer(
        st,
        _("Briefing pack: one slide a destination"),
        partial(pack, dataset, plate, ground, chosen, address, marking, title, template),
        file_name(prepared, "pptx", "briefing-pack"),
        "file-pack",
    )
    query = urlencode(to_query(chosen, dataset) | {"view": ["briefing"]}, doseq=True)
    if dataset.unpublished:
        st.caption(_("The briefing view starts from the address and shows published rows only."))
    st.html(render("briefing_link", query=query))
    for words, text in (
        (_("Caption"), caption_words(prepared)),
        (_("Citation"), citation_words(prepared)),
        (_("Alt text"), alt_text(prepared)),
    ):
        st.caption(words)
        st.code(text, language=None, wrap_lines=True)
    show_verification(prepared, ground, template)


def _copy_button(prepared: Briefing, ground: Ground) -> None:
    copy = declare_component("copy", path=str(COPY_BUTTON))
    state = st.session_state
    request = state.get("copy") or 0
    image = ""
    if request and request != state.get("copied"):
        with st.spinner(_("Drawing the picture"), show_time=True):
            image = b64encode(picture_png(prepared, ground)).decode()
        state["copied"] = request
    words = {name: _(said) for name, said in COPY_WORDS.items()}
    copy(image=image, request=request, words=words, language=spoken(), key="copy", default=0)


def show_sheet(
    chosen: Selection, dataset: Dataset, plate: Plate, address: str, marking: str
) -> None:
    """Draw the sheet so that it fills the window; Escape or the small link leads back.

    Parameters
    ----------
    chosen, dataset, plate, address, marking
        As for :func:`show_files`.
    """
    prepared = prepare(chosen, dataset, plate, address, marking)
    ground = load_ground(plate)
    image = b64encode(picture_png(prepared, ground)).decode()
    back = urlencode(to_query(chosen, dataset), doseq=True)
    st.html(render("briefing_view", alt=alt_text(prepared), image=image, query=back))
    # No value of data or address is written into the script.
    st.iframe(render("escape_key"), height=1)


def show_comparison(
    parts: Sequence[tuple[str, Selection]],
    chosen: Selection,
    dataset: Dataset,
    plate: Plate,
    address: str,
    marking: str,
    title: Title,
) -> None:
    """Draw selections side by side as one sheet, and offer it as a file.

    Parameters
    ----------
    parts
        What distinguishes each selection, in words, and the selection.
    chosen
        The selection of the page, whose number and address the sheet bears.
    dataset, plate, address, marking, title
        As for :func:`show_files`.
    """
    ground = load_ground(plate)
    pictures = [
        (words, draw(part, selection.apply(dataset, part), dataset, plate.layouts))
        for words, part in parts
    ]
    prepared = prepare(chosen, dataset, plate, address, marking, title)
    with st.spinner(_("Drawing the maps"), show_time=True):
        image = comparison_png(pictures, prepared.caption, ground)
    said = [
        _("{part}: {counts}", part=words, counts=picture.sentence.counts or _(NOTHING))
        for words, picture in pictures
    ]
    maps = _p("between names that hold commas", "; ").join(said)
    alt = _("Maps side by side. {maps}.", maps=maps)
    st.html(render("comparison", alt=alt, image=b64encode(image).decode()))
    st.download_button(
        _("This comparison as PNG"),
        image,
        file_name=file_name(prepared, "png", "comparison"),
        mime=MEDIA_TYPES["png"],
        key="file-comparison",
        on_click="ignore",
    )
