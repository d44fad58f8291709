"""Random selections of a dataset, the same in every run."""

import random
from collections.abc import Iterator

from armsflow.dataset.dataset import Dataset, labels
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests.depth import THOROUGH

SAMPLE = 12
"""Selections that are tried at most by the usual checks; the thorough ones try all."""


def random_selections(dataset: Dataset, number: int, seed: int = 2011) -> Iterator[Selection]:
    """Yield selections with codes in display order, as the page makes them.

    They are the first :data:`SAMPLE` of *number* unless the checks are thorough.
    """
    dice = random.Random(seed)
    first, last = selection.year_range(dataset)
    weapons = [*selection.weapon_groups(dataset), *dataset.weapon_types.sort_values("order").index]
    focusable = [*dataset.corridors.index, *dataset.incidents.index, *dataset.places.index]

    def some(codes: list[str], most: int) -> tuple[str, ...]:
        chosen = dice.sample(codes, dice.randint(0, min(most, len(codes))))
        return selection.in_order(chosen, dict.fromkeys(codes))

    for _ in range(number if THOROUGH else min(number, SAMPLE)):
        years = sorted((dice.randint(first, last), dice.randint(first, last)))
        narrowed = dice.random() < 0.5 and years != [first, last]
        yield Selection(
            weapon=some(weapons, 4),
            destinations=some(list(selection.destination_codes(dataset)), 5),
            years=(years[0], years[1]) if narrowed else None,
            basis=some(list(labels(dataset, "incidents", "link_basis")), 3)
            if dice.random() < 0.4
            else (),
            event=some(list(labels(dataset, "incidents", "event_type")), 4)
            if dice.random() < 0.4
            else (),
            focus=dice.choice(["", *focusable]),
        )
