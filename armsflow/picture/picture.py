"""What is drawn, decided once: lines, places, end tags and legend of a selection.

The web map and the printed sheet both draw a :class:`Picture`, so they cannot disagree. Where
a line runs is decided for the whole package (:func:`lay_out`), so that nothing moves when a
filter changes; how wide it is and which form it has follows from what is shown.
"""

from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd

from armsflow.dataset import summary
from armsflow.dataset.dataset import Dataset
from armsflow.picture.legend import LegendEntry, legend
from armsflow.picture.marks import Line, Place, draw_lines, draw_places
from armsflow.picture.tags import Tag, place_tags
from armsflow.selection.focus import in_focus
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import Sentence, describe

LINES_NOTE = "Lines join documented places; they are not surveyed tracks."
ABSENCE_NOTE = "Absence of a line is not evidence of absence."
BOUNDARY_NOTE = (
    "The boundaries and names shown on this map do not imply the expression of any opinion by "
    "its makers concerning the legal status of any country, territory, city or area or of its "
    "authorities, or concerning the delimitation of its frontiers or boundaries."
)
UNPUBLISHED_NOTE = (
    "Rows marked as unpublished were added by a reader and compared with no source; the address "
    "opens them only where they were added."
)
LAND_CREDIT = "Land: Natural Earth (public domain)."
NOTES = (LINES_NOTE, ABSENCE_NOTE, BOUNDARY_NOTE, LAND_CREDIT)
"""What is printed under every picture; :data:`UNPUBLISHED_NOTE` before it where rows need it."""


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
    selection, shown, whole
        What was asked for, the dataset after it and before it.
    """

    lines: tuple[Line, ...]
    places: tuple[Place, ...]
    tags: tuple[Tag, ...]
    notes: tuple[str, ...]
    selection: Selection = field(compare=False, repr=False)
    shown: Dataset = field(compare=False, repr=False)
    whole: Dataset = field(compare=False, repr=False)

    @cached_property
    def legend(self) -> tuple[LegendEntry, ...]:
        """The same for every selection, so that two pictures can be compared."""
        return legend(self.whole)

    @cached_property
    def sentence(self) -> Sentence:
        """The selection in words; written when first read, since the map does not need it."""
        return describe(self.selection, self.shown, self.whole)


def draw(selection: Selection, shown: Dataset, whole: Dataset, layout: gpd.GeoDataFrame) -> Picture:
    """Decide what a selection looks like.

    Parameters
    ----------
    selection
        What was asked for.
    shown
        The dataset after it.
    whole
        The dataset before it.
    layout
        Where lines run, from :func:`lay_out` on the whole dataset.
    """
    highlighted = _highlighted(selection.focus, shown, layout)
    own = summary.unpublished(shown)
    lines = draw_lines(shown, layout, highlighted, own["line"].value_counts())
    return Picture(
        lines=lines,
        places=draw_places(shown, highlighted, own["spot"].value_counts()),
        tags=tuple(place_tags(lines, whole)),
        notes=NOTES if own.empty else (UNPUBLISHED_NOTE, *NOTES),
        selection=selection,
        shown=shown,
        whole=whole,
    )


def _highlighted(focus: str, shown: Dataset, layout: gpd.GeoDataFrame) -> frozenset[str]:
    if not focus or focus in layout.index or focus in shown.spots.index:
        return frozenset({focus})
    marks = in_focus(focus, shown).select("line", "spot").unique().collect()
    return frozenset({*marks["line"].to_list(), *marks["spot"].to_list()})
