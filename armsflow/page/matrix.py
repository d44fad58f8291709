"""Where and what: destinations by weapon group or by link to Libya."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import streamlit as st

from armsflow.dataset import summary
from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import _, _p, number
from armsflow.page.address import change
from armsflow.page.markup import render
from armsflow.picture import style
from armsflow.selection import selection
from armsflow.selection.selection import Selection


def matrix(dataset: Dataset, chosen: Selection, reading: str) -> pd.DataFrame:
    """Count events by destination and by weapon group or by link to Libya.

    Parameters
    ----------
    dataset
        The whole dataset.
    chosen
        Its years, links and kinds of event are kept; destinations and weapons (or links) are
        what the table counts by.
    reading
        ``weapon`` or ``basis``.

    Returns
    -------
    counts
        Rows destination codes, columns group or link codes and ``all``. Columns of weapons
        overlap: an incident counts in each of its groups, and once in ``all``.
    """
    return _matrix(dataset, _kept(chosen, reading), reading)


def _kept(chosen: Selection, reading: str) -> Selection:
    kept = replace(chosen, destinations=(), focus="")
    return replace(kept, weapon=()) if reading == "weapon" else replace(kept, basis=())


@once
def _matrix(dataset: Dataset, kept: Selection, reading: str) -> pd.DataFrame:
    shown = selection.apply(dataset, kept)
    order = list(
        selection.weapon_groups(dataset)
        if reading == "weapon"
        else labels(dataset, "incidents", "link_basis")
    )
    destinations = list(selection.destination_codes(dataset))
    key = "weapons" if reading == "weapon" else "link_basis"
    cells = dict.fromkeys(product(destinations, [*order, "all"]), 0)
    counted = summary.count_by(shown, "destination", key).reset_index()
    for destination, code, count in counted[["destination", key, "events"]].to_numpy():
        columns = summary.groups_of(shown, code) if reading == "weapon" else [code]
        for column in [*columns, "all"]:
            cells[destination, column] += count
    numbers = np.array(list(cells.values()), dtype="int64").reshape(len(destinations), -1)
    counts = pd.DataFrame(numbers, index=destinations, columns=[*order, "all"])
    return counts[counts["all"] > 0]


def show_matrix(chosen: Selection, dataset: Dataset) -> None:
    """Draw the matrix; choosing a cell sets both its filters."""
    st.html(render("heading", kind="section", words=_("Where and what: choose a cell to see it")))
    readings = {"weapon": _("by weapon group"), "basis": _("by how the link is known")}
    pressed = st.segmented_control(
        _p("what is to be done", "Count"),
        list(readings),
        default="weapon",
        key="reading",
        format_func=readings.__getitem__,
        required=True,
        label_visibility="collapsed",
    )
    reading = pressed or "weapon"
    counts = matrix(dataset, chosen, reading)
    words = (
        selection.weapon_groups(dataset)
        if reading == "weapon"
        else labels(dataset, "incidents", "link_basis")
    )
    most = int(counts.drop(columns="all").to_numpy().max(initial=1))
    names = dataset.destinations["label"]
    rows = {
        code: {
            "name": names[str(code)],
            "cells": {column: _cell(count, str(column), most) for column, count in row.items()},
        }
        for code, row in counts.to_dict("index").items()
    }
    st.html(
        render(
            "matrix", rows=rows, columns=words | {"all": _p("incidents", "All")}, reading=reading
        )
    )


def _cell(count: int, column: str, most: int) -> dict[str, str]:
    ground = style.shade(count, most) if count and column != "all" else ""
    return {
        "count": number(count),
        "ground": ground,
        "ink": style.text_on(ground) if ground else "",
    }


def choose_cell(pressed: str, dataset: Dataset) -> None:
    """Set the filters of the cell that was pressed, named by reading, destination and column."""
    reading, destination, column = [*pressed.split(), "", "", ""][:3]
    codes = {
        "weapon": selection.weapon_groups(dataset),
        "basis": labels(dataset, "incidents", "link_basis"),
    }.get(reading, {})
    if destination in selection.destination_codes(dataset):
        change(
            dataset,
            destinations=(destination,),
            **({reading: (column,)} if column in codes else {}),
        )
