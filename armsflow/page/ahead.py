"""Pictures that a reader may ask for next, drawn while nobody presses anything.

A reader looks at a picture for seconds before the next press. In that time the pictures of the
weapon pills, each pressed once, are drawn. A press then finds its picture ready. Nothing is drawn
ahead while any page is at work, so with many readers at once nothing is drawn ahead at all.
"""

import logging
import threading
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from armsflow.dataset.cache import once, recent
from armsflow.dataset.dataset import Dataset
from armsflow.language import speaking
from armsflow.picture import picture
from armsflow.picture.lettering import letter
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate
from armsflow.selection import selection
from armsflow.selection.selection import Selection

MOST: Final = 24
"""Parts of a dataset that are kept with it, and with each part its picture: about three presses
of eight pills."""
CALM: Final = 0.2
"""Seconds without a press on any page before pictures are drawn ahead."""


@recent(MOST)
def shown_part(dataset: Dataset, chosen: Selection) -> Dataset:
    """Return the part of a dataset that a selection asks for, kept for the next time."""
    return selection.apply(dataset, chosen)


@once
def drawn_part(shown: Dataset, chosen: Selection, dataset: Dataset, plate: Plate) -> Picture:
    """Draw a part of a dataset; the picture is kept with it."""
    return picture.draw(chosen, shown, dataset, plate.layouts)


@dataclass(frozen=True, eq=False)
class View:
    """What a reader looks at."""

    chosen: Selection
    dataset: Dataset
    plate: Plate


class Ahead:
    """Draws pictures ahead, in one thread for all readers."""

    def __init__(self) -> None:
        self._stir = threading.Condition()
        self._view: View | None = None
        threading.Thread(target=self._work, daemon=True).start()

    def turn_to(self, view: View | None) -> None:
        """Draw ahead for another view; for none while a page is at work."""
        with self._stir:
            self._view = view
            self._stir.notify()

    def _work(self) -> None:
        while True:
            with self._stir:
                view = self._view
                # Whoever presses within the calm has another view drawn ahead instead.
                if self._stir.wait(CALM if view else None) or view is None:
                    continue
            self._draw_from(view)
            with self._stir:
                if self._view is view:
                    self._view = None
            del view

    def _draw_from(self, view: View) -> None:
        try:
            for chosen in next_selections(view.chosen, view.dataset):
                if self._view is not view:
                    return
                shown = shown_part(view.dataset, chosen)
                with speaking(view.dataset.language):
                    letter(drawn_part(shown, chosen, view.dataset, view.plate), view.plate.names)
        except Exception as error:
            # The press itself meets the same fault, and its page says so.
            logging.getLogger(__name__).error("Drawn ahead: %s.", type(error).__name__)


@st.cache_resource(show_spinner=False)
def load_ahead() -> Ahead:
    """Return what draws pictures ahead for all readers."""
    return Ahead()


def pause() -> None:
    """Draw nothing ahead while a page is at work."""
    load_ahead().turn_to(None)


def resume(chosen: Selection, dataset: Dataset, plate: Plate) -> None:
    """Draw ahead from a view that was drawn; not from a reader's own rows, which only they hold."""
    if not dataset.unpublished:
        load_ahead().turn_to(View(chosen, dataset, plate))


def next_selections(chosen: Selection, dataset: Dataset) -> list[Selection]:
    """Return a selection for each weapon pill, pressed once."""
    groups = list(selection.weapon_groups(dataset))
    codes = selection.weapon_codes(dataset)
    return [
        replace(chosen, weapon=selection.in_order({*chosen.weapon} ^ {group}, codes))
        for group in groups
    ]
