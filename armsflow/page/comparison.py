"""Selections side by side."""

from dataclasses import replace

import streamlit as st

from armsflow.dataset.dataset import Dataset
from armsflow.language import _, _p
from armsflow.page.address import page_address
from armsflow.page.brief import typed_title
from armsflow.page.masthead import marking
from armsflow.picture.plate import Plate
from armsflow.selection import selection
from armsflow.selection.selection import Selection


def show_comparison(chosen: Selection, dataset: Dataset, plate: Plate) -> None:
    """Offer selections side by side as one sheet with one scale and one legend."""
    first, last = selection.year_range(dataset)
    expander = st.expander(
        _("Compare: two periods, two weapon groups, or all destinations side by side"),
        key="compare",
        on_change="rerun",
    )
    if not expander.open:
        return
    with expander:
        kinds = {
            "destinations": _("Five destinations"),
            "periods": _("Two periods"),
            "weapons": _("Two weapon groups"),
        }
        if last - first < 2:
            del kinds["periods"]
        kind = st.segmented_control(
            _("Compare"), list(kinds), default="destinations", key="compare-kind",
            format_func=kinds.__getitem__, required=True,
        )  # fmt: skip
        if kind == "periods":
            turn = st.slider(
                _("Last year of the first period"),
                first,
                last - 1,
                min(max(2014, first), last - 1),
                key="compare-year",
            )
            pair = [replace(chosen, years=(first, turn)), replace(chosen, years=(turn + 1, last))]
            parts = [(f"{first}–{turn}", pair[0]), (f"{turn + 1}–{last}", pair[1])]
        elif kind == "weapons":
            groups = selection.weapon_groups(dataset)
            columns = st.columns(2)
            picked = [
                columns[0].selectbox(
                    _p("weapon group", "First"),
                    list(groups),
                    0,
                    groups.__getitem__,
                    key="compare-first",
                ),
                columns[1].selectbox(
                    _p("weapon group", "Second"),
                    list(groups),
                    4,
                    groups.__getitem__,
                    key="compare-second",
                ),
            ]
            parts = [(groups[code], replace(chosen, weapon=(code,))) for code in picked]
        else:
            names = dataset.destinations["label"]
            parts = [
                (str(names[code]), replace(chosen, destinations=(code,)))
                for code in selection.destination_codes(dataset, "focus")
            ]
        # What draws sheets takes a second to import: only those who compare wait for it.
        from armsflow.page import files

        words = page_address(), marking(), typed_title()
        files.show_comparison(parts, chosen, dataset, plate, *words)
