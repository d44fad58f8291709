"""What is drawn, decided once: lines, places, end tags and legend of a selection.

The web map and the printed sheet both draw a :class:`Picture`, so they cannot disagree. Where
a line runs in a frame is decided for the whole package, so that nothing moves when a filter
changes; which frame is shown, how wide a line is and which form it has follows from what is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import pandas as pd

from armsflow.dataset import knowledge, summary
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.preparation import ORIGIN
from armsflow.picture import style
from armsflow.picture.arrows import Arrow, draw_arrows
from armsflow.picture.frames import FRAME_OF_CODE, REGION, Frame, frame_for
from armsflow.picture.legend import LegendEntry, keys_held, legend
from armsflow.picture.marks import Line, Place, draw_lines, draw_places, lines_shown
from armsflow.picture.numbers import NumberMark, place_numbers
from armsflow.picture.routes import Layouts
from armsflow.picture.tags import Tag, place_tags
from armsflow.selection.cases import Case, cases_heading, chosen_cases, read_cases
from armsflow.selection.focus import in_focus
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import Sentence, describe

ROUTES: Final = "routes"


@dataclass(frozen=True)
class Picture:
    """Everything that a renderer needs to know of a selection.

    Parameters
    ----------
    lines, places
        What is drawn, in drawing order.
    tags
        End labels.
    notes
        What must be printed under every picture.
    frame
        The ground that it shows.
    numbers
        Where the numbers of incidents are.
    arrows
        The arrows of an overview; none where the routes are shown.
    selection, shown, whole
        What was asked for, the dataset after it and before it.
    chosen
        The incidents that carry a number.
    """

    lines: tuple[Line, ...]
    places: tuple[Place, ...]
    tags: tuple[Tag, ...]
    notes: tuple[str, ...]
    frame: Frame
    numbers: tuple[NumberMark, ...]
    arrows: tuple[Arrow, ...]
    selection: Selection = field(compare=False, repr=False)
    shown: Dataset = field(compare=False, repr=False)
    whole: Dataset = field(compare=False, repr=False)
    chosen: pd.DataFrame = field(compare=False, repr=False)

    @cached_property
    def legend(self) -> tuple[LegendEntry, ...]:
        """The rows of what it holds, in the same order and with the same classes everywhere."""
        return tuple(entry for entry in legend(self.whole) if entry.key in self.held)

    @cached_property
    def held(self) -> frozenset[str]:
        """Keys of the rows of the legend that it needs."""
        counted = summary.count_by(self.shown, "destination").index
        towards = {*map(str, counted), *(line.destination for line in self.lines)}
        return keys_held(towards - {ORIGIN}, self.lines, self.places, self.numbers, self.arrows)

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """What is said of each numbered incident; read when first asked for."""
        return read_cases(self.shown, self.chosen, self.whole)

    @property
    def cases_heading(self) -> str:
        """What is said above them."""
        events = self.shown.totals.events
        return cases_heading(len(self.cases), events, overview=bool(self.arrows))

    @cached_property
    def sentence(self) -> Sentence:
        """The selection in words; written when first read, since the map does not need it."""
        return describe(self.selection, self.shown, self.whole)


def draw(selection: Selection, shown: Dataset, whole: Dataset, layouts: Layouts) -> Picture:
    """Decide what a selection looks like.

    Parameters
    ----------
    selection
        What was asked for.
    shown
        The dataset after it.
    whole
        The dataset before it.
    layouts
        Where lines run, from :func:`armsflow.picture.routes.lay_out_frames` on the whole dataset.
    """
    highlighted = _highlighted(selection.focus, shown, layouts)
    own = summary.unpublished(shown)
    places = draw_places(shown, highlighted, own["spot"].value_counts())
    lines_asked = _asked_for(selection, shown, layouts)
    needed = frame_for(
        [
            *(layouts.holding.get(line, frozenset()) for line in lines_asked),
            *map(layouts.frames_of, places),
        ]
    )
    frame = FRAME_OF_CODE.get(selection.frame, needed)
    layout = layouts.of_frame[frame.code]
    lines = draw_lines(shown, layout, highlighted, own["line"].value_counts())
    overview = frame == REGION and selection.show != ROUTES and not selection.focus
    chosen = chosen_cases(shown, overview=overview)
    arrows = (
        tuple(draw_arrows(shown, layout, frame, list(chosen["spot"].unique()))) if overview else ()
    )
    numbers = tuple(place_numbers(chosen, places, frame, arrows, () if overview else lines))
    numbered = {mark.spot for mark in numbers}
    # A numbered mark does not say as well for how many places it stands.
    places = tuple(
        replace(place, number_scale=0.0) if place.place in numbered else place for place in places
    )
    if overview:
        lines = tuple(
            replace(line, quiet=True, stopped=-1, colour=style.pale(line.colour)) for line in lines
        )
        places = tuple(replace(place, colour=style.pale(place.colour), size=0) for place in places)
    return Picture(
        lines=lines,
        places=places,
        tags=() if overview else tuple(place_tags(lines, whole, frame, numbers)),
        notes=knowledge.notes(shown),
        frame=frame,
        numbers=numbers,
        arrows=arrows,
        selection=selection,
        shown=shown,
        whole=whole,
        chosen=chosen,
    )


def _asked_for(selection: Selection, shown: Dataset, layouts: Layouts) -> Iterator[str]:
    """Yield the lines that lead where was asked for; others may run out of the frame."""
    destinations = layouts.region["destination"]
    for line in lines_shown(shown, layouts.region):
        if not selection.destinations or destinations[line] in selection.destinations:
            yield line


def _highlighted(focus: str, shown: Dataset, layouts: Layouts) -> frozenset[str]:
    if not focus or focus in layouts.region.index or focus in shown.spots.index:
        return frozenset({focus})
    marks = in_focus(focus, shown).select("line", "spot").unique().collect()
    return frozenset({*marks["line"].to_list(), *marks["spot"].to_list()})
